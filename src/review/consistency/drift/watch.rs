//! The nightly look: raises alerts, renews the figures of those that stand, ends those that no longer do, and tells the
//! programme managers once of each new one.

use diesel::prelude::*;
use serde_json::json;

use super::measure::{Finding, WATCHED, findings};
use super::store;
use crate::access::{Actor, CentralRole, Permit, Subject, WatchDrift};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{AlertId, PersonId};
use crate::review::consistency::letter::{Drifted, drifted};
use crate::review::consistency::model::{AlertState, Measure};
use crate::review::mail;
use crate::schema::drift_alert;

/// What one look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Watched {
    /// Alerts raised.
    pub raised: usize,
    /// Alerts that are over.
    pub over: usize,
}

/// Looks at the figures and changes the alerts accordingly.
pub(in crate::review) fn watch(db: &Db, reach: Reach, public_url: &str) -> Result<Watched> {
    let url = public_url.to_owned();
    db.write_now(reach, move |tx| {
        let permit = Permit::<WatchDrift>::grant(&Actor::system(), Some(Subject::programme()))?;
        watch_drift(tx, &permit, &url)
    })
}

/// Raises, renews and ends alerts by the rule of this module.
///
/// # Errors
/// When the database cannot be asked or written.
pub fn watch_drift(
    tx: &mut Tx<'_>,
    permit: &Permit<WatchDrift>,
    public_url: &str,
) -> Result<Recorded<Watched>> {
    let now = tx.now();
    let found = look(tx.conn(), now.plus_seconds(-WATCHED * 86_400))?;
    // Of so many figures some are outside by chance: every alert says of how many it is one.
    let tests = wide(u64::try_from(found.len()).unwrap_or(u64::MAX));
    let standing: Vec<(AlertId, PersonId, Measure)> = drift_alert::table
        .filter(drift_alert::state.ne(AlertState::Over))
        .select((drift_alert::id, drift_alert::person_id, drift_alert::measure))
        .load(tx.conn())?;
    let mut watched = Watched::default();
    for (id, person, measure) in &standing {
        let still = found.iter().find(|one| one.person == *person && one.measure == *measure && one.drifts);
        match still {
            Some(one) => renew(tx, *id, one, tests)?,
            None => {
                diesel::update(drift_alert::table.filter(drift_alert::id.eq(*id)))
                    .set((drift_alert::state.eq(AlertState::Over), drift_alert::computed_at.eq(now)))
                    .execute(tx.conn())?;
                watched.over += 1;
            }
        }
    }
    for one in found.iter().filter(|one| one.drifts) {
        if standing.iter().any(|(_, person, measure)| (*person, *measure) == (one.person, one.measure)) {
            continue;
        }
        let id = raise(tx, one, tests)?;
        tell(tx, id, one, public_url)?;
        watched.raised += 1;
    }
    let data = json!({"raised": watched.raised, "over": watched.over, "stand": standing.len() - watched.over, "tests": tests});
    let event = Event::of(permit, "drift_watched", "programme".to_owned(), data);
    ledger::append(tx, &event, watched)
}

fn look(conn: &mut Conn, since: Timestamp) -> Result<Vec<Finding>> {
    let mut all = findings(Measure::Downgrades, &store::decisions(conn, since)?);
    all.extend(findings(Measure::Agreement, &store::comparisons(conn, since)?));
    all.extend(findings(Measure::Gold, &store::practice(conn, since)?));
    Ok(all)
}

fn wide(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn raise(tx: &mut Tx<'_>, one: &Finding, tests: i64) -> Result<AlertId> {
    let now = tx.now();
    Ok(diesel::insert_into(drift_alert::table)
        .values((
            drift_alert::person_id.eq(one.person),
            drift_alert::measure.eq(one.measure),
            drift_alert::state.eq(AlertState::Open),
            drift_alert::hits.eq(wide(one.hits)),
            drift_alert::tries.eq(wide(one.tries)),
            drift_alert::low.eq(one.low.to_string()),
            drift_alert::high.eq(one.high.to_string()),
            drift_alert::expected.eq(one.expected.to_string()),
            drift_alert::tests.eq(tests),
            drift_alert::raised_at.eq(now),
            drift_alert::computed_at.eq(now),
        ))
        .returning(drift_alert::id)
        .get_result(tx.conn())?)
}

fn renew(tx: &mut Tx<'_>, id: AlertId, one: &Finding, tests: i64) -> Result<()> {
    let now = tx.now();
    diesel::update(drift_alert::table.filter(drift_alert::id.eq(id)))
        .set((
            drift_alert::hits.eq(wide(one.hits)),
            drift_alert::tries.eq(wide(one.tries)),
            drift_alert::low.eq(one.low.to_string()),
            drift_alert::high.eq(one.high.to_string()),
            drift_alert::expected.eq(one.expected.to_string()),
            drift_alert::tests.eq(tests),
            drift_alert::computed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn tell(tx: &mut Tx<'_>, id: AlertId, one: &Finding, public_url: &str) -> Result<()> {
    let names = identity::names_of(tx.conn(), &[one.person])?;
    let reviewer = names.get(&one.person).cloned().unwrap_or_default();
    let href = format!("{public_url}/reviews/drift");
    for (person, name, to) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let about =
            Drifted { to: &to, name: &name, reviewer: &reviewer, measure: one.measure.words(), href: &href };
        mail::queue(tx, &drifted(&about), &format!("drift-{id}-{person}"))?;
    }
    Ok(())
}
