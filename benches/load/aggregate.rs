//! Counting seven million answers by sector, region, requirement and level: from the database, and once more from what is then
//! in memory, beside DuckDB over the same answers as rows of a table of its own.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use diesel::prelude::*;
use portal::access::Actor;
use portal::platform::clock::SystemClock;
use portal::platform::db::{Conn, Db, Target};
use portal::platform::ids::CollectionId;
use portal::publication::{Breakdown, Sheets};
use portal::schema::{organisation, submission};

use crate::answers::{self, EVERYBODY, Given, Standard, Year};
use crate::databases::Databases;
use crate::driver::Result;
use crate::whole::world;

/// Where the numbers of its rows begin.
const APART: usize = 9_000_000;
/// The most that counting from the database may take, as a multiple of DuckDB's time.
const AGAINST: f64 = 1.5;
/// The most that counting from memory may take.
const IN_MEMORY: Duration = Duration::from_millis(5);
/// Times that each is measured; the median counts.
const TIMES: usize = 7;

/// What is measured, and where its data goes.
#[derive(Debug, Clone, Args)]
pub struct Arguments {
    /// Where its databases go.
    #[command(flatten)]
    pub databases: Databases,
    /// Submissions.
    #[arg(long, default_value_t = 64_201)]
    pub submissions: usize,
    /// Requirements of the edition.
    #[arg(long, default_value_t = 110)]
    pub requirements: usize,
    /// A Python that has the package duckdb; without one there is no comparison.
    #[arg(long, default_value = "python3")]
    pub python: PathBuf,
}

/// Measures on both databases and prints a table.
pub fn measure(arguments: &Arguments) -> Result<()> {
    let mut lines = Vec::new();
    for (name, url) in arguments.databases.make()? {
        eprintln!("{name}: making {} submissions", arguments.submissions);
        world::make(&url, world::Size { organisations: arguments.submissions, submitted: 1, drafts: 0 })?;
        let db = Db::open(&Target::parse(&url)?, 1, Arc::new(SystemClock))?;
        let id = fill(&db, arguments)?;
        let ours = ours(&db, id)?;
        let file = arguments.databases.folder.join("answers.csv");
        let rows = export(&db, id, &file)?;
        let theirs = duckdb(&arguments.python, &file, &ours.counted)?;
        lines.push(line(name, rows, &ours, theirs));
    }
    println!(
        "| database | answers | from the database | DuckDB, same answers | at most {AGAINST} times | in memory | at most {} ms |",
        IN_MEMORY.as_millis()
    );
    println!("|---|---:|---:|---:|---|---:|---|\n{}", lines.join("\n"));
    Ok(())
}

fn line(name: &str, rows: u64, ours: &Ours, theirs: Option<Duration>) -> String {
    let millis = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let against = theirs.map_or_else(
        || "not compared".to_owned(),
        |theirs| {
            let times = ours.from_database.as_secs_f64() / theirs.as_secs_f64();
            format!("{times:.2} times: {}", if times <= AGAINST { "within" } else { "over" })
        },
    );
    format!(
        "| {name} | {rows} | {} | {} | {against} | {} | {} |",
        millis(ours.from_database),
        theirs.map_or_else(|| "not installed".to_owned(), millis),
        millis(ours.in_memory),
        if ours.in_memory <= IN_MEMORY { "within" } else { "over" }
    )
}

/// A closed collection of as many requirements, with a submission of every organisation. Nothing here looks at grades.
fn fill(db: &Db, arguments: &Arguments) -> Result<CollectionId> {
    let standard = Standard {
        requirements: arguments.requirements,
        profiles: &[(EVERYBODY, "nhs_trust")],
        asks: |_| &[EVERYBODY],
    };
    let year = Year { key: "aggregate", name: "Answers to count", ago: 0, previous: None, apart: APART };
    let given = |position: usize| Given {
        profile: EVERYBODY,
        levels: (0..standard.requirements).map(|place| level(position, place)).collect(),
        grade: "satisfactory",
        late: false,
    };
    let given: Vec<Given> = (0..arguments.submissions).map(given).collect();
    let edition = answers::import(db, &standard)?;
    answers::fill(db, (edition, standard), year, &given)
}

/// A level from 0 to 3, or one in sixteen not answered, as if by chance.
fn level(position: usize, place: usize) -> u8 {
    match answers::chance(position as u64 * 1_000 + place as u64) % 16 {
        15 => 255,
        other => u8::try_from(other % 4).unwrap_or_default(),
    }
}

/// Counts by group, requirement and level, to be compared.
type Counted = BTreeMap<(String, String, String), u64>;

struct Ours {
    from_database: Duration,
    in_memory: Duration,
    counted: Counted,
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn ours(db: &Db, id: CollectionId) -> Result<Ours> {
    let (mut from_database, mut in_memory) = (Vec::new(), Vec::new());
    let mut counted = Counted::new();
    for _ in 0..TIMES {
        // Nothing is kept from one time to the next.
        let sheets = Sheets::default();
        let began = Instant::now();
        let sheet = db.read_now(Actor::system_reach(), |conn| sheets.now(conn, id))?;
        let counts = sheet.count(Breakdown::SectorAndRegion)?;
        from_database.push(began.elapsed());
        let began = Instant::now();
        let again = sheet.count(Breakdown::SectorAndRegion)?;
        in_memory.push(began.elapsed());
        let groups = sheet.groups(Breakdown::SectorAndRegion)?;
        counted.clear();
        for (g, group) in groups.categories().iter().enumerate() {
            for (r, requirement) in sheet.requirements().categories().iter().enumerate() {
                for (l, level) in sheet.levels().categories().iter().enumerate() {
                    let count = counts.at(g, r, l);
                    if count != again.at(g, r, l) {
                        return Err("two counts of the same answers differ".into());
                    }
                    if count > 0 {
                        counted
                            .insert((group.key.clone(), requirement.key.clone(), level.key.clone()), count);
                    }
                }
            }
        }
    }
    Ok(Ours { from_database: median(from_database), in_memory: median(in_memory), counted })
}

/// One answer a line, for DuckDB; how many there are.
fn export(db: &Db, id: CollectionId, file: &Path) -> Result<u64> {
    let rows = db.read_now(Actor::system_reach(), |conn| levels_of(conn, id))?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    writeln!(out, "sector,region,item,level")?;
    let mut lines = 0;
    for (sector, region, levels) in rows {
        let region = region.as_deref().unwrap_or("unknown");
        for (place, level) in levels.iter().enumerate() {
            writeln!(out, "{sector},{region},{place},{level}")?;
            lines += 1;
        }
    }
    out.flush()?;
    Ok(lines)
}

type Answers = Vec<(String, Option<String>, Vec<u8>)>;

fn levels_of(conn: &mut Conn, id: CollectionId) -> portal::platform::error::Result<Answers> {
    Ok(submission::table
        .inner_join(organisation::table.on(organisation::id.eq(submission::organisation_id)))
        .filter(submission::collection_id.eq(id))
        .select((organisation::sector, organisation::region_code, submission::levels))
        .load(conn)?)
}

/// The median of DuckDB's times for the same question, in a database file of its own; none where it is not installed.
fn duckdb(python: &Path, file: &Path, ours: &Counted) -> Result<Option<Duration>> {
    let out = Command::new(python).arg("-c").arg(include_str!("aggregate.py")).arg(file).output();
    let out = match out {
        Ok(out) if out.status.success() => String::from_utf8(out.stdout)?,
        Ok(out) => {
            eprintln!("DuckDB is not compared: {}", String::from_utf8_lossy(&out.stderr));
            return Ok(None);
        }
        Err(error) => {
            eprintln!("DuckDB is not compared: {error}");
            return Ok(None);
        }
    };
    let mut lines = out.lines();
    let seconds: f64 = lines.next().unwrap_or_default().parse()?;
    let mut theirs = Counted::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [sector, region, item, level, count] = cells.as_slice() else {
            return Err(format!("DuckDB answered {line}").into());
        };
        let level = if *level == "255" { "none".to_owned() } else { format!("level_{level}") };
        let item: usize = item.parse()?;
        theirs.insert((format!("{sector}|{region}"), format!("1-{item:03}"), level), count.parse()?);
    }
    if theirs != *ours {
        return Err("DuckDB counts other answers than we do".into());
    }
    Ok(Some(Duration::from_secs_f64(seconds)))
}
