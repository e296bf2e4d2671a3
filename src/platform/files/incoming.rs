//! Content that has arrived whole and waits to be looked through: kept in a folder of its own when it is taken, gone
//! when it is not.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use object_store::path::Path as Address;

use super::reader::of_store;
use super::store::Store;
use super::{Files, look, write};
use crate::platform::error::{Error, Result};
use crate::platform::random::{self, Random};

/// Opens a file afresh, each time from its beginning.
pub type Opener = Arc<dyn Fn() -> std::io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// The folders beside the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Files of organisations that were imported; never removed, because what they said is in the register.
    Imports,
    /// Files that were looked at and may yet be taken; swept when they are old.
    Drafts,
}

impl Folder {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Imports => "imports",
            Self::Drafts => super::DRAFTS,
        }
    }
}

/// Content that is whole but not kept yet. Dropped, it is removed.
#[derive(Debug)]
pub struct Incoming {
    files: Files,
    path: PathBuf,
    sha256: [u8; 32],
    size: u64,
    head: Vec<u8>,
    kept: bool,
}

impl Incoming {
    /// SHA-256 of the content.
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The first bytes, by which the kind is told.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Opens the content where it lies now.
    #[must_use]
    pub fn opener(&self) -> Opener {
        opener(self.path.clone())
    }

    /// Keeps the content in a folder under its hash; content that is there already is kept once.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn keep(self, folder: Folder) -> Result<[u8; 32]> {
        let sha256 = self.sha256;
        self.settle(folder.name()).await?;
        Ok(sha256)
    }

    /// What the content is, if it is of a kind that is accepted as evidence. Archives are looked through on a thread of
    /// their own.
    pub(super) async fn kind(&self) -> Result<&'static str> {
        if !look::must_be_opened(&self.head) {
            return look::told_by(&self.head);
        }
        let (path, size) = (self.path.clone(), self.size);
        tokio::task::spawn_blocking(move || look::look_through(&path, size))
            .await
            .unwrap_or_else(|e| Err(Error::internal("failed to look an upload through", e)))
    }

    /// Brings the content to where it is to stay.
    pub(super) async fn settle(mut self, folder: &'static str) -> Result<()> {
        self.kept = self.files.store.keep(&self.path, folder, self.sha256, self.size).await?;
        Ok(())
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // A leftover is swept when it is old.
        if let Err(e) = std::fs::remove_file(&self.path) {
            log::warn!(target: "portal::files", "failed to remove an upload: {e}");
        }
    }
}

impl Files {
    /// Streams content of any kind to the disk, of at most so many bytes. What it is has to be found out by whoever
    /// takes it; until then it is not kept.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unsupported`] when it is empty, the stream's own, or the disk's.
    pub async fn take_in<S>(&self, random: &dyn Random, content: &mut S, limit: u64) -> Result<Incoming>
    where
        S: Stream<Item = Result<Bytes>> + Unpin,
    {
        let path = self.folder.join(super::INCOMING).join(random::token(random)?);
        // From here on whatever goes wrong removes the file.
        let mut incoming =
            Incoming { files: self.clone(), path, sha256: [0; 32], size: 0, head: Vec::new(), kept: false };
        let received = write::receive(&incoming.path, content, limit).await?;
        incoming.sha256 = received.sha256;
        incoming.size = received.size;
        incoming.head = received.head;
        Ok(incoming)
    }

    /// Finds content that was kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of this hash.
    pub async fn kept(&self, folder: Folder, sha256: &[u8]) -> Result<Opener> {
        let at = self.store.address(folder.name(), sha256);
        match self.store.head(&at).await? {
            Some(_) => Ok(stored(self.store.clone(), at)),
            None => Err(Error::NotFound),
        }
    }

    /// [`Files::kept`] for a job.
    ///
    /// # Errors
    /// As [`Files::kept`].
    pub fn kept_now(&self, folder: Folder, sha256: &[u8]) -> Result<Opener> {
        let (files, sha256) = (self.clone(), sha256.to_vec());
        self.store.drive().wait(async move { files.kept(folder, &sha256).await })
    }

    /// Removes what has lain in the drafts for longer than so many seconds, and says how many files that were.
    ///
    /// # Errors
    /// When the drafts cannot be listed or one not be removed.
    pub fn sweep_drafts(&self, older_than_seconds: u64) -> Result<usize> {
        let store = self.store.clone();
        self.store.drive().wait(async move {
            // By the store's own clock and this machine's: a day is long enough for both.
            let now = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
            let mut removed = 0;
            let mut drafts = store.list(Folder::Drafts.name());
            while let Some(draft) = drafts.try_next().await? {
                let written = u64::try_from(draft.last_modified.timestamp()).unwrap_or_default();
                if now.saturating_sub(written) > older_than_seconds {
                    store.remove(&draft.location).await?;
                    removed += 1;
                }
            }
            Ok(removed)
        })
    }
}

/// Opens a file of this machine.
fn opener(path: PathBuf) -> Opener {
    Arc::new(move || std::fs::File::open(&path).map(|file| Box::new(file) as Box<dyn Read + Send>))
}

/// Opens an object of the store; for those who may stand still meanwhile.
fn stored(store: Store, at: Address) -> Opener {
    Arc::new(move || {
        let (asked, at) = (store.clone(), at.clone());
        let source = store.drive().wait(async move { asked.open_object(at).await });
        source.map(super::reader::Source::reader).map_err(of_store)
    })
}

/// Whether a character hides what a name says: control characters, those that turn the direction of writing, and those
/// that are not seen at all.
#[must_use]
pub fn is_disguise(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A file's name as uploaded, without folders and characters that hide what it says, at most 200 characters.
#[must_use]
pub fn bare_name(uploaded: &str) -> String {
    let bare = uploaded.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = bare.chars().filter(|c| !is_disguise(*c)).take(200).collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "file".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::bare_name;

    #[test]
    fn names_are_made_safe() {
        assert_eq!(bare_name("C:\\Users\\ada\\policy.pdf"), "policy.pdf");
        assert_eq!(bare_name("../../etc/passwd"), "passwd");
        assert_eq!(bare_name(".hidden\n"), "hidden");
        assert_eq!(bare_name(""), "file");
        assert_eq!(bare_name("Übersicht 2026.pdf"), "Übersicht 2026.pdf");
        assert_eq!(bare_name(&"x".repeat(500)).len(), 200);
        assert_eq!(bare_name("invoice\u{202e}fdp.exe\u{200b}"), "invoicefdp.exe");
        assert_eq!(bare_name("\u{2066}\u{7}\u{2069}"), "file");
    }
}
