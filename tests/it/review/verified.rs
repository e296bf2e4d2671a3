//! Everything stored about a submission, its review and its release is recomputed; what was altered behind the portal's
//! back is found, also where the alteration is consistent in itself.

use diesel::connection::SimpleConnection as _;
use portal::publication::{self, Source};
use portal::{returns, review};

use crate::on_both;
use crate::review::{Scene, a_submission_in_the_queue, decide, finish};
use crate::support::{World, everybodys};

on_both!(what_was_altered_is_found);

/// What differs now, in words.
fn differences(world: &World) -> Vec<String> {
    let (submissions, mut found) = world.db().read_now(everybodys(), returns::verify).unwrap();
    let (reviews, more) = world.db().read_now(everybodys(), review::verify).unwrap();
    found.extend(more);
    let (releases, more) = world.db().read_now(everybodys(), publication::verify).unwrap();
    found.extend(more);
    assert_eq!((submissions, reviews, releases), (1, 1, 1));
    found.into_iter().map(|difference| format!("{}: {}", difference.what, difference.how)).collect()
}

/// Alters, looks for the words among what differs, and puts it back.
#[track_caller]
fn altered(world: &World, alter: &'static str, back: &'static str, words: &[&str]) {
    let run = |sql: &'static str| {
        let changed = world.db().housekeep_now(everybodys(), move |tx| Ok(tx.conn().batch_execute(sql)?));
        changed.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    };
    run(alter);
    let found = differences(world);
    for word in words {
        assert!(found.iter().any(|line| line.contains(word)), "{alter}: \"{word}\" is not in {found:#?}");
    }
    run(back);
    assert_eq!(differences(world), Vec::<String>::new(), "{back}");
}

async fn decided_and_published(world: World) -> Scene {
    let scene = a_submission_in_the_queue(world);
    let mut ada = scene.claimed().await;
    decide(&mut ada, &scene, "1-1", "level_1", "The minutes show a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    let mut bea = scene.world.signed_in("Bea Second").await;
    let version = bea.get(&scene.at("/confirm")).await.expect(200).hidden("version");
    bea.post(&scene.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    scene.world.settle();
    scene.world.published(Source::Collection("2026".to_owned()));
    scene
}

async fn what_was_altered_is_found(world: World) {
    let scene = decided_and_published(world).await;
    let world = &scene.world;
    assert_eq!(differences(world), Vec::<String>::new());
    altered(
        world,
        "UPDATE submission SET snapshot = replace(snapshot, '\"level\":', '\"level\": ')",
        "UPDATE submission SET snapshot = replace(snapshot, '\"level\": ', '\"level\":')",
        &["submission 1: its snapshot hashes to", "the ledger has"],
    );
    altered(
        world,
        "UPDATE submission SET claimed_grade = 'not_satisfactory'",
        "UPDATE submission SET claimed_grade = 'satisfactory'",
        &["submission 1: its answers give satisfactory, stored is not_satisfactory"],
    );
    altered(
        world,
        "UPDATE review SET assessed_grade = 'satisfactory'",
        "UPDATE review SET assessed_grade = 'not_satisfactory'",
        &["its decisions give not_satisfactory, stored is satisfactory"],
    );
    altered(
        world,
        "UPDATE review_decision SET assessed_level = 2 WHERE assessed_level = 1",
        "UPDATE review_decision SET assessed_level = 1 WHERE reason LIKE 'The minutes%'",
        &["its stored score is not the one", "its stored levels are not", "its decisions give satisfactory"],
    );
    altered(
        world,
        "UPDATE review SET assessed_score = replace(assessed_score, '{', '{ ')",
        "UPDATE review SET assessed_score = replace(assessed_score, '{ ', '{')",
        &["its score hashes to"],
    );
    altered(
        world,
        "UPDATE release SET document = replace(document, 'Ada Example', 'Eve Example')",
        "UPDATE release SET document = replace(document, 'Eve Example', 'Ada Example')",
        &["release returns-2026: its document hashes to", "the ledger has"],
    );
    altered(
        world,
        "UPDATE release_organisation SET grade = 'not_published'",
        "UPDATE release_organisation SET grade = 'not_satisfactory'",
        &["its list of 1 organisations hashes to", "its headline figures are not the ones"],
    );
}
