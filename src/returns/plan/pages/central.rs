//! The central team's page of one plan: to be decided, or followed up once it is agreed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::FollowBlock;
use super::decisions::{DecisionItem, decision_items, sample_decisions};
use crate::platform::clock::Day;
use crate::platform::error::Result;
use crate::platform::ids::PlanLineId;
use crate::platform::pages::{Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::returns::circumstances::PlanHead;
use crate::returns::plan::model::PlanState;
use crate::returns::plan::reading::{Reading, requirement_of};
use crate::returns::store::Found;

/// One line to be looked at.
#[derive(Debug, Serialize)]
struct LineToDecide {
    heading: String,
    facts: Vec<Fact>,
    before: String,
    reason: Field,
}

/// One plan to be decided.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct DecidePage {
    #[serde(skip)]
    organisation: String,
    collection: String,
    errors: ErrorSummary,
    signed: String,
    due_by: String,
    lines: Vec<LineToDecide>,
    /// Whether it waits for a decision; otherwise it is only read.
    open: bool,
    state: &'static str,
    said: String,
    verdict: Field,
    verdicts: Vec<Choice>,
    reason: Field,
    version: String,
    /// What was decided so far, the newest first.
    decisions: Vec<DecisionItem>,
    /// Progress and evidence, once it is agreed.
    follow: Option<FollowBlock>,
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub(in crate::returns::plan) struct Typed {
    pub verdict: String,
    pub reason: String,
    pub lines: BTreeMap<PlanLineId, String>,
}

impl DecidePage {
    /// The plan with what was typed and what is wrong with it.
    pub(in crate::returns::plan) fn new(
        found: &Found,
        reading: &Reading,
        head: PlanHead,
        typed: &Typed,
        errors: &FormErrors,
    ) -> Result<Self> {
        let mut lines = Vec::new();
        for line in &reading.lines {
            let requirement = requirement_of(found, line)?;
            let mut facts = vec![
                Fact::new("Action", line.action.as_str()),
                Fact::new("Owner", reading.name(line.owner)),
                Fact::new("Due", line.due_on.map(Day::words).unwrap_or_default()),
                Fact::new("Funding", line.funded.words()),
            ];
            if !line.resources.is_empty() {
                facts.push(Fact::new("Resources", line.resources.as_str()));
            }
            let name = reason_field(line.id);
            lines.push(LineToDecide {
                heading: format!("{} {}", requirement.code, requirement.title),
                facts,
                before: line.rejected.clone(),
                reason: Field::new(
                    &name,
                    format!("What is wrong with the action for {}? (only if you reject)", requirement.code),
                )
                .value(typed.lines.get(&line.id).map_or("", String::as_str))
                .errors(errors),
            });
        }
        let plan = reading.plan.as_ref();
        Ok(Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            errors: errors.summary(),
            signed: plan
                .and_then(|plan| plan.signed_at)
                .map(|at| {
                    let by = reading.name(plan.and_then(|plan| plan.signed_by));
                    format!("Signed by {by} on {}.", at.london_day().words())
                })
                .unwrap_or_default(),
            due_by: reading.due_by.words(),
            lines,
            open: head.state == PlanState::Sent,
            state: head.state.words(),
            said: plan.map(|plan| plan.reason.clone()).unwrap_or_default(),
            verdict: verdict_field(errors),
            verdicts: verdicts(&typed.verdict),
            reason: Field::new("reason", "Reason, or a remark").value(&typed.reason).errors(errors),
            version: head.version.to_string(),
            decisions: decision_items(found, reading),
            follow: None,
        })
    }

    /// The page of an agreed plan, with what became of it.
    pub(in crate::returns::plan) fn following(mut self, follow: FollowBlock) -> Self {
        self.errors = follow.errors().clone();
        self.follow = Some(follow);
        self
    }
}

/// The name of the control for a reason against one line.
pub(in crate::returns::plan) fn reason_field(line: PlanLineId) -> String {
    format!("line-{line}")
}

fn verdict_field(errors: &FormErrors) -> Field {
    Field::new("verdict", "Your decision").errors(errors)
}

fn verdicts(chosen: &str) -> Vec<Choice> {
    [("approve", "Approve the plan"), ("reject", "Reject it, with reasons")]
        .map(|(value, text)| Choice::new(value, text).checked(value == chosen))
        .to_vec()
}

impl Page for DecidePage {
    const TEMPLATE: &'static str = "returns/plan/decide.html";

    fn title(&self) -> String {
        format!("Improvement plan of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Improvement plans", "/plans")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add("reason", "Enter why the plan is rejected, here or at a line");
        let page = |open, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            errors: errors.summary(),
            signed: "Signed by Siro Example on 1 June 2026.".to_owned(),
            due_by: "30 December 2026".to_owned(),
            lines: vec![LineToDecide {
                heading: "1.1.2 Register".to_owned(),
                facts: vec![Fact::new("Action", "Write it.")],
                before: "Say who.".to_owned(),
                reason: Field::new("line-1", "What is wrong with it?"),
            }],
            open,
            state: "Waiting for approval",
            said: if open { String::new() } else { "Agreed.".to_owned() },
            verdict: verdict_field(errors),
            verdicts: verdicts("reject"),
            reason: Field::new("reason", "Reason, or a remark").errors(errors),
            version: "4".to_owned(),
            decisions: sample_decisions(),
            follow: None,
        };
        let none = FormErrors::new();
        vec![
            ("typical", page(true, &none)),
            ("error", page(true, &errors)),
            ("decided", page(false, &none)),
            ("followed", page(false, &none).following(FollowBlock::sample(true))),
            ("all done", page(false, &none).following(FollowBlock::sample(false))),
        ]
    }
}
