//! The publisher's handlers: list, prepare with a preview, check, publish.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::course;
use crate::access::{CentralRole, Permit, PrepareRelease, PublishRelease, Subject};
use crate::identity::{Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Fields, Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::pages::{Choice, FormErrors};
use crate::publication::data::measure_words;
use crate::publication::document::Document;
use crate::publication::pages::{NewReleasePage, PrepareForm, Preview, ReleaseListPage, ReleaseRow};
use crate::publication::pipeline;
use crate::publication::prepare_release::{
    ReleaseRequest, compose_release, prepare_release, says_the_same, with_paper,
};
use crate::publication::public::PublicSite;
use crate::publication::release::Source;
use crate::publication::report::Report;
use crate::publication::{choices, store};

/// `GET /releases`.
pub(super) async fn list(request: HttpRequest, portal: Data<Portal>, by: Central) -> Result<HttpResponse> {
    let releases = portal.db.read(Reach::nobodys(), store::all_releases).await?;
    let releases = releases
        .into_iter()
        .map(|release| ReleaseRow {
            href: format!("/releases/{}", release.key),
            title: release.title,
            state: release.state.words().to_owned(),
            as_at: release.as_at.micros(),
            published_at: release.published_at.map_or(0, crate::platform::clock::Timestamp::micros),
        })
        .collect();
    page(&request, &ReleaseListPage { releases, may_prepare: is_publisher(&by) })
}

fn is_publisher(by: &Central) -> bool {
    by.by.actor.central().contains(&CentralRole::Publisher)
}

/// `GET /releases/new`.
pub(super) async fn new(request: HttpRequest, portal: Data<Portal>, by: Central) -> Result<HttpResponse> {
    Permit::<PrepareRelease>::grant(&by.by.actor, Some(Subject::programme()))?;
    let form = PrepareForm { lead_statistician: by.by.actor.name().to_owned(), ..PrepareForm::default() };
    page(&request, &NewReleasePage::new(&form, sources(&portal).await?, &[], None))
}

async fn sources(portal: &Portal) -> Result<Vec<Choice>> {
    let found = portal.db.read(Reach::nobodys(), choices).await?;
    let collections = found.collections.into_iter().map(|(key, name, state)| {
        Choice::new(Source::Collection(key).as_text(), format!("Returns of {name} ({state})"))
    });
    let registers = found.registers.into_iter().map(|(name, count)| {
        let words = store::register_name(&name);
        Choice::new(Source::Register(name).as_text(), format!("Imported: {words} ({count} organisations)"))
    });
    Ok(collections.chain(registers).collect())
}

/// `POST /releases/new`: the preview first, then the draft.
pub(super) async fn prepare(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    Permit::<PrepareRelease>::grant(&posted.by.actor, Some(Subject::programme()))?;
    let form = form_of(&posted.fields);
    let outcome = prepare_or_preview(&portal, &posted, &form).await;
    let (preview, problems) = match outcome {
        Ok(Outcome::Prepared(key)) => {
            return Ok(see_other_with_news(
                &format!("/releases/{key}"),
                "Release prepared",
                "Write what it says, and submit it for approval.",
            ));
        }
        Ok(Outcome::Previewed(preview)) => (Some(*preview), Vec::new()),
        Err(Error::Invalid(problems)) => (None, problems),
        Err(Error::Refused(text)) => (None, vec![FieldError { field: "source".to_owned(), message: text }]),
        Err(other) => return Err(other),
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let content = NewReleasePage::new(&form, sources(&portal).await?, &problems, preview);
    page_with_status(&request, status, &content)
}

enum Outcome {
    Prepared(String),
    Previewed(Box<Preview>),
}

fn form_of(fields: &Fields) -> PrepareForm {
    PrepareForm {
        source: fields.text("source"),
        title: fields.text("title"),
        lead_statistician: fields.text("lead_statistician"),
    }
}

async fn prepare_or_preview(portal: &Portal, posted: &Posted, form: &PrepareForm) -> Result<Outcome> {
    let source = Source::parse(&form.source)
        .map_err(|_| Error::field("source", "Choose where the figures come from"))?;
    let request = ReleaseRequest {
        source,
        title: Some(form.title.clone()).filter(|title| !title.is_empty()),
        lead_statistician: form.lead_statistician.clone(),
        // It is written with the release's other words.
        contact: String::new(),
        edition: None,
    };
    let (now, reach) = (portal.clock.now(), posted.by.actor.central_reach()?);
    let (draft, same) = portal
        .db
        .read(reach, move |conn| {
            let draft = compose_release(conn, &request, now)?;
            let same = says_the_same(conn, &draft)?;
            Ok((draft, same))
        })
        .await?;
    if posted.fields.one("then") != "prepare" {
        let report = Report::read(&draft.report)?;
        return Ok(Outcome::Previewed(Box::new(preview(&draft.document, report, same.unwrap_or_default()))));
    }
    let then = format!("/releases/{}", draft.document.key);
    let once = Once::of(posted.by.person, "/releases/new", &posted.fields, &then)?;
    let actor = posted.by.actor.clone();
    let draft = actix_web::web::block(move || with_paper(draft))
        .await
        .map_err(|e| Error::internal("failed to wait for a report", e))??;
    let (_, key) = portal
        .db
        .write(reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<PrepareRelease>::grant(&actor, Some(Subject::programme()))?;
            prepare_release(tx, &permit, &draft)
        })
        .await?;
    Ok(Outcome::Prepared(key))
}

pub(super) fn preview(document: &Document, report: Report, same_as: String) -> Preview {
    let withheld = document.tables.iter().map(|entry| entry.table.withheld());
    let withheld = withheld.chain(document.measures.iter().map(|entry| entry.table.withheld()));
    Preview {
        title: document.title.clone(),
        suppressed: withheld.sum::<usize>() as u64,
        measures: document
            .headline
            .measures()
            .into_iter()
            .map(|(name, count)| (measure_words(name).to_owned(), count))
            .collect(),
        tables: document
            .tables
            .iter()
            .map(|entry| (&entry.table.caption, entry.table.withheld()))
            .chain(document.measures.iter().map(|entry| (&entry.table.caption, entry.table.withheld())))
            .map(|(caption, withheld)| (caption.clone(), withheld as u64))
            .collect(),
        report,
        notes: document.notes.clone(),
        same_as,
    }
}

/// `GET /releases/{key}`.
pub(super) async fn check(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    course::shown(&request, &portal, &by, &key, (StatusCode::OK, "", &FormErrors::new())).await
}

/// `POST /releases/{key}/publish`: by hand, where the job does not run. Never before its time.
pub(super) async fn publish(
    portal: Data<Portal>,
    site: Data<PublicSite>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let actor = posted.by.actor.clone();
    let key = key.into_inner();
    let seen = posted.fields.one("version").to_owned();
    let wanted = key.clone();
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let (permit, release) = pipeline::permitted::<PublishRelease>(tx, &actor, &wanted, &seen)?;
            let date = pipeline::date_of_release(tx.conn(), release.id)?.ok_or(Error::NotFound)?;
            pipeline::publish_due(tx, &permit, &release, &date)
        })
        .await?;
    Ok(made_public(site, &key).await)
}

/// Makes the pages of what has just become public. It is public whatever happens here: the background work makes the pages
/// when this cannot.
pub(super) async fn made_public(site: Data<PublicSite>, key: &str) -> HttpResponse {
    match actix_web::web::block(move || site.refresh()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => log::warn!(target: "portal::publication", "the public pages follow later: {error}"),
        Err(error) => log::warn!(target: "portal::publication", "the public pages follow later: {error}"),
    }
    see_other_with_news(&format!("/releases/{key}"), "Published", "The public pages show it now.")
}
