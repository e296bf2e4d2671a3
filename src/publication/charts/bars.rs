//! Plain horizontal bars: one figure per label, written out beside its bar.

use rust_decimal::Decimal;

use super::{Chart, ChartCell, ChartError, ChartRow, ChartTable, Figure, SUPPRESSED, Unit};
use crate::platform::charts::frame::{
    Frame, LABEL, LINE, Palette, check_id, label_lines, plate, plate_width,
};
use crate::platform::charts::layout::{Canvas, FULL, across, wrap};

const BAR: u32 = 24;
const GAP: u32 = 14;

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar<'a> {
    /// What it stands for.
    pub label: &'a str,
    /// Its figure.
    pub figure: Figure,
    /// Its own denominator, if it is a percentage.
    pub of: Option<u64>,
    /// The key of the status it stands for, so that it looks as in other charts; empty where it is none.
    pub status: &'a str,
}

impl Bar<'_> {
    fn style(&self) -> usize {
        super::style_of(self.status).unwrap_or_default()
    }
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Bars<'a> {
    /// Unique in the page; lower-case letters, digits, hyphens.
    pub id: &'a str,
    /// The chart's title, also the caption of its table.
    pub title: &'a str,
    /// Header of the labels, for example `Sector`.
    pub heading: &'a str,
    /// Header of the figures, for example `Organisations that published`.
    pub measure: &'a str,
    /// What the figures are.
    pub unit: Unit,
    /// The bars in order.
    pub bars: &'a [Bar<'a>],
    /// Who is counted, in a sentence.
    pub denominator: &'a str,
}

/// Draws the bars.
///
/// # Errors
/// [`ChartError::Id`].
pub fn bars(chart: &Bars<'_>, canvas: Canvas) -> Result<Chart, ChartError> {
    check_id(chart.id)?;
    let suppressed = chart.bars.iter().any(|bar| bar.figure.is_suppressed());
    let largest = chart.bars.iter().filter_map(|bar| match bar.figure {
        Figure::Known(value) => Some(value),
        Figure::Suppressed | Figure::NotAvailable => None,
    });
    let full = match chart.unit {
        Unit::Percent => Decimal::ONE_HUNDRED,
        Unit::Count => largest.max().filter(|value| *value > Decimal::ZERO).unwrap_or(Decimal::ONE),
    };
    let lines =
        |bar: &Bar<'_>| u32::try_from(wrap(bar.label, LABEL, canvas.pixels(FULL), 2).len()).unwrap_or(1);
    let description = format!(
        "Bar chart of {} with {} bars, one for each {}. Every figure is in the table that follows.",
        chart.measure,
        chart.bars.len(),
        chart.heading.to_lowercase(),
    );
    let styles: Vec<usize> = chart.bars.iter().map(Bar::style).collect();
    let frame = Frame {
        id: chart.id,
        title: chart.title,
        description: &description,
        canvas,
        height: chart.bars.iter().map(|bar| lines(bar) * LINE + BAR + GAP).sum::<u32>().max(1),
        palette: Palette::Series,
        series: &styles,
        suppressed,
    };
    let mut markup = frame.begin();
    let mut y = 0;
    for bar in chart.bars {
        y += label_lines(&mut markup, 0, y + 16, bar.label, canvas.pixels(FULL), 2) * LINE;
        match bar.figure {
            Figure::Known(value) => {
                let width = across(value * Decimal::ONE_HUNDRED / full);
                let length = canvas.length(width);
                let class = format!("chart-bar chart-s{}", bar.style());
                frame.bar(&mut markup, &class, &frame.fill(bar.style()), ("0", &length), (y, BAR));
                let text = chart.unit.format(value);
                // Beside the bar where there is room on the narrowest screen, at its end inside otherwise.
                let fits = canvas.pixels(FULL - width) >= plate_width(&text) + 6;
                let shift = if fits { 6 } else { -(plate_width(&text).cast_signed()) - 4 };
                plate(&mut markup, &length, shift, y + 3, &text);
            }
            Figure::Suppressed => {
                let fill = frame.suppressed_fill();
                frame.bar(&mut markup, "chart-bar chart-suppressed", &fill, ("0", "100%"), (y, BAR));
                plate(&mut markup, "0", 6, y + 3, SUPPRESSED);
            }
            Figure::NotAvailable => plate(&mut markup, "0", 0, y + 3, super::NOT_AVAILABLE),
        }
        y += BAR + GAP;
    }
    Ok(Chart { id: chart.id.to_owned(), svg: markup.finish(), table: table(chart) })
}

fn table(chart: &Bars<'_>) -> ChartTable {
    let with_base = chart.bars.iter().any(|bar| bar.of.is_some());
    let mut headers = vec![chart.heading.to_owned(), chart.measure.to_owned()];
    headers.extend(with_base.then(|| "Out of".to_owned()));
    let row = |bar: &Bar<'_>| {
        let mut cells = vec![bar.figure.cell(chart.unit)];
        if with_base {
            cells.push(bar.of.map_or_else(ChartCell::not_available, |of| ChartCell::count(Some(of))));
        }
        ChartRow { heading: bar.label.to_owned(), cells }
    };
    let rows = chart.bars.iter().map(row).collect();
    ChartTable::new(chart.title, headers, rows, chart.denominator.to_owned(), Vec::new())
}
