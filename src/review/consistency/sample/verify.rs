//! Drawing every sample again from its seed, and holding it against what is stored and what the ledger says.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use super::store;
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::SubmissionId;
use crate::review::consistency::model::drawn;
use crate::schema::blind_case;

/// Draws every sample again; how many draws there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let told = ledger::told(conn, &["sample_drawn"])?;
    let draws = store::draws(conn, None)?;
    let mut differences = Vec::new();
    for draw in &draws {
        let subject = format!("sample/{}/{}", draw.collection, draw.number);
        let strata = draw.strata()?;
        let again: BTreeSet<SubmissionId> = strata
            .iter()
            .flat_map(|stratum| drawn(&draw.seed, draw.share, stratum, |text| sha256(text.as_bytes())))
            .collect();
        let kept: Vec<SubmissionId> = blind_case::table
            .filter(blind_case::draw_id.eq(draw.id))
            .select(blind_case::submission_id)
            .load(conn)?;
        let mut wrong = Vec::new();
        if to_string(&again)? != draw.taken || kept.into_iter().collect::<BTreeSet<_>>() != again {
            wrong.push("its seed draws another sample than the one that is stored");
        }
        let event = told.get(&subject);
        let says = |name: &str, text: &str| {
            let recorded = event.and_then(|data| data.get(name)).and_then(Value::as_str);
            recorded == Some(hex(&sha256(text.as_bytes())).as_str())
        };
        if !says("population_sha256", &draw.population) || !says("taken_sha256", &draw.taken) {
            wrong.push("the ledger does not tell of this draw");
        }
        differences
            .extend(wrong.into_iter().map(|how| Difference { what: subject.clone(), how: how.to_owned() }));
    }
    Ok((draws.len(), differences))
}
