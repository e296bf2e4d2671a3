//! Sending a file of this machine to a bucket: in one request when it is small, in parts when it is not, and hashed once
//! more on the way, so that nothing else is ever put at an address than what the address says.

use std::path::Path;

use bytes::BytesMut;
use object_store::path::Path as Address;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, WriteMultipart};
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

/// Bytes of one request: the least that a part may have.
const PART: usize = 5 * 1024 * 1024;
/// Parts that are under way at once.
const AT_ONCE: usize = 2;

/// Why a file was not sent.
#[derive(Debug)]
pub(super) enum Failure {
    /// The bucket refused it or does not answer.
    Store(object_store::Error),
    /// The file could not be read.
    File(std::io::Error),
    /// It is not the file that was taken in.
    Changed,
}

impl From<object_store::Error> for Failure {
    fn from(error: object_store::Error) -> Self {
        Self::Store(error)
    }
}

/// Sends the file. Where somebody else has just sent the same content, that stands.
pub(super) async fn send(
    objects: &dyn ObjectStore,
    file: &Path,
    (to, mode): (&Address, PutMode),
    (sha256, size): ([u8; 32], u64),
) -> Result<(), Failure> {
    let mut file = File::open(file).await.map_err(Failure::File)?;
    if size <= PART as u64 {
        let mut hash = Sha256::new();
        let whole = part(&mut file, &mut hash).await?;
        must_be(hash, sha256)?;
        let options = PutOptions::from(mode);
        return match objects.put_opts(to, whole.into(), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        };
    }
    // Nothing is to be seen at the address before the last request, which puts all of it there. Whoever else does that
    // has the same content.
    let mut parts = WriteMultipart::new_with_chunk_size(objects.put_multipart(to).await?, PART);
    let outcome = match send_parts(&mut parts, &mut file, sha256).await {
        Ok(()) => return parts.finish().await.map(drop).map_err(Failure::Store),
        Err(failure) => failure,
    };
    if let Err(error) = parts.abort().await {
        log::warn!(target: "portal::files", "parts of an upload are left in the bucket: {error}");
    }
    Err(outcome)
}

async fn send_parts(parts: &mut WriteMultipart, file: &mut File, sha256: [u8; 32]) -> Result<(), Failure> {
    let mut hash = Sha256::new();
    loop {
        parts.wait_for_capacity(AT_ONCE).await?;
        let next = part(file, &mut hash).await?;
        if next.is_empty() {
            return must_be(hash, sha256);
        }
        parts.put(next);
    }
}

/// The next part of the file, hashed; empty at its end.
async fn part(file: &mut File, hash: &mut Sha256) -> Result<bytes::Bytes, Failure> {
    let mut part = BytesMut::with_capacity(PART);
    // Only so much as fits: what is read into a full buffer would make it grow.
    while part.len() < PART {
        let room = (PART - part.len()) as u64;
        if (&mut *file).take(room).read_buf(&mut part).await.map_err(Failure::File)? == 0 {
            break;
        }
    }
    hash.update(&part);
    Ok(part.freeze())
}

fn must_be(hash: Sha256, sha256: [u8; 32]) -> Result<(), Failure> {
    if <[u8; 32]>::from(hash.finalize()) == sha256 { Ok(()) } else { Err(Failure::Changed) }
}
