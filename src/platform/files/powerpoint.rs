//! Macros in presentations of the older kind. They are no storage beside the others: the whole project is one packed
//! record of the stream that holds the slides, and another record says that there is one.

use std::io::{Error, ErrorKind, Read, Result, Seek};

use flate2::read::ZlibDecoder;

use super::compound::Compound;
use super::ole;

/// The stream that holds the slides.
pub(super) const STREAM: &str = "PowerPoint Document";
/// The kind of a record that says whether there are macros.
const ABOUT_MACROS: u16 = 0x0400;
/// The kind of a record that is a compound document in itself: a project, or something embedded.
const DOCUMENT: u16 = 0x1011;
/// The most bytes of all such documents together that are looked through.
const UNPACKED: u64 = 256 * 1024 * 1024;
/// The most records.
const RECORDS: usize = 5_000_000;

/// The head of a record.
struct Head {
    /// Whether it holds records instead of content.
    holds: bool,
    instance: u16,
    kind: u16,
    length: u64,
}

/// Whether any presentation in a compound document has macros. A presentation that is not made of records from its
/// beginning to its end is [`ErrorKind::InvalidData`].
pub(super) fn has_macros(content: impl Read + Seek) -> Result<bool> {
    let mut document = Compound::open(content)?;
    for place in document.places_of(STREAM) {
        if walk(&mut std::io::BufReader::new(document.stream(place)?))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn walk(stream: &mut impl Read) -> Result<bool> {
    let mut budget = UNPACKED;
    for _ in 0..RECORDS {
        let Some(head) = head(stream)? else { return Ok(false) };
        // What is in it follows as records of their own.
        if head.holds {
            continue;
        }
        let mut content = stream.by_ref().take(head.length);
        let found = match head.kind {
            ABOUT_MACROS => says_macros(&mut content)?,
            DOCUMENT if head.instance == 1 => holds_macros(&mut content, &mut budget)?,
            DOCUMENT => ole::see(&mut content)?.macros,
            _ => false,
        };
        if found {
            return Ok(true);
        }
        // Whatever of it has not been read.
        std::io::copy(&mut content, &mut std::io::sink())?;
        if content.limit() > 0 {
            return Err(Error::from(ErrorKind::InvalidData));
        }
    }
    Err(Error::from(ErrorKind::InvalidData))
}

/// The next record's head; none at the end.
fn head(stream: &mut impl Read) -> Result<Option<Head>> {
    let mut bytes = [0_u8; 8];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest)? {
            0 if filled == 0 => return Ok(None),
            0 => return Err(Error::from(ErrorKind::InvalidData)),
            read => filled += read,
        }
    }
    let [a, b, c, d, e, f, g, h] = bytes;
    let first = u16::from_le_bytes([a, b]);
    Ok(Some(Head {
        holds: first & 0xF == 0xF,
        instance: first >> 4,
        kind: u16::from_le_bytes([c, d]),
        length: u64::from(u32::from_le_bytes([e, f, g, h])),
    }))
}

/// The record about macros: where the project is, whether there is one, and the version of its form.
fn says_macros(content: &mut impl Read) -> Result<bool> {
    let mut bytes = [0_u8; 8];
    content.read_exact(&mut bytes)?;
    let [.., a, b, c, d] = bytes;
    Ok(u32::from_le_bytes([a, b, c, d]) != 0)
}

/// Whether a packed document inside has macros. What cannot be unpacked holds none that could run.
fn holds_macros(content: &mut impl Read, budget: &mut u64) -> Result<bool> {
    let mut unpacked_size = [0_u8; 4];
    content.read_exact(&mut unpacked_size)?;
    let mut unpacked = ZlibDecoder::new(content).take(*budget);
    let outcome = ole::see(&mut unpacked);
    *budget = unpacked.limit();
    match outcome {
        Ok(seen) if !seen.macros && *budget == 0 => Err(Error::from(ErrorKind::InvalidData)),
        Ok(seen) => Ok(seen.macros),
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
            ) =>
        {
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests;
