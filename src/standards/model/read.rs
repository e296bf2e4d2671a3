//! Reads a document in the shape of the standard file format (JSON, or TOML turned into JSON) into a draft, noting
//! every missing, mistyped or unknown field with its path instead of stopping at the first.

mod fields;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use self::fields::{Fields, Log};
use super::{
    AssertionsScheme, Band, EditionDraft, Exemption, Indicator, ItemKind, LevelsScheme, OutcomeLevel,
    PlanRules, Problem, Profile, Requirement, RequirementKind, Scheme, SchemeKind, Section, Signer,
    SignerRole, Statements,
};
use crate::standards::canonical::parse_date;
use crate::standards::keys::ProfileKey;

/// The draft that could be read, with everything noticed on the way. A draft that comes with problems holds stand-ins
/// and must not be used; it is `None` when not even the scheme could be read.
pub(in crate::standards) fn read_document(value: &Value) -> (Option<EditionDraft>, Vec<Problem>) {
    let log = Log::default();
    let draft = read(value, &log);
    (draft, log.into_problems())
}

fn read(value: &Value, log: &Log) -> Option<EditionDraft> {
    let Value::Object(_) = value else {
        log.add("", "a standard is a table with the parts standard, edition, sections and requirements");
        return None;
    };
    let mut top = Fields::of(value, String::new(), log);
    match top.take("format") {
        Some(format) if format.as_u64() == Some(1) => {}
        Some(_) => log.add("format", "this program reads format 1"),
        None => log.add("format", "is missing; write format = 1"),
    }
    let mut standard = top.table("standard");
    let mut edition = top.table("edition");
    let kind = standard.one_of("scheme", &["levels", "assertions", "outcomes"], SchemeKind::parse);
    let standard_key = standard.key("key");
    let standard_name = standard.text("name");
    let description = standard.optional_text("description").unwrap_or_default();
    standard.finish();
    let (key, label, rule_set) = (edition.key("key"), edition.text("label"), edition.text("rule_set"));
    edition.finish();
    let profiles = top.list("profiles").map(profile).collect();
    let sections = top.list("sections").map(section).collect();
    let scoring = top.table_or_empty("scoring");
    let requirement_tables: Vec<Fields> = top.list("requirements").collect();
    let exemptions = top.list("exemptions").map(exemption).collect();
    let improvement_plan = top.optional_table("improvement_plan").map(|fields| plan_rules(fields, kind));
    let signers = top.list("signers").filter_map(signer).collect();
    let statements = top.optional_table("statements").map(statements).unwrap_or_default();
    top.finish();
    let kind = kind?;
    let requirements = requirement_tables.into_iter().map(|fields| requirement(fields, kind)).collect();
    let scheme = scheme(scoring, kind);
    Some(EditionDraft {
        standard_key,
        standard_name,
        description,
        key,
        label,
        rule_set,
        scheme,
        profiles,
        sections,
        requirements,
        exemptions,
        improvement_plan,
        signers,
        statements,
    })
}

fn profile(mut fields: Fields) -> Profile {
    let profile =
        Profile { key: fields.key("key"), name: fields.text("name"), sectors: fields.keys("sectors", false) };
    fields.finish();
    profile
}

fn section(mut fields: Fields) -> Section {
    let section = Section {
        code: fields.key("code"),
        title: fields.text("title"),
        parent: fields.optional_key("parent"),
        guidance: fields.optional_text("guidance"),
    };
    fields.finish();
    section
}

fn scheme(mut fields: Fields, kind: SchemeKind) -> Scheme {
    let scheme = match kind {
        SchemeKind::Levels => Scheme::Levels(LevelsScheme {
            max_level: fields.small_number("max_level"),
            satisfactory_level: fields.small_number("satisfactory_level"),
            bands: fields.list("bands").map(band).collect(),
        }),
        SchemeKind::Assertions => Scheme::Assertions(AssertionsScheme {
            approaching_sectors_large: fields.keys("approaching_sectors_large", false),
            small_subset: fields.keys("small_subset", false),
            exceeded_certificate: fields.optional_key("exceeded_certificate"),
        }),
        SchemeKind::Outcomes => Scheme::Outcomes {},
    };
    fields.finish();
    scheme
}

fn band(mut fields: Fields) -> Band {
    let band = Band { label: fields.text("label"), below: fields.optional_small_number("below") };
    fields.finish();
    band
}

fn requirement(mut fields: Fields, kind: SchemeKind) -> Requirement {
    let requirement = Requirement {
        code: fields.key("code"),
        section: fields.key("section"),
        title: fields.text("title"),
        text: fields.text("text"),
        guidance: fields.optional_text("guidance"),
        kind: requirement_kind(&mut fields, kind),
    };
    fields.finish();
    requirement
}

fn requirement_kind(fields: &mut Fields, kind: SchemeKind) -> RequirementKind {
    match kind {
        SchemeKind::Levels => RequirementKind::Level {
            descriptors: fields.texts("levels"),
            may_be_not_relevant: fields.flag("may_be_not_relevant", false),
            expected: expected(
                fields,
                |value| value.as_u64().and_then(|level| u8::try_from(level).ok()),
                "a level",
            ),
        },
        SchemeKind::Assertions => RequirementKind::Item {
            item: fields
                .one_of("item", &["text", "date", "yes_no", "document", "confirmation"], ItemKind::parse)
                .unwrap_or(ItemKind::Text),
            mandatory: fields.keys("mandatory", true),
        },
        SchemeKind::Outcomes => RequirementKind::Outcome {
            achieved: fields.list("achieved").map(indicator).collect(),
            partially_achieved: fields.list("partially_achieved").map(indicator).collect(),
            not_achieved: fields.list("not_achieved").map(indicator).collect(),
            expected: expected(
                fields,
                |value| value.as_str().and_then(OutcomeLevel::parse),
                "achieved, partially_achieved or not_achieved",
            ),
        },
    }
}

fn indicator(mut fields: Fields) -> Indicator {
    let indicator = Indicator { code: fields.key("code"), text: fields.text("text") };
    fields.finish();
    indicator
}

/// The map from profile to what is expected of it.
fn expected<T>(
    fields: &mut Fields,
    read: impl Fn(&Value) -> Option<T>,
    wanted: &str,
) -> BTreeMap<ProfileKey, T> {
    let log = fields.log();
    let place = fields.place("expected");
    let mut map = BTreeMap::new();
    let Some(value) = fields.take("expected") else {
        log.add(place, "is missing; write which profiles are asked, for example expected = { acute = 2 }");
        return map;
    };
    let Value::Object(entries) = value else {
        log.add(place, "must be a table from profile to what is expected of it");
        return map;
    };
    for (name, value) in entries {
        match (ProfileKey::new(name), read(value)) {
            (Ok(key), Some(value)) => {
                map.insert(key, value);
            }
            (Err(error), _) => log.add(format!("{place}.{name}"), error.0),
            (_, None) => log.add(format!("{place}.{name}"), format!("must be {wanted}")),
        }
    }
    map
}

fn exemption(mut fields: Fields) -> Exemption {
    let exemption = Exemption {
        code: fields.text("code"),
        certificate: fields.key("certificate"),
        requirements: fields.keys("requirements", true),
        whole_scope: fields.flag("whole_scope", false),
        from: date(&mut fields, "from", true).unwrap_or(Date::MIN),
        until: date(&mut fields, "until", false),
        reason: fields.text("reason"),
    };
    fields.finish();
    exemption
}

fn plan_rules(mut fields: Fields, kind: Option<SchemeKind>) -> PlanRules {
    let rules = PlanRules {
        due_months: fields.small_number("due_months"),
        covers_gaps: fields.flag("covers_gaps", kind != Some(SchemeKind::Levels)),
    };
    fields.finish();
    rules
}

/// A signer whose role cannot be read is left out: that is a problem of its own.
fn signer(mut fields: Fields) -> Option<Signer> {
    let role = fields.one_of("role", &["caldicott_guardian", "dpo"], SignerRole::parse);
    let (sections, requirements) = (fields.keys("sections", false), fields.keys("requirements", false));
    let sectors = fields.keys("sectors", false);
    fields.finish();
    role.map(|role| Signer { role, sections, requirements, sectors })
}

fn statements(mut fields: Fields) -> Statements {
    let statements = Statements {
        siro: fields.optional_text("siro"),
        caldicott_guardian: fields.optional_text("caldicott_guardian"),
        dpo: fields.optional_text("dpo"),
    };
    fields.finish();
    statements
}

fn date(fields: &mut Fields, name: &'static str, required: bool) -> Option<Date> {
    let (log, place) = (fields.log(), fields.place(name));
    let Some(value) = fields.take(name) else {
        if required {
            log.add(place, "is missing; write a date as YYYY-MM-DD");
        }
        return None;
    };
    let date = value.as_str().and_then(parse_date);
    if date.is_none() {
        log.add(place, "must be a date written as YYYY-MM-DD");
    }
    date
}
