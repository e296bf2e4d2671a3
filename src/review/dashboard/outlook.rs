//! The outlook of a collection, made every hour because it walks over the whole nation: who is at risk of missing the
//! deadline and why, and how many submitted on each day. Pages say when it was made.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::rules::{Known, Rule, rules};
use super::store::{self, UNSETTLED};
use crate::access::OrganisationRole;
use crate::collections::{self, Collection, CollectionState, RequestState};
use crate::identity::PersonState;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, ReturnId};
use crate::returns::{self, AnswerState, ReturnState};
use crate::schema::{
    annual_return, answer, collection_scope, extension, extension_request, membership, organisation, outlook,
    outlook_count, outlook_risk, person, session, submission_day,
};
use crate::standards::{self, Asked, Edition, SectorKey};

/// Who sends a return.
const LEADS: [OrganisationRole; 2] = [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

/// Rows written in one statement.
const CHUNK: usize = 1000;
/// Organisations read in one statement.
const PORTION: i64 = 2000;

/// Makes the outlook of every open collection, and of each other that is not planned once more until its close is a
/// month past; gives how many organisations are at risk.
///
/// # Errors
/// When the database refuses; what was made before stays.
pub(in crate::review) fn make(db: &Db, reach: Reach) -> Result<usize> {
    let now = db.clock().now();
    let wanted = db.read_now(reach, |conn| {
        let mut wanted = Vec::new();
        for collection in collections::collections(conn)? {
            let fresh = now < collection.closes_at.plus_seconds(30 * 86_400);
            let known = store::made(conn, collection.id)?.is_some();
            if collection.state != CollectionState::Planned && (fresh || !known) {
                wanted.push(collection);
            }
        }
        Ok(wanted)
    })?;
    let mut at_risk = 0;
    for collection in wanted {
        at_risk += replace(db, reach, &collection)?;
    }
    Ok(at_risk)
}

/// Makes the outlook of one collection.
///
/// # Errors
/// When the database refuses or there is no such collection; what was made before stays.
pub(in crate::review) fn make_of(db: &Db, reach: Reach, id: CollectionId) -> Result<()> {
    let collection = db.read_now(reach, |conn| collections::collection(conn, id))?;
    replace(db, reach, &collection).map(drop)
}

/// Puts a new outlook in place of the one before; gives how many organisations are at risk.
fn replace(db: &Db, reach: Reach, collection: &Collection) -> Result<usize> {
    let now = db.clock().now();
    let made = db.read_now(reach, |conn| Outlook::of(conn, collection, now))?;
    let (at_risk, id) = (made.rows.len(), collection.id);
    db.housekeep_now(reach, move |tx| made.keep(tx, id))?;
    Ok(at_risk)
}

/// One organisation at risk, to be written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = outlook_risk, treat_none_as_default_value = false)]
struct Row {
    collection_id: CollectionId,
    organisation_id: OrganisationId,
    rule: Rule,
    rules: i64,
    state: String,
    confirmed: i64,
    asked: i64,
    due_at: Timestamp,
    lead_seen_at: Option<Timestamp>,
}

struct Outlook {
    now: Timestamp,
    in_scope: i64,
    days: BTreeMap<Day, i64>,
    rows: Vec<Row>,
}

/// A return, if there is one, with what became of it.
type Started = Option<(ReturnId, ReturnState, Option<crate::platform::ids::SubmissionId>)>;

/// An open organisation: number, sector, and its return.
type Open = (OrganisationId, String, Started);

impl Outlook {
    fn of(conn: &mut Conn, collection: &Collection, now: Timestamp) -> Result<Self> {
        let mut days: BTreeMap<Day, i64> = BTreeMap::new();
        let sent = store::first_sent(conn, collection.id, None, Some(now.plus_seconds(-UNSETTLED)))?;
        store::add_days(&mut days, &sent);
        let open = collection.state == CollectionState::Open;
        let mut facts = if open { Some(Facts::of(conn, collection)?) } else { None };
        let profiles = profiles(conn, collection.id)?;
        let (mut in_scope, mut rows, mut after) = (0, Vec::new(), None);
        loop {
            let portion = portion(conn, collection.id, now.london_day(), after)?;
            let Some((last, ..)) = portion.last() else { break };
            after = Some(*last);
            for (organisation, sector, started) in portion {
                let Some(profile) = profiles.get(&sector) else { continue };
                in_scope += 1;
                if let Some(facts) = &mut facts {
                    rows.extend(facts.row(
                        collection,
                        (organisation, sector.as_str(), profile.as_str()),
                        started,
                        now,
                    ));
                }
            }
        }
        Ok(Self { now, in_scope, days, rows })
    }

    /// Puts it in place of the one before.
    fn keep(self, tx: &mut Tx<'_>, of: CollectionId) -> Result<()> {
        let conn = tx.conn();
        diesel::delete(outlook_risk::table.filter(outlook_risk::collection_id.eq(of))).execute(conn)?;
        diesel::delete(outlook_count::table.filter(outlook_count::collection_id.eq(of))).execute(conn)?;
        diesel::delete(submission_day::table.filter(submission_day::collection_id.eq(of))).execute(conn)?;
        diesel::delete(outlook::table.filter(outlook::collection_id.eq(of))).execute(conn)?;
        diesel::insert_into(outlook::table)
            .values((
                outlook::collection_id.eq(of),
                outlook::made_at.eq(self.now),
                outlook::in_scope.eq(self.in_scope),
            ))
            .execute(conn)?;
        for (day, sent) in self.days {
            diesel::insert_into(submission_day::table)
                .values((
                    submission_day::collection_id.eq(of),
                    submission_day::day.eq(day.to_string()),
                    submission_day::sent.eq(sent),
                ))
                .execute(conn)?;
        }
        let mut counts: BTreeMap<Rule, i64> = BTreeMap::new();
        for row in &self.rows {
            *counts.entry(row.rule).or_default() += 1;
        }
        for (rule, organisations) in counts {
            diesel::insert_into(outlook_count::table)
                .values((
                    outlook_count::collection_id.eq(of),
                    outlook_count::rule.eq(rule),
                    outlook_count::organisations.eq(organisations),
                ))
                .execute(conn)?;
        }
        for chunk in self.rows.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            crate::each!(tx.conn(), c => diesel::insert_into(outlook_risk::table).values(&chunk).execute(c))?;
        }
        Ok(())
    }
}

/// The sectors that are asked for a return, each with its profile.
fn profiles(conn: &mut Conn, of: CollectionId) -> Result<HashMap<String, String>> {
    let rows: Vec<(String, String)> = collection_scope::table
        .filter(collection_scope::collection_id.eq(of))
        .select((collection_scope::sector, collection_scope::profile))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Organisations that are open today: some of them, after this one. What a nation's would take for a moment, the
/// allocator would keep.
fn portion(
    conn: &mut Conn,
    of: CollectionId,
    today: Day,
    after: Option<OrganisationId>,
) -> Result<Vec<Open>> {
    Ok(organisation::table
        .left_join(
            annual_return::table.on(annual_return::organisation_id
                .eq(organisation::id)
                .and(annual_return::collection_id.eq(of))),
        )
        .filter(organisation::id.gt(after.unwrap_or(OrganisationId::new(i64::MIN))))
        .filter(organisation::closed_on.is_null().or(organisation::closed_on.gt(today.to_string())))
        .order(organisation::id)
        .limit(PORTION)
        .select((
            organisation::id,
            organisation::sector,
            (annual_return::id, annual_return::state, annual_return::submission_id).nullable(),
        ))
        .load(conn)?)
}

/// What is known of organisations, each fact read once for all of them.
struct Facts {
    edition: Arc<Edition>,
    /// How many answers each sector is asked for.
    asked_of: HashMap<String, i64>,
    covered: HashSet<OrganisationId>,
    extensions: HashMap<OrganisationId, Timestamp>,
    asking: HashSet<OrganisationId>,
    confirmed: HashMap<ReturnId, i64>,
    leads_seen: HashMap<OrganisationId, Option<Timestamp>>,
}

impl Facts {
    fn of(conn: &mut Conn, collection: &Collection) -> Result<Self> {
        let of = collection.id;
        let extensions: Vec<(OrganisationId, Timestamp)> = extension::table
            .filter(extension::collection_id.eq(of))
            .select((extension::organisation_id, extension::until))
            .load(conn)?;
        let asking: Vec<OrganisationId> = extension_request::table
            .filter(extension_request::collection_id.eq(of))
            .filter(extension_request::state.eq(RequestState::Open))
            .select(extension_request::organisation_id)
            .load(conn)?;
        let confirmed: Vec<(ReturnId, i64)> = answer::table
            .inner_join(annual_return::table.on(annual_return::id.eq(answer::return_id)))
            .filter(annual_return::collection_id.eq(of))
            .filter(annual_return::state.eq(ReturnState::Draft))
            .filter(answer::state.eq(AnswerState::Confirmed))
            .group_by(answer::return_id)
            .select((answer::return_id, count_star()))
            .load(conn)?;
        let leads_seen: Vec<(OrganisationId, Option<Timestamp>)> = membership::table
            .inner_join(person::table.on(person::id.eq(membership::person_id)))
            .inner_join(session::table.on(session::person_id.eq(person::id)))
            .filter(membership::ended_at.is_null())
            .filter(membership::role.eq_any(LEADS.to_vec()))
            .filter(person::state.eq(PersonState::Active))
            .group_by(membership::organisation_id)
            .select((membership::organisation_id, max(session::last_seen_at)))
            .load(conn)?;
        Ok(Self {
            edition: standards::edition(conn, collection.edition_id)?,
            asked_of: HashMap::new(),
            covered: returns::covered_in(conn, of)?,
            extensions: extensions.into_iter().collect(),
            asking: asking.into_iter().collect(),
            confirmed: confirmed.into_iter().collect(),
            leads_seen: leads_seen.into_iter().collect(),
        })
    }

    /// An organisation that is asked for a return (number, sector, profile), if a rule applies to it.
    fn row(
        &mut self,
        collection: &Collection,
        (organisation, sector, profile): (OrganisationId, &str, &str),
        started: Started,
        now: Timestamp,
    ) -> Option<Row> {
        let sent = started.is_some_and(|(_, _, sent)| sent.is_some());
        // A site whose head office answers for it has nothing to do, unless it has begun to answer itself.
        if sent || (started.is_none() && self.covered.contains(&organisation)) {
            return None;
        }
        let asked = self.asked(sector, profile);
        let known = Known {
            opened_at: collection.opens_at,
            due_at: collection.due_at(self.extensions.get(&organisation).copied()),
            state: started.map(|(_, state, _)| state),
            confirmed: started.and_then(|(id, ..)| self.confirmed.get(&id)).copied().unwrap_or_default(),
            asked,
            asked_for_time: self.asking.contains(&organisation),
            lead_seen_at: self.leads_seen.get(&organisation).copied().flatten(),
        };
        let found = rules(&known, now);
        Some(Row {
            collection_id: collection.id,
            organisation_id: organisation,
            rule: *found.first()?,
            rules: Rule::bits(&found),
            state: known.state.map_or("", ReturnState::as_str).to_owned(),
            confirmed: known.confirmed,
            asked,
            due_at: known.due_at,
            lead_seen_at: known.lead_seen_at,
        })
    }

    /// How many answers a sector has to give.
    fn asked(&mut self, sector: &str, profile: &str) -> i64 {
        if let Some(known) = self.asked_of.get(sector) {
            return *known;
        }
        let edition = &self.edition;
        let found = SectorKey::new(sector).ok().map(|sector| {
            let profile = edition.profiles().iter().find(|one| one.key.as_str() == profile);
            let asked = edition.asked_of(sector, profile.map(|one| &one.key));
            asked.into_iter().filter(|asked| *asked == Asked::Mandatory).count()
        });
        let asked = i64::try_from(found.unwrap_or_default()).unwrap_or_default();
        self.asked_of.insert(sector.to_owned(), asked);
        asked
    }
}
