//! Making a board paper: the picture of this moment, kept and recorded, because it maps the organisation's weak points.

use serde_json::json;

use super::content::BoardPaper;
use crate::access::{MakeBoardPaper, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256, to_string};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::returns::Found;
use crate::standing::gather::gather;
use crate::standing::store::{self, NewPaper};

/// Board papers that a return can have.
pub const PAPERS_LIMIT: i64 = 200;

/// The most characters that the name of a meeting may have.
pub const MEETING_LIMIT: usize = 120;

/// Makes the next board paper of a return, for a meeting; gives its number.
///
/// # Errors
/// [`Error::Invalid`] when the meeting is not said; [`Error::Refused`] when the return has as many as it can; [`Error::Conflict`] when a colleague made one at the same
/// moment.
pub fn make_board_paper(
    tx: &mut Tx<'_>,
    permit: &Permit<MakeBoardPaper>,
    found: Found,
    meeting: &str,
) -> Result<Recorded<i64>> {
    if permit.id() != found.id.get() {
        return Err(Error::broken("the permit is for another return"));
    }
    must_be_meeting(meeting)?;
    let made_by = permit.actor().id().ok_or_else(|| Error::broken("a board paper is made by a person"))?;
    let (return_id, organisation, now) = (found.id, found.organisation, tx.now());
    let number = store::newest_paper(tx.conn(), return_id)? + 1;
    if number > PAPERS_LIMIT {
        return Err(Error::Refused(format!(
            "This return has {PAPERS_LIMIT} board papers, and can have no more. Use one of those."
        )));
    }
    let picture = gather(tx.conn(), found, now)?;
    let content = to_string(&BoardPaper::of(&picture, number, meeting, permit.actor()))?;
    let content_hash = sha256(content.as_bytes());
    let new = NewPaper { return_id, organisation, number, content: &content, content_hash, made_by };
    let id = store::keep_paper(tx, &new)?;
    let data = json!({"return": return_id, "number": number, "content_sha256": hex(&content_hash)});
    ledger::append(tx, &Event::of(permit, "board_paper_made", format!("board_paper/{id}"), data), number)
}

fn must_be_meeting(meeting: &str) -> Result<()> {
    if meeting.trim().is_empty() {
        Err(Error::field("meeting", "Enter which meeting the paper is for"))
    } else if meeting.chars().count() > MEETING_LIMIT {
        Err(Error::field("meeting", format!("The meeting must be {MEETING_LIMIT} characters or fewer")))
    } else if meeting.chars().any(char::is_control) {
        Err(Error::field("meeting", "The meeting must be one line of text"))
    } else {
        Ok(())
    }
}
