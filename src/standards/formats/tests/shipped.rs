//! The standards that come with the program: each is read without a problem, and can be met.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::{FileFormat, Names, read};
use crate::standards::scoring::{Answered, Certificate, GradeKey, ScoreInput, score};
use crate::standards::testing::{answer, certificate, day};
use crate::standards::{Edition, ItemKind, Requirement, RequirementKind, Scheme, SchemeKind, SectorKey};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/standards");
    let mut files: Vec<PathBuf> = [folder.clone(), folder.join("previous")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

fn editions() -> Vec<Edition> {
    files()
        .iter()
        .map(|path| {
            let name = path.display().to_string();
            let read = read(FileFormat::Toml, &name, &std::fs::read(path).unwrap(), &Names::default());
            read.unwrap_or_else(|problems| panic!("{name}: {problems:#?}")).edition
        })
        .collect()
}

/// The best answer there is.
fn best(requirement: &Requirement) -> Value {
    match &requirement.kind {
        RequirementKind::Level { descriptors, .. } => json!({ "level": descriptors.len() - 1 }),
        RequirementKind::Item { item: ItemKind::Text, .. } => json!({ "text": "In place." }),
        RequirementKind::Item { item: ItemKind::Date, .. } => json!({ "date": "2026-01-31" }),
        RequirementKind::Item { item: ItemKind::YesNo, .. } => json!({ "yes_no": true }),
        RequirementKind::Item { item: ItemKind::Document, .. } => json!({ "documents": true }),
        RequirementKind::Item { item: ItemKind::Confirmation, .. } => json!({ "confirmed": true }),
        RequirementKind::Outcome { achieved, .. } => {
            json!({ "indicators": achieved.iter().map(|i| i.code.as_str()).collect::<Vec<_>>() })
        }
    }
}

fn answered_in_full(edition: &Edition, sector: SectorKey, on: Date, held: Vec<Certificate>) -> ScoreInput {
    let mut input = ScoreInput::new(sector, None, on);
    input.certificates = held;
    for requirement in edition.requirements() {
        let value = answer(edition, requirement.code.as_str(), &best(requirement));
        let attached_files = 1;
        let answered = Answered { value, attached_files, disputed_not_relevant: false };
        input.answers.insert(requirement.code.clone(), answered);
    }
    input
}

#[test]
fn every_scheme_has_an_edition_and_every_edition_its_own_key_and_hash() {
    let editions = editions();
    for kind in [SchemeKind::Levels, SchemeKind::Assertions, SchemeKind::Outcomes] {
        assert!(editions.iter().any(|edition| edition.scheme().kind() == kind), "{kind:?}");
    }
    for (index, one) in editions.iter().enumerate() {
        assert_eq!(Edition::from_canonical_json(one.canonical_json()).unwrap(), *one);
        for other in editions.iter().skip(index + 1) {
            assert_ne!(one.key(), other.key());
            assert_ne!(one.hash(), other.hash());
        }
    }
}

#[test]
fn what_is_answered_in_full_gets_the_best_grade_and_what_is_not_answered_the_worst() {
    for edition in editions() {
        let mut scored = 0;
        for sector in SectorKey::all() {
            let plain = ScoreInput::new(sector, None, day("2026-06-30"));
            if edition.default_profile(sector).is_none() && !matches!(edition.scheme(), Scheme::Assertions(_))
            {
                assert!(score(&edition, &plain).is_err(), "{} {sector}", edition.key());
                continue;
            }
            let empty = score(&edition, &plain).unwrap();
            assert!(empty.totals.asked > 0, "{} asks nothing of {sector}", edition.key());
            assert_eq!((empty.grade.rank(), empty.totals.met), (0, 0), "{} {sector}", edition.key());
            let full =
                score(&edition, &answered_in_full(&edition, sector, day("2026-06-30"), Vec::new())).unwrap();
            assert_eq!(full.grade.rank(), 2, "{} {sector}: {}", edition.key(), full.reasons[0].words);
            assert_eq!(full.totals.met, full.totals.asked);
            scored += 1;
        }
        assert!(scored > 0, "{} has no sector", edition.key());
    }
}

#[test]
fn a_certificate_exceeds_and_each_exemption_exempts_what_it_names() {
    for edition in editions() {
        let Scheme::Assertions(scheme) = edition.scheme() else { continue };
        let kind = scheme.exceeded_certificate.as_ref().unwrap().as_str();
        let trust = SectorKey::new("nhs_trust").unwrap();
        let on = day("2026-06-30");
        let held = vec![certificate(kind, "2026-01-01", "2026-12-31", true)];
        let full = score(&edition, &answered_in_full(&edition, trust, on, held)).unwrap();
        assert_eq!(full.grade, GradeKey::StandardsExceeded, "{}", edition.key());
        for rule in edition.exemptions() {
            let held = certificate(rule.certificate.as_str(), "2020-01-01", "2030-12-31", true);
            let mut input = ScoreInput::new(trust, None, rule.from);
            input.certificates = vec![held];
            let score = score(&edition, &input).unwrap();
            for code in &rule.requirements {
                let item = score.requirement(code.as_str()).unwrap();
                let exempt_or_optional = item.byte == 2 || item.met_expected.is_none();
                assert!(exempt_or_optional, "{} {}: {:?}", edition.key(), code, item.explanation);
            }
        }
    }
}
