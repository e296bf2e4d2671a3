//! When the rules were wrong: from a draft through preview and approval to results in force, what people are told, what
//! the public reads, and what is refused.

mod afterwards;
mod interrupted;
mod path;
mod refused;
mod schemes;

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, ProgrammeManager, StandardsEditor};
use portal::platform::db::Db;
use portal::schema::{annual_return, review, rule_correction};
use serde_json::json;

use crate::support::year::Trust;
use crate::support::{Browser, World, everybodys};

/// Where the corrections of the sample edition are.
const HERE: &str = "/standards/outcomes-2026/corrections";

/// An outcomes edition of two outcomes, of which trusts must achieve half.
fn two_outcomes(key: &str) -> String {
    let outcome = |letter: &str| {
        let code = format!("A1.{letter}");
        format!(
            "[[requirements]]\ncode = \"{code}\"\nsection = \"A1\"\ntitle = \"Outcome {letter}\"\ntext = \"Is it so?\"\n\
             achieved = [{{ code = \"{code}.A1\", text = \"All good\" }}]\n\
             partially_achieved = [{{ code = \"{code}.P1\", text = \"Half good\" }}]\n\
             not_achieved = [{{ code = \"{code}.N1\", text = \"Bad\" }}]\n\
             expected = {{ acute = \"partially_achieved\" }}\n"
        )
    };
    format!(
        "format = 1\n[standard]\nkey = \"outcomes\"\nname = \"Sample outcomes\"\nscheme = \"outcomes\"\n\
         description = \"\"\n[edition]\nkey = \"{key}\"\nlabel = \"{key}\"\nrule_set = \"{key}.1\"\n\
         [[profiles]]\nkey = \"acute\"\nname = \"Acute\"\nsectors = [\"nhs_trust\"]\n[scoring]\n\
         [[sections]]\ncode = \"A\"\ntitle = \"Objective\"\n\
         [[sections]]\ncode = \"A1\"\ntitle = \"Principle\"\nparent = \"A\"\n{}{}",
        outcome("a"),
        outcome("b")
    )
}

/// A closed year: trusts of which the first achieve everything and the others half, an editor and two who may decide.
struct Scene {
    world: World,
    trusts: Vec<Trust>,
}

fn a_year_that_closed(world: World, full: usize, half: usize) -> Scene {
    world.usual_year(&two_outcomes("outcomes-2026"));
    world.person("Edith Editor", &[], &[StandardsEditor]);
    world.person("Ellis Editor", &[], &[StandardsEditor]);
    world.person("Max Manager", &[], &[ProgrammeManager]);
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    let trusts: Vec<Trust> = (0..full + half).map(|n| world.trust(&format!("ZZ{n:03}"))).collect();
    for (n, trust) in trusts.iter().enumerate() {
        let column = if n < full { "A1" } else { "P1" };
        world.started(trust, "2026");
        for code in ["A1.a", "A1.b"] {
            let ticked = format!("{code}.{column}");
            world.answered(trust, "2026", code, &json!({"indicators": [ticked]}), "");
        }
        world.sent(trust, "2026");
    }
    world.settle();
    Scene { world, trusts }
}

impl Scene {
    /// Past the close of the collection.
    fn closed(&self) {
        self.world.clock.set(portal::platform::clock::parse_london("2026-07-20 09:00").unwrap());
        self.world.settle();
    }

    /// Drafts the correction that raises both minima, and gives its author's browser.
    async fn drafted(&self) -> Browser {
        let mut edith = self.world.signed_in("Edith Editor").await;
        edith.get(HERE).await.expect(200).shows("have never been corrected");
        edith.get(&format!("{HERE}/new")).await.expect(200).shows("Outcome a").shows("What was wrong");
        let made = edith
            .post(
                &format!("{HERE}/new"),
                &[
                    ("reason", "The paper says achieved for both outcomes."),
                    ("expected:A1.a:acute", "achieved"),
                    ("expected:A1.b:acute", "achieved"),
                ],
            )
            .await
            .expect(303);
        assert_eq!(made.location(), format!("{HERE}/1"));
        edith
    }

    /// Asks for the preview and lets the job compute it.
    async fn previewed(&self, by: &mut Browser) {
        let version = by.get(&format!("{HERE}/1")).await.expect(200).hidden("version");
        by.post(&format!("{HERE}/1/preview"), &[("version", &version)]).await.expect(303);
        self.world.settle();
    }

    /// What a second person sends to approve.
    async fn approved(&self, by: &mut Browser) -> crate::support::Answer {
        let version = by.get(&format!("{HERE}/1")).await.expect(200).hidden("version");
        by.post(
            &format!("{HERE}/1/decision"),
            &[("version", &version), ("decision", "approve"), ("statement", "Checked against the paper.")],
        )
        .await
    }

    /// The state of the correction and how many returns are done.
    fn state(&self) -> (String, i64) {
        state_of(self.world.db())
    }
}

fn state_of(db: &Db) -> (String, i64) {
    db.read_now(everybodys(), |conn| {
        Ok(rule_correction::table
            .order(rule_correction::id.desc())
            .select((rule_correction::state, rule_correction::done))
            .first(conn)?)
    })
    .unwrap()
}

/// Standing grades with how many returns carry each, in one statement, as any page reads them.
fn standing(world: &World) -> Vec<(Option<String>, i64)> {
    let mut found: Vec<(Option<String>, i64)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(annual_return::table
                .group_by(annual_return::final_grade)
                .select((annual_return::final_grade, diesel::dsl::count_star()))
                .load(conn)?)
        })
        .unwrap();
    found.sort();
    found
}

/// The newest review of a trust.
fn review_of(world: &World, trust: &Trust) -> i64 {
    let id = trust.id;
    world
        .db()
        .read_now(everybodys(), move |conn| {
            Ok(review::table
                .filter(review::organisation_id.eq(id))
                .order(review::id.desc())
                .select(review::id)
                .first(conn)?)
        })
        .unwrap()
}

/// Everything that does not agree with what is stored and recorded.
fn differences(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for verify in [
        portal::returns::verify,
        portal::review::verify,
        portal::corrections::verify,
        portal::publication::verify,
    ] {
        all.extend(world.db().read_now(everybodys(), verify).unwrap().1);
    }
    all.into_iter().map(|difference| format!("{}: {}", difference.what, difference.how)).collect()
}
