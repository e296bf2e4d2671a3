//! Files that are there whole or not at all: written beside the old one and put in its place once they are on the disk, so
//! that a kill or a full disk at any moment leaves the old one.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::Path;

use super::error::{Error, Result};

/// What stands in a file's name until it is whole; the number of the process follows, as several may share a folder.
const PART: &str = ".part-";

fn part(name: &str) -> String {
    format!("{name}{PART}{}", std::process::id())
}

/// Writes a file durably, piece after piece: when this ends, its new content is on the disk under its name.
///
/// # Errors
/// When the disk refuses; the old content then stays.
pub fn write(folder: &Path, name: &str, pieces: &[impl AsRef<[u8]>]) -> Result<()> {
    let failed = |e| Error::io(format!("failed to write {}", folder.join(name).display()), e);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let part = folder.join(part(name));
    let written = File::create(&part).and_then(|file| {
        let mut file = BufWriter::new(file);
        for piece in pieces {
            file.write_all(piece.as_ref())?;
        }
        file.flush()?;
        file.get_ref().sync_all()
    });
    if let Err(error) = written {
        // A full disk needs the room; what cannot be removed either is written over next time.
        if let Err(also) = std::fs::remove_file(&part) {
            log::warn!(target: "portal::files", "failed to remove {}: {also}", part.display());
        }
        return Err(failed(error));
    }
    std::fs::rename(&part, folder.join(name)).map_err(failed)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Reads a file; none where there is none.
///
/// # Errors
/// When it cannot be read.
pub fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    match std::fs::read(folder.join(name)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("failed to read {}", folder.join(name).display()), error)),
    }
}

/// Removes what earlier processes left half written of a file. One that runs beside this one and loses its part fails to
/// put it in its place, and can try again.
///
/// # Errors
/// When the folder cannot be read or the disk refuses.
pub fn clear(folder: &Path, name: &str) -> Result<()> {
    let failed = |e| Error::io(format!("failed to clear up {}", folder.display()), e);
    if !folder.exists() {
        return Ok(());
    }
    let start = format!("{name}{PART}");
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_part = entry.file_name().to_string_lossy().starts_with(&start);
        if is_part && entry.file_type().map_err(failed)?.is_file() {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_it_is_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert!(read(path, "a").unwrap().is_none());
        write(path, "a", &["fir", "st"]).unwrap();
        // Where a folder stands in the place of the new part, as where a disk refuses it, the old file stays.
        std::fs::create_dir(path.join(part("a"))).unwrap();
        assert!(write(path, "a", &[b"second"]).is_err());
        assert_eq!(read(path, "a").unwrap().unwrap(), b"first");
        std::fs::remove_dir(path.join(part("a"))).unwrap();
        // What a kill left behind is removed.
        let left = path.join(format!("a{PART}0"));
        std::fs::write(&left, b"half of the sec").unwrap();
        clear(path, "a").unwrap();
        assert!(!left.exists());
        write(path, "a", &[b"second"]).unwrap();
        assert_eq!(read(path, "a").unwrap().unwrap(), b"second");
        assert!(!path.join(part("a")).exists());
        clear(&path.join("none"), "a").unwrap();
    }
}
