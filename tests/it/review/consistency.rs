//! The second scoring, through HTTP: drawn, scored blind, compared, reported, settled, kept for training, watched.

mod beside;
mod blind;
mod calibration;
mod drawing;
mod drifting;
mod moderating;
mod training;

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, SecondReviewer};
use portal::platform::ids::{BlindCaseId, ComparisonId, OrganisationId};
use portal::schema::{blind_case, score_comparison};

use super::{Scene, decide, finish};
use crate::support::year::levels;
use crate::support::{Browser, World, everybodys};

/// A trust's submission that Ada has claimed, and that is drawn into the sample as the only one there is.
pub(super) async fn a_sampled_submission(world: World) -> (Scene, Browser, BlindCaseId) {
    let scene = super::a_submission_in_the_queue(world);
    let ada = scene.claimed().await;
    scene.world.person("Mo Manager", &[], &[ProgrammeManager]);
    let mut mo = scene.world.signed_in("Mo Manager").await;
    planned(&mut mo, "100").await;
    mo.post("/reviews/consistency/2026/draw", &[]).await.expect(303);
    let id = scene.world.case_of(scene.trust.id).expect("the submission is in the sample");
    (scene, ada, id)
}

/// Plans that so many percent are scored twice, as a programme manager.
async fn planned(mo: &mut Browser, share: &str) {
    let at = "/reviews/consistency/2026/sample";
    let version = mo.get(at).await.expect(200).hidden("version");
    let plan =
        [("version", version.as_str()), ("share", share), ("by_sector", "yes"), ("moment", "as_they_come")];
    mo.post(at, &plan).await.expect(303);
}

/// Scores every answer blind as somebody who took the case, and finishes it. Each is a code, a status and a reason.
async fn scored(bea: &mut Browser, id: BlindCaseId, scores: &[(&str, &str, &str)]) {
    for (code, assessed, reason) in scores {
        let at = format!("/reviews/blind/{id}/requirements/{code}");
        let version = bea.get(&at).await.expect(200).hidden("version");
        let form = [("version", version.as_str()), ("assessed", *assessed), ("reason", *reason)];
        bea.post(&at, &form).await.expect(303);
    }
    let version = bea.get(&format!("/reviews/blind/{id}")).await.expect(200).hidden("version");
    bea.post(&format!("/reviews/blind/{id}/finish"), &[("version", &version)]).await.expect(303);
}

/// Bea, who has taken the next case.
pub(super) async fn taken(scene: &Scene) -> Browser {
    let mut bea = scene.world.signed_in("Bea Second").await;
    bea.get("/reviews/blind").await.expect(200);
    bea.post("/reviews/blind/next", &[]).await.expect(303);
    bea
}

/// Both scores differ on 1-1, where the claim is level 2: Ada finds level 1, Bea level 0. The review waits for its second
/// reviewer, and the scores have been compared.
async fn a_disagreement(world: World) -> (Scene, Browser, ComparisonId) {
    let (scene, mut ada, id) = a_sampled_submission(world).await;
    let mut bea = taken(&scene).await;
    scored(
        &mut bea,
        id,
        &[("1-1", "level_0", "Nothing was sent."), ("1-2", "level_2", ""), ("1-3", "level_2", "")],
    )
    .await;
    decide(&mut ada, &scene, "1-1", "level_1", "The policy is a draft.").await;
    ada.agree_with_rest(&scene.at("")).await;
    finish(&mut ada, &scene, "").await;
    scene.world.settle();
    let open = scene.world.open_disagreements();
    assert_eq!(open.len(), 1);
    (scene, ada, open[0])
}

impl World {
    /// The case of an organisation's submission, if it was drawn.
    fn case_of(&self, id: OrganisationId) -> Option<BlindCaseId> {
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(blind_case::table
                    .filter(blind_case::organisation_id.eq(id))
                    .order(blind_case::id.desc())
                    .select(blind_case::id)
                    .first(conn)
                    .optional()?)
            })
            .unwrap()
    }

    /// Disagreements that nobody has settled.
    fn open_disagreements(&self) -> Vec<ComparisonId> {
        self.db()
            .read_now(everybodys(), |conn| {
                Ok(score_comparison::table
                    .filter(score_comparison::state.eq("open"))
                    .order(score_comparison::id)
                    .select(score_comparison::id)
                    .load(conn)?)
            })
            .unwrap()
    }
}

/// A second trust whose return waits in the queue too.
fn another_submission(scene: &Scene, code: &str) -> OrganisationId {
    let trust = scene.world.trust(code);
    scene.world.submitted_levels(&trust, "2026");
    scene.world.settle();
    trust.id
}

/// The usual edition, for worlds that begin otherwise.
fn usual_edition() -> String {
    levels("sample-2026", 3)
}

/// A moderator who scored nothing.
async fn moderator(world: &World) -> Browser {
    world.person_signed_in("Mia Moderator", SecondReviewer).await
}

/// Another reviewer.
async fn reviewer(world: &World, name: &str) -> Browser {
    world.person_signed_in(name, CentralReviewer).await
}
