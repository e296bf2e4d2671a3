//! Forms with a file: small fields first, the token before anything is believed, the file as a stream.

use std::pin::Pin;

use actix_multipart::{Field, Multipart, MultipartError};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use super::fields::{Fields, same_secret};
use crate::platform::error::{Error, Result};

/// The most bytes of one field that is not the file.
const FIELD_LIMIT: usize = 16 * 1024;
/// The most fields before the file.
const FIELDS_LIMIT: usize = 30;
/// Refused uploads are read to their end up to this many bytes, so that the browser gets to see the answer.
const DRAINED: usize = 256 * 1024 * 1024;

/// A form with a file, read from its beginning.
pub struct Upload {
    parts: Parts,
    pairs: Vec<(String, String)>,
}

/// The file of a form.
pub struct UploadedFile {
    /// Its name as the browser sent it.
    pub name: String,
    /// Its content as it arrives.
    pub content: Pin<Box<dyn Stream<Item = Result<Bytes>>>>,
}

impl UploadedFile {
    /// The content of a small file, of at most this many whole megabytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the limit, a field error when the upload breaks off.
    pub async fn whole(mut self, limit: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.content.next().await {
            let piece = piece?;
            if (bytes.len() + piece.len()) as u64 > limit {
                return Err(Error::TooLarge(format!("The file is larger than {} MB.", limit >> 20)));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// The parts of a form, which end for good at the first fault: the library must not be asked again after its end.
type Parts = Pin<Box<dyn Stream<Item = Result<Field, MultipartError>>>>;

impl Upload {
    /// A form that has not been read yet.
    #[must_use]
    pub fn of(form: Multipart) -> Self {
        let steps = stream::unfold(Some(form), |form| async {
            let mut form = form?;
            match form.next().await? {
                Ok(field) => Some((Ok(field), Some(form))),
                Err(fault) => Some((Err(fault), None)),
            }
        });
        Self { parts: Box::pin(steps.fuse()), pairs: Vec::new() }
    }

    /// Reads up to the part called `file`; none when the form has no file or nobody chose one. What stands before it
    /// is in [`Upload::fields`] afterwards.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the form's token did not come before its file or is not this one, a field error when
    /// the form breaks off.
    pub async fn file(&mut self, csrf: &str) -> Result<Option<UploadedFile>> {
        let mut trusted = false;
        while let Some(field) = self.parts.next().await {
            let mut field = field.map_err(|e| broke_off(&e))?;
            match field.name().unwrap_or_default().to_owned().as_str() {
                "csrf" => trusted = same_secret(&small(&mut field).await?, csrf),
                "file" if trusted => return Ok(chosen(field)),
                "file" => break,
                name => {
                    let text = small(&mut field).await?;
                    if self.pairs.len() >= FIELDS_LIMIT {
                        return Err(unreadable());
                    }
                    self.pairs.push((name.to_owned(), text));
                }
            }
        }
        if trusted { Ok(None) } else { Err(expired()) }
    }

    /// The fields read so far.
    #[must_use]
    pub fn fields(&self) -> Fields {
        Fields::new(self.pairs.clone())
    }

    /// Reads what is left without keeping it. A file that was handed out must be dropped first.
    pub async fn drain(mut self) {
        let mut left = DRAINED;
        while let Some(Ok(mut field)) = self.parts.next().await {
            while let Some(Ok(piece)) = field.next().await {
                left = left.saturating_sub(piece.len());
                if left == 0 {
                    return;
                }
            }
        }
    }
}

fn chosen(field: Field) -> Option<UploadedFile> {
    let name = field.content_disposition().and_then(|about| about.get_filename()).unwrap_or_default();
    if name.is_empty() {
        return None;
    }
    let name = name.to_owned();
    Some(UploadedFile { name, content: Box::pin(field.map(|piece| piece.map_err(|e| broke_off(&e)))) })
}

async fn small(field: &mut Field) -> Result<String> {
    let mut text = Vec::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|e| broke_off(&e))?;
        if text.len() + piece.len() > FIELD_LIMIT {
            return Err(unreadable());
        }
        text.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn unreadable() -> Error {
    Error::field("file", "The form could not be read. Go back and send it again.")
}

fn broke_off(cause: &MultipartError) -> Error {
    Error::field("file", format!("The upload broke off before it was complete: {cause}. Try again"))
}

fn expired() -> Error {
    Error::Forbidden(
        "This form has expired or was not made by this site. Go back, load the page again and send it once more."
            .to_owned(),
    )
}
