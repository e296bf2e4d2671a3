//! Deciding about one requirement of a draft: where one of the newer edition comes from, or that one of the older is
//! asked no more.

use serde_json::json;

use super::model::{LINES_LIMIT, Line, LineKind};
use super::store::{self, Mapping};
use crate::access::{EditMapping, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::hex;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::MappingId;
use crate::standards::keys::RequirementCode;

/// What is decided about one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Where a requirement of the newer edition comes from. Without a kind, a source and evidence it is undecided.
    Comes {
        /// The requirement.
        to: RequirementCode,
        /// How its answer comes; none where it does not.
        kind: Option<LineKind>,
        /// The requirements whose answers carry.
        from: Vec<RequirementCode>,
        /// The requirements whose evidence serves.
        serves: Vec<RequirementCode>,
    },
    /// Whether a requirement of the older edition is retired, or undecided.
    Ends {
        /// The requirement.
        from: RequirementCode,
        /// Whether it is asked no more.
        retired: bool,
    },
}

impl Decision {
    /// The lines that say so, each with the note.
    fn lines(&self, note: &str) -> Vec<Line> {
        let line = |from: Option<&RequirementCode>, to: Option<&RequirementCode>, kind| Line {
            from: from.cloned(),
            to: to.cloned(),
            kind,
            note: note.to_owned(),
        };
        match self {
            Self::Ends { from, retired: true } => vec![line(Some(from), None, LineKind::Retired)],
            Self::Ends { retired: false, .. } => Vec::new(),
            Self::Comes { to, kind, from, serves } => {
                let mut lines = Vec::new();
                match kind {
                    Some(LineKind::New) => lines.push(line(None, Some(to), LineKind::New)),
                    Some(kind) => lines.extend(from.iter().map(|code| line(Some(code), Some(to), *kind))),
                    None => {}
                }
                lines.extend(serves.iter().map(|code| line(Some(code), Some(to), LineKind::Serves)));
                lines
            }
        }
    }

    /// Whether a line is about the same requirement, and so gives way.
    fn is_about(&self, line: &Line) -> bool {
        match self {
            Self::Comes { to, .. } => line.to.as_ref() == Some(to),
            Self::Ends { from, .. } => line.to.is_none() && line.from.as_ref() == Some(from),
        }
    }
}

/// Writes a decision into a draft, in the place of what it said about the requirement; gives the new revision.
///
/// # Errors
/// [`Error::Conflict`] when the draft is not at the revision that the person saw.
pub fn decide_requirement(
    tx: &mut Tx<'_>,
    permit: &Permit<EditMapping>,
    revision: i64,
    decision: &Decision,
    note: &str,
) -> Result<Recorded<i64>> {
    let mapping = store::mapping(tx.conn(), MappingId::new(permit.id()))?;
    let mut lines: Vec<Line> =
        mapping.lines.iter().filter(|line| !decision.is_about(line)).cloned().collect();
    lines.extend(decision.lines(note));
    save(tx, permit, &mapping, revision, &lines)
}

/// Writes all lines of a draft.
pub(super) fn save(
    tx: &mut Tx<'_>,
    permit: &Permit<EditMapping>,
    mapping: &Mapping,
    revision: i64,
    lines: &[Line],
) -> Result<Recorded<i64>> {
    if lines.len() > LINES_LIMIT {
        return Err(Error::field("file", format!("A mapping has at most {LINES_LIMIT} lines")));
    }
    let (revision, hash) = store::update_lines(tx, mapping.id, revision, lines)?;
    let data = json!({"revision": revision, "lines": lines.len(), "lines_sha256": hex(&hash)});
    let event = Event::of(permit, "mapping_changed", format!("mapping/{}", mapping.id), data);
    ledger::append(tx, &event, revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::testing::code;

    #[test]
    fn a_decision_gives_way_to_the_next_about_the_same_requirement() {
        let comes = |kind, from: &[&str], serves: &[&str]| Decision::Comes {
            to: code("2"),
            kind,
            from: from.iter().map(|text| code(text)).collect(),
            serves: serves.iter().map(|text| code(text)).collect(),
        };
        let merged = comes(Some(LineKind::Merged), &["1", "3"], &["4"]);
        let lines = merged.lines("why");
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["merged", "merged", "serves"]);
        assert!(lines.iter().all(|line| line.note == "why" && merged.is_about(line)));
        assert!(comes(None, &[], &[]).lines("").is_empty());
        assert_eq!(comes(Some(LineKind::New), &[], &[]).lines("")[0].from, None);
        let ends = Decision::Ends { from: code("1"), retired: true };
        assert!(!ends.is_about(&lines[0]) && ends.is_about(&ends.lines("")[0]));
        assert!(Decision::Ends { from: code("1"), retired: false }.lines("").is_empty());
    }
}
