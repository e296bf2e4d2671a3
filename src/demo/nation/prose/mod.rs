//! The plain text of the demo: comments on answers, reviewers' reasons, queries and replies. Sentences are templates
//! whose slots are filled at random, chosen by the theme of the requirement and by how well it is met.

pub mod comments;
pub mod reviews;
pub mod themes;

use super::chance::Chance;

const ROLES: &[&str] = &[
    "the IG lead",
    "the deputy SIRO",
    "the head of IT",
    "the records manager",
    "our data protection officer",
    "the cyber security manager",
    "our lead information asset owner",
    "the service desk lead",
    "the operations director",
    "the training coordinator",
    "the Caldicott Guardian",
    "the systems administrator",
    "the business continuity lead",
];

const FORUMS: &[&str] = &[
    "the information governance group",
    "the audit committee",
    "the digital board",
    "the risk committee",
    "the senior leadership meeting",
    "the quality and safety group",
    "the partners' meeting",
    "the change board",
    "the cyber security working group",
    "the executive team",
];

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "September",
    "October",
    "November",
    "December",
];

const DOCUMENTS: &[&str] = &[
    "data protection policy",
    "acceptable use policy",
    "incident procedure",
    "records schedule",
    "asset register",
    "access control procedure",
    "supplier register",
    "training plan",
    "backup schedule",
    "continuity plan",
    "patching report",
    "risk register",
    "privacy notice",
    "joiners and leavers checklist",
    "audit report",
];

const SYSTEMS: &[&str] = &[
    "the patient record",
    "e-mail",
    "the rostering system",
    "the imaging archive",
    "the care planning system",
    "the shared drive",
    "the appointment system",
    "the finance system",
    "remote access",
    "the laboratory system",
    "the dispensing system",
    "the telephone platform",
];

/// Replaces every `{slot}` of a template by something fitting. Unknown slots stay as they are, which a test forbids.
pub(super) fn fill(chance: &mut Chance, template: &str, into: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        into.push_str(before);
        let Some((slot, tail)) = after.split_once('}') else {
            into.push('{');
            rest = after;
            continue;
        };
        match slot {
            "role" => into.push_str(chance.pick(ROLES)),
            "forum" => into.push_str(chance.pick(FORUMS)),
            "month" => into.push_str(chance.pick(MONTHS)),
            "doc" => into.push_str(chance.pick(DOCUMENTS)),
            "system" => into.push_str(chance.pick(SYSTEMS)),
            "pct" => into.push_str(&chance.between(88, 99).to_string()),
            "lowpct" => into.push_str(&chance.between(48, 83).to_string()),
            "n" => into.push_str(&chance.between(2, 9).to_string()),
            "many" => into.push_str(&chance.between(11, 140).to_string()),
            "days" => into.push_str(&chance.between(3, 30).to_string()),
            "v" => {
                into.push_str(&format!("{}.{}", chance.between(1, 6), chance.between(0, 9)));
            }
            _ => {
                into.push('{');
                into.push_str(slot);
                into.push('}');
            }
        }
        rest = tail;
    }
    into.push_str(rest);
}

/// Fills one of several templates.
pub(super) fn fill_one(chance: &mut Chance, templates: &[&str]) -> String {
    let template = chance.pick(templates);
    let mut text = String::with_capacity(template.len() + 32);
    fill(chance, template, &mut text);
    capitalise(&mut text);
    text
}

/// Sentences may begin with a slot whose filling begins small.
fn capitalise(text: &mut String) {
    if let Some(first) = text.get(..1) {
        let upper = first.to_uppercase();
        text.replace_range(..1, &upper);
    }
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    #[test]
    fn slots_are_filled_and_sentences_begin_with_a_capital() {
        let mut chance = Chance::new(1, Purpose::Returns, 1);
        let text = fill_one(&mut chance, &["{role} showed {n} reports to {forum} in {month}."]);
        assert!(!text.contains('{'), "{text}");
        assert!(text.starts_with(|c: char| c.is_uppercase()), "{text}");
    }

    #[test]
    fn a_lone_brace_is_kept() {
        let mut chance = Chance::new(1, Purpose::Returns, 1);
        assert_eq!(fill_one(&mut chance, &["A { alone"]), "A { alone");
        assert_eq!(fill_one(&mut chance, &[]), "");
    }
}
