//! The page of background work.

use serde::Serialize;

use crate::platform::clock::Timestamp;
use crate::platform::ids::JobId;
use crate::platform::jobs::OpenJob;
use crate::platform::pages::{Cell, Link, Page, filled_columns, words};

/// One job that was given up.
#[derive(Debug, Serialize)]
struct Failed {
    id: String,
    what: String,
    tries: String,
    at: i64,
    why: String,
    said: String,
    /// Where to go instead, when trying again would change nothing.
    instead: Option<Link>,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::site) struct JobsPage {
    failed: Vec<Failed>,
    failed_total: i64,
    waiting_head: Vec<&'static str>,
    waiting: Vec<Vec<Cell>>,
    waiting_total: i64,
}

/// What a job of this kind does, in words.
fn what(kind: &str) -> &'static str {
    match kind {
        "mail.send" => "Send an email",
        "organisations.import" => "Take in an uploaded file of organisations",
        "review.queue" => "Put a submission into the reviewers\u{2019} queue",
        "collections.schedule" => "Open and close collections on time",
        "publication.calendar" => "Publish releases at their time, and open them to early readers",
        "returns.remind" => "Send reminders and weekly summaries",
        "review.remind" => "Send reminders of reviewers\u{2019} questions",
        "standards.tell_guidance" => "Tell people that guidance has changed",
        "returns.settle" => "Settle reopened returns after the close",
        "platform.sweep" => "Clear away what is kept for a while only",
        _ => "Work of a kind that this version does not know",
    }
}

/// What went wrong, as far as people can do something about it.
fn why(kind: &str, said: &str) -> &'static str {
    match (kind, said.split(':').next()) {
        ("mail.send", Some("unavailable")) => {
            "The mail server could not be reached, or would not take the email then."
        }
        ("mail.send", _) => "The mail server refused the email. The address may be wrong.",
        ("organisations.import", _) => "The file was not taken in. Upload it again.",
        (_, Some("unavailable")) => "The database or the disk could not be used at the time.",
        _ => "The portal failed, which is a fault in it. Tell whoever runs it what was recorded.",
    }
}

fn tries(count: i64) -> String {
    match count {
        0 => "None failed".to_owned(),
        1 => "1 try failed".to_owned(),
        many => format!("{} tries failed", words::number(i128::from(many))),
    }
}

impl JobsPage {
    /// The page of what was given up and what waits, each with how many there are.
    pub fn new(
        (failed, failed_total): (Vec<OpenJob>, i64),
        (waiting, waiting_total): (Vec<OpenJob>, i64),
        now: Timestamp,
    ) -> Self {
        let rows = waiting.into_iter().map(|job| cells(job, now)).collect();
        let (waiting_head, waiting) = filled_columns(&["What", "When", "Tries", "Why it failed"], rows);
        Self {
            failed: failed.into_iter().map(given_up).collect(),
            failed_total,
            waiting_head,
            waiting,
            waiting_total,
        }
    }
}

fn given_up(job: OpenJob) -> Failed {
    let said = job.said.unwrap_or_default();
    let upload = Link::new("Upload the file again", "/imports/new");
    Failed {
        id: job.id.to_string(),
        what: what(&job.kind).to_owned(),
        tries: tries(job.attempts),
        at: job.finished_at.unwrap_or(job.run_at).micros(),
        why: why(&job.kind, &said).to_owned(),
        said,
        instead: (job.kind == "organisations.import").then_some(upload),
    }
}

fn cells(job: OpenJob, now: Timestamp) -> Vec<Cell> {
    let when = if job.run_at <= now { "Now".to_owned() } else { job.run_at.london_words() };
    // A job that comes round again and again says what it did, which is no failure.
    let said = job.said.filter(|_| job.attempts > 0);
    vec![
        Cell::text(what(&job.kind)),
        Cell::text(when),
        Cell::text(tries(job.attempts)),
        Cell::text(said.map(|said| why(&job.kind, &said)).unwrap_or_default()),
    ]
}

impl Page for JobsPage {
    const TEMPLATE: &'static str = "site/jobs.html";

    fn title(&self) -> String {
        "Background work".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let now = Timestamp::from_micros(1_780_000_000_000_000);
        let job = |kind: &str, attempts, said: &str| OpenJob {
            id: JobId::new(7),
            kind: kind.to_owned(),
            attempts,
            run_at: now,
            said: Some(said.to_owned()),
            finished_at: None,
        };
        let sent = || job("mail.send", 12, "unavailable: the mail server: connection refused");
        let failed = vec![sent(), job("organisations.import", 1, "failed to read a file: it ended")];
        let waiting = vec![sent(), job("platform.sweep", 0, "kept answers removed: 3")];
        vec![
            ("empty", Self::new((Vec::new(), 0), (Vec::new(), 0), now)),
            ("typical", Self::new((failed, 2), (waiting, 2), now)),
            ("long", Self::new((vec![sent()], 900), (vec![sent()], 64_000), now)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{what, why};
    use crate::platform::mail::SEND;
    use crate::platform::sweep::SWEEP;

    #[test]
    fn every_kind_of_job_has_its_words() {
        let kinds = [
            SEND,
            SWEEP,
            crate::organisations::IMPORT,
            crate::collections::SCHEDULE,
            crate::publication::CALENDAR,
            crate::returns::SETTLE,
            crate::returns::REMIND,
            crate::returns::QUEUE_REVIEW,
            crate::review::REMIND,
            crate::standards::guidance::TELL,
        ];
        for kind in kinds {
            assert_ne!(what(kind), what("another"), "{kind}");
        }
        assert_ne!(why(SEND, "unavailable: the mail server: x"), why(SEND, "550 no such mailbox"));
    }
}
