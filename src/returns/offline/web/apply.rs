//! The preview of a workbook, and the button that applies it.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::OfWorkbook;
use super::upload::preview_href;
use crate::access::{Actor, FillInOffline};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other_with_news};
use crate::platform::ids::{PersonId, WorkbookId};
use crate::platform::pages::FormErrors;
use crate::returns::blocking;
use crate::returns::offline::apply::{Chosen, apply_workbook, present_plan};
use crate::returns::offline::pages::{PreviewPage, Seen};
use crate::returns::offline::preview::{Change, Plan};
use crate::returns::offline::store::{self as workbooks, Workbook};
use crate::returns::readiness::return_href;
use crate::returns::store::{self, Found, Which};

/// What a preview is made of.
struct Read {
    found: Found,
    workbook: Workbook,
    plan: Plan,
    names: BTreeMap<PersonId, String>,
}

async fn read(portal: &Portal, member: &Member, path: &OfWorkbook) -> Result<Read> {
    let (organisation, path, now) = (member.organisation, path.clone(), portal.clock.now());
    let actor = member.by.actor.clone();
    portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
            may_look(&found, &actor)?;
            let workbook =
                workbooks::find(conn, found.id, WorkbookId::new(path.id))?.ok_or(Error::NotFound)?;
            let plan = if workbook.applied.is_some() {
                Plan::default()
            } else {
                present_plan(conn, &found, &workbook.uploaded(now)?, now)?
            };
            let mut people = vec![workbook.uploaded_by];
            people.extend(workbook.applied.and_then(|(_, by, _)| by));
            people.extend(plan.conflicts.iter().filter_map(|change| change.saved?.0));
            let names = identity::names_of(conn, &people)?;
            Ok(Read { found, workbook, plan, names })
        })
        .await
}

/// Whether a role that fills returns in from workbooks is held, whatever the return's state: a preview can be read when
/// it can no longer be applied.
fn may_look(found: &Found, actor: &Actor) -> Result<()> {
    match found.permit::<FillInOffline>(actor) {
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

impl Read {
    fn name(&self, of: Option<PersonId>) -> String {
        of.and_then(|person| self.names.get(&person).cloned()).unwrap_or_default()
    }

    /// Why it cannot be applied now; empty when it can.
    fn why_not(&self, portal: &Portal, member: &Member) -> String {
        if let Some((at, by, count)) = self.workbook.applied {
            let by = match self.name(by) {
                name if name.is_empty() => String::new(),
                name => format!(" by {name}"),
            };
            let answers =
                if count == 1 { "1 answer was".to_owned() } else { format!("{count} answers were") };
            return format!("This workbook was applied {}{by}: {answers} changed.", at.london_words());
        }
        let outcome = self
            .found
            .permit::<FillInOffline>(&member.by.actor)
            .and_then(|_| self.found.must_be_taken(portal.clock.now()));
        match outcome {
            Ok(()) => String::new(),
            Err(Error::Refused(why) | Error::Forbidden(why)) => why,
            Err(error) => error.to_string(),
        }
    }

    fn page(&self, portal: &Portal, member: &Member, errors: &FormErrors) -> Result<PreviewPage> {
        let seen = Seen {
            file_name: self.workbook.file_name.clone(),
            uploaded_at: self.workbook.uploaded_at.micros(),
            uploaded_by: self.name(Some(self.workbook.uploaded_by)),
            href: preview_href(&self.found.code, &self.found.collection.key, self.workbook.id),
            why_not: self.why_not(portal, member),
        };
        let who = |change: &Change| match change.saved {
            None => String::new(),
            Some((by, at)) => match self.name(by) {
                name if name.is_empty() => at.london_words(),
                name => format!("by {name}, {}", at.london_words()),
            },
        };
        let fingerprint = self.plan.fingerprint()?;
        Ok(PreviewPage::new(&self.found, seen, (&self.plan, fingerprint), who, errors))
    }
}

/// `GET …/offline/workbook/{id}`.
pub(super) async fn preview(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfWorkbook>,
) -> Result<HttpResponse> {
    let read = read(&portal, &member, &path).await?;
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page_with_status(&request, StatusCode::OK, &read.page(&portal, &member, &FormErrors::new())?)
}

/// `POST …/offline/workbook/{id}`. Pressed twice, it is applied once and both lead to the return.
pub(super) async fn apply(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfWorkbook>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let chosen = Chosen { fingerprint: fields.text("fingerprint"), conflicts: fields.all("take") };
    let (organisation, wanted, actor) = (member.organisation, path.clone(), member.by.actor.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<FillInOffline>(&actor)?;
            apply_workbook(tx, &permit, &found, WorkbookId::new(wanted.id), &chosen)
        })
        .await;
    match outcome {
        Ok(applied) => {
            let count = applied.answers;
            let heading =
                if count == 1 { "1 answer changed".to_owned() } else { format!("{count} answers changed") };
            let overview = return_href(&member.code, &path.year);
            Ok(see_other_with_news(&overview, &heading, "They were taken from your workbook."))
        }
        Err(Error::Conflict(_)) => Ok(see_other_with_news(
            &preview_href(&member.code, &path.year, WorkbookId::new(path.id)),
            "Nothing was changed",
            "A colleague changed an answer after you opened this page. Look through the changes once more.",
        )),
        Err(Error::Invalid(list)) => {
            let mut errors = FormErrors::new();
            for error in list {
                errors.add(error.field, error.message);
            }
            let read = read(&portal, &member, &path).await?;
            let content = read.page(&portal, &member, &errors)?;
            blocking::beside(&request, &portal, &member, &read.found).await?;
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}
