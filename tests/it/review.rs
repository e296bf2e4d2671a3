//! Review, through HTTP: from the queue to a decision that a second reviewer confirms, and everybody who may not.

mod agreeing;
mod allocating;
mod answers;
mod barred;
mod challenge;
mod chasing;
mod chosen;
mod conflicts;
mod consistency;
mod dashboard;
mod exported;
mod exported_sheets;
mod firm;
mod guided;
mod left_out;
mod letters;
mod listing;
mod notes;
mod path;
mod planned_after;
mod queries;
mod reasons;
mod reopening;
mod risk;
mod roll;
mod verified;
mod views;
mod weights;
mod workspace;

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

impl Scene {
    /// Decides the review: the first answer one level lower, which changes the grade; confirmed by Bea.
    async fn decided(&self) -> Browser {
        let mut ada = self.claimed().await;
        decide(&mut ada, self, "1-1", "level_1", "The minutes show a draft.").await;
        ada.agree_with_rest(&self.at("")).await;
        finish(&mut ada, self, "A careful return.").await;
        self.confirmed().await;
        ada
    }

    /// Bea confirms what waits for her.
    async fn confirmed(&self) {
        let mut bea = self.world.signed_in("Bea Second").await;
        let version = bea.get(&self.at("/confirm")).await.expect(200).hidden("version");
        bea.post(&self.at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
        self.world.settle();
    }

    /// The address where the organisation challenges.
    fn challenge(&self) -> String {
        self.trust.at("2026", "/challenge")
    }

    /// What `portal verify` finds about reviews.
    fn differences(&self) -> Vec<String> {
        let (_, found) = self.world.db().read_now(everybodys(), portal::review::verify).unwrap();
        found.into_iter().map(|difference| format!("{}: {}", difference.what, difference.how)).collect()
    }

    /// Whether the decision is final.
    fn is_final(&self) -> bool {
        let id = self.id;
        let at: Option<portal::platform::clock::Timestamp> = self
            .world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table.filter(review::id.eq(id)).select(review::finalised_at).first(conn)?)
            })
            .unwrap();
        at.is_some()
    }

    /// How many events of a kind the ledger holds.
    fn events(&self, kind: &'static str) -> i64 {
        use portal::schema::ledger_event;
        self.world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(ledger_event::table.filter(ledger_event::kind.eq(kind)).count().get_result(conn)?)
            })
            .unwrap()
    }
}

/// Closes a question as a reviewer who sees its page first.
async fn close(browser: &mut Browser, scene: &Scene, at: &str, outcome: &str) {
    let id = at.rsplit('/').next().unwrap();
    let page = scene.at(&format!("/queries/{id}"));
    let seen = browser.get(&page).await.expect(200).hidden("seen");
    let form = [("seen", seen.as_str()), ("outcome", outcome), ("note", "Read and weighed.")];
    browser.post(&format!("{page}/close"), &form).await.expect(303);
}
