//! Verification of submissions: every snapshot's hash and every score are computed again from what is stored; interim
//! returns beside them.

use diesel::prelude::*;
use serde_json::Value;

use super::interim;
use super::sites;
use super::submission::{Submission, score_of, submission};
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{EditionId, SubmissionId};
use crate::schema::{annual_return, submission as table};
use crate::standards;

/// Recomputes every submission; how many there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let all: Vec<(SubmissionId, EditionId)> = table::table
        .inner_join(annual_return::table.on(annual_return::id.eq(table::return_id)))
        .order(table::id)
        .select((table::id, annual_return::edition_id))
        .load(conn)?;
    let told = ledger::told(conn, &["return_submitted"])?;
    let mut differences = interim::verify(conn)?;
    differences.extend(sites::verify(conn)?);
    for (id, edition) in &all {
        let stored = submission(conn, *id)?;
        let edition = standards::correcting::edition_under(conn, *edition, &stored.rule_set)?;
        let event = told.get(&format!("submission/{id}"));
        for how in against_ledger(&stored, event).into_iter().chain(differs(&stored, &edition)) {
            differences.push(Difference { what: format!("submission {id}"), how });
        }
    }
    Ok((all.len(), differences))
}

/// How one submission differs from what was recorded when it was sent.
fn against_ledger(stored: &Submission, event: Option<&Value>) -> Option<String> {
    let hash = hex(&sha256(stored.snapshot.as_bytes()));
    let recorded = event.and_then(|data| data.get("snapshot_hash")).and_then(Value::as_str);
    (recorded != Some(hash.as_str()))
        .then(|| format!("its snapshot hashes to {hash}, the ledger has {}", recorded.unwrap_or("nothing")))
}

/// How one submission differs from what follows from its snapshot.
fn differs(stored: &Submission, edition: &standards::Edition) -> Vec<String> {
    let mut found = Vec::new();
    let hash = sha256(stored.snapshot.as_bytes());
    if hash[..] != stored.snapshot_hash[..] {
        found.push(format!(
            "its snapshot hashes to {}, recorded was {}",
            hex(&hash),
            hex(&stored.snapshot_hash)
        ));
    }
    let score =
        stored.parsed().and_then(|snapshot| score_of(&snapshot, edition, stored.submitted_at.london_day()));
    match score {
        Err(error) => found.push(format!("its score cannot be computed: {error}")),
        Ok(score) => {
            if score.to_canonical_json() != stored.score {
                found.push("its stored score is not the one that its answers give".to_owned());
            }
            if score.levels_vector() != stored.levels {
                found.push("its stored levels are not the ones that its answers give".to_owned());
            }
            if score.grade.as_str() != stored.claimed_grade {
                found.push(format!(
                    "its answers give {}, stored is {}",
                    score.grade.as_str(),
                    stored.claimed_grade
                ));
            }
        }
    }
    found
}
