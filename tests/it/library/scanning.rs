//! The malware scan: nothing new is used before it was found clean, whatever becomes of the scanner.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::clamd::{FakeClamd, MARK, Manner, NAME};
use super::{added, at, choose, drafting};
use crate::on_both;
use crate::support::World;
use crate::tools::{ending_with_us, tool};

on_both!(
    new_content_waits_and_is_usable_once_it_is_clean,
    what_is_infected_is_refused_and_its_uploader_told,
    without_a_verdict_it_goes_on_waiting,
    a_newer_version_has_to_wait_too,
    a_real_clamd_finds_a_signature,
);

fn infected() -> Vec<u8> {
    [b"Our policy ".as_slice(), MARK].concat()
}

async fn new_content_waits_and_is_usable_once_it_is_clean(world: World) {
    let scanner = FakeClamd::start();
    let world = world.scanned_by(&scanner.url(), 5);
    let (trust, mut lead) = drafting(&world).await;
    // Larger than what is sent at once.
    let content = b"Our policy. ".repeat(20_000);
    let policy = added(&mut lead, &trust, "Access policy", &[], &content).await;
    let question = trust.at("2026", "/requirements/1-1");
    choose(&mut lead, &question, &[&policy]).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    lead.get(&policy).await;
    lead.get(&policy).await.expect(200).shows("waits for its malware scan").hides("versions/1\"");
    lead.get(&format!("{policy}/versions/1")).await.expect(409).shows("still waits for its malware scan");
    lead.get(&question).await.expect(200).shows("Being scanned").hides(&format!("{question}/evidence/1\""));
    lead.get(&format!("{question}/evidence/1")).await.expect(409);
    lead.get(&trust.at("2026", "")).await.expect(200).shows("still waiting for its malware scan");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409);
    world.settle();
    assert_eq!(scanner.asked(), 1);
    lead.get(&policy).await.expect(200).shows("Scanned: nothing found").shows("versions/1\"");
    assert_eq!(lead.get(&format!("{question}/evidence/1")).await.expect(200).body, content);
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    // A link has no content to be scanned.
    let fields = [("title", "Link"), ("classification", "public"), ("link", "https://host.example/")];
    lead.upload(&at(&trust, "/new"), &fields, "", b"").await.expect(303);
    world.settle();
    assert_eq!(scanner.asked(), 1);
}

async fn what_is_infected_is_refused_and_its_uploader_told(world: World) {
    let scanner = FakeClamd::start();
    let world = world.scanned_by(&scanner.url(), 5);
    let (trust, mut lead) = drafting(&world).await;
    let question = trust.at("2026", "/requirements/1-1");
    lead.upload(&format!("{question}/evidence"), &[], "policy.txt", &infected()).await.expect(303);
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.settle();
    let mails = world.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("lead.zz001@people.example") && mails[0].contains(NAME), "{}", mails[0]);
    let piece = at(&trust, "/1");
    lead.get(&piece).await;
    lead.get(&piece).await.expect(200).shows(NAME).shows("Refused by the malware scan").hides("versions/1\"");
    lead.get(&format!("{piece}/versions/1")).await.expect(409).shows(NAME);
    lead.get(&format!("{piece}/versions/1/view")).await.expect(409);
    lead.get(&format!("{question}/evidence/1")).await.expect(409);
    lead.get(&question).await.expect(200).shows("Refused");
    lead.get(&trust.at("2026", "")).await.expect(200).shows("The malware scan refused a file");
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(409);
    // Nor does it come in again, by either way.
    let other = trust.at("2026", "/requirements/1-2");
    choose(&mut lead, &other, &[&piece]).await.expect(422).shows("the malware scan refused");
    lead.upload(&format!("{other}/evidence"), &[], "again.txt", &infected())
        .await
        .expect(422)
        .shows("has refused this file before");
    // A clean version in its place mends the answer.
    let seen = lead.get(&format!("{piece}/replace")).await.expect(200).hidden("version");
    lead.upload(&format!("{piece}/replace"), &[("version", &seen)], "clean.txt", b"Our policy")
        .await
        .expect(303);
    world.settle();
    lead.post(&trust.at("2026", "/ready"), &[]).await.expect(303);
    lead.get(&format!("{piece}/versions/1")).await.expect(409);
    lead.get(&format!("{piece}/versions/2")).await.expect(200);
    world.settle();
}

async fn without_a_verdict_it_goes_on_waiting(world: World) {
    let scanner = FakeClamd::start();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let url = scanner.url();
    let world = world.scanned_by(&format!("tcp://127.0.0.1:{free}"), 1);
    let (trust, mut lead) = drafting(&world).await;
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    let version = format!("{policy}/versions/1");
    // Nobody listens.
    world.settle();
    lead.get(&version).await.expect(409);
    drop(lead);
    let world = world.scanned_by(&url, 1);
    let mut lead = world.signed_in("Lead ZZ001").await;
    for (round, manner) in [Manner::Hangs, Manner::HangsUp, Manner::RefusesSize].into_iter().enumerate() {
        scanner.answers(manner);
        // The pause grows with the wait, to half an hour at most.
        world.clock.advance_seconds(1800);
        let begun = Instant::now();
        world.settle();
        assert!(begun.elapsed() < Duration::from_secs(10), "{manner:?} held up the work");
        assert_eq!(scanner.asked(), round + 1, "{manner:?}");
        lead.get(&version).await.expect(409).shows("still waits");
    }
    // Until the scanner works; the job was never given up.
    scanner.answers(Manner::Well);
    world.clock.advance_seconds(1800);
    world.settle();
    lead.get(&version).await.expect(200);
}

async fn a_newer_version_has_to_wait_too(world: World) {
    let scanner = FakeClamd::start();
    let (trust, mut lead) = drafting(&world).await;
    // Added while there was no scanner, it is told to be unscanned and can be used.
    let policy = added(&mut lead, &trust, "Access policy", &[], b"Our policy").await;
    lead.get(&policy).await;
    lead.get(&policy).await.expect(200).shows("Not scanned");
    drop(lead);
    let world = world.scanned_by(&scanner.url(), 5);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let seen = lead.get(&format!("{policy}/replace")).await.expect(200).hidden("version");
    lead.upload(&format!("{policy}/replace"), &[("version", &seen)], "two.txt", b"Our next")
        .await
        .expect(303);
    lead.get(&format!("{policy}/versions/2")).await.expect(409);
    lead.get(&format!("{policy}/versions/1")).await.expect(200);
    // The scanner goes away for good: what waits goes on waiting, and is never accepted.
    drop(lead);
    let world = world.scanned_by("", 5);
    world.settle();
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&format!("{policy}/versions/2")).await.expect(409);
}

/// A clamd of this machine with one signature of ours.
struct Clamd {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Clamd {
    /// None, with the reason printed, where none is installed.
    fn start() -> Option<Self> {
        let program = tool("PORTAL_TEST_CLAMD")?;
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let at = |name: &str| folder.path().join(name).display().to_string();
        std::fs::create_dir(at("db")).unwrap();
        // One signature over the whole of a file, by its MD5 and its length: that of `SIGNED`.
        std::fs::write(at("db/test.hdb"), format!("{SIGNED_MD5}:{}:Portal.Test.Signature\n", SIGNED.len()))
            .unwrap();
        let config = format!(
            "DatabaseDirectory {}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\nLogFile {}\nTemporaryDirectory {}\n",
            at("db"),
            at("clamd.log"),
            folder.path().display()
        );
        std::fs::write(at("clamd.conf"), config).unwrap();
        let child = ending_with_us(&program)
            .arg(format!("--config-file={}", at("clamd.conf")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut clamd = Self { child, port, folder };
        clamd.wait();
        Some(clamd)
    }

    fn wait(&mut self) {
        let begun = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = || std::fs::read_to_string(self.folder.path().join("clamd.log")).unwrap_or_default();
            assert!(self.child.try_wait().unwrap().is_none(), "clamd ended:\n{}", log());
            assert!(begun.elapsed() < Duration::from_secs(60), "clamd does not listen:\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map_or_else(|error| eprintln!("clamd was not ended: {error}"), drop);
    }
}

const SIGNED: &[u8] = b"This text stands for malware in the portal's own tests.\n";
const SIGNED_MD5: &str = "a97ee68e8a82534f5d2f5e3fa57f1321";

async fn a_real_clamd_finds_a_signature(world: World) {
    let Some(clamd) = Clamd::start() else { return };
    let world = world.scanned_by(&format!("tcp://127.0.0.1:{}", clamd.port), 30);
    let (trust, mut lead) = drafting(&world).await;
    let clean = added(&mut lead, &trust, "Clean", &[], b"Our policy").await;
    let bad = added(&mut lead, &trust, "Bad", &[], SIGNED).await;
    world.settle();
    lead.get(&format!("{clean}/versions/1")).await.expect(200);
    lead.get(&format!("{bad}/versions/1")).await.expect(409).shows("Portal.Test.Signature");
    assert_eq!(world.mails().len(), 1);
}
