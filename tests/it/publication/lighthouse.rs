//! Lighthouse's verdict on the public pages, in a real browser before a real server. How fast a page was depends on the
//! machine and is printed only; the other three scores do not, and have to be whole.

use std::process::Command;

use portal::publication::Source;
use serde_json::Value;

use super::given::Return;
use crate::support::World;
use crate::tools::tool;

#[test]
fn lighthouse_finds_nothing_to_mend() {
    let (Some(_), Some(audit)) = (tool("PORTAL_TEST_CHROMIUM"), tool("PORTAL_TEST_LIGHTHOUSE")) else {
        return;
    };
    let world = World::sqlite();
    world.now_in_earnest();
    let collected = world.collected("2026", None);
    for number in 0..9_u8 {
        let sector = if number < 6 { "nhs_trust" } else { "gp" };
        let id = world.organisation(&format!("R{number:02}"), &format!("Trust {number}"), sector);
        world.submitted(collected, Return { level: number % 3, ..Return::of(id) });
    }
    let key = world.published(Source::Collection("2026".to_owned()));
    let served = world.serve();
    let pages = ["/", "/public/organisations/R01"].map(str::to_owned);
    let addresses: Vec<String> = pages
        .into_iter()
        .chain([format!("/public/releases/{key}")])
        .map(|path| served.base() + &path)
        .collect();
    let output = Command::new("node")
        .arg(audit)
        .args(&addresses)
        .output()
        .unwrap_or_else(|error| panic!("failed to run node: {error}"));
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    let printed = String::from_utf8(output.stdout).unwrap();
    println!("{printed}");
    let verdicts: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), addresses.len(), "{printed}");
    for verdict in verdicts {
        assert_eq!(verdict["error"], "", "{verdict}");
        for category in ["accessibility", "best-practices", "seo"] {
            assert_eq!(verdict["scores"][category], 100, "{category}: {verdict}");
        }
        assert!(verdict["scores"]["performance"].is_number(), "{verdict}");
        let bytes = verdict["bytes"].as_f64().unwrap();
        assert!(bytes > 1_000.0 && bytes <= 60_000.0, "{bytes} bytes: {verdict}");
    }
}
