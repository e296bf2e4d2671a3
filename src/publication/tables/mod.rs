//! The tables of a release, made from its records. Pure: the same records always make the same tables.

mod calibration;
mod change;
mod grades;
mod headline;
mod known;
mod measures;
mod requirements;

pub(super) use calibration::claims_after_review;
pub(super) use change::{Compared, compare};
pub(super) use grades::{GradeTables, grade_by_own_sector, late_by_region, late_by_sector, review_by_sector};
pub(super) use headline::headline;
pub(super) use known::{Answered, EarlierAnswers};
pub(super) use measures::{composite_by_board, points_by_sector, requirements_analysed};
pub(super) use requirements::{Against, level_distribution};
