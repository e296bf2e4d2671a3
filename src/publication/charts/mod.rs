//! The charts of published figures, drawn with [`crate::platform::charts`].

mod bars;
mod intervals;
mod stacked;
mod status;
mod table;
mod tiles;
mod trend;

#[cfg(test)]
mod tests;

pub use crate::platform::charts::{
    Canvas, Chart, ChartCell, ChartError, ChartRow, ChartTable, Figure, NOT_AVAILABLE, SUPPRESSED, Unit,
};
pub use bars::{Bar, Bars, bars};
pub use intervals::{IntervalRow, Intervals, intervals};
pub use stacked::{StackedBars, stacked_bars};
pub use status::style_of;
pub use tiles::{REGION_TILES, RegionTiles, Tile, region_tiles};
pub use trend::{Trend, TrendSeries, trend};

impl Figure {
    /// A percentage of a published count; withheld when either part is.
    #[must_use]
    pub fn percentage(count: Option<u64>, of: Option<u64>) -> Self {
        match (count, of) {
            (Some(count), Some(of)) => crate::statistics::estimators::percentage(count, of, 1)
                .map_or(Self::NotAvailable, Self::Known),
            _ => Self::Suppressed,
        }
    }
}
