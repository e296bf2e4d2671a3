//! The answers file: what `portal score` scores against a standard, described in `docs/formats/answers.md`. Every
//! answer that is wrong is reported, not only the first.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::entries::Entries;
use super::{FormatProblem, decode};
use crate::standards::answer::AnswerValue;
use crate::standards::canonical::parse_date;
use crate::standards::keys::{KeyError, ProfileKey, RequirementCode, SectorKey, shorten};
use crate::standards::model::{Edition, SchemeKind};
use crate::standards::scoring::{Answered, Certificate, PlanStanding, ScoreInput};

/// What the caller says besides the file. The first two take precedence over what the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswersOverrides {
    /// The profile to score against.
    pub profile: Option<ProfileKey>,
    /// The sector of the organisation.
    pub sector: Option<SectorKey>,
    /// The day to score for when the file names none.
    pub today: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: Option<String>,
    sector: Option<String>,
    profile: Option<String>,
    on: Option<String>,
    #[serde(default)]
    certificates: Vec<Certificate>,
    #[serde(default)]
    plan_submitted: bool,
    #[serde(default)]
    plan_approved: bool,
    #[serde(default)]
    approached_before: bool,
    answers: Entries<Value>,
    #[serde(default)]
    attached_files: HashMap<String, usize>,
    #[serde(default)]
    disputed_not_relevant: Vec<String>,
}

/// Reads an answers file for an edition.
pub fn read_answers(
    edition: &Edition,
    bytes: &[u8],
    overrides: &AnswersOverrides,
) -> Result<ScoreInput, Vec<FormatProblem>> {
    let text = decode(bytes).map_err(|problem| vec![problem])?;
    let file: File = serde_json::from_str(text).map_err(|error| {
        vec![FormatProblem::new(
            format!("line {}", error.line()),
            format!("this is not an answers file: {error}"),
        )]
    })?;
    let mut problems = Vec::new();
    if let Some(named) = file.edition.as_deref().filter(|named| *named != edition.key().as_str()) {
        let message =
            format!("the answers are for \"{}\", the standard is \"{}\"", shorten(named), edition.key());
        problems.push(FormatProblem::new("edition", message));
    }
    let profile =
        overrides.profile.clone().or_else(|| optional(&mut problems, "profile", file.profile.as_deref()));
    let sector = sector(edition, &file, overrides, profile.is_some(), &mut problems);
    let on = match file.on.as_deref() {
        None => overrides.today,
        Some(written) => parse_date(written).unwrap_or_else(|| {
            let message = format!("\"{}\" is not a date: write it as YYYY-MM-DD", shorten(written));
            problems.push(FormatProblem::new("on", message));
            overrides.today
        }),
    };
    for (index, certificate) in file.certificates.iter().enumerate() {
        if certificate.valid_to < certificate.valid_from {
            problems
                .push(FormatProblem::new(format!("certificates[{index}]"), "valid_to is before valid_from"));
        }
    }
    let answers = answers(edition, &file, &mut problems);
    match sector {
        Some(sector) if problems.is_empty() => Ok(ScoreInput {
            sector,
            profile,
            on,
            certificates: file.certificates,
            plan: match (file.plan_approved, file.plan_submitted) {
                (true, _) => PlanStanding::Approved,
                (false, true) => PlanStanding::Submitted,
                (false, false) => PlanStanding::None,
            },
            approached_before: file.approached_before,
            answers,
        }),
        _ => Err(problems),
    }
}

fn optional<K: std::str::FromStr<Err = KeyError>>(
    problems: &mut Vec<FormatProblem>,
    place: &str,
    text: Option<&str>,
) -> Option<K> {
    let key = text?.parse();
    key.map_err(|error: KeyError| problems.push(FormatProblem::new(place, error.0))).ok()
}

/// The sector is needed unless the profile alone decides what is asked.
fn sector(
    edition: &Edition,
    file: &File,
    overrides: &AnswersOverrides,
    has_profile: bool,
    problems: &mut Vec<FormatProblem>,
) -> Option<SectorKey> {
    let before = problems.len();
    let named = overrides.sector.or_else(|| optional(problems, "sector", file.sector.as_deref()));
    if named.is_some() || problems.len() > before {
        return named;
    }
    if has_profile && edition.scheme().kind() != SchemeKind::Assertions {
        return optional(problems, "sector", Some("other"));
    }
    problems.push(FormatProblem::new(
        "sector",
        "is missing: say what kind of organisation answers, such as nhs_trust",
    ));
    None
}

fn answers(
    edition: &Edition,
    file: &File,
    problems: &mut Vec<FormatProblem>,
) -> BTreeMap<RequirementCode, Answered> {
    let mut answers = BTreeMap::new();
    for (code, value) in &file.answers.0 {
        let place = format!("answers.{}", shorten(code));
        let Some(requirement) = edition.requirement(code) else {
            problems.push(FormatProblem::new(place, format!("{} has no such requirement", edition.key())));
            continue;
        };
        match AnswerValue::parse(requirement, value) {
            Err(error) if error.field.is_empty() => problems.push(FormatProblem::new(place, error.message)),
            Err(error) => {
                problems.push(FormatProblem::new(format!("{place}.{}", error.field), error.message));
            }
            Ok(value) => {
                // A file that says that documents are provided, and not how many, is taken at its word.
                let stated = usize::from(matches!(value, AnswerValue::Documents { provided: true, .. }));
                let answered = Answered {
                    value,
                    attached_files: file.attached_files.get(code).copied().unwrap_or(stated),
                    disputed_not_relevant: file.disputed_not_relevant.contains(code),
                };
                if answers.insert(requirement.code.clone(), answered).is_some() {
                    problems.push(FormatProblem::new(place, "is answered twice"));
                }
            }
        }
    }
    let beside = file.attached_files.keys().map(|code| ("attached_files", code));
    let mut beside: Vec<_> =
        beside.chain(file.disputed_not_relevant.iter().map(|code| ("disputed_not_relevant", code))).collect();
    beside.sort();
    for (field, code) in beside {
        if edition.position(code).is_none() {
            let message = format!("{} has no requirement \"{}\"", edition.key(), shorten(code));
            problems.push(FormatProblem::new(field, message));
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::scoring::{GradeKey, score};
    use crate::standards::testing::{assertions_document, day, edition, levels_document};
    use serde_json::json;

    fn overrides() -> AnswersOverrides {
        AnswersOverrides { profile: None, sector: None, today: day("2026-06-30") }
    }

    fn problems(edition: &Edition, file: &Value) -> Vec<String> {
        let bytes = file.to_string();
        read_answers(edition, bytes.as_bytes(), &overrides())
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_full_file_is_read() {
        let edition = edition(&assertions_document());
        let file = json!({
            "edition": "sample-2026", "sector": "gp", "on": "2026-03-31",
            "certificates": [{ "kind": "iso_27001", "valid_from": "2026-01-01", "valid_to": "2028-12-31",
                               "whole_scope": false, "coverage": { "covered": 5, "services": 7 } }],
            "plan_approved": true, "approached_before": true,
            "attached_files": { "1.1.2": 0 },
            "answers": { "1.1.1": { "text": "We do." }, "1.1.2": { "documents": true } },
        });
        let input = read_answers(&edition, file.to_string().as_bytes(), &overrides()).unwrap();
        assert_eq!((input.sector.as_str(), input.on), ("gp", day("2026-03-31")));
        assert_eq!((input.plan, input.approached_before), (PlanStanding::Approved, true));
        assert_eq!(input.certificates[0].coverage.unwrap().services, 7);
        assert_eq!(input.answers["1.1.2"].attached_files, 0);
        assert_eq!(score(&edition, &input).unwrap().grade, GradeKey::StandardsNotMet);
    }

    #[test]
    fn documents_stated_without_a_number_count_as_attached() {
        let edition = edition(&assertions_document());
        let file = json!({ "sector": "gp", "answers": { "1.1.2": { "documents": true } } }).to_string();
        let input = read_answers(&edition, file.as_bytes(), &overrides()).unwrap();
        assert_eq!(input.answers["1.1.2"].attached_files, 1);
        assert_eq!(input.on, day("2026-06-30"));
    }

    #[test]
    fn every_problem_is_reported() {
        let edition = edition(&levels_document(3));
        let file = json!({
            "edition": "other-2026", "sector": "nhs", "on": "soon", "profile": "A B",
            "certificates": [{ "kind": "iso_27001", "valid_from": "2026-01-02", "valid_to": "2026-01-01" }],
            "answers": { "1-1": { "level": 9 }, "1-2": 3, "9-9": { "level": 1 } },
            "attached_files": { "8-8": 1 }, "disputed_not_relevant": ["7-7"],
        });
        let found = problems(&edition, &file);
        for wanted in [
            "edition: the answers are for \"other-2026\"",
            "sector: \"nhs\" is not a sector",
            "profile: \"A B\" is not a profile key",
            "on: \"soon\" is not a date",
            "certificates[0]: valid_to is before valid_from",
            "answers.1-1.level: The level must be a whole number from 0 to 3",
            "answers.1-2: An answer is a JSON object",
            "answers.9-9: sample-2026 has no such requirement",
            "attached_files: sample-2026 has no requirement \"8-8\"",
            "disputed_not_relevant: sample-2026 has no requirement \"7-7\"",
        ] {
            assert!(found.iter().any(|line| line.starts_with(wanted)), "{wanted} is not in {found:#?}");
        }
        assert_eq!(found.len(), 10, "{found:#?}");
    }

    #[test]
    fn what_is_answered_twice_is_refused() {
        let edition = edition(&levels_document(3));
        let file = br#"{"sector":"gp","answers":{"1-1":{"level":0},"1-1":{"level":3}}}"#;
        let found = read_answers(&edition, file, &overrides()).unwrap_err();
        assert_eq!(found[0].to_string(), "answers.1-1: is answered twice");
    }

    #[test]
    fn the_sector_may_be_left_out_where_the_profile_decides() {
        let levels = edition(&levels_document(3));
        let with_profile = json!({ "profile": "acute", "answers": {} }).to_string();
        assert!(read_answers(&levels, with_profile.as_bytes(), &overrides()).is_ok());
        assert!(problems(&levels, &json!({ "answers": {} }))[0].starts_with("sector: is missing"));
        let assertions = edition(&assertions_document());
        assert!(
            problems(&assertions, &json!({ "profile": "acute", "answers": {} }))[0].starts_with("sector")
        );
    }

    #[test]
    fn wrong_shapes_have_a_line() {
        let edition = edition(&levels_document(3));
        let found = read_answers(&edition, b"{\n\"sektor\": 1}", &overrides()).unwrap_err();
        assert!(
            found[0].to_string().starts_with("line 2: this is not an answers file: unknown field `sektor`")
        );
        assert!(problems(&edition, &json!({ "sector": "gp" }))[0].contains("missing field `answers`"));
    }
}
