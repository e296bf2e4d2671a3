//! Mappings between editions: what became of each requirement from one edition to the next, or which evidence serves
//! another standard. A standards editor maintains them; returns follow the version that was in force when they began.
//!
//! A mapping is a list of lines, held against both editions when it is put in force and fixed from then on. What
//! nobody decided is told by equal codes and texts ([`usual_lines`]). [`EditionChange`] is what pages and returns read.

mod begin;
mod change;
mod check;
mod csv_in;
mod csv_out;
mod decide;
mod discard;
mod import;
mod known;
mod model;
mod pages;
mod put_in_force;
mod store;
mod suggest;
mod take_lines;
mod usual;
mod web;
mod word_diff;
mod wording;

pub use begin::begin_mapping;
pub use change::{EditionChange, Mark};
pub use check::{LineFault, faults};
pub use csv_in::{CSV_LIMIT, RowProblem, editions_named, lines_from_csv};
pub use csv_out::csv_of;
pub use decide::{Decision, decide_requirement};
pub use discard::discard_mapping;
pub use import::import_mapping;
pub use known::{ComparedWith, change_of, compared_with};
pub use model::{LINES_LIMIT, Line, LineKind, MappingState, NOTE_LIMIT};
pub(super) use pages::page_checks;
pub use put_in_force::put_in_force;
pub use store::{Ends, Mapping, Serving, in_force, mapped_into, mapping, serving, versions};
pub use take_lines::take_lines;
pub use usual::usual_lines;
pub(super) use web::routes;
pub use word_diff::{Part, parts};
pub(in crate::standards) use wording::pieces;
pub use wording::{Difference, differences, says_the_same};

use crate::platform::ids::MappingId;

/// The address of a mapping.
pub(in crate::standards) fn mapping_href(id: MappingId) -> String {
    format!("/standards/mappings/{id}")
}
