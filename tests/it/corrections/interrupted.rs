//! Re-scoring killed in the middle: nobody reads a mixture, and it goes on where it was.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use portal::platform::jobs;

use super::{Scene, a_year_that_closed, standing, state_of};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(killed_in_the_middle_it_goes_on_and_nobody_reads_a_mixture);

/// Returns that are copied from the first one: several portions.
const COPIES: i64 = 9_000;

/// How long the worker may take to begin.
const PATIENCE: Duration = Duration::from_secs(120);

/// Makes many decided returns out of the only one.
fn copied(world: &World) {
    let statements = [
        format!(
            "INSERT INTO organisation (code, name, search_name, sector, region_code, source, created_at, updated_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES}) \
             SELECT 'C' || n.i, 'Copy ' || n.i, 'copy ' || n.i, o.sector, o.region_code, 'copies', o.created_at, \
             o.updated_at FROM n, organisation o WHERE o.code = 'ZZ000'"
        ),
        "INSERT INTO annual_return (organisation_id, collection_id, edition_id, profile, state, version, opened_at, \
         final_grade) SELECT c.id, r.collection_id, r.edition_id, r.profile, 'decided', 1, r.opened_at, \
         'standards_met' FROM organisation c, annual_return r WHERE c.source = 'copies' AND r.organisation_id = \
         (SELECT id FROM organisation WHERE code = 'ZZ000')"
            .to_owned(),
        "INSERT INTO submission (return_id, organisation_id, collection_id, number, submitted_at, late, snapshot, \
         snapshot_hash, levels, claimed_grade, score, rule_set) SELECT r.id, r.organisation_id, r.collection_id, 1, \
         s.submitted_at, s.late, s.snapshot, s.snapshot_hash, s.levels, s.claimed_grade, s.score, s.rule_set \
         FROM annual_return r, submission s WHERE r.final_grade = 'standards_met' AND s.organisation_id = \
         (SELECT id FROM organisation WHERE code = 'ZZ000')"
            .to_owned(),
        "UPDATE annual_return SET submission_id = (SELECT s.id FROM submission s WHERE s.return_id = annual_return.id) \
         WHERE final_grade = 'standards_met'"
            .to_owned(),
    ];
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            for statement in &statements {
                tx.conn().batch_execute(statement)?;
            }
            Ok(())
        })
        .unwrap();
}

async fn killed_in_the_middle_it_goes_on_and_nobody_reads_a_mixture(world: World) {
    let scene = a_year_that_closed(world, 0, 1);
    copied(&scene.world);
    let mut edith = scene.drafted().await;
    scene.previewed(&mut edith).await;
    assert_eq!(scene.state(), ("previewed".to_owned(), COPIES + 1));
    let mut max = scene.world.signed_in("Max Manager").await;
    let version = max.get(&format!("{}/1", super::HERE)).await.expect(200).hidden("version");
    let form = [
        ("version", version.as_str()),
        ("decision", "approve"),
        ("statement", "Checked."),
        ("none_accepted", "yes"),
    ];
    max.post(&format!("{}/1/decision", super::HERE), &form).await.expect(303);
    let old = standing(&scene.world);
    drop((edith, max));
    let done = killed_after_the_first_portion(&scene, &old);
    assert!(done < COPIES + 1, "nothing was left to go on with");
    assert_eq!(state_of(scene.world.db()).0, "rescoring");
    assert_eq!(standing(&scene.world), old, "what is half done counts for nobody");
    // Past the lease of the worker that died.
    scene.world.now_in_earnest();
    scene.world.clock.advance_seconds(300);
    let seen = read_while_it_goes_on(&scene);
    let new = standing(&scene.world);
    assert_ne!(new, old);
    assert!(seen.iter().all(|one| *one == old || *one == new), "a mixture was read: {seen:?}");
    assert_eq!(scene.state(), ("in_force".to_owned(), COPIES + 1));
}

/// Starts the real worker, kills it as soon as a portion is written, and says how many returns are done.
fn killed_after_the_first_portion(scene: &Scene, old: &[(Option<String>, i64)]) -> i64 {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_portal"))
        .arg("worker")
        .envs(scene.world.environment())
        .env("PORTAL_MAIL__URL", format!("file://{}", scene.world.folder().join("mail").display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    loop {
        let (state, done) = scene.state();
        assert_eq!(state, "rescoring", "the worker was through before it could be killed");
        if done > 0 {
            break;
        }
        assert_eq!(standing(&scene.world), old);
        assert!(begun.elapsed() < PATIENCE, "the worker did not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    scene.state().1
}

/// Lets the jobs finish in another thread while this one reads.
fn read_while_it_goes_on(scene: &Scene) -> BTreeSet<Vec<(Option<String>, i64)>> {
    let mut seen = BTreeSet::new();
    std::thread::scope(|scope| {
        let (db, handlers) = (scene.world.db().clone(), scene.world.parts.handlers.clone());
        let worker = scope.spawn(move || {
            while jobs::run_once(&db, &handlers, "after").unwrap() && state_of(&db).0 == "rescoring" {}
        });
        while !worker.is_finished() {
            seen.insert(standing(&scene.world));
        }
        worker.join().unwrap();
    });
    scene.world.settle();
    seen
}
