//! The mail about drift. It names the reviewer and what is unusual, and leads to the page; figures stay in the portal.

use crate::platform::mail::{Letter, Mail};

/// What the mail about an alert says.
pub(super) struct Drifted<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub reviewer: &'a str,
    pub measure: &'a str,
    pub href: &'a str,
}

/// A reviewer's figures differ from the team's.
pub(super) fn drifted(about: &Drifted<'_>) -> Mail {
    Letter {
        template: "review.drift",
        to: about.to,
        subject: "A reviewer's decisions differ from the team's".to_owned(),
        name: about.name,
        paragraphs: vec![
            format!("The figures of {} differ from the team's: {}.", about.reviewer, lower(about.measure)),
            "That can have good reasons, such as harder cases, or be chance. Please look at it, and say in the portal \
             what you did. You will not be told of this again while it lasts."
                .to_owned(),
        ],
        link: ("See the alert", about.href),
    }
    .into_mail()
}

fn lower(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_whom_and_what_and_no_figure() {
        let mail = drifted(&Drifted {
            to: "mo@centre.example",
            name: "Mo",
            reviewer: "Ada <Reviewer>",
            measure: "Share of answers downgraded",
            href: "https://portal.example/reviews/drift",
        });
        assert_eq!(mail.subject, "A reviewer's decisions differ from the team's");
        assert!(
            mail.text.contains(
                "The figures of Ada <Reviewer> differ from the team's: share of answers downgraded."
            )
        );
        assert!(mail.html.contains("Ada &lt;Reviewer&gt;"));
        assert!(mail.text.contains("https://portal.example/reviews/drift"));
    }
}
