//! What there is beside a return at all, so that a page of the whole asks only for what is there.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::platform::db::{Conn, Fixed};
use crate::platform::error::Result;
use crate::platform::ids::ReturnId;

/// What there is beside a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presence {
    /// Evidence at any of its answers.
    pub evidence: bool,
    /// A requirement that somebody was given.
    pub owners: bool,
    /// A site of its organisation in the register.
    pub sites: bool,
}

const PRESENCE: &str = "SELECT EXISTS (SELECT 1 FROM answer_evidence e WHERE e.return_id = r.id), \
     EXISTS (SELECT 1 FROM answer_owner o WHERE o.return_id = r.id), \
     EXISTS (SELECT 1 FROM organisation s WHERE s.head_office_id = r.organisation_id AND s.id <> r.organisation_id) \
     FROM annual_return r WHERE r.id = ?";

/// What there is beside a return, in one statement.
pub(super) fn presence(conn: &mut Conn, of: ReturnId) -> Result<Presence> {
    let (evidence, owners, sites): (bool, bool, bool) =
        Fixed::<(Bool, Bool, Bool)>::new(PRESENCE).number(of.get()).get_result(conn)?;
    Ok(Presence { evidence, owners, sites })
}
