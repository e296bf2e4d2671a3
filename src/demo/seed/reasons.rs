//! The first reasons of the reviewers' library, so that the demo's reviewer finds some beside a decision.

use diesel::prelude::*;

use crate::access::{AddReason, CentralRole, Permit, Subject};
use crate::identity;
use crate::platform::db::{Db, Reach};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::review::{NewReason, add_reason};
use crate::schema::central_role;

/// Title and words of each.
const REASONS: [(&str, &str); 3] = [
    (
        "Evidence is a draft",
        "The document attached is a draft. It names nobody who approved it and no day from which it holds.",
    ),
    (
        "Evidence does not show it",
        "The evidence shows that the matter was discussed, and not that what is claimed was done.",
    ),
    (
        "More than is claimed",
        "The evidence shows more than the organisation claims: the whole of what is asked has been in place all year.",
    ),
];

/// Adds the reasons as the first central reviewer.
pub(super) fn write(db: &Db) -> Result<()> {
    for (title, body) in REASONS {
        db.write_now(Reach::nobodys(), move |tx| {
            let reviewer: PersonId = central_role::table
                .filter(central_role::role.eq(CentralRole::CentralReviewer))
                .order(central_role::person_id)
                .select(central_role::person_id)
                .first(tx.conn())
                .optional()?
                .ok_or_else(|| Error::broken("the demo's central team has a reviewer"))?;
            let actor = identity::actor_of(tx.conn(), reviewer)?;
            let permit = Permit::<AddReason>::grant(&actor, Some(Subject::programme()))?;
            let new = NewReason { title: title.to_owned(), body: body.to_owned(), ..NewReason::default() };
            add_reason(tx, &permit, &new)
        })?;
    }
    Ok(())
}
