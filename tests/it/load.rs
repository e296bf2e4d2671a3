//! Proves the load generator of `benches/load` against servers whose behaviour is known, so that its figures can be believed.

#[path = "../../benches/load/driver/mod.rs"]
mod driver;

use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use driver::Result;
use driver::fsync::Counter;
use driver::http::{Connection, Response, request};
use driver::process::Process;
use driver::report::{Row, table};
use driver::run::{Client, Outcome, Plan, Same, Watch, percentile, run};

/// A server on a thread of its own, for as long as the test runs. Gives its address and how many requests `/count` saw.
fn given_a_small_server() -> (SocketAddr, Arc<AtomicU64>) {
    let count = Arc::new(AtomicU64::new(0));
    let seen = count.clone();
    let (told, address) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let seen = seen.clone();
                App::new()
                    .route("/slow", web::get().to(slow))
                    .route("/stream", web::get().to(stream))
                    .route("/echo", web::post().to(echo))
                    .route(
                        "/count",
                        web::get().to(move || {
                            seen.fetch_add(1, Ordering::SeqCst);
                            async { HttpResponse::Ok().body("counted") }
                        }),
                    )
            });
            let server = server.workers(2).bind(("127.0.0.1", 0)).expect("bind a free port");
            told.send(server.addrs()[0]).expect("tell the address");
            server.run().await.expect("serve");
        });
    });
    (address.recv().expect("the server's address"), count)
}

async fn slow() -> HttpResponse {
    actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    HttpResponse::Ok().body("slow")
}

async fn stream() -> HttpResponse {
    let parts = ["one, ", "two, ", "three"].map(|part| Ok::<_, actix_web::Error>(web::Bytes::from(part)));
    HttpResponse::Ok().streaming(futures_util::stream::iter(parts))
}

async fn echo(request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let who = request
        .headers()
        .get("cookie")
        .map_or(String::new(), |value| value.to_str().unwrap_or("?").to_owned());
    HttpResponse::Created().insert_header(("X-Who", who)).body(body)
}

fn short(connections: usize) -> Plan {
    Plan {
        warm_up: Duration::from_millis(100),
        measured: Duration::from_millis(600),
        ..Plan::new(connections, Duration::ZERO)
    }
}

#[test]
fn answers_are_read_whole_whatever_their_form() {
    let (address, _) = given_a_small_server();
    let mut connection = Connection::open(address).expect("connect");
    let post = request("POST", "/echo", &[("cookie", "who=me")], b"some words");
    // Three at once, and the connection is kept between them.
    connection.send(&[post.as_slice(), &request("GET", "/stream", &[], b""), &post].concat()).expect("send");
    for _ in 0..2 {
        let answer = connection.receive().expect("an answer");
        assert_eq!((answer.status, answer.body), (201, b"some words".as_slice()));
        assert_eq!(answer.header("x-who"), Some("who=me"));
        if let Ok(streamed) = connection.receive() {
            assert_eq!((streamed.status, streamed.body), (200, b"one, two, three".as_slice()));
            assert_eq!(streamed.header("content-length"), None);
        }
        connection.send(&request("GET", "/stream", &[], b"")).expect("send");
    }
    connection.send(&request("GET", "/nowhere", &[], b"")).expect("send");
    let streamed = connection.receive().expect("the streamed answer");
    assert_eq!(streamed.body, b"one, two, three");
    assert_eq!(connection.receive().expect("the last answer").status, 404);
}

#[test]
fn only_this_machine_is_driven() {
    let elsewhere: SocketAddr = "192.0.2.1:80".parse().expect("an address");
    assert!(Connection::open(elsewhere).is_err());
}

#[test]
fn every_answer_is_counted_and_the_servers_delay_is_seen() {
    let (address, count) = given_a_small_server();
    let counted = request("GET", "/count", &[], b"");
    let outcome =
        run(address, short(4), Watch::default(), |_| Ok(Same::new(counted.clone()))).expect("a run");
    assert!(outcome.requests > 0 && outcome.requests <= count.load(Ordering::SeqCst), "{outcome:?}");
    assert!(outcome.p50 <= outcome.p95 && outcome.p95 <= outcome.p99, "{outcome:?}");

    let slow = request("GET", "/slow", &[], b"");
    let outcome = run(address, short(4), Watch::default(), |_| Ok(Same::new(slow.clone()))).expect("a run");
    assert!(outcome.p50 >= 20_000, "answers took 20 ms each: {outcome:?}");
    assert!(
        outcome.rate() <= 4.0 / 0.020 * 1.2,
        "four connections cannot do more than 200 a second: {outcome:?}"
    );
}

#[test]
fn several_requests_may_be_on_their_way_at_once() {
    let (address, _) = given_a_small_server();
    let counted = request("GET", "/count", &[], b"");
    let plan = Plan { depth: 8, ..short(1) };
    let outcome = run(address, plan, Watch::default(), |_| Ok(Same::new(counted.clone()))).expect("a run");
    assert!(outcome.requests >= 8, "{outcome:?}");
}

/// Somebody who says a number that grows with each answer, as a save must name the version it saw.
struct Growing {
    cookie: String,
    version: u64,
}

impl Client for Growing {
    fn ask(&mut self, out: &mut Vec<u8>) {
        let body = self.version.to_string();
        out.extend(request("POST", "/echo", &[("cookie", &self.cookie)], body.as_bytes()));
    }

    fn answered(&mut self, response: Response<'_>) -> Result<()> {
        if response.header("x-who") != Some(&self.cookie) {
            return Err("the answer is somebody else's".into());
        }
        let seen: u64 = std::str::from_utf8(response.body)?.parse()?;
        self.version = seen + 1;
        Ok(())
    }
}

#[test]
fn each_connection_is_somebody_of_its_own_and_learns_from_answers() {
    let (address, _) = given_a_small_server();
    let client = |number| Ok(Growing { cookie: format!("who={number}"), version: 0 });
    let outcome = run(address, short(8), Watch::default(), client).expect("a run");
    assert!(outcome.requests > 8, "{outcome:?}");
}

#[test]
fn a_wrong_answer_ends_the_run() {
    let (address, _) = given_a_small_server();
    let missing = request("GET", "/nowhere", &[], b"");
    let error =
        run(address, short(2), Watch::default(), |_| Ok(Same::new(missing.clone()))).expect_err("404s");
    assert!(error.to_string().contains("404 instead of 200"), "{error}");
}

#[test]
fn a_processs_time_and_memory_are_read() {
    let process = Process::watch(std::process::id());
    let before = process.cpu_time().expect("its time");
    let mut number = 1_u64;
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_millis(400) {
        number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    let spent = process.cpu_time().expect("its time") - before;
    // Other tests may have the cores, so less than half of the time may have been ours.
    assert!(spent >= Duration::from_millis(100), "{spent:?}");

    let before = process.pss_kib().expect("its memory");
    let block = std::hint::black_box(vec![1_u8; 32 << 20]);
    let after = process.pss_kib().expect("its memory");
    let of_files = process.pss_of_files_kib().expect("its memory");
    assert!(of_files > 0 && of_files < before, "a part of {before} mirrors the program: {of_files}");
    let most = process.most_kib().expect("its memory");
    assert!(most >= after, "never more than {most} KiB, and now {after}");
    assert!(after >= before + 30 * 1024, "32 MiB more: {before} KiB, then {after} KiB");
    drop(block);
}

#[test]
fn a_process_is_started_watched_and_ended() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo starting; echo 'ready: http://here'; exec sleep 60"]);
    let (process, rest, took) = Process::start(&mut command, "ready: ").expect("it starts");
    assert_eq!(rest, "http://here");
    assert!(took < Duration::from_secs(10));
    let stat = format!("/proc/{}", process.pid());
    assert!(std::path::Path::new(&stat).exists());
    drop(process);
    assert!(!std::path::Path::new(&stat).exists(), "the process is still there");
    assert!(Process::start(Command::new("sh").args(["-c", "echo no"]), "ready: ").is_err());
}

#[test]
fn a_command_is_watched_to_its_end() {
    let script = "echo one; sleep 0.1; text=$(head -c 30000000 /dev/zero | tr '\\0' a); sleep 0.2; echo two";
    let ended = Process::run(Command::new("sh").args(["-c", script])).expect("it runs");
    let [(first, one), (second, two)] = ended.lines.as_slice() else { panic!("{ended:?}") };
    assert_eq!((one.as_str(), two.as_str()), ("one", "two"));
    assert!(*second >= *first + Duration::from_millis(300) && ended.took >= *second, "{ended:?}");
    assert!(ended.most_kib >= 30_000_000 / 1024, "the text alone is larger: {ended:?}");
    assert!(Process::run(Command::new("sh").args(["-c", "sleep 0.05; exit 3"])).is_err());
}

#[test]
fn fsyncs_are_counted_exactly() {
    let folder = tempfile::tempdir().expect("make a folder");
    let counter = Counter::build(folder.path()).expect("build the counter");
    let target = folder.path().join("target");
    for (options, expected) in [(vec![], 1), (vec!["--data"], 2)] {
        std::fs::write(&target, "words").expect("write");
        let mut command = Command::new("sync");
        command.args(options).arg(&target);
        counter.attach(&mut command);
        assert!(command.status().expect("run sync").success());
        assert_eq!(counter.count().expect("the count"), expected);
    }
}

#[test]
fn percentiles_are_by_nearest_rank() {
    let hundred: Vec<u32> = (1..=100).collect();
    assert_eq!([50, 95, 99].map(|percent| percentile(&hundred, percent)), [50, 95, 99]);
    assert_eq!([50, 99].map(|percent| percentile(&[7], percent)), [7, 7]);
    assert_eq!(percentile(&[1, 2, 3], 50), 2);
}

#[test]
fn the_table_is_markdown() {
    let outcome = Outcome {
        requests: 24_691,
        seconds: 2.0,
        p50: 80,
        p95: 1234,
        p99: 20_000,
        cpu_ms: Some(0.0417),
        fsyncs: None,
        pss_kib: Some(51_200),
    };
    let text = table(&[Row { name: "a page".to_owned(), connections: 16, outcome }]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[2], "| a page | 16 | 12,346 | 0.08 | 1.23 | 20.00 | 0.042 | - | 50.0 |");
    let columns = |line: &str| line.matches('|').count();
    assert!(lines.iter().all(|line| columns(line) == columns(lines[0])));
}
