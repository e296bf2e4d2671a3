//! Building the whole national release: a nation of submissions with results, then the release binary in processes of its own
//! that makes the tables with their suppression, the report, and every page and file that the public gets. What has to be
//! there is looked for afterwards, so that nothing is counted as built that was not.

mod nation;
mod proof;

use std::time::Duration;

use clap::Args;

use crate::databases::Databases;
use crate::driver::Result;
use crate::driver::process::Ended;
use crate::whole::program::Program;

/// The most that it all may take.
const TIME: Duration = Duration::from_secs(60);
/// The most memory that a process may ever have.
const MOST_KIB: u64 = 1024 * 1024;
/// What there is to wait for, in order. The first three are of `portal publish`, the others of `portal export-site`; what a
/// command needs to start counts with its first.
const PARTS: [&str; 6] = [
    "figures, tables, suppression",
    "report (PDF)",
    "stored and published",
    "pages and files of the release",
    "packed, lists, bundle",
    "every page and file written, with gzip and brotli",
];

/// What is measured, and where its data goes.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Where its databases go.
    #[command(flatten)]
    pub databases: Databases,
    /// Organisations, each with a submission.
    #[arg(long, default_value_t = 64_201)]
    pub submissions: usize,
    /// Requirements of the edition.
    #[arg(long, default_value_t = 110)]
    pub requirements: usize,
}

/// Measures on both databases and prints a table.
pub fn measure(arguments: &Arguments) -> Result<()> {
    let mut lines = Vec::new();
    for (name, url) in arguments.databases.make()? {
        lines.push(on(name, &url, arguments)?);
    }
    println!(
        "| database | submissions | figures suppressed | {} | sum | target | most memory | target | met |",
        PARTS.join(" | ")
    );
    println!("|---|---:|---:|{}---:|---|---:|---|---|\n{}", "---:|".repeat(PARTS.len()), lines.join("\n"));
    Ok(())
}

fn on(name: &str, url: &str, arguments: &Arguments) -> Result<String> {
    eprintln!("{name}: making {} submissions of two years", arguments.submissions);
    nation::make(url, arguments.submissions, arguments.requirements)?;
    let place = arguments.databases.folder.join(name.to_lowercase());
    std::fs::create_dir_all(&place)?;
    let program = Program::new(url, &place);

    eprintln!("{name}: publishing");
    let published = program.watched(&["publish", "--collection", nation::KEY])?;
    tell(name, &published);
    let tables = at(&published, |line| line.ends_with(" tables."))?;
    let paper = at(&published, |line| line.starts_with("Storing the release"))?;

    let site = place.join("site");
    eprintln!("{name}: exporting the site");
    let exported = program.watched(&["export-site", &site.to_string_lossy()])?;
    tell(name, &exported);
    let pages = at(&exported, |line| line.starts_with("Making the pages"))?;
    let packed = at(&exported, |line| line.starts_with("Writing "))?;

    let suppressed = proof::look(&site, &proof::key(&published)?, arguments.submissions)?;
    let parts = [
        tables,
        paper.saturating_sub(tables),
        published.took.saturating_sub(paper),
        pages,
        packed.saturating_sub(pages),
        exported.took.saturating_sub(packed),
    ];
    let sum = published.took + exported.took;
    let most_kib = published.most_kib.max(exported.most_kib);
    let parts: Vec<String> = parts.into_iter().map(seconds).collect();
    Ok(format!(
        "| {name} | {} | {suppressed} | {} | {} | {} or less | {:.0} MiB | {} MiB or less | {} |",
        arguments.submissions,
        parts.join(" | "),
        seconds(sum),
        seconds(TIME),
        most_kib as f64 / 1024.0,
        MOST_KIB / 1024,
        if sum <= TIME && most_kib <= MOST_KIB { "yes" } else { "**no**" }
    ))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// The moment of the first line like that.
fn at(ended: &Ended, wanted: impl Fn(&str) -> bool) -> Result<Duration> {
    let found = ended.lines.iter().find(|(_, line)| wanted(line));
    found.map(|(moment, _)| *moment).ok_or_else(|| format!("a line is missing in {:?}", ended.lines).into())
}

/// What a command said and when, for whoever waits.
fn tell(name: &str, ended: &Ended) {
    for (moment, line) in &ended.lines {
        eprintln!("{name}: {:>6.2} s  {line}", moment.as_secs_f64());
    }
    eprintln!(
        "{name}: {:>6.2} s  ended, {} MiB at the most",
        ended.took.as_secs_f64(),
        ended.most_kib / 1024
    );
}
