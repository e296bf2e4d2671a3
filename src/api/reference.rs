//! The description for machines, `/api/openapi.json`, and the same for people, `/api`.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;

use super::cached::public;
use super::document::document;
use super::problem::Answer;
use super::reading::{NoQuery, query};
use crate::platform::error::{Error, Result};
use crate::platform::http::page;
use crate::platform::pages::{Page, PageCheck, PagesError, words};

/// Methods in the order in which people think of them.
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// A name with its explanation.
#[derive(Debug, Serialize)]
pub struct Line {
    name: String,
    text: String,
}

/// One call.
#[derive(Debug, Serialize)]
pub struct Call {
    id: String,
    method: String,
    path: String,
    summary: String,
    about: String,
    needs_token: bool,
    parameters: Vec<Line>,
    body: String,
    answers: Vec<Line>,
}

/// Calls about one thing.
#[derive(Debug, Serialize)]
pub struct Group {
    heading: String,
    about: String,
    calls: Vec<Call>,
}

/// Every call, for people.
#[derive(Debug, Serialize)]
pub struct ReferencePage {
    about: String,
    groups: Vec<Group>,
}

impl Page for ReferencePage {
    const TEMPLATE: &'static str = "api/reference.html";

    fn title(&self) -> String {
        "Interface for programs".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let line = || vec![Line { name: "name".to_owned(), text: "What it is".to_owned() }];
        let call = |id: &str, needs_token: bool| Call {
            id: id.to_owned(),
            method: "GET".to_owned(),
            path: "/api/v1/things/{thing}".to_owned(),
            summary: "Read a thing".to_owned(),
            about: "All of it.".to_owned(),
            needs_token,
            parameters: line(),
            body: "Thing".to_owned(),
            answers: line(),
        };
        let group = Group {
            heading: "Things".to_owned(),
            about: "What there is".to_owned(),
            calls: vec![call("read_thing", true), call("read_another", false)],
        };
        vec![
            ("empty", Self { about: "An interface.".to_owned(), groups: Vec::new() }),
            ("typical", Self { about: "An interface.".to_owned(), groups: vec![group] }),
        ]
    }
}

/// Read this description
///
/// The OpenAPI document of the interface.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "document", operation_id = "read_description",
    responses((status = 200, description = "The description", body = Object)),
)]
pub async fn openapi(request: HttpRequest) -> Answer {
    query::<NoQuery>(&request)?;
    public(&request, document())
}

/// `GET /api`: the calls for people to read.
pub async fn reference(request: HttpRequest) -> Result<HttpResponse> {
    let value = serde_json::to_value(document())
        .map_err(|e| Error::internal("failed to read the description of the interface", e))?;
    page(&request, &reference_page(&value))
}

/// The checks of this capability's page.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<ReferencePage>()?])
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn reference_page(document: &Value) -> ReferencePage {
    let group = |tag: &Value| Group {
        heading: words::capitalised(&text(tag.get("name"))),
        about: text(tag.get("description")),
        calls: calls(document, &text(tag.get("name"))),
    };
    ReferencePage {
        about: text(document.pointer("/info/description")),
        groups: list(document.get("tags")).iter().map(group).collect(),
    }
}

fn calls(document: &Value, tag: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    for (path, item) in entries(document.get("paths")) {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            if list(operation.get("tags")).iter().any(|named| named == tag) {
                calls.push(call(method, path, operation));
            }
        }
    }
    calls
}

fn call(method: &str, path: &str, operation: &Value) -> Call {
    let parameter = |parameter: &Value| {
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let place = text(parameter.get("in"));
        let need = if required { "required" } else { "optional" };
        Line {
            name: format!("{} ({place}, {need})", text(parameter.get("name"))),
            text: text(parameter.get("description")),
        }
    };
    let schema = operation.pointer("/requestBody/content/application~1json/schema/$ref");
    Call {
        id: text(operation.get("operationId")),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(operation.get("summary")),
        about: text(operation.get("description")),
        needs_token: operation.get("security").is_some(),
        parameters: list(operation.get("parameters")).iter().map(parameter).collect(),
        body: text(schema).rsplit('/').next().unwrap_or_default().to_owned(),
        answers: entries(operation.get("responses"))
            .map(|(status, answer)| Line { name: status.clone(), text: text(answer.get("description")) })
            .collect(),
    }
}
