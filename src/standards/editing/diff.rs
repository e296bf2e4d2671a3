//! What differs between two editions, or a draft and the edition before, requirement by requirement: new, reworded, moved,
//! retired, and changed minima. Pure.

use std::collections::BTreeMap;

use super::model::Content;
use super::place::minima;
use super::said_rules;
use crate::standards::keys::{RequirementCode, SectionCode};
use crate::standards::mapping::{Difference, Line, differences};
use crate::standards::model::Requirement;

crate::text_enum! {
    /// One way in which a requirement differs.
    DiffMark {
        /// It was not asked before.
        New = "new", "New";
        /// It is worded otherwise.
        Reworded = "reworded", "Reworded";
        /// It stands in another section or has another code.
        Moved = "moved", "Moved";
        /// Who must answer, or what is expected, differs.
        Minima = "minima", "Minimum changed";
        /// It is asked no more.
        Retired = "retired", "Retired";
    }
}

/// One requirement that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// Its code in the newer one; in the older one where it is retired.
    pub code: RequirementCode,
    /// Its title.
    pub title: String,
    /// The codes that it comes from.
    pub before: Vec<RequirementCode>,
    /// Every way in which it differs.
    pub marks: Vec<DiffMark>,
    /// Each piece that differs, with what it said and says.
    pub pieces: Vec<Difference>,
}

/// Everything that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// In the order of the newer one, then what is retired in the order of the older.
    pub all: Vec<Differs>,
    /// Requirements that are the same in everything.
    pub unchanged: usize,
    /// Each piece that differs of scoring, exemptions, improvement plans and signatures.
    pub rules: Vec<Difference>,
}

impl Diff {
    /// What differs between two documents, whose requirements these lines bring together.
    #[must_use]
    pub fn of(from: &Content, to: &Content, lines: &[Line]) -> Self {
        let mut diff = Self { rules: said_rules::differences(from, to), ..Self::default() };
        for now in &to.parts.requirements {
            let own = lines.iter().filter(|line| line.kind.carries() && line.to.as_ref() == Some(&now.code));
            let sources: Vec<&Requirement> = own
                .filter_map(|line| line.from.as_ref())
                .filter_map(|code| from.requirement(code.as_str()))
                .collect();
            match compared(from, to, &sources, now) {
                Some(found) => diff.all.push(found),
                None => diff.unchanged += 1,
            }
        }
        for old in &from.parts.requirements {
            let goes_on =
                lines.iter().any(|line| line.kind.carries() && line.from.as_ref() == Some(&old.code));
            if !goes_on {
                diff.all.push(Differs {
                    code: old.code.clone(),
                    title: old.title.clone(),
                    before: vec![old.code.clone()],
                    marks: vec![DiffMark::Retired],
                    pieces: Vec::new(),
                });
            }
        }
        diff
    }

    /// How many differ in this way.
    #[must_use]
    pub fn count(&self, mark: DiffMark) -> usize {
        self.all.iter().filter(|found| found.marks.contains(&mark)).count()
    }
}

fn compared(from: &Content, to: &Content, sources: &[&Requirement], now: &Requirement) -> Option<Differs> {
    let mut marks = Vec::new();
    let mut pieces = Vec::new();
    let Some(first) = sources.first() else {
        return Some(differs(now, sources, vec![DiffMark::New], pieces));
    };
    let several = sources.len() > 1;
    for old in sources {
        for mut piece in differences(old, now) {
            if several {
                piece.label = format!("{} (from {})", piece.label, old.code);
            }
            pieces.push(piece);
        }
    }
    if several || !pieces.is_empty() {
        marks.push(DiffMark::Reworded);
    }
    let place = |content: &Content, code: &SectionCode| {
        content.section(code.as_str()).map_or_else(|| code.to_string(), |s| format!("{} {}", s.code, s.title))
    };
    if first.code != now.code || first.section != now.section {
        marks.push(DiffMark::Moved);
        let before = format!("{} in {}", first.code, place(from, &first.section));
        let now = format!("{} in {}", now.code, place(to, &now.section));
        pieces.push(Difference { label: "Place".to_owned(), before, now });
    }
    let changed = changed_minima(from, to, first, now);
    if !changed.is_empty() {
        marks.push(DiffMark::Minima);
        pieces.extend(changed);
    }
    if marks.is_empty() { None } else { Some(differs(now, sources, marks, pieces)) }
}

fn differs(
    now: &Requirement,
    sources: &[&Requirement],
    marks: Vec<DiffMark>,
    pieces: Vec<Difference>,
) -> Differs {
    Differs {
        code: now.code.clone(),
        title: now.title.clone(),
        before: sources.iter().map(|old| old.code.clone()).collect(),
        marks,
        pieces,
    }
}

fn changed_minima(from: &Content, to: &Content, old: &Requirement, now: &Requirement) -> Vec<Difference> {
    let mut both: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (label, text) in minima(from, old) {
        both.entry(label).or_default().0 = text;
    }
    for (label, text) in minima(to, now) {
        both.entry(label).or_default().1 = text;
    }
    let exempt = |content: &Content, code: &RequirementCode| {
        let by = content.parts.exemptions.iter().filter(|e| e.requirements.contains(code));
        by.map(|e| e.code.clone()).collect::<Vec<_>>().join(", ")
    };
    both.insert("Exempted by".to_owned(), (exempt(from, &old.code), exempt(to, &now.code)));
    both.into_iter()
        .filter(|(_, (before, now))| before != now)
        .map(|(label, (before, now))| Difference { label, before, now })
        .collect()
}
