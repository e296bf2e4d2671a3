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
use portal::access::{Actor, ImportEditionBySystem, Permit, Subject};
use portal::platform::clock::SystemClock;
use portal::platform::db::{Conn, Db, Target, Tx};
use portal::platform::ids::{CollectionId, EditionId, OrganisationId, ReturnId, SubmissionId};
use portal::publication::{Breakdown, Sheets};
use portal::schema::{annual_return, collection, collection_scope, organisation, submission};
use portal::standards::formats::{self, FileFormat, Names};
use portal::standards::{self, SectorKey};

use crate::databases::databases;
use crate::driver::Result;
use crate::whole::rows::{ReturnRow, SubmissionRow};
use crate::whole::world;

/// The collection's key.
const KEY: &str = "aggregate";
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
    /// A folder for the database, on the disk that counts. What an earlier run left there is made anew.
    #[arg(long)]
    pub folder: PathBuf,
    /// An empty PostgreSQL database. Left out without.
    #[arg(long)]
    pub postgres: Option<String>,
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
    for (name, url) in databases(&arguments.folder, arguments.postgres.as_deref())? {
        eprintln!("{name}: making {} submissions", arguments.submissions);
        world::make(&url, world::Size { organisations: arguments.submissions, submitted: 1, drafts: 0 })?;
        let db = Db::open(&Target::parse(&url)?, 1, Arc::new(SystemClock))?;
        let id = fill(&db, arguments)?;
        let ours = ours(&db, id)?;
        let file = arguments.folder.join("answers.csv");
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

/// A closed collection of as many requirements, with a submission of every organisation.
fn fill(db: &Db, arguments: &Arguments) -> Result<CollectionId> {
    let text = edition(arguments.requirements);
    let edition = formats::read(FileFormat::Toml, "bench.toml", text.as_bytes(), &Names::default())
        .map_err(|problems| format!("{problems:?}"))?
        .edition;
    let edition_id: EditionId = db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
        standards::import_edition(tx, &permit, &edition)
    })?;
    let id = db.housekeep_now(Actor::system_reach(), move |tx| begin(tx, edition_id))?;
    for from in (0..arguments.submissions).step_by(5000) {
        let (to, width) = ((from + 5000).min(arguments.submissions), arguments.requirements);
        db.housekeep_now(Actor::system_reach(), move |tx| submit(tx, (id, edition_id), from..to, width))?;
    }
    Ok(id)
}

/// An edition of so many requirements, each with levels 0 to 3.
fn edition(requirements: usize) -> String {
    let mut text = String::from(
        "format = 1\n[standard]\nkey = \"bench-levels\"\nname = \"Benchmark\"\nscheme = \"levels\"\n\
         description = \"Levels for a benchmark.\"\n[edition]\nkey = \"bench-levels-1\"\nlabel = \"bench\"\n\
         rule_set = \"bench-levels.1\"\n[[profiles]]\nkey = \"all\"\nname = \"All\"\nsectors = [\"nhs_trust\"]\n\
         [scoring]\nmax_level = 3\nsatisfactory_level = 2\n\
         bands = [{ label = \"red\", below = 40 }, { label = \"amber\", below = 70 }, { label = \"green\" }]\n\
         [[sections]]\ncode = \"1\"\ntitle = \"Everything\"\nguidance = \"For a benchmark.\"\n",
    );
    for number in 0..requirements {
        text.push_str(&format!(
            "[[requirements]]\ncode = \"1-{number:03}\"\nsection = \"1\"\ntitle = \"Requirement {number}\"\n\
             text = \"How far is it met?\"\nguidance = \"For a benchmark.\"\n\
             levels = [\"Not at all.\", \"A little.\", \"Mostly.\", \"Wholly.\"]\nexpected = {{ all = 2 }}\n"
        ));
    }
    text
}

fn begin(tx: &mut Tx<'_>, edition: EditionId) -> portal::platform::error::Result<CollectionId> {
    let now = tx.now();
    let id: CollectionId = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(edition),
            collection::key.eq(KEY),
            collection::name.eq("Answers to count"),
            collection::year_label.eq("bench"),
            collection::state.eq("closed"),
            collection::opens_at.eq(now.plus_seconds(-3_000_000)),
            collection::deadline_at.eq(now.plus_seconds(-2_000_000)),
            collection::closes_at.eq(now.plus_seconds(-1_000_000)),
            collection::created_at.eq(now.plus_seconds(-4_000_000)),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    for sector in SectorKey::all() {
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(id),
                collection_scope::sector.eq(sector.as_str()),
                collection_scope::profile.eq("all"),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

fn submit(
    tx: &mut Tx<'_>,
    (collection_id, edition_id): (CollectionId, EditionId),
    positions: std::ops::Range<usize>,
    width: usize,
) -> portal::platform::error::Result<()> {
    let at = tx.now().plus_seconds(-2_500_000);
    let (mut returns, mut submissions) = (Vec::new(), Vec::new());
    for position in positions {
        let id = world::number(APART + position);
        let organisation_id = OrganisationId::new(world::number(position));
        returns.push(ReturnRow {
            id: ReturnId::new(id),
            organisation_id,
            collection_id,
            edition_id,
            profile: "all",
            state: "submitted",
            opened_at: at,
            submission_id: Some(SubmissionId::new(id)),
        });
        submissions.push(SubmissionRow {
            id: SubmissionId::new(id),
            return_id: ReturnId::new(id),
            organisation_id,
            collection_id,
            number: 1,
            submitted_by: None,
            submitted_at: at,
            late: false,
            snapshot: "{}".to_owned(),
            snapshot_hash: Vec::new(),
            levels: (0..width).map(|place| level(position, place)).collect(),
            claimed_grade: "satisfactory".to_owned(),
            score: "{}".to_owned(),
            rule_set: "bench-levels.1".to_owned(),
        });
    }
    for some in returns.chunks(world::AT_ONCE) {
        portal::each!(tx.conn(), c => diesel::insert_into(annual_return::table).values(some).execute(c))?;
    }
    for some in submissions.chunks(world::AT_ONCE) {
        portal::each!(tx.conn(), c => diesel::insert_into(submission::table).values(some).execute(c))?;
    }
    Ok(())
}

/// A level from 0 to 3, or one in sixteen not answered, as if by chance (the finaliser of S. Vigna's splitmix64).
fn level(position: usize, place: usize) -> u8 {
    let mut z = (position as u64 * 1_000 + place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    match (z ^ (z >> 31)) % 16 {
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
    let rows = db.read_now(Actor::system_reach(), |conn| answers(conn, id))?;
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

fn answers(conn: &mut Conn, id: CollectionId) -> portal::platform::error::Result<Answers> {
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
