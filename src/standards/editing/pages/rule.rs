//! The form of one of a draft's rules: its controls in order, whichever rule it is.

use serde::Serialize;

use super::{named, sample_way, way_to};
use crate::platform::pages::{Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page};
use crate::standards::editing::draft_href;
use crate::standards::editing::model::Content;
use crate::standards::editing::rule_forms::{
    ExemptionForm, PlanForm, ScoringForm, SignerForm, StatementsForm,
};
use crate::standards::editing::store::Draft;
use crate::standards::keys::SectorKey;
use crate::standards::model::{Scheme, SignerRole};

/// One control.
#[derive(Debug, Serialize)]
struct Control {
    /// `line`, `words`, `one`, `some` or `day`.
    kind: &'static str,
    field: Field,
    day: DateField,
    choices: Vec<Choice>,
}

impl Control {
    fn of(kind: &'static str, field: Field, choices: Vec<Choice>) -> Self {
        Self { kind, field, day: DateField::default(), choices }
    }

    fn line(field: Field) -> Self {
        Self::of("line", field, Vec::new())
    }

    fn words(field: Field) -> Self {
        Self::of("words", field, Vec::new())
    }

    fn day(day: DateField) -> Self {
        Self { kind: "day", field: Field::default(), day, choices: Vec::new() }
    }

    fn yes_no(field: Field, yes: &str, no: &str) -> Self {
        Self::of("one", field, vec![Choice::new("yes", yes), Choice::new("no", no)])
    }
}

/// The form of one rule.
#[derive(Debug, Serialize)]
pub(in crate::standards::editing) struct RulePage {
    heading: String,
    errors: ErrorSummary,
    href: String,
    list_href: String,
    remove_href: String,
    version: String,
    /// The code of an exemption rule that is there; empty for everything else.
    was: String,
    controls: Vec<Control>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl RulePage {
    fn with(
        draft: &Draft,
        (heading, address): (String, &str),
        controls: Vec<Control>,
        errors: &FormErrors,
    ) -> Self {
        let href = draft_href(draft.head.id);
        Self {
            heading,
            errors: errors.summary(),
            href: format!("{href}{address}"),
            list_href: format!("{href}/rules"),
            remove_href: String::new(),
            version: draft.head.version.to_string(),
            was: String::new(),
            controls,
            way: way_to(&draft.head),
        }
    }

    /// An exemption rule at this place of the list, or one to be where `was` is empty.
    pub fn exemption(
        draft: &Draft,
        (place, was): (&str, &str),
        form: &ExemptionForm,
        errors: &FormErrors,
    ) -> Self {
        let content = &draft.content;
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let controls = vec![
            Control::line(field("code", "Code", &form.code).hint("Quoted in explanations, such as cep")),
            Control::line(
                field("certificate", "Kind of certificate", &form.certificate)
                    .hint("Its key, such as cyber_essentials_plus or iso_27001"),
            ),
            Control::yes_no(
                field(
                    "whole_scope",
                    "Must the certificate cover all processing of health and care data?",
                    &form.whole_scope,
                ),
                "Yes, all of it",
                "No, any scope is enough",
            ),
            Control::day(form.from.field("from", "First day on which the rule is in force", errors)),
            Control::day(form.until.field("until", "Last day on which it is in force (optional)", errors)),
            Control::words(field("reason", "Why does the certificate cover them?", &form.reason)),
            requirements(content, "Which requirements does it cover?", &form.requirements, errors),
        ];
        let heading =
            if was.is_empty() { "Add an exemption rule".to_owned() } else { format!("Exemption {was}") };
        let page = Self::with(draft, (heading, &format!("/exemptions/{place}")), controls, errors);
        let remove_href = if was.is_empty() { String::new() } else { format!("{}/remove", page.href) };
        Self { was: was.to_owned(), remove_href, ..page }
    }

    /// The data of the scoring scheme.
    pub fn scoring(draft: &Draft, form: &ScoringForm, errors: &FormErrors) -> Self {
        let content = &draft.content;
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let controls = match &content.parts.scheme {
            Scheme::Levels(_) => vec![
                Control::line(field("max_level", "Highest level", &form.max_level).hint("From 1 to 9")),
                Control::line(
                    field("satisfactory_level", "Level that is satisfactory", &form.satisfactory_level)
                        .hint("Every relevant requirement must reach it"),
                ),
                Control::words(field("bands", "Words for the percentage (optional)", &form.bands).hint(
                    "One on each line, with the percentage below which it holds, such as red 40; the last without one",
                )),
            ],
            Scheme::Assertions(_) => vec![
                Control::of(
                    "some",
                    field("approaching", "Which organisations approach the standards only by an approved plan?", ""),
                    sectors(&form.approaching),
                ),
                Control::line(
                    field("exceeded", "Certificate that exceeds the standards (optional)", &form.exceeded)
                        .hint("Its key, such as cyber_essentials_plus; empty where nothing exceeds them"),
                ),
                requirements(
                    content,
                    "Which items must a small organisation have complete to approach the standards?",
                    &form.small_subset,
                    errors,
                ),
            ],
            Scheme::Outcomes {} => Vec::new(),
        };
        Self::with(draft, ("Scoring".to_owned(), "/scoring"), controls, errors)
    }

    /// The rules of improvement plans.
    pub fn plans(draft: &Draft, form: &PlanForm, errors: &FormErrors) -> Self {
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        let controls = vec![
            Control::yes_no(
                field("own", "Which rules hold?", &form.own),
                "Rules of this edition, as follows",
                "The usual ones of the scheme",
            ),
            Control::line(
                field(
                    "due_months",
                    "Months after the deadline by which everything must be done",
                    &form.due_months,
                )
                .hint("From 1 to 36"),
            ),
            Control::yes_no(
                field(
                    "covers_gaps",
                    "May a gap that a signed plan covers be left unanswered?",
                    &form.covers_gaps,
                ),
                "Yes",
                "No",
            ),
        ];
        Self::with(draft, ("Improvement plans".to_owned(), "/plans"), controls, errors)
    }

    /// What a role signs for.
    pub fn signer(draft: &Draft, role: SignerRole, form: &SignerForm, errors: &FormErrors) -> Self {
        let content = &draft.content;
        let field = |name: &str, label: &str| Field::new(name, label).errors(errors);
        let section = |section: &crate::standards::model::Section| {
            let is_on = form.sections.iter().any(|code| code == section.code.as_str());
            Choice::new(section.code.as_str(), format!("{} {}", section.code, section.title)).checked(is_on)
        };
        let mut controls = vec![Control::yes_no(
            field("signs", "Does this role sign, besides the senior information risk owner?")
                .value(&form.signs),
            "Yes, for the following",
            "No",
        )];
        if !content.parts.sections.is_empty() {
            let sections = content.parts.sections.iter().map(section).collect();
            let label = field("sections", "Which sections, each with everything inside it?");
            controls.push(Control::of("some", label, sections));
        }
        controls.push(requirements(content, "Which requirements besides?", &form.requirements, errors));
        let label = field("sectors", "For which organisations?").hint("For every kind where none is ticked");
        controls.push(Control::of("some", label, sectors(&form.sectors)));
        let heading = format!("What is signed for: {}", role.label());
        Self::with(draft, (heading, &format!("/signers/{}", role.as_str())), controls, errors)
    }

    /// What signers state.
    pub fn statements(draft: &Draft, form: &StatementsForm, errors: &FormErrors) -> Self {
        let field = |name: &str, label: &str, value: &str| {
            Control::words(
                Field::new(name, label)
                    .hint("Leave it empty for the portal's own words. The name, kind and profile of the organisation follow")
                    .value(value)
                    .errors(errors),
            )
        };
        let controls = vec![
            field("siro", "Senior information risk owner", &form.siro),
            field("caldicott_guardian", SignerRole::CaldicottGuardian.label(), &form.caldicott_guardian),
            field("dpo", SignerRole::Dpo.label(), &form.dpo),
        ];
        Self::with(draft, ("What signers state".to_owned(), "/statements"), controls, errors)
    }
}

fn requirements(content: &Content, label: &str, ticked: &[String], errors: &FormErrors) -> Control {
    let choice = |requirement: &crate::standards::model::Requirement| {
        let is_on = ticked.iter().any(|code| code == requirement.code.as_str());
        Choice::new(requirement.code.as_str(), named(requirement)).checked(is_on)
    };
    let choices: Vec<Choice> = content.parts.requirements.iter().map(choice).collect();
    let hint = if choices.is_empty() { "There are no requirements yet" } else { "" };
    Control::of("some", Field::new("requirements", label).hint(hint).errors(errors), choices)
}

fn sectors(ticked: &[String]) -> Vec<Choice> {
    let choice = |sector: SectorKey| {
        let is_on = ticked.iter().any(|key| key == sector.as_str());
        Choice::new(sector.as_str(), sector.label()).checked(is_on)
    };
    SectorKey::all().map(choice).collect()
}

impl Page for RulePage {
    const TEMPLATE: &'static str = "standards/editing/rule.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |was: &str, errors: &FormErrors| Self {
            heading: "Exemption cep".to_owned(),
            errors: errors.summary(),
            href: "/standards/drafts/1/exemptions/0".to_owned(),
            list_href: "/standards/drafts/1/rules".to_owned(),
            remove_href: if was.is_empty() {
                String::new()
            } else {
                "/standards/drafts/1/exemptions/0/remove".to_owned()
            },
            version: "3".to_owned(),
            was: was.to_owned(),
            controls: vec![
                Control::line(Field::new("code", "Code").hint("Quoted").value("cep").errors(errors)),
                Control::yes_no(
                    Field::new("whole_scope", "Must it cover everything?").value("no"),
                    "Yes",
                    "No",
                ),
                Control::day(DateField::new("from", "First day")),
                Control::words(Field::new("reason", "Why?")),
                Control::of(
                    "some",
                    Field::new("requirements", "Which requirements?"),
                    vec![Choice::new("1-101", "1-101 Framework").checked(true)],
                ),
            ],
            way: sample_way(),
        };
        let mut errors = FormErrors::new();
        errors.add("code", "Enter a code, which explanations quote");
        vec![
            ("new", page("", &FormErrors::new())),
            ("typical", page("cep", &FormErrors::new())),
            ("error", page("cep", &errors)),
        ]
    }
}
