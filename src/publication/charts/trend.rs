//! Lines over periods, or a slope between two: how figures changed from year to year. Years without a figure leave a
//! gap; a line is never drawn across one.

use rust_decimal::Decimal;

use super::{Chart, ChartError, ChartRow, ChartTable, Figure, Unit};
use crate::platform::charts::frame::{
    Frame, LINE, MOST_SERIES, Palette, check_id, legend_height, plate, plate_width,
};
use crate::platform::charts::layout::{Across, Canvas, FULL, across, text_width, wrap};
use crate::platform::charts::markup::Markup;

const PLOT: u32 = 220;
const TOP: u32 = 14;
const AXIS: u32 = 30;
/// The first and last period stand this far in, which leaves room for their figures on the narrowest screen.
const MARGIN: Across = 2000;
/// Least distance between two figures that are written beside the same period.
const APART: u32 = 19;
/// Marker and dash of each series: shape and dash tell lines apart without colour.
const MARKS: [(&str, &str, &str); MOST_SERIES] = [
    ("M-6-6h12v12h-12z", "none", "#003087"),
    ("M0-8 8 6H-8z", "7 4", "#8a1538"),
    ("M0-8 8 0 0 8-8 0z", "2 4", "#00401e"),
    ("M-7-2h5v-5h4v5h5v4h-5v5h-4v-5h-5z", "12 4 2 4", "#4c6272"),
    ("M0 8 8-6H-8z", "1 3", "#330072"),
    ("M-6-6h12v4h-12zM-6 2h12v4h-12z", "16 3", "#7c2855"),
];

/// One line.
#[derive(Debug, Clone)]
pub struct TrendSeries<'a> {
    /// What it stands for.
    pub label: &'a str,
    /// One figure per period.
    pub figures: &'a [Figure],
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Trend<'a> {
    /// Unique in the page; lower-case letters, digits, hyphens.
    pub id: &'a str,
    /// The chart's title, also the caption of its table.
    pub title: &'a str,
    /// Header of the periods, for example `Year`.
    pub heading: &'a str,
    /// What the figures are.
    pub unit: Unit,
    /// Labels of the periods, in order.
    pub periods: &'a [&'a str],
    /// The lines.
    pub series: &'a [TrendSeries<'a>],
    /// Who is counted, in a sentence.
    pub denominator: &'a str,
}

/// Draws the lines.
///
/// # Errors
/// [`ChartError::Id`], [`ChartError::TooManySeries`], or [`ChartError::WrongLength`] when a line has more or fewer
/// figures than there are periods.
pub fn trend(chart: &Trend<'_>, canvas: Canvas) -> Result<Chart, ChartError> {
    check(chart)?;
    let suppressed =
        chart.series.iter().flat_map(|series| series.figures).any(|figure| figure.is_suppressed());
    let description = format!(
        "{} lines over {} periods, from {} to {}: {}. A gap in a line means that there is no published figure. Every \
         figure is in the table that follows.",
        chart.series.len(),
        chart.periods.len(),
        chart.periods.first().copied().unwrap_or("none"),
        chart.periods.last().copied().unwrap_or("none"),
        chart.series.iter().map(|series| series.label).collect::<Vec<_>>().join(", "),
    );
    let keys = legend_height(chart.series.len() + usize::from(suppressed));
    let frame = Frame {
        id: chart.id,
        title: chart.title,
        description: &description,
        canvas,
        height: keys + TOP + PLOT + AXIS,
        palette: Palette::Series,
        series: &[],
        suppressed,
    };
    let mut markup = frame.begin();
    keys_of(&mut markup, &frame, chart, suppressed);
    let plot = Plot { chart, canvas, top: keys + TOP, full: scale(chart) };
    plot.axes(&mut markup);
    for (index, series) in chart.series.iter().enumerate() {
        plot.line(&mut markup, &frame, index, series);
    }
    plot.values(&mut markup);
    Ok(Chart { id: chart.id.to_owned(), svg: markup.finish(), table: table(chart) })
}

fn check(chart: &Trend<'_>) -> Result<(), ChartError> {
    check_id(chart.id)?;
    if chart.series.len() > MOST_SERIES {
        return Err(ChartError::TooManySeries { found: chart.series.len(), most: MOST_SERIES });
    }
    let expected = chart.periods.len();
    match chart.series.iter().map(|series| series.figures.len()).find(|found| *found != expected) {
        Some(found) => Err(ChartError::WrongLength { what: "series", found, expected }),
        None => Ok(()),
    }
}

/// The value at the top of the plot.
fn scale(chart: &Trend<'_>) -> Decimal {
    let known = chart.series.iter().flat_map(|series| series.figures).filter_map(|figure| match figure {
        Figure::Known(value) => Some(*value),
        Figure::Suppressed | Figure::NotAvailable => None,
    });
    match chart.unit {
        Unit::Percent => Decimal::ONE_HUNDRED,
        Unit::Count => known.max().filter(|value| *value > Decimal::ZERO).unwrap_or(Decimal::ONE),
    }
}

fn mark(series: usize) -> (&'static str, &'static str, &'static str) {
    MARKS.get(series).copied().unwrap_or(("M-6-6h12v12h-12z", "none", "#212b32"))
}

fn keys_of(markup: &mut Markup, frame: &Frame<'_>, chart: &Trend<'_>, suppressed: bool) {
    let mut y = 1;
    let label = |markup: &mut Markup, y: u32, text: &str| {
        crate::platform::charts::frame::label_lines(
            markup,
            48,
            y + 14,
            text,
            frame.canvas.pixels(FULL) - 48,
            1,
        );
    };
    for (index, series) in chart.series.iter().enumerate() {
        let (shape, dash, colour) = mark(index);
        markup.open("svg", &[("y", &y.to_string()), ("overflow", "visible")]);
        let look = [("stroke", colour), ("stroke-width", "3"), ("stroke-dasharray", dash)];
        markup.empty("path", &[("d", "M0 9h40"), ("fill", "none"), look[0], look[1], look[2]]);
        markup.empty("path", &[("d", shape), ("transform", "translate(20 9)"), ("fill", colour)]);
        markup.close();
        label(markup, y, series.label);
        y += LINE + 3;
    }
    if suppressed {
        frame.bar(markup, "chart-key chart-suppressed", &frame.suppressed_fill(), ("14", "12"), (y + 3, 12));
        label(markup, y, "Suppressed");
    }
}

struct Plot<'a> {
    chart: &'a Trend<'a>,
    canvas: Canvas,
    top: u32,
    full: Decimal,
}

impl Plot<'_> {
    fn x(&self, period: usize) -> Across {
        let steps = u32::try_from(self.chart.periods.len().saturating_sub(1)).unwrap_or(1);
        let period = u32::try_from(period).unwrap_or(0);
        ((FULL - 2 * MARGIN) * period).checked_div(steps).map_or(FULL / 2, |along| MARGIN + along)
    }

    fn y(&self, value: Decimal) -> u32 {
        let share = across(value * Decimal::ONE_HUNDRED / self.full);
        self.top + PLOT - PLOT * share / FULL
    }

    /// Base line, a line at half and at the full scale, and the periods' labels.
    fn axes(&self, markup: &mut Markup) {
        for (share, class) in [(0, "chart-grid"), (50, "chart-grid"), (100, "chart-base")] {
            let y = (self.top + PLOT * share / 100).to_string();
            let line = [("x1", "0"), ("x2", "100%"), ("y1", y.as_str()), ("y2", &y), ("stroke", "#aeb7bd")];
            markup.empty("line", &[("class", class), line[0], line[1], line[2], line[3], line[4]]);
        }
        let y = (self.top + PLOT + 20).to_string();
        // Every n-th label only, counted from the last, where all would not fit the narrowest screen.
        let count = self.chart.periods.len();
        let widest =
            self.chart.periods.iter().map(|label| text_width(label, 14)).max().unwrap_or(1).clamp(1, 110);
        let step = self.canvas.pixels(FULL - 2 * MARGIN) / u32::try_from(count.max(2) - 1).unwrap_or(1);
        let every = usize::try_from((widest + 8).div_ceil(step.max(1))).unwrap_or(1).max(1);
        for (index, period) in self
            .chart
            .periods
            .iter()
            .enumerate()
            .filter(|(index, _)| (count - 1 - index).is_multiple_of(every))
        {
            let label = wrap(period, 14, 110, 1).concat();
            let place = [("x", self.canvas.length(self.x(index))), ("y", y.clone())];
            let look = [("text-anchor", "middle"), ("font-size", "14")];
            let (x, y) = ((place[0].0, place[0].1.as_str()), (place[1].0, place[1].1.as_str()));
            markup.text("text", &[("class", "chart-axis"), x, y, look[0], look[1]], &label);
        }
    }

    fn line(&self, markup: &mut Markup, frame: &Frame<'_>, index: usize, series: &TrendSeries<'_>) {
        let (shape, dash, colour) = mark(index);
        let class = format!("chart-line chart-l{index}");
        for (period, pair) in series.figures.windows(2).enumerate() {
            if let [Figure::Known(from), Figure::Known(to)] = pair {
                let ends = [self.canvas.length(self.x(period)), self.canvas.length(self.x(period + 1))];
                let heights = [self.y(*from).to_string(), self.y(*to).to_string()];
                let [x1, x2] = [("x1", ends[0].as_str()), ("x2", ends[1].as_str())];
                let [y1, y2] = [("y1", heights[0].as_str()), ("y2", heights[1].as_str())];
                let look = [("stroke", colour), ("stroke-width", "3"), ("stroke-dasharray", dash)];
                markup.empty("line", &[("class", &class), x1, y1, x2, y2, look[0], look[1], look[2]]);
            }
        }
        for (period, figure) in series.figures.iter().enumerate() {
            let x = self.canvas.length(self.x(period));
            let y = match figure {
                Figure::Known(value) => self.y(*value),
                Figure::Suppressed => self.top + PLOT - 6,
                Figure::NotAvailable => continue,
            };
            markup.open("svg", &[("x", &x), ("y", &y.to_string()), ("overflow", "visible")]);
            if figure.is_suppressed() {
                let fill = frame.suppressed_fill();
                let look = [("fill", fill.as_str()), ("stroke", "#212b32")];
                markup.empty(
                    "path",
                    &[("class", "chart-suppressed"), ("d", "M-6-6h12v12h-12z"), look[0], look[1]],
                );
            } else {
                markup.empty("path", &[("class", "chart-point"), ("d", shape), ("fill", colour)]);
            }
            markup.close();
        }
    }

    /// Writes the figures of the first period on its left and of the last on its right, moved apart where they meet.
    fn values(&self, markup: &mut Markup) {
        let last = self.chart.periods.len().saturating_sub(1);
        let ends = if last == 0 { vec![(0, false)] } else { vec![(0, true), (last, false)] };
        for (period, on_left) in ends {
            let mut values: Vec<(u32, Decimal)> = self
                .chart
                .series
                .iter()
                .filter_map(|series| match series.figures.get(period) {
                    Some(Figure::Known(value)) => Some((self.y(*value), *value)),
                    _ => None,
                })
                .collect();
            values.sort_by_key(|(y, _)| *y);
            let mut places: Vec<u32> = Vec::new();
            for (y, _) in &values {
                let free = places.last().map_or(0, |above| above + APART);
                places.push((*y).max(free));
            }
            // What was pushed below the plot moves up again, from the lowest.
            let mut limit = self.top + PLOT;
            for place in places.iter_mut().rev() {
                *place = (*place).min(limit);
                limit = place.saturating_sub(APART);
            }
            for ((_, value), place) in values.iter().zip(&places) {
                let text = self.chart.unit.format(*value);
                let shift = if on_left { -(plate_width(&text).cast_signed()) - 9 } else { 9 };
                plate(markup, &self.canvas.length(self.x(period)), shift, place.saturating_sub(9), &text);
            }
        }
    }
}

fn table(chart: &Trend<'_>) -> ChartTable {
    let mut headers = vec![chart.heading.to_owned()];
    headers.extend(chart.series.iter().map(|series| series.label.to_owned()));
    let row = |(index, period): (usize, &&str)| ChartRow {
        heading: (*period).to_owned(),
        cells: chart
            .series
            .iter()
            .map(|series| series.figures.get(index).copied().unwrap_or(Figure::NotAvailable).cell(chart.unit))
            .collect(),
    };
    let rows = chart.periods.iter().enumerate().map(row).collect();
    ChartTable::new(chart.title, headers, rows, chart.denominator.to_owned(), Vec::new())
}
