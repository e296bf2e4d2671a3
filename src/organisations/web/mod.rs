//! The register in the browser, for the central team: imports, the quarantine, and the search.

mod imports;
mod quarantine;
mod search;

use crate::access::{Action, Actor, Subject};
use crate::platform::http::{Routes, resource};

/// The pages of the register.
pub fn routes(routes: &mut Routes) {
    super::corrections::routes(routes);
    routes
        .service(resource("/organisations").name("organisations").get(search::search))
        .service(resource("/imports").name("imports").get(imports::list))
        .service(resource("/imports/new").name("imports-new").get(imports::new).post(imports::upload))
        .service(resource("/imports/{id}").name("imports-one").get(imports::show))
        .service(resource("/quarantine").name("quarantine").get(quarantine::list))
        .service(resource("/quarantine/{id}").name("quarantine-row").get(quarantine::show))
        .service(resource("/quarantine/{id}/resolve").name("quarantine-resolve").post(quarantine::correct))
        .service(resource("/quarantine/{id}/dismiss").name("quarantine-dismiss").post(quarantine::leave_out));
}

/// Whether a page offers an action; the verb asks again.
fn may<A: Action>(actor: &Actor) -> bool {
    A::ROW.allows(actor, &Subject::programme()).is_ok()
}

/// Which page of a list an address asks for; what cannot be read is the first.
#[derive(serde::Deserialize)]
struct Paging {
    #[serde(default)]
    page: String,
}

impl Paging {
    fn number(&self) -> i64 {
        self.page.parse().unwrap_or(1)
    }
}
