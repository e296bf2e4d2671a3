//! Change since an earlier snapshot, over the organisations that are in both.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::grades::public;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::classes;
use crate::publication::document::{Change, TableEntry};
use crate::publication::record::Record;
use crate::standards::scoring::GradeKey;
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::estimators::{Lineage, Transitions};

/// The earlier snapshot: what it is called and the grade of each organisation in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Grades by organisation.
    pub grades: BTreeMap<OrganisationId, GradeKey>,
}

/// Compares; the table's rows are the earlier grades. An organisation that a newcomer took over whole is compared with it;
/// mergers are counted by themselves.
pub fn compare(
    population: &str,
    records: &[Record],
    earlier: &Compared,
    successors: &HashMap<OrganisationId, OrganisationId>,
    rules: &DisclosureRules,
) -> Result<(Change, TableEntry)> {
    let mut keys = classes::grade_keys(records);
    for grade in GradeKey::ALL {
        if !keys.contains(&grade) && earlier.grades.values().any(|there| *there == grade) {
            keys.push(grade);
        }
    }
    keys.sort_by_key(|grade| GradeKey::ALL.iter().position(|one| one == grade));
    let grades = classes::grades(&keys)?;
    let lineage = lineage(records, earlier, successors);
    let before = earlier
        .grades
        .iter()
        .filter(|(id, _)| !lineage.merged.contains(id))
        .map(|(id, grade)| (lineage.continued.get(id).copied().unwrap_or(*id), grade.as_str()));
    let after = records
        .iter()
        .filter(|record| !lineage.formed.contains(&record.organisation))
        .map(|record| (record.organisation, record.grade.as_str()));
    let transitions = Transitions::between(population, &grades, before, after)
        .map_err(|e| Error::internal("failed to compare two snapshots", e))?;
    let movement = transitions.movement(|key| {
        GradeKey::parse(key)
            .filter(|grade| *grade != GradeKey::NotPublished)
            .map(|grade| i64::from(grade.rank()))
    });
    let change = Change {
        earlier: earlier.key.clone(),
        earlier_name: earlier.name.clone(),
        matched: transitions.matched_total(),
        improved: movement.improved,
        unchanged: movement.unchanged,
        worsened: movement.worsened,
        not_comparable: movement.not_comparable,
        joined: transitions.joined().iter().sum(),
        left: transitions.left().iter().sum(),
        merged: lineage.merged.len() as u64,
        formed: lineage.formed.len() as u64,
    };
    let table = transitions
        .matched()
        .clone()
        .with_caption("Change of published grade")
        .with_note(format!(
            "Compared with {}. Only organisations that are in both are counted. {} are new and {} are no longer there.{}",
            earlier.name,
            crate::platform::pages::words::number(change.joined.into()),
            crate::platform::pages::words::number(change.left.into()),
            mergers(&change, lineage.continued.len()),
        ));
    let entry = public(
        "change",
        "How the published grades of the same organisations moved. Each bar, and each row of the table, is a grade of \
         last time; its parts are the grades that those organisations have now.",
        table,
        rules,
    )?;
    Ok((change, entry))
}

/// What became of those that are not there under their own code any more.
fn lineage(
    records: &[Record],
    earlier: &Compared,
    successors: &HashMap<OrganisationId, OrganisationId>,
) -> Lineage<OrganisationId> {
    let before: BTreeSet<OrganisationId> = earlier.grades.keys().copied().collect();
    let after: BTreeSet<OrganisationId> = records.iter().map(|record| record.organisation).collect();
    Lineage::between(&before, &after, |one| successors.get(&one).copied())
}

/// A sentence about takeovers and one about mergers, where there were any.
fn mergers(change: &Change, continued: usize) -> String {
    let number = |count: u64| crate::platform::pages::words::number(count.into());
    let mut said = String::new();
    if continued > 0 {
        said.push_str(&format!(
            " {} were taken over by a new organisation and are compared with it.",
            number(continued as u64)
        ));
    }
    if change.merged > 0 {
        said.push_str(&format!(
            " {} merged into others and {} were formed by mergers; they are not compared.",
            number(change.merged),
            number(change.formed)
        ));
    }
    said
}
