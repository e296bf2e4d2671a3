//! What is known of one organisation, read for one person of the central team.

use crate::access::{Action as _, Actor, ReadReview, Subject};
use crate::collections::{self, Collection};
use crate::identity::{self, Colleague, WaitingInvitation};
use crate::organisations::{self, HistoryEntry, OdsCode, Organisation, Page, Paged, Region, Relation};
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::platform::ids::{CollectionId, ReturnId, SubmissionId};
use crate::returns::{self, ReturnState};

/// Sites of a head office that are listed; their number is always told.
const SITES: i64 = 50;

/// Everything that the page is made from.
#[derive(Debug, Clone)]
pub(in crate::site) struct Known {
    pub organisation: Organisation,
    pub region: Option<Region>,
    pub successor: Option<Organisation>,
    pub head_office: Option<Organisation>,
    pub sites: Paged<Organisation>,
    /// Each with whether the other is in the register too.
    pub relations: Vec<(Relation, bool)>,
    pub history: Vec<HistoryEntry>,
    /// None for whoever may not review the organisation.
    pub returns: Option<Vec<ReturnOf>>,
    pub people: Vec<Colleague>,
    pub invited: Vec<WaitingInvitation>,
}

/// One return, as far as the central team needs to know.
#[derive(Debug, Clone)]
pub(in crate::site) struct ReturnOf {
    pub year: String,
    pub name: String,
    pub state: ReturnState,
    pub submitted: bool,
}

/// Reads everything that this person may see; none when there is no such organisation. Whoever may not review the
/// organisation does not read how far its returns have got, and only who can invite sees names and addresses.
///
/// # Errors
/// When the database cannot be asked.
pub(super) async fn known(
    portal: &Portal,
    code: OdsCode,
    actor: Actor,
    with_people: bool,
) -> Result<Option<Known>> {
    let (db, now) = (&portal.db, portal.clock.now());
    db.read(actor.central_reach()?, move |conn| {
        let Some(found) = organisations::by_code(conn, &code)? else { return Ok(None) };
        let reviews = Subject { kind: "review", id: 0, organisation: Some(found.id), state: "" };
        let (successor, head_office) = (found.successor_id, found.head_office_id);
        let region = found.region_code.clone();
        Ok(Some(Known {
            region: organisations::regions(conn)?.into_iter().find(|r| Some(&r.code) == region.as_ref()),
            successor: successor.map_or(Ok(None), |id| organisations::by_id(conn, id))?,
            head_office: head_office.map_or(Ok(None), |id| organisations::by_id(conn, id))?,
            sites: organisations::sites_of(conn, found.id, Page::new(1, SITES))?,
            relations: organisations::relations_of(conn, found.id)?
                .into_iter()
                .map(|relation| {
                    let code = OdsCode::strict(&relation.related_code);
                    let there = code.map_or(Ok(None), |code| organisations::by_code(conn, &code))?;
                    Ok((relation, there.is_some()))
                })
                .collect::<Result<_>>()?,
            history: organisations::history_of(conn, found.id)?,
            returns: if ReadReview::ROW.allows(&actor, &reviews).is_ok() {
                let started = returns::returns_of(conn, found.id)?;
                Some(by_collection(&started, collections::collections(conn)?))
            } else {
                None
            },
            people: if with_people { identity::colleagues(conn, found.id)? } else { Vec::new() },
            invited: if with_people {
                identity::waiting_invitations(conn, Some(found.id), now)?
            } else {
                Vec::new()
            },
            organisation: found,
        }))
    })
    .await
}

type Started = (CollectionId, ReturnId, ReturnState, Option<SubmissionId>);

/// The returns in the order of the collections, newest first.
fn by_collection(started: &[Started], all: Vec<Collection>) -> Vec<ReturnOf> {
    all.into_iter()
        .filter_map(|collection| {
            let (.., state, submission) = started.iter().find(|(of, ..)| *of == collection.id)?;
            Some(ReturnOf {
                year: collection.year_label,
                name: collection.name,
                state: *state,
                submitted: submission.is_some(),
            })
        })
        .collect()
}
