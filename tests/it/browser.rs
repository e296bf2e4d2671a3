//! Walks through the portal in a real browser, each with JavaScript and without. What a walk is made of stands in
//! tests/browser/steps.mjs.

mod head;
mod nation;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::on_both;
use crate::support::{World, everybodys};
use crate::tools::{browse, tool, wanted};

/// A walk of this name, as a scenario with JavaScript and one without. What a script sends is what a form sends, and which
/// database keeps it makes no difference to a script: PostgreSQL is walked through without.
macro_rules! walks {
    ($($with:ident, $without:ident: $name:literal, $submissions:literal;)*) => {
        $(
            async fn $with(world: World) { walk(world, $name, true, $submissions); }
            async fn $without(world: World) { walk(world, $name, false, $submissions); }
        )*
        on_both!($($without),*);
        mod scripted {
            $(#[test] fn $with() { World::run(World::sqlite(), super::$with); })*
            use crate::support::World;
        }
    };
}

// How many submissions each leaves behind beside those that were there.
walks! {
    the_whole_job_with_javascript, the_whole_job_without_javascript: "job", 1;
    an_organisations_affairs_with_javascript, an_organisations_affairs_without_javascript: "affairs", 0;
    the_programmes_year_with_javascript, the_programmes_year_without_javascript: "year", 0;
    an_office_answers_for_its_sites_with_javascript, an_office_answers_for_its_sites_without_javascript: "head", 5;
    by_keyboard_alone_with_javascript, by_keyboard_alone_without_javascript: "keyboard", 1;
}

/// Serves a nation in the middle of its year and sends its people on a walk. Pages are the same on both databases, so only
/// the walks on SQLite also look at each, wide and narrow, with axe. With `PORTAL_TEST_PICTURES` they keep pictures of what
/// they look at, for people: that takes as long as all the rest.
fn walk(world: World, name: &str, scripts: bool, submissions: usize) {
    if tool("PORTAL_TEST_CHROMIUM").is_none() {
        return;
    }
    let mut facts = match name {
        "head" => head::a_chain(&world),
        _ => nation::a_year_under_way(&world, name == "job"),
    };
    let before = verified(&world);
    let scanner = free_port();
    // Elsewhere there is none, and files are taken unscanned.
    let scanned = if name == "affairs" {
        vec![("PORTAL_FILES__SCANNER", format!("tcp://127.0.0.1:{scanner}"))]
    } else {
        vec![]
    };
    let served = world.serve_with(&scanned);
    facts["mails"] = json!(served.mail_folder());
    facts["scannerPort"] = json!(scanner);
    let (base, facts) = (served.base(), facts.to_string());
    let mut arguments: Vec<String> =
        [name, base.as_str(), "--facts", facts.as_str()].map(str::to_owned).to_vec();
    arguments.extend(["--failures".to_owned(), folder("failures", name, scripts)]);
    if std::thread::current().name().is_some_and(|name| name.contains("postgres")) {
        arguments.push("--job-only".to_owned());
    } else if wanted("PORTAL_TEST_PICTURES") {
        arguments.extend(["--screenshots".to_owned(), folder("pictures", name, scripts)]);
        if scripts {
            arguments.extend(["--guides".to_owned(), folder("guide", name, scripts)]);
        }
    }
    if !scripts {
        arguments.push("--no-script".to_owned());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = browse("walk.mjs", &arguments).unwrap();
    println!("{printed}");
    assert!(printed.contains("the walk is complete"), "{printed}");
    let said = served.said();
    assert!(!said.contains("\"level\":\"ERROR\""), "{said}");
    // Everything that the walk left behind is sound.
    let world = served.world();
    world.settle();
    let after = verified(&world);
    let wanted = (before.0 + submissions, &before.1);
    assert_eq!((after.0, &after.1), wanted, "so many submissions more, and nothing else that differs");
}

/// Where a walk leaves what it makes, beside what was built; made empty.
fn folder(kind: &str, name: &str, scripts: bool) -> String {
    let which = if scripts { name.to_owned() } else { format!("{name}-without-scripts") };
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(kind).join(which);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder.display().to_string()
}

/// A port of this machine at which nobody answers yet.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
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
