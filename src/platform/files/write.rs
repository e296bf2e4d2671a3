//! Writing what arrives to this machine's disk: hashed and written on a thread of its own while the next pieces arrive,
//! with a few of them waiting at most, and flushed once at its end.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{Receiver, channel};

use super::SNIFF;
use crate::platform::error::{Error, Result};

/// Pieces that may wait for the disk. What arrives is in pieces of at most 64 KiB or so.
const WAITING: usize = 16;

/// What arrived on the disk.
pub(super) struct Received {
    /// SHA-256 of all of it.
    pub sha256: [u8; 32],
    /// Bytes.
    pub size: u64,
    /// The first bytes, by which the kind is told.
    pub head: Vec<u8>,
}

/// Streams content into a new file and flushes it. Refuses what is empty or has more bytes than the limit.
pub(super) async fn receive<S>(path: &Path, content: &mut S, limit: u64) -> Result<Received>
where
    S: Stream<Item = Result<Bytes>> + Unpin,
{
    // Made before anything is awaited that may be given up, so that whoever removes the file finds it.
    let file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(path).await;
    let file = file.map_err(|e| Error::io("failed to begin an upload", e))?.into_std().await;
    let (to, from) = channel(WAITING);
    let writing = tokio::task::spawn_blocking(move || write(file, from));
    let (mut size, mut head) = (0_u64, Vec::with_capacity(SNIFF));
    while let Some(chunk) = content.next().await {
        let chunk = chunk?;
        size += chunk.len() as u64;
        if size > limit {
            return Err(Error::TooLarge(format!("The file is larger than {} MB.", limit / 1024 / 1024)));
        }
        let room = SNIFF.saturating_sub(head.len()).min(chunk.len());
        head.extend_from_slice(chunk.get(..room).unwrap_or_default());
        // Nobody takes it any more when the disk refused; why is told below.
        if to.send(chunk).await.is_err() {
            break;
        }
    }
    if size == 0 {
        return Err(Error::Unsupported("The file is empty.".to_owned()));
    }
    drop(to);
    let written = writing.await.map_err(|e| Error::internal("failed to write an upload", e))?;
    let sha256 = written.map_err(|e| Error::io("failed to write an upload", e))?;
    Ok(Received { sha256, size, head })
}

fn write(mut file: File, mut from: Receiver<Bytes>) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    while let Some(chunk) = from.blocking_recv() {
        hash.update(&chunk);
        file.write_all(&chunk)?;
    }
    file.sync_all()?;
    Ok(hash.finalize().into())
}
