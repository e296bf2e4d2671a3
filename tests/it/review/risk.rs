//! The risk score through the portal: against sums made by hand, changed by signals and weights, and a random share that
//! anybody can compute again.

use diesel::prelude::*;
use portal::platform::ids::ReviewId;
use portal::review::random_share;
use portal::schema::{review, review_risk, risk_profile, risk_run, risk_seed};

use crate::on_both;
use crate::review::a_submission_in_the_queue;
use crate::support::year::levels;
use crate::support::{World, everybodys};

on_both!(
    a_first_return_without_evidence_by_hand,
    a_change_since_last_year_by_hand,
    signals_move_a_case_up_and_down,
    signals_are_imported_and_taken_away,
    other_weights_are_tried_and_put_in_force,
    the_random_share_is_computed_again,
);

impl World {
    fn risk_of(&self, id: ReviewId) -> i64 {
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table.filter(review::id.eq(id)).select(review::risk).first(conn)?)
            })
            .unwrap()
    }

    /// What chance adds to a review's score under the first weights, from the recorded seed.
    fn chance_of(&self, id: ReviewId) -> i64 {
        let (seed, submission): (String, i64) = self
            .db()
            .read_now(everybodys(), move |conn| {
                let (collection, submission): (i64, i64) = review::table
                    .filter(review::id.eq(id))
                    .select((review::collection_id, review::submission_id))
                    .first(conn)?;
                let seed = risk_seed::table
                    .filter(risk_seed::collection_id.eq(collection))
                    .select(risk_seed::seed)
                    .first(conn)?;
                Ok((seed, submission))
            })
            .unwrap();
        random_share(&seed, submission) * 100 / 1000
    }
}

async fn a_first_return_without_evidence_by_hand(world: World) {
    let scene = a_submission_in_the_queue(world);
    // First return: 150. Three claims of level 2, all without a file or a comment: 1,000 of 1,000, weight 200.
    assert_eq!(scene.world.risk_of(scene.id), 150 + 200 + scene.world.chance_of(scene.id));
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("")).await.expect(200).shows("Why this place in the queue");
    ada.get(&scene.at("/risk"))
        .await
        .expect(200)
        .shows("The organisation has submitted nothing in an earlier collection.")
        .shows("3 have no file and hardly a word (fewer than 40 characters), and 0 have old files only (more than 24 months).")
        .shows("version 1");
    let mut lead = scene.world.signed_in("Lead ZZ001").await;
    lead.get(&scene.at("/risk")).await.expect(404);
}

async fn a_change_since_last_year_by_hand(world: World) {
    let scene = a_submission_in_the_queue(world);
    let first = scene.id;
    // A year later one of three answers differs, with the same grade, and each has words to it.
    scene.world.clock.set(portal::platform::clock::parse_london("2027-01-12 10:00").unwrap());
    let edition = scene.world.edition(&levels("sample-2027", 3));
    scene.world.collection("2027", edition, ["2027-01-05 09:00", "2027-06-30 12:00", "2027-07-14 12:00"]);
    scene.world.started(&scene.trust, "2027");
    let words = "The board approved it in March and looks at it every year.";
    for (code, level) in [("1-1", 3), ("1-2", 2), ("1-3", 2)] {
        scene.world.answered(&scene.trust, "2027", code, &serde_json::json!({"level": level}), words);
    }
    scene.world.sent(&scene.trust, "2027");
    scene.world.settle();
    let id = scene.world.review_of(&scene.trust);
    assert_ne!(id, first);
    // 1 of 3 is 333 of 1,000, full at 250: weight 200. Nothing else but chance.
    assert_eq!(scene.world.risk_of(id), 200 + scene.world.chance_of(id));
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager
        .get(&format!("/reviews/{id}/risk"))
        .await
        .expect(200)
        .shows("1 of 3 claims differ from the last return.")
        .shows("The organisation has submitted before.");
}

async fn signals_move_a_case_up_and_down(world: World) {
    let scene = a_submission_in_the_queue(world);
    let before = scene.world.risk_of(scene.id);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/signals").await.expect(200).shows("No signal is recorded.");
    let form = |day: &'static str, severity: &'static str| {
        [
            ("organisation", "zz001"),
            ("kind", "incident"),
            ("on-day", day),
            ("on-month", "1"),
            ("on-year", "2026"),
            ("severity", severity),
            ("source", "Incident <desk>"),
            ("note", ""),
        ]
    };
    manager
        .post("/reviews/signals", &[])
        .await
        .expect(422)
        .shows("Choose a severity")
        .shows("Say who says so");
    manager.post("/reviews/signals", &form("14", "high")).await.expect(422).shows("must be today or before");
    manager.post("/reviews/signals", &form("2", "medium")).await.expect(303);
    // 500 of 1,000, weight 200.
    assert_eq!(scene.world.risk_of(scene.id), before + 100);
    let page = manager.get("/reviews/signals").await.expect(200).shows("Incident &lt;desk&gt;").text();
    let at = page.split("href=\"").filter_map(|part| part.split('"').next());
    let at = at
        .filter(|at| at.starts_with("/reviews/signals/"))
        .find(|at| !at.ends_with("upload"))
        .unwrap()
        .to_owned();
    manager.get(&at).await.expect(200).shows("Medium");
    manager.post(&at, &[("reason", "")]).await.expect(422).shows("Say why it is taken back");
    manager.post(&at, &[("reason", "It was another trust.")]).await.expect(303);
    assert_eq!(scene.world.risk_of(scene.id), before);
    manager.get(&at).await.expect(404);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/signals").await.expect(403);
}

async fn signals_are_imported_and_taken_away(world: World) {
    let scene = a_submission_in_the_queue(world);
    let before = scene.world.risk_of(scene.id);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    let at = "/reviews/signals/upload";
    manager.get(at).await.expect(200);
    let head = "code,kind,day,severity,source,note\n";
    let wrong = format!("{head}ZZ001,alert,2026-01-10,huge,Desk,\n");
    manager
        .upload(at, &[], "s.csv", wrong.as_bytes())
        .await
        .expect(422)
        .shows("Row 2")
        .shows("low, medium or high");
    let unknown = format!("{head}ZZ001,alert,2026-01-10,low,Desk,\nNOBODY,alert,2026-01-10,low,Desk,\n");
    manager
        .upload(at, &[], "s.csv", unknown.as_bytes())
        .await
        .expect(422)
        .shows("Row 3: there is no organisation");
    assert_eq!(scene.world.risk_of(scene.id), before, "nothing is taken from a file that is wrong");
    let right = format!("{head}ZZ001,alert,2026-01-10,low,Desk,Late\nZZ001,audit,2025-12-01,high,Auditor,\n");
    manager.upload(at, &[], "s.csv", right.as_bytes()).await.expect(303);
    // 250 and 1,000 are more than full: weight 200.
    assert_eq!(scene.world.risk_of(scene.id), before + 200);
    manager.upload(at, &[], "s.csv", right.as_bytes()).await.expect(303);
    let file = manager.get("/reviews/signals.csv").await.expect(200).text();
    assert_eq!(file.lines().count(), 3, "what is known is not recorded twice: {file}");
    assert!(file.contains("ZZ001,ZZ001 & Sons Trust,audit,2025-12-01,high,Auditor,"), "{file}");
    // What was taken away is brought back as it is.
    manager.upload(at, &[], "s.csv", file.as_bytes()).await.expect(303);
    assert_eq!(manager.get("/reviews/signals.csv").await.expect(200).text(), file);
}

async fn other_weights_are_tried_and_put_in_force(world: World) {
    let scene = a_submission_in_the_queue(world);
    let mut manager = scene.world.signed_in("Manager 2026").await;
    manager.get("/reviews/risk").await.expect(200).shows("value=\"150\"").hides("Put these weights in force");
    let weights = |first: &'static str| {
        [
            ("first_return", first),
            ("change", "0"),
            ("evidence", "0"),
            ("certificates", "0"),
            ("signals", "0"),
            ("random", "0"),
            ("change_full", "250"),
            ("evidence_full", "500"),
            ("certificates_full", "2"),
            ("low", "250"),
            ("medium", "500"),
            ("high", "1000"),
            ("thin_characters", "40"),
            ("stale_months", "24"),
            ("signal_months", "24"),
            ("band_medium", "200"),
            ("band_high", "500"),
        ]
    };
    let query = |first| {
        let pairs: Vec<String> =
            weights(first).iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/reviews/risk?{}", pairs.join("&"))
    };
    manager
        .get(&query("900"))
        .await
        .expect(422)
        .shows("must add up to 1,000, not 900")
        .shows("value=\"900\"");
    manager.get(&query("x")).await.expect(422).shows("Enter a whole number");
    let before = scene.world.risk_of(scene.id);
    manager
        .get(&query("1000"))
        .await
        .expect(200)
        .shows("Put these weights in force")
        .shows(&format!("/reviews/{}/risk", scene.id));
    assert_eq!(scene.world.risk_of(scene.id), before, "trying changes nothing");
    let mut form = weights("1000").to_vec();
    form.extend([("seen", "1"), ("note", "")]);
    manager.post("/reviews/risk", &form).await.expect(422).shows("Say why the weights are changed");
    form.pop();
    form.push(("note", "Only newcomers, for a trial"));
    manager.post("/reviews/risk", &form).await.expect(303);
    manager.post("/reviews/risk", &form).await.expect(409);
    manager
        .get("/reviews/risk")
        .await
        .expect(200)
        .shows("0 of 1 reviews are done")
        .shows("Only newcomers, for a trial");
    scene.world.settle();
    assert_eq!(scene.world.risk_of(scene.id), 1000);
    manager.get("/reviews/risk").await.expect(200).shows("Computed last on");
    manager.get(&scene.at("/risk")).await.expect(200).shows("version 2");
    let (versions, of_case, done): (i64, i64, i64) = scene
        .world
        .db()
        .read_now(everybodys(), |conn| {
            Ok((
                risk_profile::table.count().get_result(conn)?,
                review_risk::table.select(review_risk::profile_version).first(conn)?,
                risk_run::table.select(risk_run::done).first(conn)?,
            ))
        })
        .unwrap();
    assert_eq!((versions, of_case, done), (2, 2, 1));
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get("/reviews/risk").await.expect(403);
}

async fn the_random_share_is_computed_again(world: World) {
    let scene = a_submission_in_the_queue(world);
    let (seed, submission): (String, i64) = {
        let id = scene.id;
        scene
            .world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok((
                    risk_seed::table.select(risk_seed::seed).first(conn)?,
                    review::table.filter(review::id.eq(id)).select(review::submission_id).first(conn)?,
                ))
            })
            .unwrap()
    };
    assert_eq!(seed.len(), 64);
    let share = random_share(&seed, submission);
    let mut ada = scene.world.signed_in("Ada Reviewer").await;
    ada.get(&scene.at("/risk"))
        .await
        .expect(200)
        .shows(&format!("Chance gives {share} of 1,000"))
        .shows(&format!("{seed}/{submission}"));
    // A second submission of the same collection has the same seed, and a share of its own.
    let other = scene.world.trust("YY001");
    scene.world.submitted_levels(&other, "2026");
    scene.world.settle();
    let seeds: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| Ok(risk_seed::table.count().get_result(conn)?))
        .unwrap();
    assert_eq!(seeds, 1);
}
