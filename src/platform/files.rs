//! Files: content-addressed by SHA-256 in one folder or one bucket, written once, streamed in and out, never held in
//! memory.
//!
//! A file is streamed into `incoming/` on this machine, flushed, looked through, and put at its address only when it is
//! whole, so a broken upload leaves nothing that looks like evidence. What a killed process left in `incoming/` is swept
//! when it is old.

mod archive;
mod bucket;
mod compound;
mod drive;
mod incoming;
mod look;
mod ole;
mod powerpoint;
mod reader;
mod scan;
mod send;
mod store;
mod write;

use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};

use super::canonical::{hex, sha256};
use super::error::{Error, Result};
use super::random::Random;
use store::Store;

pub use bucket::Bucket;
pub use incoming::{Folder, Incoming, Opener, bare_name, is_disguise};
pub use scan::{Scanner, Verdict};

/// Bytes looked at to tell what a file is.
const SNIFF: usize = 8192;
/// The folder of uploads under way, always on this machine.
const INCOMING: &str = "incoming";
/// The folder of evidence.
const EVIDENCE: &str = "evidence";
/// The folder of files that were only looked at.
const DRAFTS: &str = "drafts";
/// Seconds after which an upload that nobody has written to is a broken one.
const BROKEN_AFTER: u64 = 3600;
/// The longest that a look at the store may take.
const LOOK: std::time::Duration = std::time::Duration::from_secs(3);

/// The files of the portal.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
    limit: u64,
    store: Store,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of the content, which is also its address.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// The kind told by the content, never by the name.
    pub media_type: &'static str,
}

/// What lies where content should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// That content.
    Whole,
    /// Nothing.
    Missing,
    /// Something else.
    Changed,
}

impl Files {
    /// Opens the folder, making it when absent, and sweeps what broken uploads left. Evidence and other files that are
    /// kept lie in the folder as well, or in the bucket where one is named; nothing is asked of it yet.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path, limit_mib: u64, bucket: Option<&Bucket>) -> Result<Self> {
        let incoming = folder.join(INCOMING);
        std::fs::create_dir_all(&incoming)
            .map_err(|e| Error::io(format!("failed to make the folder {}", incoming.display()), e))?;
        let store = Store::open(folder, bucket)?;
        let files = Self { folder: folder.to_owned(), limit: limit_mib * 1024 * 1024, store };
        files.sweep_incoming()?;
        Ok(files)
    }

    /// Streams content to its address. Refuses what is empty, larger than the limit, of a kind not accepted, or packed so
    /// that it cannot be looked through; a refusal or a broken stream leaves nothing.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unsupported`], [`Error::FilesUnreachable`], the stream's own, or the disk's.
    pub async fn put<S>(&self, random: &dyn Random, mut content: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Unpin,
    {
        let incoming = self.take_in(random, &mut content, self.limit).await?;
        let media_type = incoming.kind().await?;
        let stored = Stored { sha256: *incoming.sha256(), size: incoming.size(), media_type };
        incoming.settle(EVIDENCE).await?;
        Ok(stored)
    }

    /// Keeps a small document as evidence is kept, for commands; gives its hash.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn put_now(&self, content: &[u8]) -> Result<[u8; 32]> {
        let (hash, bytes) = (sha256(content), Bytes::copy_from_slice(content));
        let store = self.store.clone();
        self.store.drive().wait(async move { store.keep_bytes(EVIDENCE, &hash, bytes).await })?;
        Ok(hash)
    }

    /// Streams `length` bytes of content out again from the byte `from` on, in pieces. The content has `size` bytes in
    /// all; a file that was opened is read to its end even when it is removed meanwhile.
    ///
    /// # Errors
    /// [`Error::Gone`] when the content is not there or has another size, which is logged: what is referred to is never
    /// deleted by us. [`Error::FilesUnreachable`] when nobody can say.
    pub async fn read(
        &self,
        sha256: &[u8],
        size: u64,
        part: (u64, u64),
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        self.store.read(sha256, size, part).await
    }

    /// Opens evidence for a job or a command.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there.
    pub fn open_now(&self, sha256: &[u8]) -> Result<Box<dyn Read + Send>> {
        let (store, at) = (self.store.clone(), self.store.address(EVIDENCE, sha256));
        let source = self.store.drive().wait(async move { store.open_object(at).await })?;
        Ok(source.reader())
    }

    /// Reads evidence to its end and holds it against its hash, for a command.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn check_now(&self, sha256: &[u8], size: u64) -> Result<Kept> {
        let (store, at, wanted) = (self.store.clone(), self.store.address(EVIDENCE, sha256), sha256.to_vec());
        self.store.drive().wait(async move {
            let Some(found) = store.head(&at).await? else { return Ok(Kept::Missing) };
            let whole = found.size == size && store.hash(&at, size).await?[..] == wanted[..];
            Ok(if whole { Kept::Whole } else { Kept::Changed })
        })
    }

    /// Asks the store whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn look(&self) -> Result<()> {
        if !self.store.in_bucket() {
            let there = tokio::fs::metadata(self.folder.join(INCOMING)).await;
            return there.map(drop).map_err(|e| Error::io("failed to look at the folder for files", e));
        }
        let mut evidence = self.store.list(EVIDENCE);
        match tokio::time::timeout(LOOK, evidence.try_next()).await {
            Ok(found) => found.map(drop),
            Err(_) => Err(Error::FilesUnreachable("the bucket took too long to answer".to_owned())),
        }
    }

    /// [`Files::look`] for a command.
    ///
    /// # Errors
    /// As [`Files::look`].
    pub fn look_now(&self) -> Result<()> {
        let files = self.clone();
        self.store.drive().wait(async move { files.look().await })
    }

    /// Copies everything that is kept in the bucket below a folder of this machine, as it would lie in the folder for
    /// files, and says how many files that were; none where there is no bucket.
    ///
    /// # Errors
    /// When either fails.
    pub fn copy_bucket(&self, to: &Path) -> Result<usize> {
        if !self.store.in_bucket() {
            return Ok(0);
        }
        let failed = |e| Error::io("failed to copy a file from the bucket", e);
        let mut copied = 0;
        for folder in [EVIDENCE, Folder::Imports.name()] {
            let listed = self.store.list(folder);
            for object in self.store.drive().wait(async move { listed.try_collect::<Vec<_>>().await })? {
                let (store, at) = (self.store.clone(), object.location.clone());
                let mut content =
                    self.store.drive().wait(async move { store.open_object(at).await })?.reader();
                let names: Vec<String> =
                    object.location.parts().map(|part| part.as_ref().to_owned()).collect();
                let Some([prefix, rest]) = names.last_chunk() else { continue };
                let into = to.join(folder).join(prefix);
                std::fs::create_dir_all(&into).map_err(failed)?;
                let mut file = std::fs::File::create_new(into.join(rest)).map_err(failed)?;
                std::io::copy(&mut content, &mut file).map_err(failed)?;
                file.sync_all().map_err(failed)?;
                copied += 1;
            }
        }
        Ok(copied)
    }

    /// Removes uploads that nobody writes to any more, and says how many those were. Uploads under way stay, also those
    /// of another process.
    ///
    /// # Errors
    /// When the folder cannot be read or a file not be removed.
    pub fn sweep_incoming(&self) -> Result<usize> {
        let failed = |e| Error::io("failed to sweep broken uploads", e);
        let mut removed = 0;
        for entry in std::fs::read_dir(self.folder.join(INCOMING)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let written = match entry.metadata() {
                Ok(about) => about.modified().map_err(failed)?,
                // It has just been kept, or refused.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
                Err(e) => return Err(failed(e)),
            };
            if written.elapsed().is_ok_and(|age| age.as_secs() > BROKEN_AFTER) {
                std::fs::remove_file(entry.path()).map_err(failed)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Where evidence with this hash lies in a folder of this machine.
    #[must_use]
    pub fn address(&self, sha256: &[u8]) -> PathBuf {
        let name = hex(sha256);
        let (prefix, rest) = name.split_at(name.len().min(2));
        self.folder.join(EVIDENCE).join(prefix).join(rest)
    }

    /// The folder itself, for what else is kept beside evidence.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Content that should be there and is not as it came: told to the person, and to the log with its address.
fn lost(sha256: &[u8], how: &str) -> Error {
    log::error!(target: "portal::files", sha256 = hex(sha256).as_str(); "stored content {how}");
    Error::Gone(format!(
        "The content of this file {how} in the portal\u{2019}s store, so it cannot be sent. What refers to it is not \
         changed; the file can be put back from a backup."
    ))
}
