//! The list of imports, and one import with its report.

use serde::Serialize;

use crate::organisations::import::{Damage, Done, ImportReport, ImportRun, ImportState};
use crate::organisations::store::Paged;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::ImportRunId;
use crate::platform::pages::{Cell, Fact, Link, Page, Pagination, Tag, words};

/// Damaged rows of each kind that a report shows; the quarantine lists them all.
const SHOWN: usize = 100;

impl From<ImportState> for Tag {
    fn from(state: ImportState) -> Self {
        let colour = match state {
            ImportState::Waiting => "grey",
            ImportState::Running => "blue",
            ImportState::Done => "green",
            ImportState::Refused => "red",
        };
        Self::new(state.words(), colour)
    }
}

/// What kind of file it was and which day it speaks of, in words; the day is empty where the source names none.
#[must_use]
pub fn source_words(source: &str) -> (String, String) {
    let (format, day) = source.split_once('@').unwrap_or((source, ""));
    let kind = format.parse::<crate::organisations::Format>().map_or(format, |f| f.words()).to_owned();
    let day = day.parse::<Day>().map_or_else(|_| day.to_owned(), Day::words);
    (kind, day)
}

/// Seconds with one decimal, exact to the tenth below.
fn seconds(run: &ImportRun) -> String {
    let tenths = (run.finished_at.micros() - run.started_at.micros()).max(0) / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn asked_by(run: &ImportRun) -> &str {
    run.asked_by.as_deref().unwrap_or("The command line")
}

/// Every import.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct ImportsPage {
    rows: Vec<Vec<Cell>>,
    caption: String,
    pages: Pagination,
    may_import: bool,
}

impl ImportsPage {
    pub fn new(found: &Paged<ImportRun>, may_import: bool) -> Self {
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        Self {
            rows: found.items.iter().map(cells).collect(),
            caption: match found.total {
                1 => "1 import".to_owned(),
                many => format!("{} imports, the newest first", words::number(i128::from(many))),
            },
            pages: Pagination::new(
                unsigned(found.page.number()),
                unsigned(found.total),
                unsigned(found.page.limit()),
                |n| format!("/imports?page={n}"),
            ),
            may_import,
        }
    }
}

fn cells(run: &ImportRun) -> Vec<Cell> {
    let done = run.state == ImportState::Done;
    let count = |n: i64| if done { Cell::number(n) } else { Cell::numeric("") };
    vec![
        Cell::link(&run.file_name, format!("/imports/{}", run.id)),
        Cell::text(run.started_at.london_words()),
        Cell::text(asked_by(run)),
        Cell::text(source_words(&run.source).0),
        Cell::text(run.state.words()),
        count(run.rows_read),
        count(run.added),
        count(run.changed),
        count(run.unchanged),
        count(run.quarantined),
        if done { Cell::numeric(seconds(run)) } else { Cell::numeric("") },
    ]
}

fn sample(state: ImportState) -> ImportRun {
    let at = Timestamp::from_micros(1_780_000_000_000_000);
    ImportRun {
        id: ImportRunId::new(7),
        source: "register@2026-05-01".to_owned(),
        file_name: "register-2026-05-01.csv".to_owned(),
        started_at: at,
        finished_at: at.plus_seconds(2),
        rows_read: 64_201,
        added: 64_000,
        changed: 3,
        unchanged: 186,
        quarantined: 12,
        state,
        asked_by: (state != ImportState::Done).then(|| "Mo Programme".to_owned()),
        refusal: (state == ImportState::Refused).then(|| "the file is no longer there".to_owned()),
    }
}

impl Page for ImportsPage {
    const TEMPLATE: &'static str = "organisations/imports.html";

    fn title(&self) -> String {
        "Imports".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = crate::organisations::Page::new(2, 50);
        let list = |items: Vec<ImportRun>, total| Paged { items, total, page };
        let all = ImportState::ALL.iter().copied().map(sample).collect();
        vec![
            ("empty", Self::new(&list(Vec::new(), 0), false)),
            ("typical", Self::new(&list(all, 4), true)),
            ("long", Self::new(&list(vec![sample(ImportState::Done)], 500), true)),
        ]
    }
}

/// Damaged rows of one kind.
#[derive(Debug, Default, Serialize)]
struct DamageTable {
    rows: Vec<Vec<Cell>>,
    caption: String,
}

impl DamageTable {
    fn new(report: &ImportReport, done: Done, total: i64, words: &str) -> Self {
        let row = |d: &Damage| {
            vec![
                Cell::number(d.row),
                Cell::text(&d.column),
                Cell::text(words::capitalised(&d.reason)),
                Cell::text(words::capitalised(&d.action)),
            ]
        };
        let rows: Vec<_> = report.damage.iter().filter(|d| d.done == done).take(SHOWN).map(row).collect();
        let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let total = words::number(i128::from(total));
        let caption = if shown == 0 || rows.len() < SHOWN {
            format!("{words}: {total}")
        } else {
            format!("{words}: the first {shown} lines, of {total} rows")
        };
        Self { rows, caption }
    }
}

/// One import.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct ImportPage {
    #[serde(skip)]
    name: String,
    href: String,
    tag: Tag,
    under_way: bool,
    rows: i64,
    refusal: String,
    facts: Vec<Fact>,
    counts: Vec<Vec<Cell>>,
    held: DamageTable,
    corrected: DamageTable,
    noted: DamageTable,
    quarantine_href: String,
    unused: Vec<String>,
}

impl ImportPage {
    pub fn new(run: &ImportRun, report: Option<&ImportReport>) -> Self {
        let (kind, day) = source_words(&run.source);
        let mut facts = vec![
            Fact::new("Kind of file", kind),
            Fact::new("Speaks of", day),
            Fact::new("Imported by", asked_by(run)),
            Fact::new("When", run.started_at.london_words()),
        ];
        let mut page = Self {
            name: run.file_name.clone(),
            href: format!("/imports/{}", run.id),
            tag: run.state.into(),
            under_way: run.state.is_under_way(),
            rows: run.rows_read,
            refusal: run.refusal.clone().unwrap_or_default(),
            facts: Vec::new(),
            counts: Vec::new(),
            held: DamageTable::default(),
            corrected: DamageTable::default(),
            noted: DamageTable::default(),
            quarantine_href: String::new(),
            unused: Vec::new(),
        };
        if run.state == ImportState::Done {
            facts.push(Fact::new("Took", format!("{} seconds", seconds(run))));
            page.counts = counts(run, report);
        }
        if let Some(report) = report {
            facts.push(Fact::new("SHA-256", &report.file_hash));
            page.held = DamageTable::new(report, Done::Quarantined, report.quarantined, "Rows held back");
            page.corrected =
                DamageTable::new(report, Done::Corrected, report.corrected(), "Rows that met a correction");
            page.noted = DamageTable::new(report, Done::Noted, report.repaired, "Rows taken in with a note");
            page.unused.clone_from(&report.unused_columns);
            let source = serde_urlencoded::to_string([("state", "all"), ("source", run.source.as_str())]);
            // Pairs of strings always encode.
            page.quarantine_href = format!("/quarantine?{}", source.unwrap_or_default());
        }
        page.facts = facts;
        page
    }
}

fn counts(run: &ImportRun, report: Option<&ImportReport>) -> Vec<Vec<Cell>> {
    let count = |words: &str, n: i64| vec![Cell::text(words), Cell::number(n)];
    let mut counts = vec![
        count("Read", run.rows_read),
        count("Added an organisation", run.added),
        count("Changed something", run.changed),
        count("Said nothing new", run.unchanged),
        count("Held back in the quarantine", run.quarantined),
    ];
    if let Some(report) = report {
        counts.push(count("Taken in with a note", report.repaired));
        counts.push(count("Settled by hand after an earlier import", report.settled));
    }
    counts
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "organisations/import.html";

    fn title(&self) -> String {
        format!("Import of {}", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Imports", "/imports")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let damage = |done| Damage {
            row: 12,
            column: "Code".to_owned(),
            reason: "\"A PR4\" is no organisation code".to_owned(),
            done,
            action: "held back".to_owned(),
        };
        let report = ImportReport {
            file: "register-2026-05-01.csv".to_owned(),
            file_hash: "00".repeat(32),
            format: crate::organisations::Format::Register,
            as_of: Timestamp::from_micros(1_780_000_000_000_000).london_day(),
            rows_read: 64_201,
            added: 64_000,
            changed: 3,
            unchanged: 186,
            quarantined: 12,
            repaired: 1,
            settled: 2,
            unused_columns: vec!["Notes".to_owned()],
            damage: vec![damage(Done::Quarantined), damage(Done::Corrected), damage(Done::Noted)],
            seconds: 2.0,
        };
        vec![
            ("waiting", Self::new(&sample(ImportState::Waiting), None)),
            ("running", Self::new(&sample(ImportState::Running), None)),
            ("refused", Self::new(&sample(ImportState::Refused), None)),
            ("before reports", Self::new(&sample(ImportState::Done), None)),
            ("typical", Self::new(&sample(ImportState::Done), Some(&report))),
        ]
    }
}
