//! The assertions scheme: evidence items complete and their assertions confirmed give *met*, a
//! certificate lifts it to *exceeded*, and an accepted plan softens *not met* to *approaching*.

use serde_json::json;

use super::exemption;
use super::input::PlanStanding;
use super::result::{GradeKey, Reason, RequirementScore};
use super::status::Status;
use super::{Answered, Context, Graded, Judged, day_words, list_codes};
use crate::standards::certificate_kinds::kind_name;
use crate::standards::keys::RequirementCode;
use crate::standards::model::{Asked, AssertionsScheme, ItemKind, Requirement, RequirementKind};

/// The status of one item or confirmation.
pub(super) fn judge(
    context: &Context,
    requirement: &Requirement,
    asked: Asked,
    answered: Option<&Answered>,
) -> Judged {
    let files = answered.map_or(0, |a| a.attached_files);
    let complete = answered.is_some_and(|a| a.value.is_complete(requirement, files));
    let item = match &requirement.kind {
        RequirementKind::Item { item, .. } => *item,
        RequirementKind::Level { .. } | RequirementKind::Outcome { .. } => ItemKind::Text,
    };
    let inputs = || {
        [
            ("item", json!(item)),
            ("answered", json!(answered.is_some())),
            ("attached_files", json!(files)),
            ("mandatory", json!(asked == Asked::Mandatory)),
        ]
    };
    if complete {
        let words = if item == ItemKind::Confirmation { "The assertion is confirmed." } else { "Complete." };
        let reason = Reason::new("assertions.complete", inputs(), words);
        return judged(Status::Complete, asked, vec![reason]);
    }
    if asked != Asked::Mandatory {
        let words = "Optional for this sector, so it does not count.";
        let reason = Reason::new("assertions.optional", inputs(), words);
        return judged(Status::Optional, asked, vec![reason]);
    }
    let verdict = exemption::judge(context.edition, context.input, &requirement.code);
    if verdict.exempt {
        return judged(Status::Exempt, asked, verdict.reasons);
    }
    let words = incomplete_words(item, answered.is_some());
    let mut explanation = vec![Reason::new("assertions.incomplete", inputs(), words)];
    explanation.extend(verdict.reasons);
    judged(Status::Incomplete, asked, explanation)
}

fn judged(status: Status, asked: Asked, explanation: Vec<Reason>) -> Judged {
    let counts = asked == Asked::Mandatory;
    Judged {
        status,
        computed: None,
        expected: counts.then_some(Status::Complete),
        met_expected: counts.then_some(matches!(status, Status::Complete | Status::Exempt)),
        explanation,
    }
}

fn incomplete_words(item: ItemKind, answered: bool) -> &'static str {
    match (item, answered) {
        (ItemKind::Confirmation, _) => "The assertion is not confirmed.",
        (ItemKind::Document, true) => "Incomplete: the document asked for is not attached.",
        (_, true) => "Incomplete: the answer is empty.",
        (_, false) => "Not answered.",
    }
}

/// The grade from the statuses.
pub(super) fn grade(
    context: &Context,
    scheme: &AssertionsScheme,
    requirements: &[RequirementScore],
) -> Graded {
    let mandatory = || requirements.iter().filter(|r| r.asked == Asked::Mandatory);
    let (mut items, mut confirmations) = (Vec::new(), Vec::new());
    for score in mandatory().filter(|r| r.met_expected != Some(true)) {
        if is_confirmation(context, score) {
            confirmations.push(&score.code);
        } else {
            items.push(&score.code);
        }
    }
    let asked = mandatory().count();
    let met = asked > 0 && items.is_empty() && confirmations.is_empty();
    let inputs = [
        ("mandatory", json!(asked)),
        ("incomplete_items", json!(items)),
        ("unconfirmed_assertions", json!(confirmations)),
    ];
    let mut reasons = vec![Reason::new("assertions.met", inputs, met_words(asked, &items, &confirmations))];
    let grade = if met {
        exceeded(context, scheme, &mut reasons)
    } else {
        approaching(context, scheme, requirements, &mut reasons)
    };
    Graded { grade, percentage: None, band: None, reasons }
}

fn is_confirmation(context: &Context, score: &RequirementScore) -> bool {
    context.edition.requirement(score.code.as_str()).is_some_and(|requirement| {
        matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Confirmation, .. })
    })
}

fn met_words(asked: usize, items: &[&RequirementCode], confirmations: &[&RequirementCode]) -> String {
    if asked == 0 {
        return "Nothing is mandatory for this sector, so nothing supports a grade.".to_owned();
    }
    match (items.is_empty(), confirmations.is_empty()) {
        (true, true) => {
            "Every mandatory item is complete or exempt and every assertion is confirmed.".to_owned()
        }
        (false, true) => format!("{} mandatory items are not complete: {}.", items.len(), list_codes(items)),
        (true, false) => {
            format!("{} assertions are not confirmed: {}.", confirmations.len(), list_codes(confirmations))
        }
        (false, false) => format!(
            "{} mandatory items are not complete ({}) and {} assertions are not confirmed ({}).",
            items.len(),
            list_codes(items),
            confirmations.len(),
            list_codes(confirmations)
        ),
    }
}

/// Met becomes exceeded while the certificate that the edition names is current.
fn exceeded(context: &Context, scheme: &AssertionsScheme, reasons: &mut Vec<Reason>) -> GradeKey {
    let Some(kind) = &scheme.exceeded_certificate else { return GradeKey::StandardsMet };
    let held = context.input.certificates.iter().find(|c| c.kind == *kind && c.current_on(context.input.on));
    let name = kind_name(kind);
    let words = match held {
        Some(certificate) => format!(
            "The {name} certificate is current until {}, so the standards are exceeded.",
            day_words(certificate.valid_to)
        ),
        None => {
            let on = day_words(context.input.on);
            format!("No {name} certificate is current on {on}, so the grade stays at met.")
        }
    };
    let inputs =
        [("wanted", json!(kind)), ("certificate", json!(held)), ("on", json!(context.input.on.to_string()))];
    reasons.push(Reason::new("assertions.exceeded", inputs, words));
    if held.is_some() { GradeKey::StandardsExceeded } else { GradeKey::StandardsMet }
}

/// Not met becomes approaching: for large organisations by a plan approved centrally; for small ones by a plan and a
/// named subset of items, once.
fn approaching(
    context: &Context,
    scheme: &AssertionsScheme,
    requirements: &[RequirementScore],
    reasons: &mut Vec<Reason>,
) -> GradeKey {
    let input = context.input;
    let large = scheme.approaching_sectors_large.contains(&input.sector);
    let missing: Vec<&RequirementCode> = requirements
        .iter()
        .filter(|r| scheme.small_subset.contains(&r.code))
        .filter(|r| !matches!(r.status, Status::Complete | Status::Exempt))
        .map(|r| &r.code)
        .collect();
    let (reached, words) = if large {
        match input.plan {
            PlanStanding::Approved => (true, "The improvement plan has been approved centrally.".to_owned()),
            PlanStanding::Submitted => (false, "The improvement plan awaits central approval.".to_owned()),
            PlanStanding::None => (false, "There is no improvement plan.".to_owned()),
        }
    } else if input.plan == PlanStanding::None {
        (false, "There is no improvement plan.".to_owned())
    } else if scheme.small_subset.is_empty() {
        (
            false,
            "This edition names no items by which a small organisation can approach the standards."
                .to_owned(),
        )
    } else if input.approached_before {
        (false, "A small organisation may be graded as approaching the standards only once.".to_owned())
    } else if missing.is_empty() {
        (
            true,
            "There is an improvement plan and the items named for small organisations are complete."
                .to_owned(),
        )
    } else {
        let words =
            format!("Items named for small organisations are not complete: {}.", list_codes(&missing));
        (false, words)
    };
    let inputs = [
        ("large", json!(large)),
        ("plan", json!(input.plan)),
        ("approached_before", json!(input.approached_before)),
        ("subset_missing", json!(missing)),
    ];
    reasons.push(Reason::new("assertions.approaching", inputs, words));
    if reached { GradeKey::ApproachingStandards } else { GradeKey::StandardsNotMet }
}
