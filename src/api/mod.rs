//! The public machine interface under `/api/v1`, described by an OpenAPI document generated from this code.
//!
//! One table, [`ENDPOINTS`], holds every address: routes are made from it, other methods are answered with 405 after
//! it, and the tests compare it with the document.

mod answers;
mod bearer;
mod cached;
mod calendar;
mod classifications;
mod document;
mod forms;
mod measures;
mod organisations;
mod problem;
mod reading;
mod reference;
mod releases;
mod returns;
mod standards;
mod submit;
mod years;

use actix_web::HttpRequest;

pub use bearer::{Bearer, MemberBearer};
pub use document::document;
pub use problem::{HttpReason, Problem, Refusal};
pub use reference::page_checks;

use crate::platform::http::{Place, Routes, resource};

/// One address of the interface.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The address, as routes and the OpenAPI document write it.
    pub path: &'static str,
    /// The name of its route.
    pub name: &'static str,
    /// The methods it takes, as the header Allow lists them.
    pub methods: &'static str,
    routes: fn(Place) -> Place,
}

/// Every address of the interface.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/openapi.json",
        name: "api-openapi",
        methods: "GET, HEAD",
        routes: |r| r.get(reference::openapi),
    },
    Endpoint {
        path: "/api/v1/organisations",
        name: "api-organisations",
        methods: "GET, HEAD",
        routes: |r| r.get(organisations::list),
    },
    Endpoint {
        path: "/api/v1/organisations/{code}",
        name: "api-organisation",
        methods: "GET, HEAD",
        routes: |r| r.get(organisations::show),
    },
    Endpoint {
        path: "/api/v1/standards",
        name: "api-standards",
        methods: "GET, HEAD",
        routes: |r| r.get(standards::list),
    },
    Endpoint {
        path: "/api/v1/standards/{edition}",
        name: "api-standard",
        methods: "GET, HEAD",
        routes: |r| r.get(standards::show),
    },
    Endpoint {
        path: "/api/v1/organisations/{organisation}/returns",
        name: "api-returns",
        methods: "GET, HEAD",
        routes: |r| r.get(returns::list),
    },
    Endpoint {
        path: "/api/v1/organisations/{organisation}/returns/{year}",
        name: "api-return",
        methods: "GET, HEAD",
        routes: |r| r.get(returns::show),
    },
    Endpoint {
        path: "/api/v1/organisations/{organisation}/returns/{year}/answers/{requirement}",
        name: "api-answer",
        methods: "GET, HEAD, PUT",
        routes: |r| r.get(answers::show).put(answers::save),
    },
    Endpoint {
        path: "/api/v1/organisations/{organisation}/returns/{year}/submit",
        name: "api-submit",
        methods: "POST",
        routes: |r| r.post(submit::submit),
    },
    Endpoint {
        path: "/api/v1/releases",
        name: "api-releases",
        methods: "GET, HEAD",
        routes: |r| r.get(releases::list),
    },
    Endpoint {
        path: "/api/v1/calendar",
        name: "api-calendar",
        methods: "GET, HEAD",
        routes: |r| r.get(calendar::list),
    },
    Endpoint {
        path: "/api/v1/releases/{key}",
        name: "api-release",
        methods: "GET, HEAD",
        routes: |r| r.get(releases::show),
    },
    Endpoint {
        path: "/api/v1/releases/{key}/tables",
        name: "api-tables",
        methods: "GET, HEAD",
        routes: |r| r.get(releases::tables),
    },
    Endpoint {
        path: "/api/v1/releases/{key}/measures",
        name: "api-measures",
        methods: "GET, HEAD",
        routes: |r| r.get(measures::list),
    },
    Endpoint {
        path: "/api/v1/releases/{key}/measures/{table}",
        name: "api-measured",
        methods: "GET, HEAD",
        routes: |r| r.get(measures::show),
    },
    Endpoint {
        path: "/api/v1/years",
        name: "api-years",
        methods: "GET, HEAD",
        routes: |r| r.get(years::list),
    },
    Endpoint {
        path: "/api/v1/years/{table}",
        name: "api-table-over-years",
        methods: "GET, HEAD",
        routes: |r| r.get(years::table),
    },
    Endpoint {
        path: "/api/v1/sectors",
        name: "api-sectors",
        methods: "GET, HEAD",
        routes: |r| r.get(classifications::sectors),
    },
    Endpoint {
        path: "/api/v1/regions",
        name: "api-regions",
        methods: "GET, HEAD",
        routes: |r| r.get(classifications::regions),
    },
    Endpoint {
        path: "/api/v1/releases/{key}/tables/{table}",
        name: "api-table",
        methods: "GET, HEAD",
        routes: |r| r.get(releases::table),
    },
];

/// Every address of the interface, and the page that lists them.
pub fn routes(routes: &mut Routes) {
    routes.service(resource("/api").name("api").get(reference::reference));
    for endpoint in ENDPOINTS {
        let allow = endpoint.methods;
        let refuse =
            move |request: HttpRequest| async move { Err::<&str, _>(Refusal::method(&request, allow)) };
        let named = resource(endpoint.path).name(endpoint.name);
        routes.service((endpoint.routes)(named).otherwise(refuse));
    }
}
