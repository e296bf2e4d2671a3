//! A table over the years on the public site: which releases are years, and the page on which the reader chooses a table, a row
//! of it and the years.

use std::collections::HashMap;
use std::sync::Arc;

use super::course::compared;
use super::{Issued, PublicSite, notices};
use crate::corrections::Notice;
use crate::platform::error::{Error, Result};
use crate::platform::ids::CollectionId;
use crate::platform::pages::{Choice, FormErrors, Link};
use crate::publication::charts::{
    Canvas, ChartCell, ChartError, ChartRow, ChartTable, Figure, Trend, TrendSeries, Unit, trend,
};
use crate::publication::data::Observation;
use crate::publication::document::Document;
use crate::publication::pages::{FigureView, YearsPage};
use crate::publication::store::Asked;
use crate::publication::years::{Over, OverYears, TOTAL, Year, Years};

/// Where the page is.
const ADDRESS: &str = "/public/years";
/// The table that is shown when none is named.
const USUAL: &str = "grade-by-sector";
/// The id of the figure.
const ID: &str = "over-years";

/// The years of these releases: the newest version of each in which everybody was counted, the earliest first. `asked` has
/// what is known of each collection.
pub(super) fn of_releases(
    issued: &[Issued],
    notices: &[Notice],
    asked: &HashMap<CollectionId, Asked>,
) -> Years {
    let asked_by = |one: &Issued| one.0.collection.and_then(|id| asked.get(&id));
    let mut found = compared(issued);
    // By what was collected when: a correction of an earlier year stays where the year is.
    found.sort_by_key(|one| (asked_by(one).map_or(one.0.as_at, |asked| asked.closes_at), one.0.id));
    let year = |one: &Issued| {
        let (release, document) = one;
        let revised = notices::of_release(notices, one).into_iter();
        let revised = revised.map(|link| (link.text, link.href)).collect();
        let (standard, label) = match asked_by(one) {
            Some(asked) => (asked.standard.clone(), asked.label.clone()),
            None => (String::new(), release.as_at.london_day().words()),
        };
        Year::of((release, document), (standard, label), revised)
    };
    Years::new(found.into_iter().map(year).collect())
}

/// The way from a breakdown of one release to the same table over the years; none where the release does not have it or it
/// holds two years by itself.
pub(super) fn link(document: &Document, name: &str) -> Option<Link> {
    let entry = document.table(name).filter(|entry| Year::tells(entry))?;
    Some(Link::new(format!("{}, year by year", entry.table.caption), format!("{ADDRESS}?table={name}")))
}

impl PublicSite {
    /// Every year that is public.
    #[must_use]
    pub fn years(&self) -> Arc<Years> {
        Arc::clone(&self.now().years)
    }

    /// The page of a table over the years. What cannot be found is said beside its field.
    ///
    /// # Errors
    /// When the chart cannot be drawn.
    pub(in crate::publication) fn over_years(&self, asked: &Over<'_>) -> Result<YearsPage> {
        let years = self.years();
        let tables = years.tables();
        let named = tables.iter().find(|one| one.newest.name == asked.table);
        let usual = tables.iter().find(|one| one.newest.name == USUAL).or_else(|| tables.first());
        let Some(table) = named.or(usual) else { return Ok(YearsPage::form(asked)) };
        let mut errors = FormErrors::new();
        if named.is_none() && !asked.table.is_empty() {
            errors.add("table", "Choose one of the tables in the list");
        }
        let rows = table.rows();
        let row = if asked.row.is_empty() || !errors.is_empty() { usual_row(&rows) } else { asked.row };
        let wanted = Over { table: &table.newest.name, row, from: asked.from, to: asked.to };
        let mut page = YearsPage::form(&wanted);
        page.tables =
            tables.iter().map(|one| Choice::new(&one.newest.name, &one.newest.table.caption)).collect();
        page.rows = rows.iter().map(|(key, label)| Choice::new(*key, *label)).collect();
        page.years.extend(years.all().iter().map(|year| Choice::new(&year.key, words(year))));
        match years.over(&wanted) {
            Ok(found) => {
                page.revised = revised(&found);
                page.figures.push(figure(&found, &wanted)?);
            }
            Err(Error::Invalid(wrong)) => {
                for one in wrong {
                    errors.add(one.field, one.message);
                }
            }
            Err(other) => return Err(other),
        }
        Ok(page.refused(&errors))
    }
}

/// All together where that is published, else the first row.
fn usual_row<'a>(rows: &[(&'a str, &'a str)]) -> &'a str {
    let total = rows.iter().find(|(key, _)| *key == TOTAL).or_else(|| rows.first());
    total.map_or("", |(key, _)| *key)
}

/// A year in words, with what its figures were made from.
fn words(year: &Year) -> String {
    format!("{} ({})", year.label, year.source)
}

/// Notices of corrections of the rules of any of the years, each once.
fn revised(found: &OverYears<'_>) -> Vec<Link> {
    let mut all: Vec<Link> = Vec::new();
    for (text, href) in found.years.iter().flat_map(|(year, _)| &year.notices) {
        if !all.iter().any(|known| known.href == *href) {
            all.push(Link::new(text, href));
        }
    }
    all
}

/// The figures of one row by year and column.
struct Told<'a> {
    found: &'a OverYears<'a>,
    figures: Vec<(&'a Year, Observation<'a>)>,
}

impl Told<'_> {
    /// The figure of a year in a column; none where the year's edition does not have the column.
    fn at(&self, year: &Year, column: &str) -> Option<&Observation<'_>> {
        let mut of_year = self.figures.iter().filter(|(other, _)| other.key == year.key);
        of_year.find(|(_, one)| one.column == column).map(|(_, one)| one)
    }

    /// The shares of a column, year by year.
    fn shares(&self, column: &str) -> Vec<Figure> {
        let share = |(year, _): &(&Year, _)| match self.at(year, column) {
            Some(one) => Figure::percentage(one.count, one.denominator),
            None => Figure::NotAvailable,
        };
        self.found.years.iter().map(share).collect()
    }

    /// One line for each year: counts with their percentages, and the total.
    fn rows(&self, columns: &[(&str, &str)]) -> Vec<ChartRow> {
        let line = |(year, _): &(&Year, _)| {
            let mut cells: Vec<ChartCell> = Vec::with_capacity(columns.len() * 2 + 1);
            for (key, _) in columns {
                let one = self.at(year, key);
                cells.push(one.map_or_else(ChartCell::not_available, |one| ChartCell::count(one.count)));
                cells.push(one.map_or_else(ChartCell::not_available, percentage));
            }
            let total = self.at(year, TOTAL);
            cells.push(total.map_or_else(ChartCell::not_available, |one| ChartCell::count(one.count)));
            ChartRow { heading: words(year), cells }
        };
        self.found.years.iter().map(line).collect()
    }
}

fn percentage(one: &Observation<'_>) -> ChartCell {
    match (one.count.zip(one.denominator), &one.percentage) {
        (None, _) => ChartCell::suppressed(),
        (Some(_), Some(percentage)) => ChartCell::number(percentage),
        (Some(_), None) => ChartCell::not_available(),
    }
}

/// The chart of one row with its table behind it; the table alone where a chart could not tell its lines apart.
fn figure(found: &OverYears<'_>, wanted: &Over<'_>) -> Result<FigureView> {
    let columns = found.columns();
    let told = Told { found, figures: found.figures() };
    let rows = found.rows();
    let row = rows.iter().find(|(key, _)| *key == wanted.row).map_or(wanted.row, |(_, label)| *label);
    let title = format!("{}: {row}, year by year", found.newest.table.caption);
    let headers = std::iter::once("Year".to_owned())
        .chain(columns.iter().flat_map(|(_, label)| [(*label).to_owned(), format!("{label} (%)")]))
        .chain(["Total".to_owned()])
        .collect();
    let base = "Base: the organisations that the total of each year counts.".to_owned();
    let table = ChartTable::new(&title, headers, told.rows(&columns), base, notes(found));
    let mut view = FigureView::of_table(ID, table, &found.newest.about, "");
    view.svg = drawn(&told, &columns, &title)?.unwrap_or_default();
    view.csv = file("csv", wanted);
    view.json = file("json", wanted);
    let releases = found.years.iter().map(|(year, _)| {
        Link::new(format!("The release of {}", year.as_at.london_day().words()), year.address())
    });
    let rules = Link::new("The rules they are made by", "/public/methodology");
    Ok(view.with_sources(releases.chain([rules]).collect()))
}

/// The drawing: a line for each column that is more than nothing in any year.
fn drawn(told: &Told<'_>, columns: &[(&str, &str)], title: &str) -> Result<Option<String>> {
    let nothing = |figure: &Figure| match figure {
        Figure::Known(share) => share.is_zero(),
        Figure::Suppressed => false,
        Figure::NotAvailable => true,
    };
    let lines: Vec<(&str, Vec<Figure>)> = columns
        .iter()
        .map(|(key, label)| (*label, told.shares(key)))
        .filter(|(_, shares)| !shares.iter().all(nothing))
        .collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let series: Vec<TrendSeries<'_>> =
        lines.iter().map(|(label, figures)| TrendSeries { label, figures }).collect();
    let periods: Vec<&str> = told.found.years.iter().map(|(year, _)| year.label.as_str()).collect();
    let chart = Trend {
        id: ID,
        title,
        heading: "Year",
        unit: Unit::Percent,
        periods: &periods,
        series: &series,
        denominator: "",
    };
    match trend(&chart, Canvas::Fluid) {
        Ok(chart) => Ok(Some(chart.svg)),
        Err(ChartError::TooManySeries { .. }) => Ok(None),
        Err(error) => Err(Error::internal("failed to draw a chart", error)),
    }
}

/// The notes of every year's table, each once, the newest first, after what holds for all of them.
fn notes(found: &OverYears<'_>) -> Vec<String> {
    let mut all = vec![
        "Every figure is the one that the year's own release shows, and what is suppressed there is suppressed here. \
         Editions of the standards ask for different things, so a line that rises is not always an improvement."
            .to_owned(),
    ];
    if found.is_of_requirements() {
        all.push(
            "A requirement is followed by its code through the editions of one standard. Years whose release does not \
             have it are left out."
                .to_owned(),
        );
    }
    for note in found.years.iter().rev().flat_map(|(_, entry)| &entry.table.notes) {
        if !all.contains(note) {
            all.push(note.clone());
        }
    }
    all
}

/// The address of the same figures as a file.
fn file(ending: &str, wanted: &Over<'_>) -> String {
    let pairs = [("row", wanted.row), ("from", wanted.from), ("to", wanted.to)];
    let kept: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(&kept).unwrap_or_default();
    format!("/api/v1/years/{}.{ending}?{query}", wanted.table)
}
