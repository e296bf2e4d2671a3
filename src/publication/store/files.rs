//! Files that are stored with a release: its report, and what is public and went into its tables.

use diesel::prelude::*;

use crate::platform::canonical::sha256;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::ReleaseId;
use crate::schema::release_file;

/// The name under which the report is kept.
const PAPER: &str = "report.pdf";

/// The name under which the public inputs of the tables are kept.
const INPUTS: &str = "inputs.json";

/// Stores the report of a release.
pub(in crate::publication) fn insert_paper(conn: &mut Conn, id: ReleaseId, paper: &[u8]) -> Result<()> {
    insert_file(conn, id, PAPER, paper)
}

/// Stores what is public beside the lines and went into the tables.
pub(in crate::publication) fn insert_inputs(conn: &mut Conn, id: ReleaseId, inputs: &str) -> Result<()> {
    insert_file(conn, id, INPUTS, inputs.as_bytes())
}

fn insert_file(conn: &mut Conn, id: ReleaseId, name: &str, content: &[u8]) -> Result<()> {
    diesel::insert_into(release_file::table)
        .values((
            release_file::release_id.eq(id),
            release_file::name.eq(name),
            release_file::content.eq(content),
            release_file::sha256.eq(&sha256(content)[..]),
        ))
        .execute(conn)?;
    Ok(())
}

/// Puts another report in the place of the one of a release that is not public yet.
pub(in crate::publication) fn replace_paper(conn: &mut Conn, id: ReleaseId, paper: &[u8]) -> Result<()> {
    let of_release =
        release_file::table.filter(release_file::release_id.eq(id)).filter(release_file::name.eq(PAPER));
    diesel::delete(of_release).execute(conn)?;
    insert_paper(conn, id, paper)
}

/// The report of a release, if one was made.
pub(in crate::publication) fn paper_of(conn: &mut Conn, id: ReleaseId) -> Result<Option<Vec<u8>>> {
    file_of(conn, id, PAPER)
}

/// The public inputs of a release, where they were kept.
pub(in crate::publication) fn inputs_of(conn: &mut Conn, id: ReleaseId) -> Result<Option<Vec<u8>>> {
    file_of(conn, id, INPUTS)
}

fn file_of(conn: &mut Conn, id: ReleaseId, name: &str) -> Result<Option<Vec<u8>>> {
    Ok(release_file::table
        .filter(release_file::release_id.eq(id))
        .filter(release_file::name.eq(name))
        .select(release_file::content)
        .first(conn)
        .optional()?)
}
