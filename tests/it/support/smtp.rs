//! A mail server on the loopback that ends each mail as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What the server does when it has read a whole mail.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// Says that it has it.
    Take,
    /// Says that it may take it another time.
    NotNow,
    /// Has it, and is gone before it has said so.
    Vanish,
}

#[derive(Debug, Default)]
struct State {
    told: Mutex<VecDeque<Then>>,
    got: Mutex<Vec<String>>,
    stopping: AtomicBool,
}

/// The server; it stops when it is dropped.
#[derive(Debug)]
pub struct MailServer {
    at: SocketAddr,
    state: Arc<State>,
    worker: Option<JoinHandle<()>>,
}

impl MailServer {
    /// On a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let of = Arc::clone(&state);
        let worker = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if of.stopping.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, of) = (stream.unwrap(), Arc::clone(&of));
                // A client that goes away in the middle ends its conversation and nothing else.
                std::thread::spawn(move || converse(&stream, &of).ok());
            }
        });
        Self { at, state, worker: Some(worker) }
    }

    /// Where it listens, as the setting says it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.at)
    }

    /// How the next mails end; those after them are taken.
    pub fn will(&self, all: &[Then]) {
        self.state.told.lock().unwrap().extend(all);
    }

    /// The mails that it has, whatever it said.
    pub fn got(&self) -> Vec<String> {
        self.state.got.lock().unwrap().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.at));
        if let Some(worker) = self.worker.take() {
            worker.join().unwrap();
        }
    }
}

fn converse(stream: &TcpStream, state: &State) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    writer.write_all(b"220 mail.example\r\n")?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                let mail = body(&mut reader)?;
                let then = state.told.lock().unwrap().pop_front().unwrap_or(Then::Take);
                if !matches!(then, Then::NotNow) {
                    state.got.lock().unwrap().push(mail);
                }
                match then {
                    Then::Take => writer.write_all(b"250 taken\r\n")?,
                    Then::NotNow => writer.write_all(b"451 not now\r\n")?,
                    Then::Vanish => return stream.shutdown(Shutdown::Both),
                }
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n"),
            _ => writer.write_all(b"250 yes\r\n")?,
        }
        line.clear();
    }
    Ok(())
}

fn body(reader: &mut impl BufRead) -> std::io::Result<String> {
    let (mut all, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line)? > 0 && line != ".\r\n" {
        all.push_str(&line);
        line.clear();
    }
    Ok(all)
}
