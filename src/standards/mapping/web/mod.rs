//! Mappings in the browser: everybody signed in reads them, the standards editor makes them.

mod draft;
mod file;
mod line;
mod list;
mod one;

use super::store::{self, Ends, Mapping, VersionRow};
use crate::access::{Action, Actor, EditMapping, Permit};
use crate::ledger::Recorded;
use crate::platform::db::{Reach, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, Routes, resource};
use crate::platform::ids::MappingId;
use crate::platform::pages::FormErrors;

/// The pages of mappings.
pub(in crate::standards) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/standards/mappings{address}")).name(&format!("standards-mapping{name}"))
    };
    routes
        .service(page("s", "").get(list::list).post(list::begin))
        .service(page("", "/{mapping}").get(one::show))
        .service(page("-csv", "/{mapping}/csv").get(file::download))
        .service(page("-upload", "/{mapping}/upload").get(file::form).post(file::upload))
        .service(page("-in-force", "/{mapping}/in-force").post(draft::put_in_force))
        .service(page("-discard", "/{mapping}/discard").post(draft::discard))
        .service(page("-to", "/{mapping}/to/{code}").get(line::comes).post(line::decide_coming))
        .service(page("-from", "/{mapping}/from/{code}").get(line::ends).post(line::decide_ending));
}

/// A mapping with its editions.
struct Read {
    mapping: Mapping,
    ends: Ends,
    versions: Vec<VersionRow>,
}

impl Read {
    /// Whether somebody may change it.
    fn must_be_editable(&self, actor: &Actor) -> Result<()> {
        Permit::<EditMapping>::grant(actor, Some(self.mapping.subject())).map(|_| ())
    }
}

async fn read(portal: &Portal, id: &str) -> Result<Read> {
    let id: MappingId = id.parse().map_err(|_| Error::NotFound)?;
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let mapping = store::mapping(conn, id)?;
            let ends = Ends::of(conn, &mapping)?;
            let versions = store::versions(conn, mapping.from, mapping.to)?;
            Ok(Read { mapping, ends, versions })
        })
        .await
}

/// Does something to a mapping, permitted on what it is when the change is made and not when the page was read.
async fn change<A: Action, T: Send + 'static>(
    portal: &Portal,
    actor: &Actor,
    id: MappingId,
    verb: impl FnOnce(&mut Tx<'_>, &Permit<A>) -> Result<Recorded<T>> + Send + 'static,
) -> Result<T> {
    let actor = actor.clone();
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let subject = store::mapping(tx.conn(), id)?.subject();
            verb(tx, &Permit::<A>::grant(&actor, Some(subject))?)
        })
        .await
}

/// The revision that a form was about.
fn revision(fields: &Fields) -> Result<i64> {
    let typed = fields.one("revision");
    typed.parse().map_err(|_| Error::field("revision", "The form is incomplete. Load the page again"))
}

/// What is said where a colleague was first.
fn changed_meanwhile() -> FormErrors {
    let mut errors = FormErrors::new();
    errors.add_whole("A colleague changed the mapping in the meantime. Nothing was saved: look at what it says now, and save again");
    errors
}
