//! Correcting the rules of 47 outcomes for a nation of returns: how long the preview takes, and how long it takes from
//! approval until the results are in force. Prints how far it is while it goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use diesel::connection::SimpleConnection as _;
use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::access::{
    Actor, DecideRuleCorrection, DraftCorrection, Permit, PreviewRuleCorrection, SeedPeople, Subject,
};
use portal::app;
use portal::corrections::{
    self, CorrectionState, Decision, NewCorrection, decide_correction, draft_correction, preview_correction,
};
use portal::identity::{self, EmailAddress, NewPerson};
use portal::platform::clock::SystemClock;
use portal::platform::config::Config;
use portal::platform::db::Db;
use portal::platform::ids::{PersonId, RuleCorrectionId};
use portal::platform::jobs;
use portal::platform::random::SystemRandom;
use portal::standards::correcting::{Changes, Minimum};
use portal::standards::{self, OutcomeLevel, RequirementKind};

use crate::databases::Databases;
use crate::driver::Result;
use crate::whole::world;

/// What re-scoring may take, in seconds.
const TARGET: f64 = 5.0;

/// What is measured, and where its data goes.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Where its databases go.
    #[command(flatten)]
    pub databases: Databases,
    /// Returns.
    #[arg(long, default_value_t = 64_000)]
    pub returns: usize,
}

/// Measures on both databases and prints a table.
pub fn measure(arguments: &Arguments) -> Result<()> {
    let mut rows = Vec::new();
    for (name, url) in arguments.databases.make()? {
        let (preview, rescored) = on(name, &url, arguments)?;
        rows.push(format!(
            "| {name} | {} | {preview:.2} s | {rescored:.2} s | {} |",
            arguments.returns,
            if rescored < TARGET { "within 5 s" } else { "over 5 s" }
        ));
    }
    println!("| database | returns of 47 outcomes | preview | from approval until in force | target |");
    println!("|---|---|---|---|---|\n{}", rows.join("\n"));
    Ok(())
}

fn on(name: &str, url: &str, arguments: &Arguments) -> Result<(f64, f64)> {
    eprintln!("{name}: making {} returns", arguments.returns);
    world::make(url, world::Size { organisations: arguments.returns, submitted: 1, drafts: 0 })?;
    let settings = [
        ("PORTAL_DATABASE__URL", url.to_owned()),
        ("PORTAL_FILES__DIR", arguments.databases.folder.join(name).display().to_string()),
        ("PORTAL_MAIL__URL", "memory://".to_owned()),
    ];
    let settings = settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let config = Config::from_sources(&settings).map_err(|problems| problems.join("; "))?;
    let parts = app::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), false)?;
    let db = parts.portal.db.clone();
    copy(&db)?;
    let (editor, manager) =
        (person(&db, "Edith Editor", StandardsEditor)?, person(&db, "Max Manager", ProgrammeManager)?);
    let id = drafted(&db, editor)?;
    ask_preview(&db, editor, id)?;
    let preview = until(name, &parts, id, CorrectionState::Previewed)?;
    approve(&db, manager, id)?;
    let rescored = until(name, &parts, id, CorrectionState::InForce)?;
    Ok((preview, rescored))
}

/// Every organisation gets a copy of the one return, as wide as the first.
fn copy(db: &Db) -> Result<()> {
    let statements = [
        "INSERT INTO annual_return (organisation_id, collection_id, edition_id, profile, state, version, opened_at, \
         reopened_reason) SELECT o.id, r.collection_id, r.edition_id, r.profile, r.state, 1, r.opened_at, 'copy' \
         FROM organisation o, annual_return r WHERE o.id <> r.organisation_id AND r.submission_id IS NOT NULL",
        "INSERT INTO submission (return_id, organisation_id, collection_id, number, submitted_at, late, snapshot, \
         snapshot_hash, levels, claimed_grade, score, rule_set) SELECT r.id, r.organisation_id, r.collection_id, 1, \
         s.submitted_at, s.late, s.snapshot, s.snapshot_hash, s.levels, s.claimed_grade, '{}', s.rule_set \
         FROM annual_return r, submission s WHERE r.reopened_reason = 'copy'",
        "UPDATE annual_return SET submission_id = (SELECT s.id FROM submission s WHERE s.return_id = annual_return.id), \
         reopened_reason = NULL WHERE reopened_reason = 'copy'",
        "INSERT INTO submission_basis (submission_id, organisation_id, sector, profile, plan, approached_before, lifted, \
         submitted_at, rule_set, claimed_grade, levels) SELECT s.id, s.organisation_id, 'nhs_trust', r.profile, 'none', \
         (1 = 0), (1 = 0), s.submitted_at, s.rule_set, s.claimed_grade, s.levels \
         FROM submission s, annual_return r WHERE r.submission_id = s.id",
    ];
    db.housekeep_now(Actor::system_reach(), move |tx| {
        for statement in statements {
            tx.conn().batch_execute(statement)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn person(db: &Db, name: &str, role: portal::access::CentralRole) -> Result<PersonId> {
    let email = format!("{}@programme.example", name.to_lowercase().replace(' ', "."));
    let new = NewPerson {
        name: name.to_owned(),
        email: EmailAddress::parse(&email).ok_or("no address")?,
        // Whoever has none is only invited, and an invitation decides nothing. Nobody signs in with this one.
        password_hash: Some("no hash".to_owned()),
        persona: None,
    };
    Ok(db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::<SeedPeople>::grant(&Actor::system(), Some(Subject::programme()))?;
        let recorded = identity::admit(tx, &permit, &new)?;
        identity::grant_central_role(tx, &permit, *recorded.value(), role)?;
        Ok(recorded)
    })?)
}

/// The minima of two outcomes, raised.
fn drafted(db: &Db, editor: PersonId) -> Result<RuleCorrectionId> {
    let (key, changes) = db.read_now(Actor::system_reach(), |conn| {
        let all = standards::editions(conn)?;
        let row = all.into_iter().find(|row| row.state == standards::EditionState::Open);
        let row = row.ok_or(portal::platform::Error::NotFound)?;
        let edition = standards::edition(conn, row.id)?;
        let mut changes = Changes::default();
        for requirement in edition.requirements() {
            let RequirementKind::Outcome { expected, .. } = &requirement.kind else { continue };
            let low = expected.iter().find(|(_, level)| **level != OutcomeLevel::Achieved);
            let Some((profile, _)) = low.filter(|_| changes.expected.len() < 2) else { continue };
            let raised = Some(Minimum::Outcome(OutcomeLevel::Achieved));
            changes.expected.entry(requirement.code.clone()).or_default().insert(profile.clone(), raised);
        }
        Ok((row.key, changes))
    })?;
    let new = NewCorrection { reason: "Two minima were too low.".to_owned(), changes };
    Ok(db.write_now(Actor::system_reach(), move |tx| {
        let actor = identity::actor_of(tx.conn(), editor)?;
        let permit = Permit::<DraftCorrection>::grant(&actor, Some(Subject::programme()))?;
        draft_correction(tx, &permit, &key, &new)
    })?)
}

fn ask_preview(db: &Db, editor: PersonId, id: RuleCorrectionId) -> Result<()> {
    db.write_now(Actor::system_reach(), move |tx| {
        let actor = identity::actor_of(tx.conn(), editor)?;
        let found = corrections::correction(tx.conn(), id)?;
        let permit = Permit::<PreviewRuleCorrection>::grant(&actor, Some(found.subject()))?;
        preview_correction(tx, &permit, found.version)
    })?;
    Ok(())
}

fn approve(db: &Db, manager: PersonId, id: RuleCorrectionId) -> Result<()> {
    let decision = Decision::Approve { statement: "Checked.".to_owned(), none_accepted: true };
    db.write_now(Actor::system_reach(), move |tx| {
        let actor = identity::actor_of(tx.conn(), manager)?;
        let found = corrections::correction(tx.conn(), id)?;
        let permit = Permit::<DecideRuleCorrection>::grant(&actor, Some(found.subject()))?;
        decide_correction(tx, &permit, found.version, &decision)
    })?;
    Ok(())
}

/// Runs the jobs until the correction stands there, in a thread of their own as in a server; the seconds it took.
fn until(name: &str, parts: &app::Parts, id: RuleCorrectionId, state: CorrectionState) -> Result<f64> {
    let db = parts.portal.db.clone();
    let (jobs_db, handlers) = (db.clone(), parts.handlers.clone());
    let begun = Instant::now();
    let standing = move || db.read_now(Actor::system_reach(), |conn| corrections::correction(conn, id));
    let worker = std::thread::spawn({
        let standing = standing.clone();
        move || {
            while standing().is_ok_and(|found| found.state != state) {
                if jobs::run_once(&jobs_db, &handlers, "bench").is_err() {
                    return;
                }
            }
        }
    });
    let mut last = -1;
    while !worker.is_finished() {
        let found = standing()?;
        let (total, done) = found.progress;
        if done != last {
            last = done;
            eprintln!("{name}: {} {done} of {total}, {:.2} s", found.state, begun.elapsed().as_secs_f64());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    worker.join().map_err(|_| "the worker panicked")?;
    let seconds = begun.elapsed().as_secs_f64();
    if standing()?.state == state { Ok(seconds) } else { Err("the correction did not get there".into()) }
}
