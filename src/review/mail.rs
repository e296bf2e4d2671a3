//! The mails of a review: a question was asked, a question was answered, the review is decided. They name the
//! organisation and the requirement and lead to the portal; what was answered or found never leaves it by mail.

use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{QueryId, ReviewId};
use crate::platform::mail::{self, Letter, Mail};

/// Addresses that mails lead to, below the portal's public address.
#[derive(Debug, Clone)]
pub struct Links(String);

impl Links {
    /// Links below this public address.
    #[must_use]
    pub fn below(public_url: &str) -> Self {
        Self(public_url.to_owned())
    }

    /// A question, for the organisation.
    pub(super) fn query(&self, code: &str, year: &str, id: QueryId) -> String {
        format!("{}/organisations/{code}/returns/{year}/queries/{id}", self.0)
    }

    /// The outcome, for the organisation.
    pub(super) fn outcome(&self, code: &str, year: &str) -> String {
        format!("{}/organisations/{code}/returns/{year}/review", self.0)
    }

    /// A review, for the reviewer.
    pub(super) fn review(&self, id: ReviewId) -> String {
        format!("{}/reviews/{id}", self.0)
    }
}

/// Puts a mail of this capability into the outbox.
pub(super) fn queue(tx: &mut Tx<'_>, mail: &Mail, id: &str) -> Result<()> {
    mail::queue(tx, mail, id)
}

/// What the mail about a question says.
pub(super) struct QueryAsked<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub requirement: &'a str,
    pub due: Timestamp,
    pub href: &'a str,
}

/// A reviewer asks the organisation.
pub(super) fn query_asked(about: &QueryAsked<'_>) -> Mail {
    Letter {
        template: "review.query_asked",
        to: about.to,
        subject: format!(
            "A reviewer has a question about the {} return of {}",
            about.year, about.organisation
        ),
        name: about.name,
        paragraphs: vec![
            format!(
                "The central reviewer of the {} return of {} has asked about requirement {}.",
                about.year, about.organisation, about.requirement
            ),
            format!("Please answer by {}. The review waits for your reply.", about.due.london_words()),
        ],
        link: ("Read the question and answer it", about.href),
    }
    .into_mail()
}

/// What the mail about an answer says.
pub(super) struct QueryAnswered<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub waiting: i64,
    pub href: &'a str,
}

/// The organisation has answered the reviewer.
pub(super) fn query_answered(about: &QueryAnswered<'_>) -> Mail {
    let rest = match about.waiting {
        0 => "That was the last open question: the review is yours again.".to_owned(),
        1 => "One more question still waits for its answer.".to_owned(),
        more => format!("{more} more questions still wait for their answers."),
    };
    Letter {
        template: "review.query_answered",
        to: about.to,
        subject: format!("{} has answered your question", about.organisation),
        name: about.name,
        paragraphs: vec![
            format!("{} has answered a question that you asked in its review.", about.organisation),
            rest,
        ],
        link: ("Go on with the review", about.href),
    }
    .into_mail()
}

/// What the mail about a decision says.
pub(super) struct Decided<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub claimed: &'a str,
    pub assessed: &'a str,
    pub changed: usize,
    pub href: &'a str,
}

/// The review is final.
pub(super) fn decided(about: &Decided<'_>) -> Mail {
    let grade = if about.claimed == about.assessed {
        format!("The grade stands as you claimed it: {}.", about.assessed)
    } else {
        format!("You claimed {}. After review the grade is {}.", about.claimed, about.assessed)
    };
    let answers = match about.changed {
        0 => "The reviewer agreed with every answer.".to_owned(),
        1 => "The reviewer came to another result on one answer, and says why.".to_owned(),
        more => format!("The reviewer came to another result on {more} answers, and says why for each."),
    };
    Letter {
        template: "review.decided",
        to: about.to,
        subject: format!("The review of the {} return of {} is finished", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!("The central review of the {} return of {} is finished.", about.year, about.organisation),
            grade,
            answers,
        ],
        link: ("Read the outcome", about.href),
    }
    .into_mail()
}

/// What the mail about a submission that was taken back says.
pub(super) struct Withdrawn<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub href: &'a str,
}

/// The organisation has taken back what is being reviewed.
pub(super) fn withdrawn(about: &Withdrawn<'_>) -> Mail {
    let what = format!("the {} return of {}", about.year, about.organisation);
    Letter {
        template: "review.withdrawn",
        to: about.to,
        subject: format!("Withdrawn: {} return of {}", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!("The organisation has taken back its submission of {what}, which you were reviewing."),
            "The review has ended. What you decided stays on record. If it submits again, that is a new review."
                .to_owned(),
        ],
        link: ("See the review", about.href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn whole(mail: &Mail) -> String {
        format!("To: {}\nSubject: {}\n\n{}\n----\n{}", mail.to, mail.subject, mail.text, mail.html)
    }

    #[test]
    fn a_question() {
        insta::assert_snapshot!(whole(&query_asked(&QueryAsked {
            to: "ida@trust.example",
            name: "Ida Lead",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            requirement: "1-101 A framework for governance",
            due: parse_london("2026-07-14 17:00").unwrap(),
            href: "https://portal.example/organisations/ZZ001/returns/2026/queries/7",
        })));
    }

    #[test]
    fn an_answer() {
        let about = |waiting| QueryAnswered {
            to: "ada@centre.example",
            name: "Ada Reviewer",
            organisation: "Fenwick Trust",
            waiting,
            href: "https://portal.example/reviews/3",
        };
        insta::assert_snapshot!(whole(&query_answered(&about(0))));
        assert!(query_answered(&about(1)).text.contains("One more question still waits"));
        assert!(query_answered(&about(2)).text.contains("2 more questions still wait"));
    }

    #[test]
    fn a_withdrawal() {
        insta::assert_snapshot!(whole(&withdrawn(&Withdrawn {
            to: "ada@centre.example",
            name: "Ada Reviewer",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            href: "https://portal.example/reviews/3",
        })));
    }

    #[test]
    fn a_decision() {
        let about = |assessed, changed| Decided {
            to: "ida@trust.example",
            name: "Ida Lead",
            organisation: "Fenwick Trust",
            year: "2026/27",
            claimed: "Satisfactory",
            assessed,
            changed,
            href: "https://portal.example/organisations/ZZ001/returns/2026/review",
        };
        insta::assert_snapshot!("a_decision_that_changes", whole(&decided(&about("Not satisfactory", 3))));
        insta::assert_snapshot!("a_decision_that_agrees", whole(&decided(&about("Satisfactory", 0))));
    }
}
