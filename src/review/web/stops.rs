//! Keeping where a reviewer is, without making the page wait longer than it must.

use std::time::Duration;

use crate::access::Actor;
use crate::platform::db::{Db, Reach};
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::platform::ids::{OrganisationId, PersonId, RequirementId, ReviewId};
use crate::review::workspace::{Desk, Places, Then, keep_place};

/// How long somebody who leafs on is waited for.
const PAUSE: Duration = Duration::from_secs(5);

/// Keeps where the review's reviewer is now; nothing for whoever only looks in.
pub(super) async fn keep(portal: &Portal, actor: &Actor, desk: &Desk) -> Result<()> {
    let Some(stop) = desk.stop else { return Ok(()) };
    let review = &desk.case.found.review;
    let places = portal.kept.of::<Places>();
    let keeper = Keeper {
        db: portal.db.clone(),
        reach: actor.central_reach()?,
        whose: (stop.me, review.id),
        organisation: review.organisation,
    };
    match places.note(review.id, &stop, portal.clock.now()) {
        Then::Nothing => {}
        Then::Store => keeper.store(stop.at).await,
        Then::StoreLater => drop(tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE).await;
                let Some(at) = places.of(keeper.whose) else { return };
                keeper.store(at).await;
                if places.stored(keeper.whose, at) {
                    return;
                }
            }
        })),
    }
    Ok(())
}

struct Keeper {
    db: Db,
    reach: Reach,
    whose: (PersonId, ReviewId),
    organisation: OrganisationId,
}

impl Keeper {
    async fn store(&self, at: RequirementId) {
        let ((me, review), organisation) = (self.whose, self.organisation);
        let kept =
            self.db.housekeep(self.reach, move |tx| keep_place(tx, me, (review, organisation), at)).await;
        if let Err(error) = kept {
            // A convenience: the page is worth more than the place.
            log::warn!(target: "portal::review", "the place of a reviewer was not kept: {error}");
        }
    }
}
