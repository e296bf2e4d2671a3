//! Guidance to an edition, versioned apart from the requirements' own texts: notes that hold from a day on and take the
//! place of earlier ones, while the edition itself never changes.

mod model;
mod pages;
mod publish;
mod shown;
mod store;
mod web;
mod withdraw;
mod words;

pub use model::{About, InForce, NOTE_LIMIT, Note, Place, in_force};
pub(super) use pages::page_checks;
pub use publish::{NewNote, TELL, publish_guidance};
pub use shown::Shown;
pub use store::{guidance_on, guidance_to, note, notes};
pub(super) use web::routes;
pub use withdraw::withdraw_guidance;
pub use words::{name_of, said_before};
