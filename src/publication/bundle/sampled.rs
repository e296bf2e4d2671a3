//! What follows from a baselining sample: the draw from its seed, who responded, and the share that meets the standard.
//! Grades are public, so all of it is made again.

use std::collections::{BTreeMap, HashMap};

use super::figures;
use super::verified::{Mismatch, Verified};
use crate::platform::error::Result;
use crate::publication::baseline::{self, OpenSample, Responses};
use crate::publication::document::{Document, MeasureEntry};
use crate::publication::record::Record;

/// The tables that are made again.
pub(super) const SAMPLED: [&str; 2] = ["baseline-response", "baseline-meeting"];

/// Draws the sample again and makes its tables again.
///
/// # Errors
/// When the sample cannot be counted with these lines, which is a fault.
pub(super) fn recompute(
    sample: &OpenSample,
    (population, records, regions): (&str, &[Record], &BTreeMap<String, String>),
    document: &Document,
    verified: &mut Verified,
) -> Result<()> {
    let differs = sample.drawn_otherwise().into_iter();
    verified.mismatches.extend(differs.map(|(stratum, expected, found)| {
        Mismatch::at("the baselining sample", &stratum, "drawn", expected, found)
    }));
    let drawn = sample.drawn()?;
    let responses = Responses::of(&drawn, records)?;
    let rules = &document.rules.disclosure;
    // Points are not public, and the table of their means is not made again.
    let no_points = HashMap::new();
    let [share, _] = baseline::estimates(population, &responses, records, regions, &no_points, rules)?;
    let response = baseline::response(population, &drawn, &responses)?;
    for (name, table) in SAMPLED.into_iter().zip([response, share]) {
        let Some(stated) = document.measures.iter().find(|entry| entry.name == name) else { continue };
        let made = MeasureEntry { name: name.to_owned(), about: stated.about.clone(), table };
        verified.mismatches.extend(figures::of_measures(&made, stated));
        verified.recomputed.push(name.to_owned());
    }
    Ok(())
}
