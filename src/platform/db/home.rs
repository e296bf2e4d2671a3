//! The database file's identity. A file that was moved or removed under a running portal goes on working for whoever
//! has it open, and everything saved there is lost with the process: so the writer looks before it promises anything.

use std::path::{Path, PathBuf};

use super::Target;
use crate::platform::error::{Error, Result};

/// Where a SQLite database was when it was opened.
#[derive(Debug)]
pub(super) struct Home {
    path: PathBuf,
    file: Option<Identity>,
}

/// Device and number of the file.
type Identity = (u64, u64);

impl Home {
    /// The file as it is now.
    pub(super) fn of(target: &Target) -> Option<Self> {
        match target {
            Target::Sqlite(path) => Some(Self { file: identity(path), path: path.clone() }),
            Target::Postgres(_) => None,
        }
    }

    /// Refuses when the file is no longer the one that was opened.
    pub(super) fn check(&self) -> std::result::Result<(), String> {
        match identity(&self.path) {
            None => Err(format!("the database file {} is gone", self.path.display())),
            found if found == self.file => Ok(()),
            Some(_) => Err(format!("the database file {} was replaced", self.path.display())),
        }
    }
}

/// Refuses to open what is not there: an empty database made in its place would look like one that lost everything.
pub(super) fn must_exist(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    Err(Error::Unavailable(format!("there is no database at {}; portal migrate makes one", path.display())))
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// Elsewhere only whether it is there is known.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.exists().then_some((0, 0))
}
