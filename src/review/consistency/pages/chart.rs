//! Estimates with their intervals on a scale that need not begin at nought: a point on a line from the lower to the upper
//! bound, drawn with the portal's own parts of charts.

use rust_decimal::Decimal;

use crate::platform::charts::Canvas;
use crate::platform::charts::frame::{Frame, LABEL, LINE, NOTE, Palette, label_lines, note_line};
use crate::platform::charts::layout::{FULL, across, wrap};
use crate::platform::charts::markup::Markup;

const ROW: u32 = 26;
const GAP: u32 = 14;
const AXIS: u32 = 26;

/// One estimate.
pub(super) struct Estimate {
    /// What it stands for.
    pub label: String,
    /// Its figures in words.
    pub words: String,
    /// Lower bound, estimate and upper bound as percent of the width; none where there is no estimate.
    pub span: Option<[Decimal; 3]>,
}

/// Draws the estimates. `ticks` are places in percent of the width with their labels; `id` is lower-case letters, digits
/// and hyphens.
pub(super) fn estimates(
    id: &str,
    title: &str,
    description: &str,
    rows: &[Estimate],
    ticks: &[(u32, &str)],
) -> String {
    let canvas = Canvas::Fluid;
    let lines =
        |row: &Estimate| u32::try_from(wrap(&row.label, LABEL, canvas.pixels(FULL), 2).len()).unwrap_or(1);
    let body = rows.iter().map(|row| lines(row) * LINE + NOTE + ROW + GAP).sum::<u32>();
    let frame = Frame {
        id,
        title,
        description,
        canvas,
        height: body + AXIS,
        palette: Palette::Series,
        series: &[0],
        suppressed: false,
    };
    let mut markup = frame.begin();
    for (at, label) in ticks {
        tick(&mut markup, *at, label, body);
    }
    let mut y = 0;
    for row in rows {
        y += label_lines(&mut markup, 0, y + 16, &row.label, canvas.pixels(FULL), 2) * LINE + NOTE;
        note_line(&mut markup, y - 6, &row.words, canvas);
        if let Some(span) = row.span {
            draw(&mut markup, span, y + ROW / 2);
        }
        y += ROW + GAP;
    }
    markup.finish()
}

fn tick(markup: &mut Markup, at: u32, label: &str, height: u32) {
    let x = Canvas::Fluid.length(at * 100);
    let (bottom, text) = (height.to_string(), (height + 18).to_string());
    let anchor = match at {
        0 => "start",
        100 => "end",
        _ => "middle",
    };
    let ends = [("x1", x.as_str()), ("x2", &x), ("y1", "0"), ("y2", &bottom)];
    markup
        .empty("line", &[("class", "chart-grid"), ends[0], ends[1], ends[2], ends[3], ("stroke", "#aeb7bd")]);
    let place = [("x", x.as_str()), ("y", &text), ("text-anchor", anchor), ("font-size", "14")];
    markup.text("text", &[("class", "chart-axis"), place[0], place[1], place[2], place[3]], label);
}

fn draw(markup: &mut Markup, span: [Decimal; 3], middle: u32) {
    let [low, at, high] = span.map(|x| Canvas::Fluid.length(across(x)));
    let y = middle.to_string();
    let (top, bottom) = ((middle - 7).to_string(), (middle + 7).to_string());
    for (x1, x2, y1, y2) in
        [(&low, &high, &y, &y), (&low, &low, &top, &bottom), (&high, &high, &top, &bottom)]
    {
        let ends = [("x1", x1.as_str()), ("x2", x2), ("y1", y1), ("y2", y2)];
        let look = [("stroke", "#003087"), ("stroke-width", "3")];
        markup.empty(
            "line",
            &[("class", "chart-interval"), ends[0], ends[1], ends[2], ends[3], look[0], look[1]],
        );
    }
    let look = [("r", "6"), ("fill", "#003087"), ("stroke", "#ffffff"), ("stroke-width", "2")];
    markup.empty(
        "circle",
        &[("class", "chart-point"), ("cx", &at), ("cy", &y), look[0], look[1], look[2], look[3]],
    );
}
