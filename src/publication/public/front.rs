//! The front page: the headline with how certain it is, and the drawings of all organisations together.

use rust_decimal::Decimal;

use super::Issued;
use super::build::published_at;
use super::organisations::sourced;
use super::trends::{drawing, meeting_in, shares};
use crate::platform::error::Result;
use crate::platform::pages::Link;
use crate::platform::pages::words::number;
use crate::publication::charts::{Figure, REGION_TILES, RegionTiles, Tile, Unit, region_tiles};
use crate::publication::document::{Document, MeasureEntry, TableEntry};
use crate::publication::pages::{FigureView, LandingPage, figure_of, row_of_measures};
use crate::statistics::estimators::percentage;

/// The front page.
///
/// # Errors
/// When a chart cannot be drawn.
pub(super) fn landing(issued: &Issued, revised: Vec<Link>, commentary: String) -> Result<LandingPage> {
    let (release, document) = issued;
    let headline = &document.headline;
    let mut figures = Vec::new();
    if let Some(entry) = document.table("standing-by-sector") {
        figures.push(sourced(overall(entry)?, release, &entry.name));
        figures.push(sourced(figure_of(entry, "/public/data/standing-by-sector")?, release, &entry.name));
    }
    let sample = document.measures.iter().find(|entry| entry.name == "baseline-meeting");
    if let Some(entry) = sample {
        let all = row_of_measures(entry, &["all"], "/public/data/baseline-meeting")?;
        figures.extend(all.map(|figure| sourced(figure, release, &entry.name)));
    }
    let change = document.change.as_ref().filter(|change| change.matched > 0).map_or_else(String::new, |change| {
        format!(
            "Compared with {}, {} of {} organisations that are in both improved their published grade and {} fell back",
            change.earlier_name,
            number(change.improved.into()),
            number(change.matched.into()),
            number(change.worsened.into()),
        )
    });
    Ok(LandingPage {
        revised,
        commentary,
        release_title: release.title.clone(),
        release_address: release.address(),
        published_at: published_at(release),
        as_at: release.as_at.micros(),
        edition: document.edition.clone(),
        in_scope: headline.in_scope,
        meeting: headline.meeting,
        meeting_share: headline.meeting_share.clone().unwrap_or_default(),
        published: headline.published,
        published_share: headline.published_share.clone().unwrap_or_default(),
        older: headline.older,
        provisional: headline.provisional,
        challengeable: headline.challengeable,
        change,
        certainty: certainty(document),
        estimate: sample.and_then(estimate).unwrap_or_default(),
        figures,
        notes: document.notes.clone(),
    })
}

/// How certain the headline is: whether it was counted or estimated, and what of it can still change.
fn certainty(document: &Document) -> String {
    let headline = &document.headline;
    let mut words =
        "Every organisation in scope was counted. This is not an estimate from a sample, so there is no \
                     sampling error."
            .to_owned();
    if document.source.kind != "collection" || headline.published == 0 {
        return words;
    }
    let open = headline.provisional + headline.challengeable;
    match percentage(open, headline.published, 1).filter(|_| open > 0) {
        Some(share) => words.push_str(&format!(
            " {} of {} published grades ({share}%) are provisional, so the figure can still change.",
            number(open.into()),
            number(headline.published.into()),
        )),
        None => words.push_str(" No published grade is provisional."),
    }
    words
}

/// What the baselining sample says of all organisations, with its interval; none where it says nothing.
fn estimate(entry: &MeasureEntry) -> Option<String> {
    let table = &entry.table;
    let row = table.row(table.rows.position("all")?);
    let figure = |key: &str| {
        let column = table.measures.iter().position(|measure| measure.key == key)?;
        row.get(column).and_then(crate::statistics::Figure::value)
    };
    let counted = |key: &str| figure(key)?.parse::<u32>().ok().map(|count| number(count.into()));
    Some(format!(
        "The baselining sample estimates that {}% of {} organisations meet the standard. It was drawn at random, and {} \
         responded; in 95 of 100 such samples the interval, here from {}% to {}%, would hold the true share.",
        figure("estimate")?,
        counted("population")?,
        counted("responses")?,
        figure("low")?,
        figure("high")?,
    ))
}

/// The status now of all organisations together.
fn overall(entry: &TableEntry) -> Result<FigureView> {
    let table = &entry.table;
    let parts: Vec<(&str, Option<u64>, &str)> = table
        .columns
        .categories()
        .iter()
        .zip(&table.column_totals)
        .map(|(column, count)| (column.label.as_str(), *count, column.key.as_str()))
        .collect();
    let denominator =
        format!("Base: {} organisations in scope.", number(table.total.unwrap_or_default().into()));
    let named = ("status-now", "Status now of all organisations");
    let chart = shares(named, "Status", (&parts, table.total), &denominator)?;
    Ok(FigureView::of_chart(chart, "", "/public/data/headline"))
}

/// The share of organisations with a grade that meets the standard, on a map of tiles; none without known regions.
pub(super) fn region_map(document: &Document) -> Result<Option<FigureView>> {
    let Some(entry) = document.table("grade-by-region") else { return Ok(None) };
    let table = &entry.table;
    let tiles: Vec<Tile<'_>> = REGION_TILES
        .iter()
        .filter_map(|(code, ..)| {
            let (meeting, of) = meeting_in(table, table.rows.position(code)?).unzip();
            Some(Tile { region: code, figure: Figure::percentage(meeting, of) })
        })
        .collect();
    if tiles.is_empty() {
        return Ok(None);
    }
    let limits = [Decimal::from(60), Decimal::from(75), Decimal::from(90)];
    let chart = region_tiles(&RegionTiles {
        id: "region-map",
        title: "Share with a grade that meets the standard",
        measure: "Share of organisations whose published grade, of any edition, meets or exceeds the standard",
        unit: Unit::Percent,
        limits: &limits,
        tiles: &tiles,
        denominator: "Base: organisations in each region; the numbers are in the next table.",
    })
    .map_err(drawing)?;
    Ok(Some(FigureView::of_chart(chart, "", "/public/data/grade-by-region")))
}
