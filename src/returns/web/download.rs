//! Sending the content of evidence: to be saved, or shown by itself where that can do no harm; as a whole or in part.

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, X_FRAME_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse};

use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::files::Files;
use crate::platform::http::{Part, part_of};
use crate::returns::evidence::EvidenceFile;
use crate::returns::library::ScanState;

/// Nothing of an evidence file runs, loads anything or is part of another page, whatever a browser takes it for.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// The same for what is shown within our own pages: those alone may hold it.
const SANDBOX_BESIDE: &str = "sandbox; default-src 'none'; frame-ancestors 'self'";

/// A PDF within our own pages. Browsers show it with a viewer of their own, apart from every page's origin, which refuses to
/// run in a sandbox; the type that was told by the content and may not be guessed otherwise keeps it a PDF.
const PDF_BESIDE: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// How content is to be treated by the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Saved under its name.
    ToSave,
    /// Shown, if it is of a kind that can be: pictures and plain text.
    ToSee,
    /// Shown within a page of ours, if it is of a kind that can be: pictures, plain text and PDF.
    Beside,
}

impl Sent {
    /// Whether content of this kind is shown, and under which policy. What is not shown may be part of no page.
    fn treatment(self, media_type: &str) -> (&'static str, &'static str) {
        match self {
            Self::ToSee if can_be_seen(media_type) => ("inline", SANDBOX),
            Self::Beside if can_be_seen(media_type) => ("inline", SANDBOX_BESIDE),
            Self::Beside if media_type == "application/pdf" => ("inline", PDF_BESIDE),
            _ => ("attachment", SANDBOX),
        }
    }
}

/// Whether content of this kind can be shown by itself. A PDF cannot: what shows it in a browser needs more than the
/// sandbox allows.
pub(in crate::returns) fn can_be_seen(media_type: &str) -> bool {
    media_type.starts_with("image/") || media_type.starts_with("text/plain")
}

/// Sends a version's content, all of it or the part that is asked for. The caller has looked at whose it is.
///
/// # Errors
/// [`Error::Refused`] for content that waits for its scan or was refused by it, [`Error::Gone`] when it is not there
/// any more.
pub async fn download(
    request: &HttpRequest,
    files: &Files,
    file: &EvidenceFile,
    how: Sent,
) -> Result<HttpResponse> {
    must_be_readable(file)?;
    if let Some(link) = &file.link {
        return Ok(address(link));
    }
    let size = u64::try_from(file.size).map_err(|e| Error::internal("failed to size a file", e))?;
    let tag = format!("\"{}\"", hex(&file.sha256));
    let part = part_of(request, size, &tag);
    let (status, from, length) = match part {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::From(from, length) => (StatusCode::PARTIAL_CONTENT, from, length),
        Part::Outside => {
            return Ok(HttpResponse::build(StatusCode::RANGE_NOT_SATISFIABLE)
                .insert_header((CONTENT_RANGE, format!("bytes */{size}")))
                .insert_header((ACCEPT_RANGES, "bytes"))
                .finish());
        }
    };
    let content = files.read(&file.sha256, size, (from, length)).await?;
    let (kind, policy) = how.treatment(&file.media_type);
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((CONTENT_TYPE, file.media_type.as_str()))
        .insert_header((CONTENT_LENGTH, length.to_string()))
        .insert_header((CONTENT_DISPOSITION, disposition(kind, &file.file_name)))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, "no-store"));
    if how == Sent::Beside && kind == "inline" {
        answer.insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"));
    }
    if part != Part::Whole {
        answer.insert_header((CONTENT_RANGE, format!("bytes {from}-{}/{size}", from + length - 1)));
    }
    // Of a known length, so that whoever saves it sees how far it is and when it broke off.
    Ok(answer.body(SizedStream::new(length, content)))
}

fn must_be_readable(file: &EvidenceFile) -> Result<()> {
    match file.scan {
        ScanState::NotScanned | ScanState::Clean => Ok(()),
        ScanState::Pending => Err(Error::Refused(
            "This file still waits for its malware scan. It can be read once nothing was found.".to_owned(),
        )),
        ScanState::Refused => Err(Error::Refused(format!(
            "The malware scan found {} in this file, so nobody can read it any more.",
            file.scan_said.as_deref().unwrap_or("something")
        ))),
    }
}

/// A link is sent as what it is, an address. The portal neither follows it nor leads anybody there by itself.
fn address(link: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/uri-list"))
        .insert_header((CONTENT_DISPOSITION, disposition("attachment", "link.txt")))
        .insert_header((CONTENT_SECURITY_POLICY, SANDBOX))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(format!("{link}\r\n"))
}

/// The name twice: in plain letters for old programs, and in full after RFC 8187.
fn disposition(kind: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let full: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"._-".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::{Sent, disposition};

    #[test]
    fn only_harmless_kinds_are_shown_and_only_within_our_own_pages() {
        for kind in ["text/html", "application/xhtml+xml", "application/zip", "application/octet-stream"] {
            assert_eq!(Sent::Beside.treatment(kind), ("attachment", super::SANDBOX), "{kind}");
        }
        for kind in ["image/png", "text/plain; charset=utf-8", "application/pdf"] {
            let (how, policy) = Sent::Beside.treatment(kind);
            assert_eq!(how, "inline", "{kind}");
            assert!(policy.contains("frame-ancestors 'self'") && policy.contains("default-src 'none'"));
        }
        assert!(Sent::Beside.treatment("image/svg+xml").1.starts_with("sandbox;"));
        assert_eq!(Sent::ToSee.treatment("application/pdf").0, "attachment");
        assert_eq!(Sent::ToSave.treatment("image/png").0, "attachment");
    }

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            disposition("attachment", "a\"; x=é.pdf"),
            "attachment; filename=\"a__ x__.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%C3%A9.pdf"
        );
    }
}
