//! `portal demo`: a fictional nation in an embedded database, served with one-click sign-in.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::publish::publish_source;
use super::say::say;
use super::serve::run;
use crate::access::{AnnounceRelease, CentralRole, Permit, Subject};
use crate::app::{self, Parts};
use crate::demo::nation::sector::Scale;
use crate::demo::seed::{Document, PASSWORD, SeedPlan, Seeded, seed};
use crate::identity::{self, Password, personas};
use crate::ledger;
use crate::platform::clock::{Clock as _, SystemClock};
use crate::platform::config::{Config, S3};
use crate::platform::db::{self, Db, Reach, Target};
use crate::platform::error::{Error, Result};
use crate::platform::files::Files;
use crate::platform::random::SystemRandom;
use crate::publication::{NewDate, announce_release, first_day};

/// Arguments of `portal demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// The folder for the demo's data; kept between runs. Remove it to begin anew.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// Another seed gives another nation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many organisations.
    #[arg(long, value_enum, default_value = "small")]
    scale: Size,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Size {
    /// About a thousand.
    Small,
    /// 64,000.
    National,
}

/// The mark of a demo that was made to its end.
const MADE: &str = "made";

/// Runs `portal demo`.
pub(super) fn demo(arguments: &DemoArguments) -> Result<()> {
    let mut config = Config::load().map_err(|problems| Error::Refused(problems.join("\n")))?;
    let folder = &arguments.data;
    config.http.listen.clone_from(&arguments.listen);
    config.http.public_url = format!("http://{}", arguments.listen);
    config.database.url = format!("sqlite://{}", folder.join("portal.sqlite").display());
    config.files.dir = folder.join("files");
    config.mail.url = format!("file://{}", folder.join("mail").display());
    // What is fictional never goes where what is real is kept.
    config.s3 = S3::default();
    let problems = config.problems();
    if !problems.is_empty() {
        return Err(Error::Refused(problems.join("\n")));
    }
    let started = Instant::now();
    let made = folder.join(MADE);
    let target = config.target().map_err(Error::broken)?;
    if made.exists() {
        say("Using the nation made before (remove its folder to begin anew).");
        db::migrate(&target)?;
    } else {
        make(arguments, &config, &target)?;
        fs::write(&made, format!("seed {}\n", arguments.seed))
            .map_err(|e| Error::io("failed to mark the demo", e))?;
        say(&format!("Made in {:.1} seconds.", started.elapsed().as_secs_f32()));
    }
    let parts = app::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), true)?;
    let sign_ins = sign_ins(&parts)?;
    run(&parts, true, |listening| {
        say(&sign_ins);
        say(&format!("Listening on {}. Stop with Ctrl+C.", listening.address));
    })
}

/// Makes the nation in an empty folder; what an interrupted run left is removed first.
fn make(arguments: &DemoArguments, config: &Config, target: &Target) -> Result<()> {
    let folder = &arguments.data;
    let ours = !folder.exists()
        || folder.join("portal.sqlite").exists()
        || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !ours {
        return Err(Error::Refused(format!(
            "{} holds something that is not a demo; name another folder with --data",
            folder.display()
        )));
    }
    for name in ["portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_file(path).map_err(|e| Error::io("failed to remove an unfinished demo", e))?;
        }
    }
    db::migrate(target)?;
    let database = Db::open(target, 2, Arc::new(SystemClock))?;
    let files = Files::open(&config.files.dir, config.files.upload_limit_mib, None)?;
    let documents = documents(&files)?;
    let password = Password::new(PASSWORD).map_err(Error::broken)?;
    let hash = identity::hash(&password, &SystemRandom)?;
    let scale = match arguments.scale {
        Size::Small => Scale::Small,
        Size::National => Scale::National,
    };
    let plan = SeedPlan { seed: arguments.seed, scale, today: SystemClock.now().london_day() };
    let seeded = seed(&database, plan, &hash, &documents, &say)?;
    say(&format!("{} organisations, {} returns.", seeded.organisations, seeded.returns));
    publish(&database, &seeded)?;
    // So that the ledger is complete from the first request on.
    let key = app::log_key(config, &SystemRandom)?;
    while ledger::sequence_once(&database, &key)? > 0 {}
    Ok(())
}

/// A few documents that stand for the nation's evidence, kept as evidence is.
fn documents(files: &Files) -> Result<Vec<Document>> {
    const SUBJECTS: [&str; 8] = [
        "Information security policy",
        "Staff training record",
        "Business continuity test report",
        "Register of systems",
        "Data protection impact assessment",
        "Audit of access rights",
        "Minutes of the information governance group",
        "Supplier assurance summary",
    ];
    let mut kept = Vec::new();
    for subject in SUBJECTS {
        let text = format!(
            "{subject}\n\nThis document is fictional. It stands for evidence in the demonstration and says nothing \
             about any real organisation.\n"
        );
        let sha256 = files.put_now(text.as_bytes())?;
        kept.push(Document { sha256, size: i64::try_from(text.len()).unwrap_or_default() });
    }
    Ok(kept)
}

/// Publishes the figures of past years, so that the public site has something to show and to compare.
fn publish(database: &Db, seeded: &Seeded) -> Result<()> {
    for (number, source) in (1..).zip(&seeded.releases) {
        say(&format!("Publishing release {number} of {}", seeded.releases.len()));
        publish_source(database, source.clone(), ("Demo Statistician", "statistics@programme.example"))?;
    }
    announce(database)
}

/// Announces the next release, so that the calendar has something to show and a release something to be put on.
fn announce(database: &Db) -> Result<()> {
    database.write_now(Reach::nobodys(), |tx| {
        let holders = identity::central_holders(tx.conn(), &[CentralRole::Publisher])?;
        let (person, ..) = holders.into_iter().next().ok_or(Error::NotFound)?;
        let actor = identity::actor_of(tx.conn(), person)?;
        let permit = Permit::<AnnounceRelease>::grant(&actor, Some(Subject::programme()))?;
        let new = NewDate {
            title: "Annual return: results of this year".to_owned(),
            about: "How well organisations protect data, by sector and region, with what changed since last year."
                .to_owned(),
            lead_statistician: "Demo Statistician".to_owned(),
            contact: "statistics@programme.example".to_owned(),
            day: first_day(tx.now()).plus_days(14),
        };
        announce_release(tx, &permit, &new)
    })?;
    Ok(())
}

/// The words about who to sign in as.
fn sign_ins(parts: &Parts) -> Result<String> {
    let list = parts.portal.db.read_now(Reach::nobodys(), personas)?;
    let mut lines = vec![
        String::new(),
        "Everything here is fictional. Sign in at /sign-in by choosing a person, or with one of these"
            .to_owned(),
        format!("addresses and the password \"{PASSWORD}\":"),
        String::new(),
    ];
    lines.extend(list.iter().map(|p| format!("  {:<44} {} ({})", p.email, p.persona, p.name)));
    lines.push(String::new());
    Ok(lines.join("\n"))
}
