//! What other pages say of the decision: the overview of a review, and the outcome as the organisation sees it.

use serde::Serialize;

use crate::access::Actor;
use crate::platform::clock::Timestamp;
use crate::platform::pages::Link;
use crate::review::closing::Standing;
use crate::review::letters::reading::Outcome;
use crate::review::model::ReviewState;
use crate::review::pages::paragraphs;
use crate::review::store::Review;

/// The decision, on the overview of a review.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review) struct DecisionNote {
    href: String,
    words: String,
    standing: String,
}

impl DecisionNote {
    /// What there is to say of a review in this state.
    pub fn new(review: &Review) -> Self {
        let words = match review.state {
            ReviewState::Claimed | ReviewState::Query | ReviewState::Second => {
                "Trial: what the decisions so far would give, and the letter"
            }
            ReviewState::Decided => "See the decision and its letters",
            ReviewState::Queued | ReviewState::Superseded | ReviewState::Withdrawn => "",
        };
        let href = if words.is_empty() { String::new() } else { format!("/reviews/{}/decision", review.id) };
        Self { href, words: words.to_owned(), standing: standing_words(review.standing()) }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            href: "/reviews/1/decision".to_owned(),
            words: "See the decision and its letters".to_owned(),
            standing: "Final since 3 March 2026 at 9am.".to_owned(),
        }
    }
}

/// How firm a decision is, in words; empty where there is none.
pub(super) fn standing_words(standing: Standing) -> String {
    match standing {
        Standing::Undecided => String::new(),
        Standing::Provisional(until) => format!("Open to challenge until {}.", until.london_words()),
        Standing::Final(at) => format!("Final since {}.", at.london_words()),
    }
}

/// The decision, beside the outcome that the organisation reads.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::review) struct BesideOutcome {
    letters: Vec<Link>,
    standing: String,
    challenge_href: String,
    challenge_words: &'static str,
    reopened_on: String,
    reopened: Vec<String>,
}

impl BesideOutcome {
    /// What there is beside an outcome at this moment.
    pub fn new(of: &Outcome, actor: &Actor, now: Timestamp) -> Self {
        let found = &of.case.found;
        let base = format!("/organisations/{}/returns/{}", found.code, found.collection_key);
        let standing = found.review.standing();
        let in_time = matches!(standing, Standing::Provisional(until) if until >= now);
        let challenge_words = if of.challenged {
            "See your challenge, which waits for its answer"
        } else if in_time && of.may_challenge && of.state == ReviewState::Decided && actor.id().is_some() {
            "Challenge the decision"
        } else {
            ""
        };
        Self {
            letters: of
                .letters
                .iter()
                .map(|letter| {
                    let text = format!("Letter {} of {}", letter.number, letter.made_at.london_day().words());
                    Link::new(text, format!("{base}/letters/{}", letter.number))
                })
                .collect(),
            standing: if of.state == ReviewState::Decided { standing_words(standing) } else { String::new() },
            challenge_href: if challenge_words.is_empty() {
                String::new()
            } else {
                format!("{base}/challenge")
            },
            challenge_words,
            reopened_on: of.reopening.as_ref().map(|one| one.at.london_words()).unwrap_or_default(),
            reopened: of.reopening.as_ref().map(|one| paragraphs(&one.reason)).unwrap_or_default(),
        }
    }

    /// An example for the checks.
    pub fn sample() -> Self {
        Self {
            letters: vec![Link::new(
                "Letter 1 of 3 March 2026",
                "/organisations/ZZ001/returns/2026/letters/1",
            )],
            standing: "Open to challenge until 31 March 2026 at 5pm.".to_owned(),
            challenge_href: "/organisations/ZZ001/returns/2026/challenge".to_owned(),
            challenge_words: "Challenge the decision",
            reopened_on: "4 April 2026 at 9am".to_owned(),
            reopened: vec!["New facts came to light.".to_owned()],
        }
    }
}
