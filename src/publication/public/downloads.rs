//! The list of organisations as a file: too large to keep as it is, so only its gzip form is kept and unpacked piece by
//! piece for the few clients that do not take gzip.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::io::{BufWriter, Read as _, Write};

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use flate2::write::GzEncoder;

use super::accept::{Encoding, names_tag, negotiate};
use super::body::ASK_AGAIN;
use super::directory::Directory;
use crate::platform::canonical::{Hashed, hex};
use crate::platform::error::{Error, Result};
use crate::publication::data;
use crate::publication::document::Document;
use crate::publication::record::Record;

/// Bytes unpacked at a time.
const PIECE: usize = 64 * 1024;

/// A large file in its gzip form.
#[derive(Debug, Clone)]
pub struct Large {
    packed: Bytes,
    digest: String,
    media_type: String,
    name: String,
}

/// What a large file is beside its bytes, as it is kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LargeParts {
    /// Bytes of its gzip form.
    pub size: usize,
    digest: String,
    media_type: String,
    name: String,
}

/// The list of the current release, from the list in memory.
pub fn organisations(directory: &Directory, document: &Document, csv: bool) -> Result<Large> {
    of_records(directory.records(), &directory.region_names(), document, csv)
}

/// The list of any release, packed as its lines come.
pub fn of_records<R: Borrow<Record>>(
    records: impl IntoIterator<Item = R>,
    regions: &BTreeMap<String, String>,
    document: &Document,
    csv: bool,
) -> Result<Large> {
    let out = Packing::default();
    let out = if csv {
        data::organisations_csv(out, records, &document.edition, regions)?
    } else {
        data::organisations_json(out, document, records, regions)?
    };
    let (packed, digest) =
        out.finish().map_err(|e| Error::io("failed to pack the list of organisations", e))?;
    let (media_type, suffix) =
        if csv { ("text/csv; charset=utf-8; header=present", "csv") } else { ("application/json", "json") };
    Ok(Large {
        packed,
        digest: hex(&digest).get(..32).unwrap_or_default().to_owned(),
        media_type: media_type.to_owned(),
        name: format!("{}-{}.{suffix}", document.key, data::ORGANISATIONS),
    })
}

/// Packs and hashes what is written, a piece at a time, so that only the packed form is ever whole in memory.
struct Packing {
    hashed: Hashed,
    encoder: BufWriter<GzEncoder<Vec<u8>>>,
}

impl Default for Packing {
    fn default() -> Self {
        let encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        Self { hashed: Hashed::default(), encoder: BufWriter::with_capacity(PIECE, encoder) }
    }
}

impl Packing {
    fn finish(self) -> std::io::Result<(Bytes, [u8; 32])> {
        let encoder = self.encoder.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        let mut packed = encoder.finish()?;
        packed.shrink_to_fit();
        Ok((Bytes::from(packed), self.hashed.digest()))
    }
}

impl Write for Packing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hashed.write_all(bytes)?;
        self.encoder.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.encoder.flush()
    }
}

impl Large {
    /// What it is, and its packed bytes.
    pub(super) fn parts(&self) -> (LargeParts, Bytes) {
        let parts = LargeParts {
            size: self.packed.len(),
            digest: self.digest.clone(),
            media_type: self.media_type.clone(),
            name: self.name.clone(),
        };
        (parts, self.packed.clone())
    }

    /// The file of [`Large::parts`].
    pub(super) fn restored(parts: LargeParts, packed: Bytes) -> Self {
        let LargeParts { size: _, digest, media_type, name } = parts;
        Self { packed, digest, media_type, name }
    }

    /// The answer to a request for this file.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let text = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let accepted = text(ACCEPT_ENCODING);
        // There is no brotli form, so a client that likes it best is asked about gzip.
        let packed = match negotiate(accepted) {
            Encoding::Gzip => true,
            Encoding::Brotli => accepted.is_some_and(|list| list.contains("gzip")),
            Encoding::Identity => false,
        };
        let tag = format!("\"{}{}\"", self.digest, if packed { "-gzip" } else { "" });
        let has_it = text(IF_NONE_MATCH).is_some_and(|given| names_tag(given, &tag));
        let status = if has_it { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let mut answer = HttpResponse::build(status);
        answer
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, ASK_AGAIN))
            .insert_header((VARY, "accept-encoding"));
        if has_it {
            return answer.finish();
        }
        answer
            .insert_header((CONTENT_TYPE, self.media_type.as_str()))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)));
        if packed {
            return answer.insert_header((CONTENT_ENCODING, "gzip")).body(self.packed.clone());
        }
        answer.streaming(self.unpacked())
    }

    /// The plain bytes, piece by piece.
    fn unpacked(&self) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + use<> {
        let decoder = flate2::read::GzDecoder::new(std::io::Cursor::new(self.packed.clone()));
        futures_util::stream::try_unfold(decoder, |mut decoder| async move {
            let mut piece = Vec::with_capacity(PIECE);
            decoder.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), decoder)))
        })
    }
}
