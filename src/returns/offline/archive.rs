//! The archive that a workbook is: unpacked once within bounds before anything reads it, and told what it is by its
//! content, never by its name.

use std::io::{Cursor, Read as _, copy, sink};

use zip::ZipArchive;

use super::grid::Unreadable;
use super::ods_out::MIMETYPE;

/// The most bytes of an uploaded workbook.
pub(super) const PACKED_LIMIT: u64 = 10 * 1024 * 1024;
/// The most bytes of what is in it.
const UNPACKED_LIMIT: u64 = 64 * 1024 * 1024;
/// The most entries.
const ENTRIES_LIMIT: usize = 1_000;
/// How many times larger than the archive its content may be, once it is larger than a few megabytes.
const RATIO_LIMIT: u64 = 200;
/// Below this the ratio says nothing.
const RATIO_FROM: u64 = 4 * 1024 * 1024;

/// The kinds of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Office Open XML.
    Xlsx,
    /// OpenDocument.
    Ods,
}

impl Format {
    /// As it is stored and as files are called.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => MIMETYPE,
        }
    }
}

fn refuse<T>(message: &str) -> Result<T, Unreadable> {
    Err(Unreadable::NotThis(message.to_owned()))
}

/// Tells what the bytes are.
///
/// # Errors
/// What it is instead of a workbook, or why it is not taken.
pub(super) fn told(bytes: &[u8]) -> Result<Format, Unreadable> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return refuse(
            "The workbook has a password, or is in the old .xls form. Save it without a password as .xlsx or .ods.",
        );
    }
    if !bytes.starts_with(b"PK") {
        return refuse(
            "The file is no workbook, whatever its name says: a text or CSV file, for example. Upload the workbook that you \
             downloaded here, saved as .xlsx or .ods.",
        );
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::damaged())?;
    if archive.len() > ENTRIES_LIMIT {
        return Err(Unreadable::too_many());
    }
    let names = unpack(&mut archive, bytes.len() as u64)?;
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("content.xml") && has("mimetype") {
        return open_document(bytes, &names);
    }
    if has("[Content_Types].xml") && names.iter().any(|name| name.starts_with("xl/")) {
        return office(bytes, &names);
    }
    refuse("The file is an archive but no workbook. Upload the workbook that you downloaded here.")
}

/// Unpacks every entry into nothing: what an archive says of its sizes is not to be believed.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, packed: u64) -> Result<Vec<String>, Unreadable> {
    let mut names = Vec::with_capacity(archive.len());
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let entry = match archive.by_index(index) {
            Ok(entry) if entry.encrypted() => return refuse(PASSWORD),
            Ok(entry) => entry,
            Err(zip::result::ZipError::UnsupportedArchive(_)) => return refuse(PASSWORD),
            Err(_) => return Err(Unreadable::damaged()),
        };
        let name = entry.name().map_err(|_| Unreadable::damaged())?.into_owned();
        let left = UNPACKED_LIMIT.saturating_sub(unpacked) + 1;
        unpacked += copy(&mut entry.take(left), &mut sink()).map_err(|_| Unreadable::damaged())?;
        if unpacked > UNPACKED_LIMIT || (unpacked > RATIO_FROM && unpacked / RATIO_LIMIT > packed) {
            return Err(Unreadable::too_many());
        }
        names.push(name);
    }
    Ok(names)
}

const PASSWORD: &str = "The workbook has a password. Save it without one and try again.";
const MACROS: &str =
    "The workbook contains macros, which are not taken. Save it as .xlsx or .ods without macros.";

fn open_document(bytes: &[u8], names: &[String]) -> Result<Format, Unreadable> {
    if !part(bytes, "mimetype")?.starts_with(MIMETYPE) {
        return refuse(
            "The file is a document but no workbook. Upload the workbook that you downloaded here.",
        );
    }
    if names.iter().any(|name| name == "META-INF/manifest.xml")
        && part(bytes, "META-INF/manifest.xml")?.contains("encryption-data")
    {
        return refuse(PASSWORD);
    }
    if names
        .iter()
        .any(|name| (name.starts_with("Basic/") || name.starts_with("Scripts/")) && !name.ends_with('/'))
    {
        return refuse(MACROS);
    }
    Ok(Format::Ods)
}

fn office(bytes: &[u8], names: &[String]) -> Result<Format, Unreadable> {
    let macros = names.iter().any(|name| name.to_lowercase().ends_with("vbaproject.bin"));
    if macros || part(bytes, "[Content_Types].xml")?.to_lowercase().contains("macroenabled") {
        return refuse(MACROS);
    }
    if names.iter().any(|name| name.ends_with(".bin") && name.starts_with("xl/workbook")) {
        return refuse("The workbook is in the binary form .xlsb. Save it as .xlsx or .ods.");
    }
    Ok(Format::Xlsx)
}

/// The text of one entry, of an archive that has been found to be within bounds.
///
/// # Errors
/// When it is not there or no text.
pub(super) fn part(bytes: &[u8], name: &str) -> Result<String, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::damaged())?;
    let entry = archive.by_name(name).map_err(|_| Unreadable::damaged())?;
    let mut text = String::new();
    entry.take(UNPACKED_LIMIT).read_to_string(&mut text).map_err(|_| Unreadable::damaged())?;
    Ok(text)
}
