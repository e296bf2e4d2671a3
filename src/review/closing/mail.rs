//! The mail about a review that was taken up again. It gives no reason and no grade: both stand in the portal.

use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::mail::{Letter, Mail};
use crate::review::letters::{Closing, tell_members};
use crate::review::store::Found;

fn reopened(to: &str, name: &str, (organisation, year): (&str, &str), href: &str) -> Mail {
    Letter {
        template: "review.reopened",
        to,
        subject: format!("The review of the {year} return of {organisation} is taken up again"),
        name,
        paragraphs: vec![
            format!(
                "The programme has taken up the review of the {year} return of {organisation} again. The portal says why."
            ),
            "The decision so far and its letter can still be read. You will get a new letter when the review is decided \
             anew, and can challenge that decision."
                .to_owned(),
        ],
        link: ("Read why", href),
    }
    .into_mail()
}

/// Tells the organisation that its review was taken up again for the time after this conclusion.
pub(super) fn tell_of_reopening(
    tx: &mut Tx<'_>,
    of: &Found,
    conclusion: i64,
    closing: &Closing,
) -> Result<()> {
    let path = format!("/organisations/{}/returns/{}/review", of.code, of.collection_key);
    let href = closing.links.at(&path);
    let id = format!("review-{}-reopened-{conclusion}", of.review.id);
    tell_members(tx, of, &id, |to, name| reopened(to, name, (&of.name, &of.year_label), &href))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_leads_to_the_reason() {
        let mail = reopened(
            "ida@trust.example",
            "Ida Lead",
            ("Fenwick & Marsh <Trust>", "2026/27"),
            "https://portal.example/organisations/ZZ001/returns/2026/review",
        );
        insta::assert_snapshot!(format!("Subject: {}\n\n{}", mail.subject, mail.text));
    }
}
