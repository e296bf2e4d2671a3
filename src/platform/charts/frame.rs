//! What all charts share: the accessible frame (role, title, description), the series styles and the legend.

use super::ChartError;
use super::layout::{Canvas, wrap};
use super::markup::Markup;

/// Font sizes in pixels.
pub(crate) const LABEL: u32 = 16;
pub(crate) const VALUE: u32 = 14;
/// Height of a line of labels and of a legend entry.
pub(crate) const LINE: u32 = 21;
/// Most series a chart can tell apart.
pub(crate) const MOST_SERIES: usize = 6;
/// Most ordered bands.
pub(crate) const MOST_BANDS: usize = 4;

/// Colours stand in presentation attributes so that a chart also works alone (in a report, as an image); the style
/// sheet may override them by class.
const INK: &str = "#212b32";
const PAPER: &str = "#ffffff";

/// Ground colour, drawing on it, colour of the drawing. The drawings tell the series apart without colour; from dark
/// to light they also keep their order in grey.
const STYLES: [(&str, &str, &str); MOST_SERIES] = [
    ("#003087", "", PAPER),
    ("#7fcbee", "M-2 8 8-2M4 14 14 4", "#003087"),
    ("#ffd57e", "M3 3h2v2h-2zM9 9h2v2h-2z", INK),
    ("#8a1538", "M0 6h12M6 0v12", PAPER),
    ("#e8edee", "M0 3h12M0 9h12", "#4c6272"),
    ("#aeb7bd", "M3 0v12M9 0v12", INK),
];

/// For ordered bands, from low to high: each is darker and busier than the one before.
const BANDS: [(&str, &str, &str); MOST_BANDS] = [
    ("#eef5fb", "", PAPER),
    ("#c5dcf2", "M3 3h2v2h-2zM9 9h2v2h-2z", "#003087"),
    ("#6ba4dd", "M-2 5 5-2M-2 11 11-2M1 14 14 1M7 14 14 7", "#003087"),
    ("#003087", "", PAPER),
];

/// Which set of fills a chart uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    /// Categories without an order of size.
    Series,
    /// Ordered bands.
    Bands,
}

impl Palette {
    fn styles(self) -> &'static [(&'static str, &'static str, &'static str)] {
        match self {
            Self::Series => &STYLES,
            Self::Bands => &BANDS,
        }
    }
}

/// A chart's outer element with title, description and patterns. `height` is in pixels.
pub(crate) struct Frame<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub canvas: Canvas,
    pub height: u32,
    pub palette: Palette,
    /// Which of the palette's styles are drawn.
    pub series: &'a [usize],
    /// Whether the pattern of withheld figures is needed.
    pub suppressed: bool,
}

impl Frame<'_> {
    pub(crate) fn begin(&self) -> Markup {
        let mut markup = Markup::default();
        let (title_id, description_id) = (format!("{}-title", self.id), format!("{}-desc", self.id));
        let labelled = format!("{title_id} {description_id}");
        let (width, height) = (self.canvas.width(), self.height.to_string());
        let mut attributes: Vec<(&'static str, &str)> = vec![
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("id", self.id),
            ("class", if self.canvas == Canvas::Fluid { "chart" } else { "chart chart-fixed" }),
            ("role", "img"),
            ("aria-labelledby", &labelled),
            ("width", &width),
            ("height", &height),
            ("font-family", "Arial, Helvetica, sans-serif"),
            ("font-size", "16"),
            ("fill", INK),
        ];
        let view_box = format!("0 0 {width} {height}");
        if matches!(self.canvas, Canvas::Fixed(_)) {
            attributes.push(("viewBox", &view_box));
        }
        markup.open("svg", &attributes);
        markup.text("title", &[("id", &title_id)], self.title);
        markup.text("desc", &[("id", &description_id)], self.description);
        self.patterns(&mut markup);
        markup
    }

    fn patterns(&self, markup: &mut Markup) {
        let drawn = self
            .palette
            .styles()
            .iter()
            .enumerate()
            .filter(|(index, (_, drawing, _))| self.series.contains(index) && !drawing.is_empty());
        let withheld = ("#ffffff", "M-2 4 8 14M4-2 14 8", "#4c6272");
        let mut all: Vec<(String, (&str, &str, &str))> =
            drawn.map(|(index, style)| (format!("{}-p{index}", self.id), *style)).collect();
        if self.suppressed {
            all.push((format!("{}-ps", self.id), withheld));
        }
        if all.is_empty() {
            return;
        }
        markup.open("defs", &[]);
        for (id, (ground, drawing, colour)) in all {
            let size = [("width", "12"), ("height", "12")];
            markup.open("pattern", &[("id", &id), size[0], size[1], ("patternUnits", "userSpaceOnUse")]);
            markup.empty("rect", &[size[0], size[1], ("fill", ground)]);
            markup.empty(
                "path",
                &[("d", drawing), ("fill", "none"), ("stroke", colour), ("stroke-width", "2")],
            );
            markup.close();
        }
        markup.close();
    }

    /// The fill of a style.
    pub(crate) fn fill(&self, series: usize) -> String {
        match self.palette.styles().get(series) {
            Some((_, drawing, _)) if !drawing.is_empty() => format!("url(#{}-p{series})", self.id),
            Some((ground, _, _)) => (*ground).to_owned(),
            None => PAPER.to_owned(),
        }
    }

    /// The fill of a withheld figure.
    pub(crate) fn suppressed_fill(&self) -> String {
        format!("url(#{}-ps)", self.id)
    }

    /// A filled box with an outline. `x` and `width` are length attributes.
    pub(crate) fn bar(
        &self,
        markup: &mut Markup,
        class: &str,
        fill: &str,
        (x, width): (&str, &str),
        (y, height): (u32, u32),
    ) {
        let (y, height) = (y.to_string(), height.to_string());
        markup.empty(
            "rect",
            &[
                ("class", class),
                ("x", x),
                ("y", &y),
                ("width", width),
                ("height", &height),
                ("fill", fill),
                ("stroke", INK),
            ],
        );
    }
}

/// A chart id becomes part of ids in the page, so it is restricted to what needs no care anywhere.
pub(crate) fn check_id(id: &str) -> Result<(), ChartError> {
    let plain =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if id.starts_with(|first: char| first.is_ascii_lowercase()) && id.chars().all(plain) {
        Ok(())
    } else {
        Err(ChartError::Id { id: id.to_owned() })
    }
}

/// Height of a legend with these labels, or 0 without any.
pub(crate) fn legend_height(labels: usize) -> u32 {
    u32::try_from(labels).map_or(0, |labels| if labels == 0 { 0 } else { labels * (LINE + 3) + 12 })
}

/// A legend, one entry a line; `fills` beside their labels.
pub(crate) fn legend(markup: &mut Markup, frame: &Frame<'_>, entries: &[(String, String)]) {
    let mut y = 1;
    for (fill, label) in entries {
        frame.bar(markup, "chart-key", fill, ("1", "26"), (y, 18));
        label_lines(markup, 36, y + 14, label, frame.canvas.pixels(super::layout::FULL) - 36, 1);
        y += LINE + 3;
    }
}

/// Writes a wrapped label and returns how many lines it took. `y` is the first base line.
pub(crate) fn label_lines(markup: &mut Markup, x: u32, y: u32, text: &str, pixels: u32, lines: usize) -> u32 {
    let mut y = y;
    let wrapped = wrap(text, LABEL, pixels, lines);
    let x = x.to_string();
    for line in &wrapped {
        markup.text("text", &[("class", "chart-label"), ("x", &x), ("y", &y.to_string())], line);
        y += LINE;
    }
    u32::try_from(wrapped.len()).unwrap_or(1)
}

/// Height of a line of small text under a label.
pub(crate) const NOTE: u32 = 18;

/// A line of small text under a label; `y` is its base line.
pub(crate) fn note_line(markup: &mut Markup, y: u32, text: &str, canvas: Canvas) {
    let text = wrap(text, VALUE, canvas.pixels(super::layout::FULL), 1).concat();
    markup.text(
        "text",
        &[("class", "chart-note"), ("x", "0"), ("y", &y.to_string()), ("font-size", "14")],
        &text,
    );
}

/// A value on a paper-coloured plate, so that it can be read on any pattern. `x` is a length attribute; `shift` moves
/// the plate from there in pixels.
pub(crate) fn plate(markup: &mut Markup, x: &str, shift: i32, y: u32, text: &str) {
    let width = super::layout::text_width(text, VALUE) + 8;
    // An inner viewport turns a position in percent into one to which pixels can be added.
    markup.open("svg", &[("x", x), ("y", &y.to_string()), ("overflow", "visible")]);
    let (left, middle) = (shift.to_string(), (shift + (width / 2).cast_signed()).to_string());
    let width = width.to_string();
    let sizes = [("x", left.as_str()), ("width", width.as_str()), ("height", "18")];
    markup.empty("rect", &[("class", "chart-plate"), sizes[0], sizes[1], sizes[2], ("fill", PAPER)]);
    let place = [("x", middle.as_str()), ("y", "14"), ("text-anchor", "middle")];
    markup.text("text", &[("class", "chart-value"), ("font-size", "14"), place[0], place[1], place[2]], text);
    markup.close();
}

/// Width of a plate for a text, in pixels.
pub(crate) fn plate_width(text: &str) -> u32 {
    super::layout::text_width(text, VALUE) + 8
}
