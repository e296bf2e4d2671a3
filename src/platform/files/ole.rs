//! Compound documents of the older office programs: what they are, and whether they hold macros. Their folders are lists
//! of names of 128 bytes each, so one pass over the file sees them all without taking it apart.

use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};

use super::powerpoint;
use crate::platform::error::{Error, Result};

const MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Bytes of a name's entry; every entry begins at a multiple of them.
const ENTRY: usize = 128;

/// Streams by which a kind is known.
const KINDS: &[(&str, &str)] = &[
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    (powerpoint::STREAM, "application/vnd.ms-powerpoint"),
];

/// Whether content that begins like this is a compound document.
pub(super) fn is_one(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// What the names in a compound document tell.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub kind: Option<&'static str>,
    pub macros: bool,
    pub locked: bool,
    /// Whether it holds a presentation, whose macros only a look inside it tells.
    pub presentation: bool,
}

/// Reads a compound document to its end for the names in it.
pub(super) fn see(content: impl Read) -> std::io::Result<Seen> {
    let mut content = BufReader::with_capacity(64 * 1024, content);
    let (mut seen, mut entry) = (Seen::default(), [0_u8; ENTRY]);
    loop {
        match content.read_exact(&mut entry) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(seen),
            Err(e) => return Err(e),
        }
        seen.macros |= is_named(&entry, "_VBA_PROJECT") || is_named(&entry, "_VBA_PROJECT_CUR");
        seen.locked |= is_named(&entry, "EncryptedPackage");
        seen.presentation |= is_named(&entry, powerpoint::STREAM);
        let known = KINDS.iter().find(|(name, _)| is_named(&entry, name)).map(|(_, kind)| *kind);
        seen.kind = seen.kind.or(known);
    }
}

/// What a compound document is; refuses macros and what is protected by a password.
pub(super) fn look(mut content: impl Read + Seek) -> Result<&'static str> {
    let seen = see_through(&mut content)?;
    accepted(&seen)
}

/// [`see`], and into a presentation.
pub(super) fn see_through(mut content: impl Read + Seek) -> Result<Seen> {
    let failed = |e| Error::io("failed to look an upload through", e);
    content.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut seen = see(&mut content).map_err(failed)?;
    if seen.presentation && !seen.macros {
        seen.macros = powerpoint::has_macros(content).map_err(|e| match e.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => Error::Unsupported(
                "The presentation is damaged, or made so that it cannot be looked through. Save it as PDF or in a newer \
                 format."
                    .to_owned(),
            ),
            _ => failed(e),
        })?;
    }
    Ok(seen)
}

/// The kind, if it is one that is accepted as evidence.
pub(super) fn accepted(seen: &Seen) -> Result<&'static str> {
    if seen.macros {
        return Err(macros());
    }
    if seen.locked {
        return Err(locked());
    }
    seen.kind.ok_or_else(|| {
        Error::Unsupported(
            "The file is a compound document of a kind that is not accepted. Save it as PDF or in a newer format."
                .to_owned(),
        )
    })
}

/// Whether an entry is of this name, which is stored in sixteen-bit letters with a nought at its end.
fn is_named(entry: &[u8; ENTRY], name: &str) -> bool {
    let stored = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
    stored.eq(entry.iter().copied().take((name.len() + 1) * 2))
}

/// The refusal of a file with macros.
pub(super) fn macros() -> Error {
    Error::Unsupported(
        "This file contains macros, which are not accepted. Save it without macros and attach that."
            .to_owned(),
    )
}

/// The refusal of what cannot be looked into.
pub(super) fn locked() -> Error {
    Error::Unsupported(
        "The file is protected by a password, so it cannot be looked through. Take the password away and attach that."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file of sectors of which one is a list of these names.
    fn document(names: &[&str]) -> Vec<u8> {
        let mut content = MAGIC.to_vec();
        content.resize(512 + 4096, 7);
        for name in names {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(ENTRY, 0);
            content.extend(entry);
        }
        content.resize(content.len() + 5000, 7);
        content
    }

    #[test]
    fn kinds_are_told_by_their_streams() {
        let told = |names: &[&str]| look(Cursor::new(document(names)));
        assert_eq!(told(&["Root Entry", "WordDocument"]).unwrap(), "application/msword");
        assert_eq!(told(&["Workbook"]).unwrap(), "application/vnd.ms-excel");
        assert!(told(&["Root Entry", "WordDocuments"]).is_err());
    }

    #[test]
    fn macros_and_passwords_are_refused_in_words() {
        for name in ["_VBA_PROJECT", "_VBA_PROJECT_CUR"] {
            let refused = look(Cursor::new(document(&["WordDocument", "Macros", "VBA", name]))).unwrap_err();
            assert!(refused.to_string().contains("contains macros"), "{refused}");
        }
        let refused = look(Cursor::new(document(&["EncryptionInfo", "EncryptedPackage"]))).unwrap_err();
        assert!(refused.to_string().contains("password"), "{refused}");
    }
}
