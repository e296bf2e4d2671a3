//! From an edition of a standard to what the nation's generator must know of it.

use super::nation::grades::CertificateKind;
use super::nation::rules::{ExemptionShape, Rules};
use super::nation::sector::Sector;
use super::nation::shape::{
    EditionShape, ItemKind, ProfileShape, RequirementKind, RequirementShape, Scheme, ShapeError,
};
use crate::standards::{self as real, Asked, Edition, SectorKey};

/// The shape of an edition.
///
/// # Errors
/// When the edition has no requirements; everything else that could be wrong an edition excludes.
pub fn shape_of(edition: &Edition) -> Result<EditionShape, ShapeError> {
    let scheme = match edition.scheme() {
        real::Scheme::Levels(_) => Scheme::Levels,
        real::Scheme::Assertions(_) => Scheme::Assertions,
        real::Scheme::Outcomes {} => Scheme::Outcomes,
    };
    let profiles = edition.profiles().iter().map(|profile| ProfileShape {
        key: profile.key.to_string(),
        sectors: sectors(profile.sectors.iter()),
    });
    let requirements =
        edition.requirements().iter().map(|requirement| requirement_shape(edition, requirement));
    let shape =
        EditionShape::new(edition.key().as_str(), scheme, profiles.collect(), requirements.collect())?;
    Ok(shape.with_rules(rules(edition)))
}

fn sectors<'a>(keys: impl Iterator<Item = &'a SectorKey>) -> Vec<Sector> {
    keys.filter_map(|key| Sector::from_key(key.as_str())).collect()
}

fn requirement_shape(edition: &Edition, requirement: &real::Requirement) -> RequirementShape {
    let by_profile =
        |rank: &dyn Fn(&real::Profile) -> Option<u8>| edition.profiles().iter().map(rank).collect();
    let (kind, expected) = match &requirement.kind {
        real::RequirementKind::Level { descriptors, may_be_not_relevant, expected } => {
            let max_level = u8::try_from(descriptors.len().saturating_sub(1)).unwrap_or(u8::MAX);
            let kind = RequirementKind::Level { max_level, may_be_not_relevant: *may_be_not_relevant };
            (kind, by_profile(&|profile| expected.get(&profile.key).copied()))
        }
        real::RequirementKind::Item { item, .. } => {
            let asked_of = |sector: &SectorKey| edition.asked(requirement, *sector, None) == Asked::Mandatory;
            let mandatory: Vec<SectorKey> = SectorKey::all().filter(asked_of).collect();
            let kind = RequirementKind::Item { item: item_kind(*item), mandatory: sectors(mandatory.iter()) };
            (kind, Vec::new())
        }
        real::RequirementKind::Outcome { achieved, partially_achieved, not_achieved, expected } => {
            let codes = |column: &[real::Indicator]| column.iter().map(|one| one.code.to_string()).collect();
            let kind = RequirementKind::Outcome {
                achieved: codes(achieved),
                partially: codes(partially_achieved),
                not: codes(not_achieved),
            };
            (kind, by_profile(&|profile| expected.get(&profile.key).map(|level| level.rank())))
        }
    };
    RequirementShape {
        code: requirement.code.to_string(),
        section: requirement.section.to_string(),
        title: requirement.title.clone(),
        kind,
        expected,
    }
}

const fn item_kind(item: real::ItemKind) -> ItemKind {
    match item {
        real::ItemKind::Text => ItemKind::Text,
        real::ItemKind::Date => ItemKind::Date,
        real::ItemKind::YesNo => ItemKind::YesNo,
        real::ItemKind::Document => ItemKind::Document,
        real::ItemKind::Confirmation => ItemKind::Confirmation,
    }
}

/// Certificates of kinds that the demo does not hand out cannot help anybody and are left out.
fn certificate_kind(key: &str) -> Option<CertificateKind> {
    [CertificateKind::CyberEssentialsPlus, CertificateKind::Iso27001]
        .into_iter()
        .find(|kind| kind.key() == key)
}

fn rules(edition: &Edition) -> Rules {
    let positions = |codes: &mut dyn Iterator<Item = &real::RequirementCode>| -> Vec<usize> {
        codes.filter_map(|code| edition.position(code.as_str())).collect()
    };
    let exemption = |rule: &real::Exemption| {
        Some(ExemptionShape {
            certificate: certificate_kind(rule.certificate.as_str())?,
            requirements: positions(&mut rule.requirements.iter()),
            whole_scope: rule.whole_scope,
            from: rule.from,
            until: rule.until,
        })
    };
    let common =
        Rules { exemptions: edition.exemptions().iter().filter_map(exemption).collect(), ..Rules::default() };
    match edition.scheme() {
        real::Scheme::Levels(scheme) => {
            Rules { satisfactory_level: Some(scheme.satisfactory_level), ..common }
        }
        real::Scheme::Assertions(scheme) => Rules {
            exceeded_certificate: scheme
                .exceeded_certificate
                .as_ref()
                .and_then(|kind| certificate_kind(kind.as_str())),
            large: sectors(scheme.approaching_sectors_large.iter()),
            small_subset: positions(&mut scheme.small_subset.iter()),
            ..common
        },
        real::Scheme::Outcomes {} => common,
    }
}
