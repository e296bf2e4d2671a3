//! Queries about questions, the messages of their threads, the evidence beside those, and the time asked for and given.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{QueryOutcome, QueryState, Side, Standing, TimeState};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{
    EvidenceId, OrganisationId, PersonId, QueryId, QueryMessageId, QueryTimeId, RequirementId, ReviewId,
};
use crate::returns::ScanState;
use crate::schema::{
    collection, evidence, person, query_evidence, query_message, query_time, review, review_query,
};

/// One question with its thread.
#[derive(Debug, Clone)]
pub(in crate::review) struct Query {
    /// Its row.
    pub id: QueryId,
    /// Of which review.
    pub review: ReviewId,
    /// What it is about.
    pub requirement: RequirementId,
    /// Where it stands.
    pub state: QueryState,
    /// When it was asked first.
    pub asked_at: Timestamp,
    /// When the answer is due.
    pub due_at: Timestamp,
    /// How it ended.
    pub outcome: Option<QueryOutcome>,
    /// What the reviewer said to that.
    pub note: String,
    /// What was written, drafts of the organisation included, in the order in which it was begun.
    pub messages: Vec<Message>,
    /// Time asked for and given, the oldest first.
    pub time: Vec<TimeAsked>,
}

impl Query {
    /// Whether the review waits for the organisation to answer it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.state == QueryState::Open
    }

    /// Whether it is not closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != QueryState::Closed
    }

    /// Messages that have been sent, in the order in which they were.
    #[must_use]
    pub fn sent(&self) -> Vec<&Message> {
        let mut sent: Vec<&Message> =
            self.messages.iter().filter(|message| message.sent_at.is_some()).collect();
        sent.sort_by_key(|message| (message.sent_at, message.id.get()));
        sent
    }

    /// Messages that nobody has sent yet.
    pub fn drafts(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.sent_at.is_none())
    }

    /// The question that it began with.
    #[must_use]
    pub fn question(&self) -> &str {
        self.messages.first().map_or("", |message| message.text.as_str())
    }

    /// The organisation's newest answer.
    #[must_use]
    pub fn reply(&self) -> Option<&Message> {
        self.sent().into_iter().rev().find(|message| message.side == Side::Organisation)
    }

    /// The number of the newest message sent: what somebody saw who loaded the page now.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.sent().last().map_or(0, |message| message.id.get())
    }

    /// The request for more time that waits for the reviewer.
    #[must_use]
    pub fn time_asked(&self) -> Option<&TimeAsked> {
        self.time.iter().find(|time| time.state == TimeState::Asked)
    }
}

/// One message.
#[derive(Debug, Clone)]
pub(in crate::review) struct Message {
    /// Its row.
    pub id: QueryMessageId,
    /// Of which question.
    pub query: QueryId,
    /// Whose it is.
    pub side: Side,
    /// Who wrote it.
    pub author: PersonId,
    /// Their name.
    pub author_name: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was sent; none while it is a draft.
    pub sent_at: Option<Timestamp>,
    /// Whether it came in time.
    pub standing: Standing,
    /// Counts its changes, from 1.
    pub version: i64,
    /// The evidence that comes with it.
    pub files: Vec<File>,
}

/// A version of evidence beside a message.
#[derive(Debug, Clone)]
pub(in crate::review) struct File {
    /// The version.
    pub id: EvidenceId,
    /// What it is called.
    pub name: String,
    /// The kind told by its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// What the malware scanner said.
    pub scan: ScanState,
}

/// More time that was asked for or given.
#[derive(Debug, Clone)]
pub(in crate::review) struct TimeAsked {
    /// Its row.
    pub id: QueryTimeId,
    /// Of which question.
    pub query: QueryId,
    /// What became of it.
    pub state: TimeState,
    /// Until when the organisation wanted it; none where the reviewer gave it unasked.
    pub wanted: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// Until when it was given.
    pub given: Option<Timestamp>,
    /// What the reviewer said.
    pub answer: String,
}

type QueryRow = (
    (QueryId, ReviewId, RequirementId, QueryState),
    (Timestamp, Timestamp),
    (Option<QueryOutcome>, Option<String>),
);

/// The columns of a [`QueryRow`].
macro_rules! columns {
    () => {
        (
            (review_query::id, review_query::review_id, review_query::requirement_id, review_query::state),
            (review_query::asked_at, review_query::due_at),
            (review_query::outcome, review_query::closing_note),
        )
    };
}

fn query_from(row: QueryRow) -> Query {
    let ((id, review, requirement, state), (asked_at, due_at), (outcome, note)) = row;
    Query {
        id,
        review,
        requirement,
        state,
        asked_at,
        due_at,
        outcome,
        note: note.unwrap_or_default(),
        messages: Vec::new(),
        time: Vec::new(),
    }
}

/// Every question of a review with its thread, in the order asked. One statement where there is none, four otherwise.
pub(in crate::review) fn queries(conn: &mut Conn, of: ReviewId) -> Result<Vec<Query>> {
    let rows: Vec<QueryRow> = review_query::table
        .filter(review_query::review_id.eq(of))
        .order(review_query::id)
        .select(columns!())
        .load(conn)?;
    with_threads(conn, rows.into_iter().map(query_from).collect())
}

/// One question of a review with its thread.
pub(in crate::review) fn query_in(conn: &mut Conn, of: ReviewId, id: QueryId) -> Result<Query> {
    let row: QueryRow = review_query::table
        .filter(review_query::id.eq(id))
        .filter(review_query::review_id.eq(of))
        .select(columns!())
        .first(conn)?;
    one(conn, row)
}

/// One question of the organisation's return in the collection of this key.
pub(in crate::review) fn query_to(
    conn: &mut Conn,
    id: QueryId,
    organisation: OrganisationId,
    collection_key: &str,
) -> Result<Query> {
    let row: QueryRow = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review_query::id.eq(id))
        .filter(review_query::organisation_id.eq(organisation))
        .filter(collection::key.eq(collection_key))
        .select(columns!())
        .first(conn)?;
    one(conn, row)
}

fn one(conn: &mut Conn, row: QueryRow) -> Result<Query> {
    let found = with_threads(conn, vec![query_from(row)])?;
    found.into_iter().next().ok_or(crate::platform::error::Error::NotFound)
}

fn with_threads(conn: &mut Conn, mut queries: Vec<Query>) -> Result<Vec<Query>> {
    if queries.is_empty() {
        return Ok(queries);
    }
    let ids: Vec<QueryId> = queries.iter().map(|query| query.id).collect();
    let mut files = files(conn, &ids)?;
    let mut threads: BTreeMap<QueryId, Vec<Message>> = BTreeMap::new();
    for mut message in messages(conn, &ids)? {
        message.files = files.remove(&message.id).unwrap_or_default();
        threads.entry(message.query).or_default().push(message);
    }
    let mut times: BTreeMap<QueryId, Vec<TimeAsked>> = BTreeMap::new();
    for time in time_of(conn, &ids)? {
        times.entry(time.query).or_default().push(time);
    }
    for query in &mut queries {
        query.messages = threads.remove(&query.id).unwrap_or_default();
        query.time = times.remove(&query.id).unwrap_or_default();
    }
    Ok(queries)
}

fn messages(conn: &mut Conn, of: &[QueryId]) -> Result<Vec<Message>> {
    type Row = (
        (QueryMessageId, QueryId, Side, String, Standing, i64),
        (PersonId, String),
        (Timestamp, Option<Timestamp>),
    );
    let rows: Vec<Row> = query_message::table
        .inner_join(person::table.on(person::id.eq(query_message::author_id)))
        .filter(query_message::query_id.eq_any(of.to_vec()))
        .order(query_message::id)
        .select((
            (
                query_message::id,
                query_message::query_id,
                query_message::side,
                query_message::text,
                query_message::standing,
                query_message::version,
            ),
            (person::id, person::name),
            (query_message::written_at, query_message::sent_at),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|((id, query, side, text, standing, version), (author, author_name), (written_at, sent_at))| {
            Message {
                id,
                query,
                side,
                author,
                author_name,
                text,
                written_at,
                sent_at,
                standing,
                version,
                files: Vec::new(),
            }
        })
        .collect())
}

fn files(conn: &mut Conn, of: &[QueryId]) -> Result<BTreeMap<QueryMessageId, Vec<File>>> {
    let rows: Vec<(QueryMessageId, EvidenceId, String, String, i64, ScanState)> = query_evidence::table
        .inner_join(query_message::table.on(query_message::id.eq(query_evidence::message_id)))
        .inner_join(evidence::table.on(evidence::id.eq(query_evidence::evidence_id)))
        .filter(query_message::query_id.eq_any(of.to_vec()))
        .order((query_evidence::message_id, query_evidence::evidence_id))
        .select((
            query_evidence::message_id,
            evidence::id,
            evidence::file_name,
            evidence::media_type,
            evidence::size_bytes,
            evidence::scan,
        ))
        .load(conn)?;
    let mut files: BTreeMap<QueryMessageId, Vec<File>> = BTreeMap::new();
    for (message, id, name, media_type, size, scan) in rows {
        files.entry(message).or_default().push(File { id, name, media_type, size, scan });
    }
    Ok(files)
}

fn time_of(conn: &mut Conn, of: &[QueryId]) -> Result<Vec<TimeAsked>> {
    type Row = (QueryTimeId, QueryId, TimeState, Option<Timestamp>, String, Option<Timestamp>, String);
    let rows: Vec<Row> = query_time::table
        .filter(query_time::query_id.eq_any(of.to_vec()))
        .order(query_time::id)
        .select((
            query_time::id,
            query_time::query_id,
            query_time::state,
            query_time::asked_until,
            query_time::asked_reason,
            query_time::given_until,
            query_time::answer_reason,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, query, state, wanted, reason, given, answer)| TimeAsked {
            id,
            query,
            state,
            wanted,
            reason,
            given,
            answer,
        })
        .collect())
}

/// How many questions of a review wait for the organisation.
pub(super) fn waiting(conn: &mut Conn, of: ReviewId) -> Result<i64> {
    Ok(review_query::table
        .filter(review_query::review_id.eq(of))
        .filter(review_query::state.eq(QueryState::Open))
        .count()
        .get_result(conn)?)
}

/// Whether a version of evidence came with a message that the organisation has sent to the reviewer of this review.
pub(in crate::review) fn came_with_a_message(
    conn: &mut Conn,
    of: ReviewId,
    file: EvidenceId,
) -> Result<bool> {
    let found: i64 = query_evidence::table
        .inner_join(query_message::table.on(query_message::id.eq(query_evidence::message_id)))
        .inner_join(review_query::table.on(review_query::id.eq(query_message::query_id)))
        .filter(review_query::review_id.eq(of))
        .filter(query_evidence::evidence_id.eq(file))
        .filter(query_message::sent_at.is_not_null())
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

/// The requirements that the questions of a return are about, with the numbers of the questions, the newest first.
pub(in crate::review) fn queries_of_return(
    conn: &mut Conn,
    of: crate::platform::ids::ReturnId,
) -> Result<Vec<Query>> {
    let rows: Vec<QueryRow> = review_query::table
        .inner_join(review::table.on(review::id.eq(review_query::review_id)))
        .filter(review::return_id.eq(of))
        .order(review_query::id.desc())
        .select(columns!())
        .load(conn)?;
    with_threads(conn, rows.into_iter().map(query_from).collect())
}
