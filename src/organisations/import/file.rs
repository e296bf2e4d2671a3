//! Reading an import file as a stream of rows: what kind of file it is, its limits, its hash, its encoding.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::platform::error::{Error, Result};
use crate::platform::pages::words;

/// How large a file and its lines may be, and how damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub file_bytes: u64,
    /// Longest line and longest row, in bytes.
    pub line_bytes: usize,
    /// Most rows. An import is one change, and on SQLite nothing else is saved while it runs (64,201 rows take about
    /// two seconds), so a file of many times the nation's organisations is refused before anything is written.
    pub rows: i64,
    /// How many rows may be held back; with more, it is the wrong file, not a damaged one.
    pub held_rows: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 200 * 1024 * 1024, line_bytes: 64 * 1024, rows: 500_000, held_rows: 20_000 }
    }
}

/// A file that can be opened afresh. It is read twice: once to find everything that must be refused before anything
/// is written, once to import it.
#[derive(Clone)]
pub struct InputFile {
    name: String,
    open: Arc<Opener>,
}

type Opener = dyn Fn() -> std::io::Result<Box<dyn Read + Send>> + Send + Sync;

impl InputFile {
    /// A file of this name, opened by calling `open`.
    pub fn new(
        name: impl Into<String>,
        open: impl Fn() -> std::io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), open: Arc::new(open) }
    }

    /// Its name, without a folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What a first reading of the whole file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// The first row, decoded.
    pub first: Vec<String>,
    /// The second row, decoded.
    pub second: Vec<String>,
    /// How many rows there are, a header included.
    pub rows: i64,
}

/// One cell, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    Utf8,
    /// Windows-1252, made into UTF-8.
    Windows1252,
    /// Neither; the bytes stand as the code points of the same number, so that none is lost.
    Unknown,
}

/// One row of the file.
pub struct RawRow {
    /// Its place: the header or first row is 1, blank lines are not counted.
    pub number: i64,
    /// Its cells as text.
    pub cells: Vec<String>,
    /// Cells (by place) that were not UTF-8.
    pub foreign: Vec<(usize, Encoding)>,
}

/// The rows of a file, one at a time.
pub struct Rows {
    reader: csv::Reader<Guarded<BufReader<Box<dyn Read + Send>>>>,
    record: csv::ByteRecord,
    number: i64,
    line_bytes: usize,
}

impl Rows {
    /// Opens a file, refusing what is no CSV text.
    ///
    /// # Errors
    /// [`Error::Unsupported`] or [`Error::TooLarge`] with the reason in words, [`Error::Refused`] when it cannot be
    /// opened.
    pub fn open(file: &InputFile, limits: Limits) -> Result<Self> {
        let opened =
            (file.open)().map_err(|e| Error::Refused(format!("{} cannot be opened: {e}", file.name)))?;
        let mut buffered = BufReader::with_capacity(1 << 16, opened);
        let start = buffered.fill_buf().map_err(|e| Error::io("failed to read the file", e))?;
        refuse_other_kinds(start)?;
        let mark = start.starts_with(b"\xef\xbb\xbf");
        let mut guarded = Guarded::new(buffered, limits);
        if mark {
            // The byte order mark belongs to the file's hash but not to its first cell.
            guarded.read_exact(&mut [0; 3]).map_err(|e| Error::io("failed to read the file", e))?;
        }
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(guarded);
        Ok(Self { reader, record: csv::ByteRecord::new(), number: 0, line_bytes: limits.line_bytes })
    }

    /// The next row, or none at the end.
    ///
    /// # Errors
    /// When a limit is passed or the file turns out to be no text.
    pub fn next_row(&mut self) -> Result<Option<RawRow>> {
        if !self.advance()? {
            return Ok(None);
        }
        let mut cells = Vec::with_capacity(self.record.len());
        let mut foreign = Vec::new();
        for (place, bytes) in self.record.iter().enumerate() {
            let (text, encoding) = decode(bytes);
            if encoding != Encoding::Utf8 {
                foreign.push((place, encoding));
            }
            cells.push(text);
        }
        Ok(Some(RawRow { number: self.number, cells, foreign }))
    }

    fn advance(&mut self) -> Result<bool> {
        let more = self.reader.read_byte_record(&mut self.record).map_err(refusal)?;
        if more {
            self.number += 1;
            if self.record.as_slice().len() > self.line_bytes {
                return Err(Error::TooLarge(format!(
                    "row {} is longer than {} KiB; is a quotation mark never closed?",
                    self.number,
                    self.line_bytes / 1024
                )));
            }
        }
        Ok(more)
    }

    /// SHA-256 of everything read; of the whole file once the rows have ended.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.reader.get_ref().hash.clone().finalize().into()
    }
}

/// Reads the whole file once without keeping it, so that whatever must be refused is refused before anything is
/// written.
///
/// # Errors
/// As [`Rows::open`] and [`Rows::next_row`].
pub fn survey(file: &InputFile, limits: Limits) -> Result<Survey> {
    let mut rows = Rows::open(file, limits)?;
    let first = rows.next_row()?.ok_or_else(|| Error::Unsupported("the file is empty".to_owned()))?.cells;
    let second = rows.next_row()?.map(|row| row.cells).unwrap_or_default();
    while rows.advance()? {
        if rows.number > limits.rows {
            return Err(Error::TooLarge(format!(
                "the file has more than {} rows; divide it into several",
                words::number(i128::from(limits.rows))
            )));
        }
    }
    Ok(Survey { hash: rows.hash(), first, second, rows: rows.number })
}

fn too_large(limit: u64) -> Error {
    Error::TooLarge(format!("the file is larger than {} MiB", limit / (1024 * 1024)))
}

fn refuse_other_kinds(start: &[u8]) -> Result<()> {
    let kind = if start.is_empty() {
        "the file is empty"
    } else if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        "the file is in UTF-16; save it as \"CSV UTF-8\""
    } else if start.starts_with(b"PK\x03\x04") {
        "the file is a workbook or an archive; save the sheet as CSV"
    } else if start.starts_with(b"\xd0\xcf\x11\xe0") {
        "the file is an old workbook; save the sheet as CSV"
    } else if start.starts_with(b"\x1f\x8b") {
        "the file is compressed; unpack it first"
    } else if start.starts_with(b"%PDF") {
        "the file is a PDF, not CSV text"
    } else {
        return Ok(());
    };
    Err(Error::Unsupported(kind.to_owned()))
}

/// A reader that hashes what passes and stops at the limits.
struct Guarded<R> {
    inner: R,
    hash: Sha256,
    limits: Limits,
    total: u64,
    line: usize,
}

impl<R> Guarded<R> {
    fn new(inner: R, limits: Limits) -> Self {
        Self { inner, hash: Sha256::new(), limits, total: 0, line: 0 }
    }

    fn check(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.total += bytes.len() as u64;
        if self.total > self.limits.file_bytes {
            return Err(std::io::Error::other(Refusal(too_large(self.limits.file_bytes))));
        }
        if bytes.contains(&0) {
            return Err(std::io::Error::other(Refusal(Error::Unsupported(
                "the file holds zero bytes: it is binary or in UTF-16, not CSV text".to_owned(),
            ))));
        }
        for piece in bytes.split_inclusive(|b| *b == b'\n' || *b == b'\r') {
            self.line += piece.len();
            if self.line > self.limits.line_bytes {
                return Err(std::io::Error::other(Refusal(Error::TooLarge(format!(
                    "a line is longer than {} KiB",
                    self.limits.line_bytes / 1024
                )))));
            }
            if piece.ends_with(b"\n") || piece.ends_with(b"\r") {
                self.line = 0;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buf)?;
        let (read, _) = buf.split_at(count);
        self.check(read)?;
        Ok(count)
    }
}

/// A refusal on its way through the CSV reader.
#[derive(Debug)]
struct Refusal(Error);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

fn refusal(error: csv::Error) -> Error {
    let place = error.position().map(csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(io) => {
            let kind = io.kind();
            let Some(inner) = io.into_inner() else {
                return Error::io("failed to read the file", kind.into());
            };
            match inner.downcast::<Refusal>() {
                Ok(refused) => refused.0,
                Err(other) => Error::internal("failed to read the file", other),
            }
        }
        other => {
            Error::Unsupported(format!("line {} cannot be read as CSV: {other:?}", place.unwrap_or_default()))
        }
    }
}

/// The text of a cell.
fn decode(bytes: &[u8]) -> (String, Encoding) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Encoding::Utf8);
    }
    let mut encoding = Encoding::Windows1252;
    let text = bytes
        .iter()
        .map(|byte| match windows_1252(*byte) {
            Some(c) => c,
            None => {
                encoding = Encoding::Unknown;
                char::from(*byte)
            }
        })
        .collect();
    (text, encoding)
}

/// The character of a byte; none for the five bytes that stand for nothing.
fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [Option<char>; 32] = [
        Some('€'),
        None,
        Some('‚'),
        Some('ƒ'),
        Some('„'),
        Some('…'),
        Some('†'),
        Some('‡'),
        Some('ˆ'),
        Some('‰'),
        Some('Š'),
        Some('‹'),
        Some('Œ'),
        None,
        Some('Ž'),
        None,
        None,
        Some('‘'),
        Some('’'),
        Some('“'),
        Some('”'),
        Some('•'),
        Some('–'),
        Some('—'),
        Some('˜'),
        Some('™'),
        Some('š'),
        Some('›'),
        Some('œ'),
        None,
        Some('ž'),
        Some('Ÿ'),
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().flatten(),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_decoded_without_losing_a_byte() {
        assert_eq!(decode("Søn".as_bytes()), ("Søn".to_owned(), Encoding::Utf8));
        assert_eq!(
            decode(b"Nobody\x92s \x96 caf\xe9"),
            ("Nobody’s – café".to_owned(), Encoding::Windows1252)
        );
        assert_eq!(decode(b"x\x81\xe9"), ("x\u{81}é".to_owned(), Encoding::Unknown));
    }

    #[test]
    fn a_line_may_come_in_pieces_but_not_grow_too_long() {
        let limits = Limits { file_bytes: 100, line_bytes: 8, rows: 100, held_rows: 0 };
        let mut guarded = Guarded::new(&b"12345\n1234567\n"[..], limits);
        let mut all = Vec::new();
        let mut piece = [0; 3];
        loop {
            let n = guarded.read(&mut piece).unwrap();
            if n == 0 {
                break;
            }
            all.extend_from_slice(&piece[..n]);
        }
        assert_eq!(all.len(), 14);
        let mut long = Guarded::new(&b"123456789"[..], limits);
        assert!(long.read_to_end(&mut Vec::new()).is_err());
        let mut large = Guarded::new(&[b'\n'; 101][..], limits);
        assert!(large.read_to_end(&mut Vec::new()).is_err());
        let mut binary = Guarded::new(&b"a\0b"[..], limits);
        assert!(binary.read_to_end(&mut Vec::new()).is_err());
    }
}
