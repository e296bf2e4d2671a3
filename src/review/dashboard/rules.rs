//! Why an organisation is at risk of missing its deadline. Each rule is one sentence, and a row of the list says which of
//! them apply.

use crate::platform::clock::Timestamp;
use crate::returns::ReturnState;

/// Days without any of its leads in the portal.
const UNSEEN_DAYS: i64 = 30;
/// Percent of the time that must be gone before it matters that a return has not been started.
const STARTED_BY: i64 = 25;
/// Percentage points that the answers may be behind the time.
const BEHIND: i64 = 20;
/// Days before its due day from which on every return that is not sent is named.
const CLOSE: i64 = 7;

crate::text_enum! {
    /// A reason to worry. The list names an organisation under the first that applies.
    Rule {
        /// Nobody who could send the return has been in the portal.
        NoLead = "no_lead", "No lead has signed in";
        /// There is no return.
        NotStarted = "not_started", "Not started";
        /// Fewer answers are confirmed than time is gone.
        Behind = "behind", "Behind the pace";
        /// It has asked for more time and has no answer.
        Asked = "asked", "Has asked for more time";
        /// The due day is near or past.
        NotSent = "not_sent", "Due soon and not sent";
    }
}

impl Rule {
    /// The rule as people read it.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::NoLead => {
                "No information governance lead or administrator of the organisation has used the portal in the last 30 days."
            }
            Self::NotStarted => "A quarter of the time is gone and there is no return.",
            Self::Behind => {
                "The share of confirmed answers is more than 20 percentage points behind the share of time that is gone."
            }
            Self::Asked => "It has asked for more time and waits for an answer.",
            Self::NotSent => "It is due within 7 days or overdue, and is not submitted.",
        }
    }

    const fn bit(self) -> i64 {
        match self {
            Self::NoLead => 1,
            Self::NotStarted => 2,
            Self::Behind => 4,
            Self::Asked => 8,
            Self::NotSent => 16,
        }
    }

    /// The rules of a stored number.
    pub fn of_bits(bits: i64) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|rule| bits & rule.bit() != 0).collect()
    }

    /// The number that is stored for rules.
    pub fn bits(rules: &[Self]) -> i64 {
        rules.iter().map(|rule| rule.bit()).sum()
    }
}

/// What is known of one organisation that has not submitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// When returns could first be written.
    pub opened_at: Timestamp,
    /// When its own is due.
    pub due_at: Timestamp,
    /// Its return, if it was started.
    pub state: Option<ReturnState>,
    /// Confirmed answers.
    pub confirmed: i64,
    /// Answers that have to be.
    pub asked: i64,
    /// Whether it waits for an answer to a request for more time.
    pub asked_for_time: bool,
    /// When one of its leads was last in the portal.
    pub lead_seen_at: Option<Timestamp>,
}

/// The rules that apply now, the weightiest first.
pub(super) fn rules(of: &Known, now: Timestamp) -> Vec<Rule> {
    let gone = percent(now.micros() - of.opened_at.micros(), of.due_at.micros() - of.opened_at.micros());
    let day = 86_400;
    let long_open = now >= of.opened_at.plus_seconds(UNSEEN_DAYS * day);
    let unseen = of.lead_seen_at.is_none_or(|seen| seen < now.plus_seconds(-UNSEEN_DAYS * day));
    let writing = matches!(of.state, Some(ReturnState::Draft));
    let applies = |rule: &Rule| match rule {
        Rule::NoLead => long_open && unseen,
        Rule::NotStarted => of.state.is_none() && gone >= STARTED_BY,
        Rule::Behind => writing && of.asked > 0 && percent(of.confirmed, of.asked) + BEHIND < gone,
        Rule::Asked => of.asked_for_time,
        Rule::NotSent => now.london_day().days_until(of.due_at.london_day()) <= CLOSE,
    };
    Rule::ALL.iter().copied().filter(applies).collect()
}

/// Whole percent, rounded down and within 0 to 100.
fn percent(part: i64, whole: i64) -> i64 {
    let of = i128::from(part.max(0)) * 100 / i128::from(whole.max(1));
    i64::try_from(of).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn known() -> Known {
        Known {
            opened_at: parse_london("2026-01-01 00:00").unwrap(),
            due_at: parse_london("2026-04-11 00:00").unwrap(),
            state: Some(ReturnState::Draft),
            confirmed: 30,
            asked: 100,
            asked_for_time: false,
            lead_seen_at: parse_london("2026-02-19 00:00").ok(),
        }
    }

    fn found(of: &Known, now: &str) -> Vec<Rule> {
        rules(of, parse_london(now).unwrap())
    }

    #[test]
    fn each_rule_has_its_edge() {
        // A hundred days: on the fiftieth half the time is gone, and 30 percent is just not behind.
        assert_eq!(found(&known(), "2026-02-20 12:00"), []);
        assert_eq!(found(&Known { confirmed: 29, ..known() }, "2026-02-20 12:00"), [Rule::Behind]);
        let unseen = Known { lead_seen_at: None, ..known() };
        assert_eq!(found(&unseen, "2026-01-30 23:00"), [], "not open for 30 days yet");
        assert_eq!(found(&unseen, "2026-01-31 01:00"), [Rule::NoLead]);
        let none = Known { state: None, confirmed: 0, ..known() };
        assert_eq!(found(&none, "2026-01-25 23:00"), []);
        assert_eq!(found(&none, "2026-01-26 00:00"), [Rule::NotStarted]);
        let ready = Known { state: Some(ReturnState::Ready), confirmed: 0, asked_for_time: true, ..known() };
        assert_eq!(found(&ready, "2026-02-20 12:00"), [Rule::Asked]);
        let late = Known { confirmed: 100, lead_seen_at: parse_london("2026-04-01 00:00").ok(), ..known() };
        assert_eq!(found(&late, "2026-04-03 23:00"), []);
        assert_eq!(found(&late, "2026-04-04 00:30"), [Rule::NotSent]);
        assert_eq!(found(&late, "2026-04-20 00:30"), [Rule::NotSent], "and after it");
    }

    #[test]
    fn stored_numbers_are_read_back() {
        for bits in 0..32 {
            assert_eq!(Rule::bits(&Rule::of_bits(bits)), bits);
        }
        assert_eq!((percent(-5, 10), percent(5, 0), percent(99, 10)), (0, 100, 100));
    }
}
