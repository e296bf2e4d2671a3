//! Sending what is due today: reminders, and on Mondays the digest. One mail to a person, however many organisations
//! they are responsible for.

use std::collections::{BTreeMap, HashSet};

use super::due::Stage;
use super::signers::Signers;
use super::store::{self, Waiting};
use super::{digest, due, mail};
use crate::access::Actor;
use crate::collections::Collection;
use crate::identity::{self, MailKind};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::mail as outbox;

/// People whose mails are queued in one change, and sent together.
const TOGETHER: usize = 100;

/// Seconds between the mails of one change and those of the next.
const APART: i64 = 20;

/// What was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SentReminders {
    /// People reminded.
    pub reminders: usize,
    /// People sent a digest.
    pub digests: usize,
}

/// One return that somebody is reminded of.
#[derive(Debug, Clone)]
pub(super) struct Due {
    pub whom: Waiting,
    pub collection: Collection,
    pub stage: Stage,
    pub due_at: Timestamp,
    pub days_left: i64,
    pub mark: i64,
}

impl Due {
    fn due_on(&self) -> Day {
        self.due_at.london_day()
    }
}

/// Sends what is due now and was not sent; gives to how many people. Called again it finds nothing left to send.
///
/// # Errors
/// When the database refuses; what was sent before stays sent, and the rest is due at the next call.
pub fn send_due(db: &Db, public_url: &str) -> Result<SentReminders> {
    let today = db.clock().now().london_day();
    let digests = if today.is_monday() { digest::send(db, public_url, today)? } else { 0 };
    Ok(SentReminders { reminders: remind(db, public_url, today)?, digests })
}

fn remind(db: &Db, public_url: &str, today: Day) -> Result<usize> {
    let due = db.read_now(Actor::system_reach(), move |conn| {
        let unwanted: HashSet<PersonId> =
            identity::turned_off(conn, MailKind::Reminders)?.into_iter().collect();
        let mut signers = Signers::of(conn, today)?;
        let mut all: BTreeMap<PersonId, Vec<Due>> = BTreeMap::new();
        for collection in store::open_collections(conn)? {
            let sent = store::sent(conn, collection.id, today)?;
            let mut add = |due: Due| {
                let key =
                    (due.whom.person, due.whom.organisation, due.stage, due.due_on().to_string(), due.mark);
                if !unwanted.contains(&due.whom.person) && !sent.contains(&key) {
                    all.entry(due.whom.person).or_default().push(due);
                }
            };
            let interim_sent = match collection.interim_due_at {
                Some(_) => store::interim_sent(conn, collection.id)?,
                None => HashSet::new(),
            };
            for whom in store::waiting(conn, collection.id, today)? {
                // The lead signs an interim return; whoever signs the return itself is not asked for it.
                let leads = !identity::SIGNING_ROLES.contains(&whom.role);
                if leads && !interim_sent.contains(&whom.organisation) {
                    let due_at = collection.interim_due_at;
                    let due =
                        due_at.and_then(|at| due_now(whom.clone(), &collection, (Stage::Interim, at), today));
                    due.into_iter().for_each(&mut add);
                }
                let due_at = collection.due_at(whom.extension);
                let Some(due) = due_now(whom, &collection, (Stage::Final, due_at), today) else { continue };
                for whom in signers.people(conn, due.whom.clone())? {
                    add(Due { whom, ..due.clone() });
                }
            }
        }
        Ok(all)
    })?;
    in_batches(db, &due.into_values().collect::<Vec<_>>(), public_url, queue_reminder)
}

/// The reminder that is due today, if one is.
fn due_now(
    whom: Waiting,
    collection: &Collection,
    (stage, due_at): (Stage, Timestamp),
    today: Day,
) -> Option<Due> {
    let days_left = today.days_until(due_at.london_day());
    let mark = due::mark(days_left)?;
    Some(Due { whom, collection: collection.clone(), stage, due_at, days_left, mark })
}

/// Queues one mail for each of these people, many in one change; gives how many were queued.
///
/// # Errors
/// When the database refuses; what was queued before stays queued.
pub fn in_batches<T: Clone + Send + 'static>(
    db: &Db,
    people: &[T],
    public_url: &str,
    queue: fn(&mut Tx<'_>, &T, &str, Timestamp) -> Result<bool>,
) -> Result<usize> {
    let mut queued = 0;
    let mut not_before = db.clock().now();
    for batch in people.chunks(TOGETHER) {
        let at = not_before;
        not_before = not_before.plus_seconds(APART);
        let (batch, public_url) = (batch.to_vec(), public_url.to_owned());
        queued += db.housekeep_now(Actor::system_reach(), move |tx| {
            let mut queued = 0;
            for one in &batch {
                queued += usize::from(queue(tx, one, &public_url, at)?);
            }
            Ok(queued)
        })?;
    }
    Ok(queued)
}

/// The mail to one person, of what was not written down as sent by another worker meanwhile.
fn queue_reminder(tx: &mut Tx<'_>, due: &Vec<Due>, public_url: &str, at: Timestamp) -> Result<bool> {
    let mut new: Vec<&Due> = Vec::with_capacity(due.len());
    for one in due {
        // Somebody who is lead and administrator is reminded of the organisation once.
        let whom = &one.whom;
        let what = (one.stage, one.due_on(), one.mark);
        if store::keep(tx, whom.person, whom.organisation, one.collection.id, what)? {
            new.push(one);
        }
    }
    let Some(first) = new.first() else { return Ok(false) };
    let id = format!("reminder-{}-{}", tx.now().micros(), first.whom.person);
    outbox::queue_at_most_once(tx, &mail::reminder(&new, public_url), &id, at)?;
    Ok(true)
}
