//! Presentations made here, byte by byte: short ones that lie in small sectors, and long ones in scattered sectors.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;
use crate::platform::error::Error;
use crate::platform::files::ole::look;

const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;
const TABLE: u32 = 0xFFFF_FFFD;

fn record(holds: bool, instance: u16, kind: u16, content: &[u8]) -> Vec<u8> {
    let first = (instance << 4) | if holds { 0xF } else { 0 };
    let mut bytes = first.to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    bytes.extend(content);
    bytes
}

fn listed(name: &str, kind: u8, start: u32, size: usize) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry.resize(128, 0);
    entry[66] = kind;
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
    entry
}

fn sector(numbers: &[u32]) -> Vec<u8> {
    let mut bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    bytes.resize(512, 0xFF);
    bytes
}

/// A compound document with one stream. Sectors: 0 the table, 1 the list, 2 the small table, 3 and on the stream, the
/// long ones last sector first.
fn document(name: &str, stream: &[u8]) -> Vec<u8> {
    let small = stream.len() < 4096;
    let count = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let mut header = vec![0; 76];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[30..32].copy_from_slice(&9_u16.to_le_bytes());
    header[32..34].copy_from_slice(&6_u16.to_le_bytes());
    for (at, value) in [(44, 1), (48, 1), (56, 4096), (60, 2), (64, 1), (68, END)] {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    header.extend(sector(&[0]));
    header.truncate(512);
    let mut table = vec![TABLE, END, END];
    let mut sectors: Vec<Vec<u8>> = stream.chunks(512).map(<[u8]>::to_vec).collect();
    if small {
        table.extend((1..count).map(|n| n + 3).chain([END]));
    } else {
        // Backwards: the first sector of the stream is the last of the file.
        table.extend([END].into_iter().chain((0..count - 1).map(|n| n + 3)));
        let length = sectors.len();
        sectors[length - 1].resize(512, 0);
        sectors.reverse();
    }
    let start = if small { 0 } else { count + 2 };
    let root = if small { 3 } else { END };
    let list = [
        listed("Root Entry", 5, root, if small { stream.len() } else { 0 }),
        listed(name, 2, start, stream.len()),
        vec![0; 256],
    ]
    .concat();
    let smalls = u32::try_from(stream.len().div_ceil(64)).unwrap();
    let small_table: Vec<u32> = if small { (1..smalls).chain([END]).collect() } else { vec![FREE] };
    let mut bytes = header;
    for part in [sector(&table), list, sector(&small_table), sectors.concat()] {
        bytes.extend(part);
    }
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut writer = ZlibEncoder::new(Vec::new(), Compression::default());
    writer.write_all(content).unwrap();
    let mut bytes = u32::try_from(content.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(writer.finish().unwrap());
    bytes
}

/// Slides of so many bytes, then whatever follows them.
fn slides(bytes: usize, more: &[u8]) -> Vec<u8> {
    let text = record(false, 0, 0x0FA0, &vec![b'x'; bytes]);
    [record(true, 0, 0x03E8, &record(true, 0, 0x0FF0, &text)), more.to_vec()].concat()
}

fn refused(document: Vec<u8>) -> String {
    match look(Cursor::new(document)) {
        Err(Error::Unsupported(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn presentations_without_macros_are_accepted() {
    for bytes in [10, 3000, 5000, 40_000] {
        let embedded = record(false, 1, DOCUMENT, &packed(&document("Workbook", &[1; 900])));
        let about = record(true, 1, 0x03FF, &record(false, 0, ABOUT_MACROS, &[0; 12]));
        let plain = document(STREAM, &slides(bytes, &[embedded, about].concat()));
        assert_eq!(look(Cursor::new(plain)).unwrap(), "application/vnd.ms-powerpoint", "{bytes}");
    }
}

#[test]
fn a_packed_project_is_found_wherever_its_sectors_lie() {
    let project = document("_VBA_PROJECT", &[7; 900]);
    for bytes in [10, 490, 5000, 40_000] {
        for record in [record(false, 1, DOCUMENT, &packed(&project)), record(false, 0, DOCUMENT, &project)] {
            let why = refused(document(STREAM, &slides(bytes, &record)));
            assert!(why.contains("contains macros"), "{bytes}: {why}");
        }
    }
}

#[test]
fn a_presentation_that_says_so_has_macros() {
    let mut about = 5_u32.to_le_bytes().to_vec();
    about.extend(1_u32.to_le_bytes());
    about.extend(2_u32.to_le_bytes());
    let inside = record(true, 1, 0x03FF, &record(false, 0, ABOUT_MACROS, &about));
    let why = refused(document(STREAM, &slides(700, &record(true, 0, 0x07D0, &inside))));
    assert!(why.contains("contains macros"), "{why}");
}

#[test]
fn what_is_no_row_of_records_is_refused() {
    for broken in [vec![1, 2, 3], record(false, 0, 0x0FA0, &[1; 50])[..40].to_vec(), vec![0x55; 6000]] {
        let why = refused(document(STREAM, &broken));
        assert!(why.contains("damaged"), "{why}");
    }
    // A chain that runs in a circle ends all the same.
    let mut circle = document(STREAM, &slides(5000, &[]));
    let last = circle[512 + 4 * 3..512 + 4 * 4].to_vec();
    assert_eq!(last, END.to_le_bytes());
    circle[512 + 4 * 3..512 + 4 * 4].copy_from_slice(&5_u32.to_le_bytes());
    assert!(refused(circle).contains("damaged"));
}
