//! The workbook of a return: what it is and how to fill it in, a row for each requirement, a row for each statement.

use std::rc::Rc;

use super::book::{Book, Cell, Head, Sheet};
use super::cell::shown;
use super::columns::{ANSWERS, Column, LAYOUT, NOTES, Note, Part, STATEMENTS, Tick};
use super::filled::{FROM_STATEMENTS, Filled, NOT_RELEVANT_WORDS, NOT_STARTED};
use crate::platform::clock::Timestamp;
use crate::returns::model::AnswerState;
use crate::returns::readiness::Line;
use crate::returns::store::{Attached, Found};
use crate::standards::{Asked, Edition, Indicator, ItemKind, OutcomeLevel, Requirement, RequirementKind};

/// The digits of levels, as lists of allowed values need them for longer than an edition lives.
const LEVELS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Whose workbook it is, and of what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    /// Code and name of the organisation.
    pub organisation: (&'a str, &'a str),
    /// Key and name of the collection.
    pub collection: (&'a str, &'a str),
    /// What is asked.
    pub edition: &'a Edition,
}

impl<'a> From<&'a Found> for Of<'a> {
    fn from(found: &'a Found) -> Self {
        Self {
            organisation: (&found.code, &found.name),
            collection: (&found.collection.key, &found.collection.name),
            edition: found.edition.edition(),
        }
    }
}

/// The workbook of a return as it stands.
pub(super) fn book(of: &Of<'_>, lines: &[Line<'_>], files: &[Attached], made: Timestamp) -> Book {
    let put: Vec<&Line<'_>> = lines.iter().filter(|line| line.asked != Asked::NotAsked).collect();
    let mut sheets = vec![notes(of, made), answers(of.edition, &put, files)];
    let statements = statements(&put);
    if !statements.rows.is_empty() {
        sheets.push(statements);
    }
    Book { title: format!("{}, {}", of.collection.1, of.organisation.1), made, sheets }
}

fn notes(of: &Of<'_>, made: Timestamp) -> Sheet {
    let (edition, (code, name), (key, collection)) = (of.edition, of.organisation, of.collection);
    let mut rows = vec![
        ("What this is", format!("The return of {name} in {collection}, to be filled in offline.")),
        (Note::Organisation.label(), code.to_owned()),
        (Note::Collection.label(), key.to_owned()),
        ("Edition", format!("{} {} ({})", edition.standard_name(), edition.label(), edition.key())),
        (Note::Edition.label(), edition.hash().to_hex()),
        ("Made", made.london_words()),
        ("Made (for programs)", made.rfc3339()),
        (Note::Layout.label(), LAYOUT.to_owned()),
    ];
    rows.extend(HOW.iter().map(|(what, how)| (*what, (*how).to_owned())));
    Sheet {
        name: NOTES,
        columns: vec![head("Note", 28), head("Text", 100)],
        rows: rows.into_iter().map(|(what, text)| vec![Cell::new(what), Cell::new(shown(&text))]).collect(),
    }
}

/// How to fill it in.
const HOW: &[(&str, &str)] = &[
    (
        "How to fill it in",
        "Fill in the columns Answer, Reason or supporting statement, Alternative control, Comment and State of the sheet \
         Answers. Where there is a sheet Statements, say Yes beside each statement that is true. Everything else is there to \
         be read. You may hide, move or widen columns, but leave their headings, the codes and the versions as they are.",
    ),
    (
        "State",
        "Say Completed when an answer is finished, and In progress when it is not. An answer that you enter while its state \
         is Not started or To confirm is kept as In progress. To confirm means that last year's answer was carried forward: \
         say Completed if it still holds.",
    ),
    ("Dates", "Write dates as 2026-01-31 or 31/01/2026."),
    (
        "Formulas",
        "Cells that are filled in must hold values: a formula is refused. Macros and passwords are refused as well.",
    ),
    (
        "Evidence",
        "Files are attached on the website. This workbook names those that are attached and changes nothing about them.",
    ),
    (
        "Improvement plan",
        "Where there is a sheet Improvement plan, it shows the plan as it stands, to be read. The plan is changed on the \
         website: nothing that you change in that sheet is taken.",
    ),
    (
        "When you are done",
        "Upload the workbook on the page from which you downloaded it. You will see every change before anything is saved, \
         and where a colleague has changed an answer meanwhile you choose which of the two stands.",
    ),
];

fn head(words: &'static str, width: u16) -> Head {
    Head { words, width, entered: false }
}

fn answers(edition: &Edition, put: &[&Line<'_>], files: &[Attached]) -> Sheet {
    let columns = Column::ALL
        .iter()
        .map(|column| Head {
            words: column.heading(),
            width: column.width(),
            entered: column.part() == Part::Entered,
        })
        .collect();
    Sheet { name: ANSWERS, columns, rows: put.iter().map(|line| row(edition, line, files)).collect() }
}

fn row(edition: &Edition, line: &Line<'_>, files: &[Attached]) -> Vec<Cell> {
    let requirement = line.requirement;
    let filled = cells_of(line);
    let section = edition.section(requirement.section.as_str());
    let names: Vec<&str> =
        files.iter().filter(|file| file.requirement == line.id).map(|file| file.file_name.as_str()).collect();
    Column::ALL
        .iter()
        .map(|column| match column {
            Column::Code => Cell::new(requirement.code.as_str()),
            Column::Section => {
                Cell::new(section.map_or_else(String::new, |s| shown(&format!("{} {}", s.code, s.title))))
            }
            Column::Title => Cell::new(shown(&requirement.title)),
            Column::Question => Cell::new(shown(&requirement.text)),
            Column::Kind => Cell::new(kind(&requirement.kind)),
            Column::Allowed => Cell::new(shown(&allowed(requirement))),
            Column::Answer => {
                let is_outcome = matches!(requirement.kind, RequirementKind::Outcome { .. });
                let text = if is_outcome && filled.answer.is_empty() {
                    FROM_STATEMENTS
                } else {
                    filled.answer.as_str()
                };
                let cell = Cell::new(text);
                answer_choices(&requirement.kind).map_or(cell.clone(), |choices| cell.choices(&choices))
            }
            Column::Statement => Cell::new(filled.statement.as_str()),
            Column::Alternative => Cell::new(filled.alternative.as_str()),
            Column::Comment => Cell::new(filled.comment.as_str()),
            Column::State => Cell::new(filled.state.as_str()).choices(&state_choices(&filled.state)),
            Column::Evidence => Cell::new(shown(&names.join("\n"))),
            Column::Version => {
                Cell::new(line.answer.map_or_else(|| "0".to_owned(), |answer| answer.version.to_string()))
            }
        })
        .collect()
}

/// The cells of a requirement as it stands.
pub(super) fn cells_of(line: &Line<'_>) -> Filled {
    let comment = line.answer.map_or("", |answer| answer.comment.as_str());
    Filled::of(line.value.as_ref(), comment, line.answer.map(|answer| answer.state))
}

const fn kind(kind: &RequirementKind) -> &'static str {
    match kind {
        RequirementKind::Level { .. } => "Level",
        RequirementKind::Outcome { .. } => "Statements",
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => "Text",
            ItemKind::Date => "Date",
            ItemKind::YesNo => "Yes or no",
            ItemKind::Document => "Documents",
            ItemKind::Confirmation => "Confirmation",
        },
    }
}

fn allowed(requirement: &Requirement) -> String {
    match &requirement.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let mut lines: Vec<String> =
                descriptors.iter().enumerate().map(|(level, words)| format!("{level}: {words}")).collect();
            if *may_be_not_relevant {
                lines.push(format!("{NOT_RELEVANT_WORDS}: with the reason in the next column"));
            }
            lines.join("\n")
        }
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => "Your own words",
            ItemKind::Date => "A date, written as 2026-01-31",
            ItemKind::YesNo => "Yes or No",
            ItemKind::Document => {
                "Yes when all the documents are attached on the website, otherwise No with the reason"
            }
            ItemKind::Confirmation => "Yes when you can confirm this, otherwise No",
        }
        .to_owned(),
        RequirementKind::Outcome { .. } => format!(
            "Say which statements are true on the sheet {STATEMENTS}. Leave \"{FROM_STATEMENTS}\", or enter the result that \
             you claim by an alternative control, and describe that control."
        ),
    }
}

/// The values that an answer is chosen from.
fn answer_choices(kind: &RequirementKind) -> Option<Rc<[&'static str]>> {
    match kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let mut choices: Vec<&'static str> = LEVELS.iter().copied().take(descriptors.len()).collect();
            if *may_be_not_relevant {
                choices.push(NOT_RELEVANT_WORDS);
            }
            Some(Rc::from(choices))
        }
        RequirementKind::Item { item: ItemKind::Text | ItemKind::Date, .. } => None,
        RequirementKind::Item { .. } => Some(Rc::from(["Yes", "No"])),
        RequirementKind::Outcome { .. } => Some(Rc::from([
            FROM_STATEMENTS,
            OutcomeLevel::Achieved.label(),
            OutcomeLevel::PartiallyAchieved.label(),
            OutcomeLevel::NotAchieved.label(),
        ])),
    }
}

/// The states that can be said, and the present one.
fn state_choices(present: &str) -> Rc<[&'static str]> {
    let mut choices = vec![AnswerState::Confirmed.words(), AnswerState::Draft.words()];
    let others = [AnswerState::ToConfirm.words(), NOT_STARTED];
    choices.extend(others.into_iter().filter(|words| *words == present));
    Rc::from(choices)
}

fn statements(put: &[&Line<'_>]) -> Sheet {
    let columns = Tick::ALL
        .iter()
        .map(|column| Head {
            words: column.heading(),
            width: column.width(),
            entered: column.part() == Part::Entered,
        })
        .collect();
    let yes_no: Rc<[&'static str]> = Rc::from(["Yes", "No"]);
    let mut rows = Vec::new();
    for line in put {
        let RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } =
            &line.requirement.kind
        else {
            continue;
        };
        let ticked = cells_of(line).ticked;
        let groups: [(OutcomeLevel, &[Indicator]); 3] = [
            (OutcomeLevel::Achieved, achieved),
            (OutcomeLevel::PartiallyAchieved, partially_achieved),
            (OutcomeLevel::NotAchieved, not_achieved),
        ];
        for (level, indicators) in groups {
            rows.extend(indicators.iter().map(|indicator| {
                let is_ticked = ticked.iter().any(|code| code == indicator.code.as_str());
                vec![
                    Cell::new(line.requirement.code.as_str()),
                    Cell::new(level.label()),
                    Cell::new(indicator.code.as_str()),
                    Cell::new(shown(&indicator.text)),
                    Cell::new(if is_ticked { "Yes" } else { "No" }).choices(&yes_no),
                ]
            }));
        }
    }
    Sheet { name: STATEMENTS, columns, rows }
}
