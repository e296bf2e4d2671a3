//! What the rules of a draft say, piece by piece: exemptions, scoring, improvement plans, signers and what they state. Pure.

use std::collections::BTreeSet;

use super::model::Content;
use super::place::{Place, Said, line, said};
use crate::platform::pages::words::{date, sentence};
use crate::standards::bands::bands_text;
use crate::standards::keys::SectorKey;
use crate::standards::mapping::Difference;
use crate::standards::model::{Exemption, Scheme, SignerRole};

/// What stands where nothing is named.
const NONE: &str = "None";

fn codes<T: ToString>(each: impl Iterator<Item = T>) -> String {
    let all: Vec<String> = each.map(|one| one.to_string()).collect();
    if all.is_empty() { NONE.to_owned() } else { sentence(&all) }
}

fn sectors<'a>(each: impl Iterator<Item = &'a SectorKey>, nobody: &str) -> String {
    let all: Vec<String> = each.map(|sector| sector.label().to_owned()).collect();
    if all.is_empty() { nobody.to_owned() } else { sentence(&all) }
}

/// One exemption rule.
pub(super) fn exemption(rule: &Exemption) -> Said {
    let scope = if rule.whole_scope {
        "It must cover all processing of health and care data"
    } else {
        "Any scope is enough"
    };
    vec![
        line("Code", &rule.code),
        line("Certificate", rule.certificate.as_str()),
        line("Requirements", codes(rule.requirements.iter())),
        line("Scope of the certificate", scope),
        line("In force from", date(rule.from)),
        line("In force until", rule.until.map_or_else(|| "No end".to_owned(), date)),
        line("Reason", &rule.reason),
    ]
}

/// The data of the scoring scheme.
pub(super) fn scoring(content: &Content) -> Said {
    match &content.parts.scheme {
        Scheme::Levels(scheme) => vec![
            line("Highest level", scheme.max_level.to_string()),
            line("Level that is satisfactory", scheme.satisfactory_level.to_string()),
            line("Words for the percentage", bands_text(&scheme.bands)),
        ],
        Scheme::Assertions(scheme) => vec![
            line(
                "Approach the standards only by an approved plan",
                sectors(scheme.approaching_sectors_large.iter(), "Nobody"),
            ),
            line(
                "Items that let a small organisation approach the standards",
                codes(scheme.small_subset.iter()),
            ),
            line(
                "Certificate that exceeds the standards",
                scheme.exceeded_certificate.as_ref().map_or(NONE, |kind| kind.as_str()),
            ),
        ],
        Scheme::Outcomes {} => {
            vec![line("Scoring", "The decision table of outcomes is the same in every edition")]
        }
    }
}

/// The rules of improvement plans.
pub(super) fn plan_rules(content: &Content) -> Said {
    let Some(rules) = content.parts.improvement_plan else {
        return vec![line("Rules", "The usual ones of the scheme")];
    };
    let covers = if rules.covers_gaps { "Yes" } else { "No" };
    vec![
        line("Rules", "Its own"),
        line("Months after the deadline by which everything must be done", rules.due_months.to_string()),
        line("A gap that a signed plan covers may be left unanswered", covers),
    ]
}

/// What a role signs for.
pub(super) fn signer(content: &Content, role: SignerRole) -> Said {
    let Some(signer) = content.parts.signers.iter().find(|signer| signer.role == role) else {
        return vec![line("Signs", "No")];
    };
    vec![
        line("Signs", "Yes"),
        line("Sections", codes(signer.sections.iter())),
        line("Requirements besides", codes(signer.requirements.iter())),
        line("For organisations of", sectors(signer.sectors.iter(), "Every kind")),
    ]
}

/// What signers state.
pub(super) fn statements(content: &Content) -> Said {
    let own = &content.parts.statements;
    let words = |text: &Option<String>| text.clone().unwrap_or_else(|| "The portal's own words".to_owned());
    vec![
        line("Senior information risk owner", words(&own.siro)),
        line(SignerRole::CaldicottGuardian.label(), words(&own.caldicott_guardian)),
        line(SignerRole::Dpo.label(), words(&own.dpo)),
    ]
}

/// Each piece that differs between the rules of two documents.
pub(super) fn differences(from: &Content, to: &Content) -> Vec<Difference> {
    let mut places =
        vec![("Scoring".to_owned(), Place::Scoring), ("Improvement plans".to_owned(), Place::PlanRules)];
    places.extend(SignerRole::ALL.map(|role| (role.label().to_owned(), Place::Signer(role))));
    places.push(("Statement".to_owned(), Place::Statements));
    let rules = from.parts.exemptions.iter().chain(&to.parts.exemptions);
    let codes: BTreeSet<&str> = rules.map(|rule| rule.code.as_str()).collect();
    places.extend(
        codes.into_iter().map(|code| (format!("Exemption {code}"), Place::Exemption(code.to_owned()))),
    );
    places.iter().flat_map(|(name, place)| differ(name, said(from, place), said(to, place))).collect()
}

fn differ(name: &str, before: Option<Said>, now: Option<Said>) -> Vec<Difference> {
    let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
    let text = |of: &Said, label: &str| {
        of.iter().find(|(known, _)| known == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(label, _)| !now.iter().any(|(known, _)| known == label));
    now.iter()
        .chain(gone)
        .map(|(label, _)| Difference {
            label: format!("{name}, {label}"),
            before: text(&before, label),
            now: text(&now, label),
        })
        .filter(|piece| piece.before != piece.now)
        .collect()
}
