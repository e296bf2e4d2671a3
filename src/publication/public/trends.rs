//! Figures from release to release: all organisations, each sector and region, and the same organisations last time and now.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Issued;
use super::course::{compared, newest_of_each};
use crate::platform::error::{Error, Result};
use crate::platform::pages::Link;
use crate::platform::pages::words::number;
use crate::publication::charts::{
    Bar, Bars, Canvas, Chart, ChartError, Figure, Trend, TrendSeries, Unit, bars, trend,
};
use crate::publication::document::{Change, TableEntry};
use crate::publication::pages::FigureView;
use crate::publication::record::meets;
use crate::standards::scoring::GradeKey;
use crate::statistics::PublishedTable;

/// Organisations of a row of grades that meet the standard, and how many there are; none where a part is withheld.
pub(super) fn meeting_in(table: &PublishedTable, row: usize) -> Option<(u64, u64)> {
    let all = table.row_totals.get(row).copied().flatten()?;
    let columns = table.columns.categories().iter().enumerate();
    let meeting = columns
        .filter(|(_, column)| GradeKey::parse(&column.key).is_some_and(meets))
        .map(|(place, _)| table.at(row, place))
        .try_fold(0_u64, |sum, count| Some(sum + count?))?;
    Some((meeting, all))
}

/// All organisations over the releases that are compared; none with fewer than two.
///
/// # Errors
/// When the chart cannot be drawn.
pub(super) fn overall(issued: &[Issued]) -> Result<Option<FigureView>> {
    let over = compared(issued);
    let share = |count: u64, of: u64| Figure::percentage(Some(count), Some(of));
    let headlines = || over.iter().map(|(_, document)| &document.headline);
    let meeting: Vec<Figure> = headlines().map(|one| share(one.meeting, one.in_scope)).collect();
    let published: Vec<Figure> = headlines().map(|one| share(one.published, one.in_scope)).collect();
    let series = [
        TrendSeries { label: "Meeting the standard then", figures: &meeting },
        TrendSeries { label: "With a published grade", figures: &published },
    ];
    let bases: Vec<String> = over
        .iter()
        .map(|one| format!("{} on {}", number(one.1.headline.in_scope.into()), day(one)))
        .collect();
    let figure =
        drawn("trend", "Share of organisations, release by release", &periods(&over), &series, &bases)?;
    Ok(figure.map(|figure| figure.with_sources(sources(&over))))
}

/// The shares of [`overall`] in the only release there is, as bars; none before there is one. Where nothing counted everybody
/// yet, the newest release of those that count some.
///
/// # Errors
/// When the chart cannot be drawn.
pub(super) fn first(issued: &[Issued]) -> Result<Option<FigureView>> {
    let (over, newest) = (compared(issued), newest_of_each(issued));
    let Some(only) = over.last().or(newest.last()).copied() else { return Ok(None) };
    let headline = &only.1.headline;
    let title = format!("Share of organisations, figures of {}", day(only));
    let denominator =
        format!("Base: organisations in scope, {} on {}.", number(headline.in_scope.into()), day(only));
    let parts = [
        ("Meeting the standard then", Some(headline.meeting), ""),
        ("With a published grade", Some(headline.published), ""),
    ];
    let chart = shares(("trend", &title), "Measure", (&parts, Some(headline.in_scope)), &denominator)?;
    let about = "A trend appears here from the second release that counts all organisations.";
    Ok(Some(FigureView::of_chart(chart, about, "").with_sources(sources(&[only]))))
}

/// Draws shares of the organisations in scope as bars. Each part is told by its label, how many there are, and the key of its
/// status, which is empty where it is none.
///
/// # Errors
/// When the chart cannot be drawn.
pub(super) fn shares(
    (id, title): (&str, &str),
    heading: &str,
    (parts, of): (&[(&str, Option<u64>, &str)], Option<u64>),
    denominator: &str,
) -> Result<Chart> {
    let rows: Vec<Bar<'_>> = parts
        .iter()
        .map(|(label, count, status)| Bar { label, figure: Figure::percentage(*count, of), of, status })
        .collect();
    let measure = "Share of organisations";
    let chart = Bars { id, title, heading, measure, unit: Unit::Percent, bars: &rows, denominator };
    bars(&chart, Canvas::Fluid).map_err(drawing)
}

/// Each sector and each region over the releases that are compared, by `sector:KEY` and `region:CODE`; those with fewer than
/// two figures are left out.
///
/// # Errors
/// When a chart cannot be drawn.
pub(super) fn by_group(issued: &[Issued]) -> Result<BTreeMap<String, FigureView>> {
    let over = compared(issued);
    let mut all = BTreeMap::new();
    for (kind, name) in [("sector", "grade-by-sector"), ("region", "grade-by-region")] {
        // The groups of the newest figures: what is no more has no page.
        let newest = over.iter().rev().find_map(|(_, document)| document.table(name));
        for group in newest.map(|entry| entry.table.rows.categories()).unwrap_or_default() {
            let figure = of_group(&over, name, (&group.key, &group.label))?;
            all.extend(figure.map(|figure| (format!("{kind}:{}", group.key), figure)));
        }
    }
    Ok(all)
}

fn of_group(over: &[&Issued], name: &str, (key, label): (&str, &str)) -> Result<Option<FigureView>> {
    let found: Vec<Option<(u64, u64)>> = over
        .iter()
        .map(|(_, document)| {
            let table = &document.table(name)?.table;
            meeting_in(table, table.rows.position(key)?)
        })
        .collect();
    if found.iter().flatten().count() < 2 {
        return Ok(None);
    }
    let figures: Vec<Figure> = found
        .iter()
        .map(|one| one.map_or(Figure::NotAvailable, |(count, of)| Figure::percentage(Some(count), Some(of))))
        .collect();
    let series = [TrendSeries { label, figures: &figures }];
    let bases: Vec<String> = over
        .iter()
        .zip(&found)
        .filter_map(|(one, found)| Some(format!("{} on {}", number((*found)?.1.into()), day(one))))
        .collect();
    let title = "Share with a published grade that meets the standard, release by release";
    let figure = drawn("trend-group", title, &periods(over), &series, &bases)?;
    Ok(figure.map(|figure| figure.with_sources(sources(over))))
}

/// Each release with the tables that the figures are from, and the rules.
fn sources(over: &[&Issued]) -> Vec<Link> {
    let release = |one: &&Issued| Link::new(format!("The release of {}", day(one)), one.0.address());
    let rules = Link::new("The rules they are made by", "/public/methodology");
    over.iter().map(release).chain([rules]).collect()
}

fn drawn(
    id: &str,
    title: &str,
    periods: &[String],
    series: &[TrendSeries<'_>],
    bases: &[String],
) -> Result<Option<FigureView>> {
    if periods.len() < 2 {
        return Ok(None);
    }
    let labels: Vec<&str> = periods.iter().map(String::as_str).collect();
    let denominator = format!("Base: organisations in scope, {}.", bases.join(", "));
    let chart = trend(
        &Trend {
            id,
            title,
            heading: "Figures of",
            unit: Unit::Percent,
            periods: &labels,
            series,
            denominator: &denominator,
        },
        Canvas::Fluid,
    )
    .map_err(drawing)?;
    let about = "Editions of the standards ask for different things, and kinds of organisation have joined over the \
                 years, so a line that rises is not always an improvement.";
    Ok(Some(FigureView::of_chart(chart, about, "")))
}

/// The fault that a chart cannot be drawn.
pub(super) fn drawing(error: ChartError) -> Error {
    Error::internal("failed to draw a chart", error)
}

fn day((release, _): &Issued) -> String {
    release.as_at.london_day().words()
}

/// Month and year of each release, or the whole day where two share a month.
fn periods(over: &[&Issued]) -> Vec<String> {
    let days: Vec<String> = over.iter().map(|one| day(one)).collect();
    let short: Vec<String> = days
        .iter()
        .map(|day| day.split_once(' ').map_or(day.as_str(), |(_, rest)| rest).to_owned())
        .collect();
    let once = short.iter().all(|one| short.iter().filter(|other| *other == one).count() == 1);
    if once { short } else { days }
}

/// Grades of the same organisations last time and now; none where nobody is in both, or a grade is withheld.
///
/// # Errors
/// When the chart cannot be drawn for another reason than too many grades.
pub(super) fn moved(entry: &TableEntry, change: &Change, files: &str) -> Result<Option<FigureView>> {
    let table = &entry.table;
    let of = table.total.filter(|total| *total > 0);
    let mut lines: Vec<(&str, [Figure; 2])> = Vec::new();
    for (place, grade) in table.columns.categories().iter().enumerate() {
        let before =
            table.rows.position(&grade.key).and_then(|row| table.row_totals.get(row).copied().flatten());
        let now = table.column_totals.get(place).copied().flatten();
        if before.unwrap_or_default() + now.unwrap_or_default() > 0 {
            lines.push((grade.label.as_str(), [Figure::percentage(before, of), Figure::percentage(now, of)]));
        }
    }
    let Some(total) = of else { return Ok(None) };
    let known = |figure: &Figure| matches!(figure, Figure::Known(share) if *share <= Decimal::ONE_HUNDRED);
    if lines.is_empty() || !lines.iter().all(|(_, figures)| figures.iter().all(known)) {
        return Ok(None);
    }
    let series: Vec<TrendSeries<'_>> =
        lines.iter().map(|(label, figures)| TrendSeries { label, figures }).collect();
    let denominator = format!(
        "Base: {} organisations that are in both; last time is {}.",
        number(total.into()),
        change.earlier_name
    );
    let chart = Trend {
        id: "moved",
        title: "Published grades of the same organisations, last time and now",
        heading: "When",
        unit: Unit::Percent,
        periods: &["Last time", "Now"],
        series: &series,
        denominator: &denominator,
    };
    match trend(&chart, Canvas::Fluid) {
        Ok(chart) => Ok(Some(FigureView::of_chart(chart, "", files))),
        Err(ChartError::TooManySeries { .. }) => Ok(None),
        Err(error) => Err(drawing(error)),
    }
}
