//! Page structs of the public pages and of the publisher's.

mod disclosure;
mod figure;
mod notices;
mod organisation;
mod release;
mod search;
mod site;

pub use disclosure::DisclosurePage;
pub use figure::{FigureView, figure_of, requirement_figures};
pub use notices::{NoticeCount, NoticePage, NoticeRow, NoticeRule, NoticesPage};
pub use organisation::{HistoryRow, OrganisationPage, Revision};
pub use release::{NewReleasePage, PrepareForm, Preview, ReleaseCheckPage, ReleaseListPage, ReleaseRow};
pub use search::{SearchPage, SearchRow};
pub use site::{
    BeforePage, DataPage, DownloadRow, FiguresPage, LandingPage, MethodologyPage, PublicReleasePage,
    PublicReleasesPage,
};

use crate::platform::pages::{PageCheck, PagesError};

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<LandingPage>()?,
        PageCheck::of::<BeforePage>()?,
        PageCheck::of::<FiguresPage>()?,
        PageCheck::of::<PublicReleasePage>()?,
        PageCheck::of::<PublicReleasesPage>()?,
        PageCheck::of::<MethodologyPage>()?,
        PageCheck::of::<DataPage>()?,
        PageCheck::of::<SearchPage>()?,
        PageCheck::of::<OrganisationPage>()?,
        PageCheck::of::<NoticesPage>()?,
        PageCheck::of::<NoticePage>()?,
        PageCheck::of::<ReleaseListPage>()?,
        PageCheck::of::<NewReleasePage>()?,
        PageCheck::of::<ReleaseCheckPage>()?,
        PageCheck::of::<DisclosurePage>()?,
    ])
}
