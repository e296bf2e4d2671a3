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

use actix_web::web;

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
        .service(page("library", "").route(web::get().to(list::list)))
        .service(page("library-new", "/new").route(web::get().to(add::form)).route(web::post().to(add::add)))
        .service(page("library-piece", "/{piece}").route(web::get().to(piece::show)))
        .service(
            page("library-edit", "/{piece}/edit")
                .route(web::get().to(edit::form))
                .route(web::post().to(edit::edit)),
        )
        .service(
            page("library-replace", "/{piece}/replace")
                .route(web::get().to(replace::form))
                .route(web::post().to(replace::replace)),
        )
        .service(page("library-remove", "/{piece}/remove").route(web::post().to(piece::remove)))
        .service(page("library-restore", "/{piece}/restore").route(web::post().to(piece::restore)))
        .service(page("library-version", "/{piece}/versions/{number}").route(web::get().to(piece::save)))
        .service(page("library-view", "/{piece}/versions/{number}/view").route(web::get().to(piece::view)))
        .service(
            resource("/organisations/{organisation}/returns/{year}/requirements/{code}/evidence/choose")
                .name("returns-evidence-choose")
                .route(web::get().to(choose::show))
                .route(web::post().to(choose::attach)),
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
