//! The job of a round of reminders: a hundred organisations in one change, each written down as told in the change that
//! puts its mails into the outbox.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;
use serde_json::json;

use super::mail::{self, Chased};
use super::store::{LineState, TOLD};
use crate::access::{Actor, Permit, Subject, WorkRound};
use crate::collections;
use crate::identity::{self, MailKind, PersonState};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Db, Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, RoundId, SubmissionId};
use crate::platform::jobs::{Job, Outcome};
use crate::platform::mail as outbox;
use crate::schema::{
    annual_return, extension, membership, organisation, person, reminder_line, reminder_round,
};

/// The kind of the job; the payload is the round's number.
pub(in crate::review) const CHASE: &str = "review.chase";

/// Organisations in one change.
const CHUNK: i64 = 100;
/// Changes in one run: well within a job's lease.
const RUN: usize = 100;
/// Seconds between the mails of one change and those of the next: thousands at once would keep every other job waiting.
const APART: i64 = 20;

/// The handler of [`CHASE`]. Running it again goes on where it stopped.
pub(in crate::review) fn deliver(db: &Db, reach: Reach, public_url: &str, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<RoundId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" is no round of reminders", job.payload)));
    };
    for _ in 0..RUN {
        let left = db.read_now(reach, |conn| wanted(conn, id, 1))?;
        if left.is_empty() {
            return Ok(Outcome::Done);
        }
        let url = public_url.to_owned();
        match db.write_now(reach, move |tx| one_part(tx, id, &url)) {
            Ok(()) | Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Outcome::RetryAt(db.clock().now(), "more organisations wait".to_owned()))
}

/// The next organisations whose turn comes.
fn wanted(conn: &mut Conn, of: RoundId, most: i64) -> Result<Vec<OrganisationId>> {
    Ok(reminder_line::table
        .filter(reminder_line::round_id.eq(of))
        .filter(reminder_line::state.eq(LineState::Wanted))
        .order(reminder_line::organisation_id)
        .limit(most)
        .select(reminder_line::organisation_id)
        .load(conn)?)
}

/// Reminds the next organisations of a round.
fn one_part(tx: &mut Tx<'_>, id: RoundId, public_url: &str) -> Result<Recorded<()>> {
    let (of, day, done): (CollectionId, String, i64) = reminder_round::table
        .filter(reminder_round::id.eq(id))
        .select((reminder_round::collection_id, reminder_round::day, reminder_round::done))
        .first(tx.conn())?;
    let collection = collections::collection(tx.conn(), of)?;
    let ids = wanted(tx.conn(), id, CHUNK)?;
    let places = places(tx.conn(), of, &ids)?;
    let people = people(tx.conn(), &ids)?;
    let now = tx.now();
    let not_before = now.plus_seconds(done / CHUNK * APART);
    let mut counts: BTreeMap<LineState, i64> = BTreeMap::new();
    let mut mails = 0;
    for organisation in ids {
        let Some(place) = places.get(&organisation) else { continue };
        let none = Vec::new();
        let told = people.get(&organisation).unwrap_or(&none);
        let state = match (place.submitted, told.is_empty()) {
            (true, _) => LineState::Submitted,
            (false, true) => LineState::Nobody,
            (false, false) => LineState::Told,
        };
        if !settle(tx, (of, organisation, &day), state)? {
            continue;
        }
        *counts.entry(state).or_default() += 1;
        if state == LineState::Told {
            for (person, name, to) in told {
                let due = collection.due_at(place.extension);
                let href = format!("{public_url}/organisations/{}", place.code);
                let about = Chased {
                    to,
                    name,
                    organisation: &place.name,
                    year: &collection.year_label,
                    due,
                    href: &href,
                };
                let mail_id = format!("chase-{of}-{organisation}-{day}-{person}");
                outbox::queue_at_most_once(tx, &mail::chased(&about, now), &mail_id, not_before)?;
                mails += 1;
            }
        }
    }
    let settled: i64 = counts.values().sum();
    if settled == 0 {
        return Err(Error::Conflict("Another worker was first.".to_owned()));
    }
    let left = wanted(tx.conn(), id, 1)?.len();
    diesel::update(reminder_round::table.filter(reminder_round::id.eq(id)))
        .set((
            reminder_round::done.eq(reminder_round::done + settled),
            reminder_round::mails.eq(reminder_round::mails + mails),
            reminder_round::finished_at.eq((left == 0).then_some(now)),
        ))
        .execute(tx.conn())?;
    let subject =
        Subject { kind: "collection", id: of.get(), organisation: None, state: collection.state.as_str() };
    let permit = Permit::<WorkRound>::grant(&Actor::system(), Some(subject))?;
    let data = json!({"round": id, "organisations": settled, "mails": mails, "done": left == 0});
    ledger::append(tx, &Event::of(&permit, "reminders_queued", format!("collection/{of}"), data), ())
}

/// Says what becomes of an organisation; false when another worker has said it.
fn settle(
    tx: &mut Tx<'_>,
    (of, organisation, day): (CollectionId, OrganisationId, &str),
    state: LineState,
) -> Result<bool> {
    let settled = diesel::update(
        reminder_line::table
            .filter(reminder_line::collection_id.eq(of))
            .filter(reminder_line::organisation_id.eq(organisation))
            .filter(reminder_line::day.eq(day))
            .filter(reminder_line::state.eq(LineState::Wanted)),
    )
    .set(reminder_line::state.eq(state))
    .execute(tx.conn())?;
    Ok(settled == 1)
}

/// An organisation as the mail needs it.
struct Place {
    code: String,
    name: String,
    extension: Option<Timestamp>,
    submitted: bool,
}

fn places(
    conn: &mut Conn,
    of: CollectionId,
    ids: &[OrganisationId],
) -> Result<BTreeMap<OrganisationId, Place>> {
    type Row = (OrganisationId, String, String, Option<Timestamp>, Option<SubmissionId>);
    let rows: Vec<Row> =
        organisation::table
            .left_join(
                extension::table
                    .on(extension::organisation_id.eq(organisation::id).and(extension::collection_id.eq(of))),
            )
            .left_join(annual_return::table.on(
                annual_return::organisation_id.eq(organisation::id).and(annual_return::collection_id.eq(of)),
            ))
            .filter(organisation::id.eq_any(ids.to_vec()))
            .select((
                organisation::id,
                organisation::code,
                organisation::name,
                extension::until.nullable(),
                annual_return::submission_id.nullable(),
            ))
            .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, extension, sent)| {
            (id, Place { code, name, extension, submitted: sent.is_some() })
        })
        .collect())
}

/// Somebody who is written to: number, name, address.
type Told = (PersonId, String, String);

/// The leads and administrators of each organisation, each once; without those who want no reminders.
fn people(conn: &mut Conn, ids: &[OrganisationId]) -> Result<BTreeMap<OrganisationId, Vec<Told>>> {
    let unwanted: HashSet<PersonId> = identity::turned_off(conn, MailKind::Reminders)?.into_iter().collect();
    let rows: Vec<(OrganisationId, PersonId, String, String)> = membership::table
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(membership::organisation_id.eq_any(ids.to_vec()))
        .filter(membership::role.eq_any(TOLD.to_vec()))
        .filter(membership::ended_at.is_null())
        .filter(person::state.eq(PersonState::Active))
        .order((membership::organisation_id, person::id))
        .select((membership::organisation_id, person::id, person::name, person::email))
        .load(conn)?;
    let mut people: BTreeMap<OrganisationId, Vec<Told>> = BTreeMap::new();
    for (organisation, person, name, email) in rows {
        let told = people.entry(organisation).or_default();
        if !unwanted.contains(&person) && told.iter().all(|(known, ..)| *known != person) {
            told.push((person, name, email));
        }
    }
    Ok(people)
}
