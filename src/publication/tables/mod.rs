//! The tables of a release, made from its records. Pure: the same records always make the same tables.

mod calibration;
mod change;
mod grades;
mod headline;
mod measures;
mod requirements;

pub(super) use calibration::claims_after_review;
pub(super) use change::{Compared, compare};
pub(super) use grades::{GradeTables, late_by_region, late_by_sector, review_by_sector};
pub(super) use headline::headline;
pub(super) use measures::{composite_by_board, points_by_sector, requirements_analysed};
pub(super) use requirements::level_distribution;
