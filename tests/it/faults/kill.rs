//! Killed at any moment, the real binary has every save that it acknowledged when it comes back, and its ledger agrees.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use diesel::prelude::*;
use portal::schema::{annual_return, answer, answer_version};
use serde_json::json;

use crate::on_both;
use crate::support::served::Served;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(no_acknowledged_save_is_lost);

/// How often the process is killed.
const KILLS: u64 = 10;
/// Clients that save at once, each for its own trust.
const CLIENTS: usize = 6;

/// One trust's program, which saves number after number over its answer.
struct Client {
    trust: Trust,
    token: String,
    /// The last number that was acknowledged, with its version.
    acknowledged: u64,
    /// The last number that was sent; the process may have died with or without it.
    sent: u64,
}

async fn no_acknowledged_save_is_lost(world: World) {
    world.now_in_earnest();
    let mut clients = Vec::new();
    let edition = world.edition(&levels("sample-2026", 3));
    let day = |days: i64| format!("{} 00:00", world.now().plus_seconds(days * 86_400).london_day());
    let times = [day(-1), day(30), day(40)];
    world.collection("2026", edition, times.each_ref().map(String::as_str));
    for n in 0..CLIENTS {
        let trust = world.trust(&format!("ZZ{n:03}"));
        world.started(&trust, "2026");
        let token = world.api_token(&format!("Lead ZZ{n:03}"), "load", 1);
        clients.push(Client { trust, token, acknowledged: 0, sent: 0 });
    }
    let mut served = world.serve();
    for kill in 0..KILLS {
        load_then_kill(&mut served, &mut clients, Duration::from_millis(60 + kill * 97 % 500));
        served.restart();
        for client in &mut clients {
            let (version, comment) = client.read(&served);
            let number: u64 = comment.parse().unwrap_or(0);
            assert!(
                (client.acknowledged..=client.sent).contains(&number),
                "after kill {kill}: {number} stands for {}, {} was acknowledged and {} sent",
                client.trust.code,
                client.acknowledged,
                client.sent
            );
            // What was sent and not acknowledged may stand; saving goes on from there.
            (client.acknowledged, client.sent) = (number, number.max(client.sent));
            assert!(version >= i64::try_from(number).unwrap_or(0).min(1));
        }
    }
    let total: u64 = clients.iter().map(|client| client.acknowledged).sum();
    assert!(total > KILLS * CLIENTS as u64, "only {total} saves: the load was none");
    println!("{total} saves over {KILLS} kills");
    served.stop();
    let environment = served.environment();
    let verified =
        Command::new(env!("CARGO_BIN_EXE_portal")).arg("verify").envs(environment).output().unwrap();
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{told}{}", String::from_utf8_lossy(&verified.stderr));
    every_version_is_there(&served.world(), &clients);
}

/// Saves from every client at once, and kills the process in the middle.
fn load_then_kill(served: &mut Served, clients: &mut [Client], after: Duration) {
    let acknowledged: Mutex<BTreeMap<usize, (u64, u64)>> = Mutex::default();
    let down = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for (n, client) in clients.iter().enumerate() {
            let (served, acknowledged, down) = (served.address(), &acknowledged, &down);
            scope.spawn(move || {
                let done = client.save_until(&served, down);
                acknowledged.lock().unwrap().insert(n, done);
            });
        }
        std::thread::sleep(after);
        served.kill_9();
        down.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    for (n, (acknowledged, sent)) in acknowledged.into_inner().unwrap() {
        (clients[n].acknowledged, clients[n].sent) = (acknowledged, sent);
    }
}

impl Client {
    fn path(&self) -> String {
        format!("/api/v1/organisations/{}/returns/2026/answers/1-1", self.trust.code)
    }

    fn bearer(&self) -> (&'static str, String) {
        ("authorization", format!("Bearer {}", self.token))
    }

    /// Version and comment as they stand.
    fn read(&self, served: &Served) -> (i64, String) {
        let (status, body) = served.address().ask("GET", &self.path(), &[self.bearer()], "").unwrap();
        assert_eq!(status, 200, "{body}");
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        (answer["version"].as_i64().unwrap(), answer["comment"].as_str().unwrap_or_default().to_owned())
    }

    /// Saves the next numbers until nobody answers; gives the last acknowledged and the last sent.
    fn save_until(
        &self,
        served: &crate::support::served::Address,
        down: &std::sync::atomic::AtomicBool,
    ) -> (u64, u64) {
        let (mut acknowledged, mut sent) = (self.acknowledged, self.acknowledged);
        let Some((_, body)) = served.ask("GET", &self.path(), &[self.bearer()], "") else {
            return (acknowledged, self.sent);
        };
        let standing: serde_json::Value = serde_json::from_str(&body).unwrap();
        let mut version = standing["version"].as_i64().unwrap();
        while !down.load(std::sync::atomic::Ordering::SeqCst) {
            sent += 1;
            let wanted =
                json!({"value": {"level": sent % 4}, "comment": sent.to_string(), "finished": false});
            let seen = ("if-match", format!("\"{version}\""));
            let answer = served.ask("PUT", &self.path(), &[self.bearer(), seen], &wanted.to_string());
            let Some((status, body)) = answer else { break };
            assert_eq!(status, 200, "{body}");
            (acknowledged, version) = (sent, version + 1);
        }
        (acknowledged, sent)
    }
}

/// Every number up to the last acknowledged stands in the history once, in order.
fn every_version_is_there(world: &World, clients: &[Client]) {
    for client in clients {
        let organisation = client.trust.id;
        let comments: Vec<String> = world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(answer_version::table
                    .inner_join(answer::table.on(answer::id.eq(answer_version::answer_id)))
                    .inner_join(annual_return::table.on(annual_return::id.eq(answer::return_id)))
                    .filter(annual_return::organisation_id.eq(organisation))
                    .order(answer_version::version)
                    .select(answer_version::comment)
                    .load(conn)?)
            })
            .unwrap();
        let expected: Vec<String> = (1..=client.acknowledged).map(|n| n.to_string()).collect();
        assert_eq!(comments, expected, "{}", client.trust.code);
    }
    world.settle();
}
