//! Telling people of a note of guidance on its day: one mail to a person for a note, whatever crashes.

use std::collections::{BTreeMap, HashSet};

use super::store::{self, Concerned};
use crate::access::Actor;
use crate::identity::{self, MailKind};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{GuidanceNoteId, PersonId, RequirementId};
use crate::platform::jobs::{Job, Outcome};
use crate::platform::mail::{self as outbox, Letter};
use crate::platform::pages::words::sentence;
use crate::returns::readiness::return_href;
use crate::returns::reminders::in_batches;
use crate::standards::guidance::{About, Note, name_of, note};
use crate::standards::{Asked, ProfileKey, SectorKey, StoredEdition, stored_edition};

/// What one person is told.
#[derive(Debug, Clone)]
struct Told {
    note: GuidanceNoteId,
    person: PersonId,
    name: String,
    address: String,
    /// What the note is about.
    about: String,
    /// The standard with its label.
    edition: String,
    from: Day,
    organisations: Vec<String>,
    href: String,
}

/// The handler of [`crate::standards::guidance::TELL`]; its payload is the note's number. A note that was taken back is told
/// to nobody.
///
/// # Errors
/// When the database refuses; who was told before is not told again.
pub fn tell_guidance(db: &Db, public_url: &str, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<GuidanceNoteId>() else {
        return Ok(Outcome::GiveUp("the payload is no number of a note".to_owned()));
    };
    let now = db.clock().now();
    let (note, people) = db.read_now(Actor::system_reach(), move |conn| {
        let note = note(conn, id)?;
        let people = if note.holds_on(now.london_day()) { concerned(conn, &note)? } else { Vec::new() };
        Ok((note, people))
    })?;
    if !note.withdrawn && note.effective_on > now.london_day() {
        let again = note.effective_on.start().max(now.plus_seconds(60));
        return Ok(Outcome::RetryAt(again, "waits for its day".to_owned()));
    }
    in_batches(db, &people, public_url, queue)?;
    Ok(Outcome::Done)
}

/// Everybody whom a note concerns, who wants to be told and was not told yet.
fn concerned(conn: &mut Conn, note: &Note) -> Result<Vec<Told>> {
    let edition = stored_edition(conn, note.edition)?;
    let what = places(&edition, note);
    let mut all = store::leads(conn, note.edition)?;
    all.extend(store::owners(conn, note.edition, &what)?);
    let unwanted: HashSet<PersonId> = identity::turned_off(conn, MailKind::Guidance)?.into_iter().collect();
    let told = store::told(conn, note.id)?;
    let mut people: BTreeMap<PersonId, Told> = BTreeMap::new();
    for one in all {
        if unwanted.contains(&one.person) || told.contains(&one.person) || !is_asked(&edition, &what, &one)? {
            continue;
        }
        let document = edition.edition();
        let href = return_href(&one.code, &one.collection);
        let entry = people.entry(one.person).or_insert_with(|| Told {
            note: note.id,
            person: one.person,
            name: one.name.clone(),
            address: one.address.clone(),
            about: name_of(document, note),
            edition: format!("{} {}", document.standard_name(), document.label()),
            from: note.effective_on,
            organisations: Vec::new(),
            href: format!("{href}/guidance"),
        });
        if !entry.organisations.contains(&one.organisation) {
            entry.organisations.push(one.organisation);
        }
    }
    Ok(people.into_values().collect())
}

/// The requirements that a note is about: one, or all inside a section.
fn places(edition: &StoredEdition, note: &Note) -> Vec<RequirementId> {
    let document = edition.edition();
    let inside = |code: &str| {
        let mut at = document.section(code);
        // Sections of an edition never lie inside themselves.
        while let Some(section) = at {
            if section.code.as_str() == note.code {
                return true;
            }
            at = section.parent.as_ref().and_then(|parent| document.section(parent.as_str()));
        }
        false
    };
    let both = document.requirements().iter().zip(edition.requirement_ids().iter());
    both.filter(|(requirement, _)| match note.about {
        About::Requirement => requirement.code.as_str() == note.code,
        About::Section => inside(requirement.section.as_str()),
    })
    .map(|(_, id)| *id)
    .collect()
}

/// Whether any of these requirements is put to the organisation.
fn is_asked(edition: &StoredEdition, what: &[RequirementId], one: &Concerned) -> Result<bool> {
    let fault = |e: crate::standards::KeyError| Error::internal("failed to read whom guidance concerns", e);
    let sector = SectorKey::new(&one.sector).map_err(fault)?;
    let profile =
        if one.profile.is_empty() { None } else { Some(ProfileKey::new(&one.profile).map_err(fault)?) };
    let document = edition.edition();
    Ok(what
        .iter()
        .filter_map(|id| edition.position_of(*id))
        .filter_map(|at| document.requirements().get(at))
        .any(|requirement| document.asked(requirement, sector, profile.as_ref()) != Asked::NotAsked))
}

/// The mail to one person, unless another worker told them meanwhile.
fn queue(tx: &mut Tx<'_>, told: &Told, public_url: &str, at: Timestamp) -> Result<bool> {
    if !store::keep(tx, told.note, told.person)? {
        return Ok(false);
    }
    let href = format!("{public_url}{}", told.href);
    let mail = Letter {
        template: "returns.guidance",
        to: &told.address,
        subject: format!("Guidance has changed: {}", told.about),
        name: &told.name,
        paragraphs: vec![
            format!("There is new guidance to {} in {}, from {}.", told.about, told.edition, told.from.words()),
            format!("It concerns the return of {}.", sentence(&told.organisations)),
            "What is asked has not changed, and no answer was touched. The portal shows word by word what the \
             guidance says now and said before."
                .to_owned(),
        ],
        link: ("See what changed", &href),
    }
    .into_mail();
    outbox::queue_for(tx, &mail, &format!("guidance-{}-{}", told.note, told.person), at)?;
    Ok(true)
}
