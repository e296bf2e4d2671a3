//! Shared-out work in the browser: the page that shares it out, the short form for one question, and one's own requests.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::form::ShareForm;
use super::pages::{MinePage, OwnerPage, OwnersPage};
use super::progress::progress;
use super::share_out::{Share, share_out};
use super::sight::Sight;
use super::store::Owned;
use super::{OWNERS, last_day, owned};
use crate::access::{ReadGiven, ReadReturn, ShareOut};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::{PersonId, RequirementId};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::errors_of;
use crate::returns::blocking;
use crate::returns::model::StoredAnswer;
use crate::returns::readiness::{lines, question_href, return_href};
use crate::returns::store::{self, Attached, Found, Which};
use crate::returns::web::{OfQuestion, Year, put};

/// A return with who was given what, and who could be given more.
struct Read {
    found: Found,
    answers: Vec<StoredAnswer>,
    files: Vec<Attached>,
    owned: Vec<Owned>,
    colleagues: Vec<(PersonId, String)>,
}

impl Read {
    async fn of(portal: &Portal, member: &Member, year: &str) -> Result<Self> {
        let (organisation, year) = (member.organisation, year.to_owned());
        portal
            .db
            .read(member.reach, move |conn| {
                let (found, answers, files) = store::whole(conn, organisation, &year)?;
                let owned = owned(conn, found.id)?;
                let mut colleagues: Vec<(PersonId, String)> =
                    identity::holders_of(conn, organisation, &OWNERS)?
                        .into_iter()
                        .map(|(person, name, _)| (person, name))
                        .collect();
                colleagues.sort_by(|(_, a), (_, b)| a.cmp(b));
                Ok(Self { found, answers, files, owned, colleagues })
            })
            .await
    }

    /// Whether this person can give something here and now.
    fn may_share(&self, portal: &Portal, member: &Member) -> bool {
        self.found.collection.takes_returns(portal.clock.now(), self.found.extension)
            && self.found.offers::<ShareOut>(&member.by.actor)
    }

    /// The last day that something can be given for, in words.
    fn last(&self, portal: &Portal) -> String {
        last_day(&self.found, portal.clock.now()).words()
    }

    fn owners_page(
        &self,
        portal: &Portal,
        member: &Member,
        form: &ShareForm,
        errors: &FormErrors,
    ) -> Result<OwnersPage> {
        let lines = lines(&self.found, &self.answers, &self.files, portal.clock.now())?;
        let progress = progress(&lines, &self.owned, portal.clock.now().london_day());
        let content = OwnersPage::new(&self.found, (&lines, &self.owned), &progress, (form, errors));
        Ok(if self.may_share(portal, member) {
            content.with_form((&self.colleagues, &self.last(portal)), (form, errors))
        } else {
            content
        })
    }
}

/// `GET …/owners`.
pub(in crate::returns) async fn owners(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let read = Read::of(&portal, &member, &path.year).await?;
    read.found.permit::<ReadReturn>(&member.by.actor)?;
    let form = ShareForm::filled(None, last_day(&read.found, portal.clock.now()));
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page(&request, &read.owners_page(&portal, &member, &form, &FormErrors::new())?)
}

/// `POST …/owners`.
pub(in crate::returns) async fn give(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let read = Read::of(&portal, &member, &path.year).await?;
    read.found.permit::<ShareOut>(&member.by.actor)?;
    let form = ShareForm::read(&fields);
    let mut errors = FormErrors::new();
    let asked = read.found.edition.edition().asked_of(read.found.sector, read.found.profile_key()?.as_ref());
    let picked = form.picked(&read.found, &asked, &mut errors);
    let share = form.share(&mut errors);
    let href = format!("{}/owners", return_href(&member.code, &path.year));
    if let (Some(share), true) = (share, errors.is_empty()) {
        match change(&portal, &member, &path.year, (picked, share), (&fields, &href, &href)).await {
            Ok(answer) => return Ok(answer),
            Err(Error::Invalid(list)) => errors = errors_of(&list),
            Err(error) => return Err(error),
        }
    }
    let content = read.owners_page(&portal, &member, &form, &errors)?;
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// Shares out, and leads on with news.
async fn change(
    portal: &Portal,
    member: &Member,
    year: &str,
    (picked, share): (BTreeSet<RequirementId>, Share),
    (fields, route, then): (&Fields, &str, &str),
) -> Result<HttpResponse> {
    let once = Once::of(member.by.person, route, fields, then)?;
    let (organisation, actor, year) = (member.organisation, member.by.actor.clone(), year.to_owned());
    let public_url = portal.config.public_url().to_owned();
    let taken_back = share == Share::TakeBack;
    let count = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<ShareOut>(&actor)?;
            share_out(tx, &permit, &found, &picked, &share, &public_url)
        })
        .await?;
    let what = if count == 1 { "1 requirement".to_owned() } else { format!("{count} requirements") };
    let (heading, words) = if taken_back {
        ("Taken back", format!("{what} taken back."))
    } else {
        ("Given", format!("{what} given. Whoever else has them now is told by email."))
    };
    Ok(see_other_with_news(then, heading, &words))
}

/// `GET …/requirements/{code}/owner`.
pub(in crate::returns) async fn owner(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let read = Read::of(&portal, &member, &path.year).await?;
    let (id, _) = put(&read.found, &path.code)?;
    read.found.permit::<ShareOut>(&member.by.actor)?;
    let current = read.owned.iter().find(|owner| owner.requirement == id);
    let (today, last) = (portal.clock.now().london_day(), last_day(&read.found, portal.clock.now()));
    let form = match current.filter(|owner| owner.is_here) {
        // A day that is over cannot be given again.
        Some(owner) => {
            let due_on = if owner.due_on < today { last } else { owner.due_on };
            ShareForm::filled(Some(owner.person), due_on)
        }
        None => ShareForm::filled(None, last),
    };
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page(&request, &owner_page(&read, &portal, &path.code, &form, &FormErrors::new())?)
}

fn owner_page(
    read: &Read,
    portal: &Portal,
    code: &str,
    form: &ShareForm,
    errors: &FormErrors,
) -> Result<OwnerPage> {
    let (id, _) = put(&read.found, code)?;
    let requirement = read.found.edition.edition().requirement(code).ok_or(Error::NotFound)?;
    let current = read.owned.iter().find(|owner| owner.requirement == id);
    let last = read.last(portal);
    Ok(OwnerPage::new(&read.found, requirement, current, (&read.colleagues, &last), (form, errors)))
}

/// `POST …/requirements/{code}/owner`.
pub(in crate::returns) async fn give_one(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let read = Read::of(&portal, &member, &path.year).await?;
    let (id, _) = put(&read.found, &path.code)?;
    read.found.permit::<ShareOut>(&member.by.actor)?;
    let form = ShareForm::read(&fields);
    let mut errors = FormErrors::new();
    let share = form.share(&mut errors);
    if let (Some(share), true) = (share, errors.is_empty()) {
        let then = question_href(&member.code, &path.year, &path.code);
        let route = format!("{then}/owner");
        let what = (BTreeSet::from([id]), share);
        match change(&portal, &member, &path.year, what, (&fields, &route, &then)).await {
            Ok(answer) => return Ok(answer),
            Err(Error::Invalid(list)) => errors = errors_of(&list),
            Err(error) => return Err(error),
        }
    }
    let content = owner_page(&read, &portal, &path.code, &form, &errors)?;
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}

/// `GET …/mine`.
pub(in crate::returns) async fn mine(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let read = Read::of(&portal, &member, &path.year).await?;
    read.found.permit::<ReadGiven>(&member.by.actor)?;
    let me = member.by.person;
    let own: Vec<Owned> = read.owned.iter().filter(|owner| owner.person == me).cloned().collect();
    let sight = Sight::Given(own.iter().map(|owner| owner.requirement).collect());
    let now = portal.clock.now();
    let lines = sight.keep(lines(&read.found, &read.answers, &read.files, now)?);
    blocking::beside(&request, &portal, &member, &read.found).await?;
    page(&request, &MinePage::new(&read.found, &lines, &own, me, portal.clock.now().london_day()))
}
