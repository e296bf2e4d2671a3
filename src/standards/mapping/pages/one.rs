//! One version of a mapping: both editions beside each other, what is decided and what is suggested, and the filters.

use serde::Serialize;

use super::{Names, kind_tag, state_tag, way};
use crate::platform::clock::Timestamp;
use crate::platform::pages::{ErrorSummary, FormErrors, Link, Page, Pagination, Tag};
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::model::{Line, LineKind, MappingState};
use crate::standards::mapping::store::{Mapping, VersionRow};
use crate::standards::mapping::suggest::Suggester;
use crate::standards::mapping::wording::says_the_same;
use crate::standards::model::{Edition, Requirement};

/// Rows on one page.
const PAGE_SIZE: usize = 40;

crate::text_enum! {
    /// Which rows are shown.
    Show {
        /// Every requirement of either edition.
        All = "all", "All";
        /// Those that nobody decided about.
        Undecided = "undecided", "Undecided";
        /// Those that were not asked before.
        New = "new", "New";
        /// Those that are asked no more.
        Retired = "retired", "Retired";
        /// Those that ask the same in other words.
        Reworded = "reworded", "Reworded";
        /// Those that were merged or split.
        Shaped = "shaped", "Merged or split";
        /// Those that another one's evidence serves.
        Serves = "serves", "Evidence serves";
        /// Those that are as they were.
        Unchanged = "unchanged", "Unchanged";
    }
}

/// What a page of a mapping is to show.
#[derive(Debug, Clone, Copy)]
pub(in crate::standards::mapping) struct Wanted {
    pub show: Show,
    pub page: u64,
}

/// A requirement in one of the columns.
#[derive(Debug, Serialize)]
struct Asked {
    heading: String,
    text: String,
}

/// A requirement that another might come from, taken with one press.
#[derive(Debug, Serialize)]
struct Suggested {
    words: String,
    code: String,
    kind: &'static str,
    /// `from`, or `serves` between two standards.
    field: &'static str,
}

/// One row: requirements of the older edition, and the one of the newer they lead to.
#[derive(Debug, Serialize)]
struct Row {
    olds: Vec<Asked>,
    now: Option<Asked>,
    tags: Vec<Tag>,
    note: String,
    /// Where it is decided; empty for whoever only reads.
    href: String,
    /// What the link to it is about.
    about: String,
    suggestions: Vec<Suggested>,
    #[serde(skip)]
    shows: Vec<Show>,
}

/// A way to show fewer rows.
#[derive(Debug, Serialize)]
struct Filter {
    text: &'static str,
    href: String,
    count: usize,
    current: bool,
}

/// Another version of the same mapping.
#[derive(Debug, Serialize)]
struct Version {
    words: String,
    href: String,
}

/// One version of a mapping.
#[derive(Debug, Serialize)]
pub(in crate::standards::mapping) struct MappingPage {
    #[serde(skip)]
    names: Names,
    from: String,
    to: String,
    errors: ErrorSummary,
    tag: Tag,
    version: i64,
    in_force_at: Option<i64>,
    across: bool,
    href: String,
    /// Empty for whoever cannot change it now.
    revision: String,
    undecided: usize,
    filters: Vec<Filter>,
    show: &'static str,
    caption: &'static str,
    rows: Vec<Row>,
    pages: Pagination,
    versions: Vec<Version>,
}

impl MappingPage {
    /// The page of a mapping between these editions.
    pub fn new(
        mapping: &Mapping,
        (from, to): (&Edition, &Edition),
        versions: &[VersionRow],
        wanted: Wanted,
        may_edit: bool,
        errors: &FormErrors,
    ) -> Self {
        let href = mapping_href(mapping.id);
        let may_edit = may_edit && mapping.state == MappingState::Draft;
        let table = Table { mapping, from, to, href: if may_edit { &href } else { "" } };
        let all = table.rows();
        let count = |show: Show| all.iter().filter(|row| row.0.shows.contains(&show)).count();
        let address = |show: Show, page: u64| format!("{href}?show={show}&page={page}");
        let filters = Show::ALL
            .iter()
            .map(|show| Filter {
                text: show.words(),
                href: address(*show, 1),
                count: count(*show),
                current: *show == wanted.show,
            })
            .collect();
        let (total, undecided) = (count(wanted.show), count(Show::Undecided));
        let shown = all.into_iter().filter(|row| row.0.shows.contains(&wanted.show));
        let size = u64::try_from(PAGE_SIZE).unwrap_or(u64::MAX);
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let page = wanted.page.clamp(1, total.div_ceil(size).max(1));
        let skipped = usize::try_from((page - 1) * size).unwrap_or(usize::MAX);
        let mut rows: Vec<(Row, Option<usize>)> = shown.skip(skipped).take(PAGE_SIZE).collect();
        if may_edit {
            table.suggest(&mut rows);
        }
        let names = Names::of(from, to);
        Self {
            from: names.from.clone(),
            to: names.to.clone(),
            names,
            errors: errors.summary(),
            tag: state_tag(mapping.state),
            version: mapping.version,
            in_force_at: mapping.in_force_at.map(Timestamp::micros),
            across: from.standard_key() != to.standard_key(),
            revision: if may_edit { mapping.revision.to_string() } else { String::new() },
            undecided,
            filters,
            show: wanted.show.as_str(),
            caption: wanted.show.words(),
            rows: rows.into_iter().map(|(row, _)| row).collect(),
            pages: Pagination::new(page, total, size, |page| address(wanted.show, page)),
            versions: versions
                .iter()
                .filter(|(id, ..)| *id != mapping.id)
                .map(|(id, version, state)| Version {
                    words: format!("Version {version}, {}", state.words().to_lowercase()),
                    href: mapping_href(*id),
                })
                .collect(),
            href,
        }
    }
}

/// What the rows are made of.
struct Table<'a> {
    mapping: &'a Mapping,
    from: &'a Edition,
    to: &'a Edition,
    /// Empty for whoever only reads.
    href: &'a str,
}

impl Table<'_> {
    /// A row for each requirement of the newer edition, with its position, and then one for each of the older that
    /// leads nowhere.
    fn rows(&self) -> Vec<(Row, Option<usize>)> {
        let mut rows: Vec<(Row, Option<usize>)> =
            self.to.requirements().iter().enumerate().map(|(at, now)| (self.coming(now), Some(at))).collect();
        let leads = |old: &Requirement| {
            self.mapping.lines.iter().any(|line| line.to.is_some() && line.from.as_ref() == Some(&old.code))
        };
        rows.extend(
            self.from.requirements().iter().filter(|old| !leads(old)).map(|old| (self.ending(old), None)),
        );
        rows
    }

    fn coming(&self, now: &Requirement) -> Row {
        let lines: Vec<&Line> =
            self.mapping.lines.iter().filter(|line| line.to.as_ref() == Some(&now.code)).collect();
        let olds = lines.iter().filter_map(|line| line.from.as_ref());
        let olds = olds.map(|code| match self.from.requirement(code.as_str()) {
            Some(old) => asked(old),
            None => Asked { heading: format!("{code} (not in this edition)"), text: String::new() },
        });
        let mut row = Row {
            olds: olds.collect(),
            now: Some(asked(now)),
            tags: Vec::new(),
            note: note_of(&lines),
            href: self.at("to", now),
            about: format!("{} of {}", now.code, self.to.label()),
            suggestions: Vec::new(),
            shows: vec![Show::All],
        };
        row.say(&lines, Show::New);
        row
    }

    fn ending(&self, old: &Requirement) -> Row {
        let lines: Vec<&Line> =
            self.mapping.lines.iter().filter(|line| line.from.as_ref() == Some(&old.code)).collect();
        let mut row = Row {
            olds: vec![asked(old)],
            now: None,
            tags: Vec::new(),
            note: note_of(&lines),
            href: self.at("from", old),
            about: format!("{} of {}", old.code, self.from.label()),
            suggestions: Vec::new(),
            shows: vec![Show::All],
        };
        row.say(&lines, Show::Retired);
        row
    }

    fn at(&self, side: &str, requirement: &Requirement) -> String {
        if self.href.is_empty() {
            return String::new();
        }
        format!("{}/{side}/{}", self.href, requirement.code)
    }

    /// Suggestions for what is shown and undecided; the whole edition is read only where there is something to suggest.
    fn suggest(&self, rows: &mut [(Row, Option<usize>)]) {
        let is_open = |row: &Row| row.shows.contains(&Show::Undecided);
        if !rows.iter().any(|(row, at)| at.is_some() && is_open(row)) {
            return;
        }
        let suggester = Suggester::new(self.from);
        let one_standard = self.from.standard_key() == self.to.standard_key();
        for (row, at) in rows.iter_mut().filter(|(row, _)| is_open(row)) {
            let Some(now) = at.and_then(|at| self.to.requirements().get(at)) else { continue };
            for found in suggester.suggest(now, one_standard) {
                let Some(old) = self.from.requirements().get(found.old) else { continue };
                let why = if found.same_code { "same code" } else { "similar words" };
                let kind = if says_the_same(old, now) { LineKind::Unchanged } else { LineKind::Reworded };
                row.suggestions.push(Suggested {
                    words: format!("{} {} ({why})", old.code, old.title),
                    code: old.code.to_string(),
                    kind: if one_standard { kind.as_str() } else { "" },
                    field: if one_standard { "from" } else { "serves" },
                });
            }
        }
    }
}

impl Row {
    /// Tags and filters as the lines say; without any it is undecided, and counts as `otherwise`.
    fn say(&mut self, lines: &[&Line], otherwise: Show) {
        let mut kinds: Vec<LineKind> = lines.iter().map(|line| line.kind).collect();
        kinds.sort();
        kinds.dedup();
        if kinds.is_empty() {
            self.shows.push(Show::Undecided);
            self.tags.push(Tag::new("Undecided", "orange"));
        }
        self.tags.extend(kinds.iter().map(|kind| kind_tag(*kind)));
        self.shows.extend(kinds.iter().map(|kind| match kind {
            LineKind::Unchanged => Show::Unchanged,
            LineKind::Reworded => Show::Reworded,
            LineKind::Merged | LineKind::Split => Show::Shaped,
            LineKind::Serves => Show::Serves,
            LineKind::Retired => Show::Retired,
            LineKind::New => Show::New,
        }));
        if !kinds.iter().any(|kind| kind.carries()) && !self.shows.contains(&otherwise) {
            self.shows.push(otherwise);
        }
    }
}

fn asked(requirement: &Requirement) -> Asked {
    Asked { heading: format!("{} {}", requirement.code, requirement.title), text: requirement.text.clone() }
}

/// The notes of the lines, each once.
pub(super) fn note_of(lines: &[&Line]) -> String {
    let mut notes: Vec<&str> =
        lines.iter().map(|line| line.note.as_str()).filter(|note| !note.is_empty()).collect();
    notes.dedup();
    notes.join(" ")
}

impl Page for MappingPage {
    const TEMPLATE: &'static str = "standards/mapping/one.html";

    fn title(&self) -> String {
        format!("Mapping from {}", self.names.words())
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        way()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        samples()
    }
}

fn samples() -> Vec<(&'static str, MappingPage)> {
    let asked = || Asked { heading: "1.1 Ownership".to_owned(), text: "Who answers for it?".to_owned() };
    let row = |tag: Tag, href: &str, suggested: bool| Row {
        olds: if suggested { Vec::new() } else { vec![asked(), asked()] },
        now: Some(asked()),
        tags: vec![tag],
        note: if suggested { String::new() } else { "Two became one.".to_owned() },
        href: href.to_owned(),
        about: "1.1 of 2026/27".to_owned(),
        suggestions: if suggested {
            vec![Suggested {
                words: "1.1 Ownership (same code)".to_owned(),
                code: "1.1".to_owned(),
                kind: "reworded",
                field: "from",
            }]
        } else {
            Vec::new()
        },
        shows: Vec::new(),
    };
    let page = |rows, revision: &str, errors: &FormErrors| MappingPage {
        names: Names::sample(),
        from: Names::sample().from,
        to: Names::sample().to,
        errors: errors.summary(),
        tag: state_tag(MappingState::Draft),
        version: 2,
        in_force_at: revision.is_empty().then_some(1_780_000_000_000_000),
        across: revision.is_empty(),
        href: "/standards/mappings/2".to_owned(),
        revision: revision.to_owned(),
        undecided: 3,
        filters: vec![
            Filter { text: "All", href: "?show=all".to_owned(), count: 100, current: true },
            Filter { text: "Undecided", href: "?show=undecided".to_owned(), count: 3, current: false },
        ],
        show: "all",
        caption: "All",
        rows,
        pages: Pagination::new(1, 100, 40, |page| format!("?page={page}")),
        versions: vec![Version {
            words: "Version 1, replaced".to_owned(),
            href: "/standards/mappings/1".to_owned(),
        }],
    };
    let mut errors = FormErrors::new();
    errors
        .add("lines", "The line from 1.1 to 1.2 says \"merged\", but no other old requirement leads there.");
    let href = "/standards/mappings/2/to/1.1";
    let rows = || {
        vec![
            row(kind_tag(LineKind::Merged), href, false),
            row(Tag::new("Undecided", "orange"), href, true),
            Row { now: None, ..row(kind_tag(LineKind::Retired), "", false) },
        ]
    };
    vec![
        ("empty", page(Vec::new(), "", &FormErrors::new())),
        ("typical", page(rows(), "4", &FormErrors::new())),
        ("error", page(rows(), "4", &errors)),
    ]
}
