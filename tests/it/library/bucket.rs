//! The library with its files in a bucket of a real S3 server: what holds for a folder holds there, and a bucket that is
//! gone costs nothing but time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use actix_web::test::TestRequest;
use futures_util::StreamExt as _;
use portal::platform::canonical::{hex, sha256};
use portal::platform::error::Error;
use portal::platform::files::Kept;

use super::{added, at, drafting};
use crate::on_both;
use crate::support::World;
use crate::support::bucket::{Bucket, Line};

on_both!(files_in_a_bucket_are_sent_replaced_and_kept_once, a_bucket_that_goes_away_costs_nothing_but_time,);

const FIELDS: [(&str, &str); 2] = [("title", "A large record"), ("classification", "official")];

/// A text of so many bytes, of which no two parts are alike.
fn text(bytes: usize) -> Vec<u8> {
    (0_u64..).flat_map(|n| format!("{n} ").into_bytes()).take(bytes).collect()
}

async fn files_in_a_bucket_are_sent_replaced_and_kept_once(world: World) {
    let Some(bucket) = Bucket::start() else { return };
    let world = world.kept_in(bucket.settings(), 40);
    let (trust, mut lead) = drafting(&world).await;
    lead.get("/health/ready").await.expect(200).shows("\"files\":true");
    // More than one part on the way in, more than one window on the way out.
    let content = text(11 * 1024 * 1024);
    let record = added(&mut lead, &trust, "A large record", &[], &content).await;
    assert!(!world.folder().join("files/evidence").exists(), "nothing of it is on this machine");
    let whole = lead.get(&format!("{record}/versions/1")).await.expect(200);
    assert!(whole.body == content, "{} bytes of {}", whole.body.len(), content.len());
    let over_the_edge = TestRequest::get()
        .uri(&format!("{record}/versions/1"))
        .insert_header(("range", "bytes=4194000-8389000"));
    let part = lead.send(over_the_edge).await.expect(206);
    assert!(part.body == content[4_194_000..=8_389_000], "{} bytes", part.body.len());
    // A newer version, in one request.
    let seen = lead.get(&format!("{record}/replace")).await.expect(200).hidden("version");
    lead.upload(&format!("{record}/replace"), &[("version", &seen)], "two.txt", b"Our next")
        .await
        .expect(303);
    assert_eq!(lead.get(&format!("{record}/versions/2")).await.expect(200).body, b"Our next".as_slice());
    // The same content from two people at once, and once more when it is there.
    let mut other = lead.clone();
    let (new, large, small) = (at(&trust, "/new"), text(7 * 1024 * 1024), b"Our minutes".as_slice());
    for content in [&large[..], small] {
        let (one, two) = tokio::join!(
            lead.upload(&new, &FIELDS, "one.txt", content),
            other.upload(&new, &FIELDS, "two.txt", content)
        );
        for answer in [one, two, lead.upload(&new, &FIELDS, "three.txt", content).await] {
            let piece = answer.expect(303).location();
            let sent = lead.get(&format!("{piece}/versions/1")).await.expect(200);
            assert!(sent.body == content, "{} bytes", sent.body.len());
        }
    }
    let files = &world.portal().files;
    for (content, kept) in
        [(&content[..], Kept::Whole), (b"Our next", Kept::Whole), (b"Never sent", Kept::Missing)]
    {
        assert_eq!(files.check_now(&sha256(content), content.len() as u64).unwrap(), kept);
    }
    assert_eq!(files.check_now(&sha256(b"Our next"), 7).unwrap(), Kept::Changed);
    // All of it comes into a backup, where it lies as in a folder.
    let backup = tempfile::tempdir().unwrap();
    assert_eq!(files.copy_bucket(backup.path()).unwrap(), 4);
    let (prefix, rest) = (&hex(&sha256(&content))[..2], &hex(&sha256(&content))[2..]);
    assert!(std::fs::read(backup.path().join("evidence").join(prefix).join(rest)).unwrap() == content);
    world.settle();
}

async fn a_bucket_that_goes_away_costs_nothing_but_time(world: World) {
    let Some(bucket) = Bucket::start() else { return };
    let (line, settings) = Line::to(&bucket);
    let world = world.kept_in(settings.clone(), 40);
    let (trust, mut lead) = drafting(&world).await;
    let content = text(11 * 1024 * 1024);
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let new = at(&trust, "/new");
    // In the middle of the second part.
    line.cut_after(7 * 1024 * 1024);
    let told = lead.upload(&new, &FIELDS, "record.txt", &content).await.expect(503);
    told.shows("so nothing was saved").shows("A large record");
    let question = trust.at("2026", "/requirements/1-1");
    lead.upload(&format!("{question}/evidence"), &[], "minutes.txt", b"Our minutes")
        .await
        .expect(503)
        .shows("so nothing was saved");
    let told = lead.get(&format!("{policy}/versions/1")).await.expect(503);
    told.shows("Files cannot be reached just now");
    // Everything else goes on.
    lead.get("/health/ready").await.expect(200).shows("\"files\":false");
    lead.get(&at(&trust, "")).await.expect(200).shows("Access policy").hides("A large record");
    let incoming = std::fs::read_dir(world.portal().files.folder().join("incoming")).unwrap();
    assert_eq!(incoming.count(), 0, "nothing is left on this machine");
    line.mend();
    let record = lead.upload(&new, &FIELDS, "record.txt", &content).await.expect(303).location();
    assert!(lead.get(&format!("{record}/versions/1")).await.expect(200).body == content);
    // Gone while it sends: what came is right, and the end is an error and not an end.
    let (files, size) = (&world.portal().files, content.len() as u64);
    let mut sent = Box::pin(files.read(&sha256(&content), size, (0, size)).await.unwrap());
    let first = sent.next().await.unwrap().unwrap();
    assert!(content.starts_with(&first) && first.len() < content.len());
    line.cut_after(0);
    let failed = sent.next().await.unwrap().unwrap_err();
    assert!(matches!(failed, Error::FilesUnreachable(_)), "{failed}");
    line.mend();
    // With another key the bucket is as good as gone.
    drop(lead);
    let mut wrong = settings;
    wrong.secret_access_key.0.push('x');
    let world = world.kept_in(wrong, 40);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&new).await.expect(200);
    lead.upload(&new, &FIELDS, "record.txt", b"Our record").await.expect(503).shows("so nothing was saved");
    lead.get(&format!("{policy}/versions/1")).await.expect(503);
    assert!(world.portal().files.look_now().is_err());
    lead.get(&at(&trust, "")).await.expect(200).shows("2 pieces of evidence");
}

/// Bytes of the file that is streamed through.
const LARGE: usize = 200 * 1024 * 1024;
/// By how many kilobytes the most memory that the server ever used may grow.
const GROWTH: u64 = 96 * 1024;

#[test]
fn a_large_file_streams_through_in_constant_memory() {
    World::run(World::sqlite(), |world| async move {
        let Some(bucket) = Bucket::start() else { return };
        let world = world.kept_in(bucket.settings(), 300);
        world.now_in_earnest();
        let trust = world.trust("ZZ001");
        let mut lead = world.signed_in("Lead ZZ001").await;
        lead.get(&at(&trust, "/new")).await.expect(200);
        added(&mut lead, &trust, "A small record", &[], &text(6 * 1024 * 1024)).await;
        let cookies: Vec<String> =
            lead.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (cookies, csrf) = (cookies.join("; "), lead.csrf().to_owned());
        drop(lead);
        let served = world.serve();
        let port: u16 = served.base().rsplit(':').next().unwrap().parse().unwrap();
        let before = most_memory(served.pid());
        let form = [("csrf", csrf.as_str()), FIELDS[0], FIELDS[1]];
        let said = post_large(port, &at(&trust, "/new"), &cookies, &form);
        assert!(said.starts_with("HTTP/1.1 303"), "{said}\n{}", served.said());
        let piece = said.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().trim().to_owned();
        let got = get_large(port, &format!("{piece}/versions/1"), &cookies);
        assert_eq!(got, LARGE, "{}", served.said());
        let grown = most_memory(served.pid()) - before;
        println!("{} MiB in and out; the most memory grew by {grown} KiB", LARGE >> 20);
        assert!(grown < GROWTH, "memory grew by {grown} KiB");
    });
}

/// The most memory that a process ever had, in kilobytes.
fn most_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Posts a form with a file of [`LARGE`] bytes without holding it; the head of the answer.
fn post_large(port: u16, path: &str, cookies: &str, fields: &[(&str, &str)]) -> String {
    let boundary = "----portal-test-boundary";
    let mut before = String::new();
    for (name, value) in fields {
        before.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    before.push_str(&format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.txt\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    ));
    let after = format!("\r\n--{boundary}--\r\n");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookies}\r\nconnection: close\r\n\
         content-type: multipart/form-data; boundary={boundary}\r\ncontent-length: {}\r\n\r\n{before}",
        before.len() + LARGE + after.len()
    )
    .unwrap();
    let piece = text(1024 * 1024);
    for _ in 0..LARGE / piece.len() {
        stream.write_all(&piece).unwrap();
    }
    stream.write_all(after.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Reads a file and throws it away; how many bytes of it came.
fn get_large(port: u16, path: &str, cookies: &str) -> usize {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookies}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = BufReader::new(stream);
    let mut line = String::new();
    while answer.read_line(&mut line).unwrap() > 2 {
        line.clear();
    }
    usize::try_from(std::io::copy(&mut answer, &mut std::io::sink()).unwrap()).unwrap()
}
