//! Keeping a settled disagreement as a case for training, and taking one out of use.

use diesel::prelude::*;
use serde_json::json;

use super::anonymous::telling;
use crate::access::{MakeGoldCase, Permit, RetireGoldCase};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ComparisonId, GoldId};
use crate::returns;
use crate::review::claim::person;
use crate::review::consistency::blind::{BlindSheet, find_case};
use crate::review::consistency::figures::choices_of;
use crate::review::consistency::model::GoldState;
use crate::review::consistency::moderation::{Disagreement, disagreement};
use crate::review::reading::value_of;
use crate::schema::gold_case;

/// The longest text of a case, in characters.
const LIMIT: usize = 8000;

/// What a moderator keeps.
#[derive(Debug, Clone)]
pub struct GoldDraft {
    /// The answer as reviewers will read it.
    pub answer: String,
    /// Why the agreed status holds.
    pub rationale: String,
}

/// Keeps the permit's disagreement as a case. Nothing leads back from the case to the organisation.
///
/// # Errors
/// [`Error::Invalid`] for an empty text, or one that still holds the organisation's code, a part of its name or an
/// address.
pub fn make_gold_case(
    tx: &mut Tx<'_>,
    permit: &Permit<MakeGoldCase>,
    draft: &GoldDraft,
) -> Result<Recorded<GoldId>> {
    let (now, me) = (tx.now(), person(permit)?);
    let of = disagreement(tx.conn(), ComparisonId::new(permit.id()))?;
    let agreed = of.settled.ok_or_else(|| Error::broken("a settled disagreement has a status"))?;
    let case = find_case(tx.conn(), of.case)?;
    let sheet = BlindSheet::load(tx.conn(), case)?;
    let (requirement, _) = sheet.requirement(&of.code).ok_or(Error::NotFound)?;
    if !choices_of(requirement).iter().any(|status| i64::from(status.byte()) == agreed) {
        return Err(Error::Refused(
            "Nobody can practise on a status that only one organisation can have.".to_owned(),
        ));
    }
    for (field, text) in [("answer", &draft.answer), ("rationale", &draft.rationale)] {
        if text.trim().is_empty() {
            return Err(Error::field(field, format!("Enter the {field}")));
        }
        if text.chars().count() > LIMIT {
            return Err(Error::field(field, format!("The {field} can have at most {LIMIT} characters")));
        }
        if let Some(what) = telling(text, &sheet.name, &sheet.code) {
            return Err(Error::field(field, format!("Take out what could tell whose answer it is: {what}")));
        }
    }
    let id: GoldId = diesel::insert_into(gold_case::table)
        .values((
            gold_case::edition_id.eq(sheet.edition.id()),
            gold_case::requirement_id.eq(of.requirement),
            gold_case::state.eq(GoldState::InUse),
            gold_case::answer.eq(&draft.answer),
            gold_case::claimed.eq(of.claimed),
            gold_case::agreed.eq(agreed),
            gold_case::rationale.eq(&draft.rationale),
            gold_case::made_by.eq(me),
            gold_case::made_at.eq(now),
        ))
        .returning(gold_case::id)
        .get_result(tx.conn())?;
    let text = format!("{}\n{}", draft.answer, draft.rationale);
    let data = json!({"gold": id, "agreed": agreed, "text_sha256": hex(&sha256(text.as_bytes()))});
    let event = Event::of(permit, "gold_case_made", format!("comparison/{}", of.id), data);
    ledger::append(tx, &event, id)
}

/// The answer of a disagreement in words, one paragraph a line, with its comment.
pub(in crate::review) fn answer_words(sheet: &BlindSheet, of: &Disagreement) -> Result<String> {
    let (requirement, _) = sheet.requirement(&of.code).ok_or(Error::NotFound)?;
    let answer = sheet.answer(&of.code)?;
    let mut words =
        value_of(requirement, &answer)?.map(|value| returns::words(requirement, &value)).unwrap_or_default();
    if !answer.comment.trim().is_empty() {
        words.push(answer.comment.clone());
    }
    Ok(words.join("\n"))
}

/// Takes the permit's case out of training. What people made of it stays.
///
/// # Errors
/// [`Error::Conflict`] when somebody else did.
pub fn retire_gold_case(tx: &mut Tx<'_>, permit: &Permit<RetireGoldCase>) -> Result<Recorded<()>> {
    let id = GoldId::new(permit.id());
    let retired = diesel::update(
        gold_case::table.filter(gold_case::id.eq(id)).filter(gold_case::state.eq(GoldState::InUse)),
    )
    .set(gold_case::state.eq(GoldState::Retired))
    .execute(tx.conn())?;
    if retired == 0 {
        return Err(Error::Conflict("The case has been retired already.".to_owned()));
    }
    ledger::append(tx, &Event::of(permit, "gold_case_retired", format!("gold/{id}"), json!({})), ())
}
