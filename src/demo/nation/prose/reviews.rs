//! What reviewers write, and what organisations answer them.

use super::super::chance::Chance;
use super::fill_one;

const AGREE: &[&str] = &[
    "The evidence supports the claim.",
    "Checked the {doc}; it is current and covers every site.",
    "The sample of {n} items was complete and dated within the year.",
    "Minutes of {forum} show that this is done, not only written down.",
    "The screenshot and the procedure agree with each other.",
    "Same position as last year, with fresh evidence.",
    "The test report names the date, the people and the result.",
    "Independent certificate seen; its scope includes this service.",
    "The comment is specific, and the figures add up.",
    "Agreed after the organisation explained how {system} is covered.",
    "The report to {forum} gives the figure claimed.",
    "Good evidence, clearly labelled.",
];

const DOWNGRADE: &[&str] = &[
    "The {doc} was last reviewed more than two years ago.",
    "Evidence covers the main site only; {n} other sites are not mentioned.",
    "The policy is a draft without approval.",
    "The claim rests on a plan for next year, not on something in place.",
    "The attached file is about another requirement.",
    "The figure given is {lowpct}%, which is below what the level asks for.",
    "A procedure is described, but nothing shows that it is followed.",
    "The test of {system} predates the period of this return.",
    "The review of accounts lists no date and no reviewer.",
    "No evidence was attached, and the comment repeats the wording of the requirement.",
    "The supplier's statement is not a certificate and names no scope.",
    "The certificate leaves out {n} services that process patient data.",
    "Minutes show the item deferred at {n} meetings running.",
    "The incident log contradicts the statement that reports were in time.",
    "The restore test failed, and no second test is recorded.",
    "Exceptions are larger than the rule: {many} devices are outside the arrangement.",
];

const UPGRADE: &[&str] = &[
    "The evidence shows more than was claimed; the higher level is met.",
    "The organisation was too modest: the outside audit confirms the higher level.",
    "All indicators of the next level are evidenced in the {doc}.",
    "The automatic checks described meet the higher level in full.",
];

/// Questions, each with the answers that fit it.
const QUERIES: &[(&str, &[&str])] = &[
    (
        "Please say which sites the {doc} covers, and from what date.",
        &[
            "It covers all sites since {month}; the list is on page {n} of the {doc}.",
            "All sites but one, which moves in {month}.",
        ],
    ),
    (
        "The test report for {system} has no date. When was it done, and who took part?",
        &[
            "In {month}, with {role} and two engineers; a signed copy is attached.",
            "Our mistake: it was in {month}. The dated copy is attached.",
        ],
    ),
    (
        "You claim that all staff are covered. What is the figure for agency and bank staff?",
        &[
            "{pct}%. We have added the agency's own report.",
            "We do not have it yet and would accept the lower level.",
        ],
    ),
    (
        "Please attach the minutes of {forum} that approved this.",
        &[
            "Attached; see item {n}.",
            "The minutes are still to be agreed; here is the action log of {month}.",
        ],
    ),
    (
        "The supplier's certificate ends before the deadline. Is there a new one?",
        &[
            "Yes, it arrived last week and is attached.",
            "The audit is booked for {month}; the supplier's letter is attached.",
        ],
    ),
    (
        "The comment mentions an exception for {n} devices. How are they protected?",
        &[
            "They are on a separate network and will be replaced by {month}.",
            "They have no connection at all; {role} checks that monthly.",
        ],
    ),
    (
        "Last year you answered lower. What has changed, and what shows it?",
        &[
            "We bought a tool this year which does the check every night. A report is attached.",
            "{role} joined in {month} and made this the first job; see the {doc}.",
        ],
    ),
    (
        "Could {role} confirm that the leavers' process includes {system}?",
        &[
            "Confirmed; last month's leavers were checked and the list is attached.",
            "It did not. The step was added to the checklist in {month}.",
        ],
    ),
    (
        "The attached file cannot be opened. Please send it again.",
        &["Apologies, it was damaged when we uploaded it. Here it is again."],
    ),
    (
        "How do you know that the backup of {system} can be restored?",
        &[
            "We restored it in {month} as a test; the log is attached.",
            "The supplier tests this each quarter, and we have added its report.",
        ],
    ),
];

const FOLLOW_UPS: &[&str] = &[
    "Thank you, that answers it.",
    "Thank you. The document is what we needed.",
    "Understood. I will take this into account in the decision.",
    "Thank you; please keep this with next year's evidence.",
];

const OVERALL: &[&str] = &[
    "A careful return. Evidence is well organised and mostly recent.",
    "Most claims hold; the weak area is testing rather than policy.",
    "Several claims rest on documents past their review date.",
    "Clear progress since last year, above all in training and accounts.",
    "The organisation answered queries promptly and openly.",
    "Claims about suppliers are stronger than the evidence behind them.",
    "A return of two halves: governance is strong, technical evidence is thin.",
    "Small sample, no concerns.",
];

/// What a reviewer does with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The claim stands.
    Agree,
    /// Less than was claimed.
    Downgrade,
    /// More than was claimed.
    Upgrade,
}

impl Verdict {
    /// The stable key of the verdict.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Downgrade => "downgrade",
            Self::Upgrade => "upgrade",
        }
    }
}

/// The reason for a verdict.
pub fn reason(chance: &mut Chance, verdict: Verdict) -> String {
    fill_one(
        chance,
        match verdict {
            Verdict::Agree => AGREE,
            Verdict::Downgrade => DOWNGRADE,
            Verdict::Upgrade => UPGRADE,
        },
    )
}

/// A reviewer's question to the organisation and an answer that fits it.
pub fn question_and_reply(chance: &mut Chance) -> (String, String) {
    let (question, replies) = chance.pick(QUERIES);
    (fill_one(chance, &[question]), fill_one(chance, replies))
}

/// The reviewer's last word on a query.
pub fn follow_up(chance: &mut Chance) -> String {
    fill_one(chance, FOLLOW_UPS)
}

/// The reviewer's summary of a whole return.
pub fn overall(chance: &mut Chance) -> String {
    fill_one(chance, OVERALL)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::chance::Purpose;
    use super::*;

    #[test]
    fn the_library_of_reasons_is_varied() {
        assert!(AGREE.len() + DOWNGRADE.len() + UPGRADE.len() + QUERIES.len() >= 40);
        let mut chance = Chance::new(5, Purpose::Reviews, 0);
        let drawn: BTreeSet<String> = (0..400).map(|_| reason(&mut chance, Verdict::Downgrade)).collect();
        assert!(drawn.len() > 60, "{}", drawn.len());
        assert!(drawn.iter().all(|text| !text.contains('{')));
    }
}
