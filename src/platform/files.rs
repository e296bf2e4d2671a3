//! Files: content-addressed by SHA-256 in one folder, written once, streamed in and out, never held in memory.
//!
//! A file is streamed into `incoming/`, flushed, and moved to its address only when it is whole, so a broken upload
//! leaves nothing that looks like evidence. What a killed process left in `incoming/` is swept at start.

mod archive;
mod incoming;
mod look;
mod ole;
mod scan;

use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use super::canonical::hex;
use super::error::{Error, Result};
use super::random::Random;

pub use incoming::{Folder, Incoming, Opener, bare_name, is_disguise};
pub use scan::{Scanner, Verdict};

/// Bytes looked at to tell what a file is.
const SNIFF: usize = 8192;
/// Bytes read at once when a file is sent.
const PIECE: usize = 64 * 1024;

/// The folder of files.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
    limit: u64,
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

impl Files {
    /// Opens the folder, making it when absent, and sweeps what broken uploads left.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path, limit_mib: u64) -> Result<Self> {
        let incoming = folder.join("incoming");
        std::fs::create_dir_all(&incoming)
            .map_err(|e| Error::io(format!("failed to make the folder {}", incoming.display()), e))?;
        let old = std::fs::read_dir(&incoming).map_err(|e| Error::io("failed to list broken uploads", e))?;
        for entry in old {
            let entry = entry.map_err(|e| Error::io("failed to list broken uploads", e))?;
            std::fs::remove_file(entry.path())
                .map_err(|e| Error::io("failed to sweep a broken upload", e))?;
        }
        Ok(Self { folder: folder.to_owned(), limit: limit_mib * 1024 * 1024 })
    }

    /// Streams content to its address. Refuses what is empty, larger than the limit, of a kind not accepted, or packed so
    /// that it cannot be looked through; a refusal or a broken stream leaves nothing.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unsupported`], the stream's own, or the disk's.
    pub async fn put<S>(&self, random: &dyn Random, mut content: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Unpin,
    {
        let incoming = self.take_in(random, &mut content, self.limit).await?;
        let media_type = incoming.kind().await?;
        let stored = Stored { sha256: *incoming.sha256(), size: incoming.size(), media_type };
        incoming.settle(&self.address(&stored.sha256)).await?;
        Ok(stored)
    }

    /// Moves a whole upload to its address; content that is there already is kept once.
    async fn move_to(incoming: &Path, address: &Path) -> Result<()> {
        if let Some(parent) = address.parent() {
            tokio::fs::create_dir_all(parent)
                .await
                .map_err(|e| Error::io("failed to make a folder for an upload", e))?;
        }
        tokio::fs::rename(incoming, address).await.map_err(|e| Error::io("failed to keep an upload", e))?;
        if let Some(parent) = address.parent() {
            let folder =
                tokio::fs::File::open(parent).await.map_err(|e| Error::io("failed to flush a folder", e))?;
            folder.sync_all().await.map_err(|e| Error::io("failed to flush a folder", e))?;
        }
        Ok(())
    }

    /// Streams `length` bytes of content out again from the byte `from` on, in pieces. The content has `size` bytes in
    /// all; a file that was opened is read to its end even when it is removed meanwhile.
    ///
    /// # Errors
    /// [`Error::Gone`] when the content is not there or has another size, which is logged: what is referred to is never
    /// deleted by us.
    pub async fn read(
        &self,
        sha256: &[u8],
        size: u64,
        (from, length): (u64, u64),
    ) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
        let mut file = match tokio::fs::File::open(self.address(sha256)).await {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(lost(sha256, "is missing")),
            Err(e) => return Err(Error::io("failed to open a stored file", e)),
        };
        let failed = |e| Error::io("failed to read a stored file", e);
        if file.metadata().await.map_err(failed)?.len() != size {
            return Err(lost(sha256, "has another size than when it came"));
        }
        if from > 0 {
            file.seek(std::io::SeekFrom::Start(from)).await.map_err(failed)?;
        }
        Ok(futures_util::stream::try_unfold(file.take(length), move |mut rest| async move {
            let mut piece = BytesMut::with_capacity(PIECE);
            let read = rest.read_buf(&mut piece).await.map_err(failed)?;
            Ok((read > 0).then(|| (piece.freeze(), rest)))
        }))
    }

    /// Where content with this hash lies.
    #[must_use]
    pub fn address(&self, sha256: &[u8]) -> PathBuf {
        let name = hex(sha256);
        let (prefix, rest) = name.split_at(name.len().min(2));
        self.folder.join("evidence").join(prefix).join(rest)
    }

    /// The folder itself, for what else is kept beside evidence.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// What arrived on the disk.
struct Received {
    sha256: [u8; 32],
    size: u64,
    /// The first bytes, by which the kind is told.
    head: Vec<u8>,
}

/// Streams content into a new file and flushes it. Refuses what is empty or has more bytes than the limit.
async fn receive<S>(path: &Path, content: &mut S, limit: u64) -> Result<Received>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    let mut file = tokio::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .await
        .map_err(|e| Error::io("failed to begin an upload", e))?;
    let (mut hash, mut size, mut head) = (Sha256::new(), 0_u64, Vec::with_capacity(SNIFF));
    while let Some(chunk) = content.next().await {
        let chunk = chunk?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(Error::TooLarge(format!("The file is larger than {} MB.", limit / 1024 / 1024)));
        }
        let room = SNIFF.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(chunk.get(..room).unwrap_or_default());
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(|e| Error::io("failed to write an upload", e))?;
    }
    if size == 0 {
        return Err(Error::Unsupported("The file is empty.".to_owned()));
    }
    file.sync_all().await.map_err(|e| Error::io("failed to flush an upload", e))?;
    Ok(Received { sha256: hash.finalize().into(), size, head })
}

/// Content that should be there and is not as it came: told to the person, and to the log with its address.
fn lost(sha256: &[u8], how: &str) -> Error {
    log::error!(target: "portal::files", sha256 = hex(sha256).as_str(); "stored content {how}");
    Error::Gone(format!(
        "The content of this file {how} in the portal\u{2019}s store, so it cannot be sent. What refers to it is not \
         changed; the file can be put back from a backup."
    ))
}
