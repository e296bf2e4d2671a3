//! Computing what a correction makes of every return: one thread reads and scores portion by portion, another writes what
//! is ready. A portion and the count of what is done are one change, so that a process that was killed goes on there.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::sync_channel;

use diesel::prelude::*;

use super::compute::{Computer, Line, Rules};
use super::inputs::{self, Input, PORTION};
use super::keep;
use super::model::Run;
use super::store::{self, Correction, moved_on};
use crate::access::Actor;
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{RuleCorrectionId, SubmissionId};
use crate::returns::{Snapshot, keep_bases};
use crate::schema::rule_correction;
use crate::standards::{self, correcting};

/// Seconds after which a job gives others their turn, well before its lease ends.
const TURN: i64 = 40;

/// Returns whose snapshots are read at a time.
const SNAPSHOTS: i64 = 400;

/// How a computation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// Every return has its line.
    Through,
    /// Its turn is over; it goes on where it is.
    GoesOn,
}

/// The rules before and after a correction.
pub(super) fn rules(conn: &mut Conn, of: &Correction) -> Result<Rules> {
    let before = standards::edition(conn, of.edition)?;
    let after = correcting::edition_under(conn, of.edition, &of.rule_set)?;
    let fits = before.hash().as_bytes()[..] == of.base_hash[..];
    if fits && after.hash().as_bytes()[..] == of.rules_hash[..] {
        Ok(Rules::new(of.edition, before, after))
    } else {
        Err(Error::broken(format!("correction {} is not about the rules in force", of.id)))
    }
}

/// Computes every line that is lacking.
///
/// # Errors
/// [`Error::Conflict`] when the correction was changed meanwhile.
pub(super) fn run(db: &Db, of: &Correction, which: Run) -> Result<Ran> {
    let until = db.clock().now().plus_seconds(TURN);
    let id = of.id;
    let (mut rules, after) =
        db.read_now(Actor::system_reach(), |conn| Ok((rules(conn, of)?, keep::last(conn, id, which)?)))?;
    prepare(db, of, &mut rules)?;
    let rules = &rules;
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Result<Vec<Line>>>(2);
        scope.spawn(move || {
            let mut computer = Computer::new(rules);
            let mut after = after;
            loop {
                let portion =
                    db.read_now(Actor::system_reach(), |conn| portion(conn, rules, &mut computer, after));
                let last = match &portion {
                    Ok(lines) => lines.last().map(|line| line.submission),
                    Err(_) => None,
                };
                // Whoever writes has given up where nobody receives.
                if send.send(portion).is_err() {
                    return;
                }
                match last {
                    Some(last) if db.clock().now() < until => after = last,
                    _ => return,
                }
            }
        });
        let mut through = false;
        for portion in receive {
            let portion = portion?;
            through = portion.is_empty();
            if !through {
                write(db, of, which, portion)?;
            }
        }
        Ok(if through { Ran::Through } else { Ran::GoesOn })
    })
}

/// Takes the basis of every submission that has none yet out of it, and learns of every rule set that submissions were made
/// under whether their levels tell enough.
fn prepare(db: &Db, of: &Correction, rules: &mut Rules) -> Result<()> {
    let edition = of.edition;
    loop {
        let bases = db.read_now(Actor::system_reach(), |conn| {
            let lacking = inputs::without_basis(conn, edition, SNAPSHOTS)?;
            lacking.into_iter().map(|id| inputs::basis_of(conn, id, edition)).collect::<Result<Vec<_>>>()
        })?;
        if bases.is_empty() {
            break;
        }
        db.housekeep_now(Actor::system_reach(), move |tx| keep_bases(tx, &bases))?;
    }
    db.read_now(Actor::system_reach(), |conn| {
        for rule_set in inputs::rule_sets(conn, edition)? {
            rules.learn(conn, &rule_set)?;
        }
        Ok(())
    })
}

fn portion(
    conn: &mut Conn,
    rules: &Rules,
    computer: &mut Computer<'_>,
    after: SubmissionId,
) -> Result<Vec<Line>> {
    let many = if rules.any_needs_snapshot() { SNAPSHOTS } else { PORTION };
    let inputs = inputs::inputs(conn, rules.edition, after, many)?;
    lines(conn, rules, computer, &inputs)
}

/// The lines of these returns.
fn lines(conn: &mut Conn, rules: &Rules, computer: &mut Computer<'_>, inputs: &[Input]) -> Result<Vec<Line>> {
    let asked: Vec<SubmissionId> = inputs
        .iter()
        .filter(|input| rules.needs_snapshot(&input.rule_set))
        .map(|input| input.submission)
        .collect();
    let texts: HashMap<SubmissionId, String> = inputs::snapshots(conn, &asked)?.into_iter().collect();
    inputs
        .iter()
        .map(|input| match texts.get(&input.submission) {
            None => Ok(computer.by_levels(input)),
            Some(text) => {
                let snapshot: Snapshot = serde_json::from_str(text).map_err(|e| {
                    Error::internal(format!("failed to read submission {}", input.submission), e)
                })?;
                computer.by_snapshot(input, &snapshot)
            }
        })
        .collect()
}

/// Writes a portion and counts it, unless the correction has moved on.
fn write(db: &Db, of: &Correction, which: Run, lines: Vec<Line>) -> Result<()> {
    let (id, version) = (of.id, of.version);
    db.housekeep_now(Actor::system_reach(), move |tx| {
        let many = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let counted = diesel::update(
            rule_correction::table
                .filter(rule_correction::id.eq(id))
                .filter(rule_correction::version.eq(version)),
        )
        .set(rule_correction::done.eq(rule_correction::done + many))
        .execute(tx.conn())?;
        if counted != 1 {
            return Err(moved_on());
        }
        keep::insert(tx, id, which, &lines)
    })
}

/// Brings the lines up to date within a change: returns that have moved since their line was written, or have none yet, are
/// computed again. How many those were.
pub(super) fn catch_up(tx: &mut Tx<'_>, of: &Correction, rules: &mut Rules, which: Run) -> Result<usize> {
    for id in inputs::without_basis(tx.conn(), of.edition, i64::MAX)? {
        let basis = inputs::basis_of(tx.conn(), id, of.edition)?;
        keep_bases(tx, &[basis])?;
    }
    for rule_set in inputs::rule_sets(tx.conn(), of.edition)? {
        rules.learn(tx.conn(), &rule_set)?;
    }
    let kept: HashMap<SubmissionId, i64> = keep::marks(tx.conn(), of.id, which)?.into_iter().collect();
    let mut seen = HashSet::with_capacity(kept.len());
    let (mut after, mut again) = (SubmissionId::new(0), Vec::new());
    loop {
        let some = inputs::inputs(tx.conn(), of.edition, after, PORTION)?;
        let Some(last) = some.last() else { break };
        after = last.submission;
        for input in some {
            seen.insert(input.submission);
            if kept.get(&input.submission) != Some(&input.mark()) {
                again.push(input);
            }
        }
    }
    // A submission that was sent again or taken back counts no more.
    let mut gone: Vec<SubmissionId> = kept.keys().filter(|id| !seen.contains(id)).copied().collect();
    gone.extend(again.iter().map(|input| input.submission));
    keep::remove(tx, of.id, which, &gone)?;
    let lines = {
        let mut computer = Computer::new(rules);
        lines(tx.conn(), rules, &mut computer, &again)?
    };
    keep::insert(tx, of.id, which, &lines)?;
    Ok(gone.len())
}

/// The correction as it stands, if its job still has something to do.
pub(super) fn still(
    db: &Db,
    id: RuleCorrectionId,
    state: super::model::CorrectionState,
) -> Result<Option<Correction>> {
    let found = db.read_now(Actor::system_reach(), |conn| store::correction(conn, id))?;
    Ok((found.state == state).then_some(found))
}
