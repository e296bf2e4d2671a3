//! What the organisation said the year before, read from the submission that a return was started from, and everything
//! else that a question page tells of the edition before.

use std::sync::Arc;

use diesel::prelude::*;

use super::carry::LeftBehind;
use super::offers::{self, Offer};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, PieceId, ReturnId, SubmissionId};
use crate::returns::lean::LeanSnapshot;
use crate::returns::model::{AnswerState, SnapshotAnswer, StoredAnswer};
use crate::returns::store::Found;
use crate::schema::{annual_return, carried_before, collection, edition_mapping, submission, withdrawal};
use crate::standards::mapping::EditionChange;

/// Answers of an earlier submission.
#[derive(Debug, Clone)]
pub struct SaidBefore {
    /// Key of the collection.
    pub collection: String,
    /// Its name.
    pub collection_name: String,
    /// The submission; none where there was none.
    pub submission: Option<SubmissionId>,
    /// When it was submitted; none where it never was.
    pub submitted_at: Option<Timestamp>,
    /// When the organisation took it back, where nothing has taken its place: its words are the newest that were signed.
    pub withdrawn_at: Option<Timestamp>,
    /// The profile that the organisation was held to.
    pub profile: String,
    /// The answers that were asked for, to questions of the edition before.
    pub answers: Vec<SnapshotAnswer>,
    /// Whether they were given to that edition, and not to an older one from which they were followed to it.
    pub direct: bool,
    /// What no question took the place of on the way.
    pub left: Vec<LeftBehind>,
}

type Row = (String, Timestamp, Option<Timestamp>, String, String);

/// When a submission was sent, and when it was taken back.
type Sent = (Timestamp, Option<Timestamp>);

impl SaidBefore {
    /// What a submission says about the requirements of which `wanted` is true.
    ///
    /// # Errors
    /// When the database cannot be asked, or the submission cannot be read, which is a fault.
    pub fn read(conn: &mut Conn, id: SubmissionId, wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let (text, submitted_at, withdrawn_at, key, name): Row = submission::table
            .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
            .left_join(withdrawal::table.on(withdrawal::submission_id.eq(submission::id)))
            .filter(submission::id.eq(id))
            .select((
                submission::snapshot,
                submission::submitted_at,
                withdrawal::withdrawn_at.nullable(),
                collection::key,
                collection::name,
            ))
            .first(conn)?;
        let fault = |e: serde_json::Error| Error::internal(format!("failed to read submission {id}"), e);
        let lean = LeanSnapshot::read(&text).map_err(fault)?;
        let answers = lean.answers(wanted).map_err(fault)?;
        let profile = lean.profile().to_owned();
        Ok(Self {
            collection: key,
            collection_name: name,
            submission: Some(id),
            submitted_at: Some(submitted_at),
            withdrawn_at,
            profile,
            answers,
            direct: true,
            left: Vec::new(),
        })
    }

    /// What a return was started from, as far as `wanted` is true of the requirements: a submission in the collection
    /// before, or what was kept with the return; none where there was nothing.
    ///
    /// # Errors
    /// As [`SaidBefore::read`].
    pub fn of(conn: &mut Conn, found: &Found, wanted: impl Fn(&str) -> bool) -> Result<Option<Self>> {
        match &found.before {
            None => Ok(None),
            Some(before) => match before.submission {
                Some(id) => Self::read(conn, id, wanted).map(Some),
                None => Self::kept(conn, found, wanted),
            },
        }
    }

    fn kept(conn: &mut Conn, found: &Found, wanted: impl Fn(&str) -> bool) -> Result<Option<Self>> {
        type Kept = (ReturnId, Option<SubmissionId>, String, String);
        type Whence = (CollectionId, String, String, String);
        let row: Option<Kept> = carried_before::table
            .filter(carried_before::return_id.eq(found.id))
            .select((
                carried_before::from_return_id,
                carried_before::submission_id,
                carried_before::answers,
                carried_before::left_behind,
            ))
            .first(conn)
            .optional()?;
        let Some((from, submission_id, answers, left)) = row else { return Ok(None) };
        let (of, collection, collection_name, profile): Whence = annual_return::table
            .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
            .filter(annual_return::id.eq(from))
            .select((collection::id, collection::key, collection::name, annual_return::profile))
            .first(conn)?;
        let sent: Option<Sent> = match submission_id {
            None => None,
            Some(id) => submission::table
                .left_join(withdrawal::table.on(withdrawal::submission_id.eq(submission::id)))
                .filter(submission::id.eq(id))
                .select((submission::submitted_at, withdrawal::withdrawn_at.nullable()))
                .first(conn)
                .optional()?,
        };
        let doing = || format!("failed to read what return {} was started from", found.id);
        let mut answers: Vec<SnapshotAnswer> =
            serde_json::from_str(&answers).map_err(|e| Error::internal(doing(), e))?;
        answers.retain(|answer| wanted(&answer.requirement));
        let left = serde_json::from_str(&left).map_err(|e| Error::internal(doing(), e))?;
        Ok(Some(Self {
            collection,
            collection_name,
            submission: submission_id,
            submitted_at: sent.map(|(at, _)| at),
            withdrawn_at: sent.and_then(|(_, at)| at),
            profile,
            answers,
            direct: found.collection.previous_id == Some(of),
            left,
        }))
    }

    /// When it was submitted and, where it was, withdrawn, for a sentence about where an answer comes from.
    #[must_use]
    pub fn provenance(&self) -> String {
        let Some(submitted_at) = self.submitted_at else {
            return "as it was stored there, never submitted".to_owned();
        };
        let submitted = format!("submitted {}", submitted_at.london_words());
        match self.withdrawn_at {
            Some(at) => {
                format!("{submitted}, from a return that was withdrawn on {}", at.london_day().words())
            }
            None => submitted,
        }
    }

    /// The answer to a requirement.
    #[must_use]
    pub fn answer(&self, code: &str) -> Option<&SnapshotAnswer> {
        self.answers.iter().find(|answer| answer.requirement == code)
    }
}

/// What a question page tells of the edition before.
#[derive(Debug, Default)]
pub struct Since {
    /// The changes; none where there was no edition before.
    pub change: Option<Arc<EditionChange>>,
    /// The version of the mapping; none where equal codes belong together.
    pub version: Option<i64>,
    /// Last year's answers to what this requirement came from.
    pub said: Option<SaidBefore>,
    /// Evidence for requirements of other standards that serves this one too.
    pub offers: Vec<Offer>,
}

impl Since {
    /// For the requirement at a position of a return's edition and its answer. Evidence is offered where somebody may
    /// attach it: `offered` is what is attached already. What was said before is read while the answer is open, and
    /// where it came from several.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn read(
        conn: &mut Conn,
        found: &Found,
        (at, answer): (usize, Option<&StoredAnswer>),
        offered: Option<&[PieceId]>,
    ) -> Result<Self> {
        let mut since = Self { change: found.change(conn)?, ..Self::default() };
        let requirement = found.edition.edition().requirements().get(at).ok_or(Error::NotFound)?;
        if let Some(there) = offered {
            since.offers = offers::offered(conn, found, &requirement.code, there)?;
        }
        let Some((change, before)) = since.change.as_ref().zip(found.before.as_ref()) else {
            return Ok(since);
        };
        let state = answer.map(|answer| answer.state);
        if let Some(mapping) = before.with.mapping.filter(|_| state == Some(AnswerState::ToConfirm)) {
            since.version = edition_mapping::table
                .filter(edition_mapping::id.eq(mapping))
                .select(edition_mapping::version)
                .first(conn)
                .optional()?;
        }
        let from = change.from().requirements();
        let sources = change.sources(at).iter().chain(change.served_by(at));
        let codes: Vec<&str> =
            sources.filter_map(|old| from.get(*old)).map(|old| old.code.as_str()).collect();
        let single = change.sources(at).len() == 1 && change.served_by(at).is_empty();
        let is_wanted = !(codes.is_empty() || single && state == Some(AnswerState::Confirmed));
        if is_wanted {
            since.said = SaidBefore::of(conn, found, |code| codes.contains(&code))?;
        }
        Ok(since)
    }
}
