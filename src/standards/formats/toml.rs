//! Our own format: TOML in the shape that `docs/formats/standard.md` describes. Every problem is reported at once,
//! each with its line and its path.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FormatProblem, Imported, counted};
use crate::standards::model::{Edition, Problem};

/// Reads an edition from TOML text.
pub(super) fn read(text: &str) -> Result<Imported, Vec<FormatProblem>> {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(|error| syntax_problem(error, &lines)).collect());
    }
    let mut places = HashMap::new();
    let document = table_value(table.get_ref(), "", &mut places);
    let edition = Edition::from_document(&document).map_err(|problems| {
        let mut found: Vec<(usize, FormatProblem)> =
            problems.iter().map(|problem| placed(problem, &places, &lines)).collect();
        found.sort_by_key(|(line, _)| *line);
        found.into_iter().map(|(_, problem)| problem).collect::<Vec<_>>()
    })?;
    let mut notes = vec![counted(&edition)];
    let (default, unused): (Vec<_>, Vec<_>) = edition.profiles().iter().partition(|p| !p.sectors.is_empty());
    if !default.is_empty() && !unused.is_empty() {
        let names: Vec<&str> = unused.iter().map(|p| p.key.as_str()).collect();
        notes.push(format!("profiles no sector gets by default: {}", names.join(", ")));
    }
    Ok(Imported { edition, notes })
}

fn syntax_problem(error: &toml::de::Error, lines: &Lines) -> FormatProblem {
    let place = error.span().map(|span| format!("line {}", lines.line(span.start))).unwrap_or_default();
    FormatProblem::new(place, format!("this is not TOML: {}", error.message()))
}

/// The line of a problem is that of the nearest enclosing thing that is in the file: a missing field has none itself.
fn placed(problem: &Problem, places: &HashMap<String, usize>, lines: &Lines) -> (usize, FormatProblem) {
    let mut path = problem.path.as_str();
    let line = loop {
        if let Some(start) = places.get(path) {
            break Some(lines.line(*start));
        }
        match path.rfind(['.', '[']) {
            Some(cut) => path = path.get(..cut).unwrap_or_default(),
            None => break None,
        }
    };
    let place = match (line, problem.path.is_empty()) {
        (Some(line), false) => format!("line {line}, {}", problem.path),
        (Some(line), true) => format!("line {line}"),
        (None, _) => problem.path.clone(),
    };
    (line.unwrap_or(0), FormatProblem::new(place, problem.message.clone()))
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect())
    }

    /// The line, from 1, that holds this byte.
    fn line(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte)
    }
}

fn table_value(table: &DeTable, path: &str, places: &mut HashMap<String, usize>) -> Value {
    let mut map = Map::new();
    for (key, value) in table {
        let name = key.get_ref();
        let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        places.insert(inner.clone(), key.span().start);
        map.insert(name.to_string(), json_value(value, &inner, places));
    }
    Value::Object(map)
}

fn json_value(value: &Spanned<DeValue>, path: &str, places: &mut HashMap<String, usize>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Value::Number(Number::from(number)),
            // Too large for anything in the format: kept as text, so that it is reported as not a number there.
            Err(_) => Value::String(integer.as_str().to_owned()),
        },
        // No field of the format takes a fraction; as text it is reported where it stands.
        DeValue::Float(float) => Value::String(float.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().enumerate().map(|(index, item)| {
                let inner = format!("{path}[{index}]");
                places.insert(inner.clone(), item.span().start);
                json_value(item, &inner, places)
            });
            Value::Array(items.collect())
        }
        DeValue::Table(table) => table_value(table, path, places),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::Asked;
    use crate::standards::testing::sector;

    const SAMPLE: &str = r#"format = 1
[standard]
key = "igt"
name = "Information governance levels"
scheme = "levels"
description = "A sample."
[edition]
key = "igt-2026"
label = "2026/27"
rule_set = "igt-2026.1"
[[profiles]]
key = "acute"
name = "Acute trusts"
sectors = ["nhs_trust"]
[scoring]
max_level = 3
satisfactory_level = 2
bands = [{ label = "red", below = 40 }, { label = "green" }]
[[sections]]
code = "1"
title = "First area"
[[requirements]]
code = "1-101"
section = "1"
title = "Policy"
text = "Is there a policy?"
levels = ["none", "draft", "approved", "reviewed"]
expected = { acute = 2 }
[[requirements]]
code = "1-102"
section = "1"
title = "Training"
text = """
Are people trained?"""
levels = ["none", "some", "most", "all"]
may_be_not_relevant = true
[requirements.expected]
acute = 3
"#;

    #[test]
    fn the_sample_is_read() {
        let edition = read(SAMPLE).unwrap().edition;
        assert_eq!(edition.key().as_str(), "igt-2026");
        assert_eq!(edition.requirements().len(), 2);
        let profile = edition.default_profile(sector("nhs_trust")).unwrap();
        assert_eq!(edition.asked_of(sector("nhs_trust"), Some(&profile.key)), [Asked::Mandatory; 2]);
        // The same through Windows line ends.
        assert_eq!(read(&SAMPLE.replace('\n', "\r\n")).unwrap().edition.hash(), edition.hash());
    }

    #[test]
    fn dates_may_be_written_with_and_without_quotation_marks() {
        let base = include_str!("sample_assertions.toml");
        let quoted = base.replace("from = 2025-09-01", "from = \"2025-09-01\"");
        assert_ne!(base, quoted);
        assert_eq!(read(base).unwrap().edition, read(&quoted).unwrap().edition);
    }

    #[test]
    fn every_problem_has_its_line_and_they_come_in_file_order() {
        let broken = SAMPLE
            .replace("label = \"2026/27\"", "label = 2026")
            .replace("title = \"Policy\"\n", "")
            .replace("below = 40", "below = 40.5")
            .replace("acute = 3", "acute = 7")
            .replace("may_be_not_relevant = true", "may_be_not_relevant = \"yes\"\ncolour = \"red\"");
        let found: Vec<String> = read(&broken).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "line 9, edition.label: must be text in quotation marks",
                "line 18, scoring.bands[0].below: must be a whole number from 0 to 255",
                "line 22, requirements[0].title: is missing",
                "line 35, requirements[1].may_be_not_relevant: must be true or false",
                "line 36, requirements[1].colour: is not a field here; the fields are code, section, title, text, \
                 guidance, levels, may_be_not_relevant, expected",
                "line 38, requirements[1].expected.acute: level 7 is above the highest level, 3",
            ]
        );
    }

    #[test]
    fn several_syntax_errors_are_reported_together() {
        let found = read("format = \n[standard\nkey = 'a'\nname = @\n").unwrap_err();
        assert!(found.len() >= 2, "{found:?}");
        assert!(
            found.iter().all(|p| p.place.starts_with("line ") && p.message.starts_with("this is not TOML"))
        );
    }
}
