//! The store of files: a folder of this machine, or a bucket. Content lies at an address made of its hash, is written
//! there once and whole, and is durable before anybody is told.

use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Address;
use object_store::{
    GetOptions, GetResult, GetResultPayload, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode,
    PutOptions,
};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio::sync::Semaphore;

use super::bucket::Bucket;
use super::drive::Drive;
use super::{lost, send};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};

/// Bytes read at once from a folder.
const PIECE: usize = 64 * 1024;
/// Bytes asked for at once from a bucket: its client takes an answer whole, so no answer may be larger than what a
/// download may hold in memory.
const WINDOW: u64 = 4 * 1024 * 1024;
/// Files that are sent to a bucket at the same time; the others wait.
const SENDERS: usize = 4;

/// What lies at the address of some content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Nothing,
    Whole,
    Other,
}

/// Where files are kept.
#[derive(Debug, Clone)]
pub(super) struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The folder in the bucket.
    below: Address,
    in_bucket: bool,
    drive: Drive,
    senders: Arc<Semaphore>,
}

impl Store {
    /// The folder on this machine, which must be there, or the bucket.
    ///
    /// # Errors
    /// When the folder cannot be used, or the bucket's address.
    pub fn open(folder: &Path, bucket: Option<&Bucket>) -> Result<Self> {
        let drive = Drive::start()?;
        let (objects, below): (Arc<dyn ObjectStore>, Address) = match bucket {
            Some(bucket) => (bucket.open(&drive)?, Address::from(bucket.folder.as_str())),
            None => {
                let local = LocalFileSystem::new_with_prefix(folder)
                    .map_err(|e| Error::internal("failed to open the folder for files", e))?;
                // Without this it answers before the disk has anything.
                (Arc::new(local.with_fsync(true)), Address::default())
            }
        };
        let senders = Arc::new(Semaphore::new(SENDERS));
        Ok(Self { objects, below, in_bucket: bucket.is_some(), drive, senders })
    }

    /// Whether files are kept in a bucket.
    pub const fn in_bucket(&self) -> bool {
        self.in_bucket
    }

    /// Where work that nobody waits for in a handler is done.
    pub const fn drive(&self) -> &Drive {
        &self.drive
    }

    /// The address of content in a folder of the store.
    pub fn address(&self, folder: &str, sha256: &[u8]) -> Address {
        let name = hex(sha256);
        let (prefix, rest) = name.split_at(name.len().min(2));
        self.below.clone().join(folder).join(prefix).join(rest)
    }

    /// Keeps a whole file of this machine at the address of its content, durably. What is there already is held against
    /// its hash and left as it is; content that was damaged there is put right.
    ///
    /// True when the file has been moved away, false when it is still where it was.
    pub async fn keep(&self, file: &Path, folder: &'static str, sha256: [u8; 32], size: u64) -> Result<bool> {
        let to = self.address(folder, &sha256);
        // A draft is kept so long from its last upload on, so it is put there anew.
        let there = match folder {
            super::DRAFTS => There::Other,
            _ => self.there(&to, &sha256, size).await?,
        };
        if there == There::Whole {
            return Ok(false);
        }
        if self.in_bucket {
            let mode = if there == There::Nothing { PutMode::Create } else { PutMode::Overwrite };
            let (store, file) = (self.clone(), file.to_owned());
            self.drive.run(async move { store.send(&file, &to, mode, (sha256, size)).await }).await?;
            return Ok(false);
        }
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let from = Address::from(super::INCOMING).join(name);
        let moved = self.objects.rename(&from, &to).await;
        moved.map_err(|e| self.failed("failed to keep an upload", e))?;
        Ok(true)
    }

    async fn send(&self, file: &Path, to: &Address, mode: PutMode, what: ([u8; 32], u64)) -> Result<()> {
        let turn = self.senders.acquire().await;
        let _turn = turn.map_err(|e| Error::internal("failed to wait for a turn", e))?;
        send::send(&*self.objects, file, (to, mode), what).await.map_err(|failure| match failure {
            send::Failure::Store(e) => self.failed("failed to send an upload to the bucket", e),
            send::Failure::File(e) => Error::io("failed to read an upload", e),
            send::Failure::Changed => Error::broken("an upload changed on this machine's disk"),
        })
    }

    /// Keeps content that is in memory.
    pub async fn keep_bytes(&self, folder: &str, sha256: &[u8], content: Bytes) -> Result<()> {
        let options = PutOptions::from(PutMode::Create);
        match self.objects.put_opts(&self.address(folder, sha256), content.into(), options).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(e) => Err(self.failed("failed to keep a file", e)),
        }
    }

    /// What lies at an address; what is damaged is told to the log.
    async fn there(&self, at: &Address, sha256: &[u8; 32], size: u64) -> Result<There> {
        let whole = match self.head(at).await? {
            None => return Ok(There::Nothing),
            Some(found) => found.size == size && self.hash(at, size).await? == *sha256,
        };
        if whole {
            return Ok(There::Whole);
        }
        log::error!(target: "portal::files", sha256 = hex(sha256).as_str(); "stored content was damaged and is put right");
        Ok(There::Other)
    }

    /// SHA-256 of what lies at an address.
    pub async fn hash(&self, at: &Address, size: u64) -> Result<[u8; 32]> {
        use sha2::Digest as _;
        let mut hash = sha2::Sha256::new();
        let mut content = self.pieces(at.clone(), size, (0, size)).await?;
        while let Some(piece) = content.next().await {
            hash.update(&piece?);
        }
        Ok(hash.finalize().into())
    }

    /// What is known of an object; none when there is none.
    pub async fn head(&self, at: &Address) -> Result<Option<ObjectMeta>> {
        match self.objects.head(at).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(self.failed("failed to ask for a file", e)),
        }
    }

    /// Content with this hash from the byte `from` on, in pieces.
    ///
    /// # Errors
    /// [`Error::Gone`] when it is not there or has another size.
    pub async fn read(
        &self,
        sha256: &[u8],
        size: u64,
        part: (u64, u64),
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let at = self.address(super::EVIDENCE, sha256);
        let opened = self.pieces(at, size, part).await;
        opened.map_err(|error| match error {
            Error::NotFound => lost(sha256, "is missing"),
            Error::Gone(_) => lost(sha256, "has another size than when it came"),
            other => other,
        })
    }

    async fn pieces(
        &self,
        at: Address,
        size: u64,
        (from, length): (u64, u64),
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let found = self.window(&at, from, length).await?;
        if found.meta.size != size {
            return Err(Error::Gone(String::new()));
        }
        match found.payload {
            GetResultPayload::File(file, _) => of_file(file, from, length).await,
            GetResultPayload::Stream(_) => Ok(self.clone().windows(at, found, (from, length))),
        }
    }

    /// Asks for a part of an object, of which a bucket gives so much as may be held in memory.
    async fn window(&self, at: &Address, from: u64, length: u64) -> Result<GetResult> {
        let part = self.in_bucket.then(|| from..from + length.clamp(1, WINDOW));
        let options = GetOptions::default().with_range(part);
        self.objects.get_opts(at, options).await.map_err(|e| match e {
            object_store::Error::NotFound { .. } => Error::NotFound,
            other => self.failed("failed to open a stored file", other),
        })
    }

    /// A part of an object in windows, each asked for when the one before was taken.
    fn windows(
        self,
        at: Address,
        first: GetResult,
        (from, length): (u64, u64),
    ) -> BoxStream<'static, Result<Bytes>> {
        let state = (self, at, Some(first), from, length);
        stream::try_unfold(state, |(store, at, first, from, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let window = match first {
                Some(first) => first,
                None => store.window(&at, from, left).await?,
            };
            let bytes = window.bytes().await.map_err(|e| store.failed("failed to read a stored file", e))?;
            let got = bytes.len() as u64;
            if got == 0 || got > left {
                return Err(Error::FilesUnreachable("the bucket sent another part than asked".to_owned()));
            }
            Ok(Some((bytes, (store, at, None, from + got, left - got))))
        })
        .boxed()
    }

    /// Opens content for somebody who reads it without a runtime.
    pub async fn open_object(self, at: Address) -> Result<super::reader::Source> {
        let found = self.window(&at, 0, WINDOW).await?;
        let size = found.meta.size;
        match found.payload {
            GetResultPayload::File(file, _) => Ok(super::reader::Source::File(file)),
            GetResultPayload::Stream(_) => {
                let pieces = self.clone().windows(at, found, (0, size));
                Ok(super::reader::Source::Pieces(self.drive, pieces))
            }
        }
    }

    /// Everything in a folder of the store.
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<ObjectMeta>> {
        let store = self.clone();
        let listed = self.objects.list(Some(&self.below.clone().join(folder)));
        listed.map_err(move |e| store.failed("failed to list files", e)).boxed()
    }

    /// Removes an object: drafts only, never what was kept.
    pub async fn remove(&self, at: &Address) -> Result<()> {
        self.objects.delete(at).await.map_err(|e| self.failed("failed to remove a draft", e))
    }

    /// A failure as whoever waits has to be told: a bucket that does not answer may answer soon, a disk that fails is a
    /// fault.
    fn failed(&self, doing: &str, error: object_store::Error) -> Error {
        if self.in_bucket {
            return Error::FilesUnreachable(format!("{doing}: {error}"));
        }
        match io_kind(&error) {
            Some(kind) => Error::io(doing, std::io::Error::new(kind, error)),
            None => Error::internal(doing, error),
        }
    }
}

/// What the disk said, where it was the disk.
fn io_kind(error: &object_store::Error) -> Option<std::io::ErrorKind> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        cause = found.source();
    }
    None
}

/// A part of a file of this machine in pieces. It is read to its end even when it is removed meanwhile.
async fn of_file(file: std::fs::File, from: u64, length: u64) -> Result<BoxStream<'static, Result<Bytes>>> {
    let failed = |e| Error::io("failed to read a stored file", e);
    let mut file = tokio::fs::File::from_std(file);
    if from > 0 {
        file.seek(std::io::SeekFrom::Start(from)).await.map_err(failed)?;
    }
    let pieces = stream::try_unfold(file.take(length), move |mut rest| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let read = rest.read_buf(&mut piece).await.map_err(failed)?;
        Ok((read > 0).then(|| (piece.freeze(), rest)))
    });
    Ok(pieces.boxed())
}
