//! The parts of an edition's scoring that decide a grade beyond single requirements: the satisfactory level, what
//! lifts a grade, who may approach the standards and how, and what certificates stand in for.

use jiff::civil::Date;

use super::grades::{Certificate, CertificateKind};
use super::sector::Sector;

/// A dated rule by which a certificate stands in for requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptionShape {
    /// The kind of certificate.
    pub certificate: CertificateKind,
    /// Positions of the requirements.
    pub requirements: Vec<usize>,
    /// Whether the certificate must cover all processing of health and care data.
    pub whole_scope: bool,
    /// First day in force.
    pub from: Date,
    /// Last day in force, if there is one.
    pub until: Option<Date>,
}

/// The rules of an edition. The default has none: what is expected decides, and a plan agreed centrally helps
/// everybody alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Levels scheme: the level that every relevant requirement must reach; where absent, what is expected counts.
    pub satisfactory_level: Option<u8>,
    /// Assertions scheme: the certificate that lifts *met* to *exceeded*.
    pub exceeded_certificate: Option<CertificateKind>,
    /// Sectors that approach the standards by a plan agreed centrally. Where it is empty that goes for all.
    pub large: Vec<Sector>,
    /// What the other sectors must have complete to approach them with a plan, once; where it is empty they cannot.
    pub small_subset: Vec<usize>,
    /// Exemptions.
    pub exemptions: Vec<ExemptionShape>,
}

impl Rules {
    /// Whether a certificate stands in for a requirement on a day.
    #[must_use]
    pub fn exempts(&self, requirement: usize, certificates: &[Certificate], on: Date) -> bool {
        let applies = |rule: &ExemptionShape| {
            let in_force = rule.from <= on && rule.until.is_none_or(|until| on <= until);
            in_force
                && rule.requirements.contains(&requirement)
                && certificates.iter().any(|held| fits(rule, held, on))
        };
        self.exemptions.iter().any(applies)
    }

    /// Whether organisations of the sector need a plan agreed centrally to approach the standards.
    #[must_use]
    pub fn is_large(&self, sector: Sector) -> bool {
        self.large.is_empty() || self.large.contains(&sector)
    }
}

fn fits(rule: &ExemptionShape, held: &Certificate, on: Date) -> bool {
    let valid = held.valid_from <= on && on <= held.valid_to;
    held.kind == rule.certificate && valid && (held.whole_scope || !rule.whole_scope)
}
