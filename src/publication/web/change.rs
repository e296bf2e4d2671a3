//! Changing a release from a form: with the permit for it, and only while it is as the form saw it.

use crate::access::{Action, Actor, Permit};
use crate::ledger::Recorded;
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::http::Portal;
use crate::publication::pipeline;
use crate::publication::release::ReleaseSummary;

/// Changes the release of this key if it still has the version that was seen.
///
/// # Errors
/// As [`pipeline::permitted`], and what the change says is wrong.
pub(super) async fn change<A, T, F>(
    portal: &Portal,
    actor: &Actor,
    (key, seen): (&str, &str),
    verb: F,
) -> Result<T>
where
    A: Action,
    T: Send + 'static,
    F: FnOnce(&mut Tx<'_>, &Permit<A>, &ReleaseSummary) -> Result<Recorded<T>> + Send + 'static,
{
    let (who, key, seen) = (actor.clone(), key.to_owned(), seen.to_owned());
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let (permit, release) = pipeline::permitted::<A>(tx, &who, &key, &seen)?;
            verb(tx, &permit, &release)
        })
        .await
}
