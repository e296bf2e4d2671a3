//! Answers of a return, made up in every shape that one can have: of all kinds and states, not relevant with a reason,
//! only a comment, with several versions and files, in odd and in long texts.

use diesel::prelude::*;
use portal::platform::canonical::{sha256, to_string};
use portal::platform::db::Tx;
use portal::platform::error::Result;
use portal::platform::ids::{
    AnswerId, EvidenceId, OrganisationId, PersonId, PieceId, RequirementId, ReturnId,
};
use portal::returns::{self, AnswerState, Classification, ScanState, Which};
use portal::schema::{answer, answer_evidence, answer_version, evidence, evidence_piece};
use portal::standards::{AnswerValue, Indicator, ItemKind, OutcomeLevel, Requirement, RequirementKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::year::Trust;
use crate::support::{World, everybodys};

/// Texts that have gone wrong somewhere: both directions, joined and combined signs, what looks like markup, a formula, an
/// escape or the end of a string, and lines.
const ODD: [&str; 10] = [
    "שלום \u{202E}olleh\u{202C} مرحبا",
    "👩\u{200D}⚕\u{FE0F} 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "e\u{301} é Å \u{212B} ﬁ",
    "<script>alert('x')</script> & &amp; ]]>",
    "=1+1 @SUM(A1) -2",
    "\"quoted\" \\u0041 \\n {\"a\": [null]}",
    "One line.\nAnother.\n\n\tA third, with a tab.",
    "\u{FEFF}with a mark before and \u{2028} between",
    " outer spaces and\u{A0}a hard one ",
    "null",
];

/// A text that says something, of at most so many characters.
pub fn text(most: usize) -> BoxedStrategy<String> {
    let long = proptest::sample::select(vec!["é", "𝔘", "a b ", "long\n"]).prop_map(move |part: &str| {
        let times = most / part.chars().count();
        format!("{}x", part.repeat(times.saturating_sub(1)))
    });
    prop_oneof![
        5 => "\\PC{1,30}".prop_filter("says something", |text: &String| !text.trim().is_empty()),
        4 => proptest::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        2 => long,
    ]
    .boxed()
}

/// The same, or nothing.
pub fn text_or_none(most: usize) -> BoxedStrategy<String> {
    prop_oneof![1 => Just(String::new()), 3 => text(most)].boxed()
}

/// What is made up for one requirement.
#[derive(Debug, Clone)]
struct MadeUp {
    value: Option<Value>,
    comment: String,
    state: AnswerState,
    versions: i64,
    /// The name of each file, and whether its content is that of the file before it.
    files: Vec<(String, bool)>,
}

/// A value of any shape that the requirement takes.
fn value(asked: &Requirement) -> BoxedStrategy<Value> {
    let words = || proptest::option::of(text(20_000));
    let with_text = |name: &'static str| {
        (any::<bool>(), words()).prop_map(move |(yes, text)| json!({ name: yes, "text": text })).boxed()
    };
    match &asked.kind {
        RequirementKind::Level { descriptors, may_be_not_relevant, .. } => {
            let level = (0..descriptors.len(), words())
                .prop_map(|(level, text)| json!({"level": level, "text": text}))
                .boxed();
            if !may_be_not_relevant {
                return level;
            }
            let reason = text(20_000).prop_map(|reason| json!({"not_relevant": true, "reason": reason}));
            prop_oneof![1 => level, 2 => reason].boxed()
        }
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => text_or_none(20_000).prop_map(|text| json!({ "text": text })).boxed(),
            ItemKind::Date => (1..29_u8).prop_map(|day| json!({"date": format!("2026-02-{day:02}")})).boxed(),
            ItemKind::YesNo => with_text("yes_no"),
            ItemKind::Document => with_text("documents"),
            ItemKind::Confirmation => with_text("confirmed"),
        },
        RequirementKind::Outcome { achieved, partially_achieved, not_achieved, .. } => {
            let every: Vec<String> = [achieved, partially_achieved, not_achieved]
                .into_iter()
                .flatten()
                .map(|indicator: &Indicator| indicator.code.to_string())
                .collect();
            let most = every.len();
            let levels = [OutcomeLevel::Achieved, OutcomeLevel::PartiallyAchieved, OutcomeLevel::NotAchieved];
            let claim =
                proptest::option::weighted(0.8, (proptest::sample::select(levels.to_vec()), text(20_000)));
            (proptest::sample::subsequence(every, 0..=most), claim, words())
                .prop_map(|(ticked, claim, text)| {
                    let mut value = json!({"indicators": ticked, "text": text});
                    if let Some((level, why)) = claim {
                        value["override"] = json!({"level": level, "justification": why});
                    }
                    value
                })
                .boxed()
        }
    }
}

fn made_up(asked: &Requirement) -> impl Strategy<Value = Option<MadeUp>> + use<> {
    let asked = asked.clone();
    let value = proptest::option::weighted(0.9, value(&asked));
    let files = proptest::collection::vec((text(60), any::<bool>()), 0..4);
    let one =
        (value, text_or_none(50_000), proptest::sample::select(AnswerState::ALL.to_vec()), 1..4_i64, files)
            .prop_map(move |(value, comment, state, versions, files)| {
                // As it is stored once it was accepted.
                let value = value.map(|value| AnswerValue::parse(&asked, &value).unwrap().to_json());
                // Nothing is not finished.
                let is_unfinished = value.is_none() && state == AnswerState::Confirmed;
                let state = if is_unfinished { AnswerState::Draft } else { state };
                MadeUp { value, comment, state, versions, files }
            });
    proptest::option::weighted(0.95, one)
}

/// Puts made-up answers and files into a return; gives how many of which kind there are.
pub fn answered(world: &World, trust: &Trust, year: &str, runner: &mut TestRunner) -> Vec<&'static str> {
    let (whose, lead, key) = (trust.id, trust.lead, year.to_owned());
    let found = world.db().read_now(everybodys(), move |conn| returns::find(conn, Which::Of(whose, &key)));
    let found = found.unwrap().unwrap();
    let mut seen = Vec::new();
    let mut rows: Vec<(RequirementId, MadeUp)> = Vec::new();
    for requirement in found.edition.edition().requirements() {
        let id = found.edition.requirement_id(requirement.code.as_str()).unwrap();
        let Some(made) = made_up(requirement).new_tree(runner).unwrap().current() else { continue };
        seen.push(made.state.as_str());
        match &made.value {
            None => seen.push("only a comment"),
            Some(value) if value.get("reason").is_some() => seen.push("not relevant"),
            Some(value) if value.get("override").is_some() => seen.push("alternative control"),
            Some(_) => seen.push("a value"),
        }
        if !made.files.is_empty() {
            seen.push("files");
        }
        if made.comment.chars().count() > 10_000 {
            seen.push("long");
        }
        rows.push((id, made));
    }
    let (of, prefix) = (found.id, year.to_owned());
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            for (requirement, made) in rows {
                write(tx, (of, whose, requirement), &made, lead)?;
                attach(tx, (of, whose, requirement), (&prefix, &made.files), lead)?;
            }
            Ok(())
        })
        .unwrap();
    seen
}

fn write(
    tx: &mut Tx<'_>,
    (of, whose, requirement): (ReturnId, OrganisationId, RequirementId),
    made: &MadeUp,
    by: PersonId,
) -> Result<()> {
    let now = tx.now();
    let value = made.value.as_ref().map_or(Ok("null".to_owned()), to_string)?;
    let id: AnswerId = diesel::insert_into(answer::table)
        .values((
            answer::return_id.eq(of),
            answer::organisation_id.eq(whose),
            answer::requirement_id.eq(requirement),
            answer::value.eq(&value),
            answer::comment.eq(&made.comment),
            answer::state.eq(made.state),
            answer::version.eq(made.versions),
            answer::updated_at.eq(now),
            answer::updated_by.eq(Some(by)),
        ))
        .returning(answer::id)
        .get_result(tx.conn())?;
    for version in 1..=made.versions {
        diesel::insert_into(answer_version::table)
            .values((
                answer_version::answer_id.eq(id),
                answer_version::version.eq(version),
                answer_version::organisation_id.eq(whose),
                answer_version::value.eq(&value),
                answer_version::comment.eq(&made.comment),
                answer_version::state.eq(made.state.as_str()),
                answer_version::saved_at.eq(now),
                answer_version::saved_by.eq(Some(by)),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Each file is a piece of its own. Two may have the same content under different names.
fn attach(
    tx: &mut Tx<'_>,
    (of, whose, requirement): (ReturnId, OrganisationId, RequirementId),
    (prefix, files): (&str, &[(String, bool)]),
    by: PersonId,
) -> Result<()> {
    let now = tx.now();
    let mut content = String::new();
    for (place, (name, is_same)) in files.iter().enumerate() {
        let name = format!("{prefix}-{requirement}-{place} {name}");
        if content.is_empty() || !is_same {
            content.clone_from(&name);
        }
        let piece: PieceId = diesel::insert_into(evidence_piece::table)
            .values((
                evidence_piece::organisation_id.eq(whose),
                evidence_piece::title.eq(&name),
                evidence_piece::search.eq(""),
                evidence_piece::classification.eq(Classification::Official),
                evidence_piece::created_at.eq(now),
            ))
            .returning(evidence_piece::id)
            .get_result(tx.conn())?;
        let file: EvidenceId = diesel::insert_into(evidence::table)
            .values((
                evidence::organisation_id.eq(whose),
                evidence::piece_id.eq(piece),
                evidence::number.eq(1_i64),
                evidence::file_name.eq(&name),
                evidence::media_type.eq("text/plain"),
                evidence::size_bytes.eq(i64::try_from(content.len()).unwrap()),
                evidence::sha256.eq(&sha256(content.as_bytes())[..]),
                evidence::scan.eq(ScanState::NotScanned),
                evidence::uploaded_by.eq(Some(by)),
                evidence::uploaded_at.eq(now),
            ))
            .returning(evidence::id)
            .get_result(tx.conn())?;
        diesel::insert_into(answer_evidence::table)
            .values((
                answer_evidence::return_id.eq(of),
                answer_evidence::requirement_id.eq(requirement),
                answer_evidence::evidence_id.eq(file),
                answer_evidence::organisation_id.eq(whose),
                answer_evidence::linked_at.eq(now),
                answer_evidence::linked_by.eq(Some(by)),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
