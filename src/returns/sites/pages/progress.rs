//! How far the submission for all sites has got, and in the end the receipt for all of them.

use serde::Serialize;

use super::{sample_way_below, way_below};
use crate::platform::canonical::hex;
use crate::platform::pages::{Cell, Fact, Link, Page};
use crate::returns::sites::model::{Filing, FilingLine, Progress};
use crate::returns::sites::{progress_href, sites_href, words_of_progress};
use crate::returns::store::Found;

/// The page.
#[derive(Debug, Serialize)]
pub struct ProgressPage {
    organisation: String,
    collection: String,
    href: String,
    /// Lines that still wait.
    waiting: i64,
    /// Lines that are done.
    done: i64,
    total: i64,
    facts: Vec<Fact>,
    failed: Vec<Vec<Cell>>,
    /// Empty when nothing can be tried again.
    retry_href: String,
    csv_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ProgressPage {
    /// The page of the newest list of a return.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        (filing, progress): (&Filing, &Progress),
        failed: &[FilingLine],
        may_retry: bool,
    ) -> Self {
        let (code, year) = (found.code.as_str(), found.collection.key.as_str());
        let sites = sites_href(code, year);
        let late = if filing.late { ", late" } else { "" };
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            href: progress_href(code, year),
            waiting: progress.waiting,
            done: progress.total() - progress.waiting,
            total: progress.total(),
            facts: vec![
                Fact::new("Submitted", format!("{}{late}", filing.pressed_at.london_words())),
                Fact::new("Result", words_of_progress(progress)),
                Fact::new(
                    "Answers that differ from yours",
                    crate::platform::pages::words::number(i128::from(filing.exceptions)),
                ),
                Fact::new("Fingerprint (SHA-256) of the list of sites", hex(&filing.list_hash)),
            ],
            failed: failed
                .iter()
                .map(|line| vec![Cell::text(&line.code), Cell::text(&line.name), Cell::text(&line.said)])
                .collect(),
            retry_href: if may_retry && progress.failed > 0 {
                format!("{sites}/retry")
            } else {
                String::new()
            },
            csv_href: format!("{sites}/receipts.csv"),
            way: way_below(found),
        }
    }
}

impl Page for ProgressPage {
    const TEMPLATE: &'static str = "returns/sites/progress.html";

    fn title(&self) -> String {
        format!("Submission for the sites of {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let href = "/organisations/ZZ001/returns/2026/sites";
        let page = |waiting, failed: Vec<Vec<Cell>>, retry: &str| Self {
            organisation: "Example Pharmacies".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            href: format!("{href}/progress"),
            waiting,
            done: 1800 - waiting,
            total: 1800,
            facts: vec![Fact::new("Fingerprint (SHA-256) of the list of sites", "00".repeat(32))],
            failed,
            retry_href: retry.to_owned(),
            csv_href: format!("{href}/receipts.csv"),
            way: sample_way_below(),
        };
        let row =
            vec![Cell::text("ZZ101"), Cell::text("Example Pharmacy"), Cell::text("It has its own return.")];
        vec![
            ("empty", page(0, Vec::new(), "")),
            ("typical", page(700, Vec::new(), "")),
            ("failed", page(0, vec![row], &format!("{href}/retry"))),
        ]
    }
}
