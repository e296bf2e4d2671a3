//! Mails about letters. They say that there is a letter and where, and never what was decided: a grade is not public before its
//! release, a subject line shows on locked screens, and mail passes through hands that the portal does not know.

use super::conclude::Closing;
use super::model::Cause;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::LetterId;
use crate::platform::mail::{Letter, Mail, queue};
use crate::review::store::Found;

/// Who is told of a decision.
const TOLD: [OrganisationRole; 3] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];

/// What a mail about a letter says.
pub(super) struct About<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub cause: Cause,
    pub until: Timestamp,
    pub href: &'a str,
}

/// There is a letter.
pub(super) fn letter_sent(about: &About<'_>) -> Mail {
    let what = format!("the {} return of {}", about.year, about.organisation);
    let challenge = format!("You can challenge the decision until {}.", about.until.london_words());
    let (subject, paragraphs) = match about.cause {
        Cause::Review => (
            format!("The review of {what} is finished"),
            vec![
                format!(
                    "The central review of {what} is finished. A letter in the portal tells you the result and why."
                ),
                challenge,
            ],
        ),
        Cause::Reopening => (
            format!("A new decision on {what}"),
            vec![
                format!(
                    "The review of {what} was taken up again and has been decided anew. A new letter in the portal tells you the result and why; the earlier letter can still be read."
                ),
                challenge,
            ],
        ),
        Cause::Challenge => (
            format!("The answer to your challenge: {what}"),
            vec![format!(
                "Your challenge of the decision on {what} is settled. A letter in the portal tells you the result and why."
            )],
        ),
    };
    let mut paragraphs = paragraphs;
    paragraphs.push("This email does not say what was decided, because others may read it.".to_owned());
    Letter {
        template: "review.letter",
        to: about.to,
        subject,
        name: about.name,
        paragraphs,
        link: ("Read the letter", about.href),
    }
    .into_mail()
}

/// Tells the organisation of its letter.
pub(super) fn tell_of_letter(
    tx: &mut Tx<'_>,
    of: &Found,
    (id, number): (LetterId, i64),
    (cause, until): (Cause, Timestamp),
    closing: &Closing,
) -> Result<()> {
    let path = format!("/organisations/{}/returns/{}/letters/{number}", of.code, of.collection_key);
    let href = closing.links.at(&path);
    tell_members(tx, of, &format!("letter-{id}"), |to, name| {
        letter_sent(&About {
            to,
            name,
            organisation: &of.name,
            year: &of.year_label,
            cause,
            until,
            href: &href,
        })
    })
}

/// Puts a mail for everybody in the organisation who is told of decisions into the outbox; `id` tells one occasion from
/// another.
pub(in crate::review) fn tell_members(
    tx: &mut Tx<'_>,
    of: &Found,
    id: &str,
    mail: impl Fn(&str, &str) -> Mail,
) -> Result<()> {
    for (person, name, to) in identity::holders_of(tx.conn(), of.review.organisation, &TOLD)? {
        queue(tx, &mail(&to, &name), &format!("{id}-{person}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn whole(cause: Cause) -> String {
        let mail = letter_sent(&About {
            to: "ida@trust.example",
            name: "Ida Lead",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            cause,
            until: parse_london("2026-07-14 17:00").unwrap(),
            href: "https://portal.example/organisations/ZZ001/returns/2026/letters/1",
        });
        format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text)
    }

    #[test]
    fn a_mail_for_each_cause() {
        let all: Vec<String> = Cause::ALL.iter().map(|cause| whole(*cause)).collect();
        insta::assert_snapshot!(all.join("\n====\n"));
    }

    #[test]
    fn no_mail_names_a_grade() {
        for cause in Cause::ALL {
            let text = whole(*cause).to_lowercase();
            for grade in crate::standards::scoring::GradeKey::ALL {
                assert!(!text.contains(&grade.label().to_lowercase()), "{text}");
            }
        }
    }
}
