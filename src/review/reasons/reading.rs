//! What the pages of the library read, after the permit to read it.

use super::model::{Reason, ReasonVersion};
use super::store;
use crate::access::{Actor, Permit, ReadReasons, Subject};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::ReasonId;

/// Every reason, and keys and names of the standards.
pub(super) type Library = (Vec<Reason>, Vec<(String, String)>);

/// The whole library.
pub(super) fn library(conn: &mut Conn, actor: &Actor) -> Result<Library> {
    Permit::<ReadReasons>::grant(actor, Some(Subject::programme()))?;
    Ok((store::reasons(conn)?, store::standards(conn)?))
}

/// One reason with its versions.
pub(super) fn one(conn: &mut Conn, actor: &Actor, id: ReasonId) -> Result<(Reason, Vec<ReasonVersion>)> {
    Permit::<ReadReasons>::grant(actor, Some(Subject::programme()))?;
    Ok((store::reason(conn, id)?, store::versions(conn, id)?))
}
