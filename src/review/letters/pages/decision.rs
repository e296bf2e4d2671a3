//! The decision of a review for the central team: what it is or would be, under which rules, what is short of what is asked, who
//! decides next, and what was decided before.

use serde::Serialize;

use super::beside::standing_words;
use crate::access::{
    Action as _, ActionRow, Actor, FinaliseReview, ReopenReview, SettleChallenge, WriteLetter,
};
use crate::platform::clock::Timestamp;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Cell, ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::review::case::grade_words;
use crate::review::closing::Standing;
use crate::review::letters::model::Gap;
use crate::review::letters::reading::Decision;
use crate::review::model::ReviewState;
use crate::review::pages::paragraphs;
use crate::review::second::Why;

/// What was typed into a refused form.
pub(in crate::review::letters) struct Typed<'a> {
    pub summary: &'a str,
    pub paragraph: &'a str,
}

/// The decision of a review.
#[derive(Debug, Serialize)]
pub(in crate::review::letters) struct DecisionPage {
    id: i64,
    #[serde(skip)]
    organisation: String,
    /// Whether it is only what the decisions so far would give.
    trial: bool,
    /// Whether it is a decision that is not in force any more.
    earlier: bool,
    standing: String,
    facts: Vec<Fact>,
    wanting: usize,
    next: String,
    reasons: Vec<String>,
    gaps: Vec<Gap>,
    plan: String,
    reopened_on: String,
    reopened: Vec<String>,
    conclusions: Vec<Vec<Cell>>,
    letters: Vec<Link>,
    may_write: bool,
    may_finalise: bool,
    reopen_href: String,
    settle_href: String,
    preview_href: String,
    summary: Field,
    paragraph: Field,
    errors: ErrorSummary,
}

impl DecisionPage {
    /// The page as the actor sees it.
    pub fn new(
        of: &Decision,
        actor: &Actor,
        now: Timestamp,
        typed: Option<&Typed<'_>>,
        errors: &FormErrors,
    ) -> Self {
        let found = &of.of.case.found;
        let review = &found.review;
        let subject = review.subject();
        let may = |row: ActionRow| row.allows(actor, &subject).is_ok();
        let newest = of.conclusions.last().map(|one| one.number);
        let earlier = of.shown.is_some() && (of.shown != newest || review.state != ReviewState::Decided);
        let trial = of.shown.is_none() && review.state != ReviewState::Decided;
        let mine = review.reviewer.is_some() && review.reviewer == actor.id();
        let in_force = !earlier && review.state == ReviewState::Decided;
        let passed = matches!(review.standing(), Standing::Provisional(until) if until < now);
        let at = format!("/reviews/{}", review.id);
        let href = |offered: bool, page: &str| if offered { format!("{at}/{page}") } else { String::new() };
        let writes = trial && mine && may(WriteLetter::ROW);
        Self {
            id: review.id.get(),
            organisation: found.name.clone(),
            trial,
            earlier,
            standing: if earlier { String::new() } else { standing_words(review.standing()) },
            facts: facts(of, trial),
            wanting: of.of.case.wanting().len(),
            next: next(of),
            reasons: of.score.reasons.iter().map(|reason| reason.words.clone()).collect(),
            gaps: of.gaps.clone(),
            plan: of.plan_words.clone(),
            reopened_on: of.reopening.as_ref().map(|one| one.at.london_words()).unwrap_or_default(),
            reopened: of.reopening.as_ref().map(|one| paragraphs(&one.reason)).unwrap_or_default(),
            conclusions: conclusions(of),
            letters: of
                .letters
                .iter()
                .map(|letter| {
                    let text = format!("Letter {} of {}", letter.number, letter.made_at.london_day().words());
                    Link::new(text, format!("{at}/letters/{}", letter.number))
                })
                .collect(),
            may_write: writes,
            may_finalise: in_force && passed && !of.challenged && may(FinaliseReview::ROW),
            reopen_href: href(
                in_force && !of.challenged && newest.is_some() && may(ReopenReview::ROW),
                "reopen",
            ),
            settle_href: href(in_force && of.challenged && may(SettleChallenge::ROW), "challenge"),
            preview_href: href(
                matches!(review.state, ReviewState::Claimed | ReviewState::Query | ReviewState::Second),
                "letter",
            ),
            summary: Field::new("summary", "Summary for the organisation (optional)")
                .hint("It stands in the letter. It is never published.")
                .value(typed.map_or(review.summary.as_str(), |typed| typed.summary))
                .errors(errors),
            paragraph: Field::new("paragraph", "A paragraph of your own in the letter (optional)")
                .hint("For what the summary does not say, such as whom to ask. The organisation reads it.")
                .value(typed.map_or(review.letter_paragraph.as_str(), |typed| typed.paragraph))
                .errors(errors),
            errors: errors.summary(),
        }
    }
}

fn facts(of: &Decision, trial: bool) -> Vec<Fact> {
    let found = &of.of.case.found;
    let edition = of.of.case.edition();
    let mut facts = vec![
        Fact::new("Organisation", format!("{} ({})", found.name, found.code)),
        Fact::new("Year", &*found.year_label),
        Fact::new("Standard", edition.standard_name()),
        Fact::new("Edition", edition.label()),
        Fact::new("Version of the rules", of.score.rule_set.to_string()),
        Fact::new("Grade claimed", grade_words(&found.review.claimed_grade)),
        Fact::new(if trial { "Grade so far" } else { "Grade assessed" }, of.score.grade.label()),
    ];
    if let Some(percentage) = of.score.percentage {
        facts.push(Fact::new("Percentage", format!("{percentage}%")));
    }
    facts
        .push(Fact::new("Requirements met", format!("{} of {}", of.score.totals.met, of.score.totals.asked)));
    facts.push(Fact::new(
        "Improvement plan",
        if of.gaps.is_empty() {
            "Not asked for".to_owned()
        } else {
            format!("Asked for; every action done by {}", of.plan.due_by.words())
        },
    ));
    facts
}

/// Who has to do something next.
fn next(of: &Decision) -> String {
    let review = &of.of.case.found.review;
    match review.state {
        ReviewState::Queued => "A reviewer has to claim it.".to_owned(),
        ReviewState::Query => "The organisation answers a question; then the reviewer goes on.".to_owned(),
        ReviewState::Claimed => format!(
            "The reviewer{} decides. {}",
            if of.of.name(review.reviewer).is_empty() {
                String::new()
            } else {
                format!(", {},", of.of.name(review.reviewer))
            },
            of.why.map_or("As it stands, finishing decides it.", Why::words)
        ),
        ReviewState::Second => "A second reviewer confirms it or gives it back.".to_owned(),
        ReviewState::Decided if of.challenged => {
            "Somebody who had no part in the decision settles the challenge.".to_owned()
        }
        ReviewState::Decided => match review.standing() {
            Standing::Provisional(_) => {
                "The organisation can challenge it. After the period it becomes final by itself.".to_owned()
            }
            _ => "Nobody: it is final. A programme manager can reopen it with a reason.".to_owned(),
        },
        ReviewState::Superseded | ReviewState::Withdrawn => "Nobody: it has ended.".to_owned(),
    }
}

/// Every time that the review was decided, the newest first.
fn conclusions(of: &Decision) -> Vec<Vec<Cell>> {
    let id = of.of.case.found.review.id;
    let name = |person: PersonId| of.names.get(&person).cloned().unwrap_or_default();
    of.conclusions
        .iter()
        .rev()
        .map(|one| {
            let second = one.second.map(|who| format!(", confirmed by {}", name(who))).unwrap_or_default();
            vec![
                Cell::link(
                    format!("Decision {}", one.number),
                    format!("/reviews/{id}/decision/{}", one.number),
                ),
                Cell::text(one.cause.words()),
                Cell::text(grade_words(&one.assessed_grade)),
                Cell::text(format!("{}{second}", name(one.decided_by))),
                Cell::text(one.decided_at.london_words()),
            ]
        })
        .collect()
}

impl Page for DecisionPage {
    const TEMPLATE: &'static str = "review/letters/decision.html";

    fn title(&self) -> String {
        if self.trial {
            format!("Trial decision on {}", self.organisation)
        } else {
            format!("Decision on {}", self.organisation)
        }
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews"), Link::new(&self.organisation, format!("/reviews/{}", self.id))]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FormErrors::new();
        wrong.add("summary", "The summary must be 4,000 characters or fewer");
        let gap = Gap {
            requirement: "1-101".to_owned(),
            heading: "1-101 A framework for governance".to_owned(),
            claimed: "Level 2".to_owned(),
            assessed: "Level 1".to_owned(),
            expected: "Level 2".to_owned(),
            reason: vec!["The policy is a draft.".to_owned()],
            close: "Reach level 2: an approved policy.".to_owned(),
        };
        let sample = |trial: bool, rows: usize, errors: &FormErrors| Self {
            id: 1,
            organisation: "Fenwick & Marsh Trust".to_owned(),
            trial,
            earlier: !trial && rows == 0,
            standing: if trial { String::new() } else { "Final since 3 March 2026 at 9am.".to_owned() },
            facts: vec![Fact::new("Grade claimed", "Satisfactory")],
            wanting: if trial { rows } else { 0 },
            next: "A second reviewer confirms it or gives it back.".to_owned(),
            reasons: vec!["Two requirements are below level 2.".to_owned()],
            gaps: vec![gap.clone(); rows],
            plan: "We ask for no improvement plan.".to_owned(),
            reopened_on: if rows > 0 { "4 April 2026 at 9am".to_owned() } else { String::new() },
            reopened: vec!["New facts came to light.".to_owned(); rows.min(1)],
            conclusions: (0..rows)
                .map(|_| {
                    ["Decision 1", "Review finished", "Satisfactory", "Ada", "3 March"]
                        .map(Cell::text)
                        .to_vec()
                })
                .collect(),
            letters: vec![Link::new("Letter 1 of 3 March 2026", "/reviews/1/letters/1"); rows.min(3)],
            may_write: trial,
            may_finalise: !trial,
            reopen_href: if trial { String::new() } else { "/reviews/1/reopen".to_owned() },
            settle_href: if trial { String::new() } else { "/reviews/1/challenge".to_owned() },
            preview_href: if trial { "/reviews/1/letter".to_owned() } else { String::new() },
            summary: Field::new("summary", "Summary").errors(errors),
            paragraph: Field::new("paragraph", "A paragraph").errors(errors),
            errors: errors.summary(),
        };
        let none = FormErrors::new();
        vec![
            ("trial", sample(true, 2, &none)),
            ("decided", sample(false, 1, &none)),
            ("earlier", sample(false, 0, &none)),
            ("long", sample(false, 50, &none)),
            ("errors", sample(true, 0, &wrong)),
        ]
    }
}
