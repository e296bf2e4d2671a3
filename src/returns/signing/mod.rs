//! Who signs a return: the senior information risk owner all of it, and whom the edition names their own items. What is
//! signed is a statement with its version; what is wanted and what stands is read in one place.

mod recorded;
mod standing;
mod statement;
mod store;
mod wanted;

pub use recorded::Signature;
pub use standing::{Standing, signed_by, standing};
pub use statement::{Statement, statement_of, wording};
pub use store::{SignOff, sign_offs};
pub(super) use store::{fallen, hold_as_read};
pub use wanted::Wanted;
