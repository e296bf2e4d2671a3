//! Queries about who was given which requirement: all of a return in one statement, and what stands beside one question
//! in one.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::{OWNERS, Sight};
use crate::access::Actor;
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, RequirementId, ReturnId};
use crate::returns::store::Found;
use crate::schema::{annual_return, answer_owner, membership, person};

/// One requirement that somebody was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// The requirement.
    pub requirement: RequirementId,
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Until when it is to be completed.
    pub due_on: Day,
    /// Whether they may still answer it; otherwise they have left, and it needs a new owner.
    pub is_here: bool,
}

/// Every requirement of a return that somebody was given: one statement for the requirements and one for the people, who
/// are fewer.
///
/// # Errors
/// When the database cannot be asked.
pub fn owned(conn: &mut Conn, of: ReturnId) -> Result<Vec<Owned>> {
    let given: Vec<(RequirementId, PersonId, Day)> = answer_owner::table
        .filter(answer_owner::return_id.eq(of))
        .select((answer_owner::requirement_id, answer_owner::person_id, answer_owner::due_on))
        .load(conn)?;
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let here = membership::table
        .inner_join(annual_return::table.on(annual_return::organisation_id.eq(membership::organisation_id)))
        .filter(annual_return::id.eq(of))
        .filter(membership::person_id.eq(person::id))
        .filter(membership::role.eq_any(OWNERS))
        .filter(membership::ended_at.is_null());
    let whom: BTreeSet<PersonId> = given.iter().map(|(_, person, _)| *person).collect();
    let people: Vec<(PersonId, String, bool)> = person::table
        .filter(person::id.eq_any(whom))
        .select((person::id, person::name, exists(here)))
        .load(conn)?;
    let people: BTreeMap<PersonId, (String, bool)> =
        people.into_iter().map(|(id, name, is_here)| (id, (name, is_here))).collect();
    let owned = |(requirement, person, due_on): (RequirementId, PersonId, Day)| {
        let (name, is_here) = people.get(&person).cloned()?;
        Some(Owned { requirement, person, name, due_on, is_here })
    };
    Ok(given.into_iter().filter_map(owned).collect())
}

/// The requirements of a return that were given to somebody.
pub(super) fn given_to(conn: &mut Conn, of: ReturnId, whom: PersonId) -> Result<Vec<RequirementId>> {
    Ok(answer_owner::table
        .filter(answer_owner::return_id.eq(of))
        .filter(answer_owner::person_id.eq(whom))
        .select(answer_owner::requirement_id)
        .load(conn)?)
}

/// What stands beside a question: who else works on it, and what this person sees of the return.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What the person sees of the return.
    pub sight: Sight,
    /// Who was given the requirement.
    pub owner: Option<Owned>,
    /// How many comments its discussion has, withdrawn ones left out.
    pub comments: i64,
}

#[derive(QueryableByName)]
struct BesideRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    requirement: Option<RequirementId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    whose: Option<PersonId>,
    #[diesel(sql_type = Nullable<Text>)]
    due_on: Option<Day>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Bool)]
    is_here: bool,
    #[diesel(sql_type = BigInt)]
    comments: i64,
}

/// The owner of one requirement and those that are this person's own; the joins leave one row when there are none.
const BESIDE: &str = "SELECT o.requirement_id AS requirement, o.person_id AS whose, o.due_on AS due_on, p.name AS name, \
     EXISTS (SELECT 1 FROM membership m WHERE m.person_id = o.person_id AND m.organisation_id = o.organisation_id \
     AND m.ended_at IS NULL AND m.role IN ('contributor', 'ig_lead', 'organisation_administrator')) AS is_here, \
     (SELECT count(*) FROM discussion_comment c WHERE c.return_id = $1 AND c.requirement_id = $2 \
     AND c.withdrawn_at IS NULL) AS comments \
     FROM annual_return r LEFT JOIN answer_owner o ON o.return_id = r.id \
     AND (o.requirement_id = $2 OR o.person_id = $3) LEFT JOIN person p ON p.id = o.person_id WHERE r.id = $1";

/// What stands beside one question, in one statement.
///
/// # Errors
/// [`Error::NotFound`] when this person does not see the requirement.
pub fn beside(conn: &mut Conn, found: &Found, actor: &Actor, to: RequirementId) -> Result<Beside> {
    // Whoever sees everything has no need of the list of their own.
    let whole = found.is_whole_to(actor);
    let me = if whole { None } else { actor.id() };
    let rows: Vec<BesideRow> = diesel::sql_query(BESIDE)
        .bind::<BigInt, _>(found.id)
        .bind::<BigInt, _>(to)
        .bind::<Nullable<BigInt>, _>(me)
        .load(conn)?;
    let mut beside = Beside { sight: Sight::Whole, owner: None, comments: 0 };
    let mut given = std::collections::BTreeSet::new();
    for row in rows {
        beside.comments = row.comments;
        let (Some(requirement), Some(person), Some(due_on), Some(name)) =
            (row.requirement, row.whose, row.due_on, row.name)
        else {
            continue;
        };
        if Some(person) == me {
            given.insert(requirement);
        }
        if requirement == to {
            beside.owner = Some(Owned { requirement, person, name, due_on, is_here: row.is_here });
        }
    }
    if !whole {
        beside.sight = Sight::Given(given);
    }
    if beside.sight.shows(to) { Ok(beside) } else { Err(Error::NotFound) }
}
