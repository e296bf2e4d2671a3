//! Baselining by stratified sample: how many of each stratum, who by the order of a hash, and what the answers of those who
//! responded say about everybody, with finite populations, non-response and 95 % intervals.

mod allocation;
mod collapse;
mod estimate;
mod selection;
mod student;

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod tests;

pub use allocation::{Allocated, AllocationError, LARGEST_POPULATION, Method, Stratum, allocate, margin_95};
pub use estimate::{Estimate, StratumTally, mean_95, proportion_95};
pub use selection::selected;
