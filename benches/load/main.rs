//! Measures servers on this machine: `cargo bench --bench load -- --help`. The figures of docs/performance.md come from here.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose purpose is to print a table")]

mod aggregate;
mod answers;
mod databases;
mod driver;
mod limits;
mod release;
mod rescore;

mod whole;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Parser, Subcommand};

use driver::Result;
use driver::fsync::Counter;
use driver::process::Process;
use driver::report::{Row, table};
use driver::run::{Plan, Same, Watch, run};

/// What is measured in this process has the allocator of the portal itself.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Drives servers over loopback and prints what they do and what it costs, as a Markdown table.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Given by cargo itself.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Gets pages of a server that is running already.
    Get {
        /// Where it listens, on this machine.
        #[arg(long)]
        address: SocketAddr,
        /// Its process, for CPU time and memory.
        #[arg(long)]
        pid: Option<u32>,
        /// Numbers of connections to try, one run for each.
        #[arg(long, value_delimiter = ',', default_value = "1,16")]
        connections: Vec<usize>,
        /// Seconds to measure in each run, after one to warm up.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Requests sent before the first answer is read.
        #[arg(long, default_value_t = 1)]
        depth: usize,
        /// A header to send, as `name: value`; may be given several times.
        #[arg(long)]
        header: Vec<String>,
        /// The paths to get.
        #[arg(required = true)]
        paths: Vec<String>,
    },
    /// Measures the machine's own limits: a bare handler, and bare durable commits.
    Limits {
        /// Where to put a database, on the disk that counts.
        #[arg(long, default_value = ".")]
        folder: PathBuf,
        /// Bytes that the bare handler answers.
        #[arg(long, default_value_t = 20_000)]
        bytes: usize,
        /// Seconds to measure in each run.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Measures the portal itself, built for release, on databases of national size, against the targets.
    Portal(whole::Arguments),
    /// Measures a correction of rules over a nation of returns.
    Rescore(rescore::Arguments),
    /// Measures counting a nation's answers by any breakdown, beside DuckDB over the same answers.
    Aggregate(aggregate::Arguments),
    /// Measures building a whole national release: its tables, its report, its files and every page.
    Release(release::Arguments),
    /// Commits in a database for so many clients, and says how often; started by `limits`.
    #[command(hide = true)]
    CommitBare {
        /// Where.
        folder: PathBuf,
        /// For how many.
        clients: usize,
        /// For how long.
        seconds: u64,
    },
    /// Serves so many bytes at `/` until it is killed; started by `limits`.
    #[command(hide = true)]
    ServeBare {
        /// How many.
        bytes: usize,
    },
    /// Serves a file's bytes at `/` until it is killed; started by `portal`.
    #[command(hide = true)]
    ServeFile {
        /// Which.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().what {
        What::Get { address, pid, connections, seconds, depth, header, paths } => {
            let process = pid.map(Process::watch);
            let watch = Watch { process: process.as_ref(), fsyncs: None };
            let plans = connections
                .into_iter()
                .map(|connections| Plan { depth, ..Plan::new(connections, Duration::from_secs(seconds)) });
            get(address, watch, &plans.collect::<Vec<_>>(), &header, &paths)
        }
        What::Limits { folder, bytes, seconds } => limits(&folder, bytes, seconds),
        What::CommitBare { folder, clients, seconds } => {
            limits::commits::measure(&folder, clients, Duration::from_secs(seconds))
                .map(|measured| println!("done: {} {}", measured.saves, measured.seconds))
        }
        What::ServeBare { bytes } => limits::handler::serve(vec![b'a'; bytes]),
        What::ServeFile { file } => std::fs::read(file).map_err(Into::into).and_then(limits::handler::serve),
        What::Portal(arguments) => whole::measure(&arguments),
        What::Rescore(arguments) => rescore::measure(&arguments),
        What::Aggregate(arguments) => aggregate::measure(&arguments),
        What::Release(arguments) => release::measure(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn get(
    address: SocketAddr,
    watch: Watch<'_>,
    plans: &[Plan],
    headers: &[String],
    paths: &[String],
) -> Result<()> {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|header| {
            header.split_once(':').map(|(name, value)| (name, value.trim())).ok_or("a header without a colon")
        })
        .collect::<std::result::Result<_, _>>()?;
    let mut rows = Vec::new();
    for path in paths {
        for plan in plans {
            let request = driver::http::request("GET", path, &headers, b"");
            let outcome = run(address, *plan, watch, |_| Ok(Same::new(request.clone())))?;
            rows.push(Row { name: path.clone(), connections: plan.connections, outcome });
        }
    }
    print!("{}", table(&rows));
    Ok(())
}

fn limits(folder: &Path, bytes: usize, seconds: u64) -> Result<()> {
    let mut command = itself(&["serve-bare", &bytes.to_string()])?;
    let (process, address, took) = Process::start(&mut command, "ready: ")?;
    let address: SocketAddr = address.parse()?;
    let watch = Watch { process: Some(&process), fsyncs: None };
    let mut rows = Vec::new();
    for (connections, depth) in [(1, 1), (16, 1), (16, 16)] {
        let plan = Plan { depth, ..Plan::new(connections, Duration::from_secs(seconds)) };
        let request = driver::http::request("GET", "/", &[], b"");
        let outcome = run(address, plan, watch, |_| Ok(Same::new(request.clone())))?;
        let name = format!("bare handler, {bytes} bytes, {depth} at a time");
        rows.push(Row { name, connections, outcome });
    }
    println!(
        "{}\nbare handler (process {}) ready after {} ms\n",
        table(&rows),
        process.pid(),
        took.as_millis()
    );

    let folder = tempfile::tempdir_in(folder)?;
    let counter = Counter::build(folder.path())?;
    println!("| bare durable saves, clients | saves/s | fsyncs/save |\n|---:|---:|---:|");
    for clients in [1, 16, 64] {
        let place = folder.path().join(format!("for-{clients}"));
        std::fs::create_dir(&place)?;
        let place = place.to_string_lossy();
        let mut command = itself(&["commit-bare", &place, &clients.to_string(), &seconds.to_string()])?;
        counter.attach(&mut command);
        let before = counter.count()?;
        let (_, printed, _) = Process::start(&mut command, "done: ")?;
        let (saves, seconds) = printed.split_once(' ').ok_or("the commits were not counted")?;
        let (saves, seconds): (u64, f64) = (saves.parse()?, seconds.parse()?);
        let fsyncs = (counter.count()? - before) as f64 / saves as f64;
        println!("| {clients} | {:.0} | {fsyncs:.3} |", saves as f64 / seconds);
    }
    Ok(())
}

/// This program again, in a process of its own.
fn itself(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments);
    Ok(command)
}
