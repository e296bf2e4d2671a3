//! The life of requirements and proposals to change them: their stages and kinds, and a requirement's way through the
//! editions of its standard. Pure.

use std::collections::HashMap;

use crate::platform::ids::EditionId;
use crate::standards::keys::RequirementCode;
use crate::standards::mapping::{Line, LineKind};
use crate::standards::model::Edition;

/// The most characters of a reason, and of the text of a proposal.
pub const REASON_LIMIT: usize = 2_000;

crate::text_enum! {
    /// Where a requirement stands in its life.
    Stage {
        /// Somebody proposes to ask it.
        Proposed = "proposed", "Proposed";
        /// It is asked.
        InForce = "in_force", "In force";
        /// It is asked, and its end is announced.
        ToRetire = "to_retire", "To retire";
        /// It is asked no more.
        Retired = "retired", "Retired";
    }
}

crate::text_enum! {
    /// What a proposal would do.
    ProposalKind {
        /// Ask something new.
        Add = "add", "Ask something new";
        /// Ask the same in other words.
        Reword = "reword", "Word it otherwise";
        /// Ask it no more.
        Retire = "retire", "Ask it no more";
    }
}

crate::text_enum! {
    /// What became of a proposal.
    ProposalState {
        /// Nobody has decided about it.
        Open = "open", "Open";
        /// It is part of a draft.
        Taken = "taken", "Taken into a draft";
        /// It was declined.
        Declined = "declined", "Declined";
    }
}

/// A stage as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRow {
    /// The edition.
    pub edition: EditionId,
    /// The requirement's code in it.
    pub code: String,
    /// The stage.
    pub stage: Stage,
    /// The label of the year from which it holds.
    pub from_label: String,
    /// Why.
    pub reason: String,
}

impl StageRow {
    /// From which year it is asked no more, and why.
    #[must_use]
    pub fn words(&self) -> String {
        sentence(&format!("It will not be asked from {}", self.from_label), &self.reason)
    }
}

/// One requirement through the editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Its code and title where it was asked last.
    pub name: String,
    /// Where it stands.
    pub stage: Stage,
    /// What that means for organisations, in a sentence.
    pub words: String,
    /// What happened to it, edition by edition.
    pub events: Vec<String>,
}

struct Open {
    name: String,
    events: Vec<String>,
    ended: Option<(String, String)>,
}

/// One edition with its number, and the lines that lead to it from the one before.
pub type Step<'a> = (EditionId, &'a Edition, Vec<Line>);

/// The lives of all requirements of a standard, in the order in which they were first asked.
#[must_use]
pub fn lives(steps: &[Step<'_>], stages: &[StageRow]) -> Vec<Life> {
    let mut all: Vec<Open> = Vec::new();
    let mut places: HashMap<(EditionId, String), usize> = HashMap::new();
    let mut before: Option<EditionId> = None;
    for (id, edition, lines) in steps {
        for requirement in edition.requirements() {
            let sources = carrying(lines, &requirement.code);
            let known: Vec<usize> = before
                .into_iter()
                .flat_map(|before| sources.iter().map(move |code| (before, code.to_string())))
                .filter_map(|place| places.get(&place).copied())
                .collect();
            let name = format!("{} {}", requirement.code, requirement.title);
            let at = onwards(&mut all, &known, &name, edition.label(), before.is_none());
            places.insert((*id, requirement.code.to_string()), at);
        }
        end(&mut all, lines, before, &places, edition.label());
        before = Some(*id);
    }
    let mut said: HashMap<usize, &StageRow> = HashMap::new();
    for row in stages {
        if let Some(at) = places.get(&(row.edition, row.code.clone())) {
            said.insert(*at, row);
        }
    }
    all.into_iter().enumerate().map(|(at, open)| closed(open, said.get(&at).copied())).collect()
}

fn carrying<'a>(lines: &'a [Line], to: &RequirementCode) -> Vec<&'a RequirementCode> {
    let own = lines.iter().filter(|line| line.kind.carries() && line.to.as_ref() == Some(to));
    own.filter_map(|line| line.from.as_ref()).collect()
}

/// The life that a requirement goes on with, or a new one.
fn onwards(all: &mut Vec<Open>, known: &[usize], name: &str, label: &str, first: bool) -> usize {
    let free = known.iter().copied().find(|at| {
        all.get(*at).is_some_and(|open| {
            !open.events.last().is_some_and(|last| last.starts_with(&format!("{label}:")))
        })
    });
    for other in known.iter().copied().filter(|at| Some(*at) != free) {
        if let Some(open) = all.get_mut(other) {
            open.events.push(format!("{label}: also part of {name}"));
            open.ended.get_or_insert_with(|| (label.to_owned(), format!("It became part of {name}")));
        }
    }
    if let Some(at) = free {
        if let Some(open) = all.get_mut(at) {
            let same = open.name == name;
            open.events.push(if same {
                format!("{label}: asked")
            } else {
                format!("{label}: asked as {name}")
            });
            open.name = name.to_owned();
            open.ended = None;
        }
        return at;
    }
    let event = if known.is_empty() && !first {
        format!("{label}: asked for the first time")
    } else {
        format!("{label}: asked")
    };
    all.push(Open { name: name.to_owned(), events: vec![event], ended: None });
    all.len() - 1
}

/// Ends what no line carries on.
fn end(
    all: &mut [Open],
    lines: &[Line],
    before: Option<EditionId>,
    places: &HashMap<(EditionId, String), usize>,
    label: &str,
) {
    let Some(before) = before else { return };
    for ((edition, code), at) in places {
        let goes_on = lines
            .iter()
            .any(|line| line.kind.carries() && line.from.as_ref().is_some_and(|from| from.as_str() == code));
        if *edition != before || goes_on {
            continue;
        }
        if let Some(open) = all.get_mut(*at) {
            let note = lines.iter().find(|line| {
                line.kind == LineKind::Retired && line.from.as_ref().is_some_and(|from| from.as_str() == code)
            });
            let why = note.map(|line| line.note.clone()).unwrap_or_default();
            open.events.push(format!("{label}: asked no more"));
            open.ended = Some((label.to_owned(), why));
        }
    }
}

fn closed(open: Open, said: Option<&StageRow>) -> Life {
    let (stage, words) = match (&open.ended, said) {
        (Some((label, why)), said) => {
            let told = said.filter(|row| row.stage != Stage::InForce).map_or("", |row| row.reason.as_str());
            let why = if told.is_empty() { why.as_str() } else { told };
            (Stage::Retired, sentence(&format!("It is not asked any more since {label}"), why))
        }
        (None, Some(row)) if row.stage == Stage::ToRetire => (Stage::ToRetire, row.words()),
        (None, _) => (Stage::InForce, "It is asked.".to_owned()),
    };
    Life { name: open.name, stage, words, events: open.events }
}

fn sentence(what: &str, why: &str) -> String {
    if why.is_empty() { format!("{what}.") } else { format!("{what}: {why}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::mapping::usual_lines;
    use crate::standards::testing::{edition, levels_document};

    #[test]
    fn a_requirement_is_followed_through_its_names_and_to_its_end() {
        let first = edition(&levels_document(3));
        let mut document = levels_document(3);
        document["edition"]["label"] = json!("2027/28");
        document["requirements"][2]["code"] = json!("1-9");
        let second = edition(&document);
        let mut lines = usual_lines(&first, &second);
        lines.push(Line::between(
            RequirementCode::new("1-3").unwrap(),
            RequirementCode::new("1-9").unwrap(),
            LineKind::Reworded,
        ));
        let kept: Vec<Line> =
            lines.into_iter().filter(|line| line.from.as_ref().unwrap().as_str() != "1-2").collect();
        let (one, two) = (EditionId::new(1), EditionId::new(2));
        let row = |edition, code: &str, stage, reason: &str| StageRow {
            edition,
            code: code.to_owned(),
            stage,
            from_label: "2028/29".to_owned(),
            reason: reason.to_owned(),
        };
        let stages = [
            row(one, "1-2", Stage::Retired, "Nobody learnt from it."),
            row(two, "1-1", Stage::ToRetire, "Covered elsewhere."),
        ];
        let found = lives(&[(one, &first, Vec::new()), (two, &second, kept)], &stages);
        assert_eq!(found.len(), 4);
        assert_eq!(found[0].stage, Stage::ToRetire);
        assert_eq!(found[0].words, "It will not be asked from 2028/29: Covered elsewhere.");
        assert_eq!(found[1].stage, Stage::Retired);
        assert_eq!(found[1].words, "It is not asked any more since 2027/28: Nobody learnt from it.");
        assert_eq!(found[2].name, "1-9 Requirement 3");
        assert_eq!(found[2].events, ["2026/27: asked", "2027/28: asked as 1-9 Requirement 3"]);
        assert_eq!(found[3].events, ["2027/28: asked for the first time"]);
    }
}
