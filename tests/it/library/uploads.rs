//! What is taken as evidence: told by the content, and archives within bounds.

use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::{at, drafting};
use crate::on_both;
use crate::support::World;

on_both!(kinds_are_told_by_the_content_and_refused_in_words, archives_are_looked_through);

fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const FIELDS: [(&str, &str); 2] = [("title", "A title"), ("classification", "official")];

async fn kinds_are_told_by_the_content_and_refused_in_words(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let new = at(&trust, "/new");
    for (name, content, why) in [
        ("policy.pdf", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff".as_slice(), "not accepted"),
        ("policy.pdf", b"<html><body onload=alert(1)>", "not accepted"),
        (
            "logo.png",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"></svg>",
            "cannot be told",
        ),
        ("logo.svg", b"\xef\xbb\xbf <svg onload=\"alert(1)\"></svg>", "cannot be told"),
        ("page.txt", b"\xef\xbb\xbf<script>alert(1)</script>", "cannot be told"),
        ("empty.pdf", b"", "The file is empty"),
    ] {
        lead.upload(&new, &FIELDS, name, content).await.expect(415).shows(why).shows("A title");
    }
    let folder = world.portal().files.folder().join("incoming");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "a refusal leaves nothing");
    lead.get(&at(&trust, "")).await.expect(200).shows("The library is empty");
}

async fn archives_are_looked_through(world: World) {
    let (trust, mut lead) = drafting(&world).await;
    let new = at(&trust, "/new");
    let types = ("[Content_Types].xml", b"<Types/>".as_slice());
    let word = packed(&[types, ("word/document.xml", b"<w/>")]);
    let macros = packed(&[types, ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"\x01\x02")]);
    let bomb = packed(&[("zeros.txt", &vec![b'0'; 9 * 1024 * 1024])]);
    let program = packed(&[("policy.pdf", b"MZ\x90\x00\x03\x00\x00\x00")]);
    let deep = (0..4).fold(packed(&[("a.txt", b"Our policy")]), |inner, _| packed(&[("in.zip", &inner)]));
    for (content, why) in [
        (&macros, "This file contains macros"),
        (&bomb, "far larger than it is"),
        (&program, "In the archive"),
        (&deep, "archives inside archives"),
    ] {
        lead.upload(&new, &FIELDS, "file.docx", content).await.expect(415).shows(why);
    }
    let question = trust.at("2026", "/requirements/1-1");
    lead.upload(&format!("{question}/evidence"), &[], "letter.docm", &macros)
        .await
        .expect(415)
        .shows("This file contains macros");
    for (name, content, kind) in [
        ("letter.bin", &word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("bundle.docx", &packed(&[("a.txt", b"One"), ("letter.docx", &word)]), "application/zip"),
    ] {
        let piece = lead.upload(&new, &FIELDS, name, content).await.expect(303).location();
        let sent = lead.get(&format!("{piece}/versions/1")).await.expect(200);
        assert_eq!(sent.header("content-type"), kind);
        assert_eq!(sent.body, *content);
    }
}
