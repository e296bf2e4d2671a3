//! How far two people agree who scored the same cases into ordered categories: percent agreement and Cohen's kappa, plain
//! and weighted. Estimates are exact ratios of whole numbers; only standard errors, which are roots, are floating point.

mod kappa;
mod table;

#[cfg(test)]
mod tests;

pub use kappa::{Kappa, Undefined, Weights};
pub use table::AgreementTable;

/// Fewer scores than this are too few for a large-sample interval to be taken at its word; they are marked.
pub const FEW: u64 = 30;
