//! The archive of a bundle: written so that the same content gives the same bytes, and read with limits, because whoever
//! checks a bundle does not know yet who made it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::platform::error::{Error, Result};

/// Most files of a bundle.
const MOST_FILES: usize = 2_000;
/// Most bytes of all files together, unpacked.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// The files of a bundle by name.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// An archive of these files in this order.
///
/// # Errors
/// When it cannot be put together, which is a fault.
pub(super) fn packed(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let zipped = |e: zip::result::ZipError| Error::internal("failed to pack a bundle", e);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // Without a time of their own all entries are of the same fixed moment.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        archive.start_file(name.as_str(), options).map_err(zipped)?;
        archive.write_all(content).map_err(|e| Error::io("failed to pack a bundle", e))?;
    }
    Ok(archive.finish().map_err(zipped)?.into_inner())
}

/// The files of an archive. Nothing is written anywhere, so names cannot lead astray.
///
/// # Errors
/// Says why it cannot be read.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Files, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("it is no bundle: {e}"))?;
    if archive.len() > MOST_FILES {
        return Err(format!("it holds {} files; a bundle has {MOST_FILES} at most", archive.len()));
    }
    let mut files = Files::new();
    let mut left = MOST_BYTES;
    for place in 0..archive.len() {
        let entry =
            archive.by_index(place).map_err(|e| format!("its file {} cannot be read: {e}", place + 1))?;
        if entry.is_dir() {
            continue;
        }
        let name =
            entry.name().map_err(|e| format!("the name of its file {} cannot be read: {e}", place + 1))?;
        let name = name.into_owned();
        let mut content = Vec::new();
        // Not what the entry says of its size, which may be untrue, but what it unpacks to.
        entry.take(left + 1).read_to_end(&mut content).map_err(|e| format!("{name} is damaged: {e}"))?;
        let size = content.len() as u64;
        if size > left {
            return Err(format!("it unpacks to more than {} MB", MOST_BYTES / 1024 / 1024));
        }
        left -= size;
        if files.insert(name.clone(), content).is_some() {
            return Err(format!("it holds {name} twice"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_the_same_files_give_the_same_bytes() {
        let files = vec![("b".to_owned(), vec![1; 5000]), ("a/c".to_owned(), Vec::new())];
        let first = packed(&files).unwrap();
        assert_eq!(first, packed(&files).unwrap());
        let back = unpacked(&first).unwrap();
        assert_eq!(back.into_iter().rev().collect::<Vec<_>>(), files);
    }

    #[test]
    fn what_is_no_archive_is_told_apart() {
        assert!(unpacked(b"").is_err() && unpacked(b"figures").is_err());
        let whole = packed(&[("a".to_owned(), b"0123456789".repeat(100))]).unwrap();
        for cut in [1, whole.len() / 2, whole.len() - 1] {
            assert!(unpacked(&whole[..cut]).is_err(), "cut at {cut}");
        }
    }
}
