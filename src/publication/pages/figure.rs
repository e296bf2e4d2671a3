//! A figure on a page: the chart, its table, its denominator and its files.

pub use crate::platform::charts::FigureView;
use crate::platform::error::{Error, Result};
use crate::publication::charts::{Canvas, ChartError, ChartTable, StackedBars, stacked_bars};
use crate::publication::document::{MeasureEntry, RequirementSection, TableEntry};
use crate::statistics::{Dimension, Figure, Margins, MeasureTable, PublishedTable};

/// The figure of one table of a release; `files` is the address of its files without their suffix.
///
/// # Errors
/// When the chart cannot be drawn for another reason than too many series.
pub fn figure_of(entry: &TableEntry, files: &str) -> Result<FigureView> {
    drawn(&entry.name, &entry.table, &entry.about, files, Canvas::Fluid)
}

/// The figure of one table of measures: without a chart, since its columns are counted in different things.
pub fn figure_of_measures(entry: &MeasureEntry, files: &str) -> FigureView {
    FigureView::of_table(&entry.name, measures_table(&entry.table), &entry.about, files)
}

/// A table of measures as pages show it.
pub(super) fn measures_table(table: &MeasureTable) -> ChartTable {
    use crate::publication::charts::{ChartCell, ChartRow};
    let headers = std::iter::once(table.rows.label().to_owned())
        .chain(table.measures.iter().map(|measure| measure.label.clone()))
        .collect();
    let cell = |figure: &Figure| match figure {
        Figure::Value(text) => ChartCell::number(text.parse().map_or_else(
            // What is no whole number stands as it is.
            |_: std::num::ParseIntError| text.clone(),
            |count: u64| crate::platform::pages::words::number(count.into()),
        )),
        Figure::Withheld => ChartCell::suppressed(),
        Figure::NotAvailable => ChartCell::not_available(),
    };
    let rows = table
        .rows
        .categories()
        .iter()
        .enumerate()
        .map(|(at, row)| ChartRow {
            heading: row.label.clone(),
            cells: table.row(at).iter().map(cell).collect(),
        })
        .collect();
    ChartTable {
        caption: table.caption.clone(),
        headers,
        rows,
        denominator: String::new(),
        has_suppressed: table.withheld() > 0,
        notes: table.notes.clone(),
    }
}

pub(super) fn drawn(
    id: &str,
    table: &PublishedTable,
    about: &str,
    files: &str,
    canvas: Canvas,
) -> Result<FigureView> {
    let chart = StackedBars { id, title: &table.caption, counted: "organisations", table };
    match stacked_bars(&chart, canvas) {
        Ok(chart) => Ok(FigureView::of_chart(chart, about, files)),
        Err(ChartError::TooManySeries { .. }) => {
            let columns: Vec<usize> = (0..table.columns.len()).collect();
            Ok(FigureView::of_table(id, plain_table(table, &columns), about, files))
        }
        Err(error) => Err(Error::internal("failed to draw a chart", error)),
    }
}

/// The table without a chart: counts only.
fn plain_table(table: &PublishedTable, columns: &[usize]) -> ChartTable {
    use crate::publication::charts::{ChartCell, ChartRow};
    let headers = std::iter::once(table.rows.label().to_owned())
        .chain(table.columns.categories().iter().map(|column| column.label.clone()))
        .chain(["Total".to_owned()])
        .collect();
    let row = |heading: &str, counts: &[Option<u64>], total: Option<u64>| ChartRow {
        heading: heading.to_owned(),
        cells: columns
            .iter()
            .map(|column| counts.get(*column).copied().flatten())
            .chain([total])
            .map(ChartCell::count)
            .collect(),
    };
    let mut rows: Vec<ChartRow> = table
        .rows
        .categories()
        .iter()
        .enumerate()
        .map(|(r, category)| row(&category.label, table.row(r), table.row_totals.get(r).copied().flatten()))
        .collect();
    if !table.column_totals.is_empty() {
        rows.push(row("Total", &table.column_totals, table.total));
    }
    ChartTable {
        caption: table.caption.clone(),
        headers,
        rows,
        denominator: "Organisations are counted.".to_owned(),
        has_suppressed: table.withheld() > 0,
        notes: table.notes.clone(),
    }
}

/// One figure per section of the table of answers.
///
/// # Errors
/// As [`figure_of`].
pub fn requirement_figures(
    entry: &TableEntry,
    sections: &[RequirementSection],
    files: &str,
) -> Result<Vec<FigureView>> {
    let mut figures = Vec::with_capacity(sections.len());
    // Both tables by requirement can stand on one page, where ids and headings must tell them apart.
    let (stem, suffix) = if entry.name == "claims-after-review" {
        ("reviewed", ": claims after review")
    } else {
        ("section", "")
    };
    for (number, section) in sections.iter().enumerate() {
        if let Some(mut table) = part_of(&entry.table, section)? {
            table.caption.push_str(suffix);
            figures.push(drawn(&format!("{stem}-{}", number + 1), &table, "", files, Canvas::Fluid)?);
        }
    }
    Ok(figures)
}

/// A table on paper: charts of a few rows each, so that every one is readable on its page, and the whole table.
pub struct PaperFigure {
    /// The heading.
    pub title: String,
    /// Drawings in order; empty where a chart could not tell its series apart.
    pub drawings: Vec<String>,
    /// The table.
    pub table: ChartTable,
}

/// Rows of one chart on paper.
const ROWS: usize = 10;

/// A table of measures on paper.
pub fn paper_measures(entry: &MeasureEntry) -> PaperFigure {
    PaperFigure {
        title: entry.table.caption.clone(),
        drawings: Vec::new(),
        table: measures_table(&entry.table),
    }
}

/// A table of a release on paper, as one figure or as one for each section of requirements.
///
/// # Errors
/// As [`figure_of`].
pub fn paper_figures(
    entry: &TableEntry,
    sections: &[RequirementSection],
    width: u32,
) -> Result<Vec<PaperFigure>> {
    if sections.is_empty() || !entry.protected {
        return Ok(vec![paper_figure(&entry.name, &entry.table, width)?]);
    }
    let mut figures = Vec::with_capacity(sections.len());
    for (number, section) in sections.iter().enumerate() {
        if let Some(table) = part_of(&entry.table, section)? {
            figures.push(paper_figure(&format!("{}-{}", entry.name, number + 1), &table, width)?);
        }
    }
    Ok(figures)
}

fn paper_figure(id: &str, table: &PublishedTable, width: u32) -> Result<PaperFigure> {
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    let places: Vec<usize> = (0..table.rows.len()).collect();
    let mut drawings = Vec::new();
    for (number, some) in places.chunks(ROWS).enumerate() {
        if let Some(part) = rows_of(table, some, table.caption.clone())? {
            let figure = drawn(&format!("{id}-part-{}", number + 1), &part, "", "", Canvas::Fixed(width))?;
            drawings.extend(Some(figure.svg).filter(|svg| !svg.is_empty()));
        }
    }
    Ok(PaperFigure { title: table.caption.clone(), drawings, table: plain_table(table, &columns) })
}

/// The rows of one section as a table of their own.
fn part_of(table: &PublishedTable, section: &RequirementSection) -> Result<Option<PublishedTable>> {
    let places: Vec<usize> =
        section.requirements.iter().filter_map(|code| table.rows.position(code)).collect();
    rows_of(table, &places, format!("{} {}", section.code, section.title))
}

/// Some rows as a table of their own, without the totals of columns.
pub(super) fn rows_of(
    table: &PublishedTable,
    places: &[usize],
    caption: String,
) -> Result<Option<PublishedTable>> {
    let categories = places.iter().filter_map(|place| table.rows.categories().get(*place));
    let pairs: Vec<(String, String)> = categories.map(|one| (one.key.clone(), one.label.clone())).collect();
    if pairs.is_empty() {
        return Ok(None);
    }
    let rows = Dimension::new(table.rows.name(), table.rows.label(), pairs)
        .map_err(crate::publication::classes::table_fault)?;
    Ok(Some(PublishedTable {
        caption,
        rows,
        cells: places.iter().flat_map(|place| table.row(*place).to_vec()).collect(),
        row_totals: places.iter().map(|place| table.row_totals.get(*place).copied().flatten()).collect(),
        margins: Margins::Rows,
        column_totals: Vec::new(),
        total: None,
        ..table.clone()
    }))
}
