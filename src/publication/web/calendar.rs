//! The centre's handlers of the release calendar.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::access::{Action as _, AnnounceRelease, CancelReleaseDate, MoveReleaseDate, Permit, Subject};
use crate::identity::{Central, Posted};
use crate::platform::csv_lines::{MEDIA_TYPE, line};
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Fields, Once, Portal, TypedDay, downloaded, page, page_with_status, see_other_with_news,
};
use crate::platform::ids::ReleaseDateId;
use crate::platform::pages::{FormErrors, Link};
use crate::publication::pages::{
    CalendarPage, DateChangeForm, DateForm, DateRow, NewDatePage, ReleaseDatePage, date_tag,
};
use crate::publication::pipeline::{self, DateChange, NewDate, ReleaseDate};
use crate::publication::release::ReleaseSummary;
use crate::publication::store;

const CALENDAR: &str = "/releases/calendar";

async fn dates(portal: &Portal, by: &Central) -> Result<Vec<(ReleaseDate, Option<ReleaseSummary>)>> {
    portal
        .db
        .read(by.reach, |conn| {
            let releases = store::all_releases(conn)?;
            let on = |date: &ReleaseDate| releases.iter().find(|one| Some(one.id) == date.release).cloned();
            let with = |date: ReleaseDate| {
                let release = on(&date);
                (date, release)
            };
            Ok(pipeline::dates(conn)?.into_iter().map(with).collect())
        })
        .await
}

/// `GET /releases/calendar`.
pub(super) async fn list(request: HttpRequest, portal: Data<Portal>, by: Central) -> Result<HttpResponse> {
    let now = portal.clock.now();
    let rows = dates(&portal, &by)
        .await?
        .into_iter()
        .map(|(date, release)| DateRow {
            href: format!("{CALENDAR}/{}", date.id),
            due: date.due_at.micros(),
            tag: date_tag(date.state, date.due_at, now),
            release: release.map(|release| release.title).unwrap_or_default(),
            title: date.title,
        })
        .collect();
    let may_announce = AnnounceRelease::ROW.allows(&by.by.actor, &Subject::programme()).is_ok();
    page(&request, &CalendarPage { rows, may_announce })
}

/// `GET /releases/calendar.csv`.
pub(super) async fn csv(portal: Data<Portal>, by: Central) -> Result<HttpResponse> {
    let mut text = line(&["due_at", "state", "title", "release", "lead_statistician", "announced_at"]);
    for (date, release) in dates(&portal, &by).await? {
        let (due, announced) = (date.due_at.rfc3339(), date.announced_at.rfc3339());
        text.push_str(&line(&[
            due.as_str(),
            date.state.as_str(),
            date.title.as_str(),
            release.as_ref().map_or("", |release| release.key.as_str()),
            date.lead_statistician.as_str(),
            announced.as_str(),
        ]));
    }
    Ok(downloaded(MEDIA_TYPE, "release-calendar.csv", text.into_bytes()))
}

/// `GET /releases/calendar/new`.
pub(super) async fn new(request: HttpRequest, portal: Data<Portal>, by: Central) -> Result<HttpResponse> {
    Permit::<AnnounceRelease>::grant(&by.by.actor, Some(Subject::programme()))?;
    let form = DateForm { lead_statistician: by.by.actor.name().to_owned(), ..DateForm::default() };
    page(&request, &NewDatePage::new(&form, portal.clock.now(), &FormErrors::new()))
}

fn form_of(fields: &Fields) -> DateForm {
    DateForm {
        title: fields.text("title"),
        about: fields.text("about"),
        lead_statistician: fields.text("lead_statistician"),
        contact: fields.text("contact"),
        day: TypedDay::read(fields, "day"),
    }
}

/// `POST /releases/calendar/new`.
pub(super) async fn announce(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = by.by.actor.clone();
    Permit::<AnnounceRelease>::grant(&actor, Some(Subject::programme()))?;
    let (form, now) = (form_of(&fields), portal.clock.now());
    let mut errors = FormErrors::new();
    let day = form.day.parse("day", "of publication", &mut errors);
    let Some(day) = day else {
        let content = NewDatePage::new(&form, now, &errors);
        return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
    };
    let once = Once::of(by.by.person, "/releases/calendar/new", &fields, CALENDAR)?;
    let wanted = NewDate {
        title: form.title.clone(),
        about: form.about.clone(),
        lead_statistician: form.lead_statistician.clone(),
        contact: form.contact.clone(),
        day,
    };
    let outcome = portal
        .db
        .write(by.reach, move |tx| {
            once.begin(tx)?;
            let permit = Permit::<AnnounceRelease>::grant(&actor, Some(Subject::programme()))?;
            pipeline::announce_release(tx, &permit, &wanted)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(CALENDAR, "Announced", "The public calendar shows it.")),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[("day", "day-day")]);
            let content = NewDatePage::new(&form, now, &errors);
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// A date with what is on it and what became of it.
struct Read {
    date: ReleaseDate,
    release: Option<Link>,
    changes: Vec<DateChange>,
}

async fn read(portal: &Portal, by: &Central, id: &str) -> Result<Read> {
    let id: ReleaseDateId = id.parse().map_err(|_| Error::NotFound)?;
    portal
        .db
        .read(by.reach, move |conn| {
            let date = pipeline::date(conn, id)?.ok_or(Error::NotFound)?;
            let mut changes = pipeline::date_changes(conn)?;
            changes.retain(|change| change.date == id);
            let release = match date.release {
                Some(release) => store::release_by_id(conn, release)?,
                None => None,
            };
            let link = |one: ReleaseSummary| Link::new(one.title, format!("/releases/{}", one.key));
            Ok(Read { release: release.map(link), date, changes })
        })
        .await
}

fn shown(
    request: &HttpRequest,
    portal: &Portal,
    by: &Central,
    found: &Read,
    (status, form, errors): (StatusCode, &DateChangeForm, &FormErrors),
) -> Result<HttpResponse> {
    let may_change = MoveReleaseDate::ROW.allows(&by.by.actor, &found.date.subject()).is_ok();
    let content = ReleaseDatePage::new(
        &found.date,
        (found.release.clone(), &found.changes),
        (may_change, portal.clock.now()),
        form,
        errors,
    );
    page_with_status(request, status, &content)
}

/// `GET /releases/calendar/{date}`.
pub(super) async fn one(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let found = read(&portal, &by, &id).await?;
    let (form, errors) = (DateChangeForm::default(), FormErrors::new());
    shown(&request, &portal, &by, &found, (StatusCode::OK, &form, &errors))
}

/// `POST /releases/calendar/{date}/move`.
pub(super) async fn change(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &by, &id).await?;
    Permit::<MoveReleaseDate>::grant(&by.by.actor, Some(found.date.subject()))?;
    let form = DateChangeForm {
        day: TypedDay::read(&fields, "day"),
        reason: fields.text("reason"),
        cancel_reason: String::new(),
    };
    let mut errors = FormErrors::new();
    let Some(day) = form.day.parse("day", "of publication", &mut errors) else {
        return shown(&request, &portal, &by, &found, (StatusCode::UNPROCESSABLE_ENTITY, &form, &errors));
    };
    let (actor, id, seen) = (by.by.actor.clone(), found.date.id, fields.one("version").to_owned());
    let reason = form.reason.clone();
    let outcome = portal
        .db
        .write(by.reach, move |tx| {
            let (permit, date) = pipeline::permitted_date::<MoveReleaseDate>(tx, &actor, id, &seen)?;
            pipeline::move_date(tx, &permit, &date, day, &reason)
        })
        .await;
    match outcome {
        Ok(()) => {
            let here = format!("{CALENDAR}/{id}");
            Ok(see_other_with_news(
                &here,
                "Date moved",
                "The public calendar shows both dates and the reason.",
            ))
        }
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[("day", "day-day")]);
            shown(&request, &portal, &by, &found, (StatusCode::UNPROCESSABLE_ENTITY, &form, &errors))
        }
        Err(error) => Err(error),
    }
}

/// `POST /releases/calendar/{date}/cancel`.
pub(super) async fn cancel(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = read(&portal, &by, &id).await?;
    Permit::<CancelReleaseDate>::grant(&by.by.actor, Some(found.date.subject()))?;
    let reason = fields.text("cancel_reason");
    let form = DateChangeForm { cancel_reason: reason.clone(), ..DateChangeForm::default() };
    let (actor, id, seen) = (by.by.actor.clone(), found.date.id, fields.one("version").to_owned());
    let outcome = portal
        .db
        .write(by.reach, move |tx| {
            let (permit, date) = pipeline::permitted_date::<CancelReleaseDate>(tx, &actor, id, &seen)?;
            pipeline::cancel_date(tx, &permit, &date, &reason)
        })
        .await;
    match outcome {
        Ok(()) => {
            Ok(see_other_with_news(CALENDAR, "Date cancelled", "The public calendar shows the reason."))
        }
        Err(Error::Invalid(mut list)) => {
            // The verb knows of one reason; this page has two forms.
            for problem in &mut list {
                if problem.field == "reason" {
                    "cancel_reason".clone_into(&mut problem.field);
                }
            }
            let errors = FormErrors::found(&list, &[]);
            shown(&request, &portal, &by, &found, (StatusCode::UNPROCESSABLE_ENTITY, &form, &errors))
        }
        Err(error) => Err(error),
    }
}
