//! Pages: the one way from a typed struct to HTML. A page is a struct that names its template; the template is made of
//! the design system's components (`templates/components/`), which own every label, hint, error and id.
//!
//! See `docs/pages.md` for how to add a page and for the list of components.

mod check;
mod chrome;
mod columns;
mod engine;
mod error;
mod escape;
mod filters;
mod forms;
mod frame;
mod markup;
mod names;
mod outline;
mod pagination;
mod parts;
mod rows;
mod tasks;
#[cfg(test)]
mod tests;
pub mod words;

pub use check::{PageCheck, check_pages};
pub use chrome::{Aside, Chrome, Flash, Link, NavItem, SignedIn};
pub use columns::filled_columns;
pub use engine::Pages;
pub use error::PagesError;
pub use forms::{Choice, DateField, ErrorItem, ErrorSummary, Field, FormErrors};
pub use pagination::Pagination;
pub use parts::{Cell, Fact, Tag};
pub use tasks::{PlainTask, task_items};

/// A page: its fields are the names its template may use, beside `chrome`, `title`, `has_errors`, `breadcrumbs` and `back`.
pub trait Page: serde::Serialize {
    /// The template under `templates/`, such as `returns/tasks.html`.
    const TEMPLATE: &'static str;

    /// Examples that every test renders: at least empty, typical, long and, for a form, with errors.
    fn samples() -> Vec<(&'static str, Self)>
    where
        Self: Sized;

    /// What the browser's tab and history say, without the service's name; the page's `h1` in other words.
    fn title(&self) -> String;

    /// The pages above this one, outermost first; shown instead of a back link.
    fn breadcrumbs(&self) -> Vec<Link> {
        Vec::new()
    }

    /// The page one step back, for a step of a longer task.
    fn back(&self) -> Option<Link> {
        None
    }

    /// True when the page shows a form that was refused: its title then starts with "Error: ".
    fn has_errors(&self) -> bool {
        false
    }
}
