//! The mails of a review: a question was asked, a question was answered, a submission was taken back; those about a
//! decision stand with its letters. They name the organisation and the requirement and lead to the portal; what was
//! answered or found never leaves it by mail.

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

    /// Any address of the portal.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// A question, for the reviewer.
    pub(super) fn thread(&self, of: ReviewId, id: QueryId) -> String {
        format!("{}/reviews/{of}/queries/{id}", self.0)
    }

    /// A review, for the reviewer.
    pub(super) fn review(&self, id: ReviewId) -> String {
        format!("{}/reviews/{id}", self.0)
    }

    /// What a reviewer has in hand.
    pub(super) fn mine(&self) -> String {
        format!("{}/reviews?whose=mine", self.0)
    }

    /// Who has what, for the programme manager.
    pub(super) fn allocation(&self) -> String {
        format!("{}/reviews/allocation", self.0)
    }
}

/// Puts a mail of this capability into the outbox; whoever stands in for somebody who is away gets it too.
pub(super) fn queue(tx: &mut Tx<'_>, mail: &Mail, id: &str) -> Result<()> {
    mail::queue(tx, mail, id)?;
    super::allocation::copy_to_cover(tx, mail, id)
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
    fn a_withdrawal() {
        insta::assert_snapshot!(whole(&withdrawn(&Withdrawn {
            to: "ada@centre.example",
            name: "Ada Reviewer",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            href: "https://portal.example/reviews/3",
        })));
    }
}
