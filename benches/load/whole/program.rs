//! The release binary: its commands, and its server on a database.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use portal::access::Actor;
use portal::platform::clock::SystemClock;
use portal::platform::db::{Db, Target};
use portal::schema::job;

use crate::driver::Result;
use crate::driver::fsync::Counter;
use crate::driver::process::{Ended, Process};

/// The longest that a server may take over what it finds to do, and the work in a second of one that has nothing to do.
const SETTLING: Duration = Duration::from_secs(300);
const IDLE: Duration = Duration::from_millis(50);

/// Whether any job is due or at work.
fn is_due(db: &Db) -> Result<bool> {
    let now = db.clock().now();
    let due = job::table.filter(job::state.eq("queued")).filter(job::run_at.le(now));
    Ok(db.read_now(Actor::system_reach(), |conn| Ok(select(exists(due)).get_result(conn)?))?)
}

/// The portal on one database, with folders of its own.
#[derive(Debug)]
pub struct Program {
    url: String,
    place: PathBuf,
}

/// A server that is ready.
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub process: Process,
    /// From its start until it said so.
    pub took: Duration,
}

impl Program {
    /// On the database at `url`; everything else goes into `place`.
    pub fn new(url: &str, place: &Path) -> Self {
        Self { url: url.to_owned(), place: place.to_owned() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
        command
            .env("PORTAL_DATABASE__URL", &self.url)
            .env("PORTAL_FILES__DIR", self.place.join("files"))
            .env("PORTAL_MAIL__URL", format!("file://{}", self.place.join("mail").display()))
            .env("RUST_LOG", "warn");
        command
    }

    /// Runs a command to its end; what it printed, and how long it took.
    pub fn run(&self, arguments: &[&str]) -> Result<(String, Duration)> {
        let begun = Instant::now();
        let output = self.command().args(arguments).output()?;
        if !output.status.success() {
            return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok((String::from_utf8(output.stdout)?, begun.elapsed()))
    }

    /// Runs a command to its end in a process whose memory and lines are watched; what it says of trouble is seen at once.
    pub fn watched(&self, arguments: &[&str]) -> Result<Ended> {
        Process::run(self.command().args(arguments))
    }

    /// Starts the server on a free port.
    pub fn serve(&self, counter: Option<&Counter>) -> Result<Serving> {
        let address = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let mut command = self.command();
        command
            .arg("serve")
            .env("PORTAL_HTTP__LISTEN", address.to_string())
            .env("PORTAL_HTTP__PUBLIC_URL", format!("http://{address}"));
        if let Some(counter) = counter {
            counter.attach(&mut command);
        }
        let (process, _, took) = Process::start(&mut command, "ready: ")?;
        Ok(Serving { address, process, took })
    }

    /// Serves until what the server finds to do at its first start on a database is done, so that none of it goes on beside
    /// what is measured: until no job was due and the server all but idle for two seconds. Idle alone says little: it may wait
    /// for the database.
    pub fn settle(&self) -> Result<()> {
        let serving = self.serve(None)?;
        let db = Db::open(&Target::parse(&self.url)?, 1, Arc::new(SystemClock))?;
        let mut calm = 0;
        for _ in 0..SETTLING.as_secs() {
            let before = serving.process.cpu_time()?;
            std::thread::sleep(Duration::from_secs(1));
            let idle = serving.process.cpu_time()? - before < IDLE;
            calm = if idle && !is_due(&db)? { calm + 1 } else { 0 };
            if calm == 2 {
                return Ok(());
            }
        }
        Err(format!("the server was still busy after {} seconds", SETTLING.as_secs()).into())
    }
}
