//! What changed since the edition before: last year's answers carried forward along the mapping that is in force,
//! marks and differences on this year's questions, and what is asked no more, readable for ever.

mod before;
mod carry;
mod earlier;
mod offer;
mod offers;
pub(super) mod pages;
mod said;
mod take_over;
#[cfg(test)]
mod tests;
pub(super) mod web;

pub use before::Before;
pub(super) use before::{BeforeRow, before_of};
pub(super) use carry::{Taken, taken};
pub(super) use earlier::{EarlierReturn, earlier_of, keep as keep_earlier};
pub(super) use offers::Offer;
pub(super) use said::{SaidBefore, Since};
