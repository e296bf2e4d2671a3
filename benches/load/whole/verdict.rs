//! The measurements as Markdown, each beside its target, and the document that keeps them.

use std::fmt::Write as _;
use std::path::Path;

use super::extra::{Import, Limit};
use super::large::{OWNERS, PIECES};
use super::scenarios::Report;
use crate::driver::Result;
use crate::driver::report::{Row, table};
use crate::driver::run::Outcome;

/// Marks in the document between which the tables stand.
const BEGIN: &str = "<!-- measured by scripts/bench -->";
const END: &str = "<!-- end of the measurements -->";

/// One target and what became of it.
struct Line {
    what: String,
    target: &'static str,
    measured: String,
    met: bool,
}

/// The whole text.
pub fn document(machine: &str, limits: &[Limit], reports: &[Report], import: Option<&Import>) -> String {
    let mut text = String::new();
    if !machine.is_empty() {
        text.push_str(&format!("Machine: {machine}.\n\n"));
    }
    text.push_str("| what | database | target | measured | met |\n|---|---|---|---:|---|\n");
    for report in reports {
        for line in lines(report) {
            write_line(&mut text, report.database, &line);
        }
    }
    if let Some(import) = import {
        let line = Line {
            what: format!("import of {} rows", import.rows),
            target: "under 3 s",
            measured: format!("{:.2} s (whole command {:.2} s)", import.seconds, import.command),
            met: import.command < 3.0,
        };
        write_line(&mut text, "SQLite", &line);
    }
    text.push_str("\nThe machine\u{2019}s limit in the same run, bare durable saves in groups:\n\n");
    text.push_str("| clients | saves/s | fsyncs/save |\n|---:|---:|---:|\n");
    for limit in limits {
        text.push_str(&format!("| {} | {:.0} | {:.3} |\n", limit.clients, limit.rate, limit.fsyncs));
    }
    for report in reports {
        text.push_str(&format!(
            "\n### {}\n\nThe database was made in {:.1} s and its release composed and published in {:.1} s.\n\n",
            report.database, report.made, report.published
        ));
        text.push_str(&table(&report.rows));
        text.push_str(&format!(
            "\nA return of {} requirements with {OWNERS} owners and {PIECES} pieces of evidence:\n\n",
            report.asked
        ));
        text.push_str(&table(&report.large));
        text.push_str("\nPublic pages, and a bare handler that answers the same bytes:\n\n");
        text.push_str(
            "| what | connections | requests/s | bare requests/s | share | CPU ms/request | bare CPU ms/request |\n\
             |---|---:|---:|---:|---:|---:|---:|\n",
        );
        for (row, bare) in &report.public {
            text.push_str(&format!(
                "| {} | {} | {:.0} | {:.0} | {:.0}% | {} | {} |\n",
                row.name,
                row.connections,
                row.outcome.rate(),
                bare.rate(),
                100.0 * row.outcome.rate() / bare.rate(),
                cpu(&row.outcome),
                cpu(bare),
            ));
        }
    }
    text
}

fn write_line(text: &mut String, database: &str, line: &Line) {
    let met = if line.met { "yes" } else { "**no**" };
    // Writing into a String cannot fail.
    writeln!(text, "| {} | {database} | {} | {} | {met} |", line.what, line.target, line.measured)
        .unwrap_or_default();
}

fn cpu(outcome: &Outcome) -> String {
    outcome.cpu_ms.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.3}"))
}

/// What became of a scenario of the large return, which asks for so many requirements.
fn of_large(row: &Row, asked: usize) -> Line {
    let (limit, target, each) = match row.name.as_str() {
        name if name.ends_with("task list") => {
            (1.5 * asked as f64 / 110.0, "1.5 ms of CPU or less for 110 requirements, in proportion", 1.0)
        }
        name if name.contains("workbook out") => (150.0, "150 ms of CPU or less", 1.0),
        // The upload and the page that shows it are two requests.
        name if name.contains("preview") => (300.0, "300 ms of CPU or less", 2.0),
        _ => (1.0, "1 ms of CPU or less", 1.0),
    };
    let used = row.outcome.cpu_ms.unwrap_or(f64::MAX) * each;
    let name = row.name.trim_end_matches(", each");
    Line {
        what: format!("{name} ({asked} requirements), {} at once", row.connections),
        target,
        measured: format!("{used:.3} ms"),
        met: used <= limit,
    }
}

/// What became of a scenario of the lists and pages, in CPU for each request.
fn of_page(row: &Row) -> Line {
    let (limit, target) = match row.name.as_str() {
        "programme dashboard" => (10.0, "10 ms of CPU or less"),
        name if ["list", "queue", "organisations at risk"].iter().any(|start| name.starts_with(start)) => {
            (5.0, "5 ms of CPU or less")
        }
        _ => (1.0, "1 ms of CPU or less"),
    };
    let used = row.outcome.cpu_ms.unwrap_or(f64::MAX);
    let what = format!("{}, {} at once", row.name, row.connections);
    if row.name.starts_with("queue") && row.connections == 16 {
        let slow = row.outcome.p95 as f64 / 1000.0;
        let target = "5 ms of CPU or less, p95 50 ms or less";
        let measured = format!("{used:.3} ms, p95 {slow:.1} ms");
        return Line { what, target, measured, met: used <= limit && slow <= 50.0 };
    }
    Line { what, target, measured: format!("{used:.3} ms"), met: used <= limit }
}

fn lines(report: &Report) -> Vec<Line> {
    let mut lines: Vec<Line> = report.rows.iter().filter(|row| row.connections <= 16).map(of_page).collect();
    lines.extend(report.large.iter().map(|row| of_large(row, report.asked)));
    for (row, bare) in &report.public {
        let share = row.outcome.rate() / bare.rate();
        lines.push(Line {
            what: format!("{}, {} at once", row.name, row.connections),
            target: "80% or more of a bare handler",
            measured: format!("{:.0}%", share * 100.0),
            met: share >= 0.8,
        });
    }
    let (few, many) = (report.flat.0.cpu_ms.unwrap_or_default(), report.flat.1.cpu_ms.unwrap_or_default());
    lines.push(Line {
        what: "save one answer with 10 organisations and with all of them".to_owned(),
        target: "flat within 10%",
        measured: format!("{few:.3} and {many:.3} ms, {:+.1}%", 100.0 * (many / few - 1.0)),
        met: many <= few * 1.1,
    });
    let most = report.rows.iter().rev().find(|row| row.connections > 16);
    if let (Some(row), Some(bare)) = (most, &report.bare) {
        let share = row.outcome.rate() / bare.rate;
        lines.push(Line {
            what: format!("durable saves, {} at once", row.connections),
            target: "half or more of bare group commit",
            measured: format!(
                "{:.0} of {:.0} a second, {:.0}%",
                row.outcome.rate(),
                bare.rate,
                share * 100.0
            ),
            met: share >= 0.5,
        });
        let fsyncs = row.outcome.fsyncs.unwrap_or(f64::MAX);
        lines.push(Line {
            what: format!("flushes for each save, {} at once", row.connections),
            target: "0.05 or fewer",
            measured: format!("{fsyncs:.3}"),
            met: fsyncs <= 0.05,
        });
    }
    lines.push(Line {
        what: "start to ready".to_owned(),
        target: "0.3 s or less",
        measured: format!("{:.0} ms", report.ready_ms),
        met: report.ready_ms <= 300.0,
    });
    let uploads = &report.uploads;
    lines.push(Line {
        what: "uploads to the local disk, one at a time".to_owned(),
        target: "200 MB/s or more",
        measured: format!(
            "{:.0} MB/s, {:.0}% of hashing and writing plainly ({:.0} MB/s)",
            uploads.rate,
            100.0 * uploads.rate / uploads.plain,
            uploads.plain
        ),
        met: uploads.rate >= 200.0,
    });
    lines.push(Line {
        what: "growth of the most memory by uploads of 48 MiB".to_owned(),
        target: "16 MiB or less",
        measured: format!("{:.1} MiB", uploads.grown_kib as f64 / 1024.0),
        met: uploads.grown_kib <= 16 * 1024,
    });
    lines.push(Line {
        what: "memory after the run (PSS)".to_owned(),
        target: "100 MiB or less",
        measured: format!(
            "{:.1} MiB, of which {:.1} MiB mirror files",
            report.pss_kib as f64 / 1024.0,
            report.of_files_kib as f64 / 1024.0
        ),
        met: report.pss_kib <= 100 * 1024,
    });
    let sites = &report.sites;
    lines.push(Line {
        what: format!("submission for {} sites in one action, until all are done", sites.sites),
        target: "under 60 s",
        measured: format!("{:.1} s ({:.1} s of CPU)", sites.seconds, sites.cpu),
        met: sites.seconds < 60.0,
    });
    lines
}

/// Puts the text between the document's marks.
pub fn write(file: &Path, text: &str) -> Result<()> {
    let document = std::fs::read_to_string(file)?;
    let missing = || format!("{} has no marks to write between", file.display());
    let (before, rest) = document.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(std::fs::write(file, format!("{before}{BEGIN}\n\n{}\n{END}{after}", text.trim_end()))?)
}
