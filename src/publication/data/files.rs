//! Every file of a release, made from its document alone, so that the same release always has the same files.

use super::catalogue::{CATALOGUE, catalogue};
use super::csvw::csvw;
use super::fields::{Shape, headline_shape, measures_shape, organisations_shape, table_shape};
use super::package::{PACKAGE, data_package};
use super::rdf::{json_ld, turtle};
use super::workbook::{headline_ods, measures_ods, release_ods, table_ods};
use super::{
    HEADLINE, ORGANISATIONS, headline_csv, headline_json, measures_csv, measures_json, table_csv, table_json,
};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::publication::document::Document;

/// The name of the workbook of all tables, without its suffix.
pub const WORKBOOK: &str = "all-tables";
/// The name of the report, without its suffix.
pub const REPORT: &str = "report";

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// The description of a CSV file.
    Csvw,
    /// JSON.
    Json,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A PDF file.
    Pdf,
    /// A description for data portals as JSON-LD.
    JsonLd,
    /// The same as Turtle.
    Turtle,
    /// An archive.
    Zip,
}

impl Format {
    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Csvw => "CSVW",
            Self::Json => "JSON",
            Self::Ods => "ODS",
            Self::Pdf => "PDF",
            Self::JsonLd => "JSON-LD",
            Self::Turtle => "Turtle",
            Self::Zip => "ZIP",
        }
    }

    /// The end of its files' names.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Csvw => "csv-metadata.json",
            Self::Json => "json",
            Self::Ods => "ods",
            Self::Pdf => "pdf",
            Self::JsonLd => "jsonld",
            Self::Turtle => "ttl",
            Self::Zip => "zip",
        }
    }

    /// Its media type without parameters.
    pub const fn plain_media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Csvw => "application/csvm+json",
            Self::Json => "application/json",
            Self::Ods => crate::platform::ods::MEDIA_TYPE,
            Self::Pdf => crate::platform::pdf::MEDIA_TYPE,
            Self::JsonLd => "application/ld+json",
            Self::Turtle => "text/turtle",
            Self::Zip => "application/zip",
        }
    }

    /// Its media type as it is sent.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => crate::platform::csv_lines::MEDIA_TYPE,
            Self::Turtle => "text/turtle; charset=utf-8",
            _ => self.plain_media_type(),
        }
    }

    /// Whether packing makes it smaller.
    pub const fn packs(self) -> bool {
        !matches!(self, Self::Ods | Self::Pdf | Self::Zip)
    }

    /// Whether a browser saves it rather than shows it.
    pub const fn is_saved(self) -> bool {
        matches!(self, Self::Csv | Self::Ods | Self::Zip)
    }
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it belongs to: a table, the headline figures, or the release.
    pub stem: String,
    /// Its name in addresses.
    pub name: String,
    /// What it holds.
    pub title: String,
    /// Its format.
    pub format: Format,
    /// The columns of a CSV file.
    pub shape: Option<Shape>,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Where and when a release is public.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// The portal's address without a slash at its end.
    pub portal: &'a str,
    /// The release's permanent address.
    pub release: &'a str,
    /// When it became public.
    pub issued: Timestamp,
    /// Which version of the figures of its source it is.
    pub version: u32,
}

fn made(stem: &str, title: &str, format: Format, bytes: Vec<u8>) -> Made {
    let name = format!("{stem}.{}", format.suffix());
    Made { stem: stem.to_owned(), name, title: title.to_owned(), format, shape: None, bytes }
}

/// A CSV file with what it is beside it.
fn described(
    document: &Document,
    stem: &str,
    title: &str,
    about: &str,
    csv: Vec<u8>,
    shape: Shape,
) -> Result<[Made; 2]> {
    let mut file = made(stem, title, Format::Csv, csv);
    let metadata = csvw(document, &file.name, title, about, &shape)?;
    file.shape = Some(shape);
    Ok([file, made(stem, title, Format::Csvw, metadata)])
}

/// Every file but the list of organisations, which is made when it is asked for. `report` is the stored PDF file.
///
/// # Errors
/// When one cannot be written, which is a fault.
pub fn release_files(document: &Document, at: &Address<'_>, report: Option<Vec<u8>>) -> Result<Vec<Made>> {
    let mut files = Vec::with_capacity((document.tables.len() + document.measures.len()) * 4 + 10);
    let (title, about) = ("Headline figures", "The figures people ask for first.");
    files.extend(described(document, HEADLINE, title, about, headline_csv(document)?, headline_shape())?);
    files.push(made(HEADLINE, title, Format::Json, headline_json(document)?));
    files.push(made(HEADLINE, title, Format::Ods, headline_ods(document)?));
    for entry in &document.tables {
        let (name, title, table) = (&entry.name, &entry.table.caption, &entry.table);
        let csv = table_csv(document, table)?;
        files.extend(described(document, name, title, &entry.about, csv, table_shape(table))?);
        files.push(made(name, title, Format::Json, table_json(document, entry)?));
        files.push(made(name, title, Format::Ods, table_ods(document, entry)?));
    }
    for entry in &document.measures {
        let (name, title, table) = (&entry.name, &entry.table.caption, &entry.table);
        let csv = measures_csv(document, table)?;
        files.extend(described(document, name, title, &entry.about, csv, measures_shape(table))?);
        files.push(made(name, title, Format::Json, measures_json(document, entry)?));
        files.push(made(name, title, Format::Ods, measures_ods(document, entry)?));
    }
    let organisations = organisations_shape();
    let list = format!("{ORGANISATIONS}.{}", Format::Csv.suffix());
    let (title, about) = ("List of organisations", "What the release says of each organisation.");
    let metadata = csvw(document, &list, title, about, &organisations)?;
    files.push(made(ORGANISATIONS, title, Format::Csvw, metadata));
    files.push(made(WORKBOOK, "All tables", Format::Ods, release_ods(document)?));
    files.extend(report.map(|bytes| made(REPORT, "Report", Format::Pdf, bytes)));
    let package = data_package(document, at, &files, &organisations)?;
    let nodes = catalogue(document, at, &files);
    let about = "Description for data portals";
    let descriptions = [
        Made { name: PACKAGE.to_owned(), ..made("datapackage", "Data package", Format::Json, package) },
        made(CATALOGUE, about, Format::JsonLd, json_ld(&nodes)?),
        made(CATALOGUE, about, Format::Turtle, turtle(&nodes)?),
    ];
    files.extend(descriptions);
    Ok(files)
}
