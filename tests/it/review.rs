//! Review, through HTTP: from the queue to a decision that a second reviewer confirms, and everybody who may not.

mod answers;
mod barred;
mod exported;
mod listing;
mod path;
mod verified;

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, SecondReviewer};
use portal::platform::ids::ReviewId;
use portal::schema::{annual_return, review, review_query};

use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

/// A trust whose return of three level-2 answers waits in the queue, with a reviewer and a second reviewer.
struct Scene {
    world: World,
    trust: Trust,
    id: ReviewId,
}

fn a_submission_in_the_queue(world: World) -> Scene {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.submitted_levels(&trust, "2026");
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.person("Bea Second", &[], &[SecondReviewer]);
    world.settle();
    let id = world.review_of(&trust);
    Scene { world, trust, id }
}

impl Scene {
    /// An address of the review.
    fn at(&self, more: &str) -> String {
        format!("/reviews/{}{more}", self.id)
    }

    /// Ada, who has claimed the review.
    async fn claimed(&self) -> Browser {
        let mut ada = self.world.signed_in("Ada Reviewer").await;
        ada.get(&self.at("")).await.expect(200);
        ada.post(&self.at("/claim"), &[]).await.expect(303);
        ada
    }

    /// States of the review and of its return.
    fn states(&self) -> (String, String) {
        let id = self.id;
        self.world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table
                    .inner_join(annual_return::table.on(annual_return::id.eq(review::return_id)))
                    .filter(review::id.eq(id))
                    .select((review::state, annual_return::state))
                    .first(conn)?)
            })
            .unwrap()
    }

    /// The grade that the return carries after review.
    fn final_grade(&self) -> Option<String> {
        let organisation = self.trust.id;
        self.world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(annual_return::table
                    .filter(annual_return::organisation_id.eq(organisation))
                    .select(annual_return::final_grade)
                    .first(conn)?)
            })
            .unwrap()
    }
}

impl World {
    /// The newest review of a trust.
    fn review_of(&self, trust: &Trust) -> ReviewId {
        let id = trust.id;
        self.db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table
                    .filter(review::organisation_id.eq(id))
                    .order(review::id.desc())
                    .select(review::id)
                    .first(conn)?)
            })
            .unwrap()
    }
}

/// Decides one answer as a reviewer who sees the page first.
async fn decide(browser: &mut Browser, scene: &Scene, code: &str, assessed: &str, reason: &str) {
    let at = scene.at(&format!("/requirements/{code}"));
    let version = browser.get(&at).await.expect(200).hidden("version");
    browser.post(&at, &[("version", &version), ("assessed", assessed), ("reason", reason)]).await.expect(303);
}

/// Finishes a review as a reviewer who sees the page first.
async fn finish(browser: &mut Browser, scene: &Scene, summary: &str) {
    let version = browser.get(&scene.at("")).await.expect(200).hidden("version");
    browser.post(&scene.at("/finish"), &[("version", &version), ("summary", summary)]).await.expect(303);
}

/// The question form about the first requirement, due in so many days.
fn question(scene: &Scene, text: &str, days: i64) -> Vec<(&'static str, String)> {
    let day = scene.world.now().plus_seconds(days * 86_400).london_day().to_string();
    let mut parts = day.split('-').map(str::to_owned);
    let mut part = || parts.next().unwrap();
    let (year, month, day) = (part(), part(), part());
    vec![
        ("requirement", "1-1".to_owned()),
        ("question", text.to_owned()),
        ("due-day", day),
        ("due-month", month),
        ("due-year", year),
    ]
}

/// Asks a question as a reviewer, and gives the address of it for the organisation.
async fn ask(browser: &mut Browser, scene: &Scene, text: &str, days: i64) -> String {
    let form = question(scene, text, days);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&scene.at("/query"), &form).await.expect(303);
    let id: i64 = scene
        .world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(review_query::table.order(review_query::id.desc()).select(review_query::id).first(conn)?)
        })
        .unwrap();
    scene.trust.at("2026", &format!("/queries/{id}"))
}
