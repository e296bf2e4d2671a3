//! The queue as a CSV file, written while it is sent: however many reviews the filter finds, a thousand are in memory.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use futures_util::stream;

use super::age;
use super::listing::{self, Listed};
use crate::platform::clock::Timestamp;
use crate::platform::csv_lines;
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::review::case::grade_words;
use crate::standards::SectorKey;

/// Reviews read at a time.
const CHUNK: usize = 1000;

const HEAD: [&str; 15] = [
    "review",
    "code",
    "organisation",
    "sites",
    "sector",
    "region",
    "collection",
    "grade_claimed",
    "state",
    "reviewer",
    "risk_thousandths",
    "came_in",
    "due",
    "age",
    "overdue",
];

/// The file of these reviews, in their order.
pub(super) fn download(db: Db, reach: Reach, ids: Vec<ReviewId>, now: Timestamp) -> HttpResponse {
    let head = Some(Bytes::from(csv_lines::line(&HEAD)));
    let lines = stream::try_unfold((head, db, ids, 0_usize), move |(head, db, ids, done)| async move {
        if let Some(head) = head {
            return Ok::<_, Error>(Some((head, (None, db, ids, done))));
        }
        let chunk: Vec<ReviewId> = ids.iter().skip(done).take(CHUNK).copied().collect();
        if chunk.is_empty() {
            return Ok(None);
        }
        let text = read(&db, reach, chunk, now).await?;
        Ok(Some((text, (None, db, ids, done + CHUNK))))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, csv_lines::MEDIA_TYPE))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"reviews.csv\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(lines)
}

async fn read(db: &Db, reach: Reach, ids: Vec<ReviewId>, now: Timestamp) -> Result<Bytes> {
    let rows = db.read(reach, move |conn| listing::rows_of(conn, &ids)).await?;
    Ok(Bytes::from(rows.iter().map(|row| csv_lines::line(&cells(row, now))).collect::<String>()))
}

fn cells(row: &Listed, now: Timestamp) -> [String; 15] {
    let sector = SectorKey::new(&row.sector).map_or(row.sector.as_str(), |sector| sector.label()).to_owned();
    let overdue = age::is_overdue(row.state, row.due_at, now);
    [
        row.id.to_string(),
        row.code.clone(),
        row.organisation.clone(),
        row.sites.unwrap_or_default().to_string(),
        sector,
        row.region.clone().unwrap_or_default(),
        row.collection.clone(),
        grade_words(&row.claimed_grade),
        row.state.words().to_owned(),
        row.reviewer.clone().unwrap_or_default(),
        row.risk.to_string(),
        row.queued_at.london_day().to_string(),
        row.due_at.london_day().to_string(),
        age::words(row.due_at, row.hand, row.state, now),
        (if overdue { "yes" } else { "no" }).to_owned(),
    ]
}
