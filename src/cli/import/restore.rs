//! `portal import return`: an export brought back by whoever runs the portal, after a loss or a move.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::access::{Actor, RestoreReturnBySystem};
use crate::identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::returns::{self, EXPORT_LIMIT, Which};

/// Brings the export of a return back into an organisation's empty return, and gives the text to print.
///
/// # Errors
/// When the file is no export of this organisation and edition, or the return is not there or holds something.
pub fn restore(db: &Db, file: &Path, organisation: &str, collection: &str) -> Result<String> {
    let unreadable =
        |e: std::io::Error| Error::field("FILE", format!("{} cannot be read: {e}", file.display()));
    let mut bytes = Vec::new();
    File::open(file)
        .map_err(unreadable)?
        .take(EXPORT_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > EXPORT_LIMIT {
        return Err(Error::TooLarge(format!("{} is larger than {} MiB", file.display(), EXPORT_LIMIT >> 20)));
    }
    let export = returns::read_export(&bytes).map_err(|why| Error::field("FILE", why))?;
    let (code, key) = (organisation.to_owned(), collection.to_owned());
    let restored = db.write_now(Actor::system_reach(), move |tx| {
        let whose = identity::organisation_named(tx.conn(), &code)?
            .ok_or_else(|| Error::field("--organisation", format!("there is no organisation {code}")))?;
        let found = returns::find(tx.conn(), Which::Of(whose, &key))?.ok_or_else(|| {
            Error::Refused(format!("{code} has no return in the collection {key}: a lead starts it first"))
        })?;
        let permit = found.permit::<RestoreReturnBySystem>(&Actor::system())?;
        returns::restore_return(tx, &permit, &found, &export)
    })?;
    Ok(restored.words())
}
