//! Published figures from counts: percentages, intervals, year-on-year transitions and the board composite. All exact
//! decimals; each rule says where and how it rounds, and rounds once.

mod composite;
mod lineage;
mod percentage;
mod transitions;
mod wilson;

pub use composite::{CompositeError, CompositeRule};
pub use lineage::Lineage;
pub use percentage::{percentage, percentages_that_sum, ratio};
pub use transitions::{Movement, RepeatedOrganisation, Transitions};
pub use wilson::{ProportionInterval, wilson_95};
