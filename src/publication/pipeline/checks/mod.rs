//! Quality checks of a release: computed from its frozen document, listed one by one, each passed, failed, or in need
//! of an explanation that somebody writes. Pure: the same inputs always give the same list.

mod figures;
mod sums;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::platform::clock::{Day, Timestamp};
use crate::platform::pages::words::number;
use crate::publication::document::{Document, TableEntry};
use crate::statistics::Margins;

/// Percentage points by which a headline share may differ from the last release without an explanation.
const MOST_POINTS: i64 = 5;

/// By how many in a hundred the number of organisations may differ from the last release without an explanation.
const MOST_PERCENT: u64 = 10;

/// Days after which a register, or a collection's figures, are too old to go out without an explanation.
const OLDEST_DAYS: i64 = 90;

crate::text_enum! {
    /// What a check came to.
    Outcome {
        /// Nothing was found.
        Passed = "passed", "Passed";
        /// Something was found that nobody can explain away.
        Failed = "failed", "Failed";
        /// Something was found that a person must explain.
        Unexplained = "unexplained", "Needs an explanation";
        /// Something was found, and somebody explained it.
        Explained = "explained", "Explained";
    }
}

/// One check with what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its stable name.
    pub key: String,
    /// What it asks.
    pub title: String,
    /// What it came to.
    pub outcome: Outcome,
    /// What it found, in sentences.
    pub found: String,
    /// What somebody wrote about it; empty otherwise.
    pub explanation: String,
}

/// What the checks look at.
pub struct Inputs<'a> {
    /// The document.
    pub document: &'a Document,
    /// Whether the stored text still hashes to what was recorded when the release was composed.
    pub intact: bool,
    /// The last public release of the series, where there is one.
    pub last: Option<&'a Document>,
    /// What the figures say, in words.
    pub commentary: &'a str,
    /// Whom readers may ask.
    pub contact: &'a str,
    /// Whether this is another version of figures that are public already.
    pub is_revision: bool,
    /// Why there is another version.
    pub reason: &'a str,
    /// A release that became public after the figures were taken, and from which these could be taken away; none where
    /// every public one was reckoned with.
    pub not_reckoned_with: Option<&'a str>,
    /// Whether the rules of the edition are being corrected, or were after the figures were taken.
    pub rescoring: bool,
    /// When the register of organisations was last brought up to date; none when it never was by an import.
    pub register: Option<Timestamp>,
    /// Today.
    pub today: Day,
}

/// What one check found, before explanations.
enum Found {
    Nothing(String),
    Wrong(String),
    Strange(String),
}

/// Every check, in the order in which people read them.
pub fn run(of: &Inputs<'_>, explanations: &BTreeMap<String, String>) -> Vec<Check> {
    let all = [
        ("intact", "The document is as it was composed", intact(of)),
        ("organisations", "There is something to publish", organisations(of.document)),
        ("sums", "Denominators and totals add up", sums::check(of.document)),
        ("notes", "Every table says what it shows and by which rules it was made", notes(of.document)),
        ("disclosure", "Disclosure control was applied", disclosure(of)),
        ("change", "Differences from the last release are within bounds", change(of)),
        ("rescoring", "No correction of rules is under way", rescoring(of)),
        ("age", "The figures and the register are recent", age(of)),
        ("words", "The text is complete", words(of)),
        ("figures", "Figures in the text stand in the tables", figures::check(of.document, of.commentary)),
    ];
    let made = all.into_iter().map(|(key, title, found)| check(key, title, found, explanations));
    made.collect()
}

fn check(key: &str, title: &str, found: Found, explanations: &BTreeMap<String, String>) -> Check {
    let explanation = explanations.get(key).cloned().unwrap_or_default();
    let (outcome, found) = match found {
        Found::Nothing(text) => (Outcome::Passed, text),
        Found::Wrong(text) => (Outcome::Failed, text),
        Found::Strange(text) if explanation.is_empty() => (Outcome::Unexplained, text),
        Found::Strange(text) => (Outcome::Explained, text),
    };
    // An explanation of what is no longer found explains nothing.
    let explanation = if outcome == Outcome::Explained { explanation } else { String::new() };
    Check { key: key.to_owned(), title: title.to_owned(), outcome, found, explanation }
}

/// Whether a release with these checks may be submitted and approved.
pub fn are_settled(checks: &[Check]) -> bool {
    checks.iter().all(|check| matches!(check.outcome, Outcome::Passed | Outcome::Explained))
}

fn intact(of: &Inputs<'_>) -> Found {
    if of.intact {
        Found::Nothing("Its fingerprint is the one that was recorded.".to_owned())
    } else {
        Found::Wrong(
            "Its fingerprint is not the one that was recorded. Compose the release again.".to_owned(),
        )
    }
}

fn organisations(document: &Document) -> Found {
    let count = document.headline.in_scope;
    if count == 0 {
        return Found::Wrong("No organisation is in scope, so there is nothing to publish.".to_owned());
    }
    if document.source.inputs.get("submissions") == Some(&0) {
        return Found::Strange(format!(
            "None of {} organisations in scope has submitted a return.",
            number(count.into())
        ));
    }
    Found::Nothing(format!("{} organisations are in scope.", number(count.into())))
}

fn notes(document: &Document) -> Found {
    let tables = document.tables.iter().map(|one| (&one.name, &one.about, &one.table.caption));
    let measures = document.measures.iter().map(|one| (&one.name, &one.about, &one.table.caption));
    let lacking: Vec<&str> = tables
        .chain(measures)
        .filter(|(_, about, caption)| about.trim().is_empty() || caption.trim().is_empty())
        .map(|(name, ..)| name.as_str())
        .collect();
    if document.rules.publication.is_empty() {
        return Found::Wrong("The release does not name the rules it was made by.".to_owned());
    }
    if lacking.is_empty() {
        Found::Nothing(format!(
            "{} tables, made by the rules {}.",
            document.tables.len() + document.measures.len(),
            document.rules.publication
        ))
    } else {
        Found::Wrong(format!("These tables do not say what they show: {}.", lacking.join(", ")))
    }
}

/// Looks at what would be shown, not at what disclosure control says of itself: every figure of a protected table is held
/// against the rules again.
fn disclosure(of: &Inputs<'_>) -> Found {
    let document = of.document;
    let rules = &document.rules.disclosure;
    if let Some(key) = of.not_reckoned_with {
        return Found::Wrong(format!(
            "The release {key} became public after these figures were taken: the difference of the two was not looked at. \
             Compose the release again."
        ));
    }
    if let Err(error) = rules.validate() {
        return Found::Wrong(format!("The rules contradict themselves: {error}."));
    }
    let protected: Vec<&TableEntry> = document.tables.iter().filter(|entry| entry.protected).collect();
    let mut withheld = 0;
    for entry in &protected {
        withheld += entry.table.withheld() as u64;
        for row in 0..entry.table.rows.len() {
            let Some(size) = entry.table.row_totals.get(row).copied().flatten() else { continue };
            // Zeros and whole groups can be public by the rule for answers that nobody or everybody gave.
            let shown = entry.table.row(row).iter().flatten();
            let mut within = shown.copied().filter(|count| (1..size).contains(count));
            if within.any(|count| rules.requirement(size, count).is_some()) {
                return Found::Wrong(format!(
                    "The table \u{201c}{}\u{201d} shows a figure that its rules withhold.",
                    entry.table.caption
                ));
            }
        }
    }
    Found::Nothing(match protected.len() {
        0 => "No table needs it: everything shown is public of each organisation.".to_owned(),
        many => format!("{many} tables are protected; {} figures are withheld.", number(withheld.into())),
    })
}

fn rescoring(of: &Inputs<'_>) -> Found {
    if of.rescoring {
        Found::Wrong(
            "The rules of the edition are being corrected, or were after the figures were taken. Compose the release \
             again when the corrected results are in force."
                .to_owned(),
        )
    } else {
        Found::Nothing("The figures rest on the rules in force.".to_owned())
    }
}

fn age(of: &Inputs<'_>) -> Found {
    let days = |at: Timestamp| at.london_day().days_until(of.today);
    let figures = days(of.document.as_at);
    let register = of.register.map(days);
    let mut old = Vec::new();
    if figures > OLDEST_DAYS {
        old.push(format!("The figures are {figures} days old."));
    }
    if let Some(register) = register
        && register > OLDEST_DAYS
    {
        old.push(format!("The register of organisations was brought up to date {register} days ago."));
    }
    if old.is_empty() {
        Found::Nothing(format!("Neither is older than {OLDEST_DAYS} days."))
    } else {
        Found::Strange(old.join(" "))
    }
}

fn words(of: &Inputs<'_>) -> Found {
    let mut lacking = Vec::new();
    if of.commentary.trim().is_empty() {
        lacking.push("what the figures say, in plain words");
    }
    if of.contact.trim().is_empty() {
        lacking.push("whom readers may ask");
    }
    if of.is_revision && of.reason.trim().is_empty() {
        lacking.push("why there is another version of these figures");
    }
    if lacking.is_empty() {
        Found::Nothing("The lead statistician, the contact and the text are there.".to_owned())
    } else {
        Found::Wrong(format!("Still to be written: {}.", lacking.join("; ")))
    }
}

fn change(of: &Inputs<'_>) -> Found {
    let Some(last) = of.last else {
        return Found::Nothing("There is no earlier release to compare with.".to_owned());
    };
    let (now, before) = (&of.document.headline, &last.headline);
    let mut found = Vec::new();
    if now.in_scope.abs_diff(before.in_scope) * 100 > before.in_scope * MOST_PERCENT {
        found.push(format!(
            "Organisations in scope: {} after {}.",
            number(now.in_scope.into()),
            number(before.in_scope.into())
        ));
    }
    let shares = [
        ("With a published grade", (now.published, now.in_scope), (before.published, before.in_scope)),
        ("Meeting the standard", (now.meeting, now.in_scope), (before.meeting, before.in_scope)),
    ];
    for (what, now, before) in shares {
        if differ(now, before) {
            let of = |(part, all): (u64, u64)| format!("{} of {}", number(part.into()), number(all.into()));
            found.push(format!("{what}: {} after {}.", of(now), of(before)));
        }
    }
    if found.is_empty() {
        Found::Nothing(format!("Compared with {}.", last.key))
    } else {
        found.push(format!("Compared with {}.", last.key));
        Found::Strange(found.join(" "))
    }
}

/// Whether two shares differ by more than [`MOST_POINTS`], in whole numbers.
fn differ((part, all): (u64, u64), (earlier_part, earlier_all): (u64, u64)) -> bool {
    if all == 0 || earlier_all == 0 {
        return all != earlier_all;
    }
    let cross = i128::from(part) * i128::from(earlier_all) - i128::from(earlier_part) * i128::from(all);
    cross.abs() * 100 > i128::from(MOST_POINTS) * i128::from(all) * i128::from(earlier_all)
}

/// Whether a table publishes totals of its columns too.
fn has_both_margins(entry: &TableEntry) -> bool {
    entry.table.margins == Margins::Both
}
