//! What is left to score of a blind case, for a program that scores instead of a page.

use super::sheet::BlindSheet;
use crate::access::Actor;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::BlindCaseId;
use crate::standards::scoring::Status;

/// One answer without a score.
#[derive(Debug, Clone)]
pub struct BlindAnswer {
    /// The requirement's code.
    pub requirement: String,
    /// What the organisation claims.
    pub claimed: Status,
    /// What can be found.
    pub possible: Vec<Status>,
}

/// What is left of a case.
#[derive(Debug, Clone)]
pub struct BlindWork {
    /// The case as it was read, for finishing it.
    pub version: i64,
    /// The answers that need a score, in edition order.
    pub answers: Vec<BlindAnswer>,
}

/// What the case's scorer has still to do.
///
/// # Errors
/// [`crate::platform::error::Error::NotFound`] for everybody else.
pub fn blind_work(conn: &mut Conn, actor: &Actor, id: BlindCaseId) -> Result<BlindWork> {
    let sheet = BlindSheet::for_scorer(conn, actor, id)?;
    let answers = sheet
        .requirements()
        .filter(|(_, line)| line.is_wanting())
        .map(|(requirement, line)| BlindAnswer {
            requirement: requirement.code.to_string(),
            claimed: line.claimed,
            possible: line.possible(requirement),
        })
        .collect();
    Ok(BlindWork { version: sheet.case.version, answers })
}
