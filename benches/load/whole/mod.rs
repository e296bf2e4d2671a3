//! The portal itself under load: a database of national size, the release binary on it, people who sign in, and what
//! they ask for, held against the targets of docs/performance.md.

mod extra;
mod filing;
mod large;
mod multipart;
mod people;
pub mod program;
mod queueing;
pub mod rows;
mod scenarios;
mod sites;
mod uploads;
mod verdict;
pub mod world;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::driver::Result;

/// What is measured, and where its data goes.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// A folder for the databases, on the disk that counts. What an earlier run left there is made anew.
    #[arg(long)]
    pub folder: PathBuf,
    /// Two empty PostgreSQL databases that keep to full durability: the large one and the small one. Left out without.
    #[arg(long, num_args = 2, value_names = ["LARGE", "SMALL"])]
    pub postgres: Vec<String>,
    /// A register of 64,201 rows whose import is timed. Left out without.
    #[arg(long)]
    pub register: Option<PathBuf>,
    /// Seconds to measure in each run, after one to warm up.
    #[arg(long, default_value_t = 3)]
    pub seconds: u64,
    /// Organisations in the large database.
    #[arg(long, default_value_t = 64_201)]
    pub organisations: usize,
    /// Submitted returns in the large database.
    #[arg(long, default_value_t = 1_001)]
    pub returns: usize,
    /// The document between whose marks the tables are written, besides being printed.
    #[arg(long)]
    pub write: Option<PathBuf>,
    /// The machine in words, for the document.
    #[arg(long, default_value = "")]
    pub machine: String,
}

/// Measures everything and prints it.
pub fn measure(arguments: &Arguments) -> Result<()> {
    if arguments.folder.exists() {
        std::fs::remove_dir_all(&arguments.folder)?;
    }
    std::fs::create_dir_all(&arguments.folder)?;
    let seconds = Duration::from_secs(arguments.seconds);
    let limits = extra::limits(&arguments.folder, seconds)?;
    let mut reports = Vec::new();
    let sqlite =
        |name: &str| format!("sqlite://{}", arguments.folder.join(name).join("portal.sqlite").display());
    let mut targets = vec![("SQLite", sqlite("large"), sqlite("small"))];
    if let [large, small] = arguments.postgres.as_slice() {
        targets.push(("PostgreSQL", large.clone(), small.clone()));
    }
    for (name, large, small) in targets {
        let place = arguments.folder.join(name.to_lowercase());
        std::fs::create_dir_all(&place)?;
        reports.push(scenarios::on(name, (&large, &small), &place, arguments, seconds)?);
    }
    let import = match &arguments.register {
        Some(file) => Some(extra::import(&arguments.folder, file)?),
        None => None,
    };
    let text = verdict::document(&arguments.machine, &limits, &reports, import.as_ref());
    println!("{text}");
    match &arguments.write {
        Some(file) => verdict::write(file, &text),
        None => Ok(()),
    }
}
