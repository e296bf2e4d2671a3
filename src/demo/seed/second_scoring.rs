//! The second scoring of last year's returns: a sample is drawn, a few submissions of it are scored blind and compared, of
//! the disagreements two are settled and kept as gold cases, and the others wait. All by the portal's own verbs.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::years::Written;
use crate::access::{
    Actor, CentralRole, DrawSample, MakeGoldCase, Permit, PlanSample, ScoreBlind, SettleDisagreement,
    Subject, TakeBlindCase,
};
use crate::identity;
use crate::ledger::Recorded;
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, ComparisonId, OrganisationId, PersonId};
use crate::review::consistency::{
    BlindFinding, GoldDraft, Moment, SamplePlan, Settlement, blind_work, draw_sample, finish_blind_case,
    make_gold_case, plan_sample, score_blind, settle, take_blind_case, waiting_case,
};
use crate::schema::{blind_case, requirement, review_decision, score_comparison};
use crate::standards::scoring::Status;
use crate::standards::{Edition, edition};

/// Percent of last year's submissions.
const SHARE: i64 = 10;
/// Submissions that are scored.
const SCORED: usize = 6;
/// Of so many answers one is scored otherwise than the first time.
const OTHERWISE: u8 = 9;

/// What is kept of the two settled cases.
const KEPT: [(&str, &str); 2] = [
    (
        "Yes. Our policy was approved two years ago; its successor is being written.",
        "An approved policy that is past its own review date is no policy in force. The draft shows that work has \
         begun, and that is what the status says.",
    ),
    (
        "Yes. All staff have been told by newsletter, and most teams have signed that they read it.",
        "What was asked is that everybody has been trained. A newsletter tells people; a record of who finished the \
         training shows it.",
    ),
];

/// Writes it, where there is anybody to do it.
pub(super) fn write(db: &Db, of: &Written) -> Result<()> {
    let reach = Actor::system_reach();
    let (managers, scorers) = db.read_now(reach, |conn| {
        let managers = identity::central_holders(conn, &[CentralRole::ProgrammeManager])?;
        Ok((managers, identity::central_holders(conn, &[CentralRole::SecondReviewer])?))
    })?;
    let Some((manager, ..)) = managers.first().cloned() else { return Ok(()) };
    let (id, edition_id) = (of.id, of.edition);
    let subject =
        move || Some(Subject { kind: "collection", id: id.get(), organisation: None, state: "closed" });
    db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), manager)?;
        let plan = SamplePlan { share: SHARE, by_sector: false, moment: Moment::AtClose, version: 0 };
        let seed = hex(&sha256(b"the sample of the demo"));
        plan_sample(tx, &Permit::<PlanSample>::grant(&actor, subject())?, &plan, &seed)
    })?;
    let drawn = db.write_now(reach, move |tx| {
        let actor = identity::actor_of(tx.conn(), manager)?;
        draw_sample(tx, &Permit::<DrawSample>::grant(&actor, subject())?)
    });
    match drawn {
        Ok(_) => {}
        // Nobody has submitted anything.
        Err(Error::Refused(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    let document = db.read_now(reach, |conn| edition(conn, edition_id))?;
    for turn in 0..SCORED {
        let Some((scorer, ..)) = scorers.get(turn % scorers.len().max(1)).cloned() else { break };
        let document = std::sync::Arc::clone(&document);
        let scored = db.write_now(reach, move |tx| score_next(tx, scorer, &document));
        match scored {
            // Nothing is left that this person may score.
            Ok(()) | Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    for (number, texts) in KEPT.into_iter().enumerate() {
        let open = db.read_now(reach, |conn| first_open(conn, manager))?;
        let Some(open) = open else { break };
        let document = std::sync::Arc::clone(&document);
        let kept =
            db.write_now(reach, move |tx| settle_and_keep(tx, manager, &open, &document, (number, texts)));
        match kept {
            // A text that happens to hold a word of the organisation's name is not kept.
            Ok(()) | Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes the next submission, scores it much as the first reviewer did, and finishes it, which has both compared.
fn score_next(tx: &mut Tx<'_>, scorer: PersonId, document: &Edition) -> Result<Recorded<()>> {
    let actor = identity::actor_of(tx.conn(), scorer)?;
    let (case, proof) = waiting_case(tx.conn(), scorer)?;
    let mut subject = case.subject();
    let taken =
        take_blind_case(tx, &Permit::<TakeBlindCase>::grant(&actor, Some(subject.clone()))?, &case, &proof)?;
    let id = *taken.value();
    subject.state = "assigned";
    let permit = Permit::<ScoreBlind>::grant(&actor, Some(subject))?;
    let firsts = firsts(tx.conn(), id)?;
    let work = blind_work(tx.conn(), &actor, id)?;
    for answer in &work.answers {
        let first = firsts.get(&answer.requirement).and_then(|byte| {
            let byte = u8::try_from(*byte).ok()?;
            Status::from_byte(document.scheme().kind(), byte)
        });
        let usual = first.filter(|status| answer.possible.contains(status)).unwrap_or(answer.claimed);
        let [draw, ..] = sha256(format!("{id} {}", answer.requirement).as_bytes());
        let other = answer.possible.iter().copied().find(|status| *status != usual);
        let assessed =
            if first.is_some() && draw.is_multiple_of(OTHERWISE) { other.unwrap_or(usual) } else { usual };
        let reason = if assessed == answer.claimed {
            String::new()
        } else {
            "What was sent does not show it for all of the organisation.".to_owned()
        };
        let finding = BlindFinding { requirement: answer.requirement.clone(), assessed, reason, version: 0 };
        score_blind(tx, &permit, &finding)?;
    }
    finish_blind_case(tx, &permit, work.version)
}

/// What the first reviewer found in the case, by the requirement's code.
fn firsts(conn: &mut Conn, of: BlindCaseId) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = review_decision::table
        .inner_join(requirement::table.on(requirement::id.eq(review_decision::requirement_id)))
        .inner_join(blind_case::table.on(blind_case::review_id.eq(review_decision::review_id)))
        .filter(blind_case::id.eq(of))
        .select((requirement::code, review_decision::assessed_level))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A disagreement with both statuses.
struct Open {
    id: ComparisonId,
    organisation: OrganisationId,
    first: i64,
    second: i64,
}

/// The first disagreement that the programme manager may settle.
fn first_open(conn: &mut Conn, manager: PersonId) -> Result<Option<Open>> {
    let actor = identity::actor_of(conn, manager)?;
    let rows: Vec<(ComparisonId, OrganisationId, i64, i64)> = score_comparison::table
        .filter(score_comparison::state.eq("open"))
        .order(score_comparison::id)
        .select((
            score_comparison::id,
            score_comparison::organisation_id,
            score_comparison::first_level,
            score_comparison::second_level,
        ))
        .load(conn)?;
    let mut rows = rows.into_iter();
    let found = rows.find(|(_, organisation, first, second)| {
        // Both statuses can be given to anybody, so that the case can be practised on.
        !actor.is_conflicted(*organisation) && (0..2).contains(first) && (0..2).contains(second)
    });
    Ok(found.map(|(id, organisation, first, second)| Open { id, organisation, first, second }))
}

/// Settles the first case for the second scorer and the next for the first, and keeps each.
fn settle_and_keep(
    tx: &mut Tx<'_>,
    manager: PersonId,
    open: &Open,
    document: &Edition,
    (number, (answer, rationale)): (usize, (&str, &str)),
) -> Result<Recorded<()>> {
    let actor = identity::actor_of(tx.conn(), manager)?;
    let subject = |state| {
        let organisation = Some(open.organisation);
        Some(Subject { kind: "disagreement", id: open.id.get(), organisation, state })
    };
    let byte = if number == 0 { open.second } else { open.first };
    let status = u8::try_from(byte).ok().and_then(|byte| Status::from_byte(document.scheme().kind(), byte));
    let settled = status.ok_or_else(|| Error::broken("a demo score is a status"))?;
    let said = Settlement { settled, rationale: rationale.to_owned() };
    settle(tx, &Permit::<SettleDisagreement>::grant(&actor, subject("open"))?, &said)?;
    let draft = GoldDraft { answer: answer.to_owned(), rationale: rationale.to_owned() };
    let permit = Permit::<MakeGoldCase>::grant(&actor, subject("settled"))?;
    Ok(make_gold_case(tx, &permit, &draft)?.map(|_| ()))
}
