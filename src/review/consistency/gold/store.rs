//! Queries about gold cases and what people made of them.

use diesel::prelude::*;

use crate::access::Subject;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EditionId, GoldId, PersonId};
use crate::review::consistency::model::GoldState;
use crate::schema::{gold_attempt, gold_case, requirement};

/// One case for training. It has no organisation.
#[derive(Debug, Clone)]
pub(in crate::review) struct GoldCase {
    pub id: GoldId,
    pub edition: EditionId,
    pub code: String,
    pub title: String,
    pub state: GoldState,
    pub answer: String,
    pub claimed: i64,
    pub agreed: i64,
    pub rationale: String,
    pub made_at: Timestamp,
}

impl GoldCase {
    /// What the access table needs to know of it.
    pub fn subject(&self) -> Subject {
        Subject { kind: "gold case", id: self.id.get(), organisation: None, state: self.state.as_str() }
    }
}

type Row = ((GoldId, EditionId, String, String, GoldState), (String, i64, i64, String, Timestamp));

fn of_row(
    ((id, edition, code, title, state), (answer, claimed, agreed, rationale, made_at)): Row,
) -> GoldCase {
    GoldCase { id, edition, code, title, state, answer, claimed, agreed, rationale, made_at }
}

macro_rules! cases {
    () => {
        gold_case::table
            .inner_join(requirement::table.on(requirement::id.eq(gold_case::requirement_id)))
            .select((
                (
                    gold_case::id,
                    gold_case::edition_id,
                    requirement::code,
                    requirement::title,
                    gold_case::state,
                ),
                (
                    gold_case::answer,
                    gold_case::claimed,
                    gold_case::agreed,
                    gold_case::rationale,
                    gold_case::made_at,
                ),
            ))
    };
}

/// The case with this number.
pub(in crate::review) fn find_gold(conn: &mut Conn, id: GoldId) -> Result<GoldCase> {
    Ok(of_row(cases!().filter(gold_case::id.eq(id)).first(conn)?))
}

/// Every case in use, oldest first.
pub(in crate::review) fn gold_cases(conn: &mut Conn) -> Result<Vec<GoldCase>> {
    let rows: Vec<Row> =
        cases!().filter(gold_case::state.eq(GoldState::InUse)).order(gold_case::id).load(conn)?;
    Ok(rows.into_iter().map(of_row).collect())
}

/// The editions of all cases, in use or retired.
pub(in crate::review) fn editions(conn: &mut Conn) -> Result<Vec<EditionId>> {
    Ok(gold_case::table.select(gold_case::edition_id).distinct().load(conn)?)
}

/// What a person found in a case.
#[derive(Debug, Clone, Copy)]
pub(in crate::review) struct Attempt {
    pub gold: GoldId,
    pub person: PersonId,
    pub assessed: i64,
    pub agreed: i64,
}

/// Attempts at cases of any state: of one person, or everybody's.
pub(in crate::review) fn attempts(conn: &mut Conn, whose: Option<PersonId>) -> Result<Vec<Attempt>> {
    let mut query = gold_attempt::table
        .inner_join(gold_case::table.on(gold_case::id.eq(gold_attempt::gold_id)))
        .order((gold_attempt::person_id, gold_attempt::gold_id))
        .select((gold_attempt::gold_id, gold_attempt::person_id, gold_attempt::assessed, gold_case::agreed))
        .into_boxed();
    if let Some(whose) = whose {
        query = query.filter(gold_attempt::person_id.eq(whose));
    }
    let rows: Vec<(GoldId, PersonId, i64, i64)> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(gold, person, assessed, agreed)| Attempt { gold, person, assessed, agreed })
        .collect())
}
