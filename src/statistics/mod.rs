//! Pure statistics: exact tables, estimators, the answer matrix and disclosure control.
//!
//! Nothing here knows the database, the web or the templates: records come in as iterators, tables go out as
//! values. Published figures are integers or [`rust_decimal::Decimal`], never floats. `docs/statistics.md` states
//! every rule in words.

pub mod agreement;
pub mod calibration;
pub mod disclosure;
pub mod estimators;
pub mod items;
pub mod matrix;
pub mod measures;
pub mod published;
pub mod quartiles;
pub mod sampling;
pub mod table;

#[cfg(test)]
mod real_register;

pub use matrix::{AnswerMatrix, GroupedCounts, Grouping, MatrixError};
pub use measures::{Figure, Measure, MeasureTable};
pub use published::PublishedTable;
pub use table::{Category, CrossTable, Dimension, Margins, TableError};
