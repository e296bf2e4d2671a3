//! What charts are drawn with: accessible SVG made on the server, each picture together with the table of its figures.
//!
//! A chart is a picture with a title and a description (`role="img"`); every figure in it stands in its table as well.
//! Series differ by pattern and order, never by colour alone. There are no inline styles and no scripts, lengths across
//! are percentages so that text keeps its size on narrow screens, and withheld figures are drawn and named as such.
//! `templates/assets/charts.css` is the style sheet; charts also work without it, and so in a PDF.

mod figure;
pub(crate) mod frame;
pub(crate) mod layout;
pub(crate) mod markup;
mod table;

pub use figure::{FigureView, HeadCell};
pub use layout::Canvas;
pub use table::{ChartCell, ChartRow, ChartTable, NOT_AVAILABLE, SUPPRESSED};

use rust_decimal::Decimal;

/// A chart and the table of its figures.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Chart {
    /// The chart's id in the page; the table's toggle can use it.
    pub id: String,
    /// Complete `<svg>` element, safe to put into a page as it is.
    pub svg: String,
    /// The same figures.
    pub table: ChartTable,
}

/// One figure of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Published.
    Known(Decimal),
    /// Withheld by disclosure control.
    Suppressed,
    /// There is none (no collection that year, no organisations).
    NotAvailable,
}

impl Figure {
    pub(crate) fn cell(self, unit: Unit) -> ChartCell {
        match self {
            Self::Known(value) => ChartCell::number(unit.format(value)),
            Self::Suppressed => ChartCell::suppressed(),
            Self::NotAvailable => ChartCell::not_available(),
        }
    }

    pub(crate) fn is_suppressed(self) -> bool {
        self == Self::Suppressed
    }
}

/// What the figures of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole organisations; the axis ends at the largest figure.
    Count,
    /// Percent of a denominator; the axis is 0 to 100.
    Percent,
}

impl Unit {
    pub(crate) fn format(self, value: Decimal) -> String {
        match self {
            Self::Count => u64::try_from(value.trunc().mantissa() / 10_i128.pow(value.trunc().scale()))
                .map_or_else(|_| value.to_string(), layout::thousands),
            Self::Percent => format!("{value}%"),
        }
    }
}

/// Why a chart cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// An id that is not lower-case letters, digits and hyphens.
    #[error("{id:?} cannot be a chart's id")]
    Id {
        /// The id.
        id: String,
    },
    /// More series than can be told apart.
    #[error("a chart can show at most {most} series, not {found}")]
    TooManySeries {
        /// How many were given.
        found: usize,
        /// How many are possible.
        most: usize,
    },
    /// Series and periods, or bands and limits, do not fit together.
    #[error("the chart's {what} have {found} values where {expected} are needed")]
    WrongLength {
        /// Which part.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// A region that has no tile.
    #[error("there is no tile for the region {region}")]
    UnknownRegion {
        /// The region's code.
        region: String,
    },
}
