//! Files: content-addressed by SHA-256 in one folder, written once, streamed in and out, never held in memory.
//!
//! A file is streamed into `incoming/`, flushed, and moved to its address only when it is whole, so a broken upload
//! leaves nothing that looks like evidence. What a killed process left in `incoming/` is swept at start.

mod incoming;

use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::canonical::hex;
use super::error::{Error, Result};
use super::random::Random;

pub use incoming::{Folder, Incoming, Opener, bare_name};

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

    /// Streams content to its address. Refuses what is empty, larger than the limit or of a kind not accepted; a
    /// refusal or a broken stream leaves nothing.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Unsupported`], the stream's own, or the disk's.
    pub async fn put<S>(&self, random: &dyn Random, mut content: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Unpin,
    {
        let incoming = self.take_in(random, &mut content, self.limit).await?;
        let media_type = sniff(incoming.head())?;
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

    /// Streams content out again, in pieces.
    ///
    /// # Errors
    /// When the content is not there, which is a fault: what is referred to is never deleted.
    pub async fn read(&self, sha256: &[u8]) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
        let file = tokio::fs::File::open(self.address(sha256))
            .await
            .map_err(|e| Error::io("failed to open a stored file", e))?;
        Ok(futures_util::stream::try_unfold(file, |mut file| async move {
            let mut piece = BytesMut::with_capacity(PIECE);
            let read =
                file.read_buf(&mut piece).await.map_err(|e| Error::io("failed to read a stored file", e))?;
            Ok((read > 0).then(|| (piece.freeze(), file)))
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

/// What the content is, if it is of a kind that is accepted as evidence.
fn sniff(head: &[u8]) -> Result<&'static str> {
    const ACCEPTED: &[&str] = &[
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
    ];
    if let Some(kind) = infer::get(head) {
        return ACCEPTED.iter().find(|accepted| **accepted == kind.mime_type()).copied().ok_or_else(|| {
            Error::Unsupported(format!(
                "The file is of the kind {}, which is not accepted. Use PDF, an image, a document, a spreadsheet, a \
                 presentation or plain text.",
                kind.mime_type()
            ))
        });
    }
    // A cut at the end of the head may fall inside a character; only a fault before that speaks against text.
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none() && head.len() == SNIFF,
    };
    if text && !head.contains(&0) && !head.trim_ascii_start().starts_with(b"<") {
        Ok("text/plain; charset=utf-8")
    } else {
        Err(Error::Unsupported(
            "The file's kind cannot be told from its content. Use PDF, an image, a document, a spreadsheet, a \
             presentation or plain text."
                .to_owned(),
        ))
    }
}
