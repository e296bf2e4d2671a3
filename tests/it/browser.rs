//! The walk through the whole job in a real browser, with JavaScript and without.

mod nation;

use std::path::Path;

use crate::on_both;
use crate::support::{World, everybodys};
use crate::tools::{browse, tool};

on_both!(the_whole_job_with_javascript, the_whole_job_without_javascript);

async fn the_whole_job_with_javascript(world: World) {
    walk(world, &[]);
}

async fn the_whole_job_without_javascript(world: World) {
    walk(world, &["--no-script"]);
}

/// Serves a nation in the middle of its year and sends its people through the job. Pages are the same on both databases, so
/// only the walks on SQLite also look at each, wide and narrow, with axe, and keep pictures, beside what was built, in a
/// folder named after the test.
fn walk(world: World, options: &[&str]) {
    if tool("PORTAL_TEST_CHROMIUM").is_none() {
        return;
    }
    let mut facts = nation::a_year_under_way(&world);
    let before = verified(&world);
    let served = world.serve();
    facts["mails"] = serde_json::json!(served.mail_folder());
    let name = std::thread::current().name().unwrap_or("walk").replace("::", "-");
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if pictures.exists() {
        std::fs::remove_dir_all(&pictures).unwrap();
    }
    let (base, facts, pictures) = (served.base(), facts.to_string(), pictures.display().to_string());
    let mut arguments = vec![base.as_str(), "--facts", &facts];
    if pictures.contains("sqlite") {
        arguments.extend(["--screenshots", &pictures]);
    } else {
        arguments.push("--job-only");
    }
    arguments.extend(options);
    let printed = browse("walk.mjs", &arguments).unwrap();
    println!("{printed}");
    assert!(printed.contains("the walk is complete"), "{printed}");
    let said = served.said();
    assert!(!said.contains("\"level\":\"ERROR\""), "{said}");
    // Everything that the walk left behind is sound.
    let world = served.world();
    world.settle();
    let after = verified(&world);
    assert_eq!(
        (after.0, &after.1),
        (before.0 + 1, &before.1),
        "one submission more, and nothing else that differs"
    );
}

/// How many submissions there are, and what verification says of them: those that were put straight into the tables have no
/// snapshot that could be recomputed.
fn verified(world: &World) -> (usize, Vec<String>) {
    let (submissions, differences) = world.db().read_now(everybodys(), portal::returns::verify).unwrap();
    (submissions, differences.into_iter().map(|found| format!("{}: {}", found.what, found.how)).collect())
}

#[test]
fn the_checks_of_the_walk_see_what_they_are_for() {
    let Some(printed) = browse("selftest.mjs", &[]) else { return };
    assert!(printed.contains("faults seen"), "{printed}");
}
