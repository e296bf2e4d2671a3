//! Archives within bounds and beyond them.

use std::io::Write as _;

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn told(content: &[u8]) -> std::result::Result<&'static str, String> {
    look(Cursor::new(content), content.len() as u64).map_err(|e| e.to_string())
}

#[track_caller]
fn refuses(content: &[u8], why: &str) {
    let refused = told(content).expect_err(why);
    assert!(refused.contains(why), "{refused}");
}

const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

#[test]
fn documents_are_told_by_what_they_hold() {
    let word = packed(&[TYPES, ("_rels/.rels", b"<r/>"), ("word/document.xml", b"<w/>")]);
    assert_eq!(
        told(&word).unwrap(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    );
    let sheet = packed(&[("xl/workbook.xml", b"<w/>"), TYPES]);
    assert_eq!(told(&sheet).unwrap(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let open = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<office:document-content/>"),
    ]);
    assert_eq!(told(&open).unwrap(), "application/vnd.oasis.opendocument.text");
    let plain = packed(&[("a/policy.txt", b"Our policy"), ("b/scan.pdf", b"%PDF-1.7 x")]);
    assert_eq!(told(&plain).unwrap(), ZIP);
    refuses(&packed(&[TYPES, ("visio/document.xml", b"<v/>")]), "kind that is not accepted");
    refuses(&packed(&[("mimetype", b"application/epub+zip")]), "kind that is not accepted");
}

#[test]
fn what_a_plain_archive_holds_is_told_by_its_content_too() {
    refuses(&packed(&[("policy.pdf", b"MZ\x90\x00\x03\x00\x00\x00")]), "In the archive");
    refuses(&packed(&[("policy.txt", b"<html><script>alert(1)</script>")]), "In the archive");
    // What an office document is made of is its own affair.
    let word =
        packed(&[TYPES, ("word/document.xml", b"<w/>"), ("word/media/image1.emf", b"\x01\x00\x00\x00l")]);
    assert!(told(&word).is_ok());
}

#[test]
fn macros_are_told_and_refused() {
    for name in ["word/vbaProject.bin", "xl/macrosheets/sheet1.xml"] {
        let folder = if name.starts_with("word") { "word/document.xml" } else { "xl/workbook.xml" };
        refuses(&packed(&[TYPES, (folder, b"<w/>"), (name, b"\x01")]), "contains macros");
    }
    let open = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("Basic/Standard/Module1.xml", b"<m/>"),
    ]);
    refuses(&open, "contains macros");
    // Also in a document inside an archive.
    let inner = packed(&[TYPES, ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"\x01")]);
    refuses(&packed(&[("letter.docx", &inner)]), "contains macros");
}

#[test]
fn what_unpacks_to_far_more_than_it_is_is_refused() {
    let zeros = vec![b'a'; 9 * 1024 * 1024];
    refuses(&packed(&[("zeros.txt", &zeros)]), "far larger");
    let half = zeros.get(..5 * 1024 * 1024).unwrap();
    assert_eq!(told(&packed(&[("a.txt", half)])).unwrap(), ZIP);
    refuses(&packed(&[("a.txt", half), ("b.txt", half)]), "far larger");
    // The bound holds over archives inside archives.
    let inner = packed(&[("a.txt", half)]);
    refuses(&packed(&[("1.zip", &inner), ("2.zip", &inner)]), "far larger");
}

#[test]
fn archives_may_stand_in_archives_but_not_for_ever() {
    let mut archive = packed(&[("policy.txt", b"Our policy")]);
    for _ in 0..DEPTH {
        archive = packed(&[("inner.zip", &archive)]);
        assert_eq!(told(&archive).unwrap(), ZIP);
    }
    refuses(&packed(&[("inner.zip", &archive)]), "deeper");
}

#[test]
fn entries_are_counted_before_they_are_listed() {
    let names: Vec<String> = (0..=ENTRIES).map(|n| format!("{n}.txt")).collect();
    let most: Vec<(&str, &[u8])> =
        names.iter().skip(1).map(|name| (name.as_str(), b"x".as_slice())).collect();
    assert_eq!(told(&packed(&most)).unwrap(), ZIP);
    let more: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    refuses(&packed(&more), "more than 5000 files");
    // An end that lies about its number of entries is refused before anything is read.
    let mut lying = packed(&[("policy.txt", b"Our policy")]);
    let end = lying.windows(4).rposition(|magic| magic == b"PK\x05\x06").unwrap();
    lying[end + 10..end + 12].copy_from_slice(&u16::MAX.to_le_bytes());
    refuses(&lying, "more than 5000 files");
}

#[test]
fn damaged_empty_and_locked_archives_are_refused() {
    refuses(&packed(&[]), "empty");
    let whole = packed(&[("policy.txt", &b"Our policy is long. ".repeat(500))]);
    refuses(whole.get(..whole.len() / 2).unwrap(), "cannot be unpacked");
    let mut bent = whole.clone();
    bent[60] ^= 0xff;
    assert!(told(&bent).is_err());
    // The first bit of the flags, in both headers, says that a password is needed.
    let mut locked = whole;
    let central = locked.windows(4).position(|magic| magic == b"PK\x01\x02").unwrap();
    locked[6] |= 1;
    locked[central + 8] |= 1;
    refuses(&locked, "password");
}
