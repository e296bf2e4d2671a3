//! Disclosure control: which figures of a table must not be published, and which others must go with them so that
//! nobody can work them out. A security property, not a matter of style.
//!
//! 1. [`DisclosureRules`] say which counts are sensitive and how uncertain a reader must stay (`rules`).
//! 2. All tables of one population become one system of figures and sums (`build`, `system`).
//! 3. Complementary figures are chosen until every sensitive figure has a *witness* in each direction: a different
//!    whole-number table that agrees with everything shown (`complementary`, solvers in `network` and `linear`).
//! 4. Witnesses are checked exactly; without a proof there is an error and nothing to publish.
//! 5. The choice is improved to the optimum where that takes bounded work, and bounded from below elsewhere (`optimal`).
//! 6. The bounds of every withheld figure are computed and kept for the statistician ([`Cell`]).
//!
//! What readers know without any table of answers (grades of each organisation, earlier releases) is part of the system
//! as groups that are never published ([`KnownGroup`], `background`).

mod background;
mod build;
mod complementary;
pub mod differencing;
mod engine;
mod linear;
mod network;
mod optimal;
mod parts;
mod protected;
mod rules;
mod system;

#[cfg(test)]
mod attack;
#[cfg(test)]
mod attack_everything;
#[cfg(test)]
mod optimal_tests;

pub use background::{Guarded, KnownGroup, Singled, protect_against};
pub use build::Refinement;
pub use protected::{Cell, Cost, Effort, Interval, Protected, Withheld};
pub use rules::{DisclosureRules, Reason, Requirement, RulesError, Sensitivity};

use super::table::CrossTable;
use build::Builder;
use complementary::Limits;
use parts::{Lost, solve};

/// Why tables could not be protected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// The rules contradict themselves.
    #[error("the disclosure rules are not usable: {0}")]
    Rules(#[from] RulesError),
    /// Two tables give the same figure different values, so one of them is wrong.
    #[error("two tables disagree about {figure}")]
    Inconsistent {
        /// The population and categories of the figure.
        figure: String,
    },
    /// Figures stay derivable whatever is withheld now, usually because an earlier release shows too much.
    #[error("these figures cannot be protected: {}", .figures.join("; "))]
    Unprotectable {
        /// The population and categories of each figure.
        figures: Vec<String>,
    },
}

/// Protects one table. Tables of public facts come back with everything shown.
///
/// # Errors
/// [`DisclosureError::Rules`]; a single table can always be protected otherwise.
pub fn protect(
    table: CrossTable,
    sensitivity: Sensitivity,
    rules: &DisclosureRules,
) -> Result<Protected, DisclosureError> {
    rules.validate()?;
    if sensitivity == Sensitivity::PublicRegister {
        return Ok(Protected::everything(table, *rules));
    }
    let mut protected = protect_linked(vec![table], &[], &[], rules)?;
    protected.pop().ok_or(DisclosureError::Unprotectable { figures: Vec::new() })
}

/// Protects security-sensitive tables that readers can combine: tables of one population that share a dimension, or
/// whose dimensions refine each other, together with what earlier releases already show of the same population.
/// The result has the order of `tables`.
///
/// # Errors
/// See [`DisclosureError`].
pub fn protect_linked(
    tables: Vec<CrossTable>,
    refinements: &[Refinement],
    earlier: &[Protected],
    rules: &DisclosureRules,
) -> Result<Vec<Protected>, DisclosureError> {
    rules.validate()?;
    let mut builder = Builder::default();
    let all: Vec<&CrossTable> = tables.iter().chain(earlier.iter().map(Protected::table)).collect();
    let layouts = all.iter().map(|table| builder.add(table, rules)).collect::<Result<Vec<_>, _>>()?;
    builder.add_sums(&all, &layouts, refinements);
    for refinement in refinements {
        builder.add_refinement(refinement)?;
    }
    builder.system.settle_what_is_public();
    for (known, layout) in earlier.iter().zip(layouts.iter().skip(tables.len())) {
        builder.freeze(known, layout);
    }
    let solved = solve(&mut builder.system, Lost::Refuse, &Limits::default()).map_err(|unproved| {
        let mut figures: Vec<String> = unproved.into_iter().map(|id| builder.name(id)).collect();
        figures.dedup();
        DisclosureError::Unprotectable { figures }
    })?;
    let read = |(table, layout)| build::read(&builder.system, &solved, table, layout, *rules);
    Ok(tables.into_iter().zip(&layouts).map(read).collect())
}
