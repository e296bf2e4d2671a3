//! The sites that a review covers, with what differs for each.

use serde::Serialize;

use super::parts::Cell;
use crate::platform::error::{Error, Result};
use crate::platform::pages::{Link, Page};
use crate::returns::{FilingLine, SnapshotAnswer};
use crate::review::reading::ForCentre;

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct SitesPage {
    #[serde(skip)]
    organisation: String,
    rows: Vec<Vec<Cell>>,
    more: i64,
    #[serde(skip)]
    href: String,
}

impl SitesPage {
    /// The page of a review with the lines of its submission's list.
    ///
    /// # Errors
    /// When a line cannot be read, which is a fault.
    pub fn new(of: &ForCentre, lines: &[FilingLine]) -> Result<Self> {
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let own: Vec<SnapshotAnswer> = serde_json::from_str(&line.overrides).map_err(|e| {
                Error::internal(format!("failed to read the answers of site {}", line.code), e)
            })?;
            let differs: Vec<&str> = own.iter().map(|answer| answer.requirement.as_str()).collect();
            rows.push(vec![
                Cell::text(&line.code),
                Cell::text(&line.name),
                Cell::text(line.state.words()),
                Cell::text(if differs.is_empty() { "Nothing".to_owned() } else { differs.join(", ") }),
            ]);
        }
        let shown = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        Ok(Self {
            organisation: of.case.found.name.clone(),
            rows,
            more: of.sites.as_ref().map_or(0, |filing| (filing.sites - shown).max(0)),
            href: format!("/reviews/{}", of.case.found.review.id),
        })
    }
}

impl Page for SitesPage {
    const TEMPLATE: &'static str = "review/sites.html";

    fn title(&self) -> String {
        format!("Sites of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Reviews", "/reviews"),
            Link::new(format!("Review of {}", self.organisation), self.href.clone()),
        ]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows, more| Self {
            organisation: "Example Pharmacies".to_owned(),
            rows,
            more,
            href: "/reviews/1".to_owned(),
        };
        let row = ["ZZ101", "Example Pharmacy", "Submitted", "1-101, 1-102"].map(Cell::text).to_vec();
        vec![("empty", page(Vec::new(), 0)), ("typical", page(vec![row], 3))]
    }
}
