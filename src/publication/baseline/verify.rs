//! Drawing every baselining sample again from its seed, and holding it against what is stored and what the ledger says.

use serde_json::Value;

use super::model::{BaselinePlan, Codes};
use super::store;
use super::strata::{allocated, read, taken};
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// Draws every sample again; how many there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let told = ledger::told(conn, &["baseline_drawn"])?;
    let seeds = ledger::told(conn, &["baseline_planned"])?;
    let draws = store::draws(conn, None)?;
    let mut differences = Vec::new();
    for draw in &draws {
        let subject = format!("baseline/{}", draw.collection);
        let mut wrong = Vec::new();
        let again = again(draw)?;
        if again.as_deref() != Some(draw.taken.as_str()) {
            wrong.push("its seed draws another sample than the one that is stored");
        }
        let mut kept = store::member_codes(conn, draw.collection)?;
        // Strata of which nobody was drawn have no rows.
        for stratum in draw.taken()?.into_keys() {
            kept.entry(stratum).or_default();
        }
        if to_string(&kept)? != draw.taken {
            wrong.push("its members are not the ones that were drawn");
        }
        let event = told.get(&subject);
        let says = |name: &str, text: &str| {
            let recorded = event.and_then(|data| data.get(name)).and_then(Value::as_str);
            recorded == Some(hex(&sha256(text.as_bytes())).as_str())
        };
        let all = says("frame_sha256", &draw.frame)
            && says("strata_sha256", &draw.strata)
            && says("taken_sha256", &draw.taken);
        if !all {
            wrong.push("the ledger does not tell of this draw");
        }
        let seed = seeds.get(&subject).and_then(|data| data.get("seed")).and_then(Value::as_str);
        if seed != Some(draw.seed.as_str()) {
            wrong.push("the ledger has another seed");
        }
        differences
            .extend(wrong.into_iter().map(|how| Difference { what: subject.clone(), how: how.to_owned() }));
    }
    Ok((draws.len(), differences))
}

/// What the seed takes now; none when the strata cannot even be allocated.
fn again(draw: &store::Drawn) -> Result<Option<String>> {
    let (mut strata, frame) = (draw.strata()?, read::<Codes>(&draw.frame)?);
    let before = strata.clone();
    let plan =
        BaselinePlan { size: draw.size, minimum: draw.minimum, method: draw.method, ..BaselinePlan::FIRST };
    let fits = strata
        .iter()
        .all(|one| frame.get(&one.key).is_some_and(|codes| codes.len() as u64 == one.population));
    if !fits || allocated(&mut strata, &plan).is_err() || strata != before {
        return Ok(None);
    }
    to_string(&taken(&draw.seed, &strata, &frame)).map(Some)
}
