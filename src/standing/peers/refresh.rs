//! Computing the figures of sectors: from every organisation's rows, into figures that show none of them. What was shown
//! once is replaced only when so many organisations have changed since that the difference is nobody's in particular.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::{Measure, points, share};
use super::store::{self, Key, PeerFigure};
use crate::access::Actor;
use crate::collections::{self, Collection, CollectionState};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, RequirementId, ReturnId};
use crate::returns::AnswerState;
use crate::standards::{self, Asked, ProfileKey, SectorKey, StoredEdition};
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::quartiles::quartiles;

/// Days for which figures that were shown stand at least.
const STAND: i64 = 7;

/// What one run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Figures that were written and can be seen.
    pub shown: usize,
    /// Figures that were written as withheld.
    pub withheld: usize,
}

/// The figures of a group, and when each member's last changed.
#[derive(Debug, Default)]
struct Group {
    figures: Vec<u8>,
    changed_at: Vec<Timestamp>,
}

type Groups = BTreeMap<Key, Group>;

/// Looks at every collection that pages compare with: open ones by what is answered, closed ones that another follows by
/// what was submitted. Each is written by itself.
///
/// # Errors
/// When the database cannot be asked or written.
pub fn refresh_peers(db: &Db) -> Result<Refreshed> {
    let (now, rules) = (db.clock().now(), DisclosureRules::default());
    let all = db.read_now(Actor::system_reach(), collections::collections)?;
    let followed: BTreeSet<CollectionId> = all.iter().filter_map(|one| one.previous_id).collect();
    let mut refreshed = Refreshed::default();
    for collection in &all {
        let submitted = followed.contains(&collection.id);
        let (stored, groups) = db.read_now(Actor::system_reach(), |conn| {
            let mut groups = Groups::new();
            if collection.state == CollectionState::Open {
                groups.append(&mut by_answers(conn, collection)?);
            }
            if submitted {
                groups.append(&mut by_submissions(conn, collection)?);
            }
            Ok((store::figures(conn, collection.id)?, groups))
        })?;
        let rows = renewed(&stored, &groups, collection, (now, &rules));
        if rows.is_empty() {
            continue;
        }
        refreshed.shown += rows.iter().filter(|(_, row)| row.shown.is_ok()).count();
        refreshed.withheld += rows.iter().filter(|(_, row)| row.shown.is_err()).count();
        let id = collection.id;
        db.housekeep_now(Actor::system_reach(), move |tx| {
            rows.iter().try_for_each(|(key, row)| store::keep(tx, id, key, row))
        })?;
    }
    Ok(refreshed)
}

/// The rows to write: of every group there is or was.
fn renewed(
    stored: &BTreeMap<Key, PeerFigure>,
    groups: &Groups,
    of: &Collection,
    (now, rules): (Timestamp, &DisclosureRules),
) -> Vec<(Key, PeerFigure)> {
    let none = Group::default();
    // What a closed collection was answered by stands as it was when it closed.
    let counts = |key: &Key| key.1 == Measure::Points || of.state == CollectionState::Open;
    let keys: BTreeSet<&Key> = stored.keys().chain(groups.keys()).filter(|key| counts(key)).collect();
    keys.into_iter()
        .filter_map(|key| {
            let group = groups.get(key).unwrap_or(&none);
            Some((key.clone(), renew(stored.get(key), group, now, rules)?))
        })
        .collect()
}

/// What to write for a group; none when what is stored stands.
fn renew(
    stored: Option<&PeerFigure>,
    group: &Group,
    now: Timestamp,
    rules: &DisclosureRules,
) -> Option<PeerFigure> {
    let counted_at = stored.and_then(|row| row.counted_at);
    let size = i64::try_from(group.figures.len()).unwrap_or(i64::MAX);
    match quartiles(&group.figures, rules) {
        Ok(found) => {
            let may = counted_at.is_none_or(|since| {
                let changed = group.changed_at.iter().filter(|at| **at > since).count();
                now >= since.plus_seconds(STAND * 86_400)
                    && u64::try_from(changed).unwrap_or(u64::MAX) >= rules.minimum
            });
            may.then_some(PeerFigure { size, shown: Ok(found), computed_at: now, counted_at: Some(now) })
        }
        // A group that has become too small is withdrawn at once.
        Err(reason) => {
            let shown = Err(reason.to_string());
            let stands = stored.is_some_and(|row| row.shown == shown && row.size == size);
            (!stands).then_some(PeerFigure { size, shown, computed_at: now, counted_at })
        }
    }
}

fn by_submissions(conn: &mut Conn, of: &Collection) -> Result<Groups> {
    let edition = standards::edition(conn, of.edition_id)?;
    let mut groups = Groups::new();
    for (sector, levels, at) in store::submitted(conn, of.id)? {
        if let Some(figure) = points(&levels, edition.scheme()) {
            let group = groups.entry((sector, Measure::Points)).or_default();
            group.figures.push(figure);
            group.changed_at.push(at);
        }
    }
    Ok(groups)
}

fn by_answers(conn: &mut Conn, of: &Collection) -> Result<Groups> {
    let edition = standards::stored_edition(conn, of.edition_id)?;
    let started = store::started(conn, of.id)?;
    let kinds: BTreeSet<(&str, &str)> =
        started.iter().map(|(_, sector, profile, _)| (sector.as_str(), profile.as_str())).collect();
    let mut groups = Groups::new();
    for (sector, profile) in kinds {
        let asked = asked_of(&edition, sector, profile)?;
        let mut done: BTreeMap<ReturnId, (u64, Option<Timestamp>)> = BTreeMap::new();
        for (id, state, count, changed) in store::answered(conn, of.id, (sector, profile), &asked)? {
            let entry = done.entry(id).or_default();
            if state == AnswerState::Confirmed {
                entry.0 += u64::try_from(count).unwrap_or_default();
            }
            entry.1 = entry.1.max(changed);
        }
        let put = u64::try_from(asked.len()).unwrap_or_default();
        for (id, _, _, opened_at) in
            started.iter().filter(|one| (one.1.as_str(), one.2.as_str()) == (sector, profile))
        {
            let (confirmed, changed) = done.get(id).copied().unwrap_or_default();
            let Some(figure) = share(confirmed, put) else { continue };
            let group = groups.entry((sector.to_owned(), Measure::Answered)).or_default();
            group.figures.push(figure);
            group.changed_at.push(changed.unwrap_or(*opened_at).max(*opened_at));
        }
    }
    Ok(groups)
}

/// The requirements that count for a kind of organisation.
fn asked_of(edition: &StoredEdition, sector: &str, profile: &str) -> Result<Vec<RequirementId>> {
    let doing = || format!("failed to read the sector {sector} or the profile {profile}");
    let sector: SectorKey = sector.parse().map_err(|e| Error::internal(doing(), e))?;
    let profile = if profile.is_empty() {
        None
    } else {
        Some(ProfileKey::new(profile).map_err(|e| Error::internal(doing(), e))?)
    };
    let asked = edition.edition().asked_of(sector, profile.as_ref());
    Ok(edition
        .requirement_ids()
        .iter()
        .zip(asked)
        .filter(|(_, asked)| *asked == Asked::Mandatory)
        .map(|(id, _)| *id)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(days * DAY)
    }

    /// A group of so many, of which some changed on a day.
    fn group(size: u8, changed: usize, on: i64) -> Group {
        Group {
            figures: (0..size).map(|n| n * 3).collect(),
            changed_at: (0..usize::from(size)).map(|n| at(if n < changed { on } else { 0 })).collect(),
        }
    }

    fn run(stored: Option<&PeerFigure>, group: &Group, day: i64) -> Option<PeerFigure> {
        renew(stored, group, at(day), &DisclosureRules::default())
    }

    #[test]
    fn what_was_shown_is_replaced_only_a_week_later_and_when_five_have_changed() {
        let first = run(None, &group(30, 0, 0), 1).unwrap();
        assert!(first.shown.is_ok() && first.counted_at == Some(at(1)));
        // One more organisation the next night, or a week later with four: nothing moves.
        assert_eq!(run(Some(&first), &group(31, 1, 2), 2), None);
        assert_eq!(run(Some(&first), &group(31, 4, 2), 9), None);
        assert_eq!(run(Some(&first), &group(31, 5, 2), 7), None);
        let second = run(Some(&first), &group(31, 5, 2), 8).unwrap();
        assert_eq!((second.size, second.counted_at), (31, Some(at(8))));
    }

    #[test]
    fn a_group_that_shrinks_is_withdrawn_at_once_and_comes_back_only_when_five_have_changed() {
        let first = run(None, &group(12, 0, 0), 1).unwrap();
        let gone = run(Some(&first), &group(10, 0, 0), 2).unwrap();
        assert_eq!((gone.shown.clone(), gone.counted_at), (Err("small group".to_owned()), Some(at(1))));
        assert_eq!(run(Some(&gone), &group(10, 0, 0), 3), None);
        assert_eq!(run(Some(&gone), &group(11, 1, 3), 20), None, "nobody can be read from the difference");
        assert!(run(Some(&gone), &group(12, 5, 3), 20).unwrap().shown.is_ok());
        assert!(run(Some(&first), &Group::default(), 2).unwrap().shown.is_err());
    }

    #[test]
    fn what_was_never_shown_can_be_shown_any_night() {
        let small = run(None, &group(5, 5, 0), 1).unwrap();
        assert_eq!(small.counted_at, None);
        assert!(run(Some(&small), &group(11, 1, 2), 2).unwrap().shown.is_ok());
    }
}
