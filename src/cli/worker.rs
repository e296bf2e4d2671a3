//! Background work: due jobs of both lanes and the ledger's sequencer, each in a thread of its own; `portal worker` runs only
//! these.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::check::warn_if_unbound;
use super::say::say;
use crate::app::{self, Parts};
use crate::collections;
use crate::ledger;
use crate::platform::canonical::hex;
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db;
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::{self, Lane};
use crate::platform::random::SystemRandom;
use crate::platform::sweep;
use crate::publication::{self, PublicSite};
use crate::returns;
use crate::review;
use crate::standing;

/// Seconds the sequencer's lease lasts without being renewed.
const SEQUENCER_LEASE: i64 = 15;
/// Pauses of the background threads between two looks at what was published: five seconds.
const TEND_ROUNDS: u32 = 25;

/// The threads that work beside the server.
pub(crate) struct Background {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts them.
    pub(crate) fn start(parts: &Parts) -> Result<Self> {
        let mut name = [0_u8; 8];
        parts.portal.random.fill(&mut name)?;
        let holder = format!("{}-{}", std::process::id(), hex(&name));
        parts.portal.db.housekeep_now(Reach::nobodys(), |tx| {
            collections::ensure_scheduled(tx)?;
            returns::ensure_scheduled(tx)?;
            standing::ensure_scheduled(tx)?;
            review::ensure_scheduled(tx)?;
            publication::ensure_scheduled(tx)?;
            sweep::ensure_scheduled(tx)
        })?;
        let stop = Arc::new(AtomicBool::new(false));
        let lane = |name: &str, lane: Lane| {
            let (parts, holder) = (parts.clone(), format!("{holder}-{name}"));
            Self::spawn(name, &stop, move || jobs::run_in(lane, &parts.portal.db, &parts.handlers, &holder))
        };
        let (quick, long) = (lane("jobs", Lane::Quick)?, lane("long-jobs", Lane::Long)?);
        let sequencer = Self::spawn("sequencer", &stop, {
            let parts = parts.clone();
            move || sequence(&parts, &holder)
        })?;
        Ok(Self { stop, threads: vec![quick, long, sequencer] })
    }

    /// Starts the thread that keeps the public pages up to date, whatever process published.
    pub(crate) fn tend(site: &PublicSite) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (site, mut rounds) = (site.clone(), 0_u32);
        let thread = Self::spawn("public-site", &stop, move || {
            let due = rounds.is_multiple_of(TEND_ROUNDS);
            rounds = rounds.wrapping_add(1);
            if due { site.tend().map(|_| false) } else { Ok(false) }
        })?;
        Ok(Self { stop, threads: vec![thread] })
    }

    /// One thread that repeats a step at once while it finds work, and pauses when it finds none or fails.
    fn spawn(
        name: &str,
        stop: &Arc<AtomicBool>,
        mut step: impl FnMut() -> Result<bool> + Send + 'static,
    ) -> Result<JoinHandle<()>> {
        let (stop, label) = (Arc::clone(stop), name.to_owned());
        std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let pause = match step() {
                        Ok(true) => Duration::ZERO,
                        Ok(false) => Duration::from_millis(200),
                        Err(error) => {
                            log::warn!(target: "portal::background", thread = label.as_str(); "{error}");
                            Duration::from_secs(2)
                        }
                    };
                    std::thread::sleep(pause);
                }
            })
            .map_err(|e| Error::internal("failed to start a background thread", e))
    }

    /// Lets each finish what it is doing.
    pub(crate) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                log::error!(target: "portal::background", "a background thread panicked");
            }
        }
    }
}

/// Sequences one batch while holding the lease; true when there may be more.
fn sequence(parts: &Parts, holder: &str) -> Result<bool> {
    let db = &parts.portal.db;
    if !ledger::anything_waits(db)? {
        return Ok(false);
    }
    let name = holder.to_owned();
    if !db.housekeep_now(Reach::nobodys(), move |tx| {
        jobs::hold(tx, "ledger.sequencer", &name, SEQUENCER_LEASE)
    })? {
        return Ok(false);
    }
    Ok(ledger::sequence_once(db, &parts.key)? > 0)
}

/// `portal worker`: until the process is told to stop.
pub(super) fn worker(config: Config) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    db::migrate(&target)?;
    let parts = app::open(config, Arc::new(SystemClock), Arc::new(SystemRandom), false)?;
    warn_if_unbound(&parts.portal.db);
    let background = Background::start(&parts)?;
    say("working");
    let waited = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::internal("failed to wait for a signal", e))?
        .block_on(stop_signal());
    background.stop();
    waited
}

async fn stop_signal() -> Result<()> {
    let failed = |e| Error::io("failed to wait for a signal", e);
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome.map_err(failed),
        _ = terminate.recv() => Ok(()),
    }
}
