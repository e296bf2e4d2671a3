//! The drawing of a collection's way to its deadline beside last year's, and the table of its figures.

use super::curve::{Forecast, Way, marks};
use crate::platform::charts::frame::{Frame, LINE, Palette, label_lines, legend_height, plate, plate_width};
use crate::platform::charts::layout::{Across, FULL};
use crate::platform::charts::markup::Markup;
use crate::platform::charts::{Canvas, Chart, ChartCell, ChartRow, ChartTable};
use crate::platform::clock::Day;

const ID: &str = "submissions";
const TITLE: &str = "Organisations that have submitted, against the deadline";
const PLOT: u32 = 220;
const TOP: u32 = 16;
const AXIS: u32 = 30;
const LEFT: Across = 1800;
const RIGHT: Across = 400;
/// Colour and dash of the lines; they differ by dash too.
const LOOKS: [(&str, &str); 3] = [("#003087", "none"), ("#4c6272", "2 4"), ("#8a1538", "7 4")];

/// What is drawn.
pub(super) struct Drawn<'a> {
    pub way: &'a Way,
    /// Earlier years, the last first; only the last is drawn, all stand in the table.
    pub earlier: &'a [Way],
    pub forecast: Option<Forecast>,
    pub today: Day,
    pub in_scope: i64,
}

/// Draws it.
pub(super) fn chart(of: &Drawn<'_>) -> Chart {
    let plot = Plot::of(of);
    let description = format!("{} Every figure is in the table that follows.", plot.describe());
    let keys = legend_height(3);
    let frame = Frame {
        id: ID,
        title: TITLE,
        description: &description,
        canvas: Canvas::Fluid,
        height: keys + TOP + PLOT + AXIS,
        palette: Palette::Series,
        series: &[],
        suppressed: false,
    };
    let mut markup = frame.begin();
    plot.keys(&mut markup);
    plot.axes(&mut markup);
    if let Some(last) = of.earlier.first() {
        plot.line_of(&mut markup, last, i64::MIN, 1);
    }
    plot.line_of(&mut markup, of.way, plot.left_today, 0);
    plot.foretold(&mut markup);
    Chart { id: ID.to_owned(), svg: markup.finish(), table: table(of, &plot.marks) }
}

struct Plot<'a> {
    of: &'a Drawn<'a>,
    marks: Vec<i64>,
    /// Days to go at the end of today.
    left_today: i64,
    most: i64,
}

impl<'a> Plot<'a> {
    fn of(of: &'a Drawn<'a>) -> Self {
        let ways: Vec<&Way> = std::iter::once(of.way).chain(of.earlier.first()).collect();
        let marks = marks(&ways);
        let end = marks.last().copied().unwrap_or_default();
        let highest = ways.iter().map(|way| way.with_days_left(end)).max().unwrap_or_default();
        let foretold = of.forecast.map_or(0, |forecast| forecast.most);
        Self {
            of,
            marks,
            left_today: of.today.days_until(of.way.deadline),
            most: highest.max(foretold).max(1),
        }
    }

    fn describe(&self) -> String {
        let so_far = self.of.way.by(self.of.today);
        let last = self.of.earlier.first().map_or(String::new(), |last| {
            format!(
                " In {} it was {} with as many days to go, and {} by the deadline.",
                last.label,
                last.with_days_left(self.left_today),
                last.with_days_left(0)
            )
        });
        format!("By now {so_far} of {} organisations have submitted.{last}", self.of.in_scope)
    }

    fn x(&self, left: i64) -> Across {
        let first = self.marks.first().copied().unwrap_or(1);
        let last = self.marks.last().copied().unwrap_or_default();
        let along = (first - left).clamp(0, (first - last).max(1));
        let room = i64::from(FULL - LEFT - RIGHT);
        LEFT + u32::try_from(room * along / (first - last).max(1)).unwrap_or_default()
    }

    fn y(&self, count: i64) -> u32 {
        let height = i128::from(PLOT) * i128::from(count.clamp(0, self.most)) / i128::from(self.most);
        legend_height(3) + TOP + PLOT - u32::try_from(height).unwrap_or(PLOT)
    }

    fn stroke(&self, markup: &mut Markup, from: (Across, u32), to: (Across, u32), look: usize) {
        let (colour, dash) = LOOKS.get(look).copied().unwrap_or_default();
        let (x1, x2) = (Canvas::Fluid.length(from.0), Canvas::Fluid.length(to.0));
        let (y1, y2) = (from.1.to_string(), to.1.to_string());
        markup.empty(
            "line",
            &[
                ("class", "chart-line"),
                ("x1", &x1),
                ("y1", &y1),
                ("x2", &x2),
                ("y2", &y2),
                ("stroke", colour),
                ("stroke-width", "3"),
                ("stroke-dasharray", dash),
            ],
        );
    }

    fn keys(&self, markup: &mut Markup) {
        let last = self.of.earlier.first().map_or("No earlier year", |last| last.label.as_str());
        let mut y = 1;
        for (look, label) in
            [self.of.way.label.as_str(), last, "Forecast to the deadline"].into_iter().enumerate()
        {
            let (colour, dash) = LOOKS.get(look).copied().unwrap_or_default();
            let at = (y + 9).to_string();
            let ends = [("x1", "0"), ("x2", "40"), ("y1", at.as_str()), ("y2", at.as_str())];
            let drawn = [("stroke", colour), ("stroke-width", "3"), ("stroke-dasharray", dash)];
            markup.empty("line", &[ends[0], ends[1], ends[2], ends[3], drawn[0], drawn[1], drawn[2]]);
            label_lines(markup, 48, y + 14, label, Canvas::Fluid.pixels(FULL) - 48, 1);
            y += LINE + 3;
        }
    }

    fn axes(&self, markup: &mut Markup) {
        for (count, class) in [(0, "chart-base"), (self.most, "chart-grid")] {
            let at = self.y(count).to_string();
            let (from, to) = (Canvas::Fluid.length(LEFT), Canvas::Fluid.length(FULL));
            let line = [("x1", from.as_str()), ("x2", to.as_str()), ("y1", at.as_str()), ("y2", at.as_str())];
            markup.empty(
                "line",
                &[("class", class), line[0], line[1], line[2], line[3], ("stroke", "#aeb7bd")],
            );
            let figure = crate::platform::pages::words::number(i128::from(count));
            let base = (self.y(count) + 5).to_string();
            markup.text(
                "text",
                &[("class", "chart-axis"), ("x", "0"), ("y", &base), ("font-size", "14")],
                &figure,
            );
        }
        let x = Canvas::Fluid.length(self.x(0));
        let (top, bottom) = (self.y(self.most).to_string(), self.y(0).to_string());
        let ends = [("x1", x.as_str()), ("x2", x.as_str()), ("y1", top.as_str()), ("y2", bottom.as_str())];
        markup.empty(
            "line",
            &[("class", "chart-grid"), ends[0], ends[1], ends[2], ends[3], ("stroke", "#4c6272")],
        );
        let base = (self.y(0) + 20).to_string();
        let place = [("x", x.as_str()), ("y", base.as_str()), ("text-anchor", "end"), ("font-size", "14")];
        markup.text("text", &[("class", "chart-axis"), place[0], place[1], place[2], place[3]], "Deadline");
    }

    /// A year's line over the marks, up to the mark from which on it is not known.
    fn line_of(&self, markup: &mut Markup, way: &Way, until: i64, look: usize) {
        let known: Vec<(Across, u32)> = self
            .marks
            .iter()
            .copied()
            .filter(|left| *left > until)
            .chain((until > i64::MIN).then_some(until))
            .map(|left| (self.x(left), self.y(way.with_days_left(left))))
            .collect();
        for pair in known.windows(2) {
            if let [from, to] = pair {
                self.stroke(markup, *from, *to, look);
            }
        }
    }

    fn foretold(&self, markup: &mut Markup) {
        let Some(forecast) = self.of.forecast else { return };
        let from = (self.x(forecast.days_left), self.y(forecast.so_far));
        let to = (self.x(0), self.y(forecast.expected));
        self.stroke(markup, from, to, 2);
        let text = crate::platform::pages::words::number(i128::from(forecast.expected));
        let shift = -(plate_width(&text).cast_signed()) - 6;
        plate(markup, &Canvas::Fluid.length(to.0), shift, to.1.saturating_sub(20), &text);
    }
}

fn table(of: &Drawn<'_>, marks: &[i64]) -> ChartTable {
    let ways: Vec<&Way> = std::iter::once(of.way).chain(of.earlier).collect();
    let heading = |left: i64| match left {
        0 => "The day of the deadline".to_owned(),
        1 => "1 day before".to_owned(),
        -1 => "1 day after".to_owned(),
        2.. => format!("{left} days before"),
        _ => format!("{} days after", -left),
    };
    let cell = |way: &&Way, left: i64| {
        let is_own = std::ptr::eq(*way, of.way);
        if is_own && way.deadline.plus_days(-left) > of.today {
            ChartCell::not_available()
        } else {
            ChartCell::count(u64::try_from(way.with_days_left(left)).ok())
        }
    };
    ChartTable {
        caption: TITLE.to_owned(),
        headers: std::iter::once("By the end of".to_owned())
            .chain(ways.iter().map(|way| way.label.clone()))
            .collect(),
        rows: marks
            .iter()
            .map(|left| ChartRow {
                heading: heading(*left),
                cells: ways.iter().map(|way| cell(way, *left)).collect(),
            })
            .collect(),
        denominator: format!(
            "Out of {} organisations in scope this year. An organisation counts from the day of its first submission.",
            crate::platform::pages::words::number(i128::from(of.in_scope))
        ),
        has_suppressed: false,
        notes: Vec::new(),
    }
}
