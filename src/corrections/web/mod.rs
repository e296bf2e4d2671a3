//! Corrections of rules in the browser: drafting, previewing and deciding for the central team, and what changed for one
//! return for its organisation.

mod decide;
mod draft;
mod list;
mod one;
mod organisation;
mod results;

use std::sync::Arc;

use super::store::{self, Correction};
use crate::access::{Action, Permit};
use crate::identity::Central;
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, Routes, resource};
use crate::platform::ids::RuleCorrectionId;
use crate::standards::{self, Edition};

/// The pages of corrections. To be registered before those of editions, whose addresses begin alike.
pub fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/standards/{{edition}}/corrections{address}"))
            .name(&format!("rule-correction{name}"))
    };
    routes
        .service(page("s", "").get(list::list))
        .service(page("-new", "/new").get(draft::new).post(draft::create))
        .service(page("", "/{number}").get(one::show))
        .service(page("-edit", "/{number}/edit").get(draft::edit).post(draft::change))
        .service(page("-preview", "/{number}/preview").post(decide::preview))
        .service(page("-discard", "/{number}/discard").post(decide::discard))
        .service(page("-decision", "/{number}/decision").post(decide::decide))
        .service(page("-results", "/{number}/results").get(results::list))
        .service(page("-results-csv", "/{number}/results.csv").get(results::csv))
        .service(
            resource("/organisations/{organisation}/returns/{year}/corrected")
                .name("return-corrected")
                .get(organisation::show),
        );
}

/// A correction with the rules before and after.
struct Read {
    correction: Correction,
    before: Arc<Edition>,
    after: Arc<Edition>,
}

async fn read(portal: &Portal, central: &Central, key: &str, number: &str) -> Result<Read> {
    let (key, number) = (key.to_owned(), number.parse::<i64>().map_err(|_| Error::NotFound)?);
    portal
        .db
        .read(central.reach, move |conn| {
            let (stored, _) = standards::edition_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            let correction = super::numbered(conn, stored.id(), number)?;
            let (before, after) = super::notices::both_rules(conn, &correction)?;
            Ok(Read { correction, before, after })
        })
        .await
}

/// Does something to a correction, permitted on what it is when the change is made and not when the page was read.
async fn change<A: Action>(
    portal: &Portal,
    central: &Central,
    id: RuleCorrectionId,
    verb: impl FnOnce(&mut Tx<'_>, &Permit<A>) -> Result<Recorded<()>> + Send + 'static,
) -> Result<()> {
    let actor = central.by.actor.clone();
    portal
        .db
        .write(central.reach, move |tx| {
            let subject = store::correction(tx.conn(), id)?.subject();
            verb(tx, &Permit::<A>::grant(&actor, Some(subject))?)
        })
        .await
}

/// The version that a form was about.
fn version(fields: &Fields) -> Result<i64> {
    let typed = fields.one("version");
    typed.parse().map_err(|_| Error::field("version", "The form is incomplete. Load the page again"))
}
