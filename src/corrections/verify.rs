//! Verification of corrections: documents against their hashes and the ledger, the rules that they make, and every result
//! computed again from the frozen snapshot of its submission, before and after.

use serde_json::Value;

use super::compute::reassessed;
use super::keep;
use super::model::Run;
use super::store::{self, Correction};
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, SubmissionId};
use crate::returns;
use crate::schema::{annual_return, corrected_result as table, review, site_outcome, submission};
use crate::standards::correcting::edition_under;
use diesel::prelude::*;

/// Recomputes every correction that was ever in force; how many results there are and everything that differs.
///
/// # Errors
/// When the database cannot be asked.
pub fn verify(conn: &mut Conn) -> Result<(usize, Vec<Difference>)> {
    let told = ledger::told(conn, &["rules_corrected"])?;
    let (mut results, mut differences) = (0, Vec::new());
    for correction in store::corrections(conn, None)? {
        if !correction.state.was_in_force() {
            continue;
        }
        let what = || format!("correction {} of {}", correction.number, correction.edition_key);
        let event = told.get(&format!("rule-correction/{}", correction.id));
        for how in of_document(conn, &correction, event)? {
            differences.push(Difference { what: what(), how });
        }
        let (count, found) = of_results(conn, &correction)?;
        results += count;
        differences.extend(
            found
                .into_iter()
                .map(|(id, how)| Difference { what: format!("{}, submission {id}", what()), how }),
        );
    }
    Ok((results, differences))
}

fn of_document(conn: &mut Conn, of: &Correction, event: Option<&Value>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let recorded = |name: &str| event.and_then(|data| data.get(name)).and_then(Value::as_str);
    let document = hex(&sha256(of.document.as_bytes()));
    let results = hex(&keep::results_hash(conn, of.id)?);
    for (what, name, now) in
        [("document", "document_sha256", &document), ("results", "results_sha256", &results)]
    {
        if recorded(name) != Some(now.as_str()) {
            let recorded = recorded(name).unwrap_or("nothing");
            found.push(format!("its {what} hash to {now}, the ledger has {recorded}"));
        }
    }
    match edition_under(conn, of.edition, &of.rule_set) {
        Ok(rules) if rules.hash().as_bytes()[..] == of.rules_hash[..] => {}
        Ok(_) | Err(Error::Internal { .. } | Error::NotFound) => {
            found.push("its document does not make the rules that it was approved with".to_owned());
        }
        Err(error) => return Err(error),
    }
    Ok(found)
}

/// What is stored of one result.
type Stored = (SubmissionId, EditionId, String, String, Option<String>, i64, i64);

fn of_results(conn: &mut Conn, of: &Correction) -> Result<(usize, Vec<(SubmissionId, String)>)> {
    let rows: Vec<Stored> = table::table
        .inner_join(annual_return::table.on(annual_return::id.eq(table::return_id)))
        .filter(table::correction_id.eq(of.id))
        .filter(table::run.eq(Run::Result.as_str()))
        .order(table::submission_id)
        .select((
            table::submission_id,
            annual_return::edition_id,
            table::sector,
            table::new_claimed,
            table::new_assessed,
            table::new_met,
            table::new_asked,
        ))
        .load(conn)?;
    let mut found = Vec::new();
    for (id, edition, _, claimed, assessed, met, asked) in &rows {
        let rules = edition_under(conn, *edition, &of.rule_set)?;
        let sent = returns::submission(conn, *id)?;
        let score = returns::score_of(&sent.parsed()?, &rules, sent.submitted_at.london_day())?;
        if score.grade.as_str() != claimed {
            found.push((*id, format!("its answers give {}, stored is {claimed}", score.grade.as_str())));
        }
        let counted = (i64::from(score.totals.met), i64::from(score.totals.asked));
        if assessed.is_none() && counted != (*met, *asked) {
            found.push((*id, "its answers do not meet as many requirements as is stored".to_owned()));
        }
        if let (Some(stored), Some(levels)) = (assessed, assessed_levels(conn, of, *id)?) {
            let day = sent.submitted_at.london_day();
            let answers = returns::score_input(&sent.parsed()?, &rules, day)?;
            let again = reassessed(&rules, &answers, &sent.levels, &levels)?;
            if again.grade.as_str() != stored
                || (i64::from(again.met), i64::from(again.asked)) != (*met, *asked)
            {
                found.push((*id, format!("its review gives {}, stored is {stored}", again.grade.as_str())));
            }
        }
    }
    Ok((rows.len(), found))
}

/// The levels that a final review gave, where it was final before the correction and has not been decided again since.
fn assessed_levels(conn: &mut Conn, of: &Correction, id: SubmissionId) -> Result<Option<Vec<u8>>> {
    type Row = (Option<Vec<u8>>, Option<Timestamp>, Option<Vec<u8>>, Option<Timestamp>);
    let found: Option<Row> = submission::table
        .left_join(review::table.on(review::submission_id.eq(submission::id)))
        .left_join(site_outcome::table.on(site_outcome::submission_id.eq(submission::id)))
        .filter(submission::id.eq(id))
        .select((
            review::assessed_levels.nullable(),
            review::decided_at.nullable(),
            site_outcome::assessed_levels.nullable(),
            site_outcome::decided_at.nullable(),
        ))
        .first(conn)
        .optional()?;
    let Some((own, own_at, of_head_office, head_office_at)) = found else { return Ok(None) };
    let before = |at: Option<Timestamp>| at.is_some_and(|at| of.in_force_at.is_some_and(|since| at <= since));
    Ok(of_head_office.filter(|_| before(head_office_at)).or(own.filter(|_| before(own_at))))
}
