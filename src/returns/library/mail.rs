//! Mails about the library: a piece goes out of date soon, and a file was refused by the malware scan.

use super::store::Piece;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::Day;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{EvidenceId, OrganisationId, PersonId};
use crate::platform::mail::{self, Letter, Mail};

/// Where the mails lead to.
pub(super) struct Place<'a> {
    /// The organisation's code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The portal's public address.
    pub public_url: &'a str,
}

impl Place<'_> {
    fn link(&self, piece: &Piece) -> String {
        format!("{}{}", self.public_url, super::piece_href(self.code, piece.id))
    }
}

/// Who hears about a piece: this member, or the IG leads when there is none, or those who run the organisation's
/// people when there are no leads.
fn hearers(
    conn: &mut Conn,
    whose: OrganisationId,
    first: Option<PersonId>,
) -> Result<Vec<(PersonId, String, String)>> {
    let members = identity::holders_of(conn, whose, &OrganisationRole::READERS)?;
    if let Some(found) = members.into_iter().find(|(person, ..)| Some(*person) == first) {
        return Ok(vec![found]);
    }
    let leads = identity::holders_of(conn, whose, &[OrganisationRole::IgLead])?;
    if leads.is_empty() {
        identity::holders_of(conn, whose, &[OrganisationRole::OrganisationAdministrator])
    } else {
        Ok(leads)
    }
}

/// Warns of a piece's last day; `ahead` is the warning's distance. Gives how many were told.
pub(super) fn warn_of_end(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    piece: &Piece,
    (last, ahead, left): (Day, i64, i64),
) -> Result<usize> {
    let whom = hearers(tx.conn(), piece.organisation, piece.owner)?;
    for (person, name, address) in &whom {
        let letter = ending(place, piece, last, left, (name, address));
        // Changing the last day starts anew; the same warning to the same person is one mail, whatever happens.
        let (id, now) = (format!("evidence-{}-{last}-{ahead}-{person}", piece.id), tx.now());
        mail::queue_at_most_once(tx, &letter, &id, now)?;
    }
    Ok(whom.len())
}

fn ending(place: &Place<'_>, piece: &Piece, last: Day, left: i64, (name, to): (&str, &str)) -> Mail {
    let when = match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let title = &piece.title;
    letter(
        "evidence.ending",
        (name, to),
        format!("Evidence goes out of date {when}: {title}"),
        vec![
            format!("\u{201c}{title}\u{201d} in the evidence library of {} holds until {}.", place.name, last.words()),
            "After that day it keeps every return that rests on it from being ready. Replace it by a newer version, or \
             change its last day if it still holds."
                .to_owned(),
        ],
        &place.link(piece),
    )
}

/// Tells the person who uploaded a file that the scanner refused it.
pub(super) fn tell_refused(
    tx: &mut Tx<'_>,
    place: &Place<'_>,
    piece: &Piece,
    (version, uploader, found): (EvidenceId, Option<PersonId>, &str),
) -> Result<()> {
    for (person, name, address) in hearers(tx.conn(), piece.organisation, uploader)? {
        let letter = refused(place, piece, found, (&name, &address));
        mail::queue(tx, &letter, &format!("evidence-refused-{version}-{person}"))?;
    }
    Ok(())
}

fn refused(place: &Place<'_>, piece: &Piece, found: &str, (name, to): (&str, &str)) -> Mail {
    letter(
        "evidence.refused",
        (name, to),
        format!("A file was refused by the malware scan: {}", piece.title),
        vec![
            format!(
                "The malware scanner found {found} in a file of \u{201c}{}\u{201d} in the evidence library of {}.",
                piece.title, place.name
            ),
            "Nobody can read or download the file any more, and answers that rest on it are not complete. Check the \
             device that it came from, and replace the file by a clean one."
                .to_owned(),
        ],
        &place.link(piece),
    )
}

fn letter(
    template: &'static str,
    (name, to): (&str, &str),
    subject: String,
    paragraphs: Vec<String>,
    link: &str,
) -> Mail {
    Letter { template, to, subject, name, paragraphs, link: ("See the evidence", link) }.into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::PieceId;
    use crate::returns::library::Classification;

    fn piece() -> Piece {
        Piece {
            id: PieceId::new(7),
            organisation: OrganisationId::new(1),
            title: "Access <policy> & rules".to_owned(),
            description: String::new(),
            tags: Vec::new(),
            classification: Classification::Official,
            owner: None,
            valid_from: None,
            valid_to: "2026-06-30".parse().ok(),
            version: 1,
            created_at: Timestamp::from_micros(0),
            removed_at: None,
        }
    }

    fn written(mail: &Mail) -> String {
        format!("{}\n{}\n\n{}\n{}", mail.to, mail.subject, mail.text, mail.html)
    }

    const PLACE: Place<'static> =
        Place { code: "ZZ001", name: "Example & Sons Trust", public_url: "https://portal.example" };

    #[test]
    fn the_warning_reads_as_agreed() {
        let to = ("Ada Example", "ada@people.example");
        insta::assert_snapshot!(written(&ending(&PLACE, &piece(), "2026-06-30".parse().unwrap(), 7, to)));
        let tomorrow = ending(&PLACE, &piece(), "2026-06-30".parse().unwrap(), 1, to);
        assert_eq!(tomorrow.subject, "Evidence goes out of date tomorrow: Access <policy> & rules");
    }

    #[test]
    fn the_refusal_reads_as_agreed() {
        let to = ("Ada Example", "ada@people.example");
        insta::assert_snapshot!(written(&refused(&PLACE, &piece(), "Test.Signature", to)));
    }
}
