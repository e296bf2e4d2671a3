//! The background work that is not done, for the programme manager: what was given up and can be tried again, and what
//! waits. It stands at the edge because jobs belong to every capability.

mod page;
mod retry;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

pub(super) use self::page::JobsPage;
use self::retry::retry_job;
use crate::access::{Permit, ReadJobs, RetryJob, Subject};
use crate::identity::{Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page as answer, see_other_with_news};
use crate::platform::ids::JobId;
use crate::platform::jobs::{self, JobState};

/// Jobs of each state that are listed; their number is always told.
const LISTED: i64 = 50;

/// `GET /jobs`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
) -> Result<HttpResponse> {
    Permit::<ReadJobs>::grant(&central.by.actor, Some(Subject::programme()))?;
    let (failed, waiting) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let failed = jobs::open_jobs(conn, JobState::GaveUp, LISTED)?;
            Ok((failed, jobs::open_jobs(conn, JobState::Queued, LISTED)?))
        })
        .await?;
    answer(&request, &JobsPage::new(failed, waiting, portal.clock.now()))
}

/// `POST /jobs/{id}/retry`.
pub(super) async fn retry(portal: Data<Portal>, posted: Posted, id: Path<i64>) -> Result<HttpResponse> {
    let (actor, id) = (Central::of(posted.by)?.by.actor, JobId::new(id.into_inner()));
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let found = jobs::job_state(tx.conn(), id)?;
            let subject = found.as_ref().map(|(_, state)| Subject {
                kind: "job",
                id: id.get(),
                organisation: None,
                state: state.as_str(),
            });
            let permit = Permit::<RetryJob>::grant(&actor, subject)?;
            let (kind, _) = found.ok_or(Error::NotFound)?;
            retry_job(tx, &permit, &kind)
        })
        .await?;
    Ok(see_other_with_news(
        "/jobs",
        "The job is queued again",
        "It runs in a moment. Load this page again to see how it went.",
    ))
}
