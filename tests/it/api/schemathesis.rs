//! A search for faults by schemathesis against a server that really listens: everything the description allows, and
//! much that it does not, with every check on. The same requests in every run, and a bounded number of them.

use std::process::{Command, Output};

use super::found::release;
use super::programme::Programme;
use crate::on_both;
use crate::source::root;
use crate::support::World;
use crate::tools::tool;

on_both!(schemathesis_finds_no_fault);

/// Test cases for each operation in each phase.
const EXAMPLES: &str = "15";

async fn schemathesis_finds_no_fault(world: World) {
    let Some(program) = tool("PORTAL_TEST_SCHEMATHESIS") else { return };
    let release = release(&world);
    let programme = Programme::begin(&world);
    let listening = portal::cli::listen(&world.parts).unwrap();
    let (server, address) = (listening.server, listening.address);
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    let folder = world.folder().to_owned();
    let config = std::fs::read_to_string(root().join("scripts/api/schemathesis.toml"))
        .unwrap()
        .replace("RELEASE", &release);
    std::fs::write(folder.join("schemathesis.toml"), config).unwrap();
    let token = programme.lead.clone();
    let output: Output = actix_web::web::block(move || {
        Command::new(program)
            .current_dir(&folder)
            .args(["--no-color", "--config-file", "schemathesis.toml", "run"])
            .arg(format!("http://{address}/api/openapi.json"))
            .args(["--header", &format!("Authorization: Bearer {token}")])
            .args(["--checks", "all", "--max-examples", EXAMPLES, "--seed", "20260113"])
            .args(["--generation-deterministic", "--workers", "1", "--request-timeout", "20"])
            .arg("--continue-on-failure")
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    handle.stop(true).await;
    serving.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Operations"), "it looked at something:\n{said}");
    world.settle();
}
