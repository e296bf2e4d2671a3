//! Proposals for change: the list, the form that makes one, and what editors decide.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::platform::http::Fields;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::standards::editing::DraftHead;
use crate::standards::register::model::{ProposalKind, ProposalState, REASON_LIMIT};
use crate::standards::register::propose::NewProposal;
use crate::standards::register::store::Proposal;
use crate::standards::store::EditionRow;

/// A proposal as typed.
#[derive(Debug, Clone, Default)]
pub(in crate::standards::register) struct NewForm {
    pub edition: String,
    pub kind: String,
    pub code: String,
    pub text: String,
    pub reason: String,
}

impl NewForm {
    /// What the form says.
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self {
            edition: text("edition"),
            kind: text("kind"),
            code: text("code"),
            text: text("text"),
            reason: text("reason"),
        }
    }

    /// The proposal.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self) -> Result<NewProposal, FormErrors> {
        let mut errors = FormErrors::new();
        let kind = self.kind.parse::<ProposalKind>().ok();
        if kind.is_none() {
            errors.add("kind", "Select what you propose");
        }
        errors.into_result(kind.map(|kind| NewProposal {
            edition: self.edition.clone(),
            kind,
            code: self.code.clone(),
            text: self.text.clone(),
            reason: self.reason.clone(),
        }))
    }
}

#[derive(Debug, Serialize)]
struct Item {
    heading: String,
    tag: Tag,
    text: String,
    reason: String,
    answer: String,
    by: String,
    at: i64,
    decide_href: String,
    drafts: Vec<Choice>,
    draft: Field,
    why: Field,
}

/// The proposals.
#[derive(Debug, Serialize)]
pub(in crate::standards::register) struct ProposalsPage {
    errors: ErrorSummary,
    items: Vec<Item>,
    edition: Field,
    editions: Vec<Choice>,
    kind: Field,
    kinds: Vec<Choice>,
    code: Field,
    text: Field,
    reason: Field,
    limit: usize,
}

impl ProposalsPage {
    /// The page; whoever decides is offered the drafts of the same edition.
    pub fn new(
        proposals: &[Proposal],
        (editions, drafts): (&[EditionRow], &[DraftHead]),
        names: &BTreeMap<PersonId, String>,
        may_decide: bool,
        (form, errors): (&NewForm, &FormErrors),
    ) -> Self {
        let mut choices = vec![Choice::new("", "Select an edition")];
        choices.extend(
            editions.iter().map(|row| Choice::new(&row.key, format!("{} {}", row.standard_name, row.label))),
        );
        let kinds = ProposalKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.words())).collect();
        let field =
            |name: &str, label: &str, value: &str| Field::new(name, label).value(value).errors(errors);
        Self {
            errors: errors.summary(),
            items: proposals.iter().map(|one| item(one, editions, drafts, names, may_decide)).collect(),
            edition: field("edition", "About which edition?", &form.edition),
            editions: choices,
            kind: field("kind", "What do you propose?", &form.kind),
            kinds,
            code: field("code", "Code of the requirement", &form.code)
                .hint("For something new, the code that it would have"),
            text: field("text", "The question as you propose it", &form.text)
                .hint("Leave it empty where it would not be asked any more"),
            reason: field("reason", "Why?", &form.reason),
            limit: REASON_LIMIT,
        }
    }
}

fn item(
    one: &Proposal,
    editions: &[EditionRow],
    drafts: &[DraftHead],
    names: &BTreeMap<PersonId, String>,
    may_decide: bool,
) -> Item {
    let edition = editions.iter().find(|row| row.id == one.edition);
    let edition = edition.map(|row| format!("{} {}", row.standard_name, row.label)).unwrap_or_default();
    let colour = match one.state {
        ProposalState::Open => "yellow",
        ProposalState::Taken => "green",
        ProposalState::Declined => "grey",
    };
    let fitting = drafts.iter().filter(|head| head.base == Some(one.edition) && head.edition.is_none());
    let id = one.id;
    Item {
        heading: format!("{} {}: {}", edition, one.code, one.kind.words()),
        tag: Tag::new(one.state.words(), colour),
        text: one.text.clone(),
        reason: one.reason.clone(),
        answer: one.answer.clone(),
        by: one.proposed_by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| "The portal".to_owned()),
        at: one.proposed_at.micros(),
        decide_href: if may_decide && one.state == ProposalState::Open {
            format!("/standards/proposals/{id}")
        } else {
            String::new()
        },
        drafts: fitting
            .map(|head| Choice::new(head.id.to_string(), format!("{} ({})", head.label, head.key)))
            .collect(),
        draft: Field { id: format!("draft-{id}"), ..Field::new("draft", "Into which draft?") },
        why: Field { id: format!("answer-{id}"), ..Field::new("answer", "Why is it declined?") },
    }
}

impl Page for ProposalsPage {
    const TEMPLATE: &'static str = "standards/register/proposals.html";

    fn title(&self) -> String {
        "Proposals for change".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let names = BTreeMap::new();
        let bare =
            |errors: &FormErrors| Self::new(&[], (&[], &[]), &names, false, (&NewForm::default(), errors));
        let row = |id: &str, decide: &str, answer: &str| Item {
            heading: "Example standard 2026/27 1-101: Word it otherwise".to_owned(),
            tag: Tag::new("Open", "yellow"),
            text: "How far?".to_owned(),
            reason: "Nobody understands it.".to_owned(),
            answer: answer.to_owned(),
            by: "Rae Reviewer".to_owned(),
            at: 1_780_000_000_000_000,
            decide_href: decide.to_owned(),
            drafts: vec![Choice::new("1", "2027/28 (example-2027)")],
            draft: Field { id: format!("draft-{id}"), ..Field::new("draft", "Into which draft?") },
            why: Field { id: format!("answer-{id}"), ..Field::new("answer", "Why is it declined?") },
        };
        let mut errors = FormErrors::new();
        errors.add("kind", "Select what you propose");
        let items = vec![row("1", "/standards/proposals/1", ""), row("2", "", "It is asked elsewhere.")];
        vec![
            ("empty", bare(&FormErrors::new())),
            ("typical", Self { items, ..bare(&FormErrors::new()) }),
            ("error", bare(&errors)),
        ]
    }
}
