//! A head office that answers once for its sites: which it leaves out, what differs for which, what still blocks them, and
//! the submission of all of them in one action, worked through by jobs that survive a restart.

mod arrangement;
mod blocks;
mod compose;
mod decide;
mod except;
mod exclude;
mod file;
mod fix;
mod follow;
mod form;
mod jobs;
mod model;
mod open;
pub(super) mod pages;
mod reading;
mod release;
mod retry;
mod spread;
mod store;
mod tell;
mod verify;
pub(super) mod web;

pub(super) use arrangement::{signed_hash, statement_for_sites, statement_with_sites, with_sites};
pub use blocks::whole_standing;
pub(super) use blocks::{aside, sites_must_be_settled};
pub use decide::mark_site_decided;
pub use except::{For, save_exceptions};
pub use exclude::{NOTE_LIMIT, exclude_sites, include_sites};
pub(super) use fix::{fix_list, must_be_reopenable, must_be_withdrawable, note_own_return};
pub(super) use follow::exceptions_follow_newest;
pub use jobs::{FILE, TELL, file_sites, tell_of_sites};
pub use model::{Exclusion, ExclusionKind, Filing, FilingLine, LineState, Progress};
pub use open::cover_sites;
pub(super) use reading::note;
pub use retry::retry_sites;
pub use spread::spread_evidence;
pub use store::covered_in;
pub(super) use store::{exception_files, exceptions, head_that_filed};
pub use store::{filing_lines, filing_of};
pub(super) use verify::verify;
pub(super) use web::routes;

use super::readiness::return_href;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, ReturnId};
use crate::platform::pages::words::number;

/// The address of the sites of a return.
pub(super) fn sites_href(code: &str, year: &str) -> String {
    format!("{}/sites", return_href(code, year))
}

/// The address of one site of a return.
fn site_href(code: &str, year: &str, site: &str) -> String {
    format!("{}/of/{site}", sites_href(code, year))
}

/// The address of a site's own answer.
pub(super) fn exception_href(code: &str, year: &str, site: &str, requirement: &str) -> String {
    format!("{}/requirements/{requirement}", site_href(code, year, site))
}

/// The address of how far the submission for sites has got.
fn progress_href(code: &str, year: &str) -> String {
    format!("{}/progress", sites_href(code, year))
}

/// What an organisation's home says of its head office in a collection; empty where none answers for it.
pub(super) fn words_of_head_office(
    conn: &mut Conn,
    site: OrganisationId,
    within: CollectionId,
    started: Option<ReturnId>,
) -> Result<String> {
    if let Some(id) = started {
        let filed = head_that_filed(conn, id)?;
        return Ok(filed
            .map(|(.., name)| format!("Submitted by your head office {name}."))
            .unwrap_or_default());
    }
    Ok(match store::head_that_answers(conn, site, within)? {
        None => String::new(),
        Some((name, None)) => {
            format!("Your head office {name} answers for you. You need no return of your own.")
        }
        Some((name, Some(kind))) => {
            let why = kind.words().to_lowercase();
            format!("Your head office {name} answers for its sites and has left you out. Its reason: {why}.")
        }
    })
}

/// The counts of a list as a sentence.
fn words_of_progress(progress: &Progress) -> String {
    let parts = [
        (progress.filed, "submitted"),
        (progress.stands, "unchanged since they were submitted before"),
        (progress.released, "given back to the site"),
        (progress.failed, "not submitted"),
        (progress.waiting, "waiting"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", number(i128::from(count))))
        .collect();
    let said = if said.is_empty() { "none".to_owned() } else { said.join(", ") };
    format!("Sites: {said}.")
}
