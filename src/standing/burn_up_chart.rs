//! The drawing of a burn-up: a stair of confirmed answers, the line that leads from today to the deadline, and the table
//! of every day on which the number changed.

use super::burn_up::{BurnUp, Step};
use crate::platform::charts::frame::{Frame, LINE, Palette, label_lines, legend_height, plate, plate_width};
use crate::platform::charts::layout::{Across, FULL, text_width};
use crate::platform::charts::markup::Markup;
use crate::platform::charts::{Canvas, Chart, ChartCell, ChartRow, ChartTable};
use crate::platform::clock::Day;

const ID: &str = "burn-up";
const TITLE: &str = "Answers confirmed, and the pace to the deadline";
const PLOT: u32 = 200;
const TOP: u32 = 16;
const AXIS: u32 = 30;
/// Room for the figures of the scale on the left.
const LEFT: Across = 1200;
const RIGHT: Across = 400;
/// Colour and dash of the two lines; they differ by dash, weight and shape too.
const DONE: (&str, &str) = ("#003087", "none");
const NEEDED: (&str, &str) = ("#8a1538", "7 4");

/// Draws it.
#[must_use]
pub fn burn_up_chart(burn_up: &BurnUp, canvas: Canvas) -> Chart {
    let description = format!("{} Every figure is in the table that follows.", describe(burn_up));
    let keys = legend_height(2);
    let frame = Frame {
        id: ID,
        title: TITLE,
        description: &description,
        canvas,
        height: keys + TOP + PLOT + AXIS,
        palette: Palette::Series,
        series: &[],
        suppressed: false,
    };
    let mut markup = frame.begin();
    let plot = Plot { burn_up, canvas, top: keys + TOP };
    plot.keys(&mut markup);
    plot.axes(&mut markup);
    plot.stair(&mut markup);
    plot.wanted(&mut markup);
    Chart { id: ID.to_owned(), svg: markup.finish(), table: table(burn_up) }
}

/// The drawing in words, for whoever does not see it.
#[must_use]
pub fn describe(burn_up: &BurnUp) -> String {
    format!(
        "A stair from 0 on {} to {} of {} answers on {}; a dashed line leads from there to {} on the deadline, {}.",
        burn_up.first.words(),
        burn_up.confirmed,
        burn_up.goal,
        burn_up.today.words(),
        burn_up.goal,
        burn_up.due.words(),
    )
}

struct Plot<'a> {
    burn_up: &'a BurnUp,
    canvas: Canvas,
    top: u32,
}

impl Plot<'_> {
    /// The last day drawn.
    fn last(&self) -> Day {
        self.burn_up.today.max(self.burn_up.due)
    }

    fn x(&self, day: Day) -> Across {
        let whole = self.burn_up.first.days_until(self.last()).max(1);
        let along = self.burn_up.first.days_until(day).clamp(0, whole);
        let room = i64::from(FULL - LEFT - RIGHT);
        LEFT + u32::try_from(room * along / whole).unwrap_or_default()
    }

    fn y(&self, count: usize) -> u32 {
        let most = u64::try_from(self.burn_up.goal.max(1)).unwrap_or(1);
        let height = u64::from(PLOT) * u64::try_from(count).unwrap_or_default() / most;
        self.top + PLOT - u32::try_from(height).unwrap_or(PLOT).min(PLOT)
    }

    fn line(
        &self,
        markup: &mut Markup,
        class: &str,
        (from, to): ((Across, u32), (Across, u32)),
        (colour, dash): (&str, &str),
    ) {
        let (x1, x2) = (self.canvas.length(from.0), self.canvas.length(to.0));
        let (y1, y2) = (from.1.to_string(), to.1.to_string());
        let ends = [("x1", x1.as_str()), ("y1", y1.as_str()), ("x2", x2.as_str()), ("y2", y2.as_str())];
        let look = [("stroke", colour), ("stroke-width", "3"), ("stroke-dasharray", dash)];
        markup.empty(
            "line",
            &[("class", class), ends[0], ends[1], ends[2], ends[3], look[0], look[1], look[2]],
        );
    }

    fn keys(&self, markup: &mut Markup) {
        let entries = [(DONE, "Answers confirmed"), (NEEDED, "Pace needed to the deadline")];
        let mut y = 1;
        for ((colour, dash), label) in entries {
            let at = (y + 9).to_string();
            let look = [("stroke", colour), ("stroke-width", "3"), ("stroke-dasharray", dash)];
            let ends = [("x1", "0"), ("x2", "40"), ("y1", at.as_str()), ("y2", &at)];
            markup.empty("line", &[ends[0], ends[1], ends[2], ends[3], look[0], look[1], look[2]]);
            label_lines(markup, 48, y + 14, label, self.canvas.pixels(FULL) - 48, 1);
            y += LINE + 3;
        }
    }

    /// Base line and the line of the goal with their figures, and the days at both ends.
    fn axes(&self, markup: &mut Markup) {
        let ends = [(0, "chart-base"), (self.burn_up.goal, "chart-grid")];
        for (count, class) in ends.into_iter().filter(|(count, class)| *count > 0 || *class == "chart-base") {
            let y = self.y(count);
            let (from, to) = (self.canvas.length(LEFT), self.canvas.length(FULL));
            let at = y.to_string();
            let line = [("x1", from.as_str()), ("x2", to.as_str()), ("y1", at.as_str()), ("y2", &at)];
            markup.empty(
                "line",
                &[("class", class), line[0], line[1], line[2], line[3], ("stroke", "#aeb7bd")],
            );
            let figure = count.to_string();
            let base = (y + 5).to_string();
            let place = [("x", "0"), ("y", base.as_str()), ("font-size", "14")];
            markup.text("text", &[("class", "chart-axis"), place[0], place[1], place[2]], &figure);
        }
        let bottom = (self.top + PLOT + 20).to_string();
        let room = self.canvas.pixels(FULL - LEFT - RIGHT);
        let both = [(self.burn_up.first, "start", LEFT), (self.last(), "end", FULL)];
        let wide: u32 = both.iter().map(|(day, ..)| text_width(&day.words(), 14) + 8).sum();
        for (day, anchor, across) in
            both.into_iter().filter(|(_, anchor, _)| *anchor == "start" || wide <= room)
        {
            let x = self.canvas.length(across);
            let place = [("x", x.as_str()), ("y", &bottom), ("text-anchor", anchor), ("font-size", "14")];
            markup.text(
                "text",
                &[("class", "chart-axis"), place[0], place[1], place[2], place[3]],
                &day.words(),
            );
        }
    }

    fn stair(&self, markup: &mut Markup) {
        for pair in self.burn_up.steps.windows(2) {
            let [from, to] = pair else { continue };
            let corner = (self.x(to.day), self.y(from.confirmed));
            self.line(markup, "chart-line chart-l0", ((self.x(from.day), corner.1), corner), DONE);
            if from.confirmed != to.confirmed {
                self.line(markup, "chart-line chart-l0", (corner, (corner.0, self.y(to.confirmed))), DONE);
            }
        }
        let x = self.canvas.length(self.x(self.burn_up.today));
        let y = self.y(self.burn_up.confirmed);
        let look = [("r", "6"), ("fill", DONE.0)];
        let cy = y.to_string();
        markup.empty("circle", &[("class", "chart-point"), ("cx", &x), ("cy", &cy), look[0], look[1]]);
        let text = self.burn_up.confirmed.to_string();
        let late = self.x(self.burn_up.today) > FULL / 2;
        let shift = if late { -(plate_width(&text).cast_signed()) - 9 } else { 9 };
        plate(markup, &x, shift, y.saturating_sub(20), &text);
    }

    /// From today to the goal on the day of the deadline, while there is something left and a deadline to come.
    fn wanted(&self, markup: &mut Markup) {
        if self.burn_up.overdue || self.burn_up.left() == 0 {
            return;
        }
        let from = (self.x(self.burn_up.today), self.y(self.burn_up.confirmed));
        let to = (self.x(self.burn_up.due), self.y(self.burn_up.goal));
        self.line(markup, "chart-line chart-l1", (from, to), NEEDED);
    }
}

fn table(burn_up: &BurnUp) -> ChartTable {
    let row = |step: &Step| ChartRow {
        heading: step.day.words(),
        cells: vec![ChartCell::number(step.confirmed.to_string())],
    };
    ChartTable {
        caption: TITLE.to_owned(),
        headers: vec!["By the end of".to_owned(), "Answers confirmed".to_owned()],
        rows: burn_up.steps.iter().map(row).collect(),
        denominator: format!("Out of {} answers that count for your organisation.", burn_up.goal),
        has_suppressed: false,
        notes: vec!["On days that are not in the table the number did not change.".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::burn_up::{Change, Span, burn_up};
    use super::*;
    use crate::platform::clock::parse_london;
    use crate::platform::ids::AnswerId;

    fn drawn(opened: &str, now: &str, due: &str, answers: i64) -> Chart {
        let at = |text: &str| parse_london(text).unwrap();
        let changes: Vec<Change> = (0..answers)
            .map(|n| Change {
                answer: AnswerId::new(n),
                at: at(opened).plus_seconds(n * 86_400),
                confirmed: true,
            })
            .collect();
        let span = Span { opened_at: at(opened), now: at(now), due_at: at(due) };
        burn_up_chart(&burn_up(&changes, span, 9), Canvas::Fluid)
    }

    #[test]
    fn it_is_well_formed_and_every_figure_stands_in_its_table() {
        for (opened, now, due, answers) in [
            ("2026-01-05 09:00", "2026-01-05 09:00", "2026-06-30 12:00", 0),
            ("2026-01-05 09:00", "2026-02-05 09:00", "2026-06-30 12:00", 5),
            ("2026-07-01 09:00", "2026-07-05 09:00", "2026-06-30 12:00", 3),
            ("2026-06-30 09:00", "2026-06-30 10:00", "2026-06-30 12:00", 1),
        ] {
            let chart = drawn(opened, now, due, answers);
            let document = roxmltree::Document::parse(&chart.svg).unwrap();
            assert_eq!(document.root_element().attribute("role"), Some("img"));
            assert!(!chart.svg.contains("style="), "{}", chart.svg);
            assert!(!chart.table.rows.is_empty());
            let outside = document
                .descendants()
                .filter_map(|node| node.attribute("x2"))
                .any(|x| x.trim_end_matches('%').parse::<f64>().is_ok_and(|x| x > 100.0 && x != 40.0));
            assert!(!outside, "{}", chart.svg);
        }
    }

    #[test]
    fn the_line_to_the_deadline_is_drawn_only_while_it_can_be_walked() {
        assert_eq!(
            drawn("2026-01-05 09:00", "2026-01-09 09:00", "2026-06-30 12:00", 3)
                .svg
                .matches("chart-l1")
                .count(),
            1
        );
        assert!(
            !drawn("2026-07-01 09:00", "2026-07-05 09:00", "2026-06-30 12:00", 3).svg.contains("chart-l1")
        );
        assert!(
            !drawn("2026-01-05 09:00", "2026-02-09 09:00", "2026-06-30 12:00", 9).svg.contains("chart-l1")
        );
    }
}
