//! A map of equal tiles for England's seven NHS regions: every region has the same weight, no boundary is needed, and
//! the figure is written on its tile.

use rust_decimal::Decimal;

use super::{Chart, ChartError, ChartRow, ChartTable, Figure, Unit};
use crate::platform::charts::frame::{Frame, MOST_BANDS, Palette, check_id, legend, legend_height};
use crate::platform::charts::layout::{Canvas, NARROWEST, wrap};
use crate::platform::charts::markup::Markup;

const WIDTH: u32 = 140;
const HEIGHT: u32 = 92;
const GAP: u32 = 8;

/// Code, usual name, column and row of each region's tile, north at the top.
pub const REGION_TILES: [(&str, &str, u32, u32); 7] = [
    ("Y62", "North West", 0, 0),
    ("Y63", "North East and Yorkshire", 1, 0),
    ("Y60", "Midlands", 0, 1),
    ("Y61", "East of England", 1, 1),
    ("Y56", "London", 1, 2),
    ("Y58", "South West", 0, 3),
    ("Y59", "South East", 1, 3),
];

/// One region's figure.
#[derive(Debug, Clone, Copy)]
pub struct Tile<'a> {
    /// The region's code, `Y56` to `Y63`.
    pub region: &'a str,
    /// Its figure.
    pub figure: Figure,
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct RegionTiles<'a> {
    /// Unique in the page; lower-case letters, digits, hyphens.
    pub id: &'a str,
    /// The chart's title, also the caption of its table.
    pub title: &'a str,
    /// Header of the figures.
    pub measure: &'a str,
    /// What the figures are.
    pub unit: Unit,
    /// Where bands of shading begin, rising: one to three limits make two to four bands.
    pub limits: &'a [Decimal],
    /// The figures; a region without one is drawn as not available.
    pub tiles: &'a [Tile<'a>],
    /// Who is counted, in a sentence.
    pub denominator: &'a str,
}

/// Draws the map. Its size is the same on every screen.
///
/// # Errors
/// [`ChartError::Id`], [`ChartError::UnknownRegion`], or [`ChartError::WrongLength`] for the limits.
pub fn region_tiles(chart: &RegionTiles<'_>) -> Result<Chart, ChartError> {
    check_id(chart.id)?;
    if !(1..MOST_BANDS).contains(&chart.limits.len()) || !chart.limits.is_sorted_by(|a, b| a < b) {
        let (found, expected) = (chart.limits.len(), MOST_BANDS - 1);
        return Err(ChartError::WrongLength { what: "limits (rising)", found, expected });
    }
    let known = |code: &str| REGION_TILES.iter().any(|(region, ..)| *region == code);
    if let Some(tile) = chart.tiles.iter().find(|tile| !known(tile.region)) {
        return Err(ChartError::UnknownRegion { region: tile.region.to_owned() });
    }
    let suppressed = chart.tiles.iter().any(|tile| tile.figure.is_suppressed());
    let bands = chart.limits.len() + 1;
    let keys = legend_height(bands + usize::from(suppressed));
    let description = format!(
        "Seven tiles, one for each NHS region of England, roughly where the regions lie, each with its figure: {}. Every \
         figure is in the table that follows.",
        chart.measure
    );
    let drawn: Vec<usize> = (0..bands).collect();
    let frame = Frame {
        id: chart.id,
        title: chart.title,
        description: &description,
        canvas: Canvas::Fixed(NARROWEST),
        height: keys + 4 * (HEIGHT + GAP),
        palette: Palette::Bands,
        series: &drawn,
        suppressed,
    };
    let mut markup = frame.begin();
    let mut entries: Vec<(String, String)> =
        (0..bands).map(|band| (frame.fill(band), band_label(chart, band))).collect();
    entries.extend(suppressed.then(|| (frame.suppressed_fill(), "Suppressed".to_owned())));
    legend(&mut markup, &frame, &entries);
    for (code, name, column, row) in REGION_TILES {
        let place = (column * (WIDTH + GAP), keys + row * (HEIGHT + GAP));
        draw(&mut markup, &frame, chart, (name, figure_of(chart, code)), place);
    }
    Ok(Chart { id: chart.id.to_owned(), svg: markup.finish(), table: table(chart) })
}

fn figure_of(chart: &RegionTiles<'_>, code: &str) -> Figure {
    let tile = chart.tiles.iter().find(|tile| tile.region == code);
    tile.map_or(Figure::NotAvailable, |tile| tile.figure)
}

fn band_label(chart: &RegionTiles<'_>, band: usize) -> String {
    let limit = |index: usize| chart.limits.get(index).map(|limit| chart.unit.format(*limit));
    match (band.checked_sub(1).and_then(limit), limit(band)) {
        (Some(from), Some(to)) => format!("{from} to below {to}"),
        (Some(from), None) => format!("{from} and over"),
        (None, Some(to)) => format!("Below {to}"),
        (None, None) => String::new(),
    }
}

/// A tile is a shaded frame around a panel of paper that carries the text, so that the text reads on every shade.
fn draw(
    markup: &mut Markup,
    frame: &Frame<'_>,
    chart: &RegionTiles<'_>,
    (name, figure): (&str, Figure),
    (x, y): (u32, u32),
) {
    let (class, fill) = match figure {
        Figure::Known(value) => {
            let band = chart.limits.iter().filter(|limit| **limit <= value).count();
            (format!("chart-tile chart-b{band}"), frame.fill(band))
        }
        Figure::Suppressed => ("chart-tile chart-suppressed".to_owned(), frame.suppressed_fill()),
        Figure::NotAvailable => ("chart-tile".to_owned(), "#ffffff".to_owned()),
    };
    frame.bar(markup, &class, &fill, (&(x + 1).to_string(), &(WIDTH - 2).to_string()), (y + 1, HEIGHT - 2));
    let panel =
        [(x + 12).to_string(), (y + 12).to_string(), (WIDTH - 24).to_string(), (HEIGHT - 24).to_string()];
    let [left, top, width, height] = &panel;
    let sizes =
        [("x", left.as_str()), ("y", top.as_str()), ("width", width.as_str()), ("height", height.as_str())];
    markup.empty(
        "rect",
        &[("class", "chart-plate"), sizes[0], sizes[1], sizes[2], sizes[3], ("fill", "#ffffff")],
    );
    let middle = (x + WIDTH / 2).to_string();
    let line = |markup: &mut Markup, y: u32, bold: bool, text: &str| {
        let weight = if bold { ("font-weight", "bold") } else { ("font-weight", "normal") };
        let place = [("x", middle.as_str()), ("text-anchor", "middle"), ("font-size", "14")];
        let y = y.to_string();
        markup.text(
            "text",
            &[("class", "chart-value"), place[0], ("y", &y), place[1], place[2], weight],
            text,
        );
    };
    let names = wrap(name, 14, WIDTH - 26, 2);
    let mut base = if names.len() > 1 { y + 29 } else { y + 39 };
    for text in &names {
        line(markup, base, false, text);
        base += 18;
    }
    line(markup, base + 3, true, &figure.cell(chart.unit).text);
}

fn table(chart: &RegionTiles<'_>) -> ChartTable {
    let headers = vec!["Region".to_owned(), chart.measure.to_owned()];
    let row = |(code, name, ..): &(&str, &str, u32, u32)| ChartRow {
        heading: (*name).to_owned(),
        cells: vec![figure_of(chart, code).cell(chart.unit)],
    };
    let rows = REGION_TILES.iter().map(row).collect();
    ChartTable::new(chart.title, headers, rows, chart.denominator.to_owned(), Vec::new())
}
