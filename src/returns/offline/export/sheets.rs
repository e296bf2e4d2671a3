//! The export of a return as an OpenDocument workbook to be read: the same document as the JSON, a sheet for each of its
//! parts, in people's words and London times. The workbook that is filled in is another one.

mod beside;
mod reviewed;

use serde_json::Value;

use super::around::ExportedPlanLine;
use super::record::ExportedBeginning;
use super::shape::{ExportedAnswer, ExportedRequirement, ExportedSignOff, ExportedSubmission, ReturnExport};
use crate::access::OrganisationRole;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::Result;
use crate::returns::offline::book::{Book, Cell, Head, Sheet};
use crate::returns::offline::cell::shown;
use crate::returns::offline::ods_out;
use crate::returns::words::words;
use crate::standards::scoring::GradeKey;
use crate::standards::{AnswerValue, Asked, Requirement};

/// The bytes of the workbook.
///
/// # Errors
/// When it cannot be written, which is a fault.
pub fn export_ods(export: &ReturnExport, made: Timestamp) -> Result<Vec<u8>> {
    ods_out::ods(&Book {
        title: format!("{}, {}", export.collection_name, export.organisation.name),
        made,
        sheets: vec![
            about(export),
            answers(export),
            versions(export),
            discussions(export),
            holdings(export),
            plan(export),
            requests(export),
            signatures(export),
            submissions(export),
            corrections(export),
            reviewed::decisions(export),
            reviewed::challenges(export),
            reviewed::queries(export),
            beside::sites(export),
            beside::papers(export),
        ],
    })
}

fn sheet(name: &'static str, heads: &[(&'static str, u16)], rows: Vec<Vec<String>>) -> Sheet {
    let head = |&(words, width): &(&'static str, u16)| Head { words, width, entered: false };
    let row = |row: Vec<String>| row.iter().map(|text| Cell::new(shown(text))).collect::<Vec<Cell>>();
    Sheet { name, columns: heads.iter().map(head).collect(), rows: rows.into_iter().map(row).collect() }
}

/// A moment of the document in words.
fn when(text: &str) -> String {
    text.parse::<jiff::Timestamp>().map_or_else(|_| text.to_owned(), |at| Timestamp::from(at).london_words())
}

fn when_any(text: Option<&String>) -> String {
    text.map(|text| when(text)).unwrap_or_default()
}

fn day(day: Option<Day>) -> String {
    day.map(Day::words).unwrap_or_default()
}

fn yes(is: bool) -> String {
    if is { "Yes" } else { "No" }.to_owned()
}

/// A key of the document as a word: `not_answered` is "Not answered".
fn key(text: &str) -> String {
    let spaced = text.replace('_', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn grade(text: &str) -> String {
    GradeKey::parse(text).map_or_else(|| key(text), |grade| grade.label().to_owned())
}

fn role(text: &str) -> String {
    text.parse::<OrganisationRole>().map_or_else(|_| key(text), |role| role.words().to_owned())
}

/// An answer of the document in words; nothing where there is only a comment.
pub(in crate::returns::offline) fn said(requirement: &Requirement, value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    match AnswerValue::parse(requirement, value) {
        Ok(value) => words(requirement, &value).join("\n"),
        // Said under an earlier wording of the edition; it stays what it is.
        Err(_) => value.to_string(),
    }
}

fn whence(from: &ExportedBeginning) -> String {
    match from.submission {
        Some(number) => format!("{}, submission {number}", from.collection),
        None => format!("{}, as it was stored there", from.collection),
    }
}

fn about(export: &ReturnExport) -> Sheet {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        ("Organisation", format!("{} ({})", export.organisation.name, export.organisation.code)),
        ("Collection", format!("{} ({})", export.collection_name, export.collection)),
        ("Edition", export.edition.key.clone()),
        ("Edition fingerprint", export.edition.hash.clone()),
        ("Rules", export.edition.rule_set.clone()),
        ("Profile", export.profile.clone()),
        ("State", export.state.words().to_owned()),
        ("Started", when(&export.opened_at)),
        ("Started from", export.started_from.as_ref().map(whence).unwrap_or_default()),
        ("Grade after review", export.final_grade.as_deref().map(grade).unwrap_or_default()),
        ("Why it was taken up again", optional(&export.reopened_reason)),
        ("More time until", when_any(export.extended_until.as_ref())),
        ("Submitted by", export.filed_by.as_ref().map(|head| head.name.clone()).unwrap_or_default()),
        ("Exported", when(&export.exported_at)),
    ];
    let rows = facts.into_iter().map(|(name, text)| vec![name.to_owned(), text]).collect();
    sheet("Return", &[("What", 28), ("Value", 80)], rows)
}

fn answers(export: &ReturnExport) -> Sheet {
    let heads = [
        ("Code", 10),
        ("Section", 24),
        ("Requirement", 30),
        ("Question", 50),
        ("Asked", 12),
        ("Answer", 50),
        ("Comment", 40),
        ("State", 14),
        ("Version", 9),
        ("Carried forward", 10),
        ("Evidence", 30),
        ("Owner", 24),
        ("Due", 18),
    ];
    let row = |one: &ExportedRequirement| {
        let of = |text: fn(&ExportedAnswer) -> String| one.answer.as_ref().map(text).unwrap_or_default();
        let evidence: Vec<&str> = one.evidence.iter().map(|file| file.name.as_str()).collect();
        vec![
            one.requirement.code.to_string(),
            format!("{} {}", one.section.code, one.section.title),
            one.requirement.title.clone(),
            one.requirement.text.clone(),
            asked(one.asked).to_owned(),
            one.answer.as_ref().map(|answer| said(&one.requirement, &answer.value)).unwrap_or_default(),
            of(|answer| answer.comment.clone()),
            of(|answer| answer.state.words().to_owned()),
            of(|answer| answer.version.to_string()),
            of(|answer| yes(answer.carried_forward)),
            evidence.join("\n"),
            one.owner.as_ref().map(|owner| owner.person.name.clone()).unwrap_or_default(),
            day(one.owner.as_ref().map(|owner| owner.due_on)),
        ]
    };
    sheet("Answers", &heads, export.requirements.iter().map(row).collect())
}

const fn asked(asked: Asked) -> &'static str {
    match asked {
        Asked::Mandatory => "Yes",
        Asked::Optional => "Optional",
        Asked::NotAsked => "No",
    }
}

fn versions(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for one in &export.requirements {
        for version in one.answer.iter().flat_map(|answer| &answer.history) {
            rows.push(vec![
                one.requirement.code.to_string(),
                version.version.to_string(),
                said(&one.requirement, &version.value),
                version.comment.clone(),
                version.state.words().to_owned(),
                when(&version.saved_at),
                version.saved_by.clone(),
            ]);
        }
    }
    let heads = [
        ("Code", 10),
        ("Version", 9),
        ("Answer", 50),
        ("Comment", 40),
        ("State", 14),
        ("Saved", 26),
        ("By", 24),
    ];
    sheet("Versions", &heads, rows)
}

fn discussions(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for one in &export.requirements {
        for comment in &one.discussion {
            let named: Vec<&str> = comment.mentioned.iter().map(|person| person.name.as_str()).collect();
            rows.push(vec![
                one.requirement.code.to_string(),
                when(&comment.written_at),
                comment.author.name.clone(),
                comment.text.clone(),
                named.join("\n"),
                when_any(comment.withdrawn_at.as_ref()),
            ]);
        }
    }
    let heads =
        [("Code", 10), ("Written", 26), ("By", 24), ("Comment", 60), ("Mentioned", 24), ("Withdrawn", 26)];
    sheet("Discussions", &heads, rows)
}

fn holdings(export: &ReturnExport) -> Sheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for held in &export.holdings.certificates {
        rows.push(vec![
            held.name.clone(),
            held.number.clone(),
            held.body.clone(),
            held.accreditation.clone(),
            if held.whole { "The whole organisation".to_owned() } else { held.covered.join("\n") },
            held.issued_on.words(),
            held.valid_from.words(),
            held.valid_to.words(),
            day(held.withdrawn_on),
            held.withdrawn_reason.clone(),
        ]);
    }
    rows.extend(export.holdings.services.iter().map(|name| {
        let mut row = vec!["Service".to_owned(), name.clone()];
        row.resize(10, String::new());
        row
    }));
    let heads = [
        ("What", 30),
        ("Number or name", 24),
        ("Body", 24),
        ("Accreditation", 24),
        ("Covers", 30),
        ("Issued", 18),
        ("Valid from", 18),
        ("Valid until", 18),
        ("Withdrawn", 18),
        ("Why", 30),
    ];
    sheet("Certificates", &heads, rows)
}

fn plan(export: &ReturnExport) -> Sheet {
    let mut rows = Vec::new();
    for line in export.plan.iter().flat_map(|plan| &plan.lines) {
        let notes: Vec<String> = line
            .notes
            .iter()
            .map(|note| format!("{}, {}: {}", when(&note.written_at), note.author.name, note.note))
            .collect();
        rows.push(vec![
            line.requirement.clone(),
            line.action.clone(),
            line.owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default(),
            day(line.due_on),
            line.resources.clone(),
            line.funded.words().to_owned(),
            line.evidence.clone(),
            day(line.done_on),
            line.rejected.clone(),
            notes.join("\n"),
            line.piece.clone(),
            line.seen
                .as_ref()
                .map(|seen| format!("{}, {}", when(&seen.seen_at), seen.seen_by))
                .unwrap_or_default(),
            went_up(line),
        ]);
    }
    if let Some(plan) = &export.plan {
        let mut state = vec!["Plan".to_owned(), plan.state.words().to_owned(), plan.signed_by.clone()];
        state.resize(8, String::new());
        state.push(plan.reason.clone());
        rows.push(state);
        if let Some(closed) = &plan.closed {
            let mut row = vec!["Closing".to_owned(), closed.note.clone(), closed.closed_by.clone()];
            row.resize(7, String::new());
            row.push(when(&closed.closed_at));
            rows.push(row);
        }
        for decision in &plan.decisions {
            let against = decision.lines.iter().map(|(code, reason)| format!("{code}: {reason}"));
            let said: Vec<String> = std::iter::once(decision.reason.clone())
                .chain(against)
                .filter(|said| !said.is_empty())
                .collect();
            let verdict = decision.verdict.words().to_owned();
            let mut row = vec!["Decision".to_owned(), verdict, decision.decided_by.clone()];
            row.resize(7, String::new());
            row.extend([when(&decision.decided_at), said.join("\n")]);
            rows.push(row);
        }
    }
    let heads = [
        ("Code", 10),
        ("Action", 50),
        ("Owner", 24),
        ("Due", 18),
        ("Resources", 30),
        ("Funded", 14),
        ("Shown by", 30),
        ("Done", 18),
        ("Why it was given back", 30),
        ("Notes", 50),
        ("Piece of evidence", 30),
        ("Looked at", 30),
        ("Went up", 40),
    ];
    for row in &mut rows {
        row.resize(heads.len(), String::new());
    }
    sheet("Improvement plan", &heads, rows)
}

/// The stages that a line went up while it was overdue.
fn went_up(line: &ExportedPlanLine) -> String {
    let stages = line
        .escalations
        .iter()
        .map(|up| format!("{}: {} (was due {})", up.reached_on.words(), up.stage.words(), up.due_on.words()));
    stages.collect::<Vec<String>>().join("\n")
}

fn requests(export: &ReturnExport) -> Sheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for given in &export.extensions {
        rows.push(vec![
            "More time given".to_owned(),
            when(&given.granted_at),
            String::new(),
            format!("Until {}", when(&given.until)),
            given.reason.clone(),
            String::new(),
            String::new(),
        ]);
    }
    for asked in &export.time_requests {
        rows.push(vec![
            "More time".to_owned(),
            when(&asked.asked_at),
            asked.asked_by.clone(),
            format!("Until {}", when(&asked.until)),
            asked.reason.clone(),
            asked.state.words().to_owned(),
            asked.answer.clone(),
        ]);
    }
    for interim in &export.interim_returns {
        rows.push(vec![
            format!("Interim return {}", interim.number),
            when(&interim.submitted_at),
            interim.signed_by.clone(),
            interim.snapshot_sha256.clone(),
            String::new(),
            if interim.late { "Late" } else { "In time" }.to_owned(),
            String::new(),
        ]);
    }
    let heads = [
        ("What", 20),
        ("When", 26),
        ("By", 24),
        ("For", 30),
        ("Reason", 40),
        ("State", 16),
        ("Answer of the programme", 40),
    ];
    sheet("Time and interim returns", &heads, rows)
}

/// What corrections of the rules changed.
fn corrections(export: &ReturnExport) -> Sheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for one in &export.corrections {
        let [before, since] = &one.claimed;
        let mut row = vec![
            one.submission.to_string(),
            when(&one.in_force_at),
            one.reason.clone(),
            one.rule_set.clone(),
        ];
        row.extend([grade(before), grade(since)]);
        row.extend(one.assessed.iter().flatten().map(|key| grade(key)));
        row.resize(8, String::new());
        rows.push(row);
    }
    let heads = [
        ("Submission", 11),
        ("In force", 26),
        ("Reason", 60),
        ("Rules", 16),
        ("Grade before", 24),
        ("Grade since", 24),
        ("After review before", 24),
        ("After review since", 24),
    ];
    sheet("Corrections of the rules", &heads, rows)
}

fn signatures(export: &ReturnExport) -> Sheet {
    let row = |one: &ExportedSignOff| {
        vec![
            role(&one.role),
            one.person.clone(),
            one.on_behalf_of.clone().unwrap_or_default(),
            when(&one.signed_at),
            when_any(one.withdrawn_at.as_ref()),
            one.statement.clone(),
            one.content_hash.clone(),
        ]
    };
    let heads = [
        ("Role", 24),
        ("Who", 24),
        ("For", 24),
        ("Signed", 26),
        ("Withdrawn", 26),
        ("Statement", 60),
        ("Fingerprint of the answers", 40),
    ];
    sheet("Signatures", &heads, export.sign_offs.iter().map(row).collect())
}

fn submissions(export: &ReturnExport) -> Sheet {
    let row = |one: &ExportedSubmission| {
        let taken = export.withdrawals.iter().find(|taken| taken.submission == one.number);
        let outcome = export.head_office_outcomes.iter().find(|outcome| outcome.submission == one.number);
        vec![
            one.number.to_string(),
            when(&one.submitted_at),
            one.submitted_by.clone(),
            yes(one.late),
            one.reason.clone().unwrap_or_default(),
            grade(&one.claimed_grade),
            one.rule_set.clone(),
            one.snapshot_sha256.clone(),
            taken.map(|taken| when(&taken.withdrawn_at)).unwrap_or_default(),
            taken.map(|taken| taken.withdrawn_by.clone()).unwrap_or_default(),
            taken.map(|taken| taken.reason.clone()).unwrap_or_default(),
            outcome.map(|outcome| grade(&outcome.assessed_grade)).unwrap_or_default(),
        ]
    };
    let heads = [
        ("Number", 9),
        ("Submitted", 26),
        ("By", 24),
        ("Late", 8),
        ("Why again", 40),
        ("Grade", 24),
        ("Rules", 16),
        ("Fingerprint", 40),
        ("Withdrawn", 26),
        ("Withdrawn by", 24),
        ("Why withdrawn", 40),
        ("Grade after the head office's review", 24),
    ];
    sheet("Submissions", &heads, export.submissions.iter().map(row).collect())
}
