//! The pages about a head office's sites.

mod except;
mod exceptions;
mod filed;
mod list;
mod many;
mod note;
mod progress;
mod site;
mod spread;

pub(super) use except::{ExceptPage, Shown};
pub(super) use exceptions::ExceptionsPage;
pub(super) use filed::FiledPage;
pub(super) use list::{ListPage, May, matching};
pub(super) use many::ManyPage;
pub(in crate::returns) use note::SitesNote;
pub(super) use progress::ProgressPage;
pub(super) use site::SitePage;
pub(super) use spread::SpreadPage;

use super::sites_href;
use crate::platform::pages::{Link, PageCheck, PagesError};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::store::Found;

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::returns) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<ListPage>()?,
        PageCheck::of::<ManyPage>()?,
        PageCheck::of::<SitePage>()?,
        PageCheck::of::<ExceptPage>()?,
        PageCheck::of::<ExceptionsPage>()?,
        PageCheck::of::<SpreadPage>()?,
        PageCheck::of::<ProgressPage>()?,
        PageCheck::of::<FiledPage>()?,
    ])
}

/// The way back from a page below the list of sites.
fn way_below(found: &Found) -> Vec<Link> {
    let mut way = way_of(found);
    way.push(Link::new("Your sites", sites_href(&found.code, &found.collection.key)));
    way
}

fn sample_way_below() -> Vec<Link> {
    let mut way = sample_way();
    way.push(Link::new("Your sites", "/organisations/ZZ001/returns/2026/sites"));
    way
}
