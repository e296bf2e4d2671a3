//! The page of what was suppressed in a release, why, and what it cost.

use serde::Serialize;

use crate::platform::pages::{Link, Page, words};
use crate::publication::disclosure_report::{DisclosureReport, TableReport};

/// Figures listed on the page; the file has all of them.
const LISTED: usize = 100;

/// One table's part of the page.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosedTable {
    /// Its caption.
    pub caption: String,
    /// How many figures are shown and withheld, in a sentence.
    pub cost: String,
    /// How good the choice is, in a sentence.
    pub effort: String,
    /// Withheld figures by reason: reason and number.
    pub reasons: Vec<Vec<String>>,
    /// Row, answer, true count, reason, what a reader cannot rule out.
    pub withheld: Vec<Vec<String>>,
    /// What is not listed, in a sentence, or empty.
    pub more: String,
    /// How many sensitive figures belong to groups that no table shows, in a sentence, or empty.
    pub singled: String,
    /// Rows given away by earlier releases, in a sentence, or empty.
    pub lost: String,
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct DisclosurePage {
    /// The release.
    #[serde(skip)]
    pub release: Link,
    /// Its title.
    pub name: String,
    /// The thresholds: what they are and their value.
    pub rules: Vec<Vec<String>>,
    /// The tables of answers.
    pub tables: Vec<DisclosedTable>,
    /// Against which earlier releases differences were guarded, in a sentence.
    pub earlier: String,
    /// Why whole tables were left out.
    pub left_out: Vec<String>,
    /// Where the whole list is.
    pub list: String,
}

impl DisclosurePage {
    /// The page of a report.
    pub fn of(key: &str, name: String, report: &DisclosureReport) -> Self {
        let earlier = if report.earlier.is_empty() {
            "No earlier release shows these answers, so there is no difference to guard.".to_owned()
        } else {
            format!("Differences are guarded against {}.", report.earlier.join(", "))
        };
        Self {
            release: Link::new(&name, format!("/releases/{key}")),
            name,
            rules: rules_of(report),
            tables: report.tables.iter().map(table_of).collect(),
            earlier,
            left_out: report.left_out.clone(),
            list: format!("/releases/{key}/disclosure.csv"),
        }
    }
}

fn number(count: u64) -> String {
    words::number(count.into())
}

fn rules_of(report: &DisclosureReport) -> Vec<Vec<String>> {
    let rules = &report.rules;
    let group = if rules.group_disclosure { number(rules.small_group) } else { "not applied".to_owned() };
    let row = |what: &str, value: String| vec![what.to_owned(), value];
    vec![
        row("Smallest group and smallest count", number(rules.minimum)),
        row("All or none of a group smaller than", group),
        row("Small counts of a group smaller than", number(rules.small_counts_below)),
        row("Bounds at least this far apart", number(rules.width)),
        row("Bounds at least this share of the figure apart", format!("{}%", rules.width_percent)),
    ]
}

fn table_of(table: &TableReport) -> DisclosedTable {
    let rows = |row: &str, column: &str| (row.to_owned(), column.to_owned());
    let withheld: Vec<Vec<String>> = table
        .withheld
        .iter()
        .take(LISTED)
        .map(|one| {
            let (row, column) = rows(&one.row, &one.column);
            let bounds = format!("{} to {}", number(one.low), number(one.high));
            vec![row, column, number(one.count), one.reason.to_string(), bounds]
        })
        .collect();
    let hidden = table.withheld.len().saturating_sub(withheld.len()) as u64;
    DisclosedTable {
        caption: table.caption.clone(),
        cost: format!(
            "{} figures are shown and {} suppressed. The suppressed figures count {} answers.",
            number(table.shown),
            number(table.withheld.len() as u64),
            number(table.organisations)
        ),
        effort: effort_of(table),
        reasons: table.reasons.iter().map(|(reason, count)| vec![reason.clone(), number(*count)]).collect(),
        withheld,
        more: if hidden > 0 { format!("{} more are in the list.", number(hidden)) } else { String::new() },
        singled: singled_of(table),
        lost: if table.lost_rows.is_empty() {
            String::new()
        } else {
            format!(
                "Earlier releases tell more of these rows than the rules allow now, which cannot be taken back. This release \
                 adds nothing to it: {}.",
                table.lost_rows.join("; ")
            )
        },
    }
}

fn effort_of(table: &TableReport) -> String {
    let effort = table.effort;
    if effort.cost == 0 {
        return "No figure had to be suppressed for the sake of others.".to_owned();
    }
    let gap = effort.gap_per_mille();
    format!(
        "What was suppressed for the sake of others costs {} units; it cannot cost less than {} ({}.{}% less). {} of {} \
         independent parts are proved to be the cheapest choice.",
        number(effort.cost),
        number(effort.bound),
        gap / 10,
        gap % 10,
        number(effort.optimal),
        number(effort.parts)
    )
}

fn singled_of(table: &TableReport) -> String {
    if table.singled.is_empty() {
        return String::new();
    }
    let smallest = table.singled.iter().map(|one| one.size).min().unwrap_or(0);
    let changed = table.singled.iter().filter(|one| one.changed).count() as u64;
    format!(
        "{} sensitive figures belong to groups that no table shows but public facts single out (the smallest has {} \
         organisations); {} of them are of organisations that changed since an earlier release. They are protected like \
         the others, and their bounds are in the list.",
        number(table.singled.len() as u64),
        number(smallest),
        number(changed)
    )
}

impl Page for DisclosurePage {
    const TEMPLATE: &'static str = "publication/disclosure.html";

    fn title(&self) -> String {
        "What is suppressed".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Releases", "/releases"), self.release.clone()]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let texts = |cells: &[&str]| vec![cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()];
        let table = DisclosedTable {
            caption: "Answers by requirement <i>".into(),
            cost: "10 figures are shown and 2 suppressed.".into(),
            effort: "What was suppressed costs 12 units.".into(),
            reasons: texts(&["small count", "1"]),
            withheld: texts(&["1-101 Policy", "Level 0", "3", "small count", "0 to 7"]),
            more: "3 more are in the list.".into(),
            singled: "4 sensitive figures belong to groups that no table shows.".into(),
            lost: "This release adds nothing to it: A.".into(),
        };
        let plain = DisclosedTable {
            reasons: Vec::new(),
            withheld: Vec::new(),
            more: String::new(),
            singled: String::new(),
            lost: String::new(),
            ..table.clone()
        };
        let empty = Self::of("returns-2026", "Results 2026".into(), &DisclosureReport::default());
        let full = Self {
            tables: vec![table, DisclosedTable { caption: "Claims".into(), ..plain }],
            earlier: "Differences are guarded against returns-2026.".into(),
            left_out: vec!["A table is left out.".into()],
            ..empty.clone()
        };
        vec![("empty", empty), ("typical", full)]
    }
}
