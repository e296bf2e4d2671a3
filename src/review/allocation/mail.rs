//! The mails of allocation: what somebody was given, in one mail for each run; and that a reviewer gave reviews back because
//! of a conflict of interest.

use std::collections::BTreeMap;

use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, ReviewId};
use crate::platform::mail::{Letter, Mail};
use crate::review::mail::{self, Links};
use crate::review::store;

/// Organisations that a mail names before the rest is only counted.
const NAMED: usize = 20;

/// Tells each person what they were given.
pub(super) fn tell(tx: &mut Tx<'_>, given: &BTreeMap<PersonId, Vec<ReviewId>>, links: &Links) -> Result<()> {
    let stamp = tx.now().micros();
    for (person, ids) in given {
        let Some((name, to)) = store::address_of(tx.conn(), *person)? else { continue };
        let mut organisations = Vec::with_capacity(ids.len());
        for id in ids {
            let of = store::review(tx.conn(), *id)?;
            let (code, organisation) = store::organisation_of(tx.conn(), of.organisation)?;
            organisations.push(format!("{organisation} ({code})"));
        }
        let first = ids.first().map_or(ReviewId::new(0), |id| *id);
        let mail = allocated(&to, &name, &organisations, &links.mine());
        mail::queue(tx, &mail, &format!("allocated-{person}-{first}-{stamp}"))?;
    }
    Ok(())
}

fn named(organisations: &[String]) -> String {
    let mut lines: Vec<String> = organisations.iter().take(NAMED).cloned().collect();
    if organisations.len() > NAMED {
        lines.push(format!("and {} more", organisations.len() - NAMED));
    }
    lines.join("\n")
}

/// Somebody was given reviews.
fn allocated(to: &str, name: &str, organisations: &[String], href: &str) -> Mail {
    let what = match organisations {
        [one] => format!("A review was given to you: {one}"),
        many => format!("{} reviews were given to you", many.len()),
    };
    Letter {
        template: "review.allocated",
        to,
        subject: what.clone(),
        name,
        paragraphs: vec![
            format!("{what}. It is the same as if you had claimed it."),
            named(organisations),
            "If you have an interest in one of these organisations, declare it: the review goes back to the queue by itself."
                .to_owned(),
        ],
        link: ("See what you have in hand", href),
    }
    .into_mail()
}

/// What the mail about reviews that were given back says.
pub(in crate::review) struct GivenBack<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub reviewer: &'a str,
    pub organisations: &'a [String],
    pub href: &'a str,
}

/// A reviewer has gained a conflict of interest in the middle of a review.
pub(in crate::review) fn given_back(about: &GivenBack<'_>) -> Mail {
    Letter {
        template: "review.given_back",
        to: about.to,
        subject: format!("{} gave reviews back because of a conflict of interest", about.reviewer),
        name: about.name,
        paragraphs: vec![
            format!(
                "{} can no longer review the following, because of a conflict of interest:",
                about.reviewer
            ),
            named(about.organisations),
            "What was decided before stays, and is marked for the next reviewer. Somebody else has to take them."
                .to_owned(),
        ],
        link: ("Allocate them", about.href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mail_names_what_was_given() {
        let mail = allocated(
            "ada@centre.example",
            "Ada Reviewer",
            &["Fenwick & Marsh <Trust> (ZZ001)".to_owned()],
            "https://portal.example/reviews?whose=mine",
        );
        assert_eq!(mail.subject, "A review was given to you: Fenwick & Marsh <Trust> (ZZ001)");
        assert!(mail.text.starts_with("Dear Ada Reviewer,"), "{}", mail.text);
        assert!(mail.html.contains("Fenwick &amp; Marsh &lt;Trust&gt;"));
        let many: Vec<String> = (1..=25).map(|n| format!("Trust {n}")).collect();
        let mail = allocated("ada@centre.example", "Ada Reviewer", &many, "https://portal.example/reviews");
        assert_eq!(mail.subject, "25 reviews were given to you");
        assert!(mail.text.contains("Trust 20\nand 5 more"), "{}", mail.text);
    }

    #[test]
    fn what_was_given_back_is_told() {
        let mail = given_back(&GivenBack {
            to: "mo@centre.example",
            name: "Mo Programme",
            reviewer: "Ada Reviewer",
            organisations: &["Fenwick Trust (ZZ001)".to_owned()],
            href: "https://portal.example/reviews/allocation",
        });
        assert_eq!(mail.subject, "Ada Reviewer gave reviews back because of a conflict of interest");
        assert!(mail.text.contains("Fenwick Trust (ZZ001)"));
        assert!(mail.text.contains("https://portal.example/reviews/allocation"));
    }
}
