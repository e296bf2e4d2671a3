//! Which requirements still block, found without reading the answers: the database says which are confirmed and need no
//! second look, and only the few whose value or evidence decides are read. The rule itself stays in [`Line::reason`].

use super::store::{self, Glance};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::RequirementId;
use crate::returns::model::{AnswerState, StoredAnswer};
use crate::returns::readiness::{Line, read_value};
use crate::returns::sharing::Sight;
use crate::returns::store::Found;
use crate::standards::Asked;

/// Positions of the requirements that this person sees and that block at this moment, because they count and are not
/// settled or because of faulty evidence beside what is confirmed; `glance` where it has been taken already.
pub(super) fn unsettled(
    conn: &mut Conn,
    found: &Found,
    sight: &Sight,
    now: Timestamp,
    glance: Option<Glance>,
) -> Result<Vec<usize>> {
    let (edition, today) = (found.edition.edition(), now.london_day());
    let Glance { mut settled, doubtful, faulty } = match glance {
        Some(glance) => glance,
        None => store::glance(conn, found, today)?,
    };
    settled.retain(|id| !faulty.contains(id));
    let asked = edition.asked_of(found.sector, found.profile_key()?.as_ref());
    let doubtful: Vec<RequirementId> = doubtful.difference(&faulty).copied().collect();
    if !doubtful.is_empty() {
        for (answer, files) in store::look(conn, found.id, &doubtful)? {
            if says_all(found, &answer, files, &asked)? {
                settled.insert(answer.requirement);
            }
        }
    }
    let ids = found.edition.requirement_ids();
    let all = edition.requirements().iter().zip(ids.iter()).zip(&asked).enumerate();
    Ok(all
        .filter(|(_, ((requirement, id), asked))| {
            let missing = || {
                **asked == Asked::Mandatory
                    && !settled.contains(id)
                    && found.excuse(requirement, **asked, today).is_none()
            };
            **asked != Asked::NotAsked && sight.shows(**id) && (faulty.contains(id) || missing())
        })
        .map(|(place, _)| place)
        .collect())
}

/// Whether a confirmed answer whose value decides says all that is asked; its evidence was found sound.
fn says_all(found: &Found, answer: &StoredAnswer, files: usize, asked: &[Asked]) -> Result<bool> {
    let place = found.edition.position_of(answer.requirement);
    let requirement = place.and_then(|place| found.edition.edition().requirements().get(place));
    let Some((requirement, place)) = requirement.zip(place) else { return Ok(false) };
    let line = Line {
        requirement,
        id: answer.requirement,
        asked: asked.get(place).copied().unwrap_or(Asked::NotAsked),
        answer: Some(answer),
        value: read_value(requirement, &answer.value)?,
        files,
        excuse: None,
        fault: None,
        evident: false,
    };
    Ok(answer.state == AnswerState::Confirmed && line.reason().is_none())
}
