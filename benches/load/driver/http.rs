//! One keep-alive HTTP/1.1 connection, blocking, doing as little work as it can: it shares the cores with the server.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Result;

/// How long an answer may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection, with the bytes read from it that have not been consumed.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    consumed: usize,
    chunks: Vec<u8>,
}

/// One answer, borrowed from the connection until the next.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The header lines, without the status line.
    pub head: &'a str,
    /// The body as it was sent: whole, but perhaps compressed.
    pub body: &'a [u8],
}

impl Response<'_> {
    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.split("\r\n").find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Where the parts of an answer stand in the buffer.
struct Layout {
    status: u16,
    head: std::ops::Range<usize>,
    body: Body,
}

enum Body {
    Sized(std::ops::Range<usize>),
    Chunked,
}

impl Connection {
    /// Connects. The server must be on this machine: this is for loopback only.
    pub fn open(address: SocketAddr) -> Result<Self> {
        if !address.ip().is_loopback() {
            return Err(format!("{address} is not this machine").into());
        }
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024), consumed: 0, chunks: Vec::new() })
    }

    /// Sends whole requests, as many as are in `bytes`.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(bytes)?)
    }

    /// Reads the next answer.
    pub fn receive(&mut self) -> Result<Response<'_>> {
        self.buffer.drain(..self.consumed);
        self.consumed = 0;
        let layout = loop {
            if let Some(layout) = self.head()? {
                break layout;
            }
            self.fill()?;
        };
        if let Body::Sized(range) = &layout.body {
            while self.buffer.len() < range.end {
                self.fill()?;
            }
            self.consumed = range.end;
        } else {
            self.read_chunks(layout.head.end + 4)?;
        }
        let body = match &layout.body {
            Body::Sized(range) => self.buffer.get(range.clone()).unwrap_or_default(),
            Body::Chunked => &self.chunks,
        };
        let head = std::str::from_utf8(self.buffer.get(layout.head).unwrap_or_default())?;
        Ok(Response { status: layout.status, head, body })
    }

    /// The status line and headers, once all of them have arrived.
    fn head(&self) -> Result<Option<Layout>> {
        let Some(end) = find(&self.buffer, b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(self.buffer.get(..end).unwrap_or_default())?;
        let (first, _) = text.split_once("\r\n").unwrap_or((text, ""));
        let status: u16 = first.split(' ').nth(1).unwrap_or_default().parse()?;
        let head = (first.len() + 2).min(end)..end;
        let response = Response { status, head: text.get(head.clone()).unwrap_or_default(), body: &[] };
        let body = match response.header("content-length") {
            Some(length) => Body::Sized(end + 4..end + 4 + length.parse::<usize>()?),
            None if response.header("transfer-encoding").is_some() => Body::Chunked,
            None => Body::Sized(end + 4..end + 4),
        };
        Ok(Some(Layout { status, head, body }))
    }

    /// Puts a chunked body together, from where the headers end.
    fn read_chunks(&mut self, start: usize) -> Result<()> {
        self.chunks.clear();
        let mut at = start;
        loop {
            let line = loop {
                match find(self.buffer.get(at..).unwrap_or_default(), b"\r\n") {
                    Some(length) => break length,
                    None => self.fill()?,
                }
            };
            let size = std::str::from_utf8(self.buffer.get(at..at + line).unwrap_or_default())?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
            let (from, to) = (at + line + 2, at + line + 2 + size);
            while self.buffer.len() < to + 2 {
                self.fill()?;
            }
            self.chunks.extend_from_slice(self.buffer.get(from..to).unwrap_or_default());
            at = to + 2;
            if size == 0 {
                self.consumed = at;
                return Ok(());
            }
        }
    }

    fn fill(&mut self) -> Result<()> {
        let before = self.buffer.len();
        self.buffer.resize(before + 32 * 1024, 0);
        let space = self.buffer.get_mut(before..).unwrap_or_default();
        let read = loop {
            match self.stream.read(space) {
                // A signal, or the machine was held for a moment.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(before + read.as_ref().copied().unwrap_or(0));
        match read? {
            0 => Err("the server closed the connection in the middle of an answer".into()),
            _ => Ok(()),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A request as bytes. `headers` come besides host and, where there is a body, its length.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method != "GET" {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}
