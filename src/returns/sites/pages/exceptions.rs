//! All answers that differ, by site or by requirement, and the way to one more for many sites.

use serde::Serialize;

use super::{sample_way_below, way_below};
use crate::platform::pages::{Cell, Choice, Field, Link, Page};
use crate::returns::sites::arrangement::Arrangement;
use crate::returns::sites::model::{Entry, Exception, Stand};
use crate::returns::sites::{exception_href, sites_href};
use crate::returns::store::Found;

/// The most answers that one page lists.
const LISTED: usize = 1000;

/// The page.
#[derive(Debug, Serialize)]
pub struct ExceptionsPage {
    organisation: String,
    collection: String,
    by_requirement: bool,
    by_site_href: String,
    by_requirement_href: String,
    rows: Vec<Vec<Cell>>,
    more: usize,
    /// Where one is given for many sites; empty when nothing can be changed.
    except_href: String,
    requirement: Field,
    requirements: Vec<Choice>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ExceptionsPage {
    /// The page of a return.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        arrangement: &Arrangement,
        by_requirement: bool,
        may_arrange: bool,
    ) -> Self {
        let (code, year) = (found.code.as_str(), found.collection.key.as_str());
        let href = sites_href(code, year);
        let edition = found.edition.edition();
        let mut all: Vec<(&Entry, usize, &Exception)> = arrangement
            .exceptions
            .iter()
            .filter_map(|exception| {
                let entry = arrangement.entries.iter().find(|entry| entry.id == exception.site)?;
                Some((entry, found.edition.position_of(exception.requirement)?, exception))
            })
            .collect();
        if by_requirement {
            all.sort_by_key(|(entry, position, _)| (*position, entry.code.clone()));
        } else {
            all.sort_by_key(|(entry, position, _)| (entry.code.clone(), *position));
        }
        let more = all.len().saturating_sub(LISTED);
        let rows = all
            .into_iter()
            .take(LISTED)
            .filter_map(|(entry, position, exception)| {
                let requirement = edition.requirements().get(position)?;
                let key = requirement.code.as_str();
                let files = arrangement.files_of(exception.id).len();
                let counts = if entry.stand == Stand::Included { "Yes" } else { "No, the site is left out" };
                let site = Cell::text(format!("{} {}", entry.code, entry.name));
                let title = Cell::text(format!("{key} {}", requirement.title));
                let link = exception_href(code, year, &entry.code, key);
                let (first, second) = if by_requirement { (title, site) } else { (site, title) };
                Some(vec![
                    first,
                    second,
                    Cell::number(i64::try_from(files).unwrap_or(i64::MAX)),
                    Cell::text(counts),
                    Cell::link(format!("See {} for {}", key, entry.code), link),
                ])
            })
            .collect();
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            by_requirement,
            by_site_href: format!("{href}/exceptions"),
            by_requirement_href: format!("{href}/exceptions?by=requirement"),
            rows,
            more,
            except_href: if may_arrange { format!("{href}/except") } else { String::new() },
            requirement: Field::new("requirement", "Requirement"),
            requirements: requirements(found),
            way: way_below(found),
        }
    }
}

/// Every requirement as a choice.
pub(super) fn requirements(found: &Found) -> Vec<Choice> {
    let edition = found.edition.edition();
    edition
        .requirements()
        .iter()
        .map(|requirement| {
            let key = requirement.code.as_str();
            Choice::new(key, format!("{key} {}", requirement.title))
        })
        .collect()
}

impl Page for ExceptionsPage {
    const TEMPLATE: &'static str = "returns/sites/exceptions.html";

    fn title(&self) -> String {
        "Answers that differ".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let href = "/organisations/ZZ001/returns/2026/sites";
        let page = |by_requirement, rows, more, except: &str| Self {
            organisation: "Example Pharmacies".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            by_requirement,
            by_site_href: format!("{href}/exceptions"),
            by_requirement_href: format!("{href}/exceptions?by=requirement"),
            rows,
            more,
            except_href: except.to_owned(),
            requirement: Field::new("requirement", "Requirement"),
            requirements: vec![Choice::new("1-101", "1-101 Roles")],
            way: sample_way_below(),
        };
        let row = vec![
            Cell::text("ZZ101 Example Pharmacy"),
            Cell::text("1-101 Roles"),
            Cell::number(1),
            Cell::text("Yes"),
            Cell::link("See 1-101 for ZZ101", format!("{href}/of/ZZ101/requirements/1-101")),
        ];
        vec![
            ("empty", page(false, Vec::new(), 0, "")),
            ("typical", page(true, vec![row], 5, &format!("{href}/except"))),
        ]
    }
}
