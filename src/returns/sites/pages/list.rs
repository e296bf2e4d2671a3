//! The list of sites: who answers for each, how many answers differ, and what still blocks.

use std::collections::HashMap;

use serde::Serialize;

use crate::platform::ids::OrganisationId;
use crate::platform::pages::{Cell, Choice, Fact, Field, Link, Page, Pagination};
use crate::returns::model::SiteBlock;
use crate::returns::pages::{sample_way, way_of};
use crate::returns::sites::arrangement::Arrangement;
use crate::returns::sites::form::ListForm;
use crate::returns::sites::model::{Entry, Stand};
use crate::returns::sites::{progress_href, site_href, sites_href};
use crate::returns::store::Found;

/// Sites on a page.
pub(in crate::returns::sites) const PAGE_SIZE: usize = 100;

/// Blocks that are listed before the rest is only counted.
const LISTED: usize = 20;

/// The page.
#[derive(Debug, Serialize)]
pub struct ListPage {
    organisation: String,
    collection: String,
    href: String,
    /// Whether the return covers the sites.
    covers: bool,
    /// Whether this person can arrange the sites here and now.
    may_arrange: bool,
    /// Whether the sites can be left altogether again.
    may_leave: bool,
    facts: Vec<Fact>,
    blocks: Vec<SiteBlock>,
    more_blocks: usize,
    words: Field,
    show: Field,
    shows: Vec<Choice>,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
    progress_href: String,
    corrections_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What can be done with the sites here and now.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::returns::sites) struct May {
    pub arrange: bool,
    pub leave: bool,
    pub submitted: bool,
}

/// The sites that a form wants to see, and the number of the page.
pub(in crate::returns::sites) fn matching<'a>(
    arrangement: &'a Arrangement,
    form: &ListForm,
) -> (Vec<&'a Entry>, u64) {
    let words: Vec<String> = form.words.split_whitespace().map(str::to_lowercase).collect();
    let counts = own_answers(arrangement);
    let wanted = |entry: &&Entry| {
        let text = format!("{} {}", entry.code, entry.name).to_lowercase();
        let shown = match form.show.as_str() {
            "included" => entry.stand == Stand::Included,
            "left_out" => entry.stand != Stand::Included,
            "own_answers" => counts.contains_key(&entry.id),
            _ => true,
        };
        shown && words.iter().all(|word| text.contains(word))
    };
    let page = form.page.parse::<u64>().unwrap_or(1).max(1);
    (arrangement.entries.iter().filter(wanted).collect(), page)
}

fn own_answers(arrangement: &Arrangement) -> HashMap<OrganisationId, usize> {
    let mut counts: HashMap<OrganisationId, usize> = HashMap::new();
    for exception in &arrangement.exceptions {
        *counts.entry(exception.site).or_default() += 1;
    }
    counts
}

impl ListPage {
    /// The page of a return; without an arrangement it only offers to make one.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        arrangement: Option<&Arrangement>,
        blocks: &[SiteBlock],
        form: &ListForm,
        may: May,
    ) -> Self {
        let (code, year) = (found.code.as_str(), found.collection.key.as_str());
        let href = sites_href(code, year);
        let mut page = Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            href: href.clone(),
            covers: arrangement.is_some(),
            may_arrange: may.arrange,
            may_leave: may.leave,
            facts: Vec::new(),
            blocks: blocks.iter().take(LISTED).cloned().collect(),
            more_blocks: blocks.len().saturating_sub(LISTED),
            words: Field::new("words", "Part of a code or name").value(&form.words),
            show: Field::new("show", "Which sites").value(&form.show),
            shows: shows(&form.show),
            rows: Vec::new(),
            pages: Pagination::default(),
            progress_href: if may.submitted { progress_href(code, year) } else { String::new() },
            corrections_href: format!("/organisations/{code}/sites/corrections"),
            way: way_of(found),
        };
        let Some(arrangement) = arrangement else { return page };
        let counts = own_answers(arrangement);
        page.facts = facts(arrangement);
        let (entries, number) = matching(arrangement, form);
        let total = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let size = u64::try_from(PAGE_SIZE).unwrap_or(1);
        let number = number.min(total.div_ceil(size).max(1));
        let first = usize::try_from((number - 1) * size).unwrap_or_default();
        page.rows = entries
            .iter()
            .skip(first)
            .take(PAGE_SIZE)
            .map(|entry| {
                let own = counts.get(&entry.id).copied().unwrap_or_default();
                vec![
                    Cell::link(&entry.code, site_href(code, year, &entry.code)),
                    Cell::text(&entry.name),
                    Cell::text(entry.stand.words()),
                    Cell::number(i64::try_from(own).unwrap_or(i64::MAX)),
                ]
            })
            .collect();
        let query =
            serde_urlencoded::to_string([("words", &form.words), ("show", &form.show)]).unwrap_or_default();
        page.pages = Pagination::new(number, total, size, |to| format!("{href}?{query}&page={to}"));
        page
    }
}

fn facts(arrangement: &Arrangement) -> Vec<Fact> {
    let included = arrangement.included().count();
    let out = arrangement.entries.len() - included;
    let number =
        |count: usize| crate::platform::pages::words::number(i128::try_from(count).unwrap_or_default());
    vec![
        Fact::new("Sites that the register gives you", number(arrangement.entries.len())),
        Fact::new("Covered by this return", number(included)),
        Fact::new("Left out", number(out)),
        Fact::new("Answers of their own", number(arrangement.exceptions.len())),
    ]
}

pub(super) fn shows(chosen: &str) -> Vec<Choice> {
    [
        ("", "All sites"),
        ("included", "Those covered by this return"),
        ("left_out", "Those left out"),
        ("own_answers", "Those with answers of their own"),
    ]
    .into_iter()
    .map(|(value, text)| Choice::new(value, text).checked(chosen == value))
    .collect()
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "returns/sites/list.html";

    fn title(&self) -> String {
        format!("Your sites: {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = |covers: bool| Self {
            organisation: "Example Pharmacies".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            href: "/organisations/ZZ001/returns/2026/sites".to_owned(),
            covers,
            may_arrange: true,
            may_leave: covers,
            facts: Vec::new(),
            blocks: Vec::new(),
            more_blocks: 0,
            words: Field::new("words", "Part of a code or name"),
            show: Field::new("show", "Which sites"),
            shows: shows(""),
            rows: Vec::new(),
            pages: Pagination::default(),
            progress_href: String::new(),
            corrections_href: "/organisations/ZZ001/sites/corrections".to_owned(),
            way: sample_way(),
        };
        let typical = Self {
            facts: vec![Fact::new("Covered by this return", "12")],
            blocks: vec![SiteBlock::sample()],
            more_blocks: 3,
            rows: vec![vec![
                Cell::link("ZZ101", "/organisations/ZZ001/returns/2026/sites/of/ZZ101"),
                Cell::text("Example Pharmacy, High Street"),
                Cell::text("Included"),
                Cell::number(1),
            ]],
            pages: Pagination::new(1, 250, 100, |to| format!("/x?page={to}")),
            progress_href: "/organisations/ZZ001/returns/2026/sites/progress".to_owned(),
            ..bare(true)
        };
        let read_only = Self { may_arrange: false, may_leave: false, ..bare(true) };
        vec![("empty", bare(false)), ("typical", typical), ("forbidden", read_only)]
    }
}

impl SiteBlock {
    /// An example.
    pub(in crate::returns::sites) fn sample() -> Self {
        Self {
            code: "ZZ101".to_owned(),
            name: "Example Pharmacy, High Street".to_owned(),
            requirement: "1-101".to_owned(),
            reason: "The answer is not complete.".to_owned(),
            href: "/organisations/ZZ001/returns/2026/sites/of/ZZ101/requirements/1-101".to_owned(),
        }
    }
}
