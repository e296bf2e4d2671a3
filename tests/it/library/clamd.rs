//! A malware scanner for tests: speaks clamd's INSTREAM on a free port of this machine, well or badly.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What it finds in content that holds these bytes.
pub const MARK: &[u8] = b"X-TEST-MALWARE";
/// The name it gives that.
pub const NAME: &str = "Test.Malware-1";

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As clamd does.
    Well,
    /// Takes the content and says nothing.
    Hangs,
    /// Hangs up in the middle of the content.
    HangsUp,
    /// Says that the content is too large, and hangs up.
    RefusesSize,
}

/// A scanner that ends when it is dropped.
pub struct FakeClamd {
    port: u16,
    manner: Arc<Mutex<Manner>>,
    over: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl FakeClamd {
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (manner, over) = (Arc::new(Mutex::new(Manner::Well)), Arc::new(AtomicBool::new(false)));
        let asked = Arc::new(AtomicUsize::new(0));
        let thread = std::thread::spawn({
            let (manner, over, asked) = (Arc::clone(&manner), Arc::clone(&over), Arc::clone(&asked));
            move || {
                for stream in listener.incoming() {
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                    asked.fetch_add(1, Ordering::SeqCst);
                    let manner = *manner.lock().unwrap();
                    // Who asks may hang up first; that is theirs to tell.
                    answer(stream.unwrap(), manner, &over).unwrap_or_default();
                }
            }
        });
        Self { port, manner, over, asked, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.port)
    }

    pub fn answers(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for FakeClamd {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "the scanner failed");
        }
    }
}

fn answer(mut stream: TcpStream, manner: Manner, over: &AtomicBool) -> std::io::Result<()> {
    let mut command = [0_u8; 10];
    stream.read_exact(&mut command)?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let mut length = [0_u8; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 {
            break;
        }
        let from = content.len();
        content.resize(from + length, 0);
        stream.read_exact(&mut content[from..])?;
        match manner {
            Manner::HangsUp => return Ok(()),
            Manner::RefusesSize => return stream.write_all(b"INSTREAM size limit exceeded. ERROR\0"),
            Manner::Well | Manner::Hangs => {}
        }
    }
    if manner == Manner::Hangs {
        // Until who asks has had enough.
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        while !over.load(Ordering::SeqCst) && !matches!(stream.read(&mut [0]), Ok(0)) {}
        return Ok(());
    }
    let found = content.windows(MARK.len()).any(|part| part == MARK);
    let said = if found { format!("stream: {NAME} FOUND\0") } else { "stream: OK\0".to_owned() };
    stream.write_all(said.as_bytes())
}
