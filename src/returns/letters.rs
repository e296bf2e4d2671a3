//! The letters about a return: written by its review, listed where the return is.

use diesel::prelude::*;

use super::readiness::return_href;
use super::store::Found;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::pages::Link;
use crate::schema::decision_letter;

/// The letters about a return, the newest first; none is looked for before there was a submission.
pub(super) fn letters(conn: &mut Conn, of: &Found) -> Result<Vec<Link>> {
    if of.submission.is_none() && of.reopened_reason.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, Timestamp)> = decision_letter::table
        .filter(decision_letter::return_id.eq(of.id))
        .order(decision_letter::number.desc())
        .select((decision_letter::number, decision_letter::made_at))
        .load(conn)?;
    let base = return_href(&of.code, &of.collection.key);
    let link = |(number, at): (i64, Timestamp)| {
        Link::new(
            format!("Letter {number} of {}", at.london_day().words()),
            format!("{base}/letters/{number}"),
        )
    };
    Ok(rows.into_iter().map(link).collect())
}
