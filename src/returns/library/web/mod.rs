//! The evidence library in the browser. Every handler's parameter proves that the person is a member of the
//! organisation in the address; what they may do there is asked of the access table.

mod add;
mod choose;
mod edit;
mod list;
mod piece;
mod receive;
mod replace;

pub use receive::NOT_KEPT;

use crate::access::{Action, Permit, Subject};
use crate::identity::Member;
use crate::platform::error::Result;
use crate::platform::http::{Routes, resource};

/// The pages of the library.
pub(in crate::returns) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/evidence{address}")).name(name)
    };
    routes
        .service(page("library", "").get(list::list))
        .service(page("library-new", "/new").get(add::form).post(add::add))
        .service(page("library-piece", "/{piece}").get(piece::show))
        .service(page("library-edit", "/{piece}/edit").get(edit::form).post(edit::edit))
        .service(page("library-replace", "/{piece}/replace").get(replace::form).post(replace::replace))
        .service(page("library-remove", "/{piece}/remove").post(piece::remove))
        .service(page("library-restore", "/{piece}/restore").post(piece::restore))
        .service(page("library-version", "/{piece}/versions/{number}").get(piece::save))
        .service(page("library-view", "/{piece}/versions/{number}/view").get(piece::view))
        .service(
            resource("/organisations/{organisation}/returns/{year}/requirements/{code}/evidence/choose")
                .name("returns-evidence-choose")
                .get(choose::show)
                .post(choose::attach),
        );
}

/// The organisation as the access table knows it.
fn subject(member: &Member) -> Subject {
    Subject::organisation(member.organisation)
}

/// The permit of an action on the member's own organisation.
fn permit<A: Action>(member: &Member) -> Result<Permit<A>> {
    Permit::grant(&member.by.actor, Some(subject(member)))
}

/// Whether an action on the member's own organisation is offered; the verb asks again.
fn offers<A: Action>(member: &Member) -> bool {
    A::ROW.allows(&member.by.actor, &subject(member)).is_ok()
}
