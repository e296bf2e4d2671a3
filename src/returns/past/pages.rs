//! "What happened": who did what in a return, and when.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::store::Happened;
use crate::platform::ids::{PersonId, RequirementId};
use crate::platform::pages::{Link, Page, Pagination};
use crate::returns::model::{AnswerState, ReturnState};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::question_href;
use crate::returns::store::Found;

/// Things listed on one page.
pub(super) const PAGE_SIZE: i64 = 50;

/// One thing that somebody did.
#[derive(Debug, Serialize)]
pub struct Deed {
    at: i64,
    who: String,
    what: String,
    /// The requirement it was done to; empty for the return as a whole.
    about: String,
    href: String,
}

/// What happened.
#[derive(Debug, Serialize)]
pub struct ActivityPage {
    organisation: String,
    collection: String,
    total: i64,
    deeds: Vec<Deed>,
    pages: Pagination,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ActivityPage {
    /// One page of what happened; `names` are those of the organisation's own people.
    #[must_use]
    pub(super) fn new(
        found: &Found,
        (total, happened): (i64, &[Happened]),
        names: &BTreeMap<PersonId, String>,
        (page, href): (u64, &str),
    ) -> Self {
        let size = PAGE_SIZE.unsigned_abs();
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            total,
            deeds: happened.iter().map(|one| deed(found, one, names)).collect(),
            pages: Pagination::new(page, total.unsigned_abs(), size, |number| {
                format!("{href}?page={number}")
            }),
            way: way_of(found),
        }
    }
}

fn deed(found: &Found, happened: &Happened, names: &BTreeMap<PersonId, String>) -> Deed {
    let body: Value = serde_json::from_str(&happened.note).unwrap_or_default();
    let data = body.get("data").unwrap_or(&Value::Null);
    let named = data.get("requirement").and_then(Value::as_i64).map(RequirementId::new);
    let requirement = happened
        .requirement
        .or(named)
        .and_then(|id| found.edition.position_of(id))
        .and_then(|position| found.edition.edition().requirements().get(position));
    let who = match happened.who {
        None => "The system".to_owned(),
        Some(person) => names.get(&person).cloned().unwrap_or_else(|| "The central team".to_owned()),
    };
    Deed {
        at: happened.moment.micros(),
        who,
        what: words(happened, data, names),
        about: requirement.map(|asked| format!("{} {}", asked.code, asked.title)).unwrap_or_default(),
        href: requirement
            .map(|asked| question_href(&found.code, &found.collection.key, asked.code.as_str()))
            .unwrap_or_default(),
    }
}

fn words(happened: &Happened, data: &Value, names: &BTreeMap<PersonId, String>) -> String {
    let number = happened.number;
    match happened.what.as_str() {
        "saved" => match happened.note.parse::<AnswerState>() {
            Ok(AnswerState::Confirmed) => format!("completed the answer (version {number})"),
            _ => format!("saved the answer for later (version {number})"),
        },
        "attached" => "attached a file".to_owned(),
        "submitted" => format!("submitted the return (number {number})"),
        "return_started" => "started the return".to_owned(),
        "return_ready" => "marked the return ready to be signed".to_owned(),
        "return_back_to_draft" => "took the return back to draft".to_owned(),
        "return_signed" => "signed the return".to_owned(),
        "return_reopened" => "took the submitted return up again".to_owned(),
        "return_moved" => {
            let to = data.get("to").and_then(Value::as_str).and_then(|to| to.parse::<ReturnState>().ok());
            format!("moved the return on: {}", to.map_or("", ReturnState::words).to_lowercase())
        }
        "work_shared_out" => shared_out(data, names),
        "mapping_taken_over" => "took over what a newer version of the mapping carries".to_owned(),
        "requirement_discussed" => "wrote in the discussion".to_owned(),
        "comment_withdrawn" => "withdrew a comment".to_owned(),
        other => other.replace('_', " "),
    }
}

fn shared_out(data: &Value, names: &BTreeMap<PersonId, String>) -> String {
    let count = data.get("requirements").and_then(Value::as_array).map_or(0, Vec::len);
    let what = if count == 1 { "1 requirement".to_owned() } else { format!("{count} requirements") };
    match owner_of(data) {
        None => format!("took back {what}"),
        Some(owner) => {
            let name = names.get(&owner).map_or("a colleague", String::as_str);
            format!("gave {what} to {name}")
        }
    }
}

fn owner_of(data: &Value) -> Option<PersonId> {
    data.get("owner").and_then(Value::as_i64).map(PersonId::new)
}

/// Everybody whose name a page of what happened may need.
pub(super) fn people_in(happened: &[Happened]) -> Vec<PersonId> {
    let owner = |one: &Happened| {
        let body: Value = serde_json::from_str(&one.note).unwrap_or_default();
        body.get("data").and_then(owner_of)
    };
    let mut people: Vec<PersonId> = happened.iter().filter_map(|one| one.who).collect();
    people.extend(happened.iter().filter(|one| one.what == "work_shared_out").filter_map(owner));
    people.sort_unstable();
    people.dedup();
    people
}

impl Page for ActivityPage {
    const TEMPLATE: &'static str = "returns/past/activity.html";

    fn title(&self) -> String {
        format!("What happened: {}, {}", self.collection, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |deeds: Vec<Deed>, total: i64| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            total,
            deeds,
            pages: Pagination::new(1, total.unsigned_abs(), PAGE_SIZE.unsigned_abs(), |page| {
                format!("?page={page}")
            }),
            way: sample_way(),
        };
        let deed = |about: &str| Deed {
            at: 1_780_000_000_000_000,
            who: "Ada Example".to_owned(),
            what: "completed the answer (version 2)".to_owned(),
            about: about.to_owned(),
            href: if about.is_empty() { String::new() } else { question_href("ZZ001", "2026", "1-101") },
        };
        vec![("empty", page(Vec::new(), 0)), ("typical", page(vec![deed("1-101 Framework"), deed("")], 120))]
    }
}
