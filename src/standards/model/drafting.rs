//! A draft as a document: written and read back like an edition and held against the same rules, but allowed to be
//! incomplete while it is being edited.

use serde_json::Value;

use super::{Edition, EditionDraft, Problem, check, read_document};

impl EditionDraft {
    /// What is still wrong with it: exactly what importing it as a file would list. Empty means that it is an edition.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        check::problems(self)
    }

    /// The draft in the shape of the standard file format.
    #[must_use]
    pub fn document(&self) -> Value {
        super::document(self)
    }

    /// Reads a draft back; it may be incomplete, but not in another shape.
    ///
    /// # Errors
    /// The fields that are missing, mistyped or unknown.
    pub fn from_document(value: &Value) -> Result<Self, Vec<Problem>> {
        let (draft, problems) = read_document(value);
        match draft {
            Some(draft) if problems.is_empty() => Ok(draft),
            _ => Err(problems),
        }
    }
}

impl Edition {
    /// The parts that it was made of.
    #[must_use]
    pub const fn parts(&self) -> &EditionDraft {
        &self.draft
    }
}
