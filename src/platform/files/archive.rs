//! Zip archives, and the documents that are zip archives inside: what they are, and that they stay within bounds. Every
//! entry is unpacked and counted, never believed: what an archive says about itself may be a lie.

use std::io::{Cursor, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{look, ole};
use crate::platform::error::{Error, Result};

/// The most entries of an archive, those of archives inside it included.
const ENTRIES: usize = 5000;
/// How deep archives may stand inside one another: a workbook in a document in an archive.
const DEPTH: usize = 2;
/// How many times larger than the file what is unpacked may be.
const RATIO: u64 = 100;
/// Bytes that may always be unpacked, because small texts pack well.
const ALWAYS: u64 = 8 * 1024 * 1024;
/// Bytes that may be unpacked at most.
const UNPACKED: u64 = 1024 * 1024 * 1024;
/// The largest archive inside another, which is held in memory while it is looked through.
const INSIDE: u64 = 32 * 1024 * 1024;
/// The tail of an archive in which its end is told: its own length, and the longest remark.
const TAIL: u64 = 22 + 65_535;

/// Whether content that begins like this is an archive.
pub(super) fn is_one(head: &[u8]) -> bool {
    [b"PK\x03\x04", b"PK\x05\x06"].iter().any(|magic| head.starts_with(*magic))
}

/// What an archive of so many bytes is; refuses what is out of bounds, and documents with macros.
pub(super) fn look<R: Read + Seek>(content: R, size: u64) -> Result<&'static str> {
    let unpacked = size.saturating_mul(RATIO).clamp(ALWAYS, UNPACKED);
    walk(content, 0, &mut Budget { unpacked, entries: ENTRIES })
}

/// What may still be unpacked.
struct Budget {
    unpacked: u64,
    entries: usize,
}

/// An entry as it is unpacked, counted against the budget.
struct Metered<'a, R> {
    entry: R,
    budget: &'a mut Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.entry.read(into)?;
        match self.budget.unpacked.checked_sub(read as u64) {
            Some(left) => {
                self.budget.unpacked = left;
                Ok(read)
            }
            None => {
                self.budget.unpacked = 0;
                Err(std::io::Error::other(TooLarge))
            }
        }
    }
}

/// What stops the reading of an archive that is larger than it looks.
#[derive(Debug, thiserror::Error)]
#[error("unpacked, the archive is too large")]
struct TooLarge;

fn refused(text: &str) -> Error {
    Error::Unsupported(text.to_owned())
}

fn too_large() -> Error {
    refused(
        "Unpacked, the file would be far larger than it is, so it was not looked through. Pack it in smaller parts, or \
         attach the files one by one.",
    )
}

fn damaged() -> Error {
    refused("The file is packed, and cannot be unpacked: it may be damaged. Save it again and attach that.")
}

fn of_zip(error: &ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => ole::locked(),
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => refused(
            "The file is packed in a way that cannot be looked through. Pack it as an ordinary zip archive.",
        ),
        _ => damaged(),
    }
}

fn of_reading(error: &std::io::Error) -> Error {
    match error.get_ref() {
        Some(inner) if inner.is::<TooLarge>() => too_large(),
        _ => damaged(),
    }
}

fn walk<R: Read + Seek>(mut content: R, depth: usize, budget: &mut Budget) -> Result<&'static str> {
    must_be_countable(&mut content, budget)?;
    let mut archive = ZipArchive::new(content).map_err(|e| of_zip(&e))?;
    if archive.is_empty() {
        return Err(refused("The archive is empty."));
    }
    if archive.has_duplicate_names() {
        return Err(refused(
            "The archive holds two files of the same name, so it cannot be told what is in it.",
        ));
    }
    budget.entries = budget.entries.checked_sub(archive.len()).ok_or_else(too_many)?;
    let names: Vec<String> =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).to_lowercase()).collect();
    let kind = kind_of(&mut archive, &names, budget)?;
    if kind != ZIP && names.iter().any(|name| is_macro(name)) {
        return Err(ole::macros());
    }
    for place in 0..archive.len() {
        let inside = entry(&mut archive, place, kind, depth, budget)?;
        if let Some(inside) = inside {
            walk(Cursor::new(inside), depth + 1, budget)?;
        }
    }
    Ok(kind)
}

fn too_many() -> Error {
    refused(&format!(
        "The archive holds more than {ENTRIES} files. Pack it in smaller parts, or attach the files one by one."
    ))
}

/// Refuses an archive that says it has more entries than are allowed before its list of them is read into memory.
fn must_be_countable<R: Read + Seek>(content: &mut R, budget: &Budget) -> Result<()> {
    let failed = |e: std::io::Error| Error::io("failed to look an upload through", e);
    let end = content.seek(SeekFrom::End(0)).map_err(failed)?;
    content.seek(SeekFrom::Start(end.saturating_sub(TAIL))).map_err(failed)?;
    let mut tail = Vec::new();
    content.read_to_end(&mut tail).map_err(failed)?;
    content.seek(SeekFrom::Start(0)).map_err(failed)?;
    for (place, magic) in tail.windows(4).enumerate() {
        // Archives of more than 65,535 files have a longer end, which these bytes announce.
        if magic == b"PK\x06\x07" {
            return Err(too_many());
        }
        if magic == b"PK\x05\x06"
            && let Some([low, high]) = tail.get(place + 10..place + 12)
            && usize::from(u16::from_le_bytes([*low, *high])) > budget.entries
        {
            return Err(too_many());
        }
    }
    Ok(())
}

/// What a plain archive is sent as.
const ZIP: &str = "application/zip";

/// What an archive is by what it holds.
fn kind_of<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    names: &[String],
    budget: &mut Budget,
) -> Result<&'static str> {
    const OPEN: [&str; 3] = [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ];
    const OFFICE: [(&str, &str); 3] = [
        ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ];
    let known = if let Some(place) = names.iter().position(|name| name == "mimetype") {
        let entry = archive.by_index(place).map_err(|e| of_zip(&e))?;
        let mut said = Vec::new();
        Metered { entry, budget }.take(200).read_to_end(&mut said).map_err(|e| of_reading(&e))?;
        OPEN.into_iter().find(|kind| kind.as_bytes() == said.trim_ascii())
    } else if names.iter().any(|name| name == "[content_types].xml") {
        OFFICE.iter().find(|(folder, _)| names.iter().any(|n| n.starts_with(folder))).map(|(_, kind)| *kind)
    } else {
        Some(ZIP)
    };
    known.ok_or_else(|| refused("The file is a document of a kind that is not accepted. Save it as PDF."))
}

/// Whether a part of a document holds macros, by its name in small letters.
fn is_macro(name: &str) -> bool {
    name.ends_with("vbaproject.bin")
        || name.contains("/macrosheets/")
        || name.starts_with("basic/")
        || name.starts_with("scripts/")
}

/// Unpacks one entry. An archive inside is given back to be looked through in its turn; in a plain archive everything
/// else must itself be of a kind that is accepted.
fn entry<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    place: usize,
    of: &str,
    depth: usize,
    budget: &mut Budget,
) -> Result<Option<Vec<u8>>> {
    let file = archive.by_index(place).map_err(|e| of_zip(&e))?;
    if file.is_dir() {
        return Ok(None);
    }
    let mut content = Metered { entry: file, budget };
    let mut head = Vec::new();
    (&mut content).take(super::SNIFF as u64).read_to_end(&mut head).map_err(|e| of_reading(&e))?;
    if is_one(&head) {
        if depth >= DEPTH {
            return Err(refused(
                "The file holds archives inside archives, deeper than can be looked through.",
            ));
        }
        let mut inside = head;
        (&mut content).take(INSIDE).read_to_end(&mut inside).map_err(|e| of_reading(&e))?;
        return if inside.len() as u64 > INSIDE { Err(too_large()) } else { Ok(Some(inside)) };
    }
    if ole::is_one(&head) {
        let mut inside = head;
        (&mut content).take(INSIDE).read_to_end(&mut inside).map_err(|e| of_reading(&e))?;
        if inside.len() as u64 > INSIDE {
            return Err(too_large());
        }
        let seen = ole::see_through(Cursor::new(inside))?;
        // A picture or formula inside a document is a compound document of a kind of its own, but never a macro.
        if of == ZIP || seen.macros {
            ole::accepted(&seen)?;
        }
        return Ok(None);
    }
    if of == ZIP && !head.is_empty() {
        look::told_by(&head).map_err(inside_an_archive)?;
    }
    std::io::copy(&mut content, &mut std::io::sink()).map_err(|e| of_reading(&e))?;
    Ok(None)
}

fn inside_an_archive(error: Error) -> Error {
    match error {
        Error::Unsupported(why) => Error::Unsupported(format!("In the archive: {why}")),
        other => other,
    }
}

#[cfg(test)]
mod tests;
