//! The files of a release as the public site keeps them, and the lists that lead to them.

use std::sync::Arc;

use super::body::Body;
use crate::platform::error::Result;
use crate::publication::bundle::BUNDLE;
use crate::publication::data::{self, Address, Format, HEADLINE, Made, ORGANISATIONS, REPORT, WORKBOOK};
use crate::publication::document::Document;
use crate::publication::pages::{DownloadFile, DownloadRow};
use crate::publication::release::ReleaseSummary;

/// A file of a release.
pub(super) struct Published {
    /// What it belongs to.
    stem: String,
    /// Its name in addresses.
    pub name: String,
    title: String,
    format: Format,
    size: u64,
    /// Its content, shared by all its addresses.
    pub body: Arc<Body>,
}

/// Every file of a release; `portal` is the portal's address.
pub(super) fn published_files(
    release: &ReleaseSummary,
    document: &Document,
    portal: &str,
    paper: Option<Vec<u8>>,
) -> Result<Vec<Published>> {
    let address = format!("{portal}{}", release.address());
    let at = Address {
        portal,
        release: &address,
        issued: release.published_at.unwrap_or(release.as_at),
        version: release.number(),
    };
    let published = |made: Made| {
        let size = made.bytes.len() as u64;
        let body = Body::file(&format!("{}-{}", document.key, made.stem), made.format, made.bytes);
        let Made { stem, name, title, format, .. } = made;
        Published { stem, name, title, format, size, body: Arc::new(body) }
    };
    Ok(data::release_files(document, &at, paper)?.into_iter().map(published).collect())
}

fn link(file: &Published, below: &str) -> DownloadFile {
    DownloadFile {
        format: file.format.words().to_owned(),
        href: format!("{below}/{}", file.name),
        size: size_words(file.size),
    }
}

/// What can be downloaded: the release as a whole first, then its tables in order.
pub(super) fn downloads(document: &Document, files: &[Published], below: &str) -> Vec<DownloadRow> {
    let row = |title: &str, stem: &str| DownloadRow {
        title: title.to_owned(),
        files: files
            .iter()
            .filter(|file| file.stem == stem && file.format != Format::Csvw)
            .map(|file| link(file, below))
            .collect(),
    };
    let mut rows = vec![
        row("Report", REPORT),
        row("All tables in one spreadsheet", WORKBOOK),
        row("Headline figures", HEADLINE),
    ];
    let list = |format: Format, size: Option<u64>| DownloadFile {
        format: format.words().to_owned(),
        href: format!("{below}/{ORGANISATIONS}.{}", format.suffix()),
        size: size.map(size_words).unwrap_or_default(),
    };
    rows.push(DownloadRow {
        title: "List of organisations".to_owned(),
        files: vec![list(Format::Csv, document.organisations.bytes), list(Format::Json, None)],
    });
    rows.extend(document.tables.iter().map(|entry| row(&entry.table.caption, &entry.name)));
    rows.extend(document.measures.iter().map(|entry| row(&entry.table.caption, &entry.name)));
    // A release from before there were reports has none.
    rows.retain(|row| !row.files.is_empty());
    rows
}

/// What programs read first: the data package and the entry for data portals.
pub(super) fn descriptions(files: &[Published], below: &str) -> Vec<DownloadRow> {
    let mut rows: Vec<DownloadRow> = Vec::new();
    let described = |file: &&Published| matches!(file.stem.as_str(), "datapackage" | "catalogue");
    for file in files.iter().filter(described) {
        match rows.iter_mut().find(|row| row.title == file.title) {
            Some(row) => row.files.push(link(file, below)),
            None => rows.push(DownloadRow { title: file.title.clone(), files: vec![link(file, below)] }),
        }
    }
    rows
}

/// The bundle that the release can be checked by, beside what programs read first.
pub(super) fn with_bundle(mut rows: Vec<DownloadRow>, release: &str) -> Vec<DownloadRow> {
    let file = DownloadFile {
        format: Format::Zip.words().to_owned(),
        href: format!("{release}/{BUNDLE}"),
        size: String::new(),
    };
    rows.push(DownloadRow { title: "Bundle to check the figures with".to_owned(), files: vec![file] });
    rows
}

/// A size as people read it, rounded up.
fn size_words(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => {
            let tenths = (u128::from(bytes) * 10).div_ceil(1_048_576);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(size_words(1023), "1023 bytes");
        assert_eq!((size_words(1024), size_words(1025)), ("1 KB".to_owned(), "2 KB".to_owned()));
        assert_eq!(
            (size_words(1_048_576), size_words(1_048_577)),
            ("1.0 MB".to_owned(), "1.1 MB".to_owned())
        );
    }
}
