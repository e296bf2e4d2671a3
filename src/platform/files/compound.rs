//! Compound documents taken apart: the sectors of one of their streams, in order. Everything that a document says about
//! itself may be a lie, so every chain ends after as many sectors as there are.

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};

/// Bytes of the header, and of an entry of the list of streams.
const HEADER: u64 = 512;
const ENTRY: usize = 128;
/// Sectors with numbers from here on are marks, such as the end of a chain.
const MARKS: u32 = 0xFFFF_FFFA;
/// Bytes of the small sectors that short streams are kept in.
const SMALL: u64 = 64;
/// Places of the table of sectors that the header itself names.
const IN_HEADER: usize = 109;
/// The most bytes of all tables together: those of a document of several hundred megabytes.
const TABLES: usize = 8 * 1024 * 1024;

/// A compound document.
pub(super) struct Compound<R> {
    content: R,
    sector: u64,
    /// The sector after each sector.
    next: Vec<u32>,
    /// The small sector after each small sector.
    next_small: Vec<u32>,
    /// The sectors that hold the small ones.
    small: Vec<u32>,
    /// Streams shorter than this lie in small sectors.
    cutoff: u64,
    entries: Vec<Entry>,
}

/// A stream or storage of a document.
struct Entry {
    name: String,
    start: u32,
    size: u64,
    kind: u8,
}

fn damaged() -> Error {
    Error::from(ErrorKind::InvalidData)
}

fn short(bytes: &[u8], at: usize) -> Result<u16> {
    let part = bytes.get(at..at + 2).and_then(|part| part.try_into().ok());
    part.map(u16::from_le_bytes).ok_or_else(damaged)
}

fn long(bytes: &[u8], at: usize) -> Result<u32> {
    let part = bytes.get(at..at + 4).and_then(|part| part.try_into().ok());
    part.map(u32::from_le_bytes).ok_or_else(damaged)
}

fn longs(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|part| part.try_into().ok()).map(u32::from_le_bytes).collect()
}

impl<R: Read + Seek> Compound<R> {
    /// Reads the tables of a document.
    pub fn open(mut content: R) -> Result<Self> {
        let mut header = vec![0; HEADER as usize];
        content.seek(SeekFrom::Start(0))?;
        content.read_exact(&mut header)?;
        let sector = match short(&header, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(damaged()),
        };
        let cutoff = u64::from(long(&header, 56)?);
        let mut this = Self {
            content,
            sector,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            cutoff,
            entries: Vec::new(),
        };
        this.read_table(&header)?;
        let list = this.gathered(long(&header, 48)?)?;
        this.entries = list.chunks_exact(ENTRY).map(entry).collect::<Result<_>>()?;
        let table = this.gathered(long(&header, 60)?)?;
        this.next_small = longs(&table);
        if let Some(root) = this.entries.iter().find(|entry| entry.kind == 5) {
            this.small = this.chain(root.start)?;
        }
        Ok(this)
    }

    /// Reads the table of sectors: from those that the header names, and from those that a chain of lists names.
    fn read_table(&mut self, header: &[u8]) -> Result<()> {
        let mut parts = longs(header.get(76..).unwrap_or_default());
        parts.truncate(IN_HEADER);
        let (mut list, mut left) = (long(header, 68)?, long(header, 72)?);
        while list < MARKS && left > 0 {
            let mut named = longs(&self.sector_at(list)?);
            list = named.pop().ok_or_else(damaged)?;
            parts.extend(named);
            left -= 1;
            self.must_fit(parts.len() * 4)?;
        }
        for part in parts.into_iter().filter(|part| *part < MARKS) {
            let table = longs(&self.sector_at(part)?);
            self.next.extend(table);
            self.must_fit(self.next.len() * 4)?;
        }
        Ok(())
    }

    fn must_fit(&self, bytes: usize) -> Result<()> {
        if bytes > TABLES { Err(damaged()) } else { Ok(()) }
    }

    fn sector_at(&mut self, number: u32) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(self.sector).map_err(Error::other)?];
        self.content.seek(SeekFrom::Start((u64::from(number) + 1) * self.sector))?;
        // The last one may be cut short.
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.content.read(rest)? {
                0 if filled == 0 => return Err(damaged()),
                0 => break,
                read => filled += read,
            }
        }
        Ok(bytes)
    }

    fn chain(&self, start: u32) -> Result<Vec<u32>> {
        chain(&self.next, start)
    }

    /// Everything in a chain that is a table.
    fn gathered(&mut self, start: u32) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for number in self.chain(start)? {
            bytes.extend(self.sector_at(number)?);
            self.must_fit(bytes.len())?;
        }
        Ok(bytes)
    }

    /// How many streams are of this name, in whichever storage.
    pub fn places_of(&self, name: &str) -> Vec<usize> {
        let named = |entry: &Entry| entry.kind == 2 && entry.name == name;
        self.entries.iter().enumerate().filter(|(_, entry)| named(entry)).map(|(place, _)| place).collect()
    }

    /// The content of the stream at a place.
    pub fn stream(&mut self, place: usize) -> Result<Stream<'_, R>> {
        let entry = self.entries.get(place).ok_or_else(damaged)?;
        let (start, size) = (entry.start, entry.size);
        let is_small = size < self.cutoff;
        let sectors = if is_small { chain(&self.next_small, start)? } else { self.chain(start)? };
        Ok(Stream { of: self, sectors: sectors.into_iter(), is_small, left: size, piece: Vec::new(), at: 0 })
    }

    fn small_at(&mut self, number: u32) -> Result<Vec<u8>> {
        let at = u64::from(number) * SMALL;
        let holder = usize::try_from(at / self.sector).map_err(Error::other)?;
        let holder = *self.small.get(holder).ok_or_else(damaged)?;
        let from = usize::try_from(at % self.sector).map_err(Error::other)?;
        let sector = self.sector_at(holder)?;
        sector.get(from..from + SMALL as usize).map(<[u8]>::to_vec).ok_or_else(damaged)
    }
}

fn chain(next: &[u32], start: u32) -> Result<Vec<u32>> {
    let (mut sectors, mut at) = (Vec::new(), start);
    while at < MARKS {
        if sectors.len() >= next.len() {
            return Err(damaged());
        }
        sectors.push(at);
        at = usize::try_from(at).ok().and_then(|at| next.get(at)).copied().ok_or_else(damaged)?;
    }
    Ok(sectors)
}

fn entry(bytes: &[u8]) -> Result<Entry> {
    let letters = bytes.chunks_exact(2).take(32).filter_map(|pair| pair.try_into().ok());
    let name: Vec<u16> = letters.map(u16::from_le_bytes).collect();
    let name = String::from_utf16_lossy(name.split(|letter| *letter == 0).next().unwrap_or_default());
    let kind = bytes.get(66).copied().ok_or_else(damaged)?;
    Ok(Entry { name, start: long(bytes, 116)?, size: u64::from(long(bytes, 120)?), kind })
}

/// A stream as it is read.
pub(super) struct Stream<'a, R> {
    of: &'a mut Compound<R>,
    sectors: std::vec::IntoIter<u32>,
    is_small: bool,
    left: u64,
    piece: Vec<u8>,
    at: usize,
}

impl<R: Read + Seek> Read for Stream<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.at >= self.piece.len() {
            let Some(next) = self.sectors.next().filter(|_| self.left > 0) else { return Ok(0) };
            self.piece = if self.is_small { self.of.small_at(next)? } else { self.of.sector_at(next)? };
            self.piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.left -= self.piece.len() as u64;
            self.at = 0;
        }
        let read = self.piece.get(self.at..).unwrap_or_default().read(into)?;
        self.at += read;
        Ok(read)
    }
}
