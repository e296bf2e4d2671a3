//! Queries of the workspace: last year's submission, the organisation's history, who decided and what they said before,
//! and what became of a submission that is not under review any more.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Fixed};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    CollectionId, EditionId, OrganisationId, PersonId, RequirementId, ReviewId, SubmissionId,
};
use crate::returns::results_in_force;
use crate::review::case::Case;
use crate::review::model::{DecisionOutcome, ReviewState};
use crate::review::papers::{Papers, papers};
use crate::review::store;
use crate::schema::{
    annual_return, collection, corrected_result, edition, person, requirement, review, review_decision,
    review_decision_version, rule_correction, submission, withdrawal,
};
use crate::standards::{self, Edition};

/// What an organisation submitted in another collection.
pub(super) struct Submitted {
    /// What it was asked, under the rules in force.
    pub edition: Arc<Edition>,
    /// What it submitted.
    pub papers: Arc<Papers>,
    /// Claimed status bytes in edition order.
    pub levels: Vec<u8>,
    /// Status bytes after its review, when that is final.
    pub assessed: Option<Vec<u8>>,
}

type SubmittedRow = (
    (SubmissionId, Vec<u8>, Vec<u8>),
    (Option<ReviewState>, Option<Vec<u8>>),
    (EditionId, Vec<u8>, Option<Vec<u8>>, RequirementId),
);

/// The newest submission of an organisation in another collection: one statement, once it has been opened.
pub(super) fn submission_in(
    conn: &mut Conn,
    of: OrganisationId,
    within: CollectionId,
) -> Result<Option<Submitted>> {
    let row: Option<SubmittedRow> = submission::table
        .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
        .inner_join(edition::table.on(edition::id.eq(collection::edition_id)))
        .inner_join(
            requirement::table.on(requirement::edition_id.eq(edition::id).and(requirement::position.eq(0))),
        )
        .left_join(
            rule_correction::table
                .on(rule_correction::edition_id.eq(edition::id).and(rule_correction::state.eq("in_force"))),
        )
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .filter(submission::organisation_id.eq(of))
        .filter(submission::collection_id.eq(within))
        .order(submission::number.desc())
        .select((
            (submission::id, submission::snapshot_hash, submission::levels),
            (review::state.nullable(), review::assessed_levels.nullable()),
            (edition::id, edition::definition_hash, rule_correction::rules_hash.nullable(), requirement::id),
        ))
        .first(conn)
        .optional()?;
    let Some(((id, hash, levels), (state, assessed), (edition, own, rules, first))) = row else {
        return Ok(None);
    };
    let edition = standards::known_edition(conn, edition, rules.unwrap_or(own), first)?;
    Ok(Some(Submitted {
        edition: Arc::clone(edition.edition()),
        papers: papers(conn, id, &hash)?,
        levels,
        assessed: assessed.filter(|_| state == Some(ReviewState::Decided)),
    }))
}

/// The grade of one year.
#[derive(Debug, Clone)]
pub(in crate::review) struct YearGrade {
    /// The label of the year.
    pub year: String,
    /// The grade claimed with the newest submission.
    pub claimed: Option<String>,
    /// The grade after review.
    pub assessed: Option<String>,
}

/// Years that are shown of an organisation's history.
const YEARS: usize = 8;

/// So many rows are read: most years have one.
const ROWS: i64 = 16;

/// A final decision of another year about the same requirement.
#[derive(Debug, Clone)]
pub(in crate::review) struct EarlierDecision {
    /// The collection.
    pub collection: CollectionId,
    /// The label of its year.
    pub year: String,
    /// What the reviewer made of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
}

/// What an organisation has behind it.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// Its grades under the rules in force, the newest year first.
    pub grades: Vec<YearGrade>,
    /// The final decisions of other years about one requirement, the newest year first.
    pub decisions: Vec<EarlierDecision>,
}

type HistoryRow = (
    (CollectionId, String),
    (Option<String>, Option<String>, Option<String>),
    Option<(DecisionOutcome, i64, String)>,
);

/// The grades of an organisation, and what reviews other than this one decided about the requirement of this code: one row
/// a year, more where a year was decided more than once.
pub(super) fn history(conn: &mut Conn, of: OrganisationId, (but, code): (ReviewId, &str)) -> Result<History> {
    let rows: Vec<HistoryRow> =
        results_in_force!(
            annual_return::table
                .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
                .left_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
        )
        .left_join(
            review::table.on(review::return_id
                .eq(annual_return::id)
                .and(review::state.eq(ReviewState::Decided))
                .and(review::id.ne(but))),
        )
        .left_join(requirement::table.on(
            requirement::edition_id.eq(collection::edition_id).and(requirement::code.eq(code.to_owned())),
        ))
        .left_join(
            review_decision::table.on(review_decision::review_id
                .nullable()
                .eq(review::id.nullable())
                .and(review_decision::requirement_id.nullable().eq(requirement::id.nullable()))),
        )
        .filter(annual_return::organisation_id.eq(of))
        .order((collection::opens_at.desc(), review_decision::review_id.desc()))
        .limit(ROWS)
        .select((
            (collection::id, collection::year_label),
            (
                submission::claimed_grade.nullable(),
                annual_return::final_grade,
                corrected_result::new_claimed.nullable(),
            ),
            (review_decision::outcome, review_decision::assessed_level, review_decision::reason).nullable(),
        ))
        .load(conn)?;
    let mut made = History::default();
    let mut last = None;
    for ((collection, year), (claimed, assessed, corrected), decided) in rows {
        if last != Some(collection) {
            last = Some(collection);
            made.grades.push(YearGrade { year: year.clone(), claimed: corrected.or(claimed), assessed });
        }
        if let Some((outcome, level, reason)) = decided {
            let assessed = u8::try_from(level).unwrap_or(u8::MAX);
            made.decisions.push(EarlierDecision { collection, year, outcome, assessed, reason });
        }
    }
    made.grades.truncate(YEARS);
    made.decisions.truncate(YEARS);
    Ok(made)
}

/// One version of a decision with who made it.
#[derive(Debug, Clone)]
pub(in crate::review) struct DecidedBy {
    /// Counts the changes, from 1.
    pub version: i64,
    /// What the reviewer made of the claim.
    pub outcome: DecisionOutcome,
    /// The assessed status byte.
    pub assessed: u8,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

type DecidedRow = (i64, DecisionOutcome, i64, String, String, Timestamp);

fn decided_by((version, outcome, assessed, reason, by, at): DecidedRow) -> DecidedBy {
    DecidedBy { version, outcome, assessed: u8::try_from(assessed).unwrap_or(u8::MAX), reason, by, at }
}

/// Every version of one decision, the newest first: what stands now, and what it said before.
pub(super) fn versions(
    conn: &mut Conn,
    of: ReviewId,
    about: RequirementId,
    newest: i64,
) -> Result<Vec<DecidedBy>> {
    let now: Option<DecidedRow> = review_decision::table
        .inner_join(person::table.on(person::id.eq(review_decision::decided_by)))
        .filter(review_decision::review_id.eq(of))
        .filter(review_decision::requirement_id.eq(about))
        .select((
            review_decision::version,
            review_decision::outcome,
            review_decision::assessed_level,
            review_decision::reason,
            person::name,
            review_decision::decided_at,
        ))
        .first(conn)
        .optional()?;
    let mut all: Vec<DecidedBy> = now.into_iter().map(decided_by).collect();
    if newest > 1 {
        let before: Vec<DecidedRow> = review_decision_version::table
            .inner_join(person::table.on(person::id.eq(review_decision_version::decided_by)))
            .filter(review_decision_version::review_id.eq(of))
            .filter(review_decision_version::requirement_id.eq(about))
            .order(review_decision_version::version.desc())
            .select((
                review_decision_version::version,
                review_decision_version::outcome,
                review_decision_version::assessed_level,
                review_decision_version::reason,
                person::name,
                review_decision_version::decided_at,
            ))
            .load(conn)?;
        all.extend(before.into_iter().map(decided_by));
    }
    Ok(all)
}

/// What a person has at hand in a review, beside one of its requirements.
pub(super) struct AtHand {
    /// Requirements that carry a flag.
    pub flags: BTreeSet<RequirementId>,
    /// Where the person stopped, and when they looked at it.
    pub place: Option<(RequirementId, Timestamp)>,
    /// Whether anybody ever wrote a private note about the requirement.
    pub has_notes: bool,
    /// Whether guidance to the edition was ever noted.
    pub has_guidance: bool,
}

/// One row, whatever there is: flags as a list of numbers with commas between.
fn at_hand_sql(list: &str) -> String {
    format!(
        "SELECT (SELECT {list} FROM review_flag f WHERE f.review_id = r.id), p.requirement_id, p.looked_at, \
         EXISTS (SELECT 1 FROM review_note n WHERE n.review_id = r.id AND n.requirement_id = ?), \
         EXISTS (SELECT 1 FROM guidance_note g WHERE g.edition_id = ?) \
         FROM review r LEFT JOIN review_place p ON p.review_id = r.id AND p.person_id = ? WHERE r.id = ?"
    )
}

/// The statement as each database says it: made once, so that every connection knows it by its text.
static ON_SQLITE: LazyLock<String> = LazyLock::new(|| at_hand_sql("group_concat(f.requirement_id)"));
static ON_POSTGRES: LazyLock<String> =
    LazyLock::new(|| at_hand_sql("string_agg((f.requirement_id)::text, ',')"));

/// What a person has at hand in a review beside this requirement, in one statement and one row.
pub(super) fn at_hand(
    conn: &mut Conn,
    who: Option<PersonId>,
    (of, about, within): (ReviewId, RequirementId, EditionId),
) -> Result<AtHand> {
    type Columns = (Nullable<Text>, Nullable<BigInt>, Nullable<BigInt>, Bool, Bool);
    type Row = (Option<String>, Option<RequirementId>, Option<Timestamp>, bool, bool);
    let text: &'static str = match conn {
        Conn::Sqlite(_) => ON_SQLITE.as_str(),
        Conn::Postgres(_) => ON_POSTGRES.as_str(),
    };
    let (flags, place, looked_at, has_notes, has_guidance): Row = Fixed::<Columns>::new(text)
        .number(about.get())
        .number(within.get())
        .number(who.map(PersonId::get))
        .number(of.get())
        .get_result(conn)?;
    let read =
        |one: &str| one.parse().map_err(|e| Error::internal("failed to read a list of requirements", e));
    let flags = flags.unwrap_or_default();
    Ok(AtHand {
        flags: flags.split(',').filter(|one| !one.is_empty()).map(read).collect::<Result<_>>()?,
        place: place.zip(looked_at),
        has_notes,
        has_guidance,
    })
}

/// What became of a submission while or before it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) enum Happened {
    /// The organisation took it back.
    Withdrawn {
        /// Why, in its own words.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// The organisation sent its return again, which is reviewed instead.
    Superseded {
        /// The review of the newer submission, once it is in the queue.
        newer: Option<ReviewId>,
    },
}

/// What became of a review's submission, if it is not to be reviewed any more.
pub(in crate::review) fn happened(conn: &mut Conn, case: &Case) -> Result<Option<Happened>> {
    let of = &case.found.review;
    match of.state {
        ReviewState::Withdrawn => {
            let row: Option<(String, Timestamp)> = withdrawal::table
                .filter(withdrawal::submission_id.eq(of.submission))
                .order(withdrawal::id.desc())
                .select((withdrawal::reason, withdrawal::withdrawn_at))
                .first(conn)
                .optional()?;
            Ok(row.map(|(reason, at)| Happened::Withdrawn { reason, at }))
        }
        ReviewState::Superseded => {
            let newer = store::reviews_of(conn, of.return_id)?.pop().filter(|newest| *newest != of.id);
            Ok(Some(Happened::Superseded { newer }))
        }
        _ => Ok(None),
    }
}
