//! How far reviewers agree: the comparisons of a collection counted into tables of agreement, for everything together,
//! by requirement, by pair of reviewers, by reviewer against all others, and by sector.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::{ComparisonState, category};
use crate::collections::Collection;
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{PersonId, RequirementId};
use crate::schema::{organisation, score_comparison};
use crate::standards::scoring::{BYTE_NONE, Status};
use crate::standards::{
    self, Edition, OutcomeLevel, Requirement, RequirementKind, Scheme, SectorKey, StoredEdition,
};
use crate::statistics::agreement::AgreementTable;
use crate::statistics::estimators::{ProportionInterval, wilson_95};

/// The statuses that whoever knows nothing of the organisation can find.
pub(super) fn choices_of(requirement: &Requirement) -> Vec<Status> {
    match &requirement.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let levels = (0_u8..=9).take(descriptors.len()).map(Status::Level);
            levels.chain(may_be_not_relevant.then_some(Status::NotRelevant)).collect()
        }
        RequirementKind::Item { .. } => vec![Status::Incomplete, Status::Complete],
        RequirementKind::Outcome { .. } => {
            [OutcomeLevel::NotAchieved, OutcomeLevel::PartiallyAchieved, OutcomeLevel::Achieved]
                .map(Status::Outcome)
                .to_vec()
        }
    }
}

/// A status byte in words.
pub(super) fn status_words(edition: &Edition, byte: i64) -> String {
    let found = u8::try_from(byte).ok();
    let status = found.and_then(|byte| Status::from_byte(edition.scheme().kind(), byte));
    match (status, found) {
        (Some(status), _) => status.label(),
        (None, Some(BYTE_NONE)) => "No answer".to_owned(),
        (None, _) => format!("Status {byte}"),
    }
}

/// How many ordered categories the statuses of an edition have.
pub(super) fn categories(edition: &Edition) -> usize {
    match edition.scheme() {
        Scheme::Levels(levels) => usize::from(levels.max_level) + 1,
        Scheme::Assertions(_) => 2,
        Scheme::Outcomes {} => 3,
    }
}

/// One row of the report.
#[derive(Debug, Clone)]
pub(in crate::review) struct Measured {
    /// What it is about.
    pub label: String,
    /// Answers that both scored.
    pub of: u64,
    /// Those that they scored alike.
    pub agreed: u64,
    /// Those whose statuses both have a place in the order.
    pub table: AgreementTable,
}

impl Measured {
    pub fn new(label: impl Into<String>, categories: usize) -> Self {
        Self { label: label.into(), of: 0, agreed: 0, table: AgreementTable::new(categories) }
    }

    /// Counts one answer.
    pub fn add(&mut self, first: i64, second: i64) {
        self.of += 1;
        self.agreed += u64::from(first == second);
        let categories = self.table.categories();
        if let (Some(first), Some(second)) = (category(first, categories), category(second, categories)) {
            self.table.add(first, second, 1);
        }
    }

    /// Percent scored alike, with its interval.
    pub fn percent(&self) -> Option<ProportionInterval> {
        wilson_95(self.agreed, self.of, 1)
    }
}

/// The whole report of one collection.
#[derive(Debug, Clone)]
pub(in crate::review) struct Agreement {
    /// Everything.
    pub all: Measured,
    /// In edition order.
    pub by_requirement: Vec<Measured>,
    /// The first scorer and the second, by name.
    pub by_pair: Vec<Measured>,
    /// Each against all others, by name; a reviewer's own scores are the rows of the table.
    pub by_reviewer: Vec<Measured>,
    /// In the order of the programme's list.
    pub by_sector: Vec<Measured>,
    /// Disagreements that wait for a moderator.
    pub open: usize,
}

struct Row {
    requirement: RequirementId,
    first_by: PersonId,
    second_by: PersonId,
    first: i64,
    second: i64,
    state: ComparisonState,
    sector: String,
}

fn rows(conn: &mut Conn, of: &Collection) -> Result<Vec<Row>> {
    type Loaded = (RequirementId, PersonId, PersonId, i64, i64, ComparisonState, String);
    let rows: Vec<Loaded> = score_comparison::table
        .inner_join(organisation::table.on(organisation::id.eq(score_comparison::organisation_id)))
        .filter(score_comparison::collection_id.eq(of.id))
        .select((
            score_comparison::requirement_id,
            score_comparison::first_by,
            score_comparison::second_by,
            score_comparison::first_level,
            score_comparison::second_level,
            score_comparison::state,
            organisation::sector,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(requirement, first_by, second_by, first, second, state, sector)| Row {
            requirement,
            first_by,
            second_by,
            first,
            second,
            state,
            sector,
        })
        .collect())
}

/// The agreement of reviewers in a collection, by their first scores whatever was settled afterwards.
pub(super) fn agreement(conn: &mut Conn, of: &Collection) -> Result<Agreement> {
    let rows = rows(conn, of)?;
    let edition = standards::stored_edition(conn, of.edition_id)?;
    let people: Vec<PersonId> = rows.iter().flat_map(|row| [row.first_by, row.second_by]).collect();
    let names = identity::names_of(conn, &distinct(people))?;
    Ok(counted(&rows, &edition, &names))
}

fn distinct(mut people: Vec<PersonId>) -> Vec<PersonId> {
    people.sort_unstable();
    people.dedup();
    people
}

fn counted(rows: &[Row], edition: &StoredEdition, names: &BTreeMap<PersonId, String>) -> Agreement {
    let width = categories(edition.edition());
    let name = |of: PersonId| names.get(&of).map_or("", String::as_str);
    let mut all = Measured::new("Everything", width);
    let mut by_requirement: BTreeMap<usize, Measured> = BTreeMap::new();
    let mut by_pair: BTreeMap<(String, PersonId, PersonId), Measured> = BTreeMap::new();
    let mut by_reviewer: BTreeMap<(String, PersonId), Measured> = BTreeMap::new();
    let mut by_sector: BTreeMap<&str, Measured> = BTreeMap::new();
    let fresh = |label: String| Measured::new(label, width);
    for row in rows {
        all.add(row.first, row.second);
        if let Some(at) = edition.position_of(row.requirement) {
            let label = edition.edition().requirements().get(at).map(|r| format!("{} {}", r.code, r.title));
            let of = by_requirement.entry(at).or_insert_with(|| fresh(label.unwrap_or_default()));
            of.add(row.first, row.second);
        }
        let pair = format!("{} and {}", name(row.first_by), name(row.second_by));
        by_pair
            .entry((pair.clone(), row.first_by, row.second_by))
            .or_insert_with(|| fresh(pair))
            .add(row.first, row.second);
        let sides = [(row.first_by, row.first, row.second), (row.second_by, row.second, row.first)];
        for (who, own, other) in sides {
            by_reviewer
                .entry((name(who).to_owned(), who))
                .or_insert_with(|| fresh(name(who).to_owned()))
                .add(own, other);
        }
        by_sector.entry(&row.sector).or_insert_with(|| fresh(String::new())).add(row.first, row.second);
    }
    let sectors = SectorKey::all().filter_map(|sector| {
        let mut found = by_sector.remove(sector.as_str())?;
        sector.label().clone_into(&mut found.label);
        Some(found)
    });
    Agreement {
        by_sector: sectors.collect(),
        all,
        by_requirement: by_requirement.into_values().collect(),
        by_pair: by_pair.into_values().collect(),
        by_reviewer: by_reviewer.into_values().collect(),
        open: rows.iter().filter(|row| row.state == ComparisonState::Open).count(),
    }
}
