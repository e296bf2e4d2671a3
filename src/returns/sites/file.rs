//! Submitting for the sites of a fixed list: for each its own return and immutable submission, exactly once. A chunk is
//! one change, and its lines say how far it has got, so a process that is killed goes on where it was.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use super::compose::{Composer, HeadOffice, says_the_same};
use super::fix::CHUNK;
use super::model::{Filing, FilingLine, LineAction, LineState};
use super::release::release;
use super::store;
use crate::access::{Actor, FileSite, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{FilingId, OrganisationId, ReturnId, SubmissionId};
use crate::returns::basis::keep_basis;
use crate::returns::model::{ReturnState, Snapshot};
use crate::returns::submission::submission;
use crate::schema::{annual_return, return_filer, site_filing_line, submission as sent};
use crate::standards::correcting::rules_must_stand;
use crate::standards::scoring::Score;

/// What a site has in the collection before its line is worked on.
#[derive(Debug, Clone)]
pub(super) struct There {
    pub id: ReturnId,
    pub state: ReturnState,
    pub version: i64,
    pub submission: Option<SubmissionId>,
    /// The head office that submitted it; none where the site files its own.
    pub head_office: Option<OrganisationId>,
}

/// How one line ended.
pub(super) struct Ended {
    pub state: LineState,
    pub said: String,
    /// What stands for the site now: number, row and hash.
    pub stands: Option<(SubmissionId, i64, Vec<u8>)>,
}

impl Ended {
    pub fn failed(said: &str) -> Self {
        Self { state: LineState::Failed, said: said.to_owned(), stands: None }
    }
}

/// Works on the lines of one chunk that wait; gives how many those were.
///
/// # Errors
/// [`Error::Conflict`] when none of them waits, or a site has started its own return at this very moment: the job looks
/// again.
pub(super) fn file_chunk(tx: &mut Tx<'_>, id: FilingId, from: i64) -> Result<Recorded<usize>> {
    store::hold(tx, id)?;
    let filing = store::filing(tx.conn(), id)?;
    let waiting: Vec<FilingLine> = store::filing_lines(tx.conn(), id, from, CHUNK)?
        .into_iter()
        .filter(|line| line.state == LineState::Queued)
        .collect();
    let there = returns_of(tx.conn(), &filing, &waiting)?;
    let head = HeadOffice::load(tx.conn(), filing)?;
    rules_must_stand(tx, head.edition.id(), head.edition.edition())?;
    let mut composer = Composer::new(&head);
    for line in &waiting {
        let subject = Subject { kind: "site", id: line.site.get(), organisation: Some(line.site), state: "" };
        let permit = Permit::<FileSite>::grant(&Actor::system(), Some(subject))?;
        let ended = match (line.action, there.get(&line.site)) {
            (LineAction::File, there) => file_one(tx, &permit, (&head, &mut composer), line, there)?,
            (LineAction::Release, Some(there)) => give_back(tx, &permit, &head, there)?,
            (LineAction::Release, None) => Ended::failed("There is no return to give back."),
        };
        end_line(tx, &head.filing, line, &ended)?;
    }
    if waiting.is_empty() {
        return Err(Error::Conflict("No site of this part waits any more.".to_owned()));
    }
    let whose = head.filing.organisation;
    let subject = Subject { kind: "site", id: whose.get(), organisation: Some(whose), state: "" };
    let permit = Permit::<FileSite>::grant(&Actor::system(), Some(subject))?;
    let data = json!({"from": from, "sites": waiting.len()});
    let event = Event::of(&permit, "sites_part_done", format!("site-filing/{id}"), data);
    ledger::append(tx, &event, waiting.len())
}

fn returns_of(
    conn: &mut Conn,
    filing: &Filing,
    lines: &[FilingLine],
) -> Result<HashMap<OrganisationId, There>> {
    type Row = (OrganisationId, ReturnId, ReturnState, i64, Option<SubmissionId>, Option<OrganisationId>);
    let sites: Vec<OrganisationId> = lines.iter().map(|line| line.site).collect();
    let rows: Vec<Row> = annual_return::table
        .left_join(return_filer::table.on(return_filer::return_id.eq(annual_return::id)))
        .filter(annual_return::collection_id.eq(filing.collection))
        .filter(annual_return::organisation_id.eq_any(sites))
        .select((
            annual_return::organisation_id,
            annual_return::id,
            annual_return::state,
            annual_return::version,
            annual_return::submission_id,
            return_filer::head_office_id.nullable(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(site, id, state, version, submission, head)| {
            (site, There { id, state, version, submission, head_office: head })
        })
        .collect())
}

fn give_back(tx: &mut Tx<'_>, permit: &Permit<FileSite>, head: &HeadOffice, there: &There) -> Result<Ended> {
    let ended = release(tx, head, permit.organisation()?, there)?;
    if ended.state == LineState::Released {
        let data = json!({"from": there.state, "filing": head.filing.id});
        let event = Event::of(permit, "return_given_back", format!("return/{}", there.id), data);
        ledger::append(tx, &event, ())?;
    }
    Ok(ended)
}

fn file_one(
    tx: &mut Tx<'_>,
    permit: &Permit<FileSite>,
    (head, composer): (&HeadOffice, &mut Composer<'_>),
    line: &FilingLine,
    there: Option<&There>,
) -> Result<Ended> {
    if let Some(why) = there.and_then(|there| obstacle(head, there)) {
        return Ok(Ended::failed(why));
    }
    let (snapshot, score) = composer.compose(tx.conn(), line)?;
    let (return_id, number) = match there {
        None => (insert_return(tx, head, line)?, 1),
        Some(there) => {
            let before = there.submission.ok_or_else(|| Error::broken("a filed return has no submission"))?;
            let before = submission(tx.conn(), before)?;
            if says_the_same(&before.parsed()?, &snapshot) && before.late == head.filing.late {
                let stands = Some((before.id, before.number, before.snapshot_hash));
                return Ok(Ended { state: LineState::Stands, said: String::new(), stands });
            }
            (there.id, before.number + 1)
        }
    };
    let (id, hash) = insert_submission(tx, permit, (head, line), (return_id, number), (&snapshot, &score))?;
    point_at(tx, return_id, id)?;
    Ok(Ended { state: LineState::Filed, said: String::new(), stands: Some((id, number, hash)) })
}

/// Why nothing can be submitted for a site that has a return already.
fn obstacle(head: &HeadOffice, there: &There) -> Option<&'static str> {
    match there.head_office {
        None => Some("It has started a return of its own."),
        Some(other) if other != head.filing.organisation => Some("Another head office has submitted for it."),
        Some(_) if there.state != ReturnState::Submitted => {
            Some("Its return is being written or has been reviewed already.")
        }
        Some(_) => None,
    }
}

fn insert_return(tx: &mut Tx<'_>, head: &HeadOffice, line: &FilingLine) -> Result<ReturnId> {
    let now = tx.now();
    let id: ReturnId = diesel::insert_into(annual_return::table)
        .values((
            annual_return::organisation_id.eq(line.site),
            annual_return::collection_id.eq(head.filing.collection),
            annual_return::edition_id.eq(head.edition.id()),
            annual_return::profile.eq(&line.profile),
            annual_return::state.eq(ReturnState::Submitted),
            annual_return::opened_at.eq(now),
        ))
        .returning(annual_return::id)
        .get_result(tx.conn())?;
    diesel::insert_into(return_filer::table)
        .values((
            return_filer::collection_id.eq(head.filing.collection),
            return_filer::organisation_id.eq(line.site),
            return_filer::return_id.eq(id),
            return_filer::head_office_id.eq(Some(head.filing.organisation)),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Every site counts as submitted at the moment at which the head office pressed the button, in time or late as it was.
fn insert_submission(
    tx: &mut Tx<'_>,
    permit: &Permit<FileSite>,
    (head, line): (&HeadOffice, &FilingLine),
    (return_id, number): (ReturnId, i64),
    (snapshot, score): (&Snapshot, &Score),
) -> Result<(SubmissionId, Vec<u8>)> {
    let text = to_string(snapshot)?;
    let hash = sha256(text.as_bytes());
    let edition = head.edition.edition();
    let filing = &head.filing;
    let id: SubmissionId = diesel::insert_into(sent::table)
        .values((
            sent::return_id.eq(return_id),
            sent::organisation_id.eq(line.site),
            sent::collection_id.eq(filing.collection),
            sent::number.eq(number),
            sent::submitted_by.eq(filing.pressed_by),
            sent::submitted_at.eq(filing.pressed_at),
            sent::late.eq(filing.late),
            sent::snapshot.eq(&text),
            sent::snapshot_hash.eq(&hash[..]),
            sent::levels.eq(score.levels_vector()),
            sent::claimed_grade.eq(score.grade.as_str()),
            sent::score.eq(score.to_canonical_json()),
            sent::rule_set.eq(edition.rule_set()),
            sent::reason.eq(snapshot.reason.as_deref()),
        ))
        .returning(sent::id)
        .get_result(tx.conn())?;
    keep_basis(tx, (id, line.site), (snapshot, score), edition, filing.pressed_at)?;
    let data = json!({
        "return": return_id,
        "collection": snapshot.collection,
        "number": number,
        "snapshot_hash": hex(&hash),
        "rule_set": edition.rule_set(),
        "edition_hash": edition.hash(),
        "claimed_grade": score.grade,
        "late": filing.late,
        "pressed_at": filing.pressed_at,
        "filed_by": filing.organisation,
        "head_submission": head.sent.id,
    });
    let event = Event::of(permit, "return_submitted", format!("submission/{id}"), data);
    let recorded = ledger::append(tx, &event, ())?;
    diesel::update(sent::table.filter(sent::id.eq(id)))
        .set(sent::ledger_event_id.eq(Some(recorded.event())))
        .execute(tx.conn())?;
    Ok((id, hash.to_vec()))
}

fn point_at(tx: &mut Tx<'_>, return_id: ReturnId, id: SubmissionId) -> Result<()> {
    let pointed = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(return_id))
            .filter(annual_return::state.eq(ReturnState::Submitted)),
    )
    .set((
        annual_return::submission_id.eq(Some(id)),
        annual_return::final_grade.eq(None::<String>),
        annual_return::version.eq(annual_return::version + 1),
    ))
    .execute(tx.conn())?;
    if pointed == 1 { Ok(()) } else { Err(Error::Conflict("The return of a site has moved on.".to_owned())) }
}

/// Notes how a line ended; from "waiting" only, so that nothing ends twice.
fn end_line(tx: &mut Tx<'_>, filing: &Filing, line: &FilingLine, ended: &Ended) -> Result<()> {
    let stands = ended.stands.as_ref();
    let changed = diesel::update(
        site_filing_line::table
            .filter(site_filing_line::filing_id.eq(filing.id))
            .filter(site_filing_line::position.eq(line.position))
            .filter(site_filing_line::state.eq(LineState::Queued)),
    )
    .set((
        site_filing_line::state.eq(ended.state),
        site_filing_line::said.eq(&ended.said),
        site_filing_line::submission_id.eq(stands.map(|(id, ..)| *id)),
        site_filing_line::number.eq(stands.map(|(_, number, _)| *number)),
        site_filing_line::snapshot_hash.eq(stands.map(|(.., hash)| hash.clone())),
    ))
    .execute(tx.conn())?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict("The line has been worked on already.".to_owned()))
    }
}
