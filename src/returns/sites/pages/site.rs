//! One site: who answers for it, and its own answers.

use serde::Serialize;

use super::{sample_way_below, way_below};
use crate::platform::pages::{Cell, Choice, Fact, Field, Link, Page};
use crate::returns::sites::arrangement::Arrangement;
use crate::returns::sites::model::{Entry, Stand};
use crate::returns::sites::{exception_href, site_href, sites_href};
use crate::returns::store::Found;

/// The page.
#[derive(Debug, Serialize)]
pub struct SitePage {
    code: String,
    name: String,
    facts: Vec<Fact>,
    rows: Vec<Vec<Cell>>,
    /// Where another answer is given for it; empty when nothing can be changed.
    except_href: String,
    requirement: Field,
    requirements: Vec<Choice>,
    many_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SitePage {
    /// The page of a site of a return.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        arrangement: &Arrangement,
        entry: &Entry,
        may_arrange: bool,
    ) -> Self {
        let (code, year) = (found.code.as_str(), found.collection.key.as_str());
        let mut facts = vec![Fact::new("Who answers", entry.stand.words())];
        if let Stand::Excluded(why) = &entry.stand
            && !why.note.is_empty()
        {
            facts.push(Fact::new("More about the reason", &why.note));
        }
        let edition = found.edition.edition();
        let mut own: Vec<(usize, usize)> = arrangement
            .exceptions
            .iter()
            .filter(|exception| exception.site == entry.id)
            .filter_map(|exception| {
                let files = arrangement.files_of(exception.id).len();
                Some((found.edition.position_of(exception.requirement)?, files))
            })
            .collect();
        own.sort_unstable();
        let rows = own
            .into_iter()
            .filter_map(|(position, files)| {
                let requirement = edition.requirements().get(position)?;
                let key = requirement.code.as_str();
                Some(vec![
                    Cell::link(
                        format!("{key} {}", requirement.title),
                        exception_href(code, year, &entry.code, key),
                    ),
                    Cell::number(i64::try_from(files).unwrap_or(i64::MAX)),
                ])
            })
            .collect();
        let requirements = edition
            .requirements()
            .iter()
            .map(|requirement| {
                let key = requirement.code.as_str();
                Choice::new(key, format!("{key} {}", requirement.title))
            })
            .collect();
        Self {
            code: entry.code.clone(),
            name: entry.name.clone(),
            facts,
            rows,
            except_href: if may_arrange { site_href(code, year, &entry.code) } else { String::new() },
            requirement: Field::new("requirement", "Requirement"),
            requirements,
            many_href: format!("{}/many?words={}", sites_href(code, year), entry.code),
            way: way_below(found),
        }
    }
}

impl Page for SitePage {
    const TEMPLATE: &'static str = "returns/sites/site.html";

    fn title(&self) -> String {
        format!("{} {}", self.code, self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let href = "/organisations/ZZ001/returns/2026/sites/of/ZZ101";
        let page = |rows, except: &str| Self {
            code: "ZZ101".to_owned(),
            name: "Example Pharmacy, High Street".to_owned(),
            facts: vec![Fact::new("Who answers", "Included")],
            rows,
            except_href: except.to_owned(),
            requirement: Field::new("requirement", "Requirement"),
            requirements: vec![Choice::new("1-101", "1-101 Title")],
            many_href: "/organisations/ZZ001/returns/2026/sites/many?words=ZZ101".to_owned(),
            way: sample_way_below(),
        };
        let row = vec![Cell::link("1-101 Title", format!("{href}/requirements/1-101")), Cell::number(1)];
        vec![("empty", page(Vec::new(), "")), ("typical", page(vec![row], href))]
    }
}
