//! Agreeing at once with the answers where nothing differs: the claim is what last year's review decided, its evidence
//! holds, no cross-check has doubts, nobody asked, and the reviewer did not flag it. The reviewer sees them first.

use std::collections::BTreeSet;

use serde_json::json;

use super::desk::{Ground, LastYear, doubtful, holdings_of};
use super::facts::facts_of;
use super::flag::flags_of;
use crate::access::{DecideAnswer, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Day;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::review::case::Case;
use crate::review::claim::own;
use crate::review::decide::agree;
use crate::review::store;

/// What can be agreed with at once in a review, and why the rest cannot.
pub(in crate::review) struct Candidates {
    /// The review.
    pub case: Case,
    /// Codes of the answers where nothing differs.
    pub codes: BTreeSet<String>,
    /// How many undecided answers have to be looked at one by one.
    pub others: usize,
}

/// The undecided answers of a review where nothing differs, in a handful of statements.
pub(in crate::review) fn candidates(conn: &mut Conn, id: ReviewId, today: Day) -> Result<Candidates> {
    let case = Case::load(conn, id)?;
    let codes = unremarkable(conn, &case, today)?;
    let others = case.wanting().len().saturating_sub(codes.len());
    Ok(Candidates { case, codes, others })
}

fn unremarkable(conn: &mut Conn, case: &Case, today: Day) -> Result<BTreeSet<String>> {
    let Some(last) = LastYear::of(conn, case)? else { return Ok(BTreeSet::new()) };
    let papers = &*case.papers;
    let files: Vec<_> = papers.all().iter().flat_map(|paper| &paper.files).map(|file| file.id).collect();
    let files = facts_of(conn, &files)?;
    let holdings = holdings_of(conn, case)?;
    let flags = flags_of(conn, case.found.review.id)?;
    let doubts =
        doubtful(&Ground { case, papers, last: Some(&last), files: &files, holdings: &holdings, today });
    let flagged =
        |code: &str| case.found.edition.requirement_id(code).is_some_and(|row| flags.contains(&row));
    let as_decided = case.requirements().filter(|(requirement, line)| {
        line.is_wanting() && last.decided(requirement.code.as_str()) == Some(line.claimed)
    });
    Ok(as_decided
        .map(|(requirement, _)| requirement.code.as_str())
        .filter(|code| !doubts.contains(*code) && !flagged(code) && !case.waits_for_reply(code))
        .map(str::to_owned)
        .collect())
}

/// Agrees with these answers, every one of which must still be one where nothing differs. Gives how many they were.
///
/// # Errors
/// [`Error::Invalid`] when none is named, [`Error::Conflict`] when one of them has to be looked at by itself by now.
pub fn agree_with(
    tx: &mut Tx<'_>,
    permit: &Permit<DecideAnswer>,
    codes: &BTreeSet<String>,
) -> Result<Recorded<usize>> {
    if codes.is_empty() {
        return Err(Error::field("codes", "Tick at least one answer"));
    }
    let id = ReviewId::new(permit.id());
    let today = tx.now().london_day();
    let Candidates { case, codes: offered, .. } = candidates(tx.conn(), id, today)?;
    let me = own(permit, &case.found.review)?;
    store::hold(tx, &case.found.review)?;
    let gone: Vec<&str> = codes.difference(&offered).map(String::as_str).collect();
    if !gone.is_empty() {
        return Err(Error::Conflict(format!(
            "These answers have to be looked at one by one: {}. Nothing was agreed with.",
            gone.join(", ")
        )));
    }
    for code in codes {
        if !agree(tx, &case, code, me)? {
            return Err(Error::Conflict(format!("The answer to {code} has been decided meanwhile.")));
        }
    }
    let event = Event::of(permit, "answers_agreed", format!("review/{id}"), json!({"requirements": codes}));
    ledger::append(tx, &event, codes.len())
}
