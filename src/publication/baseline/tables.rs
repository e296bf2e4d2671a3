//! What a sample says, as tables of a release: how many responded, and the estimates with their intervals.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{PointsOf, Responses};
use super::store::Drawn;
use crate::platform::error::Result;
use crate::publication::classes::{self, NO_REGION, sector_words, table_fault};
use crate::publication::record::{Record, meets};
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::estimators::{percentage, ratio};
use crate::statistics::quartiles::quarters_from;
use crate::statistics::sampling::{Estimate, mean_95, proportion_95};
use crate::statistics::{Dimension, Figure, Measure, MeasureTable};

/// One part of the population that is estimated.
struct Domain {
    key: String,
    label: String,
    inside: Box<dyn Fn(&Record) -> bool>,
}

/// How many of each stratum were drawn and responded.
pub(in crate::publication) fn response(
    population: &str,
    drawn: &Drawn,
    of: &Responses<'_>,
) -> Result<MeasureTable> {
    let rows = of.strata().iter().map(|one| (one.key.clone(), one.label.clone()));
    let everybody = [("all".to_owned(), "All organisations".to_owned())];
    let rows = Dimension::new("stratum", "Stratum", rows.chain(everybody)).map_err(table_fault)?;
    let measures = vec![
        Measure::new("population", "Organisations", "organisations"),
        Measure::new("drawn", "Drawn", "organisations"),
        Measure::new("gone", "No longer in scope", "organisations"),
        Measure::new("responded", "Responded", "organisations"),
        Measure::new("not_responded", "Did not respond", "organisations"),
        Measure::new("response_rate", "Response rate (%)", "percent"),
        Measure::new("weight", "Organisations that one response stands for", "organisations"),
    ];
    let strata = of.strata().iter().map(|one| (one.population, of.response(&one.key)));
    let total = (of.strata().iter().map(|one| one.population).sum::<u64>(), of.all());
    let figures = strata
        .map(|row| (row, true))
        .chain([(total, false)])
        .map(|((all, found), weighs)| {
            let known = found.responded + found.gone;
            let weight = weighs.then(|| ratio(i128::from(all), i128::from(known), 2)).flatten();
            vec![
                Figure::count(all),
                Figure::count(found.drawn),
                Figure::count(found.gone),
                Figure::count(found.responded),
                Figure::count(found.eligible() - found.responded),
                Figure::of(percentage(found.responded, found.eligible(), 1)),
                Figure::of(weight),
            ]
        })
        .collect();
    let table = MeasureTable::new(population, "Baselining sample: who responded", rows, measures, figures)
        .map_err(table_fault)?;
    Ok(table.with_note(format!(
        "Drawn on {} with the seed {}, which was in the ledger before. An organisation has responded when its return was \
         submitted. Strata with fewer than two responses are put together with a neighbour before anything is estimated.",
        drawn.drawn_at.london_day().words(),
        drawn.seed
    )))
}

/// The estimated share that meets the standard, and the mean of the points reached, by sector and region.
pub(in crate::publication) fn estimates(
    population: &str,
    of: &Responses<'_>,
    records: &[Record],
    regions: &BTreeMap<String, String>,
    points: &PointsOf,
    rules: &DisclosureRules,
) -> Result<[MeasureTable; 2]> {
    let domains = domains(records, regions)?;
    let met = |record: &Record| Some(i32::from(meets(record.grade)));
    let reached = |record: &Record| points.get(&record.organisation).copied().map(i32::from);
    let shares = domains.iter().map(|one| {
        let found = proportion_95(&of.tallies(&*one.inside, &met), 1);
        figures(found, false)
    });
    let means = domains.iter().map(|one| {
        let found = mean_95(&of.tallies(&*one.inside, &reached), 1);
        // Every member of a small group knows its own points; the grade is public, the points are not.
        figures(found, found.is_some_and(|found| found.of < quarters_from(rules)))
    });
    let rows = || {
        let pairs = domains.iter().map(|one| (one.key.clone(), one.label.clone()));
        Dimension::new("domain", "Organisations", pairs).map_err(table_fault)
    };
    let share = MeasureTable::new(
        population,
        "Baselining sample: estimated share that meets the standard",
        rows()?,
        columns("percent", "Meeting the standard (%)"),
        shares.collect(),
    );
    let mean = MeasureTable::new(
        population,
        "Baselining sample: estimated mean of the points reached",
        rows()?,
        columns("points", "Mean points of 100"),
        means.collect(),
    );
    let weights = "Each response stands for the organisations of its stratum that were not drawn or did not respond. The \
                   interval would hold the figure of all organisations in about 95 of 100 such samples; it takes into \
                   account that there are only so many organisations, and nothing of how those who did not respond may \
                   differ within a stratum.";
    Ok([share.map_err(table_fault)?.with_note(weights), mean.map_err(table_fault)?.with_note(weights)])
}

fn columns(unit: &str, label: &str) -> Vec<Measure> {
    vec![
        Measure::new("estimate", label, unit),
        Measure::new("low", "Lower bound", unit),
        Measure::new("high", "Upper bound", unit),
        Measure::new("responses", "Responses", "organisations"),
        Measure::new("population", "Organisations", "organisations"),
        Measure::new("design_effect", "Design effect", "ratio"),
        Measure::new("effective_size", "Effective sample size", "organisations"),
    ]
}

fn figures(found: Option<Estimate>, withheld: bool) -> Vec<Figure> {
    let Some(found) = found else {
        let none = || Figure::NotAvailable;
        return vec![none(), none(), none(), Figure::count(0), none(), none(), none()];
    };
    let shown = |figure: Figure| if withheld { Figure::Withheld } else { figure };
    vec![
        shown(Figure::of(Some(found.value))),
        shown(Figure::of(Some(found.low))),
        shown(Figure::of(Some(found.high))),
        Figure::count(found.of),
        Figure::count(found.population),
        shown(Figure::of(found.design_effect)),
        shown(found.effective.map_or(Figure::NotAvailable, Figure::count)),
    ]
}

/// Everybody, then each sector, then each region.
fn domains(records: &[Record], regions: &BTreeMap<String, String>) -> Result<Vec<Domain>> {
    let mut found = vec![Domain {
        key: "all".to_owned(),
        label: "All organisations".to_owned(),
        inside: Box::new(|_: &Record| true),
    }];
    let sectors: BTreeSet<_> = records.iter().map(|record| record.sector).collect();
    for sector in crate::standards::SectorKey::all().filter(|one| sectors.contains(one)) {
        found.push(Domain {
            key: format!("sector:{}", sector.as_str()),
            label: sector_words(sector).to_owned(),
            inside: Box::new(move |record: &Record| record.sector == sector),
        });
    }
    for region in classes::regions(records, regions)?.categories() {
        if region.key == NO_REGION && records.iter().all(|record| record.region.is_some()) {
            continue;
        }
        let key = region.key.clone();
        found.push(Domain {
            key: format!("region:{key}"),
            label: region.label.clone(),
            inside: Box::new(move |record: &Record| classes::region_key(record) == key),
        });
    }
    Ok(found)
}
