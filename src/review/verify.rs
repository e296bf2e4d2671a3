//! Verification of reviews: the score of every review that is finished is computed again from its decisions.

use diesel::prelude::*;
use serde_json::Value;

use super::case::{Case, rule_set_of};
use super::consistency;
use super::finish::assess;
use super::letters::{self, in_force};
use super::model::ReviewState;
use super::sites;
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ReviewId;
use crate::schema::review;

/// What is stored with a finished review: grade, levels and score.
type Stored = (Option<String>, Option<Vec<u8>>, Option<String>);

/// Recomputes every finished review; how many there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let told = ledger::told(conn, &["review_finished", "review_decided"])?;
    let concluded = ledger::told(conn, &["review_concluded"])?;
    let all: Vec<(ReviewId, ReviewState, Stored)> = review::table
        .filter(review::state.eq_any([ReviewState::Second, ReviewState::Decided]))
        .order(review::id)
        .select((
            review::id,
            review::state,
            (review::assessed_grade, review::assessed_levels, review::assessed_score),
        ))
        .load(conn)?;
    let mut differences = Vec::new();
    for (id, state, stored) in &all {
        let case = as_finished(conn, *id, stored)?;
        let stands = in_force(conn, *id)?.filter(|_| *state == ReviewState::Decided);
        let event = match &stands {
            Some(conclusion) => concluded.get(&format!("review/{id}/conclusion/{}", conclusion.number)),
            None => told.get(&format!("review/{id}")),
        };
        let mut found = against_ledger(event, stored);
        match assess(conn, &case) {
            Err(error) => found.push(format!("its score cannot be computed: {error}")),
            Ok(both) => {
                let (grade, levels, score) = stored;
                if score.as_deref() != Some(both.assessed.to_canonical_json().as_str()) {
                    found.push("its stored score is not the one that its decisions give".to_owned());
                }
                if levels.as_deref() != Some(&both.assessed.levels_vector()[..]) {
                    found.push("its stored levels are not the ones that its decisions give".to_owned());
                }
                if grade.as_deref() != Some(both.assessed.grade.as_str()) {
                    let stored = grade.as_deref().unwrap_or("nothing");
                    found.push(format!(
                        "its decisions give {}, stored is {stored}",
                        both.assessed.grade.as_str()
                    ));
                }
            }
        }
        differences.extend(found.into_iter().map(|how| Difference { what: format!("review {id}"), how }));
    }
    differences.extend(letters::verify(conn)?);
    let (sites, of_sites) = sites::verify(conn)?;
    differences.extend(of_sites);
    let (samples, of_samples) = consistency::verify_samples(conn)?;
    differences.extend(of_samples);
    differences.extend(super::queries::verify(conn)?);
    Ok((all.len() + sites + samples, differences))
}

/// The case under the rules that its score was made by. What was altered may not even name its rules: then those in force
/// show that it differs.
fn as_finished(conn: &mut Conn, id: ReviewId, (_, _, score): &Stored) -> Result<Case> {
    let Ok(rule_set) = rule_set_of(score.as_deref().unwrap_or_default()) else {
        return Case::load(conn, id);
    };
    match Case::load(conn, id)?.under(conn, &rule_set) {
        Err(Error::NotFound) => Case::load(conn, id),
        found => found,
    }
}

/// How a review differs from what was recorded when it was finished, or when the conclusion in force was made.
fn against_ledger(event: Option<&Value>, (_, _, score): &Stored) -> Vec<String> {
    let Some(event) = event else {
        return vec!["no event in the ledger tells of its end".to_owned()];
    };
    let hash = hex(&sha256(score.as_deref().unwrap_or_default().as_bytes()));
    match event.get("score_sha256").and_then(Value::as_str) {
        Some(recorded) if recorded == hash => Vec::new(),
        recorded => {
            vec![format!("its score hashes to {hash}, the ledger has {}", recorded.unwrap_or("nothing"))]
        }
    }
}
