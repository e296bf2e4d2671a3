//! What organisations write beside their answers.

use super::super::chance::{Chance, text_key};
use super::themes::{THEMES, Theme};
use super::{fill, fill_one};

/// How well a requirement is claimed to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// More than is expected.
    Above,
    /// What is expected.
    Met,
    /// Less than is expected.
    Short,
}

const EVIDENCE: &[&str] = &[
    "See the {doc}, section {n}.",
    "Evidence: {doc}, version {v}.",
    "The {doc} is attached.",
    "Minutes of {forum} for {month} are available on request.",
    "{role} can show this on screen.",
    "A screenshot from {system} is held with the {doc}.",
    "Last checked by {role} in {month}.",
    "An outside auditor looked at this in {month} and raised no major point.",
];

const PRIDE: &[&str] = &[
    "We go further than asked: results are shared with {n} neighbouring organisations.",
    "Checks are automatic and run every night.",
    "An independent review in {month} called this good practice.",
    "This has now been stable for {n} years.",
];

const NEXT_STEPS: &[&str] = &[
    "{role} has an action to close this by the end of {month}.",
    "Money has been set aside and work starts in {month}.",
    "{forum} has asked for an update in {month}.",
    "We expect to meet this in the next return.",
    "An interim control is in place: {role} checks by hand every {days} days.",
    "The risk is on the register and accepted until {month}.",
];

/// The theme of a requirement: the first whose key words occur in its title, else one that its code fixes, so that
/// a standard with unusual wording still reads as if people had thought about it.
#[must_use]
pub fn theme(code: &str, title: &str) -> &'static Theme {
    let lower = title.to_lowercase();
    let named = THEMES.iter().find(|theme| theme.words.iter().any(|word| lower.contains(word)));
    // Two in three unrecognised requirements get the general theme, the rest speak of governance.
    named.unwrap_or(if text_key(code).is_multiple_of(3) { &THEMES[10] } else { &THEMES[11] })
}

/// A comment of one to three sentences.
pub fn comment(chance: &mut Chance, theme: &Theme, standing: Standing) -> String {
    let mut text = match standing {
        Standing::Short => fill_one(chance, theme.short),
        Standing::Above | Standing::Met => fill_one(chance, theme.met),
    };
    let (share, more): (f64, &[&str]) = match standing {
        Standing::Above => (0.6, PRIDE),
        Standing::Met => (0.5, EVIDENCE),
        Standing::Short => (0.75, NEXT_STEPS),
    };
    if chance.happens(share) {
        text.push(' ');
        text.push_str(&fill_one(chance, more));
    }
    if chance.happens(0.12) {
        text.push(' ');
        text.push_str(&fill_one(chance, THEMES[11].met));
    }
    text
}

/// The text of an evidence item that asks for words: one or two sentences of fact.
pub fn evidence(chance: &mut Chance, theme: &Theme) -> String {
    let mut text = fill_one(chance, theme.met);
    if chance.happens(0.4) {
        text.push(' ');
        text.push_str(&fill_one(chance, EVIDENCE));
    }
    text
}

/// Why a requirement is said not to be relevant.
pub fn not_relevant(chance: &mut Chance) -> String {
    fill_one(
        chance,
        &[
            "We hold no records of this kind.",
            "The service was transferred to a neighbouring trust in {month}.",
            "This is provided for us by our host, who answers for it.",
            "We do not use removable media or paper for this purpose.",
            "No research is carried out here.",
        ],
    )
}

/// Why an override of a computed outcome is justified.
pub fn justification(chance: &mut Chance) -> String {
    fill_one(
        chance,
        &[
            "The one indicator left open is covered by a hosted service whose operator is certified; see the {doc}.",
            "We reach the same end by other means: {role} checks every change to {system} before it goes live.",
            "A compensating control was agreed with {forum} in {month} and is tested every {days} days.",
        ],
    )
}

/// The action of an improvement plan for a shortfall.
pub fn plan_action(chance: &mut Chance) -> String {
    fill_one(
        chance,
        &[
            "Finish and approve the {doc}, then brief all teams.",
            "Carry out and record a full test for {system}.",
            "Close the gaps that the last audit found, and ask for a second look.",
            "Replace the manual check with a report from {system}.",
            "Recruit to the vacant post; until then {role} covers.",
            "Bring the remaining {n} sites onto the same procedure.",
            "Write to all suppliers without current assurance and escalate after {days} days.",
            "Roll out a second factor to all users of {system}.",
            "Complete outstanding training, with weekly lists to managers.",
            "Review all accounts on {system} and remove those not needed.",
        ],
    )
}

/// The name of an attached document, such as `asset-register-v2.3.txt`, and its text.
pub fn document(chance: &mut Chance, organisation: &str, year: &str) -> (String, String) {
    let mut title = String::new();
    fill(chance, "{doc}", &mut title);
    let mut version = String::new();
    fill(chance, "{v}", &mut version);
    let name = format!("{}-v{version}.txt", title.replace(' ', "-"));
    let mut text = format!("{organisation}\n{title}, version {version}\nReturn {year}\n\n");
    for number in 1..=chance.between(3, 6) {
        let theme = THEMES.get(chance.below(THEMES.len())).unwrap_or(&THEMES[0]);
        text.push_str(&format!("{number}. {}\n", fill_one(chance, theme.met)));
    }
    text.push_str(&format!(
        "\nReviewed: {}\n",
        fill_one(chance, &["{month}, by {role}", "{month}, at {forum}"])
    ));
    (name, text)
}
