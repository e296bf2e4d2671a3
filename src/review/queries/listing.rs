//! The questions of a reviewer or of the whole team as a list: filtered and cut into pages by the database.

use diesel::dsl::not;
use diesel::prelude::*;

use super::model::{QueryOutcome, QueryState};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, QueryId, ReviewId};
use crate::review::consistency::scored_blind_by;
use crate::schema::{collection, organisation, person, requirement, review, review_query};

/// Questions on one page.
pub(super) const PAGE_SIZE: i64 = 100;

crate::text_enum! {
    /// Which questions are listed.
    Show {
        /// Not closed.
        Open = "open", "Not closed";
        /// Waiting for an organisation after the day on which the answer was due.
        Overdue = "overdue", "Overdue";
        /// Answered, and waiting for the reviewer.
        Answered = "answered", "Answered, waiting for the reviewer";
        /// Closed.
        Closed = "closed", "Closed";
        /// Every one.
        All = "all", "Every question";
    }
}

/// What is listed.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub show: Show,
    /// Who reads it. What they score blind is left out: how a question ended tells what its reviewer found.
    pub reader: Option<PersonId>,
    /// Questions to these organisations are left to colleagues: the reader has an interest in them.
    pub interests: Vec<OrganisationId>,
    /// One reviewer's only.
    pub whose: Option<PersonId>,
    pub now: Timestamp,
    /// The page, from 1; none for everything.
    pub page: Option<i64>,
}

/// One question in the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: QueryId,
    pub review: ReviewId,
    pub code: String,
    pub organisation: String,
    pub year: String,
    pub requirement: String,
    pub reviewer: String,
    pub state: QueryState,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub replied_at: Option<Timestamp>,
    pub outcome: Option<QueryOutcome>,
}

impl Listed {
    /// Whether it waits for its organisation past the day.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state == QueryState::Open && self.due_at < now
    }
}

/// Everything of the filter but its page, on a query over `review_query` and `review`, without some reviews.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $without:expr) => {{
        let (mut query, filter) = ($query, $filter);
        if !$without.is_empty() {
            query = query.filter(not(review_query::review_id.eq_any($without.clone())));
        }
        if !filter.interests.is_empty() {
            query = query.filter(not(review_query::organisation_id.eq_any(filter.interests.clone())));
        }
        query = match filter.show {
            Show::Open => query.filter(review_query::state.ne(QueryState::Closed)),
            Show::Overdue => query
                .filter(review_query::state.eq(QueryState::Open))
                .filter(review_query::due_at.lt(filter.now)),
            Show::Answered => query.filter(review_query::state.eq(QueryState::Answered)),
            Show::Closed => query.filter(review_query::state.eq(QueryState::Closed)),
            Show::All => query,
        };
        if let Some(whose) = filter.whose {
            query = query.filter(review::reviewer_id.eq(whose));
        }
        query
    }};
}

type Row = (
    (QueryId, ReviewId, QueryState, Option<QueryOutcome>),
    (Timestamp, Timestamp, Option<Timestamp>),
    (String, String),
    String,
    (String, String),
    Option<String>,
);

/// How many there are under the filter, and those of its page: what is due first comes first.
pub(super) fn list(conn: &mut Conn, filter: &Filter) -> Result<(i64, Vec<Listed>)> {
    let without = match filter.reader {
        Some(reader) => scored_blind_by(conn, reader)?,
        None => Vec::new(),
    };
    let counting = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .select(diesel::dsl::count_star())
        .into_boxed();
    let total: i64 = narrowed!(counting, filter, without).first(conn)?;
    let query = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(organisation::table.on(organisation::id.eq(review_query::organisation_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .inner_join(requirement::table.on(requirement::id.eq(review_query::requirement_id)))
        .left_join(person::table.on(person::id.nullable().eq(review::reviewer_id)))
        .select((
            (review_query::id, review_query::review_id, review_query::state, review_query::outcome),
            (review_query::asked_at, review_query::due_at, review_query::replied_at),
            (organisation::code, organisation::name),
            collection::year_label,
            (requirement::code, requirement::title),
            person::name.nullable(),
        ))
        .order((review_query::due_at, review_query::id))
        .into_boxed();
    let mut query = narrowed!(query, filter, without);
    if let Some(page) = filter.page {
        query = query.limit(PAGE_SIZE).offset((page.max(1) - 1).saturating_mul(PAGE_SIZE));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok((total, rows.into_iter().map(listed).collect()))
}

fn listed(row: Row) -> Listed {
    let ((id, review, state, outcome), (asked_at, due_at, replied_at), place, year, (req, title), reviewer) =
        row;
    let (code, organisation) = place;
    Listed {
        id,
        review,
        code,
        organisation,
        year,
        requirement: format!("{req} {title}"),
        reviewer: reviewer.unwrap_or_default(),
        state,
        asked_at,
        due_at,
        replied_at,
        outcome,
    }
}
