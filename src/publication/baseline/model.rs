//! What a baselining sample is planned by, and a draw as it was made.

use std::collections::BTreeMap;

crate::text_enum! {
    /// How the size is given to the strata.
    AllocationMethod {
        /// By how many there are in each.
        Proportional = "proportional", "By how many organisations there are";
        /// By how many there are and how much they differed before.
        Neyman = "neyman", "By how many there are and how much they differed last time";
    }
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaselinePlan {
    /// How many organisations are drawn.
    pub size: u64,
    /// At least so many of each stratum.
    pub minimum: u64,
    /// Strata of at most so many organisations are taken whole.
    pub take_all_up_to: u64,
    /// Whether strata are sectors by region; sectors alone otherwise.
    pub by_region: bool,
    /// How the size is given to the strata.
    pub method: AllocationMethod,
    /// The version of the plan that was seen: 0 for none.
    pub version: i64,
}

impl BaselinePlan {
    /// What is offered before anything was chosen.
    pub const FIRST: Self = Self {
        size: 1200,
        minimum: 5,
        take_all_up_to: 20,
        by_region: true,
        method: AllocationMethod::Neyman,
        version: 0,
    };
}

/// One stratum of a draw.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(in crate::publication) struct DrawnStratum {
    /// Its key: a sector, or a sector and a region.
    pub key: String,
    /// In words.
    pub label: String,
    /// Its sector.
    pub sector: String,
    /// Its region's key; empty where strata are sectors.
    pub region: String,
    /// How many are in it.
    pub population: u64,
    /// The variance that was expected, in millionths; none where nothing was known.
    pub variance: Option<u64>,
    /// Whether everybody is asked.
    pub take_all: bool,
    /// How many are drawn.
    pub size: u64,
}

/// Codes of organisations by stratum.
pub(in crate::publication) type Codes = BTreeMap<String, Vec<String>>;
