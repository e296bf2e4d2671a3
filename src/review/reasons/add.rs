//! Adding a reason to the library.

use diesel::prelude::*;
use serde_json::json;

use super::model::ReasonState;
use super::store;
use crate::access::{AddReason, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::ids::ReasonId;
use crate::review::claim::person;
use crate::review::decide::REASON_LIMIT;
use crate::schema::review_reason;

/// The longest title, in characters.
const TITLE_LIMIT: usize = 100;

/// The longest code of a section.
const SECTION_LIMIT: usize = 40;

/// A reason as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct NewReason {
    /// Key of the standard that it belongs to; empty for a general one.
    pub standard: String,
    /// Code of the section; empty for all of the standard.
    pub section: String,
    /// A few words to find it by.
    pub title: String,
    /// The words that go into a decision.
    pub body: String,
}

impl NewReason {
    /// That title and words are there and not too long, and a section only where there is a standard.
    pub(super) fn must_be_sound(&self) -> Result<()> {
        let mut wrong = Vec::new();
        let mut add = |field: &str, message: String| {
            wrong.push(FieldError { field: field.to_owned(), message });
        };
        if self.title.is_empty() {
            add("title", "Enter a title to find it by".to_owned());
        } else if self.title.chars().count() > TITLE_LIMIT {
            add("title", format!("The title must be {TITLE_LIMIT} characters or fewer"));
        }
        if self.body.is_empty() {
            add("text", "Enter the words of the reason".to_owned());
        } else if self.body.chars().count() > REASON_LIMIT {
            add("text", format!("The reason must be {REASON_LIMIT} characters or fewer"));
        }
        if self.standard.is_empty() && !self.section.is_empty() {
            let words = "Choose the standard that the section is of, or leave the section empty";
            add("section", words.to_owned());
        } else if self.section.chars().count() > SECTION_LIMIT {
            add("section", "Enter the code of a section, for example 1.2".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Adds a reason.
///
/// # Errors
/// [`Error::Invalid`] for what is missing or too long, or a standard that there is not.
pub fn add_reason(
    tx: &mut Tx<'_>,
    permit: &Permit<AddReason>,
    new: &NewReason,
) -> Result<Recorded<ReasonId>> {
    new.must_be_sound()?;
    let (now, me) = (tx.now(), person(permit)?);
    let standard = if new.standard.is_empty() {
        None
    } else {
        let found = store::standard_of(tx.conn(), &new.standard)?;
        Some(found.ok_or_else(|| Error::field("standard", "Choose a standard from the list"))?)
    };
    let id: ReasonId = diesel::insert_into(review_reason::table)
        .values((
            review_reason::standard_id.eq(standard),
            review_reason::section.eq(&new.section),
            review_reason::title.eq(&new.title),
            review_reason::body.eq(&new.body),
            review_reason::state.eq(ReasonState::Kept),
            review_reason::version.eq(1_i64),
            review_reason::changed_by.eq(me),
            review_reason::changed_at.eq(now),
        ))
        .returning(review_reason::id)
        .get_result(tx.conn())?;
    store::keep_version(tx, (id, 1), (&new.title, &new.body), me)?;
    let data = json!({"text_sha256": hex(&sha256(new.body.as_bytes()))});
    ledger::append(tx, &Event::of(permit, "reason_added", format!("reason/{id}"), data), id)
}
