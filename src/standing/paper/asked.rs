//! What the board is asked to decide: follows from the picture by fixed rules, the most pressing first.

use crate::returns::plan::{Funded, PlanState};
use crate::standing::comparison::Movement;
use crate::standing::gather::Picture;
use crate::standing::parts::{count, ending};

/// The decisions; never empty.
pub(super) fn asked(picture: &Picture) -> Vec<String> {
    let mut asked = Vec::new();
    asked.extend(submission(picture));
    asked.extend(plan(picture));
    for (name, end) in ending(picture) {
        asked.push(format!("Agree how {name}, which ends on {}, is renewed.", end.words()));
    }
    let worse = picture.before.as_ref().map_or(0, |before| before.comparison.count(Movement::Worse));
    if worse > 0 {
        asked.push(format!(
            "Accept, or direct action on, the {} lower than last year.",
            count(worse, "requirement that stands", "requirements that stand")
        ));
    }
    if asked.is_empty() {
        asked.push("Note this paper; nothing is to be decided.".to_owned());
    }
    asked
}

fn submission(picture: &Picture) -> Vec<String> {
    let (standing, mut asked) = (&picture.standing, Vec::new());
    if standing.state.is_sent() || !standing.open {
        return asked;
    }
    let due = standing.due_at.london_day().words();
    let blocks = standing.blocks.len();
    if blocks > 0 {
        asked.push(format!(
            "Direct that the {} completed by {due}.",
            count(blocks, "requirement that still blocks is", "requirements that still block are")
        ));
    }
    if picture.burn_up.forecast().is_some_and(|day| day > picture.burn_up.due) && !picture.burn_up.overdue {
        asked.push("Find the people that are needed to finish in time, or ask for more time.".to_owned());
    }
    let wanted = standing.site_blocks().len();
    if wanted > 0 {
        let what =
            count(wanted, "answer that the sites still need is", "answers that the sites still need are");
        asked.push(format!("Direct that the {what} given by {due}."));
    }
    let condition = if standing.nothing_blocks() { "as it stands" } else { "once nothing blocks" };
    asked.push(format!(
        "Agree that the senior information risk owner signs the return {condition}, by {due}."
    ));
    asked
}

fn plan(picture: &Picture) -> Vec<String> {
    let (reading, mut asked) = (&picture.plan, Vec::new());
    let unplanned = reading.unplanned(&picture.found).len();
    // While answers are missing every one of them is short of what is expected: no plan is asked for those.
    if unplanned > 0 && (reading.plan.is_some() || picture.standing.blocks.is_empty()) {
        asked.push(format!(
            "Direct that an improvement plan is made for the {}.",
            count(unplanned, "gap that has no line", "gaps that have no line")
        ));
    }
    let Some(plan) = &reading.plan else { return asked };
    let open = || reading.lines.iter().filter(|line| line.done_on.is_none());
    if matches!(plan.state, PlanState::Draft | PlanState::Rejected) && !reading.lines.is_empty() {
        asked.push(format!(
            "Approve the improvement plan of {} for the signature of the senior information risk owner.",
            count(reading.lines.len(), "line", "lines")
        ));
    }
    let ownerless =
        open().filter(|line| line.owner.is_none_or(|owner| !picture.roles.contains_key(&owner))).count();
    if ownerless > 0 {
        asked.push(format!(
            "Name an owner for {}.",
            count(ownerless, "action that has none", "actions that have none")
        ));
    }
    let unfunded = open().filter(|line| line.funded == Funded::No).count();
    if unfunded > 0 {
        asked.push(format!(
            "Find the money for {}, or accept the risk.",
            count(unfunded, "action that has none", "actions that have none")
        ));
    }
    let today = picture.now.london_day();
    let overdue = open().filter(|line| line.due_on.is_some_and(|due| due < today)).count();
    if overdue > 0 {
        asked.push(format!("Hear why {} overdue.", count(overdue, "action is", "actions are")));
    }
    asked
}
