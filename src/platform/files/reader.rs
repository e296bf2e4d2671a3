//! Stored content for those who read without a runtime: jobs and commands. A file of this machine is read as it is, an
//! object of a bucket window by window.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};

use bytes::{Buf as _, Bytes};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use super::drive::Drive;
use crate::platform::error;

/// What an object turned out to be.
pub(super) enum Source {
    /// A file of this machine.
    File(File),
    /// Pieces that are fetched there.
    Pieces(Drive, BoxStream<'static, error::Result<Bytes>>),
}

impl Source {
    /// Something to read from.
    pub fn reader(self) -> Box<dyn Read + Send> {
        match self {
            Self::File(file) => Box::new(file),
            Self::Pieces(drive, pieces) => {
                Box::new(Pieces { drive, pieces: Some(pieces), piece: Bytes::new() })
            }
        }
    }
}

/// The pieces of an object, one after the other.
struct Pieces {
    drive: Drive,
    pieces: Option<BoxStream<'static, error::Result<Bytes>>>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        while self.piece.is_empty() {
            let Some(mut pieces) = self.pieces.take() else { return Ok(0) };
            let next = self.drive.wait(async move { Ok((pieces.next().await, pieces)) });
            let (next, pieces) = next.map_err(Error::other)?;
            let Some(next) = next else { return Ok(0) };
            self.piece = next.map_err(of_store)?;
            self.pieces = Some(pieces);
        }
        let length = into.len().min(self.piece.len());
        let (to, _) = into.split_at_mut(length);
        self.piece.copy_to_slice(to);
        Ok(length)
    }
}

/// A failure of the store as readers know failures.
pub(super) fn of_store(failure: error::Error) -> Error {
    match failure {
        error::Error::NotFound => Error::from(ErrorKind::NotFound),
        error::Error::FilesUnreachable(_) => Error::new(ErrorKind::HostUnreachable, failure),
        other => Error::other(other),
    }
}
