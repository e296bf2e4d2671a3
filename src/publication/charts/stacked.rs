//! Horizontal bars of 100 %: how each group is divided, for example grades by sector.

use rust_decimal::Decimal;

use super::status::styles_of;
use super::table::of_published;
use super::{Chart, ChartError, SUPPRESSED};
use crate::platform::charts::frame::{
    Frame, LINE, MOST_SERIES, NOTE, Palette, check_id, label_lines, legend, legend_height, note_line, plate,
    plate_width,
};
use crate::platform::charts::layout::{Across, Canvas, FULL, across, thousands, wrap};
use crate::platform::charts::markup::Markup;
use crate::statistics::estimators::{percentage, percentages_that_sum};
use crate::statistics::published::PublishedTable;

const BAR: u32 = 28;
const GAP: u32 = 16;

/// What to draw: one bar per row of the table, one segment per column.
#[derive(Debug, Clone)]
pub struct StackedBars<'a> {
    /// Unique in the page; lower-case letters, digits, hyphens.
    pub id: &'a str,
    /// The chart's title, also the caption of its table.
    pub title: &'a str,
    /// What is counted, in the plural, for example `organisations`.
    pub counted: &'a str,
    /// The figures.
    pub table: &'a PublishedTable,
}

/// Draws the bars.
///
/// # Errors
/// [`ChartError::Id`] or [`ChartError::TooManySeries`].
pub fn stacked_bars(chart: &StackedBars<'_>, canvas: Canvas) -> Result<Chart, ChartError> {
    check_id(chart.id)?;
    let table = chart.table;
    let series = table.columns.len();
    if series > MOST_SERIES {
        return Err(ChartError::TooManySeries { found: series, most: MOST_SERIES });
    }
    let styles = styles_of(&table.columns);
    let suppressed = table.cells.iter().any(Option::is_none);
    let rows: Vec<Row> = (0..table.rows.len()).map(|row| Row::of(chart, row)).collect();
    let labels = |row: &Row| {
        u32::try_from(wrap(&row.label, crate::platform::charts::frame::LABEL, canvas.pixels(FULL), 2).len())
    };
    let heights = rows.iter().map(|row| labels(row).unwrap_or(1) * LINE + NOTE + BAR + GAP).sum::<u32>();
    let keys = series + usize::from(suppressed);
    let description = format!(
        "One bar for each of {} rows ({}), divided by {}: {}.{} Every figure is in the table that follows.",
        rows.len(),
        table.rows.label(),
        table.columns.label(),
        table.columns.categories().iter().map(|one| one.label.as_str()).collect::<Vec<_>>().join(", "),
        if suppressed {
            " Some figures are suppressed to protect organisations in small groups."
        } else {
            ""
        },
    );
    let frame = Frame {
        id: chart.id,
        title: chart.title,
        description: &description,
        canvas,
        height: legend_height(keys) + heights,
        palette: Palette::Series,
        series: &styles,
        suppressed,
    };
    let mut markup = frame.begin();
    let mut entries: Vec<(String, String)> = table
        .columns
        .categories()
        .iter()
        .zip(&styles)
        .map(|(column, style)| (frame.fill(*style), column.label.clone()))
        .collect();
    entries.extend(suppressed.then(|| (frame.suppressed_fill(), "Suppressed".to_owned())));
    legend(&mut markup, &frame, &entries);
    let mut y = legend_height(keys);
    for row in &rows {
        let lines = label_lines(&mut markup, 0, y + 16, &row.label, canvas.pixels(FULL), 2);
        y += lines * LINE + NOTE;
        note_line(&mut markup, y - 6, &row.note, canvas);
        row.draw(&mut markup, (&frame, &styles), y);
        y += BAR + GAP;
    }
    let denominator = match table.total {
        Some(total) => format!("Base: {} {}.", thousands(total), chart.counted),
        None => format!("Base: {}; the number in each row is its total.", chart.counted),
    };
    Ok(Chart {
        id: chart.id.to_owned(),
        svg: markup.finish(),
        table: of_published(chart.title, table, denominator),
    })
}

/// A bar: its segments with their widths, in order. `None` is the part that is withheld.
struct Row {
    label: String,
    note: String,
    segments: Vec<(Option<usize>, Across, String)>,
}

impl Row {
    fn of(chart: &StackedBars<'_>, row: usize) -> Self {
        let table = chart.table;
        let name = table.rows.categories().get(row).map_or("", |category| category.label.as_str());
        let counts = table.row(row);
        let Some(total) = table.row_totals.get(row).copied().flatten() else {
            let segments = vec![(None, FULL, SUPPRESSED.to_owned())];
            return Self { label: name.to_owned(), note: SUPPRESSED.to_owned(), segments };
        };
        let shown: u64 = counts.iter().flatten().sum();
        let withheld = counts.iter().any(Option::is_none);
        let mut note = format!("{} {}", thousands(total), chart.counted);
        if withheld {
            note.push_str(", some suppressed");
        }
        // The withheld counts are drawn as one part; its size follows from the public total anyway.
        let known = counts.iter().enumerate().filter_map(|(column, count)| Some((Some(column), (*count)?)));
        let parts: Vec<(Option<usize>, u64)> =
            known.chain(withheld.then_some((None, total.saturating_sub(shown)))).collect();
        let sizes: Vec<u64> = parts.iter().map(|(_, count)| *count).collect();
        let widths = percentages_that_sum(&sizes, 2);
        let segment = |((column, count), width): (&(Option<usize>, u64), &Decimal)| {
            let percent = column.and_then(|_| percentage(*count, total, 0));
            let text = percent.map_or_else(|| SUPPRESSED.to_owned(), |percent| format!("{percent}%"));
            (*column, across(*width), text)
        };
        let segments = parts.iter().zip(&widths).map(segment).collect();
        Self { label: name.to_owned(), note, segments }
    }

    fn draw(&self, markup: &mut Markup, (frame, styles): (&Frame<'_>, &[usize]), y: u32) {
        let mut from: Across = 0;
        if self.segments.is_empty() {
            frame.bar(markup, "chart-bar chart-empty", "none", ("0", "100%"), (y, BAR));
        }
        for (column, width, text) in &self.segments {
            if *width == 0 {
                continue;
            }
            let (x, length) = (frame.canvas.length(from), frame.canvas.length(*width));
            let (class, fill) = match column.map(|column| styles.get(column).copied().unwrap_or(column)) {
                Some(style) => (format!("chart-bar chart-s{style}"), frame.fill(style)),
                None => ("chart-bar chart-suppressed".to_owned(), frame.suppressed_fill()),
            };
            frame.bar(markup, &class, &fill, (&x, &length), (y, BAR));
            if frame.canvas.pixels(*width) >= plate_width(text) + 8 {
                plate(markup, &x, 4, y + 5, text);
            }
            from += width;
        }
    }
}
