//! THE rule of conflicts of interest: which organisations a person of the central team must keep away from on a day, and
//! in words why. The actor's bars, the witness that lets a review be given to somebody, and every list ask here.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::{conflict_rule, declared_interest, former_employer, membership, organisation};

/// The kind of the job that somebody's becoming a member of an organisation calls for: reviews of it that they have in
/// hand go back. The payload is the person's number.
pub const CONFLICT_GAINED: &str = "review.conflict_gained";

/// How many successions are followed from one organisation, each way.
const SUCCESSIONS: usize = 20;

crate::text_enum! {
    /// What a conflict of interest rests on.
    ConflictCause {
        /// The person is a member of the organisation.
        Membership = "membership", "Member of it";
        /// The person has declared an interest that has not ended.
        Interest = "interest", "Declared interest";
        /// The person works for it, or left it not long ago.
        Employer = "employer", "Former employer";
    }
}

/// Why a person must keep away from an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What it rests on.
    pub cause: ConflictCause,
    /// Why, as words that can follow "because of".
    pub words: String,
}

/// A connection with an organisation itself, before its relations are looked at.
struct Direct {
    organisation: OrganisationId,
    conflict: Conflict,
}

/// The conflict of a person with an organisation on a day, if there is one. What can be allocated, claimed and read
/// follows from this and from nothing else.
///
/// # Errors
/// When the database cannot be asked.
pub fn conflict_of(
    conn: &mut Conn,
    person: PersonId,
    organisation: OrganisationId,
    day: Day,
) -> Result<Option<Conflict>> {
    Ok(conflicts_of(conn, person, day)?.remove(&organisation))
}

/// Every organisation that a person must keep away from on a day, with the reason.
///
/// # Errors
/// When the database cannot be asked.
pub fn conflicts_of(
    conn: &mut Conn,
    person: PersonId,
    day: Day,
) -> Result<BTreeMap<OrganisationId, Conflict>> {
    let mut direct = memberships(conn, person)?;
    direct.extend(declared(conn, person, Some(day))?);
    spread(conn, direct)
}

/// What the actor of a person carries: every bar, the memberships given. Without a day every former employer bars.
pub(super) fn bars_of(
    conn: &mut Conn,
    person: PersonId,
    members_of: impl Iterator<Item = OrganisationId>,
    day: Option<Day>,
) -> Result<Vec<OrganisationId>> {
    let mut direct: Vec<Direct> = members_of
        .map(|organisation| Direct {
            organisation,
            conflict: Conflict { cause: ConflictCause::Membership, words: String::new() },
        })
        .collect();
    direct.extend(declared(conn, person, day)?);
    Ok(spread(conn, direct)?.into_keys().collect())
}

/// For how many months a former employer bars, as the rule in force says.
///
/// # Errors
/// When the database cannot be asked.
pub fn employer_months(conn: &mut Conn) -> Result<i64> {
    Ok(conflict_rule::table.order(conflict_rule::version.desc()).select(conflict_rule::months).first(conn)?)
}

fn memberships(conn: &mut Conn, person: PersonId) -> Result<Vec<Direct>> {
    let rows: Vec<(OrganisationId, String)> = membership::table
        .inner_join(organisation::table.on(organisation::id.eq(membership::organisation_id)))
        .filter(membership::person_id.eq(person))
        .filter(membership::ended_at.is_null())
        .select((organisation::id, organisation::name))
        .distinct()
        .load(conn)?;
    let direct = |(organisation, name): (OrganisationId, String)| Direct {
        organisation,
        conflict: Conflict { cause: ConflictCause::Membership, words: format!("a membership of {name}") },
    };
    Ok(rows.into_iter().map(direct).collect())
}

/// Interests that have not ended, and employers that still bar.
fn declared(conn: &mut Conn, person: PersonId, day: Option<Day>) -> Result<Vec<Direct>> {
    let interests: Vec<(OrganisationId, String, Timestamp)> = declared_interest::table
        .inner_join(organisation::table.on(organisation::id.eq(declared_interest::organisation_id)))
        .filter(declared_interest::person_id.eq(person))
        .filter(declared_interest::ended_at.is_null())
        .select((organisation::id, organisation::name, declared_interest::declared_at))
        .load(conn)?;
    let mut direct: Vec<Direct> = interests
        .into_iter()
        .map(|(organisation, name, at)| {
            let words = format!("an interest in {name} declared on {}", at.london_day().words());
            Direct { organisation, conflict: Conflict { cause: ConflictCause::Interest, words } }
        })
        .collect();
    let employers: Vec<(OrganisationId, String, Option<Day>)> = former_employer::table
        .inner_join(organisation::table.on(organisation::id.eq(former_employer::organisation_id)))
        .filter(former_employer::person_id.eq(person))
        .filter(former_employer::removed_at.is_null())
        .select((organisation::id, organisation::name, former_employer::to_on))
        .load(conn)?;
    if employers.is_empty() {
        return Ok(direct);
    }
    let months = employer_months(conn)?;
    for (organisation, name, left) in employers {
        let until = left.map(|left| left.plus_months(months));
        if day.zip(until).is_some_and(|(day, until)| day > until) {
            continue;
        }
        let words = match left.zip(until) {
            Some((left, until)) => {
                format!("work for {name} until {}, which bars until {}", left.words(), until.words())
            }
            None => format!("work for {name}"),
        };
        direct.push(Direct { organisation, conflict: Conflict { cause: ConflictCause::Employer, words } });
    }
    Ok(direct)
}

/// One organisation's place in the register.
type Place = (OrganisationId, Option<OrganisationId>, Option<OrganisationId>);

/// The organisations connected with, and those that belong with them: head office and sites, one step; successors and
/// predecessors, as many as there are.
fn spread(conn: &mut Conn, direct: Vec<Direct>) -> Result<BTreeMap<OrganisationId, Conflict>> {
    let mut found: BTreeMap<OrganisationId, Conflict> = BTreeMap::new();
    for one in direct {
        found.entry(one.organisation).or_insert(one.conflict);
    }
    if found.is_empty() {
        return Ok(found);
    }
    let origins = found.clone();
    let begin: Vec<OrganisationId> = origins.keys().copied().collect();
    let near: Vec<Place> = organisation::table
        .filter(
            organisation::id
                .eq_any(begin.clone())
                .or(organisation::head_office_id.eq_any(begin.clone()))
                .or(organisation::successor_id.eq_any(begin)),
        )
        .select((organisation::id, organisation::head_office_id, organisation::successor_id))
        .load(conn)?;
    let mut later: BTreeMap<OrganisationId, OrganisationId> = BTreeMap::new();
    let mut earlier: BTreeMap<OrganisationId, OrganisationId> = BTreeMap::new();
    for (id, head, successor) in near {
        if let Some(head) = head {
            join(&mut found, &origins, (head, id), "its head office");
            join(&mut found, &origins, (id, head), "one of its sites");
        }
        if let Some(successor) = successor {
            join(&mut found, &origins, (id, successor), "the organisation that it took over from");
            join(&mut found, &origins, (successor, id), "the organisation that took over from it");
            if origins.contains_key(&id) {
                later.insert(successor, id);
            }
            if origins.contains_key(&successor) {
                earlier.insert(id, successor);
            }
        }
    }
    follow(conn, &mut found, &origins, later, true)?;
    follow(conn, &mut found, &origins, earlier, false)?;
    Ok(found)
}

/// Bars `to` where `from` is connected with directly; `words` say what `from` is to `to`.
fn join(
    found: &mut BTreeMap<OrganisationId, Conflict>,
    origins: &BTreeMap<OrganisationId, Conflict>,
    (from, to): (OrganisationId, OrganisationId),
    words: &str,
) {
    if let Some(conflict) = origins.get(&from) {
        let words = format!("{} ({words})", conflict.words);
        found.entry(to).or_insert(Conflict { cause: conflict.cause, words });
    }
}

/// Follows successions from these organisations on; each comes with the one that it all began with.
fn follow(
    conn: &mut Conn,
    found: &mut BTreeMap<OrganisationId, Conflict>,
    origins: &BTreeMap<OrganisationId, Conflict>,
    mut frontier: BTreeMap<OrganisationId, OrganisationId>,
    forward: bool,
) -> Result<()> {
    for _ in 0..SUCCESSIONS {
        if frontier.is_empty() {
            return Ok(());
        }
        let ids: Vec<OrganisationId> = frontier.keys().copied().collect();
        let rows: Vec<(OrganisationId, Option<OrganisationId>)> = if forward {
            organisation::table
                .filter(organisation::id.eq_any(ids))
                .select((organisation::id, organisation::successor_id))
                .load(conn)?
        } else {
            organisation::table
                .filter(organisation::successor_id.eq_any(ids))
                .select((organisation::id, organisation::successor_id))
                .load(conn)?
        };
        let mut next = BTreeMap::new();
        for (id, successor) in rows {
            let Some(successor) = successor else { continue };
            let (from, to, words) = if forward {
                (id, successor, "an organisation that it took over from")
            } else {
                (successor, id, "an organisation that took over from it")
            };
            let Some(origin) = frontier.get(&from).copied() else { continue };
            if found.contains_key(&to) {
                continue;
            }
            if let Some(conflict) = origins.get(&origin) {
                let words = format!("{} ({words})", conflict.words);
                found.insert(to, Conflict { cause: conflict.cause, words });
                next.insert(to, origin);
            }
        }
        frontier = next;
    }
    Ok(())
}
