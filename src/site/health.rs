//! Health for whatever watches the process: alive, and ready to serve.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::platform::db;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, json};
use crate::platform::jobs;

/// Seconds that a due job may wait before the portal says it is not ready.
const LAG_LIMIT: i64 = 300;

/// Whether the portal can serve, and why not.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Health {
    /// `ready` or `not ready`.
    pub status: &'static str,
    /// Whether the database answers.
    pub database: bool,
    /// Whether every migration is applied.
    pub migrations: bool,
    /// Whether the place where files are kept answers. Without it everything but files goes on working, so that alone
    /// does not make the portal not ready.
    pub files: bool,
    /// Due jobs that wait.
    pub jobs_due: i64,
    /// Seconds the oldest of them has waited.
    pub jobs_oldest_seconds: i64,
}

/// `GET /health/live`: the process answers.
pub(super) async fn live() -> HttpResponse {
    json(StatusCode::OK, &serde_json::json!({"status": "live"}))
}

/// `GET /health/ready`.
pub(super) async fn ready(portal: Data<Portal>) -> Result<HttpResponse> {
    let found = health(&portal).await;
    let status = if found.status == "ready" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(json(status, &found))
}

/// Asks the database, the migrations and the jobs.
pub async fn health(portal: &Portal) -> Health {
    let now = portal.clock.now();
    let lag = portal.db.read(Reach::nobodys(), move |conn| jobs::lag(conn, now)).await;
    let migrations = match &lag {
        Ok(_) => migrated(portal).await.unwrap_or(false),
        Err(_) => false,
    };
    let files = match portal.files.look().await {
        Ok(()) => true,
        Err(error) => {
            log::warn!(target: "portal::files", "the store of files does not answer: {error}");
            false
        }
    };
    let (jobs_due, jobs_oldest_seconds) = lag.as_ref().copied().unwrap_or((0, 0));
    portal.metrics.jobs(jobs_due, jobs_oldest_seconds);
    let ready = lag.is_ok() && migrations && jobs_oldest_seconds < LAG_LIMIT;
    Health {
        status: if ready { "ready" } else { "not ready" },
        database: lag.is_ok(),
        migrations,
        files,
        jobs_due,
        jobs_oldest_seconds,
    }
}

async fn migrated(portal: &Portal) -> Result<bool> {
    let target = portal.config.target().map_err(Error::broken)?;
    tokio::task::spawn_blocking(move || db::pending(&target).map(|pending| pending.is_empty()))
        .await
        .unwrap_or_else(|e| Err(Error::internal("failed to list pending migrations", e)))
}
