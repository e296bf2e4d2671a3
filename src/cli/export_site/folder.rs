//! The folder that a site is exported to: each file is there whole or not at all, and nothing that is not ours is touched.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::platform::error::{Error, Result};

/// The list of everything.
const MANIFEST: &str = "portal-site.json";
/// What marks a folder as ours from the first moment on, with the address of the portal.
const MARK: &str = "portal-site.txt";
/// The end of the name of what is not whole yet.
const PART: &str = ".portal-part";

/// The folder.
pub(super) struct Folder {
    path: PathBuf,
    written: AtomicUsize,
    same: AtomicUsize,
}

impl Folder {
    /// Opens a folder that is new, empty, or ours.
    ///
    /// # Errors
    /// [`Error::Refused`] where it holds something else, or the site of another portal.
    pub(super) fn open(path: &Path, portal: &str) -> Result<Self> {
        let failed = |e| Error::io(format!("failed to open the folder {}", path.display()), e);
        std::fs::create_dir_all(path).map_err(failed)?;
        let folder = Self { path: path.to_owned(), written: AtomicUsize::new(0), same: AtomicUsize::new(0) };
        match std::fs::read_to_string(path.join(MARK)) {
            Ok(mark) if mark.trim() == portal => return Ok(folder),
            Ok(mark) => {
                return Err(Error::Refused(format!(
                    "{} holds the site of {}; name another folder",
                    path.display(),
                    mark.trim()
                )));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        if std::fs::read_dir(path).map_err(failed)?.next().is_some() {
            return Err(Error::Refused(format!(
                "{} is not empty and was not made by export-site; name a new folder",
                path.display()
            )));
        }
        folder.replace(MARK, format!("{portal}\n").as_bytes())?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many files were written, and how many were as they are already.
    pub(super) fn counted(&self) -> (usize, usize) {
        (self.written.load(Ordering::Relaxed), self.same.load(Ordering::Relaxed))
    }

    /// Writes a file unless it is there with this content.
    ///
    /// # Errors
    /// When the disk refuses; what was there stays.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        let size = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file).map(|found| found.len());
        if size == Some(content.len() as u64)
            && std::fs::read(&path).is_ok_and(|there| there.as_slice() == content)
        {
            self.same.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        self.replace(name, content)?;
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn replace(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        let failed = |e| Error::io(format!("failed to write {}", path.display()), e);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let part = self.path.join(format!("{name}{PART}"));
        let written = File::create(&part).and_then(|mut file| file.write_all(content));
        if let Err(error) = written {
            // The room is needed; what cannot be removed either is written over by the next run.
            if let Err(also) = std::fs::remove_file(&part) {
                log::warn!(target: "portal::export", "failed to remove {}: {also}", part.display());
            }
            return Err(failed(error));
        }
        std::fs::rename(&part, &path).map_err(failed)
    }

    /// Writes the list of everything last, and removes what the list before it named and this one does not; how many.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn finish(&self, manifest: &[u8], kept: &BTreeSet<&str>) -> Result<usize> {
        let earlier = self.earlier()?;
        self.replace(MANIFEST, manifest)?;
        let failed = |e| Error::io("failed to finish the exported site", e);
        let mut removed = 0;
        for name in earlier.iter().filter(|name| !kept.contains(name.as_str()) && is_plain(name)) {
            match std::fs::remove_file(self.path.join(name)) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
            }
        }
        File::open(self.path.join(MANIFEST)).and_then(|file| file.sync_all()).map_err(failed)?;
        Ok(removed)
    }

    /// The files that the list of an earlier run names.
    fn earlier(&self) -> Result<Vec<String>> {
        let text = match std::fs::read(self.path.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("failed to read the list of an earlier export", error)),
        };
        let list: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|e| Error::Refused(format!("the list of an earlier export is damaged: {e}")))?;
        let files = list.get("files").and_then(serde_json::Value::as_array).into_iter().flatten();
        let names = files.flat_map(|entry| {
            let packed = entry.get("packed").and_then(serde_json::Value::as_object);
            let packed = packed.into_iter().flat_map(serde_json::Map::values);
            entry.get("file").into_iter().chain(packed).filter_map(serde_json::Value::as_str)
        });
        Ok(names.map(str::to_owned).collect())
    }
}

/// Whether a name stays within the folder.
pub(super) fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-~%".contains(c);
    name.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && part.chars().all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_folders_are_left_alone_and_ours_are_taken_up_again() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("site");
        let folder = Folder::open(&path, "https://a.example").unwrap();
        folder.write("public/a/index.html", b"one").unwrap();
        folder.write("public/a/index.html", b"one").unwrap();
        assert_eq!(folder.counted(), (1, 1));
        let list = br#"{"files":[{"file":"public/a/index.html","packed":{"br":"public/../../x"}}]}"#;
        assert_eq!(folder.finish(list, &BTreeSet::new()).unwrap(), 0);
        assert!(matches!(Folder::open(&path, "https://b.example"), Err(Error::Refused(_))));
        let again = Folder::open(&path, "https://a.example").unwrap();
        assert_eq!(again.finish(b"{\"files\":[]}", &BTreeSet::new()).unwrap(), 1);
        assert!(!path.join("public/a/index.html").exists());
        std::fs::write(root.path().join("mine.txt"), "mine").unwrap();
        assert!(matches!(Folder::open(root.path(), "https://a.example"), Err(Error::Refused(_))));
        assert!(!is_plain("a/../b") && !is_plain("/a") && !is_plain("a b") && is_plain("a/b.html"));
    }
}
