//! The pages of the second scoring, as typed structs for their templates.

mod blind;
mod blind_answer;
mod chart;
mod disagreement;
mod drift;
mod gold;
mod gold_case;
mod hub;
mod moderation;
mod report;
mod sample;

pub(super) use blind::{BlindCasePage, BlindListPage};
pub(super) use blind_answer::BlindAnswerPage;
pub(super) use disagreement::{DisagreementPage, GoldFormPage, Scene};
pub(super) use drift::{DriftPage, drift_csv, note_of};
pub(super) use gold::{GoldListPage, Practised, gold_csv};
pub(super) use gold_case::GoldCasePage;
pub(super) use hub::HubPage;
pub(super) use moderation::{LISTS, ModerationPage};
pub(super) use report::{ReportPage, agreement_csv, calibration_csv};
pub(super) use sample::{SamplePage, SampleScene};

use crate::platform::pages::{Link, PageCheck, PagesError};

/// The checks of these pages.
pub(in crate::review) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<HubPage>()?,
        PageCheck::of::<SamplePage>()?,
        PageCheck::of::<BlindListPage>()?,
        PageCheck::of::<BlindCasePage>()?,
        PageCheck::of::<BlindAnswerPage>()?,
        PageCheck::of::<ReportPage>()?,
        PageCheck::of::<ModerationPage>()?,
        PageCheck::of::<DisagreementPage>()?,
        PageCheck::of::<GoldFormPage>()?,
        PageCheck::of::<GoldListPage>()?,
        PageCheck::of::<GoldCasePage>()?,
        PageCheck::of::<DriftPage>()?,
    ])
}

/// A text as its paragraphs.
fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The way to a page below the hub.
fn way() -> Vec<Link> {
    vec![Link::new("Reviews", "/reviews"), Link::new("Consistency", "/reviews/consistency")]
}
