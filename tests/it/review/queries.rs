//! Questions of reviewers as threads, through HTTP: what each side may say and when, evidence, time, the clock, reminders,
//! lists, and what happens when two are at it at once.

mod clock;
mod evidence;
mod lists;
mod mistakes;
mod racing;
mod reminders;
mod threads;
mod time;
mod told;
mod verified;

use diesel::prelude::*;
use portal::access::OrganisationRole::Contributor;
use portal::platform::clock::Timestamp;
use portal::platform::ids::PersonId;
use portal::schema::review;

use crate::review::Scene;
use crate::support::{Browser, everybodys};

impl Scene {
    /// When the review is due, and since when its clock stands still.
    fn clock(&self) -> (Timestamp, Option<Timestamp>) {
        let id = self.id;
        self.world
            .db()
            .read_now(everybodys(), move |conn| {
                Ok(review::table
                    .filter(review::id.eq(id))
                    .select((review::due_at, review::clock_stopped_at))
                    .first(conn)?)
            })
            .unwrap()
    }

    /// The thread of a question for the reviewer, whose address for the organisation is given.
    fn thread(&self, at: &str) -> String {
        self.at(&format!("/queries/{}", at.rsplit('/').next().unwrap()))
    }

    /// A contributor who was given the first requirement.
    fn contributor(&self, name: &str, codes: &[&str]) -> PersonId {
        let person = self.world.person(name, &[(self.trust.id, Contributor)], &[]);
        if !codes.is_empty() {
            // What was given while the return was a draft stays given.
            let (trust, codes) =
                (self.trust.clone(), codes.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
            self.world
                .db()
                .housekeep_now(everybodys(), move |tx| {
                    use portal::schema::answer_owner;
                    let now = tx.now();
                    let found =
                        portal::returns::find(tx.conn(), portal::returns::Which::Of(trust.id, "2026"))?
                            .unwrap();
                    for code in &codes {
                        diesel::insert_into(answer_owner::table)
                            .values((
                                answer_owner::return_id.eq(found.id),
                                answer_owner::requirement_id.eq(found.edition.requirement_id(code).unwrap()),
                                answer_owner::organisation_id.eq(trust.id),
                                answer_owner::person_id.eq(person),
                                answer_owner::due_on.eq("2026-06-01"),
                                answer_owner::given_at.eq(now),
                            ))
                            .execute(tx.conn())?;
                    }
                    Ok(())
                })
                .unwrap();
        }
        person
    }
}

/// Drafts an answer, and gives the address of the draft.
async fn draft(browser: &mut Browser, at: &str, text: &str) -> String {
    browser.get(at).await.expect(200);
    browser.post(at, &[("reply", text), ("do", "draft")]).await.expect(303).location()
}

/// The three parts of a day so many days from now, as fields of this name.
fn day(scene: &Scene, name: &str, days: i64) -> Vec<(String, String)> {
    let date = scene.world.now().plus_seconds(days * 86_400).london_day().date();
    vec![
        (format!("{name}-day"), date.day().to_string()),
        (format!("{name}-month"), date.month().to_string()),
        (format!("{name}-year"), date.year().to_string()),
    ]
}

/// Posts fields of which some were made.
async fn post(
    browser: &mut Browser,
    at: &str,
    made: &[(String, String)],
    fields: &[(&str, &str)],
) -> crate::support::Answer {
    let mut all: Vec<(&str, &str)> =
        made.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(fields);
    browser.post(at, &all).await
}
