//! Taking a return out of the portal and bringing it back, in the browser.

mod apply;
mod restore;
mod take_out;
mod threads;
mod upload;

use actix_web::web::Path;
use serde::Deserialize;

pub use threads::aside;

use crate::platform::http::{Routes, resource};

/// The collection that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfYear {
    year: String,
}

/// The workbook that an address names.
#[derive(Debug, Clone, Deserialize)]
struct OfWorkbook {
    year: String,
    id: i64,
}

type Year = Path<OfYear>;

/// The pages.
pub(in crate::returns) fn routes(routes: &mut Routes) {
    let page = |name: &str, address: &str| {
        resource(format!("/organisations/{{organisation}}/returns/{{year}}{address}")).name(name)
    };
    routes
        .service(page("returns-offline", "/offline").get(take_out::offline))
        .service(page("returns-workbook-xlsx", "/workbook.xlsx").get(take_out::xlsx))
        .service(page("returns-workbook-ods", "/workbook.ods").get(take_out::ods))
        .service(page("returns-restore", "/offline/restore").post(restore::restore))
        .service(page("returns-workbook", "/offline/workbook").post(upload::workbook))
        .service(
            page("returns-workbook-preview", "/offline/workbook/{id}").get(apply::preview).post(apply::apply),
        );
}
