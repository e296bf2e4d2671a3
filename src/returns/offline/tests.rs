//! What is written into a workbook is what is read from it, in both forms and for every kind of requirement.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Value, json};

use super::archive::Format;
use super::book::Book;
use super::cell::{CELL_LIMIT, plain};
use super::filled::{FROM_STATEMENTS, Filled};
use super::preview::{Earlier, Plan, plan};
use super::workbook_in::{NotTaken, Uploaded, read};
use super::workbook_out::{Of, book};
use super::{ods_out, xlsx_out};
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{AnswerId, RequirementId};
use crate::returns::model::{AnswerState, StoredAnswer};
use crate::returns::readiness::Line;
use crate::standards::formats::{self, FileFormat, Names};
use crate::standards::{AnswerValue, Asked, Edition, ItemKind, Requirement, RequirementKind};

const MADE: Timestamp = Timestamp::from_micros(1_780_000_000_000_000);

fn edition(name: &str) -> Edition {
    let text = match name {
        "igt" => include_str!("../../../config/standards/igt.toml"),
        "ndg" => include_str!("../../../config/standards/ndg.toml"),
        _ => include_str!("../../../config/standards/outcomes.toml"),
    };
    formats::read(FileFormat::Toml, name, text.as_bytes(), &Names::default()).unwrap().edition
}

fn of(edition: &Edition) -> Of<'_> {
    Of { organisation: ("ZZ001", "Example & Sons Trust"), collection: ("2026", "Collection <2026>"), edition }
}

fn bytes(book: &Book, format: Format) -> Vec<u8> {
    match format {
        Format::Xlsx => xlsx_out::xlsx(book).unwrap(),
        Format::Ods => ods_out::ods(book).unwrap(),
    }
}

/// A stored answer to every requirement, where there is one.
fn stored(edition: &Edition, answers: &[Option<(Value, String, AnswerState)>]) -> Vec<Option<StoredAnswer>> {
    let answers = answers.iter().zip(edition.requirements()).enumerate();
    answers
        .map(|(index, (answer, requirement))| {
            let (value, comment, state) = answer.as_ref()?;
            let value = if value.is_null() {
                "null".to_owned()
            } else {
                to_string(&AnswerValue::parse(requirement, value).unwrap().to_json()).unwrap()
            };
            let number = i64::try_from(index).unwrap();
            Some(StoredAnswer {
                id: AnswerId::new(number),
                requirement: RequirementId::new(number),
                value,
                comment: comment.clone(),
                state: *state,
                version: number + 1,
                carried_from: None,
                updated_at: MADE,
                updated_by: None,
            })
        })
        .collect()
}

fn lines<'a>(edition: &'a Edition, stored: &'a [Option<StoredAnswer>]) -> Vec<Line<'a>> {
    let all = edition.requirements().iter().zip(stored).enumerate();
    all.map(|(index, (requirement, answer))| Line {
        requirement,
        id: RequirementId::new(i64::try_from(index).unwrap()),
        asked: Asked::Mandatory,
        answer: answer.as_ref(),
        value: answer
            .as_ref()
            .and_then(|answer| crate::returns::readiness::read_value(requirement, &answer.value).unwrap()),
        files: 0,
        fault: None,
        excuse: None,
        evident: false,
    })
    .collect()
}

fn uploaded(bytes: &[u8]) -> Uploaded {
    match read(bytes) {
        Ok((_, uploaded)) => uploaded,
        Err(NotTaken::Faults(faults)) => panic!("{faults:?}"),
        Err(NotTaken::Unreadable(reason)) => panic!("{reason:?}"),
    }
}

/// Texts that spreadsheets are known to spoil.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{1,40}",
        "\\PC{1,30}",
        Just("=SUM(A1:A9)".to_owned()),
        Just("+44 20 7946 0000".to_owned()),
        Just("@here -1 'quoted".to_owned()),
        Just("  outer   spaces  and\ttabs\t".to_owned()),
        Just("line one\n\n line three \r\nline <four> & \"five\"".to_owned()),
        Just("_x000D_ and _x0041_".to_owned()),
        Just("01/02/2026".to_owned()),
        Just("0012".to_owned()),
        Just("TRUE".to_owned()),
        Just("\u{1F600} \u{e9}\u{301} \u{200B}zero".to_owned()),
        Just("bell \u{7} and \u{1b}[31m".to_owned()),
    ]
}

fn states() -> impl Strategy<Value = AnswerState> {
    prop_oneof![Just(AnswerState::ToConfirm), Just(AnswerState::Draft), Just(AnswerState::Confirmed)]
}

/// An answer to one requirement, as its JSON.
fn values(requirement: &Requirement) -> BoxedStrategy<Value> {
    let text = || proptest::option::of(texts());
    let with = |field: &'static str, value: Value, text: Option<String>| {
        let mut answer = json!({ field: value });
        if let Some(text) = text {
            answer["text"] = Value::String(text);
        }
        answer
    };
    match requirement.kind.clone() {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let level = (0..descriptors.len(), text())
                .prop_map(move |(level, text)| with("level", json!(level), text));
            let reason = said().prop_map(|reason| json!({"not_relevant": true, "reason": reason}));
            if may_be_not_relevant { prop_oneof![level, reason].boxed() } else { level.boxed() }
        }
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => said().prop_map(|text| json!({ "text": text })).boxed(),
            ItemKind::Date => (1990_u16..2100, 1_u8..13, 1_u8..29)
                .prop_map(|(y, m, d)| json!({"date": format!("{y:04}-{m:02}-{d:02}")}))
                .boxed(),
            ItemKind::YesNo => {
                (any::<bool>(), text()).prop_map(move |(yes, text)| with("yes_no", json!(yes), text)).boxed()
            }
            ItemKind::Document => (any::<bool>(), text())
                .prop_map(move |(yes, text)| with("documents", json!(yes), text))
                .boxed(),
            ItemKind::Confirmation => (any::<bool>(), text())
                .prop_map(move |(yes, text)| with("confirmed", json!(yes), text))
                .boxed(),
        },
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } => {
            let codes: Vec<String> = [achieved, partially_achieved, not_achieved]
                .into_iter()
                .flatten()
                .map(|indicator| indicator.code.to_string())
                .collect();
            let claim = proptest::option::of((
                prop_oneof![Just("achieved"), Just("partially_achieved"), Just("not_achieved")],
                said(),
            ));
            (proptest::sample::subsequence(codes.clone(), 0..=codes.len()), claim, text())
                .prop_map(move |(ticked, claim, text)| {
                    let mut answer = with("indicators", json!(ticked), text);
                    if let Some((level, justification)) = claim {
                        answer["override"] = json!({"level": level, "justification": justification});
                    }
                    answer
                })
                .boxed()
        }
    }
}

/// Texts that say something.
fn said() -> impl Strategy<Value = String> {
    texts().prop_filter("says something", |text| !plain(text).is_empty())
}

/// A state of a whole return.
fn returns(edition: &Edition) -> impl Strategy<Value = Vec<Option<(Value, String, AnswerState)>>> + use<> {
    let one = |requirement: &Requirement| {
        let comment = prop_oneof![Just(String::new()), texts()];
        let value = values(requirement);
        proptest::option::weighted(
            0.9,
            (proptest::option::weighted(0.9, value), comment, states())
                .prop_map(|(value, comment, state)| (value.unwrap_or(Value::Null), comment, state)),
        )
    };
    edition.requirements().iter().map(one).collect::<Vec<_>>()
}

fn nothing_would_change(plan: &Plan) {
    assert_eq!(plan.errors, Vec::new());
    let changed = |list: &[super::preview::Change]| {
        list.iter().map(|change| format!("{:?} -> {:?}", change.now, change.typed)).collect::<Vec<_>>()
    };
    assert_eq!(changed(&plan.changes), Vec::<String>::new());
    assert_eq!(changed(&plan.conflicts), Vec::<String>::new());
    assert_eq!(plan.left_out, 0);
}

/// Downloads, changes nothing, uploads.
fn untouched(edition: &Edition, answers: &[Option<(Value, String, AnswerState)>]) {
    let stored = stored(edition, answers);
    let lines = lines(edition, &stored);
    for format in [Format::Xlsx, Format::Ods] {
        let uploaded = uploaded(&bytes(&book(&of(edition), &lines, &[], MADE), format));
        assert_eq!(
            uploaded.faults(&of(edition), uploaded.edition == edition.hash().to_hex()),
            Vec::<String>::new()
        );
        nothing_would_change(&plan(&uploaded, &lines, &Earlier::new()).unwrap());
    }
}

/// Writes answers into the workbook of an empty return, as a person would.
fn filled_in(edition: &Edition, answers: &[Option<(Value, String, AnswerState)>]) {
    let nothing: Vec<Option<StoredAnswer>> = edition.requirements().iter().map(|_| None).collect();
    let lines = lines(edition, &nothing);
    let wanted = stored(edition, answers);
    for format in [Format::Xlsx, Format::Ods] {
        let mut book = book(&of(edition), &lines, &[], MADE);
        for (index, (requirement, answer)) in edition.requirements().iter().zip(&wanted).enumerate() {
            let Some(answer) = answer else { continue };
            let value = crate::returns::readiness::read_value(requirement, &answer.value).unwrap();
            type_in(
                &mut book,
                index,
                requirement,
                &Filled::of(value.as_ref(), &answer.comment, Some(answer.state)),
            );
        }
        let uploaded = uploaded(&bytes(&book, format));
        let plan = plan(&uploaded, &lines, &Earlier::new()).unwrap();
        assert!(plan.conflicts.is_empty());
        for (requirement, answer) in edition.requirements().iter().zip(&wanted) {
            let Some(answer) = answer else { continue };
            let value = crate::returns::readiness::read_value(requirement, &answer.value).unwrap();
            let change = plan.changes.iter().find(|change| change.code == requirement.code.as_str());
            let errors = plan.errors.iter().any(|error| error.code == requirement.code.as_str());
            let finished = answer.state == AnswerState::Confirmed;
            // What cannot be finished is said, and what says nothing changes nothing.
            match (change, &value) {
                (Some(change), Some(value)) => {
                    let now = change.new.value.as_ref().expect("a value").to_json();
                    assert_eq!(plainly(&now), plainly(&value.to_json()), "{}", requirement.code);
                    assert_eq!(change.new.comment, plain(&answer.comment));
                    assert_eq!(change.new.finished, finished);
                    assert_eq!(change.new.version, 0);
                }
                (Some(change), None) => {
                    assert!(!change.new.finished || change.new.value.is_some(), "{}", requirement.code);
                    assert_eq!(change.new.comment, plain(&answer.comment));
                }
                (None, None) => assert!(errors || plain(&answer.comment).is_empty()),
                // An outcome without any tick that is still in progress looks like one nobody has started.
                (None, Some(value)) => assert!(
                    matches!(value, AnswerValue::Outcome { indicators, level_override: None, text: None }
                        if indicators.is_empty()),
                    "{}: {:?}",
                    requirement.code,
                    plan.errors
                ),
            }
        }
    }
}

/// The same JSON with its texts as a workbook holds them; an empty statement counts as none.
fn plainly(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(plain(text)),
        Value::Array(list) => Value::Array(list.iter().map(plainly).collect()),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), plainly(value)))
            .filter(|(name, value)| !(name == "text" && value == ""))
            .collect(),
        other => other.clone(),
    }
}

/// Enters cells as a person would: a state that cannot be said is left as it was.
fn type_in(book: &mut Book, index: usize, requirement: &Requirement, filled: &Filled) {
    let row = &mut book.sheets[1].rows[index];
    let is_outcome = matches!(requirement.kind, RequirementKind::Outcome { .. });
    row[6].text = if is_outcome && filled.answer.is_empty() {
        FROM_STATEMENTS.to_owned()
    } else {
        filled.answer.clone()
    };
    row[7].text.clone_from(&filled.statement);
    row[8].text.clone_from(&filled.alternative);
    row[9].text.clone_from(&filled.comment);
    if filled.state != AnswerState::ToConfirm.words() {
        row[10].text.clone_from(&filled.state);
    }
    if let Some(statements) = book.sheets.get_mut(2) {
        for row in statements.rows.iter_mut().filter(|row| row[0].text == requirement.code.as_str()) {
            row[4].text = if filled.ticked.contains(&row[2].text) { "Yes" } else { "" }.to_owned();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_workbook_that_was_not_touched_changes_nothing(
        (name, answers) in prop_oneof![Just("igt"), Just("ndg"), Just("outcomes")]
            .prop_flat_map(|name| (Just(name), returns(&edition(name))))
    ) {
        untouched(&edition(name), &answers);
    }

    #[test]
    fn what_is_filled_in_is_what_is_read(
        (name, answers) in prop_oneof![Just("igt"), Just("ndg"), Just("outcomes")]
            .prop_flat_map(|name| (Just(name), returns(&edition(name))))
    ) {
        filled_in(&edition(name), &answers);
    }
}

/// Every shipped edition at once, however few cases the properties look at.
#[test]
fn every_kind_of_requirement_goes_out_and_comes_back() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for name in ["igt", "ndg", "outcomes"] {
        let edition = edition(name);
        let answers = returns(&edition).new_tree(&mut runner).unwrap().current();
        untouched(&edition, &answers);
        filled_in(&edition, &answers);
    }
}

#[test]
fn a_text_too_long_for_a_cell_stays_what_it_is() {
    let edition = edition("igt");
    let long = "x".repeat(CELL_LIMIT + 1);
    let mut answers: Vec<Option<(Value, String, AnswerState)>> =
        edition.requirements().iter().map(|_| None).collect();
    answers[0] = Some((json!({"level": 1}), long.clone(), AnswerState::Confirmed));
    untouched(&edition, &answers);
    // The answer beside it can be changed all the same, and the text is kept.
    let stored = stored(&edition, &answers);
    let lines = lines(&edition, &stored);
    let mut book = book(&of(&edition), &lines, &[], MADE);
    book.sheets[1].rows[0][6].text = "2".to_owned();
    let plan = plan(&uploaded(&bytes(&book, Format::Ods)), &lines, &Earlier::new()).unwrap();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(plan.changes[0].new.comment, long);
}

/// The bounds of the performance table: generous here, where the build is not optimised and the machine is shared.
#[test]
fn a_workbook_is_made_and_read_soon_enough_even_unoptimised() {
    let edition = edition("outcomes");
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let answers = returns(&edition).new_tree(&mut runner).unwrap().current();
    let stored = stored(&edition, &answers);
    let lines = lines(&edition, &stored);
    for format in [Format::Xlsx, Format::Ods] {
        let begun = std::time::Instant::now();
        let bytes = bytes(&book(&of(&edition), &lines, &[], MADE), format);
        let made = begun.elapsed();
        let uploaded = uploaded(&bytes);
        plan(&uploaded, &lines, &Earlier::new()).unwrap();
        let read = begun.elapsed() - made;
        println!("{}: {} bytes, made in {made:?}, read in {read:?}", format.as_str(), bytes.len());
        assert!(made.as_secs() < 10 && read.as_secs() < 10);
    }
}
