//! What blocks a return that is ready: the signatures that are still wanted.

use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::pages::{Aside, Link};
use crate::returns::readiness::return_href;
use crate::returns::signing::{Standing, standing};
use crate::returns::store::Found;

/// The signatures that are wanted, each with who could give it.
pub(super) fn wanted(conn: &mut Conn, found: &Found, today: Day) -> Result<Option<Aside>> {
    let all = standing(conn, found, today)?;
    let href = return_href(&found.code, &found.collection.key);
    let link = |one: &Standing| {
        let (role, who) = (one.role().words(), one.signatories.first());
        match who {
            None => {
                let people = format!("/organisations/{}/people", found.code);
                Link::new(format!("{role}: nobody in your organisation holds this role"), people)
            }
            Some(who) => Link::new(format!("{role}: {}", who.words()), format!("{href}/trial")),
        }
    };
    let links: Vec<Link> = all.iter().filter(|one| one.is_wanted()).map(link).collect();
    let summary = match links.len() {
        0 => return Ok(None),
        1 => "The return waits for 1 signature".to_owned(),
        many => format!("The return waits for {many} signatures"),
    };
    Ok(Some(Aside {
        summary,
        links,
        more: Link::new("See the steps that are left", format!("{href}/trial")),
    }))
}
