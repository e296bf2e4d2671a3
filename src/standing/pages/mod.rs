//! Pages of where a return stands.

mod board_paper;
mod standing;

pub(super) use board_paper::BoardPaperPage;
pub(super) use standing::{PaperRow, StandingPage};

use crate::platform::pages::{Link, PageCheck, PagesError};
use crate::returns::return_href;

use super::parts::Part;

/// The address of the page.
pub(super) fn standing_href(code: &str, year: &str) -> String {
    format!("{}/standing", return_href(code, year))
}

/// The address of a board paper.
pub(super) fn paper_href(code: &str, year: &str, number: i64) -> String {
    format!("{}/board-papers/{number}", standing_href(code, year))
}

/// The way back from a page.
fn way(code: &str, name: &str, year: &str, collection: &str) -> Vec<Link> {
    vec![
        Link::new("Home", "/home"),
        Link::new(name, format!("/organisations/{code}")),
        Link::new(collection, return_href(code, year)),
    ]
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<StandingPage>()?, PageCheck::of::<BoardPaperPage>()?])
}

fn sample_part(said: &str, head: &[&str], row: &[&str]) -> Part {
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let rows = if row.is_empty() { Vec::new() } else { vec![texts(row), texts(row)] };
    let said = if said.is_empty() { Vec::new() } else { vec![said.to_owned()] };
    Part { said, head: texts(head), rows }
}
