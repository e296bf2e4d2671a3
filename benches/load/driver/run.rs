//! One measured run: some connections, each a thread that asks, waits for the answer and asks again.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Result;
use super::fsync::Counter;
use super::http::{Connection, Response};
use super::process::Process;

/// What one connection asks. Made once for each connection, so that each can be somebody of its own.
pub trait Client: Send {
    /// Appends the next request.
    fn ask(&mut self, out: &mut Vec<u8>);

    /// Looks at the answer: refuses a wrong one, learns from a right one (a version, a token).
    fn answered(&mut self, response: Response<'_>) -> Result<()>;
}

/// The same request over and over, to be answered with 200 and the same number of bytes.
pub struct Same {
    request: Vec<u8>,
    length: Option<usize>,
}

impl Same {
    /// From the bytes of one request, as `http::request` makes them.
    pub fn new(request: Vec<u8>) -> Self {
        Self { request, length: None }
    }
}

impl Client for Same {
    fn ask(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.request);
    }

    fn answered(&mut self, response: Response<'_>) -> Result<()> {
        if response.status != 200 {
            return Err(format!("{} instead of 200", response.status).into());
        }
        match *self.length.get_or_insert(response.body.len()) {
            0 => Err("an empty answer".into()),
            length if length == response.body.len() => Ok(()),
            length => Err(format!("{} bytes after {length}", response.body.len()).into()),
        }
    }
}

/// How to run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Connections, one thread each.
    pub connections: usize,
    /// Requests sent before the first answer is read; 1 except where a bare limit is looked for.
    pub depth: usize,
    /// Time before measuring: caches fill, connections open.
    pub warm_up: Duration,
    /// Time measured.
    pub measured: Duration,
}

impl Plan {
    /// The usual run: one request at a time, one second to warm up.
    pub fn new(connections: usize, measured: Duration) -> Self {
        Self { connections, depth: 1, warm_up: Duration::from_secs(1), measured }
    }
}

/// How much longer than planned is waited for the first answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Answers that came within the measured time, all of them right.
    pub requests: u64,
    /// The time they took together, from the first to the last.
    pub seconds: f64,
    /// Latencies in microseconds: half, 95 % and 99 % of the answers came within these.
    pub p50: u64,
    /// See `p50`.
    pub p95: u64,
    /// See `p50`.
    pub p99: u64,
    /// User and system time of the server's process for each request, in milliseconds.
    pub cpu_ms: Option<f64>,
    /// Fsyncs of the server's process for each request.
    pub fsyncs: Option<f64>,
    /// The server's memory at the end, in KiB, shared pages by share.
    pub pss_kib: Option<u64>,
}

impl Outcome {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

/// What is watched while a run goes on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watch<'a> {
    /// The server's process.
    pub process: Option<&'a Process>,
    /// Its counter of fsyncs, if it was started with one.
    pub fsyncs: Option<&'a Counter>,
}

/// Runs clients made by `client` (given the number of the connection) against a server. The first wrong answer ends the run.
pub fn run<C: Client>(
    address: SocketAddr,
    plan: Plan,
    watch: Watch<'_>,
    client: impl Fn(usize) -> Result<C> + Sync,
) -> Result<Outcome> {
    let clients: Vec<C> = (0..plan.connections).map(&client).collect::<Result<_>>()?;
    let (begin, end) = (Barrier::new(plan.connections + 1), Barrier::new(plan.connections + 1));
    let (measuring, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let answered = AtomicBool::new(false);
    let signals =
        Signals { begin: &begin, end: &end, measuring: &measuring, answered: &answered, stop: &stop };
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .into_iter()
            .map(|client| scope.spawn(move || converse(address, plan, client, signals)))
            .collect();
        begin.wait();
        std::thread::sleep(plan.warm_up);
        let before = Reading::take(watch)?;
        measuring.store(true, Ordering::SeqCst);
        let started = Instant::now();
        std::thread::sleep(plan.measured);
        // A disk that stands still for longer than is measured makes an answer late; it is still an answer.
        while !answered.load(Ordering::SeqCst) && started.elapsed() < plan.measured + PATIENCE {
            std::thread::sleep(Duration::from_millis(10));
        }
        measuring.store(false, Ordering::SeqCst);
        let seconds = started.elapsed().as_secs_f64();
        let after = Reading::take(watch)?;
        stop.store(true, Ordering::SeqCst);
        end.wait();
        let mut latencies = Vec::new();
        for thread in threads {
            latencies.extend(thread.join().map_err(|_| "a connection's thread panicked")??);
        }
        summarise(latencies, seconds, &before, &after)
    })
}

#[derive(Clone, Copy)]
struct Signals<'a> {
    begin: &'a Barrier,
    end: &'a Barrier,
    measuring: &'a AtomicBool,
    /// Whether any answer came in the measured time.
    answered: &'a AtomicBool,
    stop: &'a AtomicBool,
}

/// One connection's life. Gives the latencies of the measured time in microseconds.
fn converse(address: SocketAddr, plan: Plan, client: impl Client, signals: Signals<'_>) -> Result<Vec<u32>> {
    let opened = Connection::open(address);
    signals.begin.wait();
    let outcome = opened.and_then(|connection| converse_until_stopped(connection, plan, client, signals));
    signals.end.wait();
    outcome
}

fn converse_until_stopped(
    mut connection: Connection,
    plan: Plan,
    mut client: impl Client,
    signals: Signals<'_>,
) -> Result<Vec<u32>> {
    let mut latencies = Vec::with_capacity(1 << 16);
    let mut bytes = Vec::new();
    while !signals.stop.load(Ordering::Relaxed) {
        bytes.clear();
        (0..plan.depth).for_each(|_| client.ask(&mut bytes));
        let asked = Instant::now();
        connection.send(&bytes)?;
        for _ in 0..plan.depth {
            client.answered(connection.receive()?)?;
            if signals.measuring.load(Ordering::Relaxed) {
                latencies.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
                if !signals.answered.load(Ordering::Relaxed) {
                    signals.answered.store(true, Ordering::Relaxed);
                }
            }
        }
    }
    Ok(latencies)
}

/// The counters at one moment.
struct Reading {
    cpu: Option<Duration>,
    fsyncs: Option<u64>,
    pss_kib: Option<u64>,
}

impl Reading {
    fn take(watch: Watch<'_>) -> Result<Self> {
        Ok(Self {
            cpu: watch.process.map(Process::cpu_time).transpose()?,
            fsyncs: watch.fsyncs.map(Counter::count).transpose()?,
            pss_kib: watch.process.map(Process::pss_kib).transpose()?,
        })
    }
}

fn summarise(mut latencies: Vec<u32>, seconds: f64, before: &Reading, after: &Reading) -> Result<Outcome> {
    if latencies.is_empty() {
        return Err("no answer came within the measured time".into());
    }
    latencies.sort_unstable();
    let requests = latencies.len() as u64;
    let each = |total: f64| total / requests as f64;
    let spent = before.cpu.zip(after.cpu).map(|(before, after)| after.saturating_sub(before));
    let synced = before.fsyncs.zip(after.fsyncs).map(|(before, after)| after.saturating_sub(before));
    Ok(Outcome {
        requests,
        seconds,
        p50: percentile(&latencies, 50),
        p95: percentile(&latencies, 95),
        p99: percentile(&latencies, 99),
        cpu_ms: spent.map(|spent| each(spent.as_secs_f64() * 1000.0)),
        fsyncs: synced.map(|count| each(count as f64)),
        pss_kib: after.pss_kib,
    })
}

/// The smallest latency that `percent` of the sorted answers did not exceed (nearest rank).
pub fn percentile(sorted: &[u32], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().map_or(0, u64::from)
}
