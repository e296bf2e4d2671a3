//! A draft together with the edition that it is compared with, and what differs.

use std::sync::Arc;

use super::diff::Diff;
use super::model::Content;
use super::origins::lines_of;
use super::store::{self, Draft};
use crate::access::{Action as _, Actor, EditDraft, Permit};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::EditionDraftId;
use crate::standards::mapping::{in_force, usual_lines};
use crate::standards::model::Edition;
use crate::standards::store::{StoredEdition, edition};

/// A draft with the edition that it is compared with.
#[derive(Debug)]
pub struct Read {
    /// The draft.
    pub draft: Draft,
    /// The edition.
    pub base: Option<Arc<Edition>>,
}

impl Read {
    /// The draft with this number.
    ///
    /// # Errors
    /// [`crate::platform::error::Error::NotFound`], or when the database cannot be asked.
    pub fn of(conn: &mut Conn, id: EditionDraftId) -> Result<Self> {
        let draft = store::draft(conn, id)?;
        let base = draft.head.base.map(|base| edition(conn, base)).transpose()?;
        Ok(Self { draft, base })
    }

    /// Whether a code is a requirement of the edition before.
    #[must_use]
    pub fn is_known(&self, code: &str) -> bool {
        self.base.as_ref().is_some_and(|base| base.position(code).is_some())
    }

    /// Whether somebody may change it.
    ///
    /// # Errors
    /// Why not.
    pub fn must_be_editable(&self, actor: &Actor) -> Result<()> {
        Permit::<EditDraft>::grant(actor, Some(self.draft.head.subject())).map(|_| ())
    }

    /// Whether a page offers to change it.
    #[must_use]
    pub fn may_be_edited(&self, actor: &Actor) -> bool {
        EditDraft::ROW.allows(actor, &self.draft.head.subject()).is_ok()
    }

    /// What differs from the edition before; none where there is no such edition.
    #[must_use]
    pub fn diff(&self) -> Option<Diff> {
        let base = self.base.as_ref()?;
        let content = &self.draft.content;
        let lines = lines_of(&content.origins, base.requirements(), &content.parts.requirements);
        Some(Diff::of(&Content::copy_of(base), content, &lines))
    }
}

/// What differs between two editions, whose requirements the mapping in force brings together, or equal codes.
///
/// # Errors
/// When the database cannot be asked.
pub fn compared(conn: &mut Conn, from: &StoredEdition, to: &StoredEdition) -> Result<Diff> {
    let lines = match in_force(conn, from.id(), to.id())? {
        Some(mapping) => mapping.lines,
        None => usual_lines(from.edition(), to.edition()),
    };
    Ok(Diff::of(&Content::copy_of(from.edition()), &Content::copy_of(to.edition()), &lines))
}
