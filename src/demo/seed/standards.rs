//! What the standards editors of the demo have in hand: a draft of next year's edition with three changes, two notes of
//! guidance to this year's, one of them written ahead, an item whose end is announced, and the second editor whom freezing
//! takes.

use std::sync::Arc;

use diesel::prelude::*;

use super::super::nation::people::CentralRole as Post;
use super::years::Written;
use super::{Seeding, seeding_permit};
use crate::access::{AnnounceRetirement, BeginDraft, CentralRole, EditDraft, Permit, Subject};
use crate::identity::{self, EmailAddress, NewPerson};
use crate::ledger::{self, Event};
use crate::platform::clock::Day;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionDraftId, PersonId};
use crate::platform::jobs;
use crate::schema::guidance_note;
use crate::standards::editing::{Beginning, Change, Naming, Stated, begin_draft, draft, save_draft};
use crate::standards::guidance::{About, TELL};
use crate::standards::register::{Announcement, announce_retirement};
use crate::standards::{Edition, EditionKey, ItemKind, PlanRules, Requirement, RequirementKind};

/// Days ahead at which the second note comes into force.
const AHEAD: i64 = 21;

/// Writes it all; called last, when rows are numbered by the database again.
pub(super) fn write(db: &Db, seeding: &Arc<Seeding>, hash: &str, open: &Written) -> Result<()> {
    let editor = editor(seeding)?;
    let (edition, hash) = (open.edition, hash.to_owned());
    db.write_now(Reach::nobodys(), move |tx| {
        second_editor(tx, hash)?;
        let current = crate::standards::edition(tx.conn(), edition)?;
        next_year(tx, editor, &current)?;
        let today = tx.now().london_day();
        let found = items(&current);
        let [first, second, third] = found.as_slice() else {
            return Err(Error::broken("the sample standard has items"));
        };
        note(tx, (edition, editor), first, today.plus_days(-10))?;
        let later = note(tx, (edition, editor), second, today.plus_days(AHEAD))?;
        let at = today.plus_days(AHEAD).at_hour(8);
        ends(tx, editor, &current, third)?;
        jobs::enqueue(tx, TELL, &later.to_string(), at, Some(&format!("{TELL}-{later}")))?;
        let event =
            Event::of(&seeding_permit()?, "demo_standards_made", "demo".to_owned(), serde_json::json!({}));
        ledger::append(tx, &event, ())
    })
}

/// The standards editor.
pub(super) fn editor(seeding: &Seeding) -> Result<PersonId> {
    let posts = seeding.nation.staff.central.iter();
    let editor = posts.filter(|post| post.role == Post::StandardsEditor).map(|post| post.person).next();
    let editor = editor.and_then(|editor| seeding.people.get(editor.index()).copied());
    editor.ok_or_else(|| Error::broken("the nation has a standards editor"))
}

fn second_editor(tx: &mut Tx<'_>, hash: String) -> Result<()> {
    let email = EmailAddress::parse("odette.farrow@programme.example");
    let new = NewPerson {
        name: "Odette Farrow".to_owned(),
        email: email.ok_or_else(|| Error::broken("an address of the demo is none"))?,
        password_hash: Some(hash),
        persona: Some("Second standards editor".to_owned()),
    };
    let permit = seeding_permit()?;
    let person = *identity::admit(tx, &permit, &new)?.value();
    identity::grant_central_role(tx, &permit, person, CentralRole::StandardsEditor)?;
    Ok(())
}

/// A copy of this year's edition in which one item is worded otherwise and one is asked of everybody who is asked the
/// first.
fn next_year(tx: &mut Tx<'_>, editor: PersonId, current: &Edition) -> Result<()> {
    let actor = identity::actor_of(tx.conn(), editor)?;
    let key = EditionKey::new(&format!("{}-next", current.key()))
        .map_err(|e| Error::internal("failed to name the demo's next edition", e))?;
    let naming = Naming { key, label: "Next year".to_owned() };
    let begin = Permit::<BeginDraft>::grant(&actor, Some(Subject::programme()))?;
    let id: EditionDraftId =
        *begin_draft(tx, &begin, &Beginning::Copy(current.key().to_string()), &naming)?.value();
    let found = items(current);
    let [first, second, ..] = found.as_slice() else { return Ok(()) };
    let mut worded = (*first).clone();
    worded.text.push_str(" Say since when.");
    let mut wider = (*second).clone();
    if let (RequirementKind::Item { mandatory, .. }, RequirementKind::Item { mandatory: all, .. }) =
        (&mut wider.kind, &first.kind)
    {
        mandatory.extend(all.iter().copied());
    }
    wider.text.push_str(" Answer for all of your sites.");
    for requirement in [worded, wider] {
        let found = draft(tx.conn(), id)?;
        let edit = Permit::<EditDraft>::grant(&actor, Some(found.head.subject()))?;
        let code = requirement.code.clone();
        let rules = found.content.parts.exemptions.iter().filter(|e| e.requirements.contains(&code));
        let stated = Stated {
            exemptions: rules.map(|rule| rule.code.clone()).collect(),
            origins: found.content.origins.get(&code).cloned().unwrap_or_default(),
            requirement,
        };
        save_draft(tx, &edit, found.head.version, Change::EditRequirement(code, Box::new(stated)))?;
    }
    let found = draft(tx.conn(), id)?;
    let edit = Permit::<EditDraft>::grant(&actor, Some(found.head.subject()))?;
    let rules = PlanRules { due_months: 9, covers_gaps: current.plan_rules().covers_gaps };
    save_draft(tx, &edit, found.head.version, Change::PlanRules(Some(rules)))?;
    Ok(())
}

/// The first three items that are not confirmations.
fn items(edition: &Edition) -> Vec<&Requirement> {
    let is_item = |requirement: &&Requirement| {
        !matches!(requirement.kind, RequirementKind::Item { item: ItemKind::Confirmation, .. })
    };
    edition.requirements().iter().filter(is_item).take(3).collect()
}

/// An item that will not be asked from next year on.
fn ends(tx: &mut Tx<'_>, editor: PersonId, current: &Edition, about: &Requirement) -> Result<()> {
    let actor = identity::actor_of(tx.conn(), editor)?;
    let permit = Permit::<AnnounceRetirement>::grant(&actor, Some(Subject::programme()))?;
    let announcement = Announcement {
        edition: current.key().to_string(),
        code: about.code.to_string(),
        from_label: "next year".to_owned(),
        reason: "Two years of answers have taught nobody anything that another item does not say.".to_owned(),
    };
    announce_retirement(tx, &permit, &announcement)?;
    Ok(())
}

fn note(
    tx: &mut Tx<'_>,
    (edition, editor): (crate::platform::ids::EditionId, PersonId),
    about: &Requirement,
    from: Day,
) -> Result<crate::platform::ids::GuidanceNoteId> {
    let before = about.guidance.clone().unwrap_or_default();
    let text = format!("{before} A name, a date and where it is written down are enough.");
    let now = tx.now();
    Ok(diesel::insert_into(guidance_note::table)
        .values((
            guidance_note::edition_id.eq(edition),
            guidance_note::about.eq(About::Requirement),
            guidance_note::code.eq(about.code.as_str()),
            guidance_note::text.eq(text.trim()),
            guidance_note::effective_on.eq(from.to_string()),
            guidance_note::published_at.eq(now),
            guidance_note::published_by.eq(Some(editor)),
        ))
        .returning(guidance_note::id)
        .get_result(tx.conn())?)
}
