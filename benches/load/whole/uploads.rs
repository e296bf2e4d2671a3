//! Files uploaded by one browser over loopback, and the same bytes hashed and written plainly by a thread of this program,
//! turn by turn: how fast, and what it costs in memory.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::multipart;
use super::people::{Person, expect, hidden};
use crate::driver::Result;
use crate::driver::http::{Connection, request};
use crate::driver::process::Process;

/// Bytes of one file: as large as the default settings let it be, less what a form around it needs.
const SIZE: usize = 48 * 1024 * 1024;
/// Files of each kind; together far more than the memory that is asked for.
const FILES: u64 = 9;

/// What was measured.
#[derive(Debug, Clone)]
pub struct Uploads {
    /// Megabytes (of 1,000,000 bytes) a second of the portal, the middle of all files.
    pub rate: f64,
    /// The same of plain writing.
    pub plain: f64,
    /// By how many KiB the most memory that the server ever used grew.
    pub grown_kib: u64,
}

/// Uploads files as a lead of an organisation; `place` is on the disk that the portal keeps them on.
pub fn measure(
    address: std::net::SocketAddr,
    process: &Process,
    (lead, code): (&Person, &str),
    place: &Path,
) -> Result<Uploads> {
    let path = format!("/organisations/{code}/evidence/new");
    let mut connection = Connection::open(address)?;
    let before = process.most_kib()?;
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    let mut content = vec![0_u8; SIZE];
    for number in 0..FILES {
        fill(&mut content, number);
        plain.push(written(&place.join("plain"), &content)?);
        // A file that the portal has already would not be kept twice.
        fill(&mut content, number + FILES);
        connection.send(&lead.get(&path))?;
        let page = connection.receive()?;
        expect(&page, 200)?;
        let fields = [
            ("csrf", hidden(&page, "csrf")?),
            ("once", hidden(&page, "once").unwrap_or_default()),
            ("title", format!("Record {number}")),
            ("classification", "official".to_owned()),
        ];
        let form = form(&path, lead, &fields);
        let begun = Instant::now();
        connection.send(&form.0)?;
        connection.send(&content)?;
        connection.send(&form.1)?;
        expect(&connection.receive()?, 303)?;
        ours.push(begun.elapsed());
    }
    std::fs::remove_file(place.join("plain"))?;
    Ok(Uploads {
        rate: rate(&mut ours),
        plain: rate(&mut plain),
        grown_kib: process.most_kib()?.saturating_sub(before),
    })
}

/// Text in which no two lines are alike, other for each number.
fn fill(content: &mut [u8], number: u64) {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for line in content.chunks_mut(64) {
        for place in line.iter_mut() {
            // Marsaglia's xorshift: quick, and good enough to be different.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *place = b'a' + (state % 26) as u8;
        }
        if let Some(last) = line.last_mut() {
            *last = b'\n';
        }
    }
}

/// Hashes and writes content plainly, and flushes it once.
fn written(file: &Path, content: &[u8]) -> Result<Duration> {
    let begun = Instant::now();
    let mut hash = Sha256::new();
    let mut into = std::fs::File::create(file)?;
    for piece in content.chunks(64 * 1024) {
        hash.update(piece);
        into.write_all(piece)?;
    }
    into.sync_all()?;
    std::hint::black_box(hash.finalize());
    Ok(begun.elapsed())
}

/// The request up to the file, and what comes after it.
fn form(path: &str, lead: &Person, fields: &[(&str, String)]) -> (Vec<u8>, Vec<u8>) {
    let multipart::Form { before, after, kind } = multipart::form(fields, "record.txt");
    let length = (before.len() + SIZE + after.len()).to_string();
    let headers = [("cookie", lead.cookie.as_str()), ("content-type", &kind), ("content-length", &length)];
    // A GET without a body has no length of its own, so that ours is the only one.
    let head = request("GET", path, &headers, b"");
    let head = [b"POST".as_slice(), head.strip_prefix(b"GET").unwrap_or_default()].concat();
    ([head, before].concat(), after)
}

/// Megabytes a second of the middle one.
fn rate(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).map_or(f64::INFINITY, Duration::as_secs_f64);
    SIZE as f64 / 1e6 / middle
}
