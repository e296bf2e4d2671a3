//! The question page: one requirement with its form, its comment and its files, for every kind of answer.

use serde::Serialize;

use super::controls::{Controls, controls};
use super::{Circumstance, Tag};
use crate::platform::clock::Day;
use crate::platform::pages::{ErrorSummary, FormErrors, Link, Page};
use crate::returns::answer_form::AnswerForm;
use crate::returns::editions::Since;
use crate::returns::editions::pages::BesideEdition;
use crate::returns::guidance::BesideGuidance;
use crate::returns::library::AttachedBlock;
use crate::returns::model::{AnswerState, StoredAnswer};
use crate::returns::readiness::question_href;
use crate::returns::sharing::Sight;
use crate::returns::sharing::pages::BesideQuestion;
use crate::returns::store::{Attached, Found};
use crate::returns::words::{computed_outcome, words};
use crate::standards::guidance::InForce;
use crate::standards::register::StageRow;
use crate::standards::{AnswerValue, Asked, OutcomeLevel, Requirement, RequirementKind};

/// The question before or after, as `pagination` takes it; empty at the ends.
#[derive(Debug, Default, Serialize)]
pub struct Neighbour {
    #[serde(skip_serializing_if = "String::is_empty")]
    href: String,
    label: String,
}

/// One requirement with its answer.
#[derive(Debug, Serialize)]
pub struct QuestionPage {
    code: String,
    heading: String,
    section: String,
    text: String,
    guidance: String,
    optional: bool,
    expected: String,
    position: usize,
    count: usize,
    errors: ErrorSummary,
    tag: Option<Tag>,
    carried: bool,
    /// Exemption or plan.
    circumstance: Circumstance,
    /// The stored answer in words.
    said: Vec<String>,
    said_comment: String,
    computed: String,
    saved_by: String,
    saved_at: Option<i64>,
    form: Option<Controls>,
    evidence: AttachedBlock,
    history_href: String,
    overview_href: String,
    /// What still blocks the return; empty for whoever sees a part of it.
    trial_href: String,
    previous: Neighbour,
    next: Neighbour,
    sharing: BesideQuestion,
    /// What changed since the edition before.
    before: BesideEdition,
    /// Guidance that has come into force since.
    notes: BesideGuidance,
    /// From which year it is asked no more, and why; empty where it stays.
    retiring: String,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What a question page is made of.
#[derive(Debug)]
pub struct Question<'a> {
    /// The return.
    pub found: &'a Found,
    /// What is asked.
    pub requirement: &'a Requirement,
    /// Whether it counts.
    pub asked: Asked,
    /// The stored answer.
    pub answer: Option<&'a StoredAnswer>,
    /// Its value.
    pub value: Option<&'a AnswerValue>,
    /// Its files.
    pub files: &'a [Attached],
    /// Who saved it last.
    pub saved_by: String,
    /// Whether this person may change it now.
    pub may_save: bool,
    /// The largest file that is taken, in MB.
    pub largest: u64,
    /// What this person sees of the return.
    pub sight: &'a Sight,
    /// Who was given it, and its discussion.
    pub sharing: BesideQuestion,
    /// Exemption or plan.
    pub circumstance: Circumstance,
    /// The day that decides what is out of date.
    pub today: Day,
    /// What is known of the edition before.
    pub since: &'a Since,
    /// Guidance that has come into force, to the requirement and to its section.
    pub guidance: &'a [Option<InForce>; 2],
    /// That it will be asked no more.
    pub retiring: Option<&'a StageRow>,
}

impl QuestionPage {
    /// The page of a question; `form` is what was typed, or what is stored.
    #[must_use]
    pub(in crate::returns) fn new(question: Question<'_>, form: &AnswerForm, errors: &FormErrors) -> Self {
        let Question { found, requirement, asked, answer, value, files, .. } = question;
        let edition = found.edition.edition();
        let href = question_href(&found.code, &found.collection.key, requirement.code.as_str());
        let (position, count, previous, next) = neighbours(found, question.sight, requirement);
        let computed = match value {
            Some(AnswerValue::Outcome { indicators, .. }) => computed_outcome(requirement, indicators),
            _ => None,
        };
        let block = AttachedBlock::new(
            (&found.code, &href),
            files,
            question.may_save,
            (question.largest, question.today),
            errors,
        );
        Self {
            code: requirement.code.to_string(),
            heading: requirement.title.clone(),
            section: edition
                .section(requirement.section.as_str())
                .map_or_else(String::new, |section| format!("{} {}", section.code, section.title)),
            text: requirement.text.clone(),
            // A note takes the place of what the edition itself says.
            guidance: match question.guidance {
                [Some(_), _] => String::new(),
                _ => requirement.guidance.clone().unwrap_or_default(),
            },
            optional: asked == Asked::Optional,
            expected: expected(found, requirement),
            position,
            count,
            errors: errors.summary(),
            tag: answer.map(|answer| answer.state.into()),
            carried: answer.is_some_and(|answer| answer.state == AnswerState::ToConfirm),
            circumstance: question.circumstance.clone(),
            said: value.map(|value| words(requirement, value)).unwrap_or_default(),
            said_comment: answer.map(|answer| answer.comment.clone()).unwrap_or_default(),
            computed: computed.map_or("", OutcomeLevel::label).to_owned(),
            saved_by: question.saved_by,
            saved_at: answer.map(|answer| answer.updated_at.micros()),
            form: question.may_save.then(|| controls(requirement, form, errors)),
            evidence: if question.sight.is_whole() { block } else { block.without_library() },
            history_href: answer.map(|_| format!("{href}/history")).unwrap_or_default(),
            overview_href: crate::returns::return_href(&found.code, &found.collection.key),
            trial_href: if question.sight.is_whole() {
                format!("{}/trial", crate::returns::return_href(&found.code, &found.collection.key))
            } else {
                String::new()
            },
            previous,
            next,
            sharing: question.sharing,
            before: BesideEdition::new(
                found,
                requirement,
                (asked, answer),
                question.since,
                (question.sight.is_whole(), question.may_save),
            ),
            notes: BesideGuidance::new(found, requirement, question.guidance),
            retiring: question.retiring.map(StageRow::words).unwrap_or_default(),
            way: super::way_of(found),
        }
    }
}

/// The place among the requirements that are put to this organisation and that this person sees, and the ones before
/// and after.
fn neighbours(
    found: &Found,
    sight: &Sight,
    requirement: &Requirement,
) -> (usize, usize, Neighbour, Neighbour) {
    let edition = found.edition.edition();
    // A profile that cannot be read would have failed before; without one everything is listed.
    let profile = found.profile_key().unwrap_or_default();
    let asked = edition.asked_of(found.sector, profile.as_ref());
    let put: Vec<&Requirement> = edition
        .requirements()
        .iter()
        .zip(found.edition.requirement_ids().iter())
        .zip(asked)
        .filter(|((_, id), asked)| *asked != Asked::NotAsked && sight.shows(**id))
        .map(|((requirement, _), _)| requirement)
        .collect();
    let place = put.iter().position(|other| other.code == requirement.code).unwrap_or_default();
    let link = |place: Option<usize>| {
        place.and_then(|place| put.get(place)).map_or_else(Neighbour::default, |other| Neighbour {
            label: format!("{} {}", other.code, other.title),
            href: question_href(&found.code, &found.collection.key, other.code.as_str()),
        })
    };
    (place + 1, put.len(), link(place.checked_sub(1)), link(place.checked_add(1)))
}

fn expected(found: &Found, requirement: &Requirement) -> String {
    let key = found.profile.as_str();
    match &requirement.kind {
        RequirementKind::Level { expected, .. } => expected.get(key).map_or_else(String::new, |level| {
            format!("Level {level} is expected of organisations like yours.")
        }),
        RequirementKind::Outcome { expected, .. } => expected.get(key).map_or_else(String::new, |level| {
            format!("At least \"{}\" is expected of organisations like yours.", level.label())
        }),
        RequirementKind::Item { .. } => String::new(),
    }
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "returns/question.html";

    fn title(&self) -> String {
        format!("{} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        samples::all()
    }
}

mod samples {
    //! Examples of every kind of question.

    use super::super::controls::Controls;
    use super::{
        AttachedBlock, BesideEdition, BesideGuidance, BesideQuestion, Circumstance, Neighbour, QuestionPage,
    };
    use crate::platform::pages::FormErrors;
    use crate::returns::model::AnswerState;

    pub(super) fn all() -> Vec<(&'static str, QuestionPage)> {
        let mut errors = FormErrors::new();
        errors.add("choice", "Choose a level");
        errors.add("file", "The file is larger than 50 MB.");
        let none = FormErrors::new();
        let level = Controls::example("level", &none);
        vec![
            ("empty", page(Some(level), &none)),
            ("error", page(Some(Controls::example("level", &errors)), &errors)),
            ("text", page(Some(Controls::example("text", &none)), &none)),
            ("date", page(Some(Controls::example("date", &none)), &none)),
            ("choice", page(Some(Controls::example("choice", &none)), &none)),
            ("outcome", answered(page(Some(Controls::example("outcome", &none)), &none))),
            ("to read", answered(page(None, &none))),
        ]
    }

    fn answered(mut page: QuestionPage) -> QuestionPage {
        page.tag = Some(AnswerState::ToConfirm.into());
        page.carried = true;
        let [_, circumstance] = Circumstance::samples();
        page.circumstance = circumstance;
        let [_, before] = BesideEdition::samples();
        page.before = before;
        page.notes = BesideGuidance::sample();
        page.retiring = "It will not be asked from 2028/29: it is covered elsewhere.".to_owned();
        page.said = vec!["Achieved".to_owned(), "Ticked: A1.a.A1".to_owned()];
        page.said_comment = "See the board's minutes.".to_owned();
        page.computed = "Achieved".to_owned();
        page.saved_by = "Ada Example".to_owned();
        page.saved_at = Some(1_780_000_000_000_000);
        page.optional = true;
        page.evidence = AttachedBlock::sample(page.form.is_some(), true, &FormErrors::new());
        page.history_href = "/history".to_owned();
        page
    }

    fn page(form: Option<Controls>, errors: &FormErrors) -> QuestionPage {
        QuestionPage {
            code: "1-101".to_owned(),
            heading: "Framework".to_owned(),
            section: "1 Leadership".to_owned(),
            text: "How far?".to_owned(),
            guidance: "Look for decisions.".to_owned(),
            optional: false,
            expected: "Level 2 is expected of organisations like yours.".to_owned(),
            position: 1,
            count: 45,
            errors: errors.summary(),
            tag: None,
            carried: false,
            circumstance: Circumstance::default(),
            said: Vec::new(),
            said_comment: String::new(),
            computed: String::new(),
            saved_by: String::new(),
            saved_at: None,
            evidence: AttachedBlock::sample(form.is_some(), false, errors),
            form,
            history_href: String::new(),
            overview_href: "/organisations/ZZ001/returns/2026".to_owned(),
            trial_href: "/organisations/ZZ001/returns/2026/trial".to_owned(),
            previous: Neighbour::default(),
            next: Neighbour { label: "1-102 Next".to_owned(), href: "/next".to_owned() },
            sharing: BesideQuestion::sample("Ada Example, by 3 May 2026", 2),
            before: BesideEdition::default(),
            notes: BesideGuidance::default(),
            retiring: String::new(),
            way: super::super::sample_way(),
        }
    }
}
