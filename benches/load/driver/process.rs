//! A server's process: starting it, waiting until it is ready, reading what it used, ending it. Linux only.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Result;

/// How often the memory of a command is looked at.
const EVERY: Duration = Duration::from_millis(5);

/// A command that ran to its end.
#[derive(Debug)]
pub struct Ended {
    /// What it printed, line by line, each with the time from its start.
    pub lines: Vec<(Duration, String)>,
    /// From its start to its end.
    pub took: Duration,
    /// The most memory that it ever had in KiB.
    pub most_kib: u64,
}

/// A process that is watched, and ended with this value if it was started here.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    started: Option<Child>,
}

impl Process {
    /// A process that somebody else started.
    pub fn watch(pid: u32) -> Self {
        Self { pid, started: None }
    }

    /// Starts a server and waits until it prints a line that begins with `ready`. Gives the rest of that line, and the time it
    /// took. Everything else that it prints is passed over.
    pub fn start(command: &mut Command, ready: &str) -> Result<(Self, String, Duration)> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let process = Self { pid: child.id(), started: Some(child) };
        let mut lines = BufReader::new(output).lines();
        for line in lines.by_ref() {
            if let Some(rest) = line?.strip_prefix(ready) {
                let (rest, took) = (rest.trim().to_owned(), begun.elapsed());
                // Read on, or the server would stop when the pipe is full.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok((process, rest, took));
            }
        }
        Err(format!("{command:?} ended without printing {ready:?}").into())
    }

    /// Runs a command to its end. The kernel forgets the most memory that a process had when it ends, so it is asked all the
    /// while: what was taken in the last few milliseconds and is more than ever before goes unseen.
    pub fn run(command: &mut Command) -> Result<Ended> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the command has no output")?;
        let mut process = Self { pid: child.id(), started: Some(child) };
        let reader = std::thread::spawn(move || {
            BufReader::new(output)
                .lines()
                .map(|line| line.map(|line| (begun.elapsed(), line)))
                .collect::<std::io::Result<Vec<_>>>()
        });
        let mut most_kib = 0;
        let status = loop {
            // Between its end and its being waited for there is nothing to read.
            most_kib = process.most_kib().map_or(most_kib, |kib| kib.max(most_kib));
            let ended = process.started.as_mut().map(Child::try_wait).transpose()?;
            if let Some(status) = ended.flatten() {
                break status;
            }
            std::thread::sleep(EVERY);
        };
        let took = begun.elapsed();
        let lines = reader.join().map_err(|_| "the reader of a command's output panicked")??;
        if !status.success() {
            return Err(format!("{command:?}: {status}").into());
        }
        if most_kib == 0 {
            return Err(format!("{command:?} ended before its memory was looked at").into());
        }
        Ok(Ended { lines, took, most_kib })
    }

    /// User and system time so far, over all threads, also those that have ended. Steps of 10 ms.
    pub fn cpu_time(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The second field, the name, may hold spaces; the times are the 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')').ok_or("an unknown form of /proc/PID/stat")?;
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<u64>)
            .sum::<std::result::Result<_, _>>()?;
        Ok(Duration::from_millis(ticks * 1000 / ticks_a_second()?))
    }

    /// Memory in KiB, pages that are shared with others counted by share.
    pub fn pss_kib(&self) -> Result<u64> {
        self.rollup("Pss:")
    }

    /// How much of [`Self::pss_kib`] only mirrors files, most of it the program's own: the system drops such pages when it
    /// needs room.
    pub fn pss_of_files_kib(&self) -> Result<u64> {
        self.rollup("Pss_File:")
    }

    fn rollup(&self, name: &str) -> Result<u64> {
        let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix(name));
        let line = line.ok_or_else(|| format!("no {name} in smaps_rollup"))?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// The most memory that it ever had in KiB.
    pub fn most_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in status")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.started {
            // It may have ended by itself. Where it cannot be ended nobody is left to be told.
            if let Err(error) = child.kill().and_then(|()| child.wait()) {
                log::warn!("process {} could not be ended: {error}", self.pid);
            }
        }
    }
}

fn ticks_a_second() -> Result<u64> {
    let output = Command::new("getconf").arg("CLK_TCK").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
