//! What is wrong with the lines of a mapping, held against both editions. Pure.

use std::collections::{HashMap, HashSet};

use super::model::{Line, LineKind, NOTE_LIMIT};
use crate::standards::keys::RequirementCode;
use crate::standards::model::Edition;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// The line's place in the list.
    pub line: usize,
    /// What is wrong, as a sentence.
    pub message: String,
}

/// Everything that keeps these lines from being in force; empty when nothing does.
#[must_use]
pub fn faults(lines: &[Line], from: &Edition, to: &Edition) -> Vec<LineFault> {
    let across = from.standard_key() != to.standard_key();
    let shape = Shape::of(lines);
    let mut seen: HashSet<(Option<&RequirementCode>, Option<&RequirementCode>)> = HashSet::new();
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let mut say = |message: String| found.push(LineFault { line: place, message });
        if let Some(message) = sides(line, across) {
            say(message);
            continue;
        }
        let unknown = |code: Option<&RequirementCode>, edition: &Edition| {
            let code = code.filter(|code| edition.requirement(code.as_str()).is_none())?;
            Some(format!("{code} is no requirement of {} {}.", edition.standard_name(), edition.label()))
        };
        let unknowns = [unknown(line.from.as_ref(), from), unknown(line.to.as_ref(), to)];
        let is_known = unknowns.iter().all(Option::is_none);
        unknowns.into_iter().flatten().for_each(&mut say);
        if line.note.chars().count() > NOTE_LIMIT {
            say(format!("The note must be {NOTE_LIMIT} characters or fewer."));
        }
        if !seen.insert((line.from.as_ref(), line.to.as_ref())) {
            say(format!("{} stands in the mapping more than once.", words(line)));
        } else if is_known && let Some(message) = shape.fault(line) {
            say(message);
        }
    }
    found
}

/// A line by its codes.
fn words(line: &Line) -> String {
    match (&line.from, &line.to) {
        (Some(from), Some(to)) => format!("The line from {from} to {to}"),
        (Some(from), None) => format!("The line for {from}"),
        (None, Some(to)) => format!("The line for {to}"),
        (None, None) => "A line without codes".to_owned(),
    }
}

/// Whether a line names the sides that its kind needs.
fn sides(line: &Line, across: bool) -> Option<String> {
    let kind = line.kind.words().to_lowercase();
    match (line.kind, &line.from, &line.to) {
        (LineKind::Retired, Some(_), None) | (LineKind::New, None, Some(_)) => None,
        (LineKind::Retired, ..) => {
            Some(format!("{}: what is {kind} has an old code and no new one.", words(line)))
        }
        (LineKind::New, ..) => {
            Some(format!("{}: what is {kind} has a new code and no old one.", words(line)))
        }
        (_, Some(_), Some(_)) if across && line.kind.carries() => Some(format!(
            "{} says \"{kind}\", but the editions are of two standards: between them only evidence serves.",
            words(line)
        )),
        (_, Some(_), Some(_)) => None,
        _ => Some(format!("{}: \"{kind}\" needs an old code and a new one.", words(line))),
    }
}

/// How many lines that carry an answer meet at each requirement.
struct Shape<'a> {
    from: HashMap<&'a RequirementCode, usize>,
    to: HashMap<&'a RequirementCode, usize>,
}

impl<'a> Shape<'a> {
    fn of(lines: &'a [Line]) -> Self {
        let mut shape = Self { from: HashMap::new(), to: HashMap::new() };
        // A line that stands there twice is one fault, and makes no other line wrong.
        let pairs: HashSet<_> =
            lines.iter().filter(|line| line.kind.carries()).filter_map(Line::pair).collect();
        for (from, to) in pairs {
            *shape.from.entry(from).or_default() += 1;
            *shape.to.entry(to).or_default() += 1;
        }
        shape
    }

    fn fault(&self, line: &Line) -> Option<String> {
        let leaving = line.from.as_ref().and_then(|code| self.from.get(code)).copied().unwrap_or_default();
        let arriving = line.to.as_ref().and_then(|code| self.to.get(code)).copied().unwrap_or_default();
        let said = words(line);
        match line.kind {
            LineKind::Unchanged | LineKind::Reworded if arriving > 1 => {
                Some(format!("{said} must say \"merged\": {arriving} requirements lead there."))
            }
            LineKind::Unchanged | LineKind::Reworded if leaving > 1 => {
                Some(format!("{said} must say \"split\": the old requirement leads to {leaving}."))
            }
            LineKind::Merged if arriving < 2 => {
                Some(format!("{said} says \"merged\", but no other old requirement leads there."))
            }
            LineKind::Split if leaving < 2 => {
                Some(format!("{said} says \"split\", but the old requirement leads nowhere else."))
            }
            LineKind::Retired if leaving > 0 => {
                Some(format!("{said} says \"retired\", but another line carries its answer on."))
            }
            LineKind::New if arriving > 0 => {
                Some(format!("{said} says \"new\", but another line carries an answer to it."))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::testing::{code, edition, levels_document, outcomes_document};

    fn line(from: &str, to: &str, kind: LineKind) -> Line {
        let side = |text: &str| (!text.is_empty()).then(|| code(text));
        Line { from: side(from), to: side(to), kind, note: String::new() }
    }

    fn messages(lines: &[Line]) -> Vec<String> {
        let from = edition(&levels_document(4));
        let mut document = levels_document(4);
        document["edition"]["key"] = json!("sample-2027");
        let to = edition(&document);
        faults(lines, &from, &to).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_mapping_that_fits_has_no_faults() {
        use LineKind::{Merged, New, Retired, Reworded, Serves, Split, Unchanged};
        assert!(messages(&[]).is_empty());
        let whole = [
            line("1-1", "1-1", Unchanged),
            line("1-2", "1-2", Merged),
            line("1-3", "1-2", Merged),
            line("1-4", "", Retired),
            line("", "1-3", New),
            line("1-4", "1-3", Serves),
            line("1-1", "1-4", Serves),
        ];
        assert!(messages(&whole).is_empty(), "{:?}", messages(&whole));
        assert!(messages(&[line("1-1", "1-1", Split), line("1-1", "1-2", Split)]).is_empty());
        assert!(messages(&[line("1-1", "1-4", Reworded)]).is_empty());
    }

    #[test]
    fn each_fault_is_said_at_its_line() {
        use LineKind::{Merged, New, Retired, Reworded, Split, Unchanged};
        for (lines, said) in [
            (vec![line("9-9", "1-1", Reworded)], "9-9 is no requirement of"),
            (vec![line("1-1", "9-9", Reworded)], "9-9 is no requirement of"),
            (vec![line("1-1", "1-1", Reworded), line("1-1", "1-1", Unchanged)], "more than once"),
            (vec![line("1-1", "", Reworded)], "needs an old code and a new one"),
            (vec![line("", "", Unchanged)], "needs an old code and a new one"),
            (vec![line("1-1", "1-2", Retired)], "has an old code and no new one"),
            (vec![line("1-1", "", New)], "has a new code and no old one"),
            (vec![line("1-1", "1-1", Merged)], "no other old requirement leads there"),
            (vec![line("1-1", "1-1", Split)], "leads nowhere else"),
            (vec![line("1-1", "1-1", Reworded), line("1-2", "1-1", Merged)], "must say \"merged\""),
            (vec![line("1-1", "1-1", Unchanged), line("1-1", "1-2", Split)], "must say \"split\""),
            (vec![line("1-1", "1-1", Reworded), line("1-1", "", Retired)], "carries its answer on"),
            (vec![line("1-1", "1-1", Reworded), line("", "1-1", New)], "carries an answer to it"),
        ] {
            assert!(messages(&lines).iter().any(|m| m.contains(said)), "{said}: {:?}", messages(&lines));
        }
        let long = Line { note: "x".repeat(NOTE_LIMIT + 1), ..line("1-1", "1-1", Unchanged) };
        assert!(messages(&[long])[0].contains("500 characters"));
    }

    #[test]
    fn between_two_standards_only_evidence_serves() {
        let from = edition(&levels_document(2));
        let mut document = outcomes_document();
        document["standard"]["key"] = json!("other");
        let to = edition(&document);
        assert!(faults(&[line("1-1", "A1.a", LineKind::Serves)], &from, &to).is_empty());
        let found = faults(&[line("1-1", "A1.a", LineKind::Reworded)], &from, &to);
        assert!(found[0].message.contains("only evidence serves"));
    }
}
