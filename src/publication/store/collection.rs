//! Lines of a collection: for every organisation in scope what it submitted and what became of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use diesel::prelude::*;

use super::register::{grade_of, inherit, region_names, sector_of};
use crate::collections::Collection;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, RuleCorrectionId, SubmissionId};
use crate::publication::record::Record;
use crate::publication::tables::{Answered, Compared};
use crate::returns::results_in_force;
use crate::review::open_to_challenge;
use crate::schema::{
    annual_return, collection, collection_scope, corrected_result, edition, organisation, return_filer,
    review, review_conclusion, site_outcome, standard, submission,
};
use crate::standards::scoring::GradeKey;
use crate::standards::{self, Edition, correcting};

/// What a collection holds.
pub(in crate::publication) struct CollectionLines {
    /// The collection.
    pub id: CollectionId,
    /// What it is called.
    pub name: String,
    /// One line per organisation in scope, by code.
    pub records: Vec<Record>,
    /// The edition that was asked.
    pub edition: Arc<Edition>,
    /// Region names by code.
    pub regions: BTreeMap<String, String>,
    /// The collection before this one.
    pub earlier: Option<Compared>,
    /// Every submission that counts.
    pub answered: Vec<Answered>,
}

/// A collection as it is stored.
struct Found {
    id: CollectionId,
    name: String,
    edition_id: EditionId,
    previous: Option<CollectionId>,
    closes_at: Timestamp,
}

/// The submission that counts for an organisation.
struct Filed {
    submission: SubmissionId,
    submitted_at: Timestamp,
    late: bool,
    profile: String,
    claimed: GradeKey,
    final_grade: Option<GradeKey>,
    /// Whether no review is at work on it.
    settled: bool,
    /// Whether what was decided on it can still be challenged.
    challengeable: bool,
}

/// Collections that are open or closed, newest first: key, name, state.
pub(in crate::publication) fn collection_choices(conn: &mut Conn) -> Result<Vec<(String, String, String)>> {
    Ok(collection::table
        .filter(collection::state.ne("planned"))
        .order(collection::opens_at.desc())
        .select((collection::key, collection::name, collection::state))
        .load(conn)?)
}

/// A collection as a year among others.
#[derive(Debug, Clone)]
pub(in crate::publication) struct Asked {
    /// The key of the standard that it asks.
    pub standard: String,
    /// Its year in words.
    pub label: String,
    /// When it closes, which figures that were corrected later do not move.
    pub closes_at: Timestamp,
}

/// Every collection as a year.
pub(in crate::publication) fn asked(conn: &mut Conn) -> Result<HashMap<CollectionId, Asked>> {
    let rows: Vec<(CollectionId, String, String, Timestamp)> = collection::table
        .inner_join(edition::table.on(edition::id.eq(collection::edition_id)))
        .inner_join(standard::table.on(standard::id.eq(edition::standard_id)))
        .select((collection::id, standard::key, collection::year_label, collection::closes_at))
        .load(conn)?;
    let asked = |(id, standard, label, closes_at)| (id, Asked { standard, label, closes_at });
    Ok(rows.into_iter().map(asked).collect())
}

/// Reads a collection.
pub(in crate::publication) fn collection_lines(conn: &mut Conn, key: &str) -> Result<CollectionLines> {
    let id: Option<CollectionId> =
        collection::table.filter(collection::key.eq(key)).select(collection::id).first(conn).optional()?;
    let found = match id {
        Some(id) => find(conn, id)?,
        None => None,
    };
    let Some(found) = found else {
        return Err(Error::field("collection", format!("There is no collection \"{key}\" that has opened.")));
    };
    let edition = standards::edition(conn, found.edition_id)?;
    let filed = filed_in(conn, found.id)?;
    let label = edition.label().to_owned();
    let mut records = in_scope(conn, &found)?;
    let heads = head_offices_in(conn, found.id)?;
    for record in &mut records {
        record.filed_by = heads.get(&record.organisation).cloned();
        if let Some(filed) = filed.get(&record.organisation) {
            fill(record, filed, &label);
        }
    }
    inherit(conn, &mut records, &label)?;
    let wanted: Vec<(&Record, &Filed)> =
        records.iter().filter_map(|record| Some((record, filed.get(&record.organisation)?))).collect();
    let answered = levels_in(conn, &wanted, found.edition_id)?;
    let earlier = match found.previous {
        Some(previous) => compared(conn, previous)?,
        None => None,
    };
    Ok(CollectionLines {
        id: found.id,
        name: found.name,
        records,
        edition,
        regions: region_names(conn)?,
        earlier,
        answered,
    })
}

fn find(conn: &mut Conn, id: CollectionId) -> Result<Option<Found>> {
    let row: Option<(String, EditionId, Option<CollectionId>, Timestamp)> = collection::table
        .filter(collection::id.eq(id))
        .filter(collection::state.ne("planned"))
        .select((collection::name, collection::edition_id, collection::previous_id, collection::closes_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(name, edition_id, previous, closes_at)| Found { id, name, edition_id, previous, closes_at }))
}

/// Organisations of the sectors in scope that were open when the collection closed, or are open now if it has not.
fn in_scope(conn: &mut Conn, found: &Found) -> Result<Vec<Record>> {
    type Row = (OrganisationId, String, String, String, Option<String>, Option<Day>, Option<Day>);
    let sectors: Vec<String> = collection_scope::table
        .filter(collection_scope::collection_id.eq(found.id))
        .select(collection_scope::sector)
        .load(conn)?;
    let rows: Vec<Row> = organisation::table
        .filter(organisation::sector.eq_any(&sectors))
        .order(organisation::code)
        .select((
            organisation::id,
            organisation::code,
            organisation::name,
            organisation::sector,
            organisation::region_code,
            organisation::opened_on,
            organisation::closed_on,
        ))
        .load(conn)?;
    let day = found.closes_at.london_day();
    rows.into_iter()
        .filter(|(.., opened, closed)| is_open(*opened, *closed, day))
        .map(|(organisation, code, name, sector, region, ..)| {
            Ok(Record {
                organisation,
                code,
                name,
                sector: sector_of(&sector)?,
                region,
                grade: GradeKey::NotPublished,
                label: GradeKey::NotPublished.label().to_owned(),
                edition: String::new(),
                published_on: None,
                late: false,
                provisional: false,
                challengeable: false,
                standing: GradeKey::NotPublished,
                inherited_from: None,
                filed_by: None,
            })
        })
        .collect()
}

/// Whether an organisation was open on a day.
pub(super) fn is_open(opened: Option<Day>, closed: Option<Day>, day: Day) -> bool {
    opened.is_none_or(|at| at <= day) && closed.is_none_or(|at| at > day)
}

fn fill(record: &mut Record, filed: &Filed, edition: &str) {
    record.grade = filed.final_grade.unwrap_or(filed.claimed);
    record.label = record.grade.label().to_owned();
    edition.clone_into(&mut record.edition);
    record.published_on = Some(filed.submitted_at.london_day());
    record.late = filed.late;
    record.provisional = filed.final_grade.is_none() || !filed.settled;
    record.challengeable = filed.challengeable && !record.provisional;
}

/// The submission that counts in each return, whether it has been reviewed or not. A return that was reopened still
/// counts with what was submitted last.
fn filed_in(conn: &mut Conn, id: CollectionId) -> Result<HashMap<OrganisationId, Filed>> {
    type Row = (
        OrganisationId,
        (String, String),
        Option<String>,
        SubmissionId,
        Timestamp,
        bool,
        String,
        Option<String>,
    );
    let rows: Vec<Row> = results_in_force!(
        annual_return::table
            .inner_join(submission::table.on(annual_return::submission_id.eq(submission::id.nullable())))
    )
    .filter(annual_return::collection_id.eq(id))
    .select((
        annual_return::organisation_id,
        (annual_return::state, annual_return::profile),
        annual_return::final_grade,
        submission::id,
        submission::submitted_at,
        submission::late,
        submission::claimed_grade,
        corrected_result::new_claimed.nullable(),
    ))
    .load(conn)?;
    let open = open_to_challenge(conn, id)?;
    rows.into_iter()
        .map(
            |(
                organisation,
                (state, profile),
                final_grade,
                submission,
                submitted_at,
                late,
                claimed,
                corrected,
            )| {
                let settled = matches!(state.as_str(), "decided" | "published");
                // A review that was taken up again leaves its grade in force, but only for now.
                let final_grade = final_grade.map(|text| grade_of(&text)).transpose()?;
                // The final grade is the one in force; what was claimed stays as it was sent, beside the corrected result.
                let claimed = grade_of(&corrected.unwrap_or(claimed))?;
                let challengeable = open.contains(&submission);
                let filed = Filed {
                    submission,
                    submitted_at,
                    late,
                    profile,
                    claimed,
                    final_grade,
                    settled,
                    challengeable,
                };
                Ok((organisation, filed))
            },
        )
        .collect()
}

/// The names of the head offices that submitted for organisations.
fn head_offices_in(conn: &mut Conn, id: CollectionId) -> Result<HashMap<OrganisationId, String>> {
    let rows: Vec<(OrganisationId, String)> = return_filer::table
        .inner_join(organisation::table.on(organisation::id.nullable().eq(return_filer::head_office_id)))
        .filter(return_filer::collection_id.eq(id))
        .select((return_filer::organisation_id, organisation::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Levels that corrected rules made others: claimed, and after review.
pub(super) type Corrected = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Levels in the order of the records that have any. As assessed only where the grade is final too.
fn levels_in(conn: &mut Conn, wanted: &[(&Record, &Filed)], edition: EditionId) -> Result<Vec<Answered>> {
    let correction =
        correcting::rules_in_force(conn, edition)?.map_or(RuleCorrectionId::new(0), |one| one.id);
    type Review = (Option<String>, Option<Vec<u8>>, Option<Timestamp>);
    // A site has no review of its own, but what came of its head office's.
    type OfHeadOffice = (Option<Vec<u8>>, Option<Timestamp>);
    type Row = (SubmissionId, Vec<u8>, Review, OfHeadOffice, Corrected);
    let mut found: HashMap<SubmissionId, (Vec<u8>, Option<Timestamp>)> = HashMap::with_capacity(wanted.len());
    for some in wanted.chunks(1000) {
        let ids: Vec<SubmissionId> = some.iter().map(|(_, filed)| filed.submission).collect();
        let rows: Vec<Row> = submission::table
            .left_join(review::table.on(review::submission_id.eq(submission::id)))
            .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission::id)))
            .left_join(
                corrected_result::table.on(corrected_result::submission_id
                    .eq(submission::id)
                    .and(corrected_result::run.eq("result"))
                    .and(corrected_result::correction_id.eq(correction))),
            )
            .filter(submission::id.eq_any(ids))
            .select((
                submission::id,
                submission::levels,
                (review::state.nullable(), review::assessed_levels.nullable(), review::decided_at.nullable()),
                (site_outcome::assessed_levels.nullable(), site_outcome::decided_at.nullable()),
                (corrected_result::levels.nullable(), corrected_result::assessed_levels.nullable()),
            ))
            .load(conn)?;
        let taken_up = some
            .iter()
            .filter(|(_, filed)| filed.final_grade.is_some() && !filed.settled)
            .map(|(_, filed)| filed.submission)
            .collect();
        let mut before = decided_before(conn, taken_up)?;
        for (id, claimed, (state, assessed, decided_at), (site, site_decided_at), corrected) in rows {
            let decided = state.as_deref() == Some("decided");
            let (before, before_at) = before.remove(&id).unzip();
            let assessed = site.or(assessed.filter(|_| decided)).or(before);
            let levels = counting(claimed, assessed, corrected);
            let at = site_decided_at.or(decided_at.filter(|_| decided)).or(before_at);
            found.insert(id, (levels, at));
        }
    }
    let answered = wanted.iter().filter_map(|(record, filed)| {
        let (levels, decided_at) = found.remove(&filed.submission)?;
        Some(Answered {
            organisation: record.organisation,
            sector: record.sector,
            profile: filed.profile.clone(),
            grade: record.grade,
            levels,
            settled_at: decided_at.map_or(filed.submitted_at, |at| at.max(filed.submitted_at)),
        })
    });
    Ok(answered.collect())
}

/// The levels that count: after review where there was one, and by corrected rules where there are any.
pub(super) fn counting(claimed: Vec<u8>, assessed: Option<Vec<u8>>, corrected: Corrected) -> Vec<u8> {
    match assessed {
        Some(assessed) => corrected.1.unwrap_or(assessed),
        None => corrected.0.unwrap_or(claimed),
    }
}

/// What was decided on submissions whose review has been taken up again: it stands until there is another decision.
pub(super) fn decided_before(
    conn: &mut Conn,
    taken_up: Vec<SubmissionId>,
) -> Result<HashMap<SubmissionId, (Vec<u8>, Timestamp)>> {
    if taken_up.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(SubmissionId, Vec<u8>, Timestamp)> = review_conclusion::table
        .inner_join(review::table.on(review::id.eq(review_conclusion::review_id)))
        .filter(review::submission_id.eq_any(taken_up))
        .order(review_conclusion::number)
        .select((review::submission_id, review_conclusion::assessed_levels, review_conclusion::decided_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, levels, at)| (id, (levels, at))).collect())
}

/// Every organisation in a collection's scope, by code, before anything was submitted.
pub(in crate::publication) fn frame_of(conn: &mut Conn, of: &Collection) -> Result<Vec<Record>> {
    let found = Found {
        id: of.id,
        name: of.name.clone(),
        edition_id: of.edition_id,
        previous: of.previous_id,
        closes_at: of.closes_at,
    };
    in_scope(conn, &found)
}

/// The grades of the collection before this one.
pub(in crate::publication) fn grades_before(conn: &mut Conn, of: &Collection) -> Result<Option<Compared>> {
    of.previous_id.map_or(Ok(None), |previous| compared(conn, previous))
}

/// The earlier collection's grades by the same rules.
fn compared(conn: &mut Conn, id: CollectionId) -> Result<Option<Compared>> {
    let Some(found) = find(conn, id)? else { return Ok(None) };
    let key: String = collection::table.filter(collection::id.eq(id)).select(collection::key).first(conn)?;
    let filed = filed_in(conn, id)?;
    let grades = in_scope(conn, &found)?
        .into_iter()
        .map(|record| {
            let grade = filed
                .get(&record.organisation)
                .map_or(GradeKey::NotPublished, |filed| filed.final_grade.unwrap_or(filed.claimed));
            (record.organisation, grade)
        })
        .collect();
    Ok(Some(Compared { key, name: found.name, grades }))
}
