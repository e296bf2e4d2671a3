//! The plan of a return: its lines, what keeps it from being sent, and the next steps.

use serde::Serialize;

use super::decisions::{DecisionItem, decision_items, sample_decisions};
use super::{line_href, line_tag, tag, way_of};
use crate::access::{Actor, AskForPlanSignature, PlanGaps, SendPlan, SignPlan, TakeBackPlan};
use crate::platform::clock::Day;
use crate::platform::error::Result;
use crate::platform::pages::{Link, Page, Tag};
use crate::returns::plan::model::{LineGap, PlanState};
use crate::returns::plan::plan_href;
use crate::returns::plan::reading::{Reading, requirement_of};
use crate::returns::plan::sign::lines_hash;
use crate::returns::plan::store::PlanLine;
use crate::returns::readiness::question_href;
use crate::returns::store::Found;

/// One line of the plan.
#[derive(Debug, Serialize)]
struct Item {
    heading: String,
    href: String,
    tag: Tag,
    action: String,
    owner: String,
    due: String,
    resources: String,
    funded: &'static str,
    rejected: String,
}

/// Something that keeps the plan from being signed and sent.
#[derive(Debug, Serialize)]
struct Block {
    text: String,
    href: String,
    reason: String,
}

/// The plan.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct PlanPage {
    organisation: String,
    collection: String,
    tag: Option<Tag>,
    /// Why it cannot be signed or sent, after it was tried.
    refused: String,
    due_by: String,
    /// Why the central team rejected it, or its remark.
    reason: String,
    signed: String,
    blocks: Vec<Block>,
    lines: Vec<Item>,
    /// What was decided so far, the newest first.
    decisions: Vec<DecisionItem>,
    gaps: usize,
    /// Empty addresses are not offered.
    gaps_href: String,
    ask_href: String,
    sign_href: String,
    /// SHA-256 of the lines as they are shown: what a signature is under.
    hash: String,
    send_href: String,
    take_back_href: String,
    /// What taking it back means, in the state in which it is.
    take_back_words: &'static str,
    #[serde(skip)]
    way: Vec<Link>,
}

impl PlanPage {
    /// The plan as this person may see and move it.
    pub(in crate::returns::plan) fn new(
        found: &Found,
        reading: &Reading,
        actor: &Actor,
        today: Day,
        refused: String,
    ) -> Result<Self> {
        let href = plan_href(&found.code, &found.collection.key);
        let step = |offered: bool, name: &str| if offered { format!("{href}/{name}") } else { String::new() };
        let state = reading.plan.as_ref().map(|plan| plan.state);
        let written = state.is_none_or(PlanState::is_written);
        let unplanned = reading.unplanned(found);
        let mut blocks = Vec::new();
        let mut lines = Vec::new();
        for line in &reading.lines {
            let requirement = requirement_of(found, line)?;
            let heading = format!("{} {}", requirement.code, requirement.title);
            let own = line_href(found, line);
            if let Some(lack) = reading.lacks(line).filter(|_| state != Some(PlanState::Approved)) {
                blocks.push(Block { text: heading.clone(), href: own.clone(), reason: lack.words() });
            } else if reading.owner_left(line) {
                let reason = LineGap::OwnerLeft.words();
                blocks.push(Block { text: heading.clone(), href: own.clone(), reason });
            }
            lines.push(item(reading, line, (heading, own), today));
        }
        for code in unplanned.iter().filter(|_| state.is_some()) {
            let title =
                found.edition.edition().requirement(code.as_str()).map_or("", |asked| asked.title.as_str());
            blocks.push(Block {
                text: format!("{code} {title}"),
                href: question_href(&found.code, &found.collection.key, code.as_str()),
                reason: "This gap has no line in the plan yet.".to_owned(),
            });
        }
        let complete = blocks.is_empty() && !lines.is_empty();
        Ok(Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            tag: state.map(tag),
            refused,
            due_by: reading.due_by.words(),
            reason: reading.plan.as_ref().map(|plan| plan.reason.clone()).unwrap_or_default(),
            signed: signed(reading),
            gaps: unplanned.len(),
            gaps_href: step(written && !unplanned.is_empty() && found.offers::<PlanGaps>(actor), "gaps"),
            ask_href: step(complete && found.offers_on_plan::<AskForPlanSignature>(actor), "ask"),
            sign_href: step(complete && found.offers_on_plan::<SignPlan>(actor), "sign"),
            hash: lines_hash(reading)?,
            send_href: step(complete && found.offers_on_plan::<SendPlan>(actor), "send"),
            take_back_href: step(
                state.is_some_and(PlanState::is_signed) && found.offers_on_plan::<TakeBackPlan>(actor),
                "take-back",
            ),
            take_back_words: take_back_words(state),
            blocks,
            lines,
            decisions: decision_items(found, reading),
            way: way_of(found),
        })
    }
}

const fn take_back_words(state: Option<PlanState>) -> &'static str {
    match state {
        Some(PlanState::Approved) => {
            "This plan is approved. If you take it back to change it, the approval is void: the plan must be signed, sent \
             and approved again. The programme managers are told by email."
        }
        _ => "To change a line, take the plan back. It must then be signed and approved again.",
    }
}

fn item(reading: &Reading, line: &PlanLine, (heading, href): (String, String), today: Day) -> Item {
    Item {
        heading,
        href,
        tag: line_tag(line, today),
        action: line.action.clone(),
        owner: reading.name(line.owner).to_owned(),
        due: line.due_on.map(Day::words).unwrap_or_default(),
        resources: line.resources.clone(),
        funded: line.funded.words(),
        rejected: line.rejected.clone(),
    }
}

fn signed(reading: &Reading) -> String {
    let Some(plan) = reading.plan.as_ref().filter(|plan| plan.state.is_signed()) else {
        return String::new();
    };
    let at = plan.signed_at.map(|at| at.london_day().words()).unwrap_or_default();
    let mut words = format!("Signed by {} on {at}.", reading.name(plan.signed_by));
    if let Some(sent) = plan.sent_at {
        words.push_str(&format!(" Sent on {}.", sent.london_day().words()));
    }
    if let Some(decided) = plan.decided_at.filter(|_| plan.state == PlanState::Approved) {
        words.push_str(&format!(" Approved on {}.", decided.london_day().words()));
    }
    words
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "returns/plan/plan.html";

    fn title(&self) -> String {
        format!("Improvement plan, {}, {}", self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            tag: None,
            refused: String::new(),
            due_by: "30 December 2026".to_owned(),
            reason: String::new(),
            signed: String::new(),
            blocks: Vec::new(),
            lines: Vec::new(),
            decisions: Vec::new(),
            gaps: 0,
            gaps_href: String::new(),
            ask_href: String::new(),
            sign_href: String::new(),
            hash: String::new(),
            send_href: String::new(),
            take_back_href: String::new(),
            take_back_words: take_back_words(None),
            way: super::sample_way(),
        };
        let href = |more: &str| format!("/organisations/ZZ001/returns/2026/plan/{more}");
        let line = |action: &str, rejected: &str| Item {
            heading: "1.1.2 Register".to_owned(),
            href: href("lines/1"),
            tag: Tag::new("Overdue", "red"),
            action: action.to_owned(),
            owner: if action.is_empty() { String::new() } else { "Ada Example".to_owned() },
            due: if action.is_empty() { String::new() } else { "1 October 2026".to_owned() },
            resources: if action.is_empty() { String::new() } else { "Two days".to_owned() },
            funded: "Funded",
            rejected: rejected.to_owned(),
        };
        let typical = Self {
            tag: Some(tag(PlanState::Rejected)),
            refused: "The improvement plan is not complete: 1 line lacks something.".to_owned(),
            reason: "Two dates are too late.".to_owned(),
            blocks: vec![Block {
                text: "1.1.2 Register".to_owned(),
                href: href("lines/1"),
                reason: "Choose an owner.".to_owned(),
            }],
            lines: vec![line("Write it.", "Say who writes it."), line("", "")],
            decisions: sample_decisions(),
            gaps: 2,
            gaps_href: href("gaps"),
            ..bare()
        };
        let sent = Self {
            tag: Some(tag(PlanState::Sent)),
            signed: "Signed by Siro Example on 1 June 2026.".to_owned(),
            lines: vec![line("Write it.", "")],
            ask_href: href("ask"),
            sign_href: href("sign"),
            hash: "00".repeat(32),
            send_href: href("send"),
            take_back_href: href("take-back"),
            ..bare()
        };
        let approved = Self {
            tag: Some(tag(PlanState::Approved)),
            lines: vec![line("Write it.", "")],
            take_back_href: href("take-back"),
            take_back_words: take_back_words(Some(PlanState::Approved)),
            ..bare()
        };
        vec![("empty", bare()), ("typical", typical), ("sent", sent), ("approved", approved)]
    }
}
