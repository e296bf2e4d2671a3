//! The malware scanner: clamd's INSTREAM over TCP, bounded in time. Whatever is not a clear verdict is none.

use std::io::{ErrorKind, Read, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// Bytes sent at once.
const PIECE: usize = 64 * 1024;
/// The longest answer that is read.
const ANSWER: usize = 4096;
/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Where a scanner listens, and how long one file may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    address: String,
    limit: Duration,
}

/// What the scanner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Clean,
    /// The signature of this name.
    Infected(String),
}

impl Scanner {
    /// The scanner at `tcp://HOST:PORT`.
    ///
    /// # Errors
    /// What the address must look like.
    pub fn at(url: &str, seconds: u64) -> Result<Self, String> {
        let wrong = || format!("\"{url}\" must be tcp://HOST:PORT");
        let address = url.strip_prefix("tcp://").ok_or_else(wrong)?;
        let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
        if host.is_empty() || port.parse::<u16>().is_err() {
            return Err(wrong());
        }
        Ok(Self { address: address.to_owned(), limit: Duration::from_secs(seconds) })
    }

    /// Has content scanned.
    ///
    /// # Errors
    /// Why there is no verdict: the scanner is down, too slow, or could not read the content.
    pub fn scan(&self, content: &mut dyn Read) -> Result<Verdict, String> {
        let until = Instant::now() + self.limit;
        let mut stream = self.connect(until)?;
        // A scanner that has had enough answers and hangs up; what it said is still to be read.
        let sent = send(&mut stream, content, until);
        let answer = receive(&mut stream, until);
        match (sent, answer) {
            (_, Ok(answer)) if !answer.is_empty() => verdict(&answer),
            (Err(why), _) | (Ok(()), Err(why)) => Err(why),
            (Ok(()), Ok(_)) => Err("the malware scanner hung up without an answer".to_owned()),
        }
    }

    fn connect(&self, until: Instant) -> Result<TcpStream, String> {
        let failed = |e: std::io::Error| format!("the malware scanner cannot be reached: {e}");
        let addresses: Vec<SocketAddr> = self.address.to_socket_addrs().map_err(failed)?.collect();
        let mut last = "the malware scanner's host has no address".to_owned();
        for address in addresses {
            match TcpStream::connect_timeout(&address, CONNECT.min(left(until)?)) {
                Ok(stream) => return Ok(stream),
                Err(e) => last = failed(e),
            }
        }
        Err(last)
    }
}

/// The time that is left, which is never nought.
fn left(until: Instant) -> Result<Duration, String> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err("the malware scanner took too long".to_owned()) } else { Ok(left) }
}

fn told(doing: &str, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => "the malware scanner took too long".to_owned(),
        _ => format!("{doing} the malware scanner failed: {error}"),
    }
}

fn send(stream: &mut TcpStream, content: &mut dyn Read, until: Instant) -> Result<(), String> {
    let mut write = |bytes: &[u8]| {
        stream.set_write_timeout(Some(left(until)?)).map_err(|e| told("writing to", &e))?;
        stream.write_all(bytes).map_err(|e| told("writing to", &e))
    };
    write(b"zINSTREAM\0")?;
    let mut piece = vec![0_u8; PIECE];
    loop {
        let read = match content.read(&mut piece) {
            Ok(0) => return write(&0_u32.to_be_bytes()),
            Ok(read) => read,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(format!("the file cannot be read: {e}")),
        };
        write(&u32::try_from(read).unwrap_or_default().to_be_bytes())?;
        write(piece.get(..read).unwrap_or_default())?;
    }
}

fn receive(stream: &mut TcpStream, until: Instant) -> Result<String, String> {
    let mut answer = Vec::new();
    let mut piece = [0_u8; 512];
    while answer.len() < ANSWER && !answer.contains(&0) {
        stream.set_read_timeout(Some(left(until)?)).map_err(|e| told("reading from", &e))?;
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(piece.get(..read).unwrap_or_default()),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(told("reading from", &e)),
        }
    }
    let text = answer.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(text).trim().to_owned())
}

fn verdict(answer: &str) -> Result<Verdict, String> {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    if said == "OK" {
        return Ok(Verdict::Clean);
    }
    match said.strip_suffix(" FOUND").map(str::trim) {
        Some(name) if !name.is_empty() => Ok(Verdict::Infected(name.to_owned())),
        _ => Err(format!("the malware scanner said: {answer}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_answers_are_verdicts() {
        assert_eq!(verdict("stream: OK"), Ok(Verdict::Clean));
        assert_eq!(verdict("stream: Test.Sig-1 FOUND"), Ok(Verdict::Infected("Test.Sig-1".to_owned())));
        for answer in ["", "OKAY", "stream: ", "FOUND", "INSTREAM size limit exceeded. ERROR", "stream: x OK"]
        {
            assert!(verdict(answer).is_err(), "{answer}");
        }
    }

    #[test]
    fn addresses_are_read_or_refused() {
        assert!(Scanner::at("tcp://127.0.0.1:3310", 1).is_ok() && Scanner::at("tcp://[::1]:3310", 1).is_ok());
        for wrong in ["", "127.0.0.1:3310", "tcp://:3310", "tcp://host", "tcp://host:many", "unix:/run/clamd"]
        {
            assert!(Scanner::at(wrong, 1).is_err(), "{wrong}");
        }
    }
}
