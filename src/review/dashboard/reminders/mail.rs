//! The mail of a reminder that a programme manager sends: which return is due when, and where to go on with it.

use crate::platform::clock::Timestamp;
use crate::platform::mail::{Letter, Mail};

/// What the mail says.
pub(super) struct Chased<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub due: Timestamp,
    pub href: &'a str,
}

/// The return is due, and the programme has not seen it.
pub(super) fn chased(about: &Chased<'_>, now: Timestamp) -> Mail {
    let tense = if about.due < now { "was" } else { "is" };
    Letter {
        template: "review.chased",
        to: about.to,
        subject: format!("Please submit the {} return of {}", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!(
                "The {} return of {} {tense} due by {}. We have not received it yet.",
                about.year,
                about.organisation,
                about.due.london_words()
            ),
            "If you cannot finish in time, ask for more time in the portal and say why. If you have submitted in the \
             last hour, there is nothing to do."
                .to_owned(),
        ],
        link: ("Go on with the return", about.href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn a_reminder_by_hand() {
        let about = Chased {
            to: "ida@trust.example",
            name: "Ida Lead",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            due: parse_london("2026-06-30 12:00").unwrap(),
            href: "https://portal.example/organisations/ZZ001",
        };
        let mail = chased(&about, parse_london("2026-06-20 12:00").unwrap());
        assert_eq!(mail.subject, "Please submit the 2026/27 return of Fenwick & Marsh <Trust>");
        assert!(mail.text.contains("is due by 30 June 2026 at 12pm. We have not received it yet."));
        assert!(mail.text.contains("https://portal.example/organisations/ZZ001"));
        assert!(mail.html.contains("Fenwick &amp; Marsh &lt;Trust&gt;"));
        assert!(chased(&about, parse_london("2026-07-01 12:00").unwrap()).text.contains("was due by"));
    }
}
