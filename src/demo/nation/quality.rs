//! How good organisations really are. Each has a lasting quality that drifts from year to year, is better in some
//! sectors and regions, and is uneven over the areas of a standard; each requirement has a difficulty of its own.

use super::chance::{fixed_normal, fixed_unit};
use super::sector::Sector;
use super::shape::Traits;

/// Which lasting property a fixed number stands for.
mod key {
    pub const QUALITY: u64 = 1;
    pub const REGION: u64 = 2;
    pub const DRIFT: u64 = 3;
    pub const TREND: u64 = 4;
    pub const DIFFICULTY: u64 = 5;
    pub const AREA: u64 = 6;
    pub const HABIT: u64 = 7;
    pub const YEAR: u64 = 8;
    pub const CANDOUR: u64 = 9;
    pub const PUNCTUALITY: u64 = 10;
    pub const CERTIFICATE: u64 = 11;
}

/// The mean quality of a sector in the first year, in standard deviations of a requirement's difficulty.
const fn sector_mean(sector: Sector) -> f64 {
    match sector {
        Sector::Csu => 1.3,
        Sector::Icb | Sector::Alb => 1.1,
        Sector::NhsTrust | Sector::Pharmacy => 0.95,
        Sector::Gp => 0.85,
        Sector::LocalAuthority => 0.8,
        Sector::University | Sector::Company => 0.65,
        Sector::Dentist | Sector::Optician => 0.55,
        Sector::SocialCare | Sector::Other => 0.45,
    }
}

/// How hard a requirement is, the same for everybody, in every year and in every edition that has its code.
#[must_use]
pub fn difficulty(seed: u64, requirement: &Traits) -> f64 {
    0.8 * fixed_normal(seed, [key::DIFFICULTY, requirement.code_key, 0])
}

/// The quality of one organisation over the years and the requirements. `who` is the organisation's position, for
/// sites of a chain their head office's.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    seed: u64,
    who: u64,
    sector: Sector,
    region: u64,
}

impl Quality {
    /// The quality of organisation `who`.
    #[must_use]
    pub const fn new(seed: u64, who: u64, sector: Sector, region: u64) -> Self {
        Self { seed, who, sector, region }
    }

    /// Overall quality in a year counted from 0; about normal, growing by a fifth of a deviation a year.
    #[must_use]
    pub fn in_year(&self, year: usize) -> f64 {
        let lasting = 0.75 * fixed_normal(self.seed, [key::QUALITY, self.who, 0]);
        let region = 0.2 * fixed_normal(self.seed, [key::REGION, self.region, 0]);
        let trend = 0.2 + 0.07 * fixed_normal(self.seed, [key::TREND, self.who, 0]);
        // Drift is remembered with half its weight from one year to the next.
        let drift = (0..=year).fold(0.0, |before, past| {
            0.5 * before + 0.3 * fixed_normal(self.seed, [key::DRIFT, self.who, past as u64])
        });
        sector_mean(self.sector) + lasting + region + trend * (year as f64) + drift
    }

    /// How far the organisation stands above (or below) what a requirement of middling ambition needs. `overall` is
    /// [`Quality::in_year`] of the same year, which callers with many requirements work out once.
    #[must_use]
    pub fn strength(&self, overall: f64, year: usize, requirement: &Traits) -> f64 {
        let area = 0.35 * fixed_normal(self.seed, [key::AREA, self.who, requirement.section_key]);
        let habit = 0.5 * fixed_normal(self.seed, [key::HABIT, self.who, requirement.code_key]);
        let year = key::YEAR + ((year as u64) << 8);
        let chance = 0.3 * fixed_normal(self.seed, [year, self.who, requirement.code_key]);
        overall + area + habit + chance - difficulty(self.seed, requirement)
    }

    /// The chance that a shortfall is claimed as met. Most organisations claim nearly everything, some are candid;
    /// both grow more careful once reviews have begun to bite.
    #[must_use]
    pub fn boldness(&self, year: usize) -> f64 {
        let careful = 0.04 * (year as f64);
        let bold = fixed_unit(self.seed, [key::CANDOUR, self.who, 0]) < 0.6;
        if bold { 0.95 - careful } else { 0.5 - careful }
    }

    /// The chance that a shortfall is put right before the return is filed.
    #[must_use]
    pub fn effort(&self, year: usize) -> f64 {
        (0.36 + 0.17 * self.in_year(year)).clamp(0.08, 0.92)
    }

    /// Where the organisation stands in the queue of submitters, from 0 (last minute) to 1 (early). It is uniform
    /// over all organisations in every year and changes little between years.
    #[must_use]
    pub fn punctuality(&self, year: usize) -> f64 {
        let lasting = fixed_unit(self.seed, [key::PUNCTUALITY, self.who, 0]);
        let shift = 0.3 * (fixed_unit(self.seed, [key::PUNCTUALITY, self.who, 1 + year as u64]) - 0.5);
        (lasting + shift).rem_euclid(1.0)
    }

    /// A lasting number in [0, 1) that decides whether the organisation goes for certificates; `kind` tells them
    /// apart.
    #[must_use]
    pub fn ambition(&self, kind: u64) -> f64 {
        fixed_unit(self.seed, [key::CERTIFICATE, self.who, kind])
    }
}
