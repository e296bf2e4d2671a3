//! Finding the next submission that somebody may score, and who may score one.

use super::case::{BlindCase, waiting_cases};
use super::impartial::Impartial;
use crate::access::CentralRole::{CentralReviewer, SecondReviewer};
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;

/// Cases looked at before somebody is told that there is none for them.
const LOOKED_AT: i64 = 200;

/// The oldest waiting case that this person may score, with the proof that they may.
///
/// # Errors
/// [`Error::Refused`] when there is none.
pub fn waiting_case(conn: &mut Conn, person: PersonId) -> Result<(BlindCase, Impartial)> {
    for case in waiting_cases(conn, None, LOOKED_AT)? {
        match Impartial::check(conn, person, &case) {
            Ok(proof) => return Ok((case, proof)),
            Err(Error::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Refused("No submission waits for a second score by you just now.".to_owned()))
}

/// Everybody who may score this case, by name.
pub(in crate::review) fn scorers_for(conn: &mut Conn, case: &BlindCase) -> Result<Vec<(PersonId, String)>> {
    let mut found = Vec::new();
    for (person, name, _) in identity::central_holders(conn, &[CentralReviewer, SecondReviewer])? {
        match Impartial::check(conn, person, case) {
            Ok(_) => found.push((person, name)),
            Err(Error::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}
