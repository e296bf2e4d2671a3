//! Freezing a draft: it becomes an edition that never changes, by the hand of a second person. What became of each
//! requirement begins as a mapping, and new and retired requirements are written down.

use serde_json::json;

use super::model::Content;
use super::origins::lines_of;
use super::store::{self, Draft};
use crate::access::{BeginMapping, EditMapping, FreezeEdition, Permit, Subject};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::{EditionDraftId, EditionId, MappingId};
use crate::standards::import_edition::place;
use crate::standards::mapping::{self, Line};
use crate::standards::model::Edition;
use crate::standards::register;
use crate::standards::store::{edition, freeze};

/// What has come of a draft.
#[derive(Debug, Clone)]
pub struct FrozenEdition {
    /// The edition.
    pub edition: EditionId,
    /// The draft of a mapping from the edition before; none where there was no edition, or a mapping already.
    pub mapping: Option<MappingId>,
}

/// Freezes the version that somebody else has said is done.
///
/// # Errors
/// [`Error::Refused`] when nobody else has said so; [`Error::Invalid`] with everything that is wrong;
/// [`Error::Conflict`] when the draft is at another version.
pub fn freeze_edition(
    tx: &mut Tx<'_>,
    permit: &Permit<FreezeEdition>,
    version: i64,
) -> Result<Recorded<FrozenEdition>> {
    let draft = store::draft(tx.conn(), EditionDraftId::new(permit.id()))?;
    if draft.head.version != version {
        return Err(Error::Conflict("A colleague changed the draft in the meantime.".to_owned()));
    }
    let Some(proposed) = draft.head.standing_proposal() else {
        return Err(Error::Refused(
            "Nobody has said that this version is done. One editor says so, and another one freezes it."
                .to_owned(),
        ));
    };
    if proposed.by == permit.actor().id() {
        return Err(Error::Refused(
            "You have said yourself that this draft is done. It takes a second editor to freeze it."
                .to_owned(),
        ));
    }
    let new = checked(&draft.content)?;
    let (id, _) = place(tx, &new)?;
    freeze(tx, id)?;
    store::freeze(tx, &draft.head, id, permit.actor().id())?;
    let mapping = mapped(tx, permit, &draft, id)?;
    let data = json!({
        "key": new.key(),
        "definition_hash": new.hash(),
        "edition": id,
        "version": version,
        "said_done_by": proposed.by,
        "mapping": mapping,
    });
    let subject = format!("edition-draft/{}", draft.head.id);
    let done = FrozenEdition { edition: id, mapping };
    ledger::append(tx, &Event::of(permit, "edition_frozen", subject, data), done)
}

/// The edition that a draft is, if nothing is wrong with it.
pub(super) fn checked(content: &Content) -> Result<Edition> {
    Edition::new(content.parts.clone()).map_err(|problems| {
        let field = |problem: &crate::standards::model::Problem| FieldError {
            field: problem.path.clone(),
            message: problem.message.clone(),
        };
        Error::Invalid(problems.iter().map(field).collect())
    })
}

/// Begins the mapping from the edition before, and writes down what is new and what is retired.
fn mapped(
    tx: &mut Tx<'_>,
    permit: &Permit<FreezeEdition>,
    draft: &Draft,
    to: EditionId,
) -> Result<Option<MappingId>> {
    let Some(base) = draft.head.base.filter(|base| *base != to) else { return Ok(None) };
    let (from, now) = (edition(tx.conn(), base)?, edition(tx.conn(), to)?);
    let lines = lines_of(&draft.content.origins, from.requirements(), now.requirements());
    register::write_down(tx, permit.actor().id(), (base, to), &lines)?;
    let is_known = from.standard_key() != now.standard_key()
        || !mapping::versions(tx.conn(), base, to)?.is_empty()
        || !mapping::versions(tx.conn(), to, base)?.is_empty();
    if is_known {
        return Ok(None);
    }
    begun(tx, permit, (from.key().as_str(), now.key().as_str()), &lines).map(Some)
}

fn begun(
    tx: &mut Tx<'_>,
    permit: &Permit<FreezeEdition>,
    (from, to): (&str, &str),
    lines: &[Line],
) -> Result<MappingId> {
    let begin = Permit::<BeginMapping>::grant(permit.actor(), Some(Subject::programme()))?;
    let id = *mapping::begin_mapping(tx, &begin, from, to)?.value();
    let begun = mapping::mapping(tx.conn(), id)?;
    let edit = Permit::<EditMapping>::grant(permit.actor(), Some(begun.subject()))?;
    mapping::take_lines(tx, &edit, begun.revision, lines)?;
    Ok(id)
}
