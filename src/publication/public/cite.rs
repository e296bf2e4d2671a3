//! How a release and its tables are cited: who, when, what, which version, and the permanent address, with a place for the
//! day on which the reader read it.

use super::Issued;
use crate::publication::data::PUBLISHER;
use crate::publication::release::ReleaseSummary;

/// What a reader puts their own day into.
const READ: &str = "(accessed [day month year])";

fn when(release: &ReleaseSummary) -> (String, String) {
    let day = release.published_at.unwrap_or(release.as_at).london_day();
    (day.year().to_string(), day.words())
}

/// The citation of a release.
pub(super) fn release(portal: &str, release: &ReleaseSummary) -> String {
    let (year, day) = when(release);
    format!(
        "{PUBLISHER} ({year}). {}, version {}. Published {day}. {portal}{} {READ}.",
        release.title,
        release.number(),
        release.address()
    )
}

/// Captions of a release's tables, and how each is cited. The address is that of its figures, which never changes.
pub(super) fn tables(portal: &str, (release, document): &Issued) -> Vec<(String, String)> {
    let (year, day) = when(release);
    let counted = document.tables.iter().map(|entry| (&entry.name, &entry.table.caption));
    let measured = document.measures.iter().map(|entry| (&entry.name, &entry.table.caption));
    let cited = |(name, caption): (&String, &String)| {
        let text = format!(
            "{PUBLISHER} ({year}). {caption} [table]. In: {}, version {}. Published {day}. {portal}{}/{name}.csv {READ}.",
            release.title,
            release.number(),
            release.address()
        );
        (caption.clone(), text)
    };
    counted.chain(measured).map(cited).collect()
}
