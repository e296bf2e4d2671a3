//! What stands around the answers of a return, made up: owners, comments, an improvement plan with pieces of evidence,
//! decisions, looks and escalations.

use diesel::prelude::*;
use portal::platform::clock::Clock as _;
use portal::platform::db::Tx;
use portal::platform::error::Result;
use portal::platform::ids::{
    CommentId, OrganisationId, PersonId, PieceId, PlanId, PlanLineId, RequirementId,
};
use portal::returns::plan::{Funded, PlanState, Stage};
use portal::returns::{self, Classification, Which};
use portal::schema::{
    answer_owner, discussion_comment, discussion_mention, evidence_piece, improvement_plan, person,
    plan_decision, plan_escalation, plan_line, plan_line_seen, plan_note,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::shapes::{text, text_or_none};
use crate::support::year::Trust;
use crate::support::{World, everybodys};

/// What is made up for one requirement.
#[derive(Debug, Clone)]
struct MadeUp {
    owner_until: Option<u8>,
    /// Text, whether it was withdrawn, whether it names somebody.
    comments: Vec<(String, bool, bool)>,
    line: Option<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    texts: [String; 3],
    is_owned: bool,
    due: Option<u8>,
    done: Option<u8>,
    funded: Funded,
    notes: Vec<String>,
    /// The title of a piece of evidence.
    piece: Option<String>,
    /// Whether somebody of the centre looked, and the stages that it went up.
    followed: (bool, usize),
}

fn made_up() -> impl Strategy<Value = MadeUp> {
    let text = || text(4000);
    let day = || proptest::option::of(1..29_u8);
    let line = (
        [text(), text_or_none(4000), text_or_none(4000)],
        (any::<bool>(), day(), day()),
        proptest::sample::select(Funded::ALL.to_vec()),
        proptest::collection::vec(text(), 0..3),
        proptest::option::of(super::shapes::text(100)),
        (any::<bool>(), 0..=Stage::ALL.len()),
    )
        .prop_map(|(texts, (is_owned, due, done), funded, notes, piece, followed)| Line {
            texts,
            is_owned,
            due,
            done,
            funded,
            notes,
            piece,
            followed,
        });
    let comment = (text(), any::<bool>(), any::<bool>());
    (day(), proptest::collection::vec(comment, 0..4), proptest::option::of(line))
        .prop_map(|(owner_until, comments, line)| MadeUp { owner_until, comments, line })
}

/// Puts made-up owners, comments and a plan around a return.
pub fn stands_around(world: &World, trust: &Trust, year: &str, runner: &mut TestRunner) {
    let (whose, key, now) = (trust.id, year.to_owned(), world.clock.now());
    let found = world.db().read_now(everybodys(), move |conn| returns::find(conn, Which::Of(whose, &key)));
    let found = found.unwrap().unwrap();
    let codes: Vec<RequirementId> = found
        .edition
        .edition()
        .requirements()
        .iter()
        .map(|requirement| found.edition.requirement_id(requirement.code.as_str()).unwrap())
        .collect();
    let rows: Vec<(RequirementId, MadeUp)> =
        codes.into_iter().map(|code| (code, made_up().new_tree(runner).unwrap().current())).collect();
    let of = found.id;
    let decided = proptest::collection::vec((any::<bool>(), text_or_none(4000)), 0..3);
    let decided = decided.new_tree(runner).unwrap().current();
    let is_planned = proptest::bool::weighted(0.8).new_tree(runner).unwrap().current();
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            let named =
                |name: &str| person::table.filter(person::name.eq(name.to_owned())).select(person::id);
            let lead: PersonId = named("Lead ZZ001").first(tx.conn())?;
            let siro: PersonId = named("Siro ZZ001").first(tx.conn())?;
            let plan: Option<PlanId> = is_planned
                .then(|| {
                    diesel::insert_into(improvement_plan::table)
                        .values((
                            improvement_plan::return_id.eq(of),
                            improvement_plan::organisation_id.eq(whose),
                            improvement_plan::state.eq(PlanState::Draft),
                        ))
                        .returning(improvement_plan::id)
                        .get_result(tx.conn())
                })
                .transpose()?;
            if let Some(plan) = plan {
                for (is_approved, reason) in decided {
                    let verdict = if is_approved { PlanState::Approved } else { PlanState::Rejected };
                    diesel::insert_into(plan_decision::table)
                        .values((
                            plan_decision::plan_id.eq(plan),
                            plan_decision::organisation_id.eq(whose),
                            plan_decision::verdict.eq(verdict),
                            plan_decision::reason.eq(reason),
                            plan_decision::line_reasons.eq("{\"1-1\":\"Say more\"}"),
                            plan_decision::decided_by.eq(siro),
                            plan_decision::decided_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                }
            }
            for (requirement, made) in rows {
                if let Some(day) = made.owner_until {
                    diesel::insert_into(answer_owner::table)
                        .values((
                            answer_owner::return_id.eq(of),
                            answer_owner::requirement_id.eq(requirement),
                            answer_owner::organisation_id.eq(whose),
                            answer_owner::person_id.eq(lead),
                            answer_owner::due_on.eq(format!("2026-05-{day:02}")),
                            answer_owner::given_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                }
                for (text, withdrawn, names) in made.comments {
                    let id: CommentId = diesel::insert_into(discussion_comment::table)
                        .values((
                            discussion_comment::organisation_id.eq(whose),
                            discussion_comment::return_id.eq(of),
                            discussion_comment::requirement_id.eq(requirement),
                            discussion_comment::author_id.eq(siro),
                            discussion_comment::text.eq(if withdrawn { "" } else { text.as_str() }),
                            discussion_comment::written_at.eq(now),
                            discussion_comment::withdrawn_at.eq(withdrawn.then_some(now)),
                        ))
                        .returning(discussion_comment::id)
                        .get_result(tx.conn())?;
                    if names {
                        diesel::insert_into(discussion_mention::table)
                            .values((
                                discussion_mention::comment_id.eq(id),
                                discussion_mention::person_id.eq(lead),
                                discussion_mention::organisation_id.eq(whose),
                            ))
                            .execute(tx.conn())?;
                    }
                }
                if let (Some(line), Some(plan)) = (made.line, plan) {
                    planned(tx, (whose, plan, requirement), line, (lead, siro))?;
                }
            }
            Ok(())
        })
        .unwrap();
}

fn planned(
    tx: &mut Tx<'_>,
    (whose, plan, requirement): (OrganisationId, PlanId, RequirementId),
    line: Line,
    (lead, siro): (PersonId, PersonId),
) -> Result<()> {
    let now = tx.now();
    let [action, resources, evidence] = line.texts;
    let mut piece: Option<PieceId> = None;
    if let Some(title) = line.piece {
        let made = diesel::insert_into(evidence_piece::table)
            .values((
                evidence_piece::organisation_id.eq(whose),
                evidence_piece::title.eq(title),
                evidence_piece::search.eq(""),
                evidence_piece::classification.eq(Classification::Official),
                evidence_piece::created_at.eq(now),
            ))
            .returning(evidence_piece::id)
            .get_result(tx.conn())?;
        piece = Some(made);
    }
    let id: PlanLineId = diesel::insert_into(plan_line::table)
        .values((
            plan_line::plan_id.eq(plan),
            plan_line::organisation_id.eq(whose),
            plan_line::requirement_id.eq(requirement),
            plan_line::action.eq(action),
            plan_line::owner_id.eq(line.is_owned.then_some(lead)),
            plan_line::due_on.eq(line.due.map(|day| format!("2026-09-{day:02}"))),
            plan_line::resources.eq(resources),
            plan_line::funded.eq(line.funded),
            plan_line::evidence.eq(evidence),
            plan_line::evidence_piece_id.eq(piece),
            plan_line::done_on.eq(line.done.map(|day| format!("2026-08-{day:02}"))),
            plan_line::updated_at.eq(now),
        ))
        .returning(plan_line::id)
        .get_result(tx.conn())?;
    let (is_seen, stages) = line.followed;
    if is_seen {
        diesel::insert_into(plan_line_seen::table)
            .values((
                plan_line_seen::line_id.eq(id),
                plan_line_seen::organisation_id.eq(whose),
                plan_line_seen::plan_id.eq(plan),
                plan_line_seen::seen_by.eq(siro),
                plan_line_seen::seen_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    for stage in Stage::ALL.iter().take(stages) {
        diesel::insert_into(plan_escalation::table)
            .values((
                plan_escalation::line_id.eq(id),
                plan_escalation::due_on.eq("2026-08-01"),
                plan_escalation::stage.eq(*stage),
                plan_escalation::organisation_id.eq(whose),
                plan_escalation::plan_id.eq(plan),
                plan_escalation::reached_on.eq("2026-08-20"),
                plan_escalation::reached_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    for note in line.notes {
        diesel::insert_into(plan_note::table)
            .values((
                plan_note::line_id.eq(id),
                plan_note::organisation_id.eq(whose),
                plan_note::note.eq(note),
                plan_note::written_by.eq(Some(siro)),
                plan_note::written_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
