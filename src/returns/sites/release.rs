//! Giving a site its return back when its head office, which submitted it before, has left it out since. What was
//! submitted stands until the site submits itself; its answers wait to be confirmed.

use diesel::prelude::*;

use super::compose::HeadOffice;
use super::file::{Ended, There};
use super::model::LineState;
use crate::platform::canonical::to_string;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::returns::model::{ReturnState, Step};
use crate::returns::start::insert_answers;
use crate::returns::submission::submission;
use crate::schema::{annual_return, return_filer};

/// Why the return is open again, in the words that its next submission keeps.
const REASON: &str = "The head office no longer submits for this site.";

/// Puts a return back to draft with the answers that were submitted for the site; part of the change that records it.
pub(super) fn release(
    tx: &mut Tx<'_>,
    head: &HeadOffice,
    site: OrganisationId,
    there: &There,
) -> Result<Ended> {
    if there.head_office != Some(head.filing.organisation) {
        return Ok(Ended::failed("It is not yours to give back."));
    }
    let Some(to) = there.state.after(Step::Reopen) else {
        return Ok(Ended::failed("Its return has been reviewed already."));
    };
    let moved = diesel::update(
        annual_return::table
            .filter(annual_return::id.eq(there.id))
            .filter(annual_return::version.eq(there.version))
            .filter(annual_return::state.eq(ReturnState::Submitted)),
    )
    .set((
        annual_return::state.eq(to),
        annual_return::version.eq(there.version + 1),
        annual_return::reopened_reason.eq(Some(REASON)),
    ))
    .execute(tx.conn())?;
    if moved != 1 {
        return Err(Error::Conflict("The return of a site has moved on.".to_owned()));
    }
    diesel::update(return_filer::table.filter(return_filer::return_id.eq(there.id)))
        .set(return_filer::head_office_id.eq(None::<OrganisationId>))
        .execute(tx.conn())?;
    let before = there.submission.ok_or_else(|| Error::broken("a filed return has no submission"))?;
    let mut rows = Vec::new();
    for answer in submission(tx.conn(), before)?.parsed()?.answers {
        let said = !answer.value.is_null() || !answer.comment.is_empty();
        if let Some(id) = head.edition.requirement_id(&answer.requirement).filter(|_| said) {
            rows.push((id, to_string(&answer.value)?, answer.comment));
        }
    }
    insert_answers(tx, (there.id, site, Some(before)), &rows)?;
    Ok(Ended { state: LineState::Released, said: String::new(), stands: None })
}
