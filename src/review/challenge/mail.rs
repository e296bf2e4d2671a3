//! Mails about a challenge: to the programme that one has come or was taken back, to the organisation that it has arrived. None
//! says what is challenged or why. The answer is a letter, with the mail of a letter.

use crate::access::CentralRole;
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::ChallengeId;
use crate::platform::mail::{Letter, Mail, queue};
use crate::review::letters::{Closing, tell_members};
use crate::review::store::Found;

/// What a mail about a challenge says.
struct About<'a> {
    to: &'a str,
    name: &'a str,
    organisation: &'a str,
    year: &'a str,
    due: Timestamp,
    href: &'a str,
}

/// To the programme managers: a challenge has come.
fn to_the_centre(about: &About<'_>) -> Mail {
    Letter {
        template: "review.challenged",
        to: about.to,
        subject: format!("Challenged: the decision on the {} return of {}", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!(
                "{} has challenged the decision on its {} return. Somebody who had no part in the decision has to settle it.",
                about.organisation, about.year
            ),
            format!("It is due by {}.", about.due.london_words()),
        ],
        link: ("See the challenge", about.href),
    }
    .into_mail()
}

/// To the organisation: its challenge has arrived.
fn to_the_organisation(about: &About<'_>) -> Mail {
    Letter {
        template: "review.challenge_arrived",
        to: about.to,
        subject: format!("Your challenge has arrived: {} return of {}", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!(
                "The challenge of the decision on the {} return of {} has arrived. Somebody who had no part in the \
                 decision will settle it.",
                about.year, about.organisation
            ),
            format!("You can expect the answer by {}. Until then you can withdraw the challenge.", about.due.london_words()),
        ],
        link: ("See your challenge", about.href),
    }
    .into_mail()
}

/// To the programme managers: a challenge was taken back.
fn withdrawn(about: &About<'_>) -> Mail {
    Letter {
        template: "review.challenge_withdrawn",
        to: about.to,
        subject: format!("Withdrawn: the challenge of {}", about.organisation),
        name: about.name,
        paragraphs: vec![format!(
            "{} has withdrawn its challenge of the decision on its {} return. There is nothing to settle.",
            about.organisation, about.year
        )],
        link: ("See the decision", about.href),
    }
    .into_mail()
}

/// Tells both sides of a challenge.
pub(super) fn tell_of_challenge(
    tx: &mut Tx<'_>,
    of: &Found,
    id: ChallengeId,
    due: Timestamp,
    closing: &Closing,
) -> Result<()> {
    let href = closing.links.at(&format!("/reviews/{}/challenge", of.review.id));
    centre(tx, &format!("challenge-{id}"), |to, name| {
        to_the_centre(&About { to, name, organisation: &of.name, year: &of.year_label, due, href: &href })
    })?;
    let path = format!("/organisations/{}/returns/{}/challenge", of.code, of.collection_key);
    let href = closing.links.at(&path);
    tell_members(tx, of, &format!("challenge-{id}-arrived"), |to, name| {
        to_the_organisation(&About {
            to,
            name,
            organisation: &of.name,
            year: &of.year_label,
            due,
            href: &href,
        })
    })
}

/// Tells the programme that a challenge was taken back.
pub(super) fn tell_of_withdrawal(
    tx: &mut Tx<'_>,
    of: &Found,
    id: ChallengeId,
    closing: &Closing,
) -> Result<()> {
    let href = closing.links.at(&format!("/reviews/{}/decision", of.review.id));
    let due = tx.now();
    centre(tx, &format!("challenge-{id}-withdrawn"), |to, name| {
        withdrawn(&About { to, name, organisation: &of.name, year: &of.year_label, due, href: &href })
    })
}

fn centre(tx: &mut Tx<'_>, id: &str, mail: impl Fn(&str, &str) -> Mail) -> Result<()> {
    for (person, name, to) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        queue(tx, &mail(&to, &name), &format!("{id}-{person}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    #[test]
    fn mails_say_that_there_is_a_challenge_and_not_what_it_says() {
        let about = About {
            to: "pam@centre.example",
            name: "Pam Manager",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            due: parse_london("2026-07-14 17:00").unwrap(),
            href: "https://portal.example/reviews/3/challenge",
        };
        let all: Vec<String> = [to_the_centre(&about), to_the_organisation(&about), withdrawn(&about)]
            .iter()
            .map(|mail| format!("Subject: {}\n\n{}", mail.subject, mail.text))
            .collect();
        insta::assert_snapshot!(all.join("\n====\n"));
    }
}
