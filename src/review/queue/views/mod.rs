//! Saved views: a filter of the queue that somebody of the central team has named, for themselves or for the team, and
//! the one that each person starts with.

mod change;
mod choose_default;
mod forget;
pub(in crate::review) mod pages;
mod save;
mod store;
pub(in crate::review) mod web;

pub(super) use store::seen_by;

use super::filter::QueueForm;
use crate::access::Subject;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, SavedViewId};

/// The longest name, in characters.
pub(super) const NAME_LIMIT: usize = 60;

/// Views that one person can keep.
pub(super) const MOST: usize = 50;

/// A saved view, as somebody sees it.
#[derive(Debug, Clone)]
pub(in crate::review) struct View {
    pub id: SavedViewId,
    pub owner: PersonId,
    pub owner_name: String,
    pub name: String,
    pub query: String,
    pub shared: bool,
    /// Whether it belongs to whoever looks.
    pub own: bool,
    /// Whether whoever looks starts with it.
    pub is_default: bool,
    pub version: i64,
}

impl View {
    /// The queue under this view.
    pub fn href(&self) -> String {
        format!("/reviews?view={}", self.id)
    }

    /// Whose it is and who sees it.
    pub fn note(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        match (self.own, self.shared) {
            (true, true) => said.push("yours, shared with the team".to_owned()),
            (true, false) => {}
            (false, _) => said.push(format!("shared by {}", self.owner_name)),
        }
        if self.is_default {
            said.push("where you start".to_owned());
        }
        said.join(", ")
    }

    /// What the access table needs to know of it.
    pub const fn subject(&self) -> Subject {
        Subject { kind: "saved view", id: self.id.get(), organisation: None, state: "" }
    }

    /// That it belongs to whoever looks.
    pub fn must_be_own(&self) -> Result<()> {
        if self.own {
            Ok(())
        } else {
            Err(Error::Forbidden(format!(
                "This view belongs to {}. Only they can change or remove it.",
                self.owner_name
            )))
        }
    }
}

/// The form that an address means: what a view says where it names one, with the page it asks for.
pub(super) fn filled(asked: QueueForm, views: &[View]) -> QueueForm {
    match views.iter().find(|view| view.id.to_string() == asked.view) {
        Some(view) => QueueForm { page: asked.page, view: asked.view, ..QueueForm::from_query(&view.query) },
        None => QueueForm { view: String::new(), ..asked },
    }
}
