//! Whether a certificate stands in for an item, and, where it nearly does, why not.

use jiff::civil::Date;
use serde_json::json;

use super::input::{Answered, Certificate, ScoreInput};
use super::result::Reason;
use super::status::Status;
use super::{Context, Judged, day_words};
use crate::standards::certificate_kinds::kind_name;
use crate::standards::keys::RequirementCode;
use crate::standards::model::{Asked, Edition, Exemption, Requirement, Scheme};

/// The verdict on one item.
pub(super) struct Verdict {
    pub exempt: bool,
    /// The rule that exempts, or every rule that nearly does.
    pub reasons: Vec<Reason>,
}

/// Tries every exemption rule that names the item. A rule exempts while it is in force and a certificate of its kind
/// is valid that day and, where the rule wants it, covers the whole scope.
pub(super) fn judge(edition: &Edition, input: &ScoreInput, code: &RequirementCode) -> Verdict {
    let mut misses = Vec::new();
    for rule in edition.exemptions().iter().filter(|rule| rule.requirements.contains(code)) {
        let in_force = rule.from <= input.on && rule.until.is_none_or(|until| input.on <= until);
        for certificate in input.certificates.iter().filter(|c| c.kind == rule.certificate) {
            let miss = if in_force {
                shortfall(rule, certificate, input.on)
            } else {
                Some((
                    "exemption.not_in_force",
                    format!(
                        "The exemption by {} is not in force on {}.",
                        kind_name(&rule.certificate),
                        day_words(input.on)
                    ),
                ))
            };
            match miss {
                None => {
                    let reason = exempting(rule, certificate, input.on);
                    return Verdict { exempt: true, reasons: vec![reason] };
                }
                Some((id, words)) => misses.push(reason(id, rule, certificate, input.on, words)),
            }
        }
    }
    Verdict { exempt: false, reasons: misses }
}

/// In a levels or outcomes edition a certificate leaves a requirement out of the sum and the grade, whatever was answered:
/// counting an answer given anyway could make a certificate cost something. Where it does not, the reasons why not. In an
/// assertions edition the item's own judgement asks, because there a complete answer goes first.
pub(super) fn excused(
    context: &Context,
    requirement: &Requirement,
    asked: Asked,
    answered: Option<&Answered>,
) -> Result<Judged, Vec<Reason>> {
    if asked != Asked::Mandatory || matches!(context.edition.scheme(), Scheme::Assertions(_)) {
        return Err(Vec::new());
    }
    let verdict = judge(context.edition, context.input, &requirement.code);
    if !verdict.exempt {
        return Err(verdict.reasons);
    }
    let mut explanation = verdict.reasons;
    if answered.is_some() {
        let words = "The answer given anyway is kept, and counts again when the exemption ends.";
        explanation.push(Reason::new("exemption.answer_kept", [("answered", json!(true))], words));
    }
    Ok(Judged { status: Status::Excused, computed: None, expected: None, met_expected: None, explanation })
}

fn shortfall(rule: &Exemption, certificate: &Certificate, on: Date) -> Option<(&'static str, String)> {
    if let Some(why) = &certificate.void {
        return Some(("exemption.void", format!("The certificate does not count: {why}")));
    }
    if on < certificate.valid_from {
        let words = format!("The certificate is valid only from {}.", day_words(certificate.valid_from));
        return Some(("exemption.not_yet_valid", words));
    }
    if on > certificate.valid_to {
        let last = day_words(certificate.valid_to);
        let words = format!("The certificate lapsed after {last}, and the exemption with it.");
        return Some(("exemption.lapsed", words));
    }
    if rule.whole_scope && !certificate.whole_scope {
        let left_out = certificate.coverage.filter(|c| c.covered < c.services);
        let words = match left_out {
            Some(coverage) => format!(
                "The certificate does not exempt you: its scope leaves out {} of your {} services.",
                coverage.services - coverage.covered,
                coverage.services
            ),
            None => "The certificate does not exempt you: its scope does not cover all of your health and care data \
                     processing."
                .to_owned(),
        };
        return Some(("exemption.scope", words));
    }
    None
}

fn exempting(rule: &Exemption, certificate: &Certificate, on: Date) -> Reason {
    let last_day = rule.until.map_or(certificate.valid_to, |until| until.min(certificate.valid_to));
    let words = format!("Exempt until {}: {}", day_words(last_day), rule.reason);
    reason("exemption.applies", rule, certificate, on, words)
}

fn reason(id: &'static str, rule: &Exemption, certificate: &Certificate, on: Date, words: String) -> Reason {
    let inputs = [
        ("exemption", json!(rule.code)),
        ("certificate", json!(certificate)),
        ("whole_scope_needed", json!(rule.whole_scope)),
        ("rule_from", json!(rule.from.to_string())),
        ("rule_until", json!(rule.until.map(|until| until.to_string()))),
        ("on", json!(on.to_string())),
    ];
    Reason::new(id, inputs, words)
}
