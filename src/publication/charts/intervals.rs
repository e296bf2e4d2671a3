//! Estimates with their 95 % intervals: a point on a line from the lower to the upper bound, on a scale of 0 to 100 %.

use super::{Chart, ChartCell, ChartError, ChartRow, ChartTable, SUPPRESSED};
use crate::platform::charts::frame::{
    Frame, LABEL, LINE, NOTE, Palette, check_id, label_lines, note_line, plate,
};
use crate::platform::charts::layout::{Canvas, FULL, across, thousands, wrap};
use crate::platform::charts::markup::Markup;
use crate::statistics::estimators::ProportionInterval;

const ROW: u32 = 26;
const GAP: u32 = 14;
const AXIS: u32 = 26;

/// One estimate.
#[derive(Debug, Clone)]
pub struct IntervalRow<'a> {
    /// What it stands for.
    pub label: &'a str,
    /// The estimate; `None` when it is withheld.
    pub interval: Option<ProportionInterval>,
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Intervals<'a> {
    /// Unique in the page; lower-case letters, digits, hyphens.
    pub id: &'a str,
    /// The chart's title, also the caption of its table.
    pub title: &'a str,
    /// Header of the labels.
    pub heading: &'a str,
    /// Header of the estimates.
    pub measure: &'a str,
    /// The estimates in order.
    pub rows: &'a [IntervalRow<'a>],
    /// Who is counted, in a sentence.
    pub denominator: &'a str,
}

/// Draws the estimates.
///
/// # Errors
/// [`ChartError::Id`].
pub fn intervals(chart: &Intervals<'_>, canvas: Canvas) -> Result<Chart, ChartError> {
    check_id(chart.id)?;
    let lines = |row: &IntervalRow<'_>| {
        u32::try_from(wrap(row.label, LABEL, canvas.pixels(FULL), 2).len()).unwrap_or(1)
    };
    let body = chart.rows.iter().map(|row| lines(row) * LINE + NOTE + ROW + GAP).sum::<u32>();
    let description = format!(
        "{} for {} rows, each as a point on a line that spans its 95% interval, on a scale from 0 to 100%. Every figure \
         is in the table that follows.",
        chart.measure,
        chart.rows.len(),
    );
    let frame = Frame {
        id: chart.id,
        title: chart.title,
        description: &description,
        canvas,
        height: body + AXIS,
        palette: Palette::Series,
        series: &[0],
        suppressed: chart.rows.iter().any(|row| row.interval.is_none()),
    };
    let mut markup = frame.begin();
    grid(&mut markup, canvas, body);
    let mut y = 0;
    for row in chart.rows {
        y += label_lines(&mut markup, 0, y + 16, row.label, canvas.pixels(FULL), 2) * LINE + NOTE;
        note_line(&mut markup, y - 6, &text_of(row), canvas);
        match &row.interval {
            Some(interval) => draw(&mut markup, canvas, interval, y + ROW / 2),
            None => {
                let fill = frame.suppressed_fill();
                frame.bar(&mut markup, "chart-bar chart-suppressed", &fill, ("0", "100%"), (y, ROW));
                plate(&mut markup, "0", 6, y + 4, SUPPRESSED);
            }
        }
        y += ROW + GAP;
    }
    Ok(Chart { id: chart.id.to_owned(), svg: markup.finish(), table: table(chart) })
}

fn text_of(row: &IntervalRow<'_>) -> String {
    match &row.interval {
        Some(found) => format!("{}% ({}% to {}%)", found.percentage, found.low, found.high),
        None => String::new(),
    }
}

/// Vertical lines at 0, 25, 50, 75 and 100 % with their labels below.
fn grid(markup: &mut Markup, canvas: Canvas, height: u32) {
    for (tick, anchor) in [(0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "end")] {
        let x = canvas.length(tick * 100);
        let (bottom, text) = (height.to_string(), (height + 18).to_string());
        let line = [("x1", x.as_str()), ("x2", &x), ("y1", "0"), ("y2", &bottom), ("stroke", "#aeb7bd")];
        markup.empty("line", &[("class", "chart-grid"), line[0], line[1], line[2], line[3], line[4]]);
        let place = [("x", x.as_str()), ("y", &text), ("text-anchor", anchor), ("font-size", "14")];
        let label = format!("{tick}%");
        markup.text("text", &[("class", "chart-axis"), place[0], place[1], place[2], place[3]], &label);
    }
}

fn draw(markup: &mut Markup, canvas: Canvas, interval: &ProportionInterval, middle: u32) {
    let [low, at, high] =
        [interval.low, interval.percentage, interval.high].map(|x| canvas.length(across(x)));
    let y = middle.to_string();
    let (top, bottom) = ((middle - 7).to_string(), (middle + 7).to_string());
    let line = |markup: &mut Markup, x1: &str, x2: &str, y1: &str, y2: &str| {
        let ends = [("x1", x1), ("x2", x2), ("y1", y1), ("y2", y2)];
        let look = [("stroke", "#003087"), ("stroke-width", "3")];
        markup.empty(
            "line",
            &[("class", "chart-interval"), ends[0], ends[1], ends[2], ends[3], look[0], look[1]],
        );
    };
    line(markup, &low, &high, &y, &y);
    line(markup, &low, &low, &top, &bottom);
    line(markup, &high, &high, &top, &bottom);
    let look = [("r", "6"), ("fill", "#003087"), ("stroke", "#ffffff"), ("stroke-width", "2")];
    markup.empty(
        "circle",
        &[("class", "chart-point"), ("cx", &at), ("cy", &y), look[0], look[1], look[2], look[3]],
    );
}

fn table(chart: &Intervals<'_>) -> ChartTable {
    let headers = [chart.heading, chart.measure, "Lower bound (95%)", "Upper bound (95%)", "Out of"];
    let row = |row: &IntervalRow<'_>| ChartRow {
        heading: row.label.to_owned(),
        cells: match &row.interval {
            Some(found) => {
                let figures = [found.percentage, found.low, found.high];
                let mut cells: Vec<ChartCell> =
                    figures.iter().map(|figure| ChartCell::number(format!("{figure}%"))).collect();
                cells.push(ChartCell::number(thousands(found.of)));
                cells
            }
            None => vec![ChartCell::suppressed(); 4],
        },
    };
    let rows = chart.rows.iter().map(row).collect();
    let headers = headers.into_iter().map(str::to_owned).collect();
    ChartTable::new(chart.title, headers, rows, chart.denominator.to_owned(), Vec::new())
}
