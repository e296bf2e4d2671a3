//! The programme's dashboard: submissions against the deadline with a forecast, organisations at risk, the reviewers'
//! work, questions that wait, more time, and reminders by hand.

mod at_risk;
mod chart;
mod curve;
mod empty;
mod files;
mod gather;
mod jobs;
mod outlook;
mod pages;
pub(super) mod reminders;
mod rules;
mod samples;
mod store;
mod web;
mod words;
mod workload;

pub use jobs::ensure_scheduled;
pub(super) use jobs::{OUTLOOK, opened, outlook};

use crate::platform::http::{Routes, resource};
use crate::platform::pages::{PageCheck, PagesError};

/// The addresses of the dashboard.
pub(super) fn routes(routes: &mut Routes) {
    let get = |name: &str, at: &str| resource(at.to_owned()).name(name);
    routes
        .service(get("programme-dashboard", "/programme/dashboard").get(web::show))
        .service(get("programme-dashboard-file", "/programme/dashboard/{list}").get(web::file))
        .service(get("programme-at-risk", "/programme/at-risk").get(web::at_risk))
        .service(
            get("programme-reminders", "/programme/reminders")
                .get(reminders::web::list)
                .post(reminders::web::send),
        )
        .service(get("programme-reminders-new", "/programme/reminders/new").get(reminders::web::preview))
        .service(get("programme-reminders-one", "/programme/reminders/{id}").get(reminders::web::show))
        .service(
            get("programme-reminders-file", "/programme/reminders/{id}/organisations.csv")
                .get(reminders::web::file),
        );
}

/// The checks of these pages.
pub(super) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<pages::DashboardPage>()?,
        PageCheck::of::<empty::EmptyDashboardPage>()?,
        PageCheck::of::<at_risk::AtRiskPage>()?,
        PageCheck::of::<reminders::pages::RoundsPage>()?,
        PageCheck::of::<reminders::pages::PreviewPage>()?,
        PageCheck::of::<reminders::pages::RoundPage>()?,
    ])
}
