//! The weekly digest: how far the returns of somebody's organisations have got, and which questions of reviewers wait.

use std::collections::{BTreeMap, HashSet};

use super::mail;
use super::send::in_batches;
use super::store::{self, Waiting};
use crate::access::Actor;
use crate::collections::Collection;
use crate::identity::{self, MailKind};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::mail as outbox;
use crate::returns::model::AnswerState;
use crate::returns::questions::OpenQuestion;

/// How far one return has got.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub whom: Waiting,
    pub collection: Collection,
    pub due_at: Timestamp,
    pub days_left: i64,
    /// Answers by state; nothing before the return is started.
    pub answers: BTreeMap<AnswerState, i64>,
}

/// One person's digest.
#[derive(Debug, Clone)]
pub(super) struct Digest {
    id: String,
    pub name: String,
    pub address: String,
    pub standings: Vec<Standing>,
    pub questions: Vec<OpenQuestion>,
    /// The day on which the week begins.
    pub monday: Day,
}

impl Digest {
    fn new(monday: Day, (person, name, address): (PersonId, &str, &str)) -> Self {
        Self {
            id: format!("{}{person}", beginning(monday)),
            name: name.to_owned(),
            address: address.to_owned(),
            standings: Vec::new(),
            questions: Vec::new(),
            monday,
        }
    }
}

/// Sends the digest of the week that begins on this day; gives to how many people.
pub(super) fn send(db: &Db, public_url: &str, monday: Day) -> Result<usize> {
    let digests = db.read_now(Actor::system_reach(), move |conn| {
        let unwanted: HashSet<PersonId> = identity::turned_off(conn, MailKind::Digest)?.into_iter().collect();
        let queued = store::queued(conn, &beginning(monday))?;
        let mut all: BTreeMap<PersonId, Digest> = BTreeMap::new();
        for collection in store::open_collections(conn)? {
            let counts = store::answer_counts(conn, collection.id)?;
            for whom in store::waiting(conn, collection.id, monday)? {
                let of = (whom.person, whom.person_name.as_str(), whom.address.as_str());
                let mine = &mut all.entry(whom.person).or_insert_with(|| Digest::new(monday, of)).standings;
                let known = mine
                    .iter()
                    .any(|s| s.whom.organisation == whom.organisation && s.collection.id == collection.id);
                let due_at = collection.due_at(whom.extension);
                // Signing is asked for when it is wanted; a summary of the work is for those who lead it.
                if known || identity::SIGNING_ROLES.contains(&whom.role) {
                    continue;
                }
                let answers = whom.started.and_then(|(id, _)| counts.get(&id).cloned()).unwrap_or_default();
                let days_left = monday.days_until(due_at.london_day());
                mine.push(Standing { whom, collection: collection.clone(), due_at, days_left, answers });
            }
        }
        for (person, name, address, question) in store::asked(conn)? {
            let of = (person, name.as_str(), address.as_str());
            all.entry(person).or_insert_with(|| Digest::new(monday, of)).questions.push(question);
        }
        let says = |digest: &Digest| !digest.standings.is_empty() || !digest.questions.is_empty();
        Ok(all
            .into_iter()
            .filter(|(person, digest)| says(digest) && !unwanted.contains(person))
            .map(|(_, digest)| digest)
            .filter(|digest| !queued.contains(&digest.id))
            .collect::<Vec<_>>())
    })?;
    in_batches(db, &digests, public_url, queue)
}

/// How the message ids of a week's digests begin. The outbox takes each id once, so that two workers send one digest.
fn beginning(monday: Day) -> String {
    format!("digest-{monday}-")
}

fn queue(tx: &mut Tx<'_>, digest: &Digest, public_url: &str, at: Timestamp) -> Result<bool> {
    outbox::queue_at_most_once(tx, &mail::digest(digest, public_url), &digest.id, at)?;
    Ok(true)
}
