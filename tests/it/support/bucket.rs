//! A real S3 server for one test: moto's, on a free port of this machine, with one bucket and one key that it checks; and
//! a line to it that can be cut.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portal::platform::config::{Hidden, S3};

use crate::tools::{ending_with_us, tool};

/// How long the server may take to start on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_secs(60);
/// Requests that it takes without a key: those below that make one.
const UNCHECKED: &str = "4";

/// A server that ends when it is dropped.
pub struct Bucket {
    child: Child,
    port: u16,
    key: (String, String),
}

impl Bucket {
    /// None, with the reason printed, where there is no such server.
    pub fn start() -> Option<Self> {
        let program = tool("PORTAL_TEST_S3")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let child = ending_with_us(&program)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .env("INITIAL_NO_AUTH_ACTION_COUNT", UNCHECKED)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut this = Self { child, port, key: Default::default() };
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(this.child.try_wait().unwrap().is_none(), "the S3 server ended");
            assert!(begun.elapsed() < STARTS_WITHIN, "the S3 server does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        this.prepare();
        Some(this)
    }

    /// Makes a user who may do everything, a key and a bucket: the requests that need none.
    fn prepare(&mut self) {
        let policy =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        self.ask("POST", "/", "Action=CreateUser&UserName=portal&Version=2010-05-08");
        let attach = format!(
            "Action=PutUserPolicy&UserName=portal&PolicyName=all&PolicyDocument={policy}&Version=2010-05-08"
        );
        self.ask("POST", "/", &attach);
        let made = self.ask("POST", "/", "Action=CreateAccessKey&UserName=portal&Version=2010-05-08");
        let part = |name: &str| {
            let rest = made.split(&format!("<{name}>")).nth(1).unwrap_or_else(|| panic!("no {name}: {made}"));
            rest.split('<').next().unwrap().to_owned()
        };
        self.key = (part("AccessKeyId"), part("SecretAccessKey"));
        self.ask("PUT", "/evidence", "");
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        stream.set_read_timeout(Some(STARTS_WITHIN)).unwrap();
        // Which of its services is meant is told by what a key would be for.
        let service = if method == "POST" { "iam" } else { "s3" };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request, \
             SignedHeaders=host, Signature=x\r\n\r\n{body}",
            self.port,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer
    }

    /// The settings for it.
    pub fn settings(&self) -> S3 {
        self.settings_at(self.port)
    }

    fn settings_at(&self, port: u16) -> S3 {
        S3 {
            bucket: "evidence".to_owned(),
            folder: "portal/files".to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: format!("http://127.0.0.1:{port}"),
            access_key_id: self.key.0.clone(),
            secret_access_key: Hidden(self.key.1.clone()),
            path_style: true,
        }
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map_or_else(|error| eprintln!("the S3 server was not ended: {error}"), drop);
    }
}

/// A line to a server, which carries so many bytes and then nothing more.
pub struct Line {
    port: u16,
    left: Arc<AtomicI64>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Line {
    /// A line that is whole.
    pub fn to(bucket: &Bucket) -> (Self, S3) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (port, to) = (listener.local_addr().unwrap().port(), bucket.port);
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let over = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (left, over) = (Arc::clone(&left), Arc::clone(&over));
            move || {
                for stream in listener.incoming() {
                    if over.load(Ordering::SeqCst) {
                        return;
                    }
                    if left.load(Ordering::SeqCst) > 0 {
                        carry(&stream.unwrap(), to, &left);
                    }
                }
            }
        });
        (Self { port, left, over, thread: Some(thread) }, bucket.settings_at(port))
    }

    /// Carries so many bytes more, both ways together.
    pub fn cut_after(&self, bytes: i64) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// Carries everything again.
    pub fn mend(&self) {
        self.cut_after(i64::MAX);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "the line failed");
        }
    }
}

/// Carries both directions of a connection on threads of their own.
fn carry(near: &TcpStream, to: u16, left: &Arc<AtomicI64>) {
    let far = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).unwrap();
    for (from, into) in [(near, &far), (&far, near)] {
        let (mut from, mut into) = (from.try_clone().unwrap(), into.try_clone().unwrap());
        let left = Arc::clone(left);
        std::thread::spawn(move || {
            let mut piece = [0_u8; 16 * 1024];
            while let Ok(read) = from.read(&mut piece) {
                let rest = left.fetch_sub(i64::try_from(read).unwrap(), Ordering::SeqCst);
                if read == 0 || rest <= 0 || into.write_all(&piece[..read]).is_err() {
                    break;
                }
            }
            // Whichever end is gone already needs no telling.
            into.shutdown(Shutdown::Both).unwrap_or_default();
            from.shutdown(Shutdown::Both).unwrap_or_default();
        });
    }
}
