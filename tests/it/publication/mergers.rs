//! Change between years where organisations were taken over or merged: like is compared with like, and nobody is lost.

use portal::publication::Source;

use crate::on_both;
use crate::support::World;

on_both!(takeovers_are_followed_and_mergers_are_counted_apart, boards_score_with_their_trusts);

const BEFORE: &str = "register-2019@2019-06-17";
const AFTER: &str = "register@2022-09-09";

async fn takeovers_are_followed_and_mergers_are_counted_apart(world: World) {
    let one = |code: &str| world.organisation(&format!("{code}01"), &format!("Practice {code}"), "gp");
    let (kept, renamed, absorbed, a, b, gone) = (one("K"), one("R"), one("S"), one("A"), one("B"), one("G"));
    for id in [kept, renamed, absorbed, a, b, gone] {
        world.status(BEFORE, id, "18/19", "Standards Not Met", "standards_not_met");
    }
    let (new, formed, fresh) = (one("N"), one("F"), one("X"));
    for id in [kept, new, formed, fresh] {
        world.status(AFTER, id, "21/22", "Standards Met", "standards_met");
    }
    world.successor(renamed, new);
    world.successor(absorbed, kept);
    world.successor(a, formed);
    world.successor(b, formed);
    let draft = world.composed(Source::Register(AFTER.to_owned()));
    let change = draft.document.change.clone().unwrap();
    assert_eq!((change.matched, change.improved), (2, 2), "the kept one, and the one under another code");
    assert_eq!((change.joined, change.left), (1, 1));
    assert_eq!((change.merged, change.formed), (3, 1));
    // Everybody of either year has one place.
    assert_eq!(change.matched + change.left + change.merged, 6);
    assert_eq!(change.matched + change.joined + change.formed, 4);
    let notes = draft.document.table("change").unwrap().table.notes.join(" ");
    assert!(notes.contains("1 were taken over by a new organisation"), "{notes}");
    assert!(notes.contains("3 merged into others and 1 were formed by mergers"), "{notes}");
}

async fn boards_score_with_their_trusts(world: World) {
    use diesel::prelude::*;
    use portal::schema::organisation;
    let board = world.organisation("QA1", "Board", "icb");
    let alone = world.organisation("QA2", "Board without trusts", "icb");
    let trusts = ["T1", "T2"].map(|code| world.organisation(code, code, "nhs_trust"));
    for (id, grade) in [
        (board, "standards_met"),
        (alone, "standards_exceeded"),
        (trusts[0], "standards_exceeded"),
        (trusts[1], "standards_not_met"),
    ] {
        world.status(AFTER, id, "21/22", grade, grade);
    }
    world
        .db()
        .housekeep_now(crate::support::everybodys(), move |tx| {
            diesel::update(organisation::table.filter(organisation::id.eq_any(trusts)))
                .set(organisation::icb_code.eq("QA1"))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    let draft = world.composed(Source::Register(AFTER.to_owned()));
    let entry = draft.document.measures.iter().find(|entry| entry.name == "composite-by-board").unwrap();
    let row = |key: &str| {
        let row = entry.table.row(entry.table.rows.position(key).unwrap());
        row.iter().map(|figure| figure.value().map(str::to_owned)).collect::<Vec<_>>()
    };
    // (1 + (3 - 3) / 2) / 2
    assert_eq!(row("QA1"), [Some("0.50".to_owned()), Some("2".to_owned())]);
    assert_eq!(row("QA2"), [None, Some("0".to_owned())]);
}
