//! A page for every group of the current release: each sector, region, integrated care board and section of the standard,
//! with the way to its neighbours.

use std::collections::BTreeMap;

use super::Issued;
use super::build::{Builder, figures_of};
use super::organisations::{revised_row, sourced};
use super::trends::meeting_in;
use crate::corrections::RevisedGrade;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::platform::pages::Link;
use crate::platform::pages::words::number;
use crate::publication::document::Document;
use crate::publication::pages::{FigureView, GroupPage, row_figure, row_of_measures};
use crate::publication::record::Record;
use crate::publication::release::ReleaseSummary;
use crate::publication::store;
use crate::statistics::estimators::percentage;
use crate::statistics::{Dimension, Figure};

/// The start of every board's address.
pub(super) const BOARDS: &str = "/public/boards";

/// Boards and the trusts in their areas, as the current release has them.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// Boards and trusts, by name.
    records: Vec<Record>,
    /// Codes of the boards of each trust.
    boards: BTreeMap<OrganisationId, Vec<String>>,
}

/// Reads boards and trusts of a release.
pub(super) fn areas(conn: &mut Conn, release: &ReleaseSummary) -> Result<Areas> {
    Ok(Areas {
        records: store::rows_of_sectors(conn, release.id, &["icb", "nhs_trust"])?,
        boards: store::boards_of_trusts(conn, release.as_at.london_day())?,
    })
}

/// A dimension by which there is a page for each category.
struct Kind {
    /// The page of all of them.
    above: (&'static str, &'static str),
    /// The filter of the search.
    filter: &'static str,
    /// What the others are.
    others: &'static str,
    /// The table that says how many meet the standard, and what that says in words.
    counted: (&'static str, &'static str),
    tables: &'static [&'static str],
}

const SECTORS: Kind = Kind {
    above: ("Results by sector", "/public/sectors"),
    filter: "sector",
    others: "Other sectors",
    counted: ("standing-by-sector", "meet or exceed the standards now"),
    tables: &[
        "standing-by-sector",
        "grade-by-sector",
        "edition-by-sector",
        "late-by-sector",
        "review-by-sector",
    ],
};

const REGIONS: Kind = Kind {
    above: ("Results by region", "/public/regions"),
    filter: "region",
    others: "Other regions",
    counted: (
        "grade-by-region",
        "have published a grade, of whatever edition, that meets or exceeds the standards",
    ),
    tables: &["grade-by-region", "late-by-region"],
};

/// The page of a category; none where its key cannot stand in an address, or has no page.
fn place_of(kind: &Kind, key: &str) -> Option<String> {
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && key != crate::publication::classes::NO_REGION).then(|| format!("{}/{key}", kind.above.1))
}

/// Links to the pages of all categories of a page such as "Results by sector"; none on other pages.
pub(super) fn links(path: &str, document: &Document) -> Vec<Link> {
    match path {
        "/public/sectors" => pages_of(&SECTORS, document),
        "/public/regions" => {
            let mut found = pages_of(&REGIONS, document);
            found.push(Link::new("Integrated care boards", BOARDS));
            found
        }
        "/public/requirements" => sections(document),
        _ => Vec::new(),
    }
}

fn categories<'a>(kind: &Kind, document: &'a Document) -> Option<&'a Dimension> {
    document.table(kind.counted.0).map(|entry| &entry.table.rows)
}

fn pages_of(kind: &Kind, document: &Document) -> Vec<Link> {
    let rows = categories(kind, document).map(Dimension::categories).unwrap_or_default();
    rows.iter().filter_map(|row| Some(Link::new(row.label.clone(), place_of(kind, &row.key)?))).collect()
}

fn sections(document: &Document) -> Vec<Link> {
    let link = |(at, section): (usize, &crate::publication::document::RequirementSection)| {
        Link::new(format!("{} {}", section.code, section.title), format!("/public/sections/{}", at + 1))
    };
    document.sections.iter().enumerate().map(link).collect()
}

/// "150 of 200 organisations (75%) meet the standard".
fn counted_words((count, of): (u64, u64), what: &str) -> String {
    let share = percentage(count, of, 1).map(|share| format!(" ({share}%)")).unwrap_or_default();
    format!("{} of {} organisations{share} {what}.", number(count.into()), number(of.into()))
}

impl Builder<'_> {
    /// Every group's page.
    pub(super) fn groups(
        &mut self,
        issued: &Issued,
        revised: &BTreeMap<String, RevisedGrade>,
        areas: &Areas,
    ) -> Result<()> {
        for kind in [&SECTORS, &REGIONS] {
            for row in categories(kind, &issued.1).map(Dimension::categories).unwrap_or_default() {
                if let Some(address) = place_of(kind, &row.key) {
                    let page = self.category(issued, kind, (&row.key, &row.label), &address)?;
                    self.page(&address, &page)?;
                }
            }
        }
        self.sections(issued)?;
        self.boards(issued, revised, areas)
    }

    /// A page with what all groups' pages share.
    fn blank(&self, issued: &Issued, above: (&str, &str)) -> GroupPage {
        let (release, _) = issued;
        GroupPage {
            heading: String::new(),
            lead: String::new(),
            revised: super::notices::of_release(self.notices(), issued),
            facts: Vec::new(),
            figures: Vec::new(),
            members_heading: String::new(),
            members: Vec::new(),
            find: None,
            others_heading: String::new(),
            others: Vec::new(),
            above: Link::new(above.0, above.1),
            release_title: release.title.clone(),
            release_address: release.address(),
            as_at: release.as_at.micros(),
        }
    }

    fn category(
        &self,
        issued: &Issued,
        kind: &Kind,
        (key, label): (&str, &str),
        address: &str,
    ) -> Result<GroupPage> {
        let (release, document) = issued;
        let mut figures: Vec<FigureView> = Vec::new();
        for entry in kind.tables.iter().filter_map(|name| document.table(name)) {
            let found = row_figure(entry, key, &format!("/public/data/{}", entry.name))?;
            figures.extend(found.map(|figure| sourced(figure, release, &entry.name)));
        }
        let own = format!("{}:{key}", kind.filter);
        figures.extend(self.trend_of(&own).cloned());
        for entry in &document.measures {
            let keys = match entry.name.as_str() {
                "points-by-sector" if kind.filter == "sector" => [key, "all"],
                "baseline-meeting" | "baseline-points" => [own.as_str(), "all"],
                _ => continue,
            };
            let has_row = entry.table.rows.position(keys[0]).is_some();
            let found = row_of_measures(entry, &keys, &format!("/public/data/{}", entry.name))?;
            figures.extend(found.filter(|_| has_row).map(|figure| sourced(figure, release, &entry.name)));
        }
        let (counted, what) = kind.counted;
        let meeting = document
            .table(counted)
            .and_then(|entry| meeting_in(&entry.table, entry.table.rows.position(key)?));
        let others = pages_of(kind, document).into_iter().filter(|link| link.href != address).collect();
        Ok(GroupPage {
            heading: format!("Results: {label}"),
            lead: meeting
                .map_or_else(|| format!("What is published of {label}."), |found| counted_words(found, what)),
            figures,
            find: Some(Link::new(
                format!("Every organisation: {label}"),
                format!("/public/organisations?{}={key}", kind.filter),
            )),
            others_heading: kind.others.to_owned(),
            others,
            ..self.blank(issued, kind.above)
        })
    }

    /// A page for each section of the standard.
    fn sections(&mut self, issued: &Issued) -> Result<()> {
        let (release, document) = issued;
        let all = sections(document);
        for (at, section) in document.sections.iter().enumerate() {
            let ids = [format!("section-{}", at + 1), format!("reviewed-{}", at + 1)];
            let mut figures = Vec::new();
            for name in ["answers-by-requirement", "claims-after-review"] {
                let Some(entry) = document.table(name) else { continue };
                let found = figures_of(document, entry, &format!("/public/data/{name}"))?;
                let own = found.into_iter().filter(|figure| ids.contains(&figure.id));
                figures.extend(own.map(|figure| {
                    let anchor = figure.id.clone();
                    sourced(figure, release, &anchor)
                }));
            }
            if let Some(entry) = document.measures.iter().find(|entry| entry.name == "requirements-analysed")
            {
                let keys: Vec<&str> = section.requirements.iter().map(String::as_str).collect();
                let found = row_of_measures(entry, &keys, "/public/data/requirements-analysed")?;
                figures.extend(found.map(|figure| sourced(figure, release, &entry.name)));
            }
            let address = format!("/public/sections/{}", at + 1);
            let page = GroupPage {
                heading: format!("{} {}", section.code, section.title),
                lead: "How far organisations that filed a return meet the requirements of this section."
                    .to_owned(),
                figures,
                others_heading: "Other sections".to_owned(),
                others: all.iter().filter(|link| link.href != address).cloned().collect(),
                ..self.blank(issued, ("Answers by requirement", "/public/requirements"))
            };
            self.page(&address, &page)?;
        }
        Ok(())
    }

    /// The list of boards with their scores, and a page for each with the trusts in its area.
    fn boards(
        &mut self,
        issued: &Issued,
        revised: &BTreeMap<String, RevisedGrade>,
        areas: &Areas,
    ) -> Result<()> {
        let (release, document) = issued;
        let boards: Vec<&Record> = areas.records.iter().filter(|one| one.sector.as_str() == "icb").collect();
        let link = |board: &&Record| {
            let plain = !board.code.is_empty() && board.code.chars().all(|c| c.is_ascii_alphanumeric());
            plain.then(|| Link::new(board.name.clone(), format!("{BOARDS}/{}", board.code)))
        };
        let all: Vec<Link> = boards.iter().filter_map(link).collect();
        let scores = document.measures.iter().find(|entry| entry.name == "composite-by-board");
        for board in &boards {
            let Some(own) = link(board) else { continue };
            let area = |one: &&Record| {
                one.sector.as_str() == "nhs_trust"
                    && areas.boards.get(&one.organisation).is_some_and(|codes| codes.contains(&board.code))
            };
            let members = areas.records.iter().filter(area);
            let score = scores.and_then(|entry| {
                let row = entry.table.rows.position(&board.code)?;
                entry.table.row(row).first().and_then(Figure::value).map(str::to_owned)
            });
            let mut facts = vec![(
                "Status of the board itself".to_owned(),
                revised_row(board, &document.edition, revised).status,
            )];
            facts.extend(score.map(|points| ("Score".to_owned(), format!("{points} points"))));
            let page = GroupPage {
                heading: board.name.clone(),
                lead: "The board's own status now, and that of the trusts in its area.".to_owned(),
                facts,
                members_heading: "Trusts in its area".to_owned(),
                members: members.map(|one| revised_row(one, &document.edition, revised)).collect(),
                find: Some(Link::new(
                    "The board's own page",
                    format!("/public/organisations/{}", board.code),
                )),
                others_heading: "Other boards".to_owned(),
                others: all.iter().filter(|one| one.href != own.href).cloned().collect(),
                ..self.blank(issued, ("Integrated care boards", BOARDS))
            };
            self.page(&own.href, &page)?;
        }
        let mut figures = Vec::new();
        if let Some(entry) = scores {
            let found = crate::publication::pages::estimates_of(entry, "/public/data/composite-by-board")?;
            figures.push(sourced(found, release, &entry.name));
        }
        let lead = if boards.is_empty() {
            "This release counts no integrated care board."
        } else {
            "Each board with one figure for itself and the trusts in its area, and a page of its own."
        };
        let page = GroupPage {
            heading: "Integrated care boards".to_owned(),
            lead: lead.to_owned(),
            figures,
            others_heading: "Each board".to_owned(),
            others: all,
            ..self.blank(issued, ("Results by region", "/public/regions"))
        };
        self.page(BOARDS, &page)
    }
}
