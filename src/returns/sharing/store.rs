//! Queries about who was given which requirement: all of a return in one statement, and the answer to one question with
//! what stands beside it in one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::Sight;
use crate::access::Actor;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Fixed};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AnswerId, PersonId, RequirementId, ReturnId, SubmissionId};
use crate::returns::blocking::{Blocking, Glance, GlanceRow};
use crate::returns::model::{AnswerState, StoredAnswer};
use crate::returns::store::Found;
use crate::schema::answer_owner;

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

/// Whoever was given something in a return, and whether they may still answer it.
const PEOPLE: &str = "SELECT p.id, p.name, EXISTS (SELECT 1 FROM membership m JOIN annual_return r \
     ON r.organisation_id = m.organisation_id WHERE r.id = ? AND m.person_id = p.id AND m.ended_at IS NULL \
     AND m.role IN ('contributor', 'ig_lead', 'organisation_administrator')) \
     FROM person p WHERE p.id IN (SELECT o.person_id FROM answer_owner o WHERE o.return_id = ?)";

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
    let people: Vec<(PersonId, String, bool)> =
        Fixed::<(BigInt, Text, Bool)>::new(PEOPLE).number(of.get()).number(of.get()).load(conn)?;
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

/// A question's answer, and what stands beside it: who else works on it, and what this person sees of the return.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What the person sees of the return.
    pub sight: Sight,
    /// Who was given the requirement.
    pub owner: Option<Owned>,
    /// The stored answer, with the name of whoever saved it last; empty for what the system carried forward.
    pub answer: Option<(StoredAnswer, String)>,
    /// What the confirmed answers of the return say, where that decides what still blocks it.
    pub(in crate::returns) glance: Option<Glance>,
    /// How many comments its discussion has, withdrawn ones left out.
    pub comments: i64,
    /// Whether evidence is attached to the answer.
    pub has_files: bool,
    /// Whether guidance to the edition was ever noted, or the end of a requirement announced, so that it is worth looking for.
    pub has_notes: bool,
    /// Whether a mapping into the edition is in force, so that evidence may be offered.
    pub is_served: bool,
}

type BesideColumns = (
    (Nullable<BigInt>, Nullable<BigInt>, Nullable<Text>, Nullable<Text>, Bool),
    (BigInt, Bool, Bool, Bool),
    (Nullable<BigInt>, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<BigInt>),
    (Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<Text>),
    (Nullable<Text>, Nullable<Text>, Nullable<Text>),
);
type BesideRow = (
    (Option<RequirementId>, Option<PersonId>, Option<Day>, Option<String>, bool),
    (i64, bool, bool, bool),
    SaidRow,
    SavedRow,
    GlanceRow,
);
/// What an answer says.
type SaidRow = (Option<AnswerId>, Option<String>, Option<String>, Option<AnswerState>, Option<i64>);
/// Where it is from, when it was saved and by whom.
type SavedRow = (Option<SubmissionId>, Option<Timestamp>, Option<PersonId>, Option<String>);

/// The owner of one requirement and those that are this person's own, and the answer to the one; the joins leave one row
/// when there are none. The answer stands in one row alone, so that it is not told again with everything that is the
/// person's own.
const WHAT: &str = "SELECT o.requirement_id, o.person_id, o.due_on, p.name, \
     EXISTS (SELECT 1 FROM membership m WHERE m.person_id = o.person_id AND m.organisation_id = o.organisation_id \
     AND m.ended_at IS NULL AND m.role IN ('contributor', 'ig_lead', 'organisation_administrator')), \
     (SELECT count(*) FROM discussion_comment c WHERE c.return_id = r.id AND c.requirement_id = ? \
     AND c.withdrawn_at IS NULL), \
     EXISTS (SELECT 1 FROM answer_evidence e WHERE e.return_id = r.id AND e.requirement_id = ?), \
     EXISTS (SELECT 1 FROM guidance_note g WHERE g.edition_id = r.edition_id) OR \
     EXISTS (SELECT 1 FROM requirement_stage s WHERE s.edition_id = r.edition_id AND s.stage IN ('to_retire', 'retired')), \
     EXISTS (SELECT 1 FROM edition_mapping f WHERE f.to_edition_id = r.edition_id AND f.state = 'in_force'), \
     a.id, a.value, a.comment, a.state, a.version, a.carried_from_submission_id, a.updated_at, a.updated_by, u.name";

/// Where that is found.
const FROM: &str = "FROM annual_return r LEFT JOIN answer_owner o ON o.return_id = r.id \
     AND (o.requirement_id = ? OR o.person_id = ?) LEFT JOIN person p ON p.id = o.person_id \
     LEFT JOIN answer a ON a.return_id = r.id AND a.requirement_id = ? \
     AND (o.requirement_id IS NULL OR o.requirement_id = a.requirement_id) \
     LEFT JOIN person u ON u.id = a.updated_by";

/// The statement, with a glance at all answers or without: made once for each database, so that every connection knows it
/// by its text.
fn text(conn: &Conn, glances: bool) -> &'static str {
    static ALONE: OnceLock<String> = OnceLock::new();
    static ON_SQLITE: OnceLock<String> = OnceLock::new();
    static ON_POSTGRES: OnceLock<String> = OnceLock::new();
    if !glances {
        let none = "CAST(NULL AS TEXT)";
        return ALONE.get_or_init(|| format!("{WHAT}, {none}, {none}, {none} {FROM} WHERE r.id = ?"));
    }
    let made = match conn {
        Conn::Sqlite(_) => &ON_SQLITE,
        Conn::Postgres(_) => &ON_POSTGRES,
    };
    made.get_or_init(|| {
        let glance = Glance::text(conn);
        format!("{WHAT}, k.settled, k.doubtful, k.faulty {FROM} CROSS JOIN ({glance}) k WHERE r.id = ?")
    })
}

/// The answer to one question and what stands beside it at this moment, in one statement.
///
/// # Errors
/// [`Error::NotFound`] when this person does not see the requirement.
pub fn beside(
    conn: &mut Conn,
    found: &Found,
    actor: &Actor,
    to: RequirementId,
    now: Timestamp,
) -> Result<Beside> {
    // Whoever sees everything has no need of the list of their own.
    let whole = found.is_whole_to(actor);
    let me = if whole { None } else { actor.id() };
    let glances = Blocking::glances(found, now);
    let mut asked = Fixed::<BesideColumns>::new(text(conn, glances))
        .number(to.get())
        .number(to.get())
        .number(to.get())
        .number(me.map(PersonId::get))
        .number(to.get());
    if glances {
        asked = Glance::bound(asked, found, now.london_day());
    }
    let rows: Vec<BesideRow> = asked.number(found.id.get()).load(conn)?;
    let mut beside = Beside {
        sight: Sight::Whole,
        owner: None,
        answer: None,
        glance: None,
        comments: 0,
        has_files: false,
        has_notes: false,
        is_served: false,
    };
    let mut given = std::collections::BTreeSet::new();
    for (of_owner, (comments, has_files, has_notes, is_served), said, saved, glance) in rows {
        let (requirement, whose, due_on, name, is_here) = of_owner;
        (beside.comments, beside.has_files) = (comments, has_files);
        (beside.has_notes, beside.is_served) = (has_notes, is_served);
        if let Some(answer) = answer_of(to, said, saved) {
            beside.answer = Some(answer);
        }
        // The same in every row.
        if glances && beside.glance.is_none() {
            beside.glance = Some(Glance::of_row(glance)?);
        }
        let (Some(requirement), Some(person), Some(due_on), Some(name)) = (requirement, whose, due_on, name)
        else {
            continue;
        };
        if Some(person) == me {
            given.insert(requirement);
        }
        if requirement == to {
            beside.owner = Some(Owned { requirement, person, name, due_on, is_here });
        }
    }
    if !whole {
        beside.sight = Sight::Given(given);
    }
    if beside.sight.shows(to) { Ok(beside) } else { Err(Error::NotFound) }
}

/// The answer of a row, where there is one in it.
fn answer_of(
    requirement: RequirementId,
    (id, value, comment, state, version): SaidRow,
    (carried_from, updated_at, updated_by, name): SavedRow,
) -> Option<(StoredAnswer, String)> {
    let answer = StoredAnswer {
        id: id?,
        requirement,
        value: value?,
        comment: comment?,
        state: state?,
        version: version?,
        carried_from,
        updated_at: updated_at?,
        updated_by,
    };
    Some((answer, name.unwrap_or_default()))
}
