//! The calendar of releases: what is announced for when, how dates were changed, and what has come out. Nothing is told of a
//! release before it is public.

use actix_web::HttpRequest;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::cached::public;
use super::problem::Answer;
use super::reading::{NoQuery, query};
use crate::platform::clock::Timestamp;
use crate::platform::db::Reach;
use crate::platform::http::Portal;
use crate::publication::{self, Announced, DateChange};

/// A change of a date.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarChange {
    /// When it was due before.
    #[schema(format = DateTime)]
    was: String,
    /// When it is due since; null when it was cancelled.
    #[schema(format = DateTime)]
    now: Option<String>,
    /// Why.
    reason: String,
    /// When that was decided.
    #[schema(format = DateTime)]
    at: String,
}

impl From<&DateChange> for CalendarChange {
    fn from(of: &DateChange) -> Self {
        Self {
            was: of.was.rfc3339(),
            now: of.now.map(Timestamp::rfc3339),
            reason: of.reason.clone(),
            at: of.at.rfc3339(),
        }
    }
}

/// An entry of the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarItem {
    /// Its number, which never changes.
    id: i64,
    /// What will be released.
    title: String,
    /// What it will be about.
    about: String,
    /// `announced`, `published` or `cancelled`.
    state: &'static str,
    /// When it is due; 9:30 in London.
    #[schema(format = DateTime)]
    due_at: String,
    /// When it was announced.
    #[schema(format = DateTime)]
    announced_at: String,
    /// Who answers for the figures.
    lead_statistician: String,
    /// Whom readers may ask.
    contact: String,
    /// The key of the release, once it is public.
    release: Option<String>,
    /// Every change of its date, the earliest first.
    changes: Vec<CalendarChange>,
    /// Where people read it.
    page: String,
}

impl From<&Announced> for CalendarItem {
    fn from(of: &Announced) -> Self {
        let date = &of.date;
        Self {
            id: date.id.get(),
            title: date.title.clone(),
            about: date.about.clone(),
            state: date.state.as_str(),
            due_at: date.due_at.rfc3339(),
            announced_at: date.announced_at.rfc3339(),
            lead_statistician: date.lead_statistician.clone(),
            contact: date.contact.clone(),
            release: of.release.as_ref().map(|release| release.key.clone()),
            changes: of.changes.iter().map(CalendarChange::from).collect(),
            page: format!("/public/calendar#date-{}", date.id),
        }
    }
}

/// The calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarList {
    /// Its entries in the order of time; none is ever taken away.
    items: Vec<CalendarItem>,
}

/// Read the calendar of releases
///
/// Everything that was ever announced, in the order of time.
#[utoipa::path(
    get, path = "/api/v1/calendar", tag = "releases", operation_id = "read_calendar",
    responses((status = 200, description = "The calendar", body = CalendarList)),
)]
pub async fn list(request: HttpRequest, portal: Data<Portal>) -> Answer {
    query::<NoQuery>(&request)?;
    let found = portal.db.read(Reach::nobodys(), publication::announced_releases).await?;
    public(&request, &CalendarList { items: found.iter().map(CalendarItem::from).collect() })
}
