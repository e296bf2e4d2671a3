//! A published body: its bytes as they are and packed, each with its own strong entity tag, made once.

use std::io::Write as _;
use std::sync::OnceLock;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, HeaderValue, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;

use super::accept::{Encoding, names_tag, negotiate};
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::{Error, Result};
use crate::publication::data::Format;

/// A kept copy of a published body may be shown only after asking whether it still stands, which the tags make cheap.
/// Kept for minutes, pages from before and after a release would be read side by side.
pub(in crate::publication) const ASK_AGAIN: &str = "public, no-cache";
const KEEP: HeaderValue = HeaderValue::from_static(ASK_AGAIN);
const ACCEPT: HeaderValue = HeaderValue::from_static("accept-encoding");
const BR: HeaderValue = HeaderValue::from_static("br");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Brotli's effort for bodies that are made once and sent often; 11 is slower by ten times and smaller by a twentieth.
const EFFORT: i32 = 9;
/// The effort for bodies of up to [`SMALL`] bytes: an organisation's page is not a byte smaller with more, and 9 empties
/// tables of 33 MB first, which takes thirteen times as long as this.
const LITTLE_EFFORT: i32 = 5;
const SMALL: usize = 64 * 1024;

/// One body in one encoding.
#[derive(Debug)]
struct Packed {
    bytes: OnceLock<Bytes>,
    tag: HeaderValue,
}

/// What a body is beside its bytes, as it is kept.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BodyParts {
    media_type: String,
    disposition: Option<String>,
    embeddable: bool,
    packs: bool,
    sizes: [usize; 3],
}

impl BodyParts {
    /// How many bytes it has as it is, with gzip and with brotli.
    pub(super) const fn sizes(&self) -> [usize; 3] {
        self.sizes
    }
}

/// A published body.
#[derive(Debug)]
pub struct Body {
    media_type: HeaderValue,
    disposition: Option<HeaderValue>,
    /// Whether pages of other sites may show it.
    embeddable: bool,
    identity: Bytes,
    tag: HeaderValue,
    /// Whether packing makes it smaller.
    packs: bool,
    gzip: Packed,
    brotli: Packed,
}

impl Body {
    /// A page.
    pub fn html(text: String) -> Self {
        Self::new(HeaderValue::from_static("text/html; charset=utf-8"), None, text.into_bytes())
    }

    /// A text of this media type: feeds, maps of the site, words to crawlers.
    pub fn text(media_type: &'static str, text: String) -> Self {
        Self::new(HeaderValue::from_static(media_type), None, text.into_bytes())
    }

    /// A drawing that pages of other sites may show.
    pub fn drawing(svg: String) -> Self {
        Self { embeddable: true, ..Self::text("image/svg+xml", svg) }
    }

    /// A picture that other sites may show beside a link. It is packed already.
    pub fn picture(png: Vec<u8>) -> Self {
        let body = Self::new(HeaderValue::from_static("image/png"), None, png);
        Self { embeddable: true, packs: false, ..body }
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.media_type.as_bytes().starts_with(b"text/html")
    }

    /// A file; one that browsers save gets this name.
    pub fn file(name: &str, format: Format, bytes: Vec<u8>) -> Self {
        let disposition = if format.is_saved() { attached(name, format.suffix()) } else { None };
        let media_type = HeaderValue::from_static(format.media_type());
        Self { packs: format.packs(), ..Self::new(media_type, disposition, bytes) }
    }

    fn new(media_type: HeaderValue, disposition: Option<HeaderValue>, bytes: Vec<u8>) -> Self {
        Self::of(media_type, disposition, kept(bytes))
    }

    fn of(media_type: HeaderValue, disposition: Option<HeaderValue>, bytes: Bytes) -> Self {
        let digest = hex(&sha256(&bytes));
        let name = digest.get(..32).unwrap_or(&digest);
        // Hexadecimal digits and quotes are always a header value.
        let tag = |suffix: &str| {
            HeaderValue::try_from(format!("\"{name}{suffix}\"")).unwrap_or(HeaderValue::from_static("\"\""))
        };
        Self {
            media_type,
            disposition,
            embeddable: false,
            identity: bytes,
            tag: tag(""),
            packs: true,
            gzip: Packed { bytes: OnceLock::new(), tag: tag("-gzip") },
            brotli: Packed { bytes: OnceLock::new(), tag: tag("-br") },
        }
    }

    /// What it is beside its bytes, and its bytes in every encoding; not packed ones are empty.
    pub(super) fn parts(&self) -> (BodyParts, [Bytes; 3]) {
        self.pack();
        let packed = |one: &Packed| one.bytes.get().cloned().unwrap_or_default();
        let bytes = [self.identity.clone(), packed(&self.gzip), packed(&self.brotli)];
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let parts = BodyParts {
            media_type: text(&self.media_type),
            disposition: self.disposition.as_ref().map(text),
            embeddable: self.embeddable,
            packs: self.packs,
            sizes: bytes.each_ref().map(Bytes::len),
        };
        (parts, bytes)
    }

    /// The body of [`Body::parts`]; its tags follow from its bytes.
    ///
    /// # Errors
    /// When a header cannot be one.
    pub(super) fn restored(parts: &BodyParts, [identity, gzip, brotli]: [Bytes; 3]) -> Result<Self> {
        let header = |text: &str| {
            HeaderValue::from_str(text).map_err(|e| Error::internal("failed to read a kept header", e))
        };
        let disposition = parts.disposition.as_deref().map(header).transpose()?;
        let body = Self::of(header(&parts.media_type)?, disposition, identity);
        if parts.packs {
            body.gzip.bytes.get_or_init(|| gzip);
            body.brotli.bytes.get_or_init(|| brotli);
        }
        Ok(Self { embeddable: parts.embeddable, packs: parts.packs, ..body })
    }

    /// Packs now what would else be packed for the first client that asks.
    pub fn pack(&self) {
        if self.packs {
            self.bytes(Encoding::Gzip);
            self.bytes(Encoding::Brotli);
        }
    }

    /// The bytes in an encoding.
    pub fn bytes(&self, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Identity => self.identity.clone(),
            Encoding::Gzip => self.gzip.bytes.get_or_init(|| gzip(&self.identity)).clone(),
            Encoding::Brotli => self.brotli.bytes.get_or_init(|| brotli(&self.identity)).clone(),
        }
    }

    /// Bytes held, of every encoding made so far.
    pub fn weight(&self) -> usize {
        let packed = [&self.gzip, &self.brotli];
        self.identity.len() + packed.iter().filter_map(|one| one.bytes.get()).map(Bytes::len).sum::<usize>()
    }

    const fn tag(&self, encoding: Encoding) -> &HeaderValue {
        match encoding {
            Encoding::Identity => &self.tag,
            Encoding::Gzip => &self.gzip.tag,
            Encoding::Brotli => &self.brotli.tag,
        }
    }

    /// The answer to a request for this body: the best encoding, or 304 when the client has it already.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        self.answer_to(request.headers())
    }

    /// [`Body::answer`] from the request's headers.
    pub fn answer_to(&self, asked: &HeaderMap) -> HttpResponse {
        let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let encoding = if self.packs { negotiate(text(ACCEPT_ENCODING)) } else { Encoding::Identity };
        let tag = self.tag(encoding);
        let has_it =
            text(IF_NONE_MATCH).zip(tag.to_str().ok()).is_some_and(|(given, tag)| names_tag(given, tag));
        let mut answer = if has_it {
            HttpResponse::new(StatusCode::NOT_MODIFIED)
        } else {
            HttpResponse::with_body(StatusCode::OK, self.bytes(encoding)).map_into_boxed_body()
        };
        let headers = answer.headers_mut();
        headers.insert(ETAG, tag.clone());
        headers.insert(CACHE_CONTROL, KEEP);
        headers.insert(VARY, ACCEPT);
        if self.embeddable {
            headers.insert(
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("cross-origin"),
            );
        }
        if !has_it {
            headers.insert(CONTENT_TYPE, self.media_type.clone());
            if let Some(disposition) = &self.disposition {
                headers.insert(CONTENT_DISPOSITION, disposition.clone());
            }
            match encoding {
                Encoding::Brotli => drop(headers.insert(CONTENT_ENCODING, BR)),
                Encoding::Gzip => drop(headers.insert(CONTENT_ENCODING, GZIP)),
                Encoding::Identity => {}
            }
        }
        answer
    }
}

/// Saved under a name made only of letters, digits, points and hyphens.
fn attached(name: &str, suffix: &str) -> Option<HeaderValue> {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    HeaderValue::try_from(format!("attachment; filename=\"{plain}.{suffix}\"")).ok()
}

/// Bytes that are kept until the next release, without the room that they were written in.
fn kept(bytes: Vec<u8>) -> Bytes {
    Bytes::from(bytes.into_boxed_slice())
}

/// Packed with gzip; the same input always gives the same bytes.
fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    // Writing into memory cannot fail; were it to, an empty body would be caught by the length check of the client.
    encoder.write_all(body).and_then(|()| encoder.finish()).map(kept).unwrap_or_default()
}

/// Packed with brotli; the same input always gives the same bytes.
fn brotli(body: &[u8]) -> Bytes {
    // A window no larger than the body keeps the encoder's tables small; below 18 bits it takes others, which are slower.
    let window = (usize::BITS - body.len().leading_zeros()).clamp(18, 22);
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: if body.len() <= SMALL { LITTLE_EFFORT } else { EFFORT },
        lgwin: i32::try_from(window).unwrap_or(22),
        size_hint: body.len(),
        ..Default::default()
    };
    let mut packed = Vec::with_capacity(body.len() / 4);
    brotli::BrotliCompress(&mut &*body, &mut packed, &parameters).map(|_| kept(packed)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_unpacks_to_the_same_bytes_and_has_its_own_tag() {
        let body = Body::html("<p>figures</p>".repeat(500));
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut body.bytes(Encoding::Brotli).as_ref(), &mut plain).unwrap();
        assert_eq!(plain, body.bytes(Encoding::Identity));
        let mut plain = Vec::new();
        let packed = body.bytes(Encoding::Gzip);
        std::io::copy(&mut flate2::read::GzDecoder::new(packed.as_ref()), &mut plain).unwrap();
        assert_eq!(plain, body.bytes(Encoding::Identity));
        let tags = [Encoding::Identity, Encoding::Gzip, Encoding::Brotli].map(|one| body.tag(one).clone());
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
        assert_eq!(body.weight(), 14 * 500 + packed.len() + body.bytes(Encoding::Brotli).len());
    }

    #[test]
    fn what_is_packed_already_is_sent_as_it_is() {
        let body = Body::file("a", Format::Ods, vec![1; 4000]);
        let mut asked = HeaderMap::new();
        asked.insert(ACCEPT_ENCODING, HeaderValue::from_static("br, gzip"));
        let answer = body.answer_to(&asked);
        assert!(!answer.headers().contains_key(CONTENT_ENCODING));
        assert_eq!(answer.headers().get(ETAG), Some(&body.tag));
        body.pack();
        assert_eq!(body.weight(), 4000);
    }

    #[test]
    fn the_same_bytes_have_the_same_tag_and_names_are_harmless() {
        assert_eq!(Body::html("a".into()).tag, Body::file("a", Format::Json, b"a".to_vec()).tag);
        assert_ne!(Body::html("a".into()).tag, Body::html("b".into()).tag);
        let name = attached("grade\"; filename=x\r\n", "csv").unwrap();
        assert_eq!(name.to_str().unwrap(), "attachment; filename=\"grade---filename-x--.csv\"");
    }
}
