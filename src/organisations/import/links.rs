//! Head offices and successors: turns the codes that sources gave into links between organisations, once both exist.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::layout::Source;
use crate::organisations::corrected::{self, CorrectedPart};
use crate::organisations::model::RelationKind;
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::schema::{organisation, relation};

/// What stands before the day in the source of a correction.
pub(crate) const CORRECTION: &str = "correction@";

type Row = (OrganisationId, RelationKind, String, Option<Day>, String);

/// Sets every link that a relation's newest source tells and the database does not have yet. Organisations that no
/// source relates keep what they have.
pub(crate) fn link(conn: &mut Conn) -> Result<()> {
    let told: Vec<Row> = relation::table
        .filter(relation::kind.eq_any([RelationKind::HeadOffice, RelationKind::Successor]))
        .select((
            relation::organisation_id,
            relation::kind,
            relation::related_code,
            relation::ends_on,
            relation::source,
        ))
        .load(conn)?;
    if told.is_empty() {
        return Ok(());
    }
    let ids: HashMap<String, OrganisationId> = ids_of(conn, &told)?;
    let linked = linked_now(conn)?;
    let corrected: HashSet<OrganisationId> = corrected::all(conn)?
        .into_iter()
        .filter(|(_, all)| all.iter().any(|one| one.part == CorrectedPart::HeadOffice))
        .map(|(of, _)| of)
        .collect();
    for ((from, kind), row) in newest(told, &corrected) {
        let (_, _, code, ends_on, _) = &row;
        let target = ids.get(code).copied().filter(|to| ends_on.is_none() && *to != from);
        let (head, successor) = linked.get(&from).copied().unwrap_or_default();
        let stored = if kind == RelationKind::HeadOffice { head } else { successor };
        if stored != target {
            set(conn, from, kind, target)?;
        }
    }
    Ok(())
}

/// For every organisation and kind, the row of the newest source; of the `corrected` ones that of the correction.
fn newest(
    told: Vec<Row>,
    corrected: &HashSet<OrganisationId>,
) -> HashMap<(OrganisationId, RelationKind), Row> {
    let mut newest: HashMap<(OrganisationId, RelationKind), Row> = HashMap::with_capacity(told.len());
    for row in told {
        let key = (row.0, row.1);
        let stands = row.1 == RelationKind::HeadOffice && corrected.contains(&row.0);
        let later = newest.get(&key).is_none_or(|held| is_later(&row.4, &held.4, stands));
        if later {
            newest.insert(key, row);
        }
    }
    newest
}

/// Whether a source takes the place of another. A correction that the programme accepted takes the place of every source of
/// its day and before, and of every one at all while it `stands`.
fn is_later(source: &str, held: &str, stands: bool) -> bool {
    let corrected = |text: &str| text.strip_prefix(CORRECTION).and_then(|day| day.parse::<Day>().ok());
    match (corrected(source), corrected(held)) {
        (Some(day), Some(other)) => day >= other,
        (Some(_), None) if stands => true,
        (None, Some(_)) if stands => false,
        (Some(day), None) => Source::parse(held).is_none_or(|other| day >= other.as_of),
        (None, Some(other)) => Source::parse(source).is_some_and(|source| source.as_of > other),
        (None, None) => Source::parse(source).is_some_and(|source| source.is_as_new_as(held)),
    }
}

fn ids_of(conn: &mut Conn, told: &[Row]) -> Result<HashMap<String, OrganisationId>> {
    let mut codes: Vec<String> = told.iter().map(|row| row.2.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut ids = HashMap::with_capacity(codes.len());
    for chunk in codes.chunks(1000) {
        let found = organisation::table
            .filter(organisation::code.eq_any(chunk.to_vec()))
            .select((organisation::code, organisation::id))
            .load::<(String, OrganisationId)>(conn)?;
        ids.extend(found);
    }
    Ok(ids)
}

type Links = (Option<OrganisationId>, Option<OrganisationId>);

fn linked_now(conn: &mut Conn) -> Result<HashMap<OrganisationId, Links>> {
    let rows = organisation::table
        .filter(organisation::head_office_id.is_not_null().or(organisation::successor_id.is_not_null()))
        .select((organisation::id, organisation::head_office_id, organisation::successor_id))
        .load::<(OrganisationId, Option<OrganisationId>, Option<OrganisationId>)>(conn)?;
    Ok(rows.into_iter().map(|(id, head, successor)| (id, (head, successor))).collect())
}

fn set(
    conn: &mut Conn,
    from: OrganisationId,
    kind: RelationKind,
    target: Option<OrganisationId>,
) -> Result<()> {
    let one = organisation::table.filter(organisation::id.eq(from));
    if kind == RelationKind::HeadOffice {
        diesel::update(one).set(organisation::head_office_id.eq(target)).execute(conn)?;
    } else {
        diesel::update(one).set(organisation::successor_id.eq(target)).execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_stands_until_a_later_source_says_otherwise() {
        assert!(is_later("correction@2026-03-02", "register@2026-03-02", false));
        assert!(!is_later("register@2026-03-02", "correction@2026-03-02", false));
        assert!(is_later("register@2026-03-03", "correction@2026-03-02", false));
        assert!(is_later("correction@2026-03-02", "correction@2026-03-02", false));
        assert!(!is_later("correction@2026-03-01", "register@2026-03-02", false));
        assert!(is_later("register@2026-03-02", "register@2026-03-01", false));
        assert!(is_later("correction@2026-03-02", "register@2026-03-03", true));
        assert!(!is_later("register@2026-03-03", "correction@2026-03-02", true));
        assert!(is_later("register@2026-03-02", "register@2026-03-01", true));
    }
}
