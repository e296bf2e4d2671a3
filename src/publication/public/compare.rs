//! A few organisations side by side, from the list in memory.

use std::collections::BTreeSet;

use super::PublicSite;
use super::directory::Entry;
use super::organisations::{revised_words, revision_of};
use crate::platform::clock::Day;
use crate::platform::error::Result;
use crate::platform::pages::{Cell, Link};
use crate::publication::pages::ComparePage;
use crate::publication::record::Record;
use crate::publication::release::edition_year;

/// Organisations compared at once.
const MOST: usize = 5;

impl PublicSite {
    /// The organisations with these codes side by side, each once, the first five of them.
    ///
    /// # Errors
    /// When the list of organisations cannot be read.
    pub(in crate::publication) fn compared(&self, codes: &str) -> Result<ComparePage> {
        let mut page = ComparePage::form(codes);
        let site = self.now();
        let Some(current) = &site.current else { return Ok(page) };
        let (release, document) = &**current;
        let directory = self.directory(&site)?;
        let mut wanted: Vec<String> = Vec::new();
        for code in codes.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
            let code = code.to_uppercase();
            if !code.is_empty() && !wanted.contains(&code) {
                wanted.push(code);
            }
        }
        page.too_many = wanted.len() > MOST;
        wanted.truncate(MOST);
        let mut found: Vec<Entry> = Vec::new();
        for code in wanted {
            match directory.by_code(&code) {
                Some(entry) => found.push(entry),
                None => page.unknown.push(search_for(&code)),
            }
        }
        page.release_title.clone_from(&release.title);
        page.release_address = release.address();
        if found.is_empty() {
            return Ok(page);
        }
        page.head = std::iter::once("What is compared".to_owned())
            .chain(found.iter().map(|entry| entry.record.code.clone()))
            .collect();
        let status = |record: &Record| {
            let revised = revision_of(record, &site.revised);
            let words = revised_words(record, revised, record.is_stale(&document.edition));
            if revised.is_some() { format!("{words} (revised)") } else { words }
        };
        page.rows = rows(&found, document.source.kind == "collection", &status);
        Ok(page)
    }
}

fn search_for(code: &str) -> Link {
    let query = serde_urlencoded::to_string(&[("q", code)][..]).unwrap_or_default();
    Link::new(code, format!("/public/organisations?{query}"))
}

fn rows(found: &[Entry], reviewed: bool, status: &dyn Fn(&Record) -> String) -> Vec<Vec<Cell>> {
    let row = |what: &str, cell: &dyn Fn(&Entry) -> String| -> Vec<Cell> {
        std::iter::once(Cell::text(what)).chain(found.iter().map(|one| Cell::text(cell(one)))).collect()
    };
    let names = found.iter().map(|Entry { record, .. }| {
        Cell::link(record.name.clone(), format!("/public/organisations/{}", record.code))
    });
    let mut rows: Vec<Vec<Cell>> = vec![
        std::iter::once(Cell::text("Organisation")).chain(names).collect(),
        row("Kind", &|one| one.record.sector.label().to_owned()),
        row("Region", &|one| one.region_name.clone().unwrap_or_else(|| "Not known".to_owned())),
        row("Status now", &|one| status(&one.record)),
        row("Published on", &|one| {
            one.record.published_on.map_or_else(|| "Not published".to_owned(), Day::words)
        }),
    ];
    if reviewed {
        rows.push(row("In time", &|one| in_time(&one.record).to_owned()));
        rows.push(row("Review", &|one| review(&one.record).to_owned()));
    }
    // The newest edition first, of everything that any of them published.
    let editions: BTreeSet<(u32, &str)> = found
        .iter()
        .flat_map(|one| {
            let own = one.record.is_published().then_some(one.record.edition.as_str());
            one.history.iter().map(|past| past.edition.as_str()).chain(own)
        })
        .filter(|edition| !edition.is_empty())
        .map(|edition| (edition_year(edition), edition))
        .collect();
    for (_, edition) in editions.iter().rev() {
        rows.push(row(&format!("Grade for {edition}"), &|one| grade_for(one, edition)));
    }
    rows
}

fn in_time(record: &Record) -> &'static str {
    match (record.is_published(), record.late) {
        (false, _) => "Not submitted",
        (true, true) => "Late",
        (true, false) => "In time",
    }
}

fn review(record: &Record) -> &'static str {
    match record {
        _ if !record.is_published() => "None",
        Record { provisional: true, .. } => "Not finished: its own claim",
        Record { challengeable: true, .. } => "Reviewed, can still be challenged",
        Record { .. } => "Reviewed",
    }
}

/// The words of the newest publication for an edition.
fn grade_for(one: &Entry, edition: &str) -> String {
    if one.record.is_published() && one.record.edition == edition {
        return one.record.label.clone();
    }
    let past = one.history.iter().find(|past| past.edition == edition);
    past.map_or_else(
        || "None known".to_owned(),
        |past| if past.label.is_empty() { past.grade.label().to_owned() } else { past.label.clone() },
    )
}
