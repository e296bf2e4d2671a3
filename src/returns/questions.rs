//! Questions of reviewers that wait for an organisation, as far as its own pages and mails list them beside what else waits
//! there. Asking and answering them is the review's.

use diesel::prelude::*;
use serde::Serialize;

use super::readiness::return_href;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, QueryId, ReturnId};
use crate::schema::{collection, organisation, requirement, review, review_query};

/// A question that waits for its answer.
#[derive(Debug, Clone)]
pub(super) struct OpenQuestion {
    id: QueryId,
    /// Whom it asks.
    pub organisation: OrganisationId,
    code: String,
    /// The organisation's name.
    pub name: String,
    key: String,
    /// The label of the return's year.
    pub year: String,
    /// Code and title of the requirement that it is about.
    pub requirement: String,
    /// When the answer is due.
    pub due_at: Timestamp,
}

impl OpenQuestion {
    /// The organisation with its code.
    pub fn whose(&self) -> String {
        format!("{} ({})", self.name, self.code)
    }

    /// Its page.
    pub fn href(&self) -> String {
        format!("{}/queries/{}", return_href(&self.code, &self.key), self.id)
    }
}

type Row = ((QueryId, Timestamp), (OrganisationId, String, String), (String, String), (String, String));

/// The questions that wait, about one return or about all of them; what is due first comes first.
pub(super) fn open_questions(conn: &mut Conn, of: Option<ReturnId>) -> Result<Vec<OpenQuestion>> {
    let mut query = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(review_query::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(review_query::requirement_id)))
        .filter(review_query::state.eq("open"))
        // A review that has moved on waits for no answer.
        .filter(review::state.eq("query"))
        .order((review_query::due_at, review_query::id))
        .select((
            (review_query::id, review_query::due_at),
            (organisation::id, organisation::code, organisation::name),
            (collection::key, collection::year_label),
            (requirement::code, requirement::title),
        ))
        .into_boxed();
    if let Some(id) = of {
        query = query.filter(review::return_id.eq(id));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|((id, due_at), (organisation, code, name), (key, year), (requirement, title))| OpenQuestion {
            id,
            organisation,
            code,
            name,
            key,
            year,
            requirement: format!("{requirement} {title}"),
            due_at,
        })
        .collect())
}

/// The same on the overview of a return.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingQuestion {
    href: String,
    requirement: String,
    due_at: i64,
    overdue: bool,
}

impl WaitingQuestion {
    /// As it stands at a moment.
    pub(super) fn of(question: &OpenQuestion, now: Timestamp) -> Self {
        Self {
            href: question.href(),
            requirement: question.requirement.clone(),
            due_at: question.due_at.micros(),
            overdue: question.due_at < now,
        }
    }

    /// An example.
    pub(super) fn sample(overdue: bool) -> Self {
        Self {
            href: "/organisations/ZZ001/returns/2026/queries/1".to_owned(),
            requirement: "1-101 A framework".to_owned(),
            due_at: 1_780_000_000_000_000,
            overdue,
        }
    }
}
