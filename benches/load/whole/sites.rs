//! A head office with 1,800 sites that submits for all of them in one action, as its people do it in the browser, and
//! the jobs that follow until nothing waits.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use portal::access::Actor;
use portal::identity::{self, Password};
use portal::platform::clock::SystemClock;
use portal::platform::db::{Db, Target, Tx};
use portal::platform::ids::{OrganisationId, PersonId};
use portal::platform::random::SystemRandom;
use portal::schema::{membership, organisation, person};

use super::people::{Person, expect, hidden, post};
use super::rows::{MembershipRow, PersonRow};
use super::world::{PASSWORD, Size, World, YEAR, code, insert, number};
use crate::driver::Result;
use crate::driver::http::Connection;
use crate::driver::process::Process;

/// Sites of the head office: as many as one chain has put in on one day.
pub const SITES: usize = 1_800;
/// Whoever signs for the head office: role and address, the senior information risk owner last.
const SIGNERS: [(&str, &str); 3] = [
    ("caldicott_guardian", "guardian@trust.example"),
    ("dpo", "dpo@trust.example"),
    ("siro", "siro@trust.example"),
];
/// How long to wait for the jobs before the run is given up.
const PATIENCE: Duration = Duration::from_secs(300);

/// What it took.
#[derive(Debug, Clone, Copy)]
pub struct Submitted {
    /// Sites.
    pub sites: usize,
    /// Seconds from the press of the button to the page that says that nothing waits.
    pub seconds: f64,
    /// CPU seconds of the server meanwhile.
    pub cpu: f64,
}

/// Makes the last draft's organisation the head office of organisations without a return, and gives it its signers.
pub fn make(url: &str, size: Size) -> Result<()> {
    let db = Db::open(&Target::parse(url)?, 1, Arc::new(SystemClock))?;
    let hash = identity::hash(&Password::new(PASSWORD)?, &SystemRandom)?;
    // One trust without a draft has the large return.
    let first = number(size.submitted + size.drafts + 1);
    let head = OrganisationId::new(number(size.submitted + size.drafts - 1));
    db.housekeep_now(Actor::system_reach(), move |tx| {
        let sites = organisation::id.between(first, first + SITES as i64 - 1);
        diesel::update(organisation::table.filter(sites))
            .set(organisation::head_office_id.eq(Some(head)))
            .execute(tx.conn())?;
        signers(tx, head, &hash)
    })?;
    Ok(())
}

fn signers(tx: &mut Tx<'_>, head: OrganisationId, hash: &str) -> portal::platform::error::Result<()> {
    let now = tx.now();
    for (place, (role, email)) in SIGNERS.into_iter().enumerate() {
        let id = PersonId::new(number(2_000_000 + place));
        let rows = [PersonRow {
            id,
            name: format!("Signer {role}"),
            email: email.to_owned(),
            password_hash: hash,
            state: "active",
            created_at: now,
        }];
        insert!(tx, person, rows);
        let rows = [MembershipRow { person_id: id, organisation_id: head, role, granted_at: now }];
        insert!(tx, membership, rows);
    }
    Ok(())
}

/// Covers the sites, signs, presses the button, and looks at the progress page until all are done.
pub fn measure(address: SocketAddr, process: &Process, world: &World) -> Result<Submitted> {
    let last = world.size.drafts - 1;
    let lead = Person::sign_in(address, &world.lead_of_draft(last))?;
    let path = format!("/organisations/{}/returns/{YEAR}", code(world.size.submitted + last));
    let mut connection = Connection::open(address)?;
    let sites = format!("{path}/sites");
    press(&mut connection, &lead, (&sites, &format!("{sites}/cover")), &[])?;
    press(&mut connection, &lead, (&path, &format!("{path}/ready")), &[])?;
    let sign = format!("{path}/sign");
    for (_, email) in SIGNERS {
        let signer = Person::sign_in(address, email)?;
        press(&mut connection, &signer, (&sign, &sign), &["version", "hash", "agree=yes"])?;
    }
    let (before, submit) = (process.cpu_time()?, format!("{path}/submit"));
    let begun = Instant::now();
    press(&mut connection, &lead, (&submit, &submit), &["version"])?;
    let done = format!("All {} sites have been worked through", thousands(SITES));
    loop {
        connection.send(&lead.get(&format!("{sites}/progress")))?;
        let page = connection.receive()?;
        expect(&page, 200)?;
        let text = String::from_utf8_lossy(page.body);
        if text.contains(&done) {
            if text.contains("Not submitted") {
                return Err("some sites were not submitted".into());
            }
            break;
        }
        if begun.elapsed() > PATIENCE {
            return Err("the sites were not done in time".into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let cpu = process.cpu_time()?.saturating_sub(before).as_secs_f64();
    Ok(Submitted { sites: SITES, seconds: begun.elapsed().as_secs_f64(), cpu })
}

/// Opens a page and sends its form: the token and those of its fields that are named, others as `name=value`.
fn press(connection: &mut Connection, who: &Person, (page, to): (&str, &str), fields: &[&str]) -> Result<()> {
    connection.send(&who.get(page))?;
    let shown = connection.receive()?;
    expect(&shown, 200)?;
    let mut values = vec![("csrf", hidden(&shown, "csrf")?)];
    for field in fields {
        values.push(match field.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (*field, hidden(&shown, field)?),
        });
    }
    let fields: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    connection.send(&post(who, to, &fields))?;
    expect(&connection.receive()?, 303)
}

fn thousands(number: usize) -> String {
    format!("{},{:03}", number / 1_000, number % 1_000)
}
