//! Verification of reviews: the score of every review that is finished is computed again from its decisions.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use super::case::Case;
use super::finish::assess;
use super::model::ReviewState;
use super::sites;
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;
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
    let all: Vec<(ReviewId, Stored)> = review::table
        .filter(review::state.eq_any([ReviewState::Second, ReviewState::Decided]))
        .order(review::id)
        .select((review::id, (review::assessed_grade, review::assessed_levels, review::assessed_score)))
        .load(conn)?;
    let mut differences = Vec::new();
    for (id, stored) in &all {
        let case = Case::load(conn, *id)?;
        let mut found = against_ledger(&told, *id, stored);
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
    let (sites, of_sites) = sites::verify(conn)?;
    differences.extend(of_sites);
    Ok((all.len() + sites, differences))
}

/// How a review differs from what was recorded when it was finished.
fn against_ledger(told: &BTreeMap<String, Value>, id: ReviewId, (_, _, score): &Stored) -> Vec<String> {
    let Some(event) = told.get(&format!("review/{id}")) else {
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
