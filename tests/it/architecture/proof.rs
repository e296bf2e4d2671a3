//! Each rule, shown a source that breaks it and one that does not: a rule that cannot fail holds nothing.

use super::{Rule, discipline, layers, order, purity, reach};
use crate::source::Source;

/// Asserts that the rule finds exactly one fault in the last of the files, at `line`.
fn breaks(rule: Rule, files: &[(&str, &str)], line: usize) {
    let sources = Source::parse_together(files.iter().copied());
    let found = rule(&sources);
    let (path, _) = files.last().expect("at least one file");
    assert_eq!(found.len(), 1, "one fault was expected, found: {found:#?}");
    let place = if line == 0 { String::new() } else { format!("{path}:{line}:") };
    assert!(found[0].contains(&place), "{place} was expected in: {}", found[0]);
}

fn holds(rule: Rule, files: &[(&str, &str)]) {
    let sources = Source::parse_together(files.iter().copied());
    assert_eq!(rule(&sources), Vec::<String>::new());
}

#[test]
fn rule_1_sees_every_way_to_import_to_the_right() {
    let rule = order::nothing_imports_to_the_right;
    for text in [
        "\nuse crate::review::Decision;",
        "\nuse crate::{review::Decision};",
        "\nfn f() { crate::review::decide() }",
        "\nfn f() { println!(\"{}\", crate::review::decide()) }",
        "\nuse super::super::review;",
        "\n#[derive(crate::review::Thing)] struct A;",
        "\nstruct A { decision: Option<crate::review::Decision> }",
        "\n#[cfg(test)] mod tests { use crate::review::Decision; }",
    ] {
        breaks(rule, &[("src/returns/submit.rs", text)], 2);
    }
    breaks(rule, &[("src/access/mod.rs", "use crate::ledger::append;")], 1);
    breaks(rule, &[("src/lib.rs", "pub fn app() {}"), ("src/site/web.rs", "fn f() { crate::app() }")], 1);
    let rightful =
        "use crate::returns::Return; use crate::platform::db::Tx; use super::model; use crate::schema::x;";
    holds(rule, &[("src/review/claim.rs", rightful)]);
}

#[test]
fn rule_1_sees_a_folder_without_a_place() {
    breaks(order::every_folder_has_its_place, &[("src/helpers/mod.rs", "")], 0);
    holds(order::every_folder_has_its_place, &[("src/returns/mod.rs", ""), ("src/schema.rs", "")]);
}

#[test]
fn rule_2_sees_what_a_model_may_not_know() {
    let rule = purity::models_are_pure;
    let db = ("src/platform/db.rs", "use diesel::prelude::*; pub struct Tx;");
    let submit = ("src/returns/submit.rs", "use crate::platform::db::Tx;");
    for text in [
        "use diesel::prelude::*;",
        "#[derive(diesel::Queryable)] struct A;",
        "#[diesel(table_name = x)] struct A;",
        "use actix_web::HttpResponse;",
        "use lettre::Message;",
        "use std::fs;",
        "use crate::platform::db::Tx;",
        "use super::submit;",
        "fn f() { super::submit::now() }",
        "fn f() { crate::schema::answers::table }",
    ] {
        breaks(rule, &[db, submit, ("src/returns/model.rs", text)], 1);
    }
    let rightful =
        "use crate::platform::{clock::Timestamp, ids::OrgId}; use serde::Serialize; use lettre::Address;";
    holds(rule, &[("src/returns/model.rs", rightful)]);
}

#[test]
fn rule_2_follows_re_exports_to_the_file_behind_them() {
    let rule = purity::models_are_pure;
    let files = |exports: &'static str, text: &'static str| {
        [
            ("src/standards/mod.rs", exports),
            ("src/standards/model.rs", "use super::keys::Key; pub struct Edition;"),
            ("src/standards/keys.rs", "pub struct Key;"),
            ("src/standards/load.rs", "use std::fs; pub fn load() {}"),
            ("src/returns/model.rs", text),
        ]
    };
    for exports in [
        "mod model; mod load; pub use model::Edition; pub use load::load;",
        "mod model; mod load; pub use self::model::Edition; pub use self::load::load;",
    ] {
        holds(rule, &files(exports, "use crate::standards::Edition;"));
        breaks(rule, &files(exports, "use crate::standards::load;"), 1);
    }
}

#[test]
fn tests_may_know_anything() {
    let inside = "#[cfg(test)] mod tests { use super::*; use std::fs; }";
    holds(purity::models_are_pure, &[("src/returns/model.rs", inside)]);
    let beside =
        [("src/returns/model.rs", "#[cfg(test)] mod tests;"), ("src/returns/model/tests.rs", "use std::fs;")];
    holds(purity::models_are_pure, &beside);
    breaks(
        purity::models_are_pure,
        &[("src/returns/model.rs", "mod tests;"), ("src/returns/model/tests.rs", "use std::fs;")],
        1,
    );
}

#[test]
fn rule_2_sees_the_web_in_a_store() {
    breaks(layers::stores_know_no_web, &[("src/returns/store.rs", "\n\nuse actix_web::web;")], 3);
    breaks(
        layers::stores_know_no_web,
        &[("src/returns/store/answers.rs", "fn f() -> actix_web::Result<()> { g() }")],
        1,
    );
    holds(layers::stores_know_no_web, &[("src/returns/web.rs", "use actix_web::web;")]);
}

#[test]
fn rule_2_sees_the_database_in_a_handler() {
    let rule = layers::web_knows_no_database;
    for path in
        ["src/returns/web.rs", "src/returns/web/answer.rs", "src/api/returns.rs", "src/review/pages.rs"]
    {
        breaks(rule, &[(path, "use diesel::prelude::*;")], 1);
        breaks(rule, &[(path, "fn f() { crate::schema::answers::table.load() }")], 1);
    }
    holds(rule, &[("src/returns/store.rs", "use diesel::prelude::*;")]);
}

#[test]
fn rule_2_sees_anything_impure_in_statistics() {
    let rule = layers::statistics_are_pure;
    for text in ["use diesel::prelude::*;", "use actix_web::web;", "use crate::platform::db::Conn;"] {
        breaks(rule, &[("src/statistics/matrix.rs", text)], 1);
    }
    holds(rule, &[("src/statistics/matrix.rs", "use crate::standards::Level;")]);
}

#[test]
fn rule_3_sees_every_way_to_open_a_transaction() {
    let rule = layers::only_platform_db_opens_transactions;
    for text in [
        "fn f(c: &mut C) { c.transaction(|c| g(c)) }",
        "fn f(c: &mut C) { c.immediate_transaction(|c| g(c)) }",
        "fn f() { SqliteConnection::establish(url) }",
        "fn f(c: &mut C) { Connection::transaction(c, g) }",
        "fn f(c: &mut C) { run(c, \"BEGIN IMMEDIATE\") }",
        "fn f(c: &mut C) { run(c, \"COMMIT;\") }",
    ] {
        breaks(rule, &[("src/returns/store.rs", text)], 1);
        holds(rule, &[("src/platform/db/sqlite.rs", text)]);
    }
    holds(rule, &[("src/site/help.rs", "const TEXT: &str = \"Begin a return\";")]);
}

#[test]
fn rule_3_sees_a_connection_in_a_handler() {
    let rule = layers::handlers_never_see_a_connection;
    breaks(rule, &[("src/returns/web.rs", "fn f(conn: &mut crate::platform::db::Conn) {}")], 1);
    holds(rule, &[("src/returns/store.rs", "fn f(conn: &mut crate::platform::db::Conn) {}")]);
    holds(rule, &[("src/returns/web.rs", "fn f(db: &Db) { db.read(|conn| list(conn)) }")]);
}

#[test]
fn rule_4_sees_every_way_to_another_store() {
    let rule = order::stores_are_private;
    for text in [
        "use crate::returns::store;",
        "use crate::returns::store::list;",
        "fn f() { crate::returns::store::list() }",
        "use crate::returns::{self, store as s};",
    ] {
        breaks(rule, &[("src/review/queue.rs", text)], 1);
        holds(rule, &[("src/returns/submit.rs", text)]);
    }
    breaks(rule, &[("src/review/queue.rs", "use crate::returns;\nfn f() { returns::store::list() }")], 2);
}

#[test]
fn rule_5_sees_effects_in_a_verb() {
    let rule = discipline::effects_happen_in_jobs;
    for text in [
        "fn f() { std::fs::read(p) }",
        "use lettre::Message;",
        "use std::net::TcpStream;",
        "use std::process::Command;",
    ] {
        breaks(rule, &[("src/returns/submit.rs", text)], 1);
        holds(
            rule,
            &[("src/returns/jobs.rs", text), ("src/platform/files.rs", text), ("src/cli/mod.rs", text)],
        );
    }
    holds(rule, &[("src/identity/web.rs", "use std::net::IpAddr;")]);
}

#[test]
fn rule_6_sees_a_verb_that_records_nothing() {
    let rule = discipline::verbs_are_recorded;
    let silent = "\npub fn submit(tx: &mut Tx, permit: Permit<Submit>) -> Result<()> { Ok(()) }";
    breaks(rule, &[("src/returns/submit.rs", silent)], 2);
    let spoken = "pub fn submit(tx: &mut Tx, permit: Permit<Submit>) -> Result<Recorded> { append(tx) }";
    holds(rule, &[("src/returns/submit.rs", spoken)]);
    let step = "fn part_of_it(tx: &mut Tx, permit: &Permit<Submit>) -> Result<()> { Ok(()) }";
    holds(rule, &[("src/returns/submit.rs", step)]);
    holds(rule, &[("src/returns/store.rs", "pub fn insert(tx: &mut Tx) -> Result<()> { Ok(()) }")]);
}

#[test]
fn rule_7_sees_reach_that_is_made_elsewhere() {
    let rule = reach::only_access_hands_out_reach;
    for text in [
        "use crate::platform::db::Reach;\nfn f() -> Reach { Reach::every() }",
        "use crate::platform::db::Reach as R;\nfn f(id: OrganisationId) -> R { R::of(id) }",
        "\nfn f() { crate::platform::db::Reach::every() }",
        "use crate::platform::db;\nfn f(ids: &[Id]) { ids.iter().map(db::Reach::of) }",
        "\nfn f(c: &mut C) { run(c, \"SET portal.reach = 'every'\") }",
    ] {
        breaks(rule, &[("src/returns/web.rs", text)], 2);
        holds(rule, &[("src/access/reach.rs", text)]);
    }
    let rightful = "use crate::platform::db::Reach; fn f() -> Reach { Reach::nobodys() }";
    holds(rule, &[("src/returns/web.rs", rightful)]);
    holds(rule, &[("src/returns/web.rs", "#[cfg(test)] mod tests { fn f() { Reach::every() } }")]);
}

#[test]
fn rule_7_sees_who_takes_the_systems_reach() {
    let rule = reach::few_files_reach_everybody;
    let text = "use crate::access::Actor;\nfn f(db: &Db) { db.read_now(Actor::system_reach(), count) }";
    breaks(rule, &[("src/returns/web.rs", text)], 2);
    breaks(rule, &[("src/review/web.rs", "fn f() { g(crate::access::Actor::system_reach) }")], 1);
    holds(rule, &[("src/review/jobs.rs", text)]);
    let listed = reach::the_list_is_true(&[Source::parse("src/review/jobs.rs", "fn f() {}")]);
    assert!(listed.iter().any(|line| line.contains("src/review/jobs.rs")), "{listed:#?}");
}

#[test]
fn rule_8_sees_a_review_read_past_the_bar() {
    let rule = discipline::reviews_are_read_through_one_door;
    let text =
        "use crate::access::Permit;\nfn f(a: &Actor) { Permit::<crate::access::ReadReview>::grant(a, None) }";
    breaks(rule, &[("src/review/workspace/desk.rs", text)], 2);
    breaks(rule, &[("src/review/reading.rs", "use crate::access::{Actor, ReadReview};")], 1);
    holds(rule, &[("src/review/consistency/barred.rs", "use crate::access::{Actor, ReadReview};")]);
    holds(rule, &[("src/review/reading.rs", "use crate::review::consistency::may_read;")]);
}

#[test]
fn style_6_sees_a_result_thrown_away() {
    let rule = discipline::no_result_is_thrown_away;
    for text in ["fn f() { let _ = g(); }", "fn f() { let _: R = g(); }", "fn f() { g().ok(); }"] {
        breaks(rule, &[("src/returns/submit.rs", text)], 1);
    }
    holds(rule, &[("src/returns/submit.rs", "fn f() { let _guard = g(); let x = g().ok(); }")]);
}

#[test]
fn style_7_sees_an_allow() {
    breaks(discipline::no_allow, &[("src/a.rs", "\n#[allow(dead_code)]\nfn f() {}")], 2);
    breaks(discipline::no_allow, &[("src/a.rs", "#![allow(dead_code)]")], 1);
    breaks(discipline::no_allow, &[("src/a.rs", "fn f() { #[allow(unused)] let x = 1; }")], 1);
    holds(discipline::no_allow, &[("src/a.rs", "#[expect(dead_code, reason = \"why\")]\nfn f() {}")]);
}
