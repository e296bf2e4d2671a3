//! Everything that the dashboard of one collection says, gathered in a bounded number of statements.

use std::collections::BTreeMap;

use super::curve::{Forecast, Way, forecast};
use super::rules::Rule;
use super::store::{self, AtRisk, MoreTime, Part, Waiting};
use super::workload::{self, Load, Work};
use crate::access::CentralRole;
use crate::collections::{self, Collection, CollectionState, RequestState};
use crate::identity;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::review::queue::roll::Roll;

/// Earlier years that a forecast looks at.
const YEARS: usize = 3;
/// Rows of each list on the dashboard itself.
pub(super) const SHOWN: i64 = 10;

/// Days up to which questions that wait are counted together.
pub(super) const QUESTION_AGES: [(i64, &str); 3] =
    [(7, "Up to 7 days"), (14, "8 to 14 days"), (28, "15 to 28 days")];

/// One reviewer with what they have in hand.
#[derive(Debug, Clone)]
pub(super) struct Reviewer {
    pub id: PersonId,
    pub name: String,
    /// Whether they still hold the role.
    pub in_role: bool,
    /// Until when they are away.
    pub away: Option<Day>,
    pub load: Load,
}

/// Everything.
pub(super) struct Gathered {
    pub collection: Collection,
    pub collections: Vec<Collection>,
    pub now: Timestamp,
    pub made_at: Option<Timestamp>,
    pub in_scope: i64,
    pub way: Way,
    pub earlier: Vec<Way>,
    pub forecast: Option<Forecast>,
    pub risks: Vec<(Rule, i64)>,
    pub at_risk: Vec<AtRisk>,
    pub work: Work,
    pub reviewers: Vec<Reviewer>,
    pub questions: Vec<i64>,
    pub oldest: Vec<Waiting>,
    pub requests: BTreeMap<RequestState, i64>,
    pub extensions: i64,
    pub more_time: Vec<MoreTime>,
}

/// The collection that an address names: of this key, or else the newest that is open, or else the newest that ever was.
pub(super) fn chosen(conn: &mut Conn, key: &str) -> Result<(Collection, Vec<Collection>)> {
    let mut all = collections::collections(conn)?;
    all.retain(|one| one.state != CollectionState::Planned);
    let open = |one: &&Collection| one.state == CollectionState::Open;
    let found = match key {
        "" => all.iter().find(open).or(all.first()),
        key => all.iter().find(|one| one.key == key),
    };
    let found = found.cloned().ok_or(Error::NotFound)?;
    Ok((found, all))
}

/// The ways of this collection and of those before it, the last year's first.
pub(super) fn ways(conn: &mut Conn, of: &Collection, all: &[Collection]) -> Result<(Way, Vec<Way>)> {
    let way = store::way(conn, of)?;
    let mut earlier = Vec::new();
    let mut before = of.previous_id;
    while let Some(one) = before.and_then(|id| all.iter().find(|one| one.id == id)) {
        if earlier.len() == YEARS {
            break;
        }
        earlier.push(store::way(conn, one)?);
        before = one.previous_id;
    }
    Ok((way, earlier))
}

/// What every reviewer has in hand, by name.
pub(super) fn reviewers(conn: &mut Conn, work: &Work, today: Day) -> Result<Vec<Reviewer>> {
    let away = store::away(conn, today)?;
    let holders = identity::central_holders(conn, &[CentralRole::CentralReviewer])?;
    let others: Vec<PersonId> =
        work.loads.keys().copied().filter(|id| holders.iter().all(|(holder, ..)| holder != id)).collect();
    let mut found: Vec<Reviewer> = holders
        .into_iter()
        .map(|(id, name, _)| (id, name, true))
        .chain(identity::names_of(conn, &others)?.into_iter().map(|(id, name)| (id, name, false)))
        .map(|(id, name, in_role)| Reviewer {
            id,
            name,
            in_role,
            away: away.get(&id).copied(),
            load: work.loads.get(&id).copied().unwrap_or_default(),
        })
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(found)
}

/// The moments that part the ages of questions.
pub(super) fn question_bounds(now: Timestamp) -> Vec<Timestamp> {
    QUESTION_AGES.iter().map(|(days, _)| now.plus_seconds(-days * 86_400)).collect()
}

/// Gathers it.
pub(super) fn gather(conn: &mut Conn, roll: &Roll, key: &str, now: Timestamp) -> Result<Gathered> {
    let (collection, collections) = chosen(conn, key)?;
    let made = store::made(conn, collection.id)?;
    let in_scope = made.map_or(0, |(_, in_scope)| in_scope);
    let (way, earlier) = ways(conn, &collection, &collections)?;
    let forecast = forecast(&way, &earlier, now.london_day(), in_scope);
    let risks = store::at_risk_counts(conn, collection.id)?;
    let part = Part { rule: None, after: None, skip: 0, size: SHOWN };
    let at_risk = store::at_risk(conn, collection.id, part)?;
    let work = {
        let reviews = roll.now(conn)?;
        workload::count(&reviews, collection.id, now)
    };
    let reviewers = reviewers(conn, &work, now.london_day())?;
    let questions = store::waiting_questions(conn, &question_bounds(now))?;
    let oldest = store::oldest_questions(conn, SHOWN)?;
    let (requests, extensions) = store::more_time_counts(conn, collection.id)?;
    let more_time = store::more_time(conn, collection.id, SHOWN)?;
    Ok(Gathered {
        collection,
        collections,
        now,
        made_at: made.map(|(at, _)| at),
        in_scope,
        way,
        earlier,
        forecast,
        risks,
        at_risk,
        work,
        reviewers,
        questions,
        oldest,
        requests,
        extensions,
        more_time,
    })
}
