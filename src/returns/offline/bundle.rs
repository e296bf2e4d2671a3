//! Many files as one archive that is written while it is sent: in memory is one document, or one piece of one file.

use std::io::Write;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, channel};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::platform::error::{Error, Result};
use crate::platform::files::Files;

/// Bytes gathered before they are sent.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for the browser.
const WAITING: usize = 4;

/// What makes a document when its turn comes.
pub type Maker = Box<dyn FnOnce() -> Result<Vec<u8>> + Send>;

/// One file of a bundle.
pub struct Part {
    /// Its path in the archive.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file of a bundle.
pub enum Content {
    /// A document, packed.
    Made(Maker),
    /// Stored content with this hash and of this size, as it is: evidence hardly gets smaller.
    Kept(Vec<u8>, u64),
}

/// The archive of these parts. When something fails on the way the download breaks off, so that nobody takes half an
/// archive for a whole one.
pub fn bundle(files: Files, parts: Vec<Part>) -> impl Stream<Item = Result<Bytes>> + use<> {
    let (to, mut from) = channel(WAITING);
    let (handle, failed) = (Handle::current(), to.clone());
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&handle, &files, parts, to) {
            log::warn!(target: "portal::returns", "a bundle broke off: {error}");
            // Whoever stopped listening need not hear of it.
            drop(failed.blocking_send(Err(error)));
        }
    });
    stream::poll_fn(move |context| from.poll_recv(context))
}

fn write(handle: &Handle, files: &Files, parts: Vec<Part>, to: Sender<Result<Bytes>>) -> Result<()> {
    let broke = |e: std::io::Error| Error::Unavailable(format!("the bundle could not be sent: {e}"));
    let zipped = |e: zip::result::ZipError| Error::internal("failed to write a bundle", e);
    let mut archive = ZipWriter::new_stream(Pipe { to, gathered: Vec::with_capacity(PIECE) });
    let options = SimpleFileOptions::default();
    for part in parts {
        match part.content {
            Content::Made(make) => {
                let document = make()?;
                let packed = options.compression_method(CompressionMethod::Deflated);
                archive.start_file(part.name, packed).map_err(zipped)?;
                archive.write_all(&document).map_err(broke)?;
            }
            Content::Kept(sha256, size) => {
                let plain = options.compression_method(CompressionMethod::Stored).large_file(true);
                archive.start_file(part.name, plain).map_err(zipped)?;
                let mut content = Box::pin(handle.block_on(files.read(&sha256, size, (0, size)))?);
                while let Some(piece) = handle.block_on(content.next()) {
                    archive.write_all(&piece?).map_err(broke)?;
                }
            }
        }
    }
    let mut pipe = archive.finish().map_err(zipped)?.into_inner();
    pipe.flush().map_err(broke)
}

/// Hands on what is written, in pieces, and waits while the browser is slow.
struct Pipe {
    to: Sender<Result<Bytes>>,
    gathered: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.gathered, Vec::with_capacity(PIECE));
        self.to
            .blocking_send(Ok(Bytes::from(piece)))
            .map_err(|_| std::io::Error::new(std::io::ErrorKind::BrokenPipe, "nobody listens any more"))
    }
}
