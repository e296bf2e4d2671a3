//! What is known of a case, gathered from its submission, the one before it, the files, the certificates and the signals. A
//! handful of statements for each case, whatever the number of requirements.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::score::{Inputs, MOST_MONTHS, random_share};
use super::signals::Severity;
use super::store::seed_of;
use crate::certificates::{self, Holdings, ScopeTest, kind_name};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, EvidenceId, OrganisationId, ReviewId, SubmissionId};
use crate::returns::{self, Snapshot, SnapshotAnswer};
use crate::review::case::grade_words;
use crate::review::snapshot;
use crate::review::store::{self, Found};
use crate::schema::{collection, evidence, review, risk_signal, submission};
use crate::standards::scoring::{BYTE_EXCUSED, BYTE_NONE, Status};
use crate::standards::{
    self, Asked, Edition, ItemKind, OutcomeLevel, Requirement, RequirementCode, RequirementKind, Scheme,
};

/// Everything that is known of a review's case on a day.
pub(super) fn gather(conn: &mut Conn, id: ReviewId, day: Day) -> Result<(OrganisationId, Inputs)> {
    let found = store::find(conn, id)?;
    let (within, opens_at) = year_of(conn, id)?;
    let whose = found.review.organisation;
    let text = store::snapshot_of(conn, found.review.submission)?;
    let snapshot: Snapshot = serde_json::from_str(&text)
        .map_err(|e| Error::internal(format!("failed to read the submission of review {id}"), e))?;
    let claims = claims_of(&found, &text)?;
    let mut inputs = Inputs::default();
    compare(conn, &found, opens_at, &mut inputs)?;
    weigh_evidence(conn, &found, (&snapshot, &claims), &mut inputs)?;
    if found.edition.edition().asks_for_certificates() {
        let held = certificates::holdings(conn, whose)?;
        contradict(found.edition.edition(), &held, &claims, day, &mut inputs);
    }
    inputs.signals = signals_of(conn, whose, day)?;
    inputs.random = match seed_of(conn, within)? {
        Some(seed) => random_share(&seed, found.review.submission.get()),
        None => 0,
    };
    Ok((whose, inputs))
}

fn year_of(conn: &mut Conn, id: ReviewId) -> Result<(CollectionId, Timestamp)> {
    Ok(review::table
        .inner_join(collection::table.on(collection::id.eq(review::collection_id)))
        .filter(review::id.eq(id))
        .select((collection::id, collection::opens_at))
        .first(conn)?)
}

/// A requirement that must be answered, with the status that is claimed.
struct Claim<'a> {
    requirement: &'a Requirement,
    status: Status,
}

fn claims_of<'a>(found: &'a Found, snapshot: &str) -> Result<Vec<Claim<'a>>> {
    let edition = found.edition.edition();
    let head = snapshot::head(snapshot, edition)?;
    let asked = edition.asked_of(head.sector, head.profile.as_ref());
    Ok(edition
        .requirements()
        .iter()
        .zip(asked)
        .zip(&found.levels)
        .filter(|((_, asked), _)| *asked == Asked::Mandatory)
        .filter_map(|((requirement, _), byte)| {
            let status = Status::from_byte(edition.scheme().kind(), *byte)?;
            Some(Claim { requirement, status })
        })
        .collect())
}

/// The grade where nobody can compare: the two schemes differ.
type Before = (SubmissionId, EditionId, Vec<u8>, String, String);

fn compare(conn: &mut Conn, found: &Found, opens_at: Timestamp, inputs: &mut Inputs) -> Result<()> {
    let before: Option<Before> = submission::table
        .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
        .filter(submission::organisation_id.eq(found.review.organisation))
        .filter(collection::opens_at.lt(opens_at))
        .order((collection::opens_at.desc(), submission::number.desc()))
        .select((
            submission::id,
            collection::edition_id,
            submission::levels,
            submission::claimed_grade,
            submission::rule_set,
        ))
        .first(conn)
        .optional()?;
    let Some((sent, edition, levels, grade, rule_set)) = before else {
        inputs.first = true;
        return Ok(());
    };
    let (old, new) = (standards::edition(conn, edition)?, found.edition.edition());
    if old.scheme().kind() != new.scheme().kind() {
        return Ok(());
    }
    let (grade, levels) = if old.rule_set() == rule_set {
        (grade, levels)
    } else {
        returns::claim_in_force(conn, sent, (grade, levels))?
    };
    if grade != found.review.claimed_grade {
        inputs.grade_before = grade_words(&grade);
    }
    let earlier: BTreeMap<&str, u8> =
        old.requirements().iter().map(|requirement| requirement.code.as_str()).zip(levels).collect();
    for (requirement, now) in new.requirements().iter().zip(&found.levels) {
        let Some(then) = earlier.get(requirement.code.as_str()) else { continue };
        if *now != BYTE_NONE || *then != BYTE_NONE {
            inputs.common += 1;
            inputs.changed += i64::from(now != then);
        }
    }
    Ok(())
}

/// Whether the claim is that something is reached, which somebody could ask to see.
fn is_high(edition: &Edition, claim: &Claim<'_>) -> bool {
    match (&claim.requirement.kind, claim.status, edition.scheme()) {
        (_, Status::Level(level), Scheme::Levels(scheme)) => level >= scheme.satisfactory_level,
        (_, Status::Outcome(level), _) => level == OutcomeLevel::Achieved,
        (RequirementKind::Item { item, .. }, Status::Complete, _) => {
            matches!(item, ItemKind::YesNo | ItemKind::Confirmation | ItemKind::Document)
        }
        _ => false,
    }
}

fn weigh_evidence(
    conn: &mut Conn,
    found: &Found,
    (snapshot, claims): (&Snapshot, &[Claim<'_>]),
    inputs: &mut Inputs,
) -> Result<()> {
    let edition = found.edition.edition();
    let answers: BTreeMap<&str, &SnapshotAnswer> =
        snapshot.answers.iter().map(|answer| (answer.requirement.as_str(), answer)).collect();
    let high: Vec<&SnapshotAnswer> = claims
        .iter()
        .filter(|claim| is_high(edition, claim))
        .filter_map(|claim| answers.get(claim.requirement.code.as_str()).copied())
        .collect();
    let ids: BTreeSet<EvidenceId> =
        high.iter().flat_map(|answer| &answer.evidence).map(|file| file.id).collect();
    let uploaded: BTreeMap<EvidenceId, Timestamp> = if ids.is_empty() {
        BTreeMap::new()
    } else {
        let rows: Vec<(EvidenceId, Timestamp)> = evidence::table
            .filter(evidence::organisation_id.eq(found.review.organisation))
            .filter(evidence::id.eq_any(ids))
            .select((evidence::id, evidence::uploaded_at))
            .load(conn)?;
        rows.into_iter().collect()
    };
    let sent_on = found.submitted_at.london_day();
    inputs.claims = i64::try_from(high.len()).unwrap_or(i64::MAX);
    for answer in high {
        // A file whose age is not on record counts as new.
        let age = |id: &EvidenceId| {
            uploaded.get(id).map_or(0, |at| age_in_months(sent_on, |day| *at >= day.start()))
        };
        match answer.evidence.iter().map(|file| age(&file.id)).min() {
            Some(newest) => inputs.ages.push(newest),
            None => {
                let characters = answer.comment.trim().chars().count();
                inputs.bare.push(i64::try_from(characters).unwrap_or(i64::MAX));
            }
        }
    }
    Ok(())
}

/// The fewest months to go back from a day until something is not before that: with so many months it is not yet too old.
fn age_in_months(from: Day, is_since: impl Fn(Day) -> bool) -> i64 {
    (0..=MOST_MONTHS).find(|months| is_since(from.plus_months(-months))).unwrap_or(MOST_MONTHS + 1)
}

/// Claims that a certificate should bear out and does not: exempt or met, under a rule for whose kind the organisation has
/// certificates on record of which none counts on the day.
fn contradict(edition: &Edition, held: &Holdings, claims: &[Claim<'_>], day: Day, inputs: &mut Inputs) {
    let mut borne_out: BTreeSet<&str> = BTreeSet::new();
    let mut doubtful: BTreeMap<&str, usize> = BTreeMap::new();
    let mut words: Vec<String> = Vec::new();
    for rule in edition.exemptions() {
        let in_force = Day::from(rule.from) <= day && rule.until.is_none_or(|until| day <= Day::from(until));
        let test = if rule.whole_scope { ScopeTest::AllServices } else { ScopeTest::Any };
        let certificates: Vec<_> = held.certificates.iter().filter(|c| c.kind == rule.certificate).collect();
        let shortfalls: Vec<_> =
            certificates.iter().filter_map(|c| c.counts_on(day, test, &held.services)).collect();
        let codes = rule.requirements.iter().map(RequirementCode::as_str);
        if in_force && shortfalls.len() < certificates.len() {
            borne_out.extend(codes);
        } else if let Some(shortfall) = shortfalls.first() {
            let name = kind_name(&rule.certificate);
            for code in codes {
                doubtful.insert(code, words.len());
            }
            words.push(format!("The {name} certificate does not count: {}.", shortfall.words()));
        }
    }
    let mut said: BTreeSet<usize> = BTreeSet::new();
    for claim in claims {
        let code = claim.requirement.code.as_str();
        let claims_it = matches!(claim.status, Status::Exempt | Status::Complete | Status::Excused)
            || claim.status.byte() == BYTE_EXCUSED;
        if let Some(at) = doubtful.get(code).filter(|_| claims_it && !borne_out.contains(code)) {
            inputs.contradicted += 1;
            said.insert(*at);
        }
    }
    inputs.contradictions = said.into_iter().filter_map(|at| words.get(at).cloned()).collect();
}

fn signals_of(conn: &mut Conn, whose: OrganisationId, day: Day) -> Result<[Vec<i64>; 3]> {
    let rows: Vec<(Severity, Day)> = risk_signal::table
        .filter(risk_signal::organisation_id.eq(whose))
        .filter(risk_signal::removed_at.is_null())
        .filter(risk_signal::happened_on.ge(day.plus_months(-MOST_MONTHS).to_string()))
        .filter(risk_signal::happened_on.le(day.to_string()))
        .order((risk_signal::happened_on.desc(), risk_signal::id))
        .select((risk_signal::severity, risk_signal::happened_on))
        .load(conn)?;
    let of = |wanted: Severity| -> Vec<i64> {
        let ages = rows.iter().filter(|(severity, _)| *severity == wanted);
        ages.map(|(_, on)| age_in_months(day, |since| *on >= since)).collect()
    };
    Ok([of(Severity::Low), of(Severity::Medium), of(Severity::High)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_whole_months_and_none_beyond_the_most() {
        let at = |text: &str| crate::platform::clock::parse_london(&format!("{text} 12:00")).unwrap();
        let from = at("2026-03-31").london_day();
        let age = |text: &str| age_in_months(from, |day| at(text).london_day() >= day);
        for (day, months) in [
            ("2026-03-31", 0),
            ("2026-04-02", 0),
            ("2026-03-30", 1),
            // A month before the 31st of March is the last of February.
            ("2026-02-28", 1),
            ("2026-02-27", 2),
            ("2024-03-31", 24),
            ("2024-03-30", 25),
            ("2016-03-31", 120),
            ("2016-03-30", 121),
            ("1990-01-01", 121),
        ] {
            assert_eq!(age(day), months, "{day}");
        }
    }
}
