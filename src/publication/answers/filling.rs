//! A sheet made from the database: rows are read on one thread and put in on another, which takes a nation's about as long as
//! reading them alone.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, sync_channel};

use super::sheet::Sheet;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId};
use crate::publication::store::{Counted, Print, each_counted, edition_of, kinds_in_scope, region_names};
use crate::standards;

/// Rows that go over to the other thread at a time.
const AT_ONCE: usize = 1000;
/// Times as many that may wait there.
const WAITING: usize = 8;

/// A sheet, and what each row of it depends on.
pub(super) type Filled = (Sheet, HashMap<OrganisationId, Print>);

/// Reads the submissions of a collection that count into a sheet.
///
/// # Errors
/// When the database cannot be asked, or a stored vector does not fit its edition.
pub(super) fn filled(conn: &mut Conn, id: CollectionId) -> Result<Filled> {
    let edition = edition_of(conn, id)?;
    let edition = standards::edition(conn, edition)?;
    let (scope, regions) = (kinds_in_scope(conn, id)?, region_names(conn)?);
    std::thread::scope(|threads| {
        let (given, taken) = sync_channel(WAITING);
        let filling = threads.spawn(move || {
            let sheet = Sheet::of(&edition, &scope, &regions)?;
            fill((sheet, HashMap::with_capacity(scope.len())), &taken)
        });
        let mut some = Vec::with_capacity(AT_ONCE);
        let give =
            |lines: Vec<Counted>| given.send(lines).map_err(|_| Error::broken("nobody fills the sheet"));
        let read = each_counted(conn, id, None, |line| {
            some.push(line);
            if some.len() < AT_ONCE {
                return Ok(());
            }
            give(std::mem::replace(&mut some, Vec::with_capacity(AT_ONCE)))
        });
        let read = read.and_then(|()| give(some));
        drop(given);
        let filled = filling.join().map_err(|_| Error::broken("a thread that fills a sheet panicked"))?;
        // Where it could not go on, why it could not says more than that nobody took the rest.
        filled.and_then(|filled| read.map(|()| filled))
    })
}

fn fill((mut sheet, mut prints): Filled, taken: &Receiver<Vec<Counted>>) -> Result<Filled> {
    for line in taken.iter().flatten() {
        prints.insert(line.whose, line.print);
        sheet.put(line.whose, &line.levels)?;
    }
    Ok((sheet, prints))
}
