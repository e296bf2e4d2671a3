//! The mail that opens a release to somebody who may read it early.

use super::readers::EarlyReader;
use crate::platform::clock::Timestamp;
use crate::platform::mail::{Letter, Mail};

/// The time for reading has begun.
pub(super) fn opened(reader: &EarlyReader, title: &str, due: Timestamp, href: &str) -> Mail {
    let due = due.london_words();
    let own = if reader.person.is_some() {
        "Sign in with your own account to read it."
    } else {
        "The link is yours alone. Do not pass it on."
    };
    Letter {
        template: "publication.early",
        to: &reader.email,
        subject: format!("You can read \u{201c}{title}\u{201d} before it is published"),
        name: &reader.name,
        paragraphs: vec![
            format!("\u{201c}{title}\u{201d} is published on {due}. You are on the list of those who may read it before."),
            format!(
                "{own} It works until {due}. Each time that you read is recorded, and your name, role and organisation \
                 are published with the release, with the reason why you read it early."
            ),
            "Until then, do not tell anybody what the release says, nor act on it in public.".to_owned(),
        ],
        link: ("Read the release", href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;
    use crate::platform::ids::{EarlyReaderId, PersonId, ReleaseId};

    #[test]
    fn it_says_until_when_and_what_is_published() {
        let mut reader = EarlyReader {
            id: EarlyReaderId::new(1),
            release: ReleaseId::new(1),
            name: "Mina <Minister>".to_owned(),
            role: "Minister".to_owned(),
            body: "Department".to_owned(),
            reason: "To answer questions".to_owned(),
            email: "mina@department.example".to_owned(),
            person: None,
            told_at: None,
        };
        let due = parse_london("2026-07-01 09:30").unwrap();
        let mail = opened(&reader, "Results 2026", due, "https://portal.example/early/x");
        assert!(mail.text.contains("published on 1 July 2026 at 9:30am"));
        assert!(mail.text.contains("The link is yours alone."));
        assert!(mail.html.contains("Mina &lt;Minister&gt;"));
        reader.person = Some(PersonId::new(2));
        assert!(opened(&reader, "Results 2026", due, "x").text.contains("Sign in with your own account"));
    }
}
