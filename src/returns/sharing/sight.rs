//! THE rule of what somebody sees inside their organisation's return. Whoever may read the whole return sees every
//! requirement. A contributor, who holds no other role there, sees the requirements that were given to them, and of the
//! others not even that they are there: nothing given, nothing seen. Pages ask before they show, verbs before they change.

use std::collections::BTreeSet;

use super::store::{self, Owned};
use crate::access::{Actor, ReadReturn};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::RequirementId;
use crate::returns::readiness::Line;
use crate::returns::store::Found;
use crate::standards::Asked;

/// Which requirements of a return somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    Whole,
    /// These, which were given to them.
    Given(BTreeSet<RequirementId>),
}

impl Sight {
    /// What somebody sees of a return, where everything that was shared out has been read already.
    #[must_use]
    pub fn among(found: &Found, actor: &Actor, owned: &[Owned]) -> Self {
        if found.is_whole_to(actor) {
            return Self::Whole;
        }
        let own = owned.iter().filter(|owner| Some(owner.person) == actor.id());
        Self::Given(own.map(|owner| owner.requirement).collect())
    }

    /// Whether a requirement is among them.
    #[must_use]
    pub fn shows(&self, requirement: RequirementId) -> bool {
        match self {
            Self::Whole => true,
            Self::Given(given) => given.contains(&requirement),
        }
    }

    /// What is not seen is not there.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn must_show(&self, requirement: RequirementId) -> Result<()> {
        if self.shows(requirement) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Whether it is the whole return.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }

    /// The lines as this person may see them: the others are as if they were not put to the organisation.
    #[must_use]
    pub fn keep<'a>(&self, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
        if self.is_whole() {
            return lines;
        }
        let unseen = |line: Line<'a>| Line {
            asked: Asked::NotAsked,
            answer: None,
            value: None,
            files: 0,
            excuse: None,
            fault: None,
            evident: false,
            requirement: line.requirement,
            id: line.id,
        };
        lines.into_iter().map(|line| if self.shows(line.id) { line } else { unseen(line) }).collect()
    }
}

impl Found {
    /// Whether somebody sees this return as a whole.
    #[must_use]
    pub fn is_whole_to(&self, actor: &Actor) -> bool {
        self.offers::<ReadReturn>(actor)
    }
}

/// What somebody sees of a return. One statement for a contributor, none for the others.
///
/// # Errors
/// When the database cannot be asked.
pub fn sight(conn: &mut Conn, found: &Found, actor: &Actor) -> Result<Sight> {
    if found.is_whole_to(actor) {
        return Ok(Sight::Whole);
    }
    let given = match actor.id() {
        Some(person) => store::given_to(conn, found.id, person)?,
        None => Vec::new(),
    };
    Ok(Sight::Given(given.into_iter().collect()))
}

/// Refuses what is done to a requirement that the person does not see; every verb on one asks.
///
/// # Errors
/// [`Error::NotFound`].
pub fn must_see(conn: &mut Conn, found: &Found, actor: &Actor, requirement: RequirementId) -> Result<()> {
    sight(conn, found, actor)?.must_show(requirement)
}
