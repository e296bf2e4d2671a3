//! Writing what the reviewer says in the letter, before the review is finished: the summary, and a paragraph of their own.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Permit, WriteLetter};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::review::claim::own;
use crate::review::store::{self, Review};
use crate::schema::review;

/// The longest added paragraph, in characters.
pub const PARAGRAPH_LIMIT: usize = 4000;

/// Saves the summary and the paragraph of a review that is not finished yet.
///
/// # Errors
/// [`crate::platform::error::Error::Forbidden`] for whoever has not claimed the review,
/// [`crate::platform::error::Error::Conflict`] when it has moved on.
pub fn write_letter(
    tx: &mut Tx<'_>,
    permit: &Permit<WriteLetter>,
    as_read: &Review,
    (summary, paragraph): (&str, &str),
) -> Result<Recorded<()>> {
    own(permit, as_read)?;
    store::hold(tx, as_read)?;
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((review::summary.eq(summary), review::letter_paragraph.eq(paragraph)))
        .execute(tx.conn())?;
    let data = json!({
        "summary_sha256": hex(&sha256(summary.as_bytes())),
        "paragraph_sha256": hex(&sha256(paragraph.as_bytes())),
    });
    ledger::append(tx, &Event::of(permit, "letter_written", format!("review/{}", as_read.id), data), ())
}
