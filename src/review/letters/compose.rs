//! Composing a letter from a decision: every word of it, from the texts and the facts.

use super::gaps::gaps;
use super::model::{Cause, Letter, SettledLine};
use super::plan::PlanFacts;
use super::texts::{Texts, Words, texts};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::review::case::{Case, grade_words};
use crate::review::challenge::Ruling;
use crate::review::pages::paragraphs;
use crate::standards::scoring::Score;

/// What a letter is composed from.
pub(super) struct Composing<'a> {
    /// The case, with the decisions that the letter tells of.
    pub case: &'a Case,
    /// What they give.
    pub score: &'a Score,
    /// Why there is a letter.
    pub cause: Cause,
    /// Its number among the letters about the return.
    pub number: i64,
    /// When it is written.
    pub dated: Timestamp,
    /// When the letter before it was written.
    pub earlier: Option<Timestamp>,
    /// Until when the decision can be challenged.
    pub until: Timestamp,
    /// How many working days that is.
    pub days: u32,
    /// The improvement plan.
    pub plan: PlanFacts,
    /// The reviewer's summary.
    pub summary: &'a str,
    /// What the reviewer adds.
    pub added: &'a str,
    /// What became of a challenge.
    pub settled: Option<(Ruling, &'a [SettledLine])>,
}

/// The words for how a challenge came out.
fn settled_words(ruling: Ruling) -> Result<&'static str> {
    let results = &texts()?.result;
    Ok(match ruling {
        Ruling::Upheld => &results.upheld,
        Ruling::Partly => &results.partly,
        Ruling::Rejected => &results.rejected,
    })
}

/// The letter.
pub(super) fn compose(about: &Composing<'_>) -> Result<Letter> {
    let texts = texts()?;
    let found = &about.case.found;
    let claimed = grade_words(&found.review.claimed_grade);
    let assessed = about.score.grade.label();
    let submitted = found.submitted_at.london_day().words();
    let earlier = about.earlier.map(|at| at.london_day().words()).unwrap_or_default();
    let until = about.until.london_words();
    let gaps = gaps(about.case, about.score);
    let (days, count) = (about.days.to_string(), gaps.len().to_string());
    let result = match about.settled {
        Some((ruling, _)) => settled_words(ruling)?,
        None => "",
    };
    let words = Words(vec![
        ("organisation", found.name.as_str()),
        ("year", found.year_label.as_str()),
        ("submitted", submitted.as_str()),
        ("earlier", earlier.as_str()),
        ("claimed", claimed.as_str()),
        ("assessed", assessed),
        ("until", until.as_str()),
        ("days", days.as_str()),
        ("count", count.as_str()),
        ("result", result),
    ]);
    let mut opening = words.fill_all(texts.opening.of(about.cause));
    opening.push(words.fill(grade_text(texts, about)));
    Ok(Letter {
        texts: texts.version,
        number: about.number,
        code: found.code.clone(),
        organisation: found.name.clone(),
        year: found.year_label.clone(),
        dated: about.dated.london_day().words(),
        title: words.fill(texts.title.of(about.cause)),
        facts: facts(about, &claimed, assessed),
        opening,
        settled: about.settled.map(|(_, lines)| lines.to_vec()).unwrap_or_default(),
        summary: paragraphs(about.summary),
        added: paragraphs(about.added),
        about_gaps: vec![words.fill(match gaps.len() {
            0 => &texts.gaps.none,
            1 => &texts.gaps.one,
            _ => &texts.gaps.many,
        })],
        plan: vec![about.plan.words(texts, gaps.len())],
        gaps,
        challenge: words.fill_all(match about.cause {
            Cause::Challenge => &texts.challenge.settled,
            Cause::Review | Cause::Reopening => &texts.challenge.open,
        }),
        closing: words.fill_all(&texts.closing.all),
    })
}

fn grade_text<'a>(texts: &'a Texts, about: &Composing<'_>) -> &'a str {
    if about.score.grade.as_str() == about.case.found.review.claimed_grade {
        &texts.grade.same
    } else if about.cause == Cause::Challenge {
        &texts.grade.settled
    } else {
        &texts.grade.changed
    }
}

/// Under which rules the decision was made, and what it says.
fn facts(about: &Composing<'_>, claimed: &str, assessed: &str) -> Vec<(String, String)> {
    let edition = about.case.edition();
    let fact = |key: &str, value: String| (key.to_owned(), value);
    let mut facts = vec![
        fact("Organisation", format!("{} ({})", about.case.found.name, about.case.found.code)),
        fact("Standard", edition.standard_name().to_owned()),
        fact("Edition", edition.label().to_owned()),
        fact("Version of the rules", about.score.rule_set.to_string()),
        fact("Grade claimed", claimed.to_owned()),
        fact("Grade after review", assessed.to_owned()),
    ];
    if let Some(percentage) = about.score.percentage {
        facts.push(fact("Percentage after review", format!("{percentage}%")));
    }
    facts
}
