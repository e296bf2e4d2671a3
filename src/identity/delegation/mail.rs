//! The mails of delegations: who may sign for whom until when, and that it has ended. Never why.

use crate::access::OrganisationRole;
use crate::platform::clock::Day;
use crate::platform::mail::{Letter, Mail};

/// What both mails name.
pub(super) struct About<'a> {
    pub organisation: &'a str,
    pub role: OrganisationRole,
    pub delegator: &'a str,
    pub site: &'a str,
}

impl About<'_> {
    fn letter(&self, template: &'static str, whom: (&str, &str), subject: String, said: Vec<String>) -> Mail {
        let (name, to) = whom;
        let href = format!("{}/home", self.site);
        Letter { template, to, subject, name, paragraphs: said, link: ("Go to the portal", &href) }
            .into_mail()
    }
}

pub(super) fn given(about: &About<'_>, whom: (&str, &str), until: Day) -> Mail {
    let (role, place) = (about.role.in_a_sentence(), about.organisation);
    let subject = format!("You can sign for {} until {}", about.delegator, until.words());
    let said = vec![
        format!("{} has asked you to sign as {role} of {place} while they are away.", about.delegator),
        format!(
            "This holds until the end of {}. What waits for that signature is then asked of you too.",
            until.words()
        ),
        "You sign with your own name, and it is recorded for whom. You cannot hand this on to somebody else."
            .to_owned(),
    ];
    about.letter("identity.delegated", whom, subject, said)
}

pub(super) fn ended(about: &About<'_>, whom: (&str, &str), (is_delegate, until): (bool, Day)) -> Mail {
    let (role, place) = (about.role.in_a_sentence(), about.organisation);
    let what = if is_delegate {
        format!("You no longer sign for {} as {role} of {place}.", about.delegator)
    } else {
        format!("Nobody signs for you as {role} of {place} any more.")
    };
    let said = vec![
        what,
        format!("The delegation would have held until {} and was ended early.", until.words()),
        "What was signed under it stays signed.".to_owned(),
    ];
    about.letter("identity.delegation_ended", whom, "A delegation of signing has ended".to_owned(), said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(mail: &Mail) -> String {
        format!("{}\n{}\n\n{}\n{}", mail.to, mail.subject, mail.text, mail.html)
    }

    #[test]
    fn the_mails_read_as_agreed() {
        let about = About {
            organisation: "Example & Sons Trust",
            role: OrganisationRole::Siro,
            delegator: "Sia <Risk>",
            site: "https://portal.example",
        };
        let until: Day = "2026-07-01".parse().unwrap();
        insta::assert_snapshot!("delegated", whole(&given(&about, ("Dee", "dee@people.example"), until)));
        let ended = |is_delegate| ended(&about, ("Dee", "dee@people.example"), (is_delegate, until));
        insta::assert_snapshot!("delegation_ended", whole(&ended(true)));
        assert!(ended(false).text.contains("Nobody signs for you as senior information risk owner"));
    }
}
