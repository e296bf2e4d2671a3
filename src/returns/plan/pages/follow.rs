//! What became of an agreed plan, line by line, with the controls of the centre to follow it up.

use std::collections::BTreeMap;

use serde::Serialize;

use super::line_tag;
use crate::access::{Actor, ClosePlan, SeeCompletion};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::PlanLineId;
use crate::platform::pages::{ErrorSummary, Fact, Field, FormErrors, Tag};
use crate::returns::circumstances::PlanHead;
use crate::returns::plan::model::{PlanState, Stage};
use crate::returns::plan::reading::{Reading, requirement_of};
use crate::returns::store::Found;

/// What is known of a plan's course besides its lines.
#[derive(Debug, Clone, Default)]
pub(in crate::returns::plan) struct Followed {
    /// Lines whose evidence was looked at, with when.
    pub seen: BTreeMap<PlanLineId, Timestamp>,
    /// The stages that lines have reached for a due day.
    pub reached: BTreeMap<(PlanLineId, Day), BTreeMap<Stage, Day>>,
    /// The note with which it was closed, and when.
    pub closing: Option<(String, Timestamp)>,
}

/// A note about progress.
#[derive(Debug, Serialize)]
struct NoteItem {
    by: String,
    at: i64,
    text: String,
}

/// One line.
#[derive(Debug, Serialize)]
struct FollowedLine {
    heading: String,
    tag: Tag,
    facts: Vec<Fact>,
    notes: Vec<NoteItem>,
    /// Where the piece that shows completion can be saved; empty where none does.
    evidence_href: String,
    /// Where to note that the evidence was looked at; empty where it was, or nothing is done.
    seen_href: String,
}

/// An agreed plan, followed up.
#[derive(Debug, Serialize)]
pub(in crate::returns::plan) struct FollowBlock {
    lines: Vec<FollowedLine>,
    may_close: bool,
    /// Why it cannot be closed yet; empty where it can.
    lacking: String,
    close_href: String,
    note: Field,
    version: String,
    closed: String,
    #[serde(skip)]
    errors: ErrorSummary,
}

impl FollowBlock {
    /// The plan with what became of it; `typed` is the note of a form that was refused.
    pub(in crate::returns::plan) fn new(
        (found, head): (&Found, PlanHead),
        reading: &Reading,
        followed: &Followed,
        (actor, today): (&Actor, Day),
        (typed, errors): (&str, &FormErrors),
    ) -> Result<Self> {
        let may_see = found.offers_on_plan::<SeeCompletion>(actor);
        let mut lines = Vec::new();
        for line in &reading.lines {
            let requirement = requirement_of(found, line)?;
            let seen = followed.seen.get(&line.id);
            let stage = line
                .due_on
                .and_then(|due| followed.reached.get(&(line.id, due)))
                .and_then(|reached| reached.iter().next_back());
            let mut facts = vec![
                Fact::new("Action", line.action.as_str()),
                Fact::new("Owner", reading.name(line.owner)),
                Fact::new("Due", line.due_on.map(Day::words).unwrap_or_default()),
            ];
            if let Some(done) = line.done_on {
                facts.push(Fact::new("Done", done.words()));
                facts.push(Fact::new("Shown by", line.evidence.as_str()));
            }
            if let Some((stage, day)) = stage.filter(|_| line.done_on.is_none()) {
                facts.push(Fact::new("Escalation", format!("{} on {}", stage.words(), day.words())));
            }
            if let Some(at) = seen {
                facts.push(Fact::new("Evidence seen", at.london_words()));
            }
            let href = format!("/plans/{}/lines/{}", head.id, line.id);
            lines.push(FollowedLine {
                heading: format!("{} {}", requirement.code, requirement.title),
                tag: line_tag(line, today),
                facts,
                notes: notes(reading, line.id),
                evidence_href: if line.piece.is_some() { format!("{href}/evidence") } else { String::new() },
                seen_href: if may_see && line.done_on.is_some() && seen.is_none() {
                    format!("{href}/seen")
                } else {
                    String::new()
                },
            });
        }
        let left =
            reading.lines.iter().filter(|line| line.done_on.is_none() || line.evidence.is_empty()).count();
        Ok(Self {
            lines,
            may_close: head.state == PlanState::Approved && found.offers_on_plan::<ClosePlan>(actor),
            lacking: match left {
                0 => String::new(),
                1 => "1 line is not done with evidence yet, so the plan cannot be closed.".to_owned(),
                many => format!("{many} lines are not done with evidence yet, so the plan cannot be closed."),
            },
            close_href: format!("/plans/{}/close", head.id),
            note: note_field(typed, errors),
            version: head.version.to_string(),
            closed: followed
                .closing
                .as_ref()
                .map(|(note, at)| format!("Closed on {}: {note}", at.london_day().words()))
                .unwrap_or_default(),
            errors: errors.summary(),
        })
    }

    /// What is wrong with the note.
    pub(in crate::returns::plan) const fn errors(&self) -> &ErrorSummary {
        &self.errors
    }

    /// An example for the checks.
    pub(in crate::returns::plan) fn sample(open: bool) -> Self {
        let href = "/plans/1/lines/2";
        Self {
            lines: vec![FollowedLine {
                heading: "1.1.2 Register".to_owned(),
                tag: Tag::new("Done", "green"),
                facts: vec![Fact::new("Action", "Write it.")],
                notes: vec![NoteItem {
                    by: "Ow Ner".to_owned(),
                    at: 1_780_000_000_000_000,
                    text: "Half done.".to_owned(),
                }],
                evidence_href: format!("{href}/evidence"),
                seen_href: format!("{href}/seen"),
            }],
            may_close: true,
            lacking: if open { "1 line is not done with evidence yet.".to_owned() } else { String::new() },
            close_href: "/plans/1/close".to_owned(),
            note: note_field("", &FormErrors::new()),
            version: "4".to_owned(),
            closed: if open { String::new() } else { "Closed on 1 June 2026: all of it.".to_owned() },
            errors: ErrorSummary::default(),
        }
    }
}

fn note_field(typed: &str, errors: &FormErrors) -> Field {
    Field::new("note", "Note")
        .hint("The organisation is told that the plan is closed.")
        .value(typed)
        .errors(errors)
}

fn notes(reading: &Reading, of: PlanLineId) -> Vec<NoteItem> {
    reading
        .notes
        .iter()
        .filter(|note| note.line == of)
        .map(|note| NoteItem {
            by: reading.name(note.by).to_owned(),
            at: note.at.micros(),
            text: note.note.clone(),
        })
        .collect()
}
