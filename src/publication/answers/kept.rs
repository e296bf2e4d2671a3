//! Sheets that are kept in memory, one for each collection that was asked for, each brought up to what the database holds
//! before every use: what did not change is not read again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::filling::filled;
use super::sheet::Sheet;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId};
use crate::publication::store::{CountedMark, Print, collection_choices, counted_mark, each_counted, prints};

/// Collections kept at once; the one that was not asked for the longest is let go first.
const KEPT: usize = 4;
/// Changed organisations read at a time.
const AT_ONCE: usize = 1000;

/// One collection's; nothing until it was first read.
type Slot = Arc<Mutex<Option<Held>>>;

/// The sheets, shared by all that ask.
#[derive(Debug, Default)]
pub struct Sheets(Mutex<Vec<(CollectionId, Slot)>>);

#[derive(Debug, Clone)]
struct Held {
    mark: CountedMark,
    prints: HashMap<OrganisationId, Print>,
    sheet: Arc<Sheet>,
}

impl Sheets {
    /// The sheet of a collection as the database holds it now.
    ///
    /// # Errors
    /// When the database cannot be asked, or a stored vector does not fit its edition.
    pub fn now(&self, conn: &mut Conn, id: CollectionId) -> Result<Arc<Sheet>> {
        let slot = self.slot(id);
        // One looks at a time: what one read must not be put over what another read later. A thread that died while it
        // looked has left nothing, and everything is read anew.
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = counted_mark(conn, id)?;
        if let Some(held) = slot.as_ref().filter(|held| held.mark == mark) {
            return Ok(Arc::clone(&held.sheet));
        }
        let held = match slot.take() {
            Some(held) if held.mark.same_kinds(&mark) => brought_up(conn, id, held, mark)?,
            _ => made(conn, id, mark)?,
        };
        let sheet = Arc::clone(&held.sheet);
        *slot = Some(held);
        Ok(sheet)
    }

    fn slot(&self, id: CollectionId) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = match slots.iter().position(|(of, _)| *of == id) {
            Some(at) => slots.remove(at).1,
            None => Slot::default(),
        };
        slots.push((id, Arc::clone(&slot)));
        if slots.len() > KEPT {
            slots.remove(0);
        }
        slot
    }
}

/// Everything read anew.
fn made(conn: &mut Conn, id: CollectionId, mark: CountedMark) -> Result<Held> {
    let (sheet, prints) = filled(conn, id)?;
    Ok(Held { mark, prints, sheet: Arc::new(sheet) })
}

/// Only what changed is read. Submissions that count no more make it anew: rows are never taken out.
fn brought_up(conn: &mut Conn, id: CollectionId, mut held: Held, mark: CountedMark) -> Result<Held> {
    let now = prints(conn, id)?;
    if held.prints.keys().any(|whose| !now.contains_key(whose)) {
        return made(conn, id, mark);
    }
    let changed: Vec<OrganisationId> = now
        .iter()
        .filter(|(whose, print)| held.prints.get(whose) != Some(print))
        .map(|(whose, _)| *whose)
        .collect();
    // Whoever still reads the old one keeps it; otherwise it is changed in place.
    let sheet = Arc::make_mut(&mut held.sheet);
    for some in changed.chunks(AT_ONCE) {
        each_counted(conn, id, Some(some), |line| sheet.put(line.whose, &line.levels))?;
    }
    Ok(Held { mark, prints: now, ..held })
}

/// The sheet of a collection by its key.
pub(super) fn sheet_of(conn: &mut Conn, sheets: &Sheets, key: &str) -> Result<Arc<Sheet>> {
    let found = crate::collections::collection_by_key(conn, key)?.ok_or(Error::NotFound)?;
    if found.state == crate::collections::CollectionState::Planned {
        return Err(Error::NotFound);
    }
    sheets.now(conn, found.id)
}

/// The sheets of every collection that has opened, by key, the newest first.
///
/// # Errors
/// When the database cannot be asked.
pub(super) fn sheets_of_all(conn: &mut Conn, sheets: &Sheets) -> Result<Vec<(String, Arc<Sheet>)>> {
    let all = collection_choices(conn)?.into_iter();
    all.map(|(key, ..)| sheet_of(conn, sheets, &key).map(|sheet| (key, sheet))).collect()
}
