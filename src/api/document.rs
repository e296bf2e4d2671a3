//! The OpenAPI document, generated from the handlers. What every operation of a kind can answer is added here once, so
//! that no handler can forget to say it.

use std::sync::LazyLock;

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, Content, HeaderBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::problem::Problem;
use super::{
    answers, calendar, classifications, measures, organisations, reference, releases, returns, standards,
    submit, years,
};

/// The document as served.
static DOCUMENT: LazyLock<Document> = LazyLock::new(Description::openapi);

/// The OpenAPI document of the whole interface.
#[must_use]
pub fn document() -> &'static Document {
    &DOCUMENT
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Data security assurance",
        version = "1",
        description = "The machine interface of the data security assurance portal: the register, the standards, an \
                       organisation's own returns, and published releases. Names that are not known are refused, \
                       never passed over. Errors are problem documents after RFC 9457.",
    ),
    paths(
        reference::openapi,
        organisations::list,
        organisations::show,
        standards::list,
        standards::show,
        returns::list,
        returns::show,
        answers::show,
        answers::save,
        submit::submit,
        calendar::list,
        releases::list,
        releases::show,
        releases::tables,
        releases::table,
        measures::list,
        measures::show,
        years::list,
        years::table,
        classifications::sectors,
        classifications::regions,
    ),
    components(schemas(Problem)),
    tags(
        (name = "organisations", description = "The public register and what was published about each organisation"),
        (name = "standards", description = "Editions of standards that are or were in use"),
        (name = "returns", description = "An organisation's own returns, for its members with a token"),
        (name = "releases", description = "Published releases and their tables"),
        (name = "classifications", description = "The lists that organisations and tables are sorted by"),
        (name = "document", description = "This description"),
    ),
    modifiers(&Scheme, &Problems),
)]
struct Description;

/// Adds the one way to say who asks.
struct Scheme;

impl Modify for Scheme {
    fn modify(&self, document: &mut Document) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("A token made with `portal user token`.".to_owned());
        document
            .components
            .get_or_insert_with(Components::default)
            .security_schemes
            .insert("token".to_owned(), SecurityScheme::Http(scheme).into());
    }
}

/// Adds the problems that an operation can answer with, after what it takes.
struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut Document) {
        for item in document.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.put, &mut item.post];
            for operation in operations.into_iter().flatten() {
                add_problems(operation);
            }
        }
    }
}

fn add_problems(operation: &mut Operation) {
    if operation.security.is_none() {
        add_cached(operation);
    }
    let parameters = operation.parameters.as_deref();
    let (in_path, conditional) = (has(parameters, &ParameterIn::Path), has_if_match(parameters));
    let mut add = |status: &str, description: &str| {
        let mut answer = ResponseBuilder::new()
            .description(description)
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))));
        if status == "401" {
            let header = HeaderBuilder::new().description(Some("How to say who asks")).build();
            answer = answer.header("WWW-Authenticate", header);
        }
        operation.responses.responses.insert(status.to_owned(), RefOr::T(answer.build()));
    };
    add("422", "Something that was sent cannot be used; the document says what");
    add("500", "A fault of ours, which has been recorded");
    add("503", "Not available just now; try again after the seconds in Retry-After");
    if in_path {
        add("404", "There is nothing there, or it is not for the caller to see");
    }
    if operation.security.is_some() {
        add("401", "There is no token, or it is not good");
    }
    if operation.request_body.is_some() {
        add("400", "The request could not be read");
        add("403", "The caller does not hold a role that may do this");
        add("409", "The return does not stand where this can be done");
        add("413", "The body is too large");
        add("415", "The body is not sent as application/json");
    }
    if conditional {
        add("412", "Somebody saved another version first");
        add("428", "If-Match is missing");
    }
}

/// What everybody may read has a tag, and is not sent again to those who name it in If-None-Match.
fn add_cached(operation: &mut Operation) {
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
        let header = HeaderBuilder::new().description(Some("Strong entity tag, for If-None-Match")).build();
        answer.headers.insert("ETag".to_owned(), RefOr::T(header));
    }
    let known = ResponseBuilder::new().description("What If-None-Match names still stands").build();
    operation.responses.responses.insert("304".to_owned(), RefOr::T(known));
}

fn has(parameters: Option<&[RefOr<Parameter>]>, place: &ParameterIn) -> bool {
    listed(parameters).any(|parameter| parameter.parameter_in == *place)
}

fn has_if_match(parameters: Option<&[RefOr<Parameter>]>) -> bool {
    listed(parameters).any(|parameter| parameter.name == "If-Match")
}

fn listed(parameters: Option<&[RefOr<Parameter>]>) -> impl Iterator<Item = &Parameter> {
    parameters.unwrap_or_default().iter().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}
