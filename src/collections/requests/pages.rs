//! Pages of requests for more time: the organisation's own, and the one on which the programme answers.

use serde::Serialize;

use super::forms::{AnswerForm, TimeForm};
use super::model::{RequestState, TimeRequest};
use crate::collections::Collection;
use crate::collections::pages::MomentField;
use crate::platform::clock::Timestamp;
use crate::platform::pages::{Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page, Tag};

fn tag(state: RequestState) -> Tag {
    let colour = match state {
        RequestState::Open => "blue",
        RequestState::Granted => "green",
        RequestState::Refused => "red",
        RequestState::Withdrawn => "grey",
    };
    Tag::new(state.words(), colour)
}

/// One request in a list.
#[derive(Debug, Serialize)]
pub struct RequestItem {
    /// Whose; empty in the organisation's own list.
    organisation: String,
    href: String,
    tag: Tag,
    until: i64,
    asked_at: i64,
    asked_by: String,
    reason: String,
    answer: String,
    /// Empty unless it can be taken back here and now.
    withdraw_href: String,
}

impl RequestItem {
    fn of(request: &TimeRequest) -> Self {
        Self {
            organisation: String::new(),
            href: String::new(),
            tag: tag(request.state),
            until: request.until.micros(),
            asked_at: request.asked_at.micros(),
            asked_by: request.asked_by.clone(),
            reason: request.reason.clone(),
            answer: request.answer.clone(),
            withdraw_href: String::new(),
        }
    }

    /// As the central team lists it.
    pub(in crate::collections) fn central(request: &TimeRequest, key: &str) -> Self {
        Self {
            organisation: format!("{} ({})", request.name, request.code),
            href: format!("/collections/{key}/requests/{}", request.id),
            ..Self::of(request)
        }
    }

    /// An example of one that waits.
    pub(in crate::collections) fn sample() -> Self {
        Self {
            organisation: "Example Trust (ZZ001)".to_owned(),
            href: "/collections/2026/requests/1".to_owned(),
            tag: tag(RequestState::Open),
            until: 1_790_000_000_000_000,
            asked_at: 1_780_000_000_000_000,
            asked_by: "Ada Example".to_owned(),
            reason: "The record system is being replaced.".to_owned(),
            answer: String::new(),
            withdraw_href: String::new(),
        }
    }
}

/// Asking for more time, and what was asked before.
#[derive(Debug, Serialize)]
pub struct MoreTimePage {
    organisation: String,
    collection: String,
    due_at: i64,
    errors: ErrorSummary,
    requests: Vec<RequestItem>,
    /// Empty when nothing can be asked here and now.
    ask_href: String,
    until: MomentField,
    reason: Field,
    return_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl MoreTimePage {
    /// The page of an organisation in a collection; who may not ask reads what was asked.
    #[must_use]
    pub(super) fn new(
        (code, organisation): (&str, &str),
        (collection, due_at): (&Collection, Timestamp),
        requests: &[TimeRequest],
        may_ask: bool,
        (form, errors): (&TimeForm, &FormErrors),
    ) -> Self {
        let return_href = format!("/organisations/{code}/returns/{}", collection.key);
        let here = format!("{return_href}/more-time");
        let waits = requests.iter().any(|request| request.state == RequestState::Open);
        let item = |request: &TimeRequest| {
            let back = may_ask && request.state == RequestState::Open;
            RequestItem {
                withdraw_href: if back { format!("{here}/{}/withdraw", request.id) } else { String::new() },
                ..RequestItem::of(request)
            }
        };
        Self {
            organisation: organisation.to_owned(),
            collection: collection.name.clone(),
            due_at: due_at.micros(),
            errors: errors.summary(),
            requests: requests.iter().map(item).collect(),
            ask_href: if may_ask && !waits { here } else { String::new() },
            until: MomentField::new(
                "until",
                "Until when do you need time?",
                "Time of day",
                &form.until,
                errors,
            ),
            reason: Field::new("reason", "Why do you need more time?")
                .hint("The central team reads it. It is kept for the record and never published.")
                .value(&form.reason)
                .errors(errors),
            way: vec![
                Link::new("Home", "/home"),
                Link::new(organisation, format!("/organisations/{code}")),
                Link::new(collection.name.clone(), return_href.clone()),
            ],
            return_href,
        }
    }
}

impl Page for MoreTimePage {
    const TEMPLATE: &'static str = "collections/more_time.html";

    fn title(&self) -> String {
        "More time for your return".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |requests, ask: bool, errors: &FormErrors| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            due_at: 1_780_000_000_000_000,
            errors: errors.summary(),
            requests,
            ask_href: if ask {
                "/organisations/ZZ001/returns/2026/more-time".to_owned()
            } else {
                String::new()
            },
            until: MomentField::new("until", "Until when?", "Time of day", &TimeForm::fresh().until, errors),
            reason: Field::new("reason", "Why do you need more time?").errors(errors),
            return_href: "/organisations/ZZ001/returns/2026".to_owned(),
            way: vec![Link::new("Home", "/home")],
        };
        let waiting = RequestItem {
            organisation: String::new(),
            href: String::new(),
            withdraw_href: "/organisations/ZZ001/returns/2026/more-time/1/withdraw".to_owned(),
            ..RequestItem::sample()
        };
        let refused = RequestItem {
            tag: tag(RequestState::Refused),
            answer: "The deadline is known since last year.".to_owned(),
            organisation: String::new(),
            href: String::new(),
            ..RequestItem::sample()
        };
        let mut errors = FormErrors::new();
        errors.add("reason", "Enter the reason for your request");
        vec![
            ("empty", page(Vec::new(), true, &FormErrors::new())),
            ("waiting", page(vec![waiting, refused], false, &FormErrors::new())),
            ("error", page(Vec::new(), true, &errors)),
        ]
    }
}

/// One request, to be answered.
#[derive(Debug, Serialize)]
pub struct RequestPage {
    organisation: String,
    tag: Tag,
    facts: Vec<Fact>,
    errors: ErrorSummary,
    /// Empty when it cannot be answered here and now.
    answer_href: String,
    decision: Field,
    choices: Vec<Choice>,
    until: MomentField,
    words: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl RequestPage {
    /// The page of a request.
    #[must_use]
    pub(super) fn new(
        collection: &Collection,
        request: &TimeRequest,
        due_at: Timestamp,
        may_answer: bool,
        (form, errors): (&AnswerForm, &FormErrors),
    ) -> Self {
        let href = format!("/collections/{}/requests/{}", collection.key, request.id);
        let mut facts = vec![
            Fact::new("Asks for time until", request.until.london_words()),
            Fact::new("Due now", due_at.london_words()),
            Fact::new("Reason", &request.reason),
            Fact::new("Asked by", format!("{}, {}", request.asked_by, request.asked_at.london_words())),
        ];
        if let Some(at) = request.answered_at {
            facts.push(Fact::new("Answered", at.london_words()));
        }
        if !request.answer.is_empty() {
            facts.push(Fact::new("Answer", &request.answer));
        }
        let open = may_answer && request.state == RequestState::Open;
        Self {
            organisation: format!("{} ({})", request.name, request.code),
            tag: tag(request.state),
            facts,
            errors: errors.summary(),
            answer_href: if open { href } else { String::new() },
            decision: Field::new("decision", "Do you give more time?").value(&form.decision).errors(errors),
            choices: choices(),
            until: MomentField::new("until", "Until when?", "Time of day", &form.until, errors),
            words: Field::new("words", "What do you tell the organisation?")
                .hint("It is sent by email. A refusal needs a reason.")
                .value(&form.words)
                .errors(errors),
            way: vec![
                Link::new("Home", "/home"),
                Link::new("Collections", "/collections"),
                Link::new(collection.name.clone(), format!("/collections/{}", collection.key)),
            ],
        }
    }
}

fn choices() -> Vec<Choice> {
    vec![Choice::new("grant", "Yes, until the time below"), Choice::new("refuse", "No")]
}

impl Page for RequestPage {
    const TEMPLATE: &'static str = "collections/request.html";

    fn title(&self) -> String {
        format!("Request for more time: {}", self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |state, open: bool, errors: &FormErrors| Self {
            organisation: "Example Trust (ZZ001)".to_owned(),
            tag: tag(state),
            facts: vec![Fact::new("Reason", "The record system is being replaced.")],
            errors: errors.summary(),
            answer_href: if open { "/collections/2026/requests/1".to_owned() } else { String::new() },
            decision: Field::new("decision", "Do you give more time?").errors(errors),
            choices: choices(),
            until: MomentField::new("until", "Until when?", "Time of day", &TimeForm::fresh().until, errors),
            words: Field::new("words", "What do you tell the organisation?").errors(errors),
            way: vec![Link::new("Home", "/home")],
        };
        let mut errors = FormErrors::new();
        errors.add("words", "Say why the request is refused");
        errors.add("decision", "Choose whether you give more time");
        vec![
            ("waiting", page(RequestState::Open, true, &FormErrors::new())),
            ("answered", page(RequestState::Withdrawn, false, &FormErrors::new())),
            ("error", page(RequestState::Open, true, &errors)),
        ]
    }
}
