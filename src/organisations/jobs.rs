//! The job that takes in a file somebody uploaded.

use serde::Deserialize;

use super::import::{ImportState, InputFile, asked_run, import_asked, refuse_import};
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::files::{Files, Folder};
use crate::platform::ids::ImportRunId;
use crate::platform::jobs::{Job, Outcome};

/// The kind of this job.
pub const IMPORT: &str = "organisations.import";

#[derive(Deserialize)]
struct Payload {
    run: ImportRunId,
}

/// The handler of [`IMPORT`]. A crash before the end runs it again from the beginning; after the end it finds nothing
/// to do.
///
/// # Errors
/// When the database cannot be used just now; the job is then tried again.
pub fn import_upload(db: &Db, files: &Files, limit: u64, job: &Job) -> Result<Outcome> {
    let Payload { run } = serde_json::from_str(&job.payload)
        .map_err(|e| Error::internal("failed to read which import a job is for", e))?;
    let found = db.read_now(Reach::nobodys(), move |conn| asked_run(conn, run))?;
    if !found.state.is_under_way() {
        return Ok(Outcome::Done);
    }
    let outcome = files.kept_now(Folder::Imports, &found.file_hash).and_then(|open| {
        let file = InputFile::new(&found.file_name, move || open());
        import_asked(db, run, file, &found.asked, limit)
    });
    let (why, outcome) = match outcome {
        Ok(_) => return Ok(Outcome::Done),
        // Another worker has just ended it.
        Err(Error::Conflict(_)) if ended(db, run)? => return Ok(Outcome::Done),
        Err(error @ (Error::Unavailable(_) | Error::FilesUnreachable(_) | Error::Conflict(_))) => {
            return Err(error);
        }
        Err(Error::Refused(why) | Error::Unsupported(why) | Error::TooLarge(why)) => (why, Outcome::Done),
        Err(Error::NotFound) => {
            ("the uploaded file is no longer there; upload it again".to_owned(), Outcome::Done)
        }
        Err(error) => {
            log::error!(target: "portal::organisations", run = run.get(); "an import failed: {error}");
            let told = "the portal failed while it took the file in, which is no fault of the file";
            (told.to_owned(), Outcome::GiveUp(error.to_string()))
        }
    };
    refuse_import(db, run, &why)?;
    Ok(outcome)
}

fn ended(db: &Db, run: ImportRunId) -> Result<bool> {
    let state: ImportState = db.read_now(Reach::nobodys(), move |conn| asked_run(conn, run))?.state;
    Ok(!state.is_under_way())
}
