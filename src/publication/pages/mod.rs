//! Page structs of the public pages and of the publisher's.

mod a_to_z;
mod calendar;
mod checking;
mod compare;
mod course;
mod disclosure;
mod early;
mod figure;
mod glossary;
mod group;
mod history;
mod mark;
mod notices;
mod organisation;
mod part;
mod quality;
mod release;
mod search;
mod site;
mod years;

pub use a_to_z::{AToZPage, AToZPartPage};
pub use calendar::{
    CalendarPage, ChangeRow, DateChangeForm, DateForm, DateRow, NewDatePage, ReleaseDatePage, date_tag,
};
pub use checking::CheckPage;
pub use compare::ComparePage;
pub use course::{ExplainPage, ReleaseTextPage, check_tag, state_tag};
pub use disclosure::DisclosurePage;
pub use early::{EarlyNoticePage, EarlyReadersPage, EarlyReleasePage};
pub use figure::{
    FigureView, PaperFigure, figure_of, figure_of_measures, paper_figures, paper_measures,
    requirement_figures,
};
pub use glossary::{GlossaryPage, GlossarySection};
pub use group::GroupPage;
pub use history::{
    BridgeRow, HistoryPage, PublicCalendarPage, PublicDateRow, RevisionRow, RevisionsPage, SectorRow,
    SnapshotRow,
};
pub use mark::MarkSnippet;
pub use notices::{NoticeCount, NoticePage, NoticeRow, NoticeRule, NoticesPage};
pub use organisation::{OrganisationPage, Revision, TimelineRow};
pub use part::{estimates_of, row_figure, row_of_measures};
pub use quality::{DataQualityPage, QualityRow};
pub use release::{
    CheckRow, May, NewReleasePage, OnDate, PrepareForm, Preview, ReleaseCheckPage, ReleaseListPage,
    ReleaseRow,
};
pub use search::{SearchPage, SearchRow};
pub use site::{
    BeforePage, DataPage, DownloadFile, DownloadRow, FiguresPage, LandingPage, MethodologyPage,
    PublicReleasePage, PublicReleasesPage,
};
pub use years::YearsPage;

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
        PageCheck::of::<DataQualityPage>()?,
        PageCheck::of::<GlossaryPage>()?,
        PageCheck::of::<DataPage>()?,
        PageCheck::of::<CheckPage>()?,
        PageCheck::of::<AToZPage>()?,
        PageCheck::of::<AToZPartPage>()?,
        PageCheck::of::<GroupPage>()?,
        PageCheck::of::<ComparePage>()?,
        PageCheck::of::<SearchPage>()?,
        PageCheck::of::<OrganisationPage>()?,
        PageCheck::of::<NoticesPage>()?,
        PageCheck::of::<NoticePage>()?,
        PageCheck::of::<ReleaseListPage>()?,
        PageCheck::of::<NewReleasePage>()?,
        PageCheck::of::<ReleaseCheckPage>()?,
        PageCheck::of::<DisclosurePage>()?,
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
        PageCheck::of::<YearsPage>()?,
    ]
    .into_iter()
    .chain(super::baseline::page_checks()?)
    .chain(super::answers::page_checks()?)
    .collect())
}
