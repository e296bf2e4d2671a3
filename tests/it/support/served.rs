//! The real `portal` binary on the data that a world made: a child process on a free port of this machine, which a test
//! may end as roughly as it likes and start again. Its clock is the real one.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use portal::platform::clock::{Clock as _, SystemClock};

use super::{Place, World};
use crate::source::root;

/// Lines of the log that a failed test shows.
const LAST_WORDS: usize = 25;

/// How long a server may take until it says that it is ready; a debug build on a busy machine is slow.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a server may take to end when asked to.
const END_WITHIN: Duration = Duration::from_secs(25);

/// A setting of one server beside those of its world.
pub type Setting = (&'static str, String);

/// A running server, killed when this value is dropped.
pub struct Served {
    place: Arc<Place>,
    settings: Vec<Setting>,
    port: u16,
    child: Child,
}

impl World {
    /// Moves this world to the present, so that what is seeded from here on fits the real clock of a served binary.
    pub fn now_in_earnest(&self) {
        self.clock.set(SystemClock.now());
    }

    /// Lets go of the database and starts the real binary on it. Jobs that are due are run first; browsers of this
    /// world must be gone, as they share its connections.
    pub fn serve(self) -> Served {
        self.serve_with(&[])
    }

    /// The same with more settings.
    pub fn serve_with(self, settings: &[Setting]) -> Served {
        self.settle();
        let place = Arc::clone(&self.place);
        drop(self);
        Served::start(&place, settings)
    }
}

impl Served {
    fn start(place: &Arc<Place>, settings: &[Setting]) -> Self {
        // The port is free when it is chosen, but another process may be quicker: then another one is.
        for _ in 0..5 {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            let child = spawn(place, settings, free);
            let (place, settings) = (Arc::clone(place), settings.to_vec());
            let mut served = Self { place, settings, port: free, child };
            if served.wait_until_ready() {
                return served;
            }
            assert!(served.said().contains("cannot listen on"), "portal ended:\n{}", served.said());
        }
        panic!("no port stayed free");
    }

    /// The address of its start page, without a slash at the end.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it between two instructions, as a power cut would.
    pub fn kill_9(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(asked.success(), "kill -TERM failed");
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < END_WITHIN, "portal does not end:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it again on the same data and port, after [`Self::kill_9`] or [`Self::stop`].
    pub fn restart(&mut self) {
        assert!(self.child.try_wait().unwrap().is_some(), "portal still runs");
        self.child = spawn(&self.place, &self.settings, self.port);
        assert!(self.wait_until_ready(), "portal ended:\n{}", self.said());
    }

    /// Ends it and opens its data as a world, in which everything that it wrote can be looked at.
    pub fn world(mut self) -> World {
        self.kill_9();
        let world = World::open(Arc::clone(&self.place));
        world.now_in_earnest();
        // Past the leases on work that it was doing, so that the world can do it.
        world.clock.advance_seconds(300);
        world
    }

    /// The folder in which it puts each mail as a file.
    pub fn mail_folder(&self) -> PathBuf {
        self.place.folder.path().join("mail")
    }

    /// Everything that it has printed, over all its starts.
    pub fn said(&self) -> String {
        let mut said = String::new();
        File::open(log_path(&self.place)).unwrap().read_to_string(&mut said).unwrap();
        said
    }

    /// The status and body of an answer to a GET; none when nobody answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        self.address().ask("GET", path, &[], "")
    }

    /// Where to ask, for other threads.
    pub fn address(&self) -> Address {
        Address { port: self.port }
    }

    /// The settings that it runs with, for another command on the same data.
    pub fn environment(&self) -> HashMap<String, String> {
        self.place.environment()
    }

    /// [`Self::restart`] where it cannot get ready: until this address answers.
    pub fn restart_until(&mut self, path: &str) {
        assert!(self.child.try_wait().unwrap().is_some(), "portal still runs");
        self.child = spawn(&self.place, &self.settings, self.port);
        assert!(self.wait_for(path), "portal ended:\n{}", self.said());
    }

    /// Whether it got ready; if not, it has ended.
    pub fn wait_until_ready(&mut self) -> bool {
        self.wait_for("/health/ready")
    }

    fn wait_for(&mut self, path: &str) -> bool {
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if self.get(path).is_some_and(|(status, _)| status == 200) {
                return true;
            }
            assert!(begun.elapsed() < READY_WITHIN, "portal is not ready:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

/// Where a server listens on this machine.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    port: u16,
}

impl Address {
    /// The status and body of an answer, on a connection of its own; none when nobody answers to the end.
    pub fn ask(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(READY_WITHIN)).unwrap();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.port,
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            request.push_str("content-type: application/json\r\n");
        }
        write!(stream, "{request}\r\n{body}").ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        // A file is no text: its length is told of its bytes.
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = (String::from_utf8_lossy(&answer[..end]), &answer[end + 4..]);
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        // A process that was killed in the middle has not answered.
        if length.is_some_and(|length| length.trim().parse() != Ok(body.len())) {
            return None;
        }
        Some((head.split(' ').nth(1)?.parse().ok()?, String::from_utf8_lossy(body).into_owned()))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Where it has ended already nothing is left to do.
        self.child.kill().unwrap_or_default();
        self.child.wait().map_or_else(|error| eprintln!("portal was not ended: {error}"), drop);
        if std::thread::panicking() {
            // What a failed test says itself stands above, and is to be found again.
            let said = self.said();
            let lines: Vec<&str> = said.lines().collect();
            let last = lines.get(lines.len().saturating_sub(LAST_WORDS)..).unwrap_or_default();
            eprintln!("the portal's last words:\n{}", last.join("\n"));
        }
    }
}

fn log_path(place: &Place) -> PathBuf {
    place.folder.path().join("portal.log")
}

fn spawn(place: &Place, settings: &[Setting], port: u16) -> Child {
    let log = OpenOptions::new().create(true).append(true).open(log_path(place)).unwrap();
    let mail = place.folder.path().join("mail");
    // Nothing of the surroundings reaches it: a variable of the machine would make another test of this one.
    Command::new(env!("CARGO_BIN_EXE_portal"))
        .arg("serve")
        .current_dir(root())
        .env_clear()
        .envs(place.environment())
        .env("PORTAL_HTTP__LISTEN", format!("127.0.0.1:{port}"))
        .env("PORTAL_HTTP__PUBLIC_URL", format!("http://127.0.0.1:{port}"))
        .env("PORTAL_MAIL__URL", format!("file://{}", mail.display()))
        .env("RUST_LOG", "info")
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}
