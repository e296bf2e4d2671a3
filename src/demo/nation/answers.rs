//! Answers: from a claimed rank to what somebody would have typed, ticked and attached.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::chance::Chance;
use super::people::PersonIx;
use super::prose::comments::{self, Standing};
use super::prose::themes::Theme;
use super::shape::{ItemKind, RequirementKind, RequirementShape};
use super::timing::{date_of, day_of};

/// The value of an answer, as the standard's file format describes answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerValue {
    /// A level.
    Level(u8),
    /// Not relevant, with the reason.
    NotRelevant(String),
    /// Free text.
    Text(String),
    /// A date.
    Date(Date),
    /// Yes or no.
    YesNo(bool),
    /// Documents are attached; the text says which.
    Documents(String),
    /// The assertion is confirmed, or expressly not.
    Confirmed(bool),
    /// Ticked indicators, and perhaps an override of the level computed from them.
    Indicators {
        /// Codes of the ticked indicators.
        ticked: Vec<String>,
        /// The rank claimed instead (1 or 2), with its justification.
        override_to: Option<(u8, String)>,
    },
}

impl AnswerValue {
    /// The answer as JSON in the stored form.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Level(level) => json!({ "level": level }),
            Self::NotRelevant(reason) => json!({ "not_relevant": true, "reason": reason }),
            Self::Text(text) => json!({ "text": text }),
            Self::Date(date) => json!({ "date": date.to_string() }),
            Self::YesNo(yes) => json!({ "yes_no": yes }),
            Self::Documents(text) => json!({ "documents": true, "text": text }),
            Self::Confirmed(confirmed) => json!({ "confirmed": confirmed }),
            Self::Indicators { ticked, override_to: None } => json!({ "indicators": ticked }),
            Self::Indicators { ticked, override_to: Some((rank, justification)) } => json!({
                "indicators": ticked,
                "override": { "level": outcome_key(*rank), "justification": justification },
            }),
        }
    }
}

/// The key of an outcome's rank.
#[must_use]
pub const fn outcome_key(rank: u8) -> &'static str {
    match rank {
        0 => "not_achieved",
        1 => "partially_achieved",
        _ => "achieved",
    }
}

/// A small text file that belongs to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Contents, UTF-8 text.
    pub text: String,
}

/// Whether somebody has stood by the answer this year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerState {
    /// Saved or confirmed this year.
    Confirmed,
    /// Carried forward from last year and not yet looked at.
    ToConfirm,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Position of the requirement in the edition.
    pub requirement: usize,
    /// Its value.
    pub value: AnswerValue,
    /// The claimed rank, `None` when not relevant.
    pub rank: Option<u8>,
    /// The comment beside it; may be empty.
    pub comment: String,
    /// Who answered.
    pub author: PersonIx,
    /// When.
    pub answered_at: Timestamp,
    /// Whether it is confirmed.
    pub state: AnswerState,
    /// The number of the year it was carried forward from.
    pub carried_from: Option<usize>,
    /// Documents, for items that ask for them.
    pub attachments: Vec<Attachment>,
}

/// What an answer is written about.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The requirement.
    pub requirement: &'a RequirementShape,
    /// Its theme.
    pub theme: &'a Theme,
    /// The claimed rank, `None` for not relevant.
    pub rank: Option<u8>,
    /// What is expected.
    pub expected: u8,
    /// The organisation's name, for documents.
    pub organisation: &'a str,
    /// The year's label, for documents.
    pub year: &'a str,
    /// When it is answered.
    pub answered_at: Timestamp,
}

/// The value of an answer and what is attached to it; `None` where the claim is that there is nothing, so that no
/// answer is saved.
pub fn value(chance: &mut Chance, occasion: &Occasion<'_>) -> Option<(AnswerValue, Vec<Attachment>)> {
    let Some(rank) = occasion.rank else {
        return Some((AnswerValue::NotRelevant(comments::not_relevant(chance)), Vec::new()));
    };
    let requirement = occasion.requirement;
    match &requirement.kind {
        RequirementKind::Level { .. } => Some((AnswerValue::Level(rank), Vec::new())),
        RequirementKind::Outcome { achieved, partially, not } => {
            Some((indicators(chance, rank, achieved, partially, not), Vec::new()))
        }
        RequirementKind::Item { item, .. } => item_value(chance, occasion, *item, rank > 0),
    }
}

fn item_value(
    chance: &mut Chance,
    occasion: &Occasion<'_>,
    item: ItemKind,
    complete: bool,
) -> Option<(AnswerValue, Vec<Attachment>)> {
    if !complete {
        // An incomplete item has no answer; a confirmation may be refused in so many words.
        let refused = item == ItemKind::Confirmation && chance.happens(0.5);
        return refused.then_some((AnswerValue::Confirmed(false), Vec::new()));
    }
    let mut attachments = Vec::new();
    let value = match item {
        ItemKind::Text => AnswerValue::Text(comments::evidence(chance, occasion.theme)),
        ItemKind::YesNo => AnswerValue::YesNo(true),
        ItemKind::Confirmation => AnswerValue::Confirmed(true),
        ItemKind::Date => {
            let answered = occasion.answered_at.as_second() / 86_400;
            let age = chance.between(4, 320);
            AnswerValue::Date(date_of(answered - age))
        }
        ItemKind::Document => {
            for _ in 0..chance.between(1, 2) {
                let (name, text) = comments::document(chance, occasion.organisation, occasion.year);
                // Two uploads of one name would be one file.
                if attachments.iter().all(|known: &Attachment| known.name != name) {
                    attachments.push(Attachment { name, text });
                }
            }
            AnswerValue::Documents(comments::evidence(chance, occasion.theme))
        }
    };
    Some((value, attachments))
}

/// Ticks which the rule of the outcomes scheme turns into `rank`: any tick under "not achieved" means not achieved;
/// else all of "achieved" means achieved; else all of "partially" means partially; else not achieved.
fn indicators(
    chance: &mut Chance,
    rank: u8,
    achieved: &[String],
    partially: &[String],
    not: &[String],
) -> AnswerValue {
    let mut ticked = Vec::new();
    let mut override_to = None;
    match rank {
        2 if achieved.len() > 1 && chance.happens(0.02) => {
            // All but one, and the claim that another control makes up for it.
            ticked.extend(some_of(chance, achieved));
            override_to = Some((2, comments::justification(chance)));
        }
        2 => ticked.extend_from_slice(achieved),
        1 => {
            ticked.extend_from_slice(partially);
            ticked.extend(some_of(chance, achieved));
        }
        _ if not.is_empty() => ticked.extend(some_of(chance, achieved)),
        _ => {
            let certain = chance.below(not.len());
            for (index, code) in not.iter().enumerate() {
                if index == certain || chance.happens(0.3) {
                    ticked.push(code.clone());
                }
            }
            for code in partially {
                if chance.happens(0.4) {
                    ticked.push(code.clone());
                }
            }
        }
    }
    AnswerValue::Indicators { ticked, override_to }
}

/// Some of the codes, in order, but never all of them.
fn some_of(chance: &mut Chance, codes: &[String]) -> Vec<String> {
    let spared = chance.below(codes.len());
    let kept = codes.iter().enumerate().filter(|(index, _)| *index != spared && chance.happens(0.6));
    kept.map(|(_, code)| code.clone()).collect()
}

/// The comment beside an answer. People write more where more is at stake; `share` is how often they write at all.
pub fn comment(chance: &mut Chance, occasion: &Occasion<'_>, share: f64) -> String {
    let short = occasion.rank.is_some_and(|rank| rank < occasion.expected);
    let share = if short { share.max(0.6) } else { share };
    if occasion.rank.is_none() || !chance.happens(share) {
        return String::new();
    }
    let standing = match occasion.rank {
        Some(rank) if rank < occasion.expected => Standing::Short,
        Some(rank) if rank > occasion.expected && occasion.expected > 0 => Standing::Above,
        _ => Standing::Met,
    };
    comments::comment(chance, occasion.theme, standing)
}

/// Working days over which answers are spread, first to last; early days are fewer.
pub fn answering_day(chance: &mut Chance, first: i64, last: i64) -> i64 {
    let (one, other) = (chance.between(first, last), chance.between(first, last));
    super::timing::avoid_weekend(chance, one.max(other)).max(first.min(last))
}

/// The first day on which people begin to answer: three weeks after opening.
#[must_use]
pub fn first_answers(opens: Date) -> i64 {
    day_of(opens) + 21
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::*;

    fn codes(prefix: &str, count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{prefix}{number}")).collect()
    }

    /// The scoring rule, written out a second time.
    fn rank_of(ticked: &[String], achieved: &[String], partially: &[String], not: &[String]) -> u8 {
        let all = |column: &[String]| !column.is_empty() && column.iter().all(|code| ticked.contains(code));
        if not.iter().any(|code| ticked.contains(code)) {
            0
        } else if all(achieved) {
            2
        } else {
            u8::from(all(partially))
        }
    }

    #[test]
    fn ticks_score_to_the_claimed_rank() {
        let mut chance = Chance::new(2, Purpose::Returns, 9);
        for achieved in 1..6 {
            for partially in 1..4 {
                for not in 0..4 {
                    let (a, p, n) = (codes("a", achieved), codes("p", partially), codes("n", not));
                    for rank in 0..=2 {
                        let value = indicators(&mut chance, rank, &a, &p, &n);
                        let AnswerValue::Indicators { ticked, override_to } = value else {
                            panic!("not ticks")
                        };
                        let scored = rank_of(&ticked, &a, &p, &n);
                        assert!(scored == rank || override_to.is_some(), "{rank} {ticked:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn json_has_the_stored_form() {
        let ticked = vec!["A1.a.A1".to_owned()];
        let value = AnswerValue::Indicators { ticked, override_to: Some((2, "why".to_owned())) };
        assert_eq!(
            value.to_json().to_string(),
            r#"{"indicators":["A1.a.A1"],"override":{"justification":"why","level":"achieved"}}"#
        );
        assert_eq!(AnswerValue::Level(3).to_json().to_string(), r#"{"level":3}"#);
    }
}
