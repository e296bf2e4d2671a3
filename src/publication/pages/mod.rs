//! Page structs of the public pages and of the publisher's.

mod calendar;
mod course;
mod early;
mod figure;
mod history;
mod notices;
mod organisation;
mod release;
mod search;
mod site;

pub use figure::{FigureView, PaperFigure, figure_of, paper_figures, requirement_figures};
pub use notices::{NoticeCount, NoticePage, NoticeRow, NoticeRule, NoticesPage};
pub use organisation::{HistoryRow, OrganisationPage, Revision};
pub use release::{
    CheckRow, May, NewReleasePage, OnDate, PrepareForm, Preview, ReleaseCheckPage, ReleaseListPage,
    ReleaseRow,
};
pub use search::{SearchPage, SearchRow};
pub use site::{
    BeforePage, DataPage, DownloadFile, DownloadRow, FiguresPage, LandingPage, MethodologyPage,
    PublicReleasePage, PublicReleasesPage,
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
        PageCheck::of::<ReleaseTextPage>()?,
        PageCheck::of::<ExplainPage>()?,
        PageCheck::of::<CalendarPage>()?,
        PageCheck::of::<NewDatePage>()?,
        PageCheck::of::<ReleaseDatePage>()?,
        PageCheck::of::<EarlyReadersPage>()?,
        PageCheck::of::<EarlyNoticePage>()?,
        PageCheck::of::<EarlyReleasePage>()?,
        PageCheck::of::<PublicCalendarPage>()?,
        PageCheck::of::<RevisionsPage>()?,
        PageCheck::of::<HistoryPage>()?,
    ])
}
