//! The lists of the dashboard as CSV files. The list of organisations at risk can be the whole nation, so it is written
//! while it is sent.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use futures_util::stream;

use super::pages::{reviewer_words, state_rows, states_head};
use super::rules::Rule;
use super::store::{self, Part};
use super::{gather, words, workload};
use crate::collections::Collection;
use crate::platform::clock::Timestamp;
use crate::platform::csv_lines;
use crate::platform::db::{Conn, Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::review::queue::roll::Roll;

/// Organisations read at a time.
const CHUNK: i64 = 1000;
/// The most questions or requests that one file lists.
const MOST: i64 = 100_000;

crate::text_enum! {
    /// A list that can be downloaded.
    ListName {
        /// First submissions by day.
        Submissions = "submissions", "Submissions by day";
        /// Organisations at risk.
        AtRisk = "at-risk", "Organisations at risk";
        /// Reviews by state and age.
        Reviews = "reviews", "Reviews by state and age";
        /// What reviewers have in hand.
        Reviewers = "reviewers", "Reviewers";
        /// Questions that wait.
        Questions = "questions", "Questions that wait";
        /// Requests for more time.
        MoreTime = "more-time", "Requests for more time";
    }
}

type Table = (Vec<String>, Vec<Vec<String>>);

/// The heads and rows of a list, all but the longest.
pub(super) fn rows(
    conn: &mut Conn,
    roll: &Roll,
    list: ListName,
    (of, all): (&Collection, &[Collection]),
    now: Timestamp,
) -> Result<Table> {
    let owned = |head: &[&str]| head.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let work = |conn: &mut Conn| -> Result<workload::Work> {
        let reviews = roll.now(conn)?;
        Ok(workload::count(&reviews, of.id, now))
    };
    Ok(match list {
        ListName::Submissions => {
            let (way, _) = gather::ways(conn, of, all)?;
            let mut sum = 0;
            let mut row = |(day, sent): (&crate::platform::clock::Day, &i64)| {
                sum += sent;
                vec![day.to_string(), sent.to_string(), sum.to_string()]
            };
            let rows = way.days.iter().map(&mut row).collect();
            (owned(&["day", "submitted_for_the_first_time", "submitted_so_far"]), rows)
        }
        ListName::Reviews => {
            let head: Vec<String> = states_head().into_iter().map(str::to_owned).collect();
            (head, state_rows(&work(conn)?))
        }
        ListName::Reviewers => {
            let counted = work(conn)?;
            let reviewers = gather::reviewers(conn, &counted, now.london_day())?;
            (owned(&words::REVIEWERS), reviewers.iter().map(|one| reviewer_words(one).to_vec()).collect())
        }
        ListName::Questions => {
            let found = store::oldest_questions(conn, MOST)?;
            (owned(&words::QUESTIONS), found.iter().map(|row| words::question(row, now).to_vec()).collect())
        }
        ListName::MoreTime => {
            let found = store::more_time(conn, of.id, MOST)?;
            (owned(&words::MORE_TIME), found.iter().map(|row| words::more_time(row).to_vec()).collect())
        }
        ListName::AtRisk => return Err(Error::broken("this list is written while it is sent")),
    })
}

/// Every organisation at risk, or those of one rule.
pub(super) fn at_risk(db: Db, reach: Reach, of: &Collection, rule: Option<Rule>) -> HttpResponse {
    let head = Some(Bytes::from(csv_lines::line(&words::AT_RISK)));
    let id = of.id;
    let begin = (head, db, None::<OrganisationId>, false);
    let lines = stream::try_unfold(begin, move |(head, db, after, done)| async move {
        if let Some(head) = head {
            return Ok::<_, Error>(Some((head, (None, db, after, false))));
        }
        if done {
            return Ok(None);
        }
        let part = Part { rule, after, skip: 0, size: CHUNK };
        let rows = db.read(reach, move |conn| store::at_risk(conn, id, part)).await?;
        let Some(last) = rows.last().map(|row| row.organisation) else { return Ok(None) };
        let text: String = rows.iter().map(|row| csv_lines::line(&words::at_risk(row))).collect();
        let done = i64::try_from(rows.len()).unwrap_or(CHUNK) < CHUNK;
        Ok(Some((Bytes::from(text), (None, db, Some(last), done))))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, csv_lines::MEDIA_TYPE))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"at-risk-{}.csv\"", of.key)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(lines)
}
