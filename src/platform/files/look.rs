//! What content is, told by the content and never by its name, and whether it is accepted as evidence.

use std::fs::File;
use std::path::Path;

use super::archive;
use super::ole;
use crate::platform::error::{Error, Result};

/// Kinds that are told by their first bytes.
const BY_HEAD: &[&str] = &["application/pdf", "image/png", "image/jpeg", "image/gif"];

/// What a text is sent as.
pub(super) const TEXT: &str = "text/plain; charset=utf-8";

const USE: &str =
    "Use PDF, an image, a document, a spreadsheet, a presentation, plain text or a zip archive of these.";

/// Whether content that begins like this is an archive or a compound document, which only a look inside can tell.
pub(super) fn must_be_opened(head: &[u8]) -> bool {
    archive::is_one(head) || ole::is_one(head)
}

/// Looks through content that must be opened.
pub(super) fn look_through(path: &Path, size: u64) -> Result<&'static str> {
    let open = || File::open(path).map_err(|e| Error::io("failed to look an upload through", e));
    let mut head = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(open()?, 8), &mut head)
        .map_err(|e| Error::io("failed to look an upload through", e))?;
    if archive::is_one(&head) { archive::look(open()?, size) } else { ole::look(open()?) }
}

/// What the content is by its first bytes, if it is of a kind that is accepted.
pub(super) fn told_by(head: &[u8]) -> Result<&'static str> {
    if let Some(kind) = infer::get(head) {
        return BY_HEAD.iter().find(|accepted| **accepted == kind.mime_type()).copied().ok_or_else(|| {
            Error::Unsupported(format!(
                "The file is of the kind {}, which is not accepted. {USE}",
                kind.mime_type()
            ))
        });
    }
    if is_text(head) {
        Ok(TEXT)
    } else {
        Err(Error::Unsupported(format!("The file\u{2019}s kind cannot be told from its content. {USE}")))
    }
}

/// Plain text, and nothing that a browser might take for markup.
fn is_text(head: &[u8]) -> bool {
    // A cut at the end of the head may fall inside a character; only a fault before that speaks against text.
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() && head.len() == super::SNIFF => {
            std::str::from_utf8(head.get(..e.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || super::is_disguise(c));
    !head.contains(&0) && !first.is_empty() && !first.starts_with('<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_no_text_however_it_begins() {
        for content in [
            "<html><script>alert(1)</script>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            "<?xml version=\"1.0\"?><svg/>",
            "\u{feff}<svg/>",
            "\u{feff} \r\n\t<HTML>",
            "\u{200b}\u{a0}<script>",
            "\u{feff}",
        ] {
            assert!(told_by(content.as_bytes()).is_err(), "{content}");
        }
        assert_eq!(told_by("Our policy: 3 < 4".as_bytes()).unwrap(), TEXT);
        assert_eq!(told_by("\u{feff}Ünser".as_bytes()).unwrap(), TEXT);
    }

    #[test]
    fn programs_are_refused_and_what_begins_like_a_document_is_one() {
        for content in [
            b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff".as_slice(),
            b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            b"\x1f\x8b\x08\x00",
            b"Rar!\x1a\x07\x01\x00",
            b"\x00\x01\x02\x03",
            b"\xff\xfeh\x00i\x00",
        ] {
            assert!(matches!(told_by(content), Err(Error::Unsupported(_))), "{content:?}");
        }
        // A page hidden behind a document's first bytes is that document, and is only ever sent as one.
        assert_eq!(told_by(b"%PDF-1.4\n<html><script>alert(1)</script>").unwrap(), "application/pdf");
        assert_eq!(told_by(b"GIF89a/*<script>*/=1;alert(1)").unwrap(), "image/gif");
    }

    #[test]
    fn a_text_may_be_cut_inside_a_letter_only_by_our_own_cut() {
        let mut long = "é".repeat(super::super::SNIFF);
        long.insert(0, 'x');
        let cut = long.as_bytes().get(..super::super::SNIFF).unwrap();
        assert_eq!(told_by(cut).unwrap(), TEXT);
        assert!(told_by("é".as_bytes().get(..1).unwrap()).is_err());
    }
}
