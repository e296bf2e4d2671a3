//! The register: imports of every format, what damage comes to, the quarantine, and questions about it. Real files
//! are compared with a plain recount where they are at hand.

mod damage;
mod history;
mod merging;
mod quarantine;
mod real;
mod refused;

use std::path::PathBuf;

use diesel::prelude::*;
use portal::cli::import::{import_organisations, import_register};
use portal::organisations::{self, Done, Format, ImportOptions, ImportReport, OdsCode, Organisation};
use portal::platform::error::Result;
use portal::schema;

use crate::support::{World, everybodys};

/// A file of `tests/data/organisations`, with a few fictional organisations and every kind of damage.
fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/organisations").join(name)
}

/// Imports a fixture with the command that its format belongs to.
fn import(world: &World, name: &str) -> ImportReport {
    import_path(world, &fixture(name), &ImportOptions::default()).unwrap()
}

/// Imports a file with whichever command takes it, and checks the sum every report must make.
fn import_path(world: &World, path: &std::path::Path, options: &ImportOptions) -> Result<ImportReport> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let is_register = ["register", "trusts", "icbs"].iter().any(|kind| name.starts_with(kind));
    let run = if is_register { import_register } else { import_organisations };
    let report = run(world.db(), path, options)?;
    assert_eq!(
        report.rows_read,
        report.added + report.changed + report.unchanged + report.quarantined,
        "{report}"
    );
    Ok(report)
}

/// Writes a file of these bytes and imports it.
fn import_bytes(world: &World, name: &str, bytes: &[u8]) -> Result<ImportReport> {
    let path = world.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    import_path(world, &path, &ImportOptions::default())
}

/// The organisation of a code.
fn organisation(world: &World, code: &str) -> Option<Organisation> {
    let code = OdsCode::parse(code).unwrap();
    world.db().read_now(everybodys(), move |conn| organisations::by_code(conn, &code)).unwrap()
}

/// The organisation of a code that must be there.
#[track_caller]
fn known(world: &World, code: &str) -> Organisation {
    organisation(world, code).unwrap_or_else(|| panic!("{code} was not imported"))
}

/// How many rows there are of organisations, statuses, relations, regions and quarantined rows.
fn sizes(world: &World) -> [i64; 5] {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok([
                schema::organisation::table.count().get_result(conn)?,
                schema::published_status::table.count().get_result(conn)?,
                schema::relation::table.count().get_result(conn)?,
                schema::region::table.count().get_result(conn)?,
                schema::quarantined_row::table.count().get_result(conn)?,
            ])
        })
        .unwrap()
}

/// Every organisation, to compare registers by.
fn all(world: &World) -> Vec<Organisation> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(schema::organisation::table
                .order(schema::organisation::code)
                .select(Organisation::as_select())
                .load(conn)?)
        })
        .unwrap()
}

/// What a report says about a row: whether it was taken, and the column.
fn about(report: &ImportReport, row: i64) -> Vec<(Done, &str)> {
    report.damage.iter().filter(|d| d.row == row).map(|d| (d.done, d.column.as_str())).collect()
}

/// Every fixture, in an order in which each finds what it refers to.
const FIXTURES: [(&str, Format); 6] = [
    ("regions-2024-04.csv", Format::Regions),
    ("ods-trusts-2024-06.csv", Format::OdsTrusts),
    ("register-2019-03-31.csv", Format::Register2019),
    ("register-2024-05-01.csv", Format::Register),
    ("ods-head-offices-2024-06.csv", Format::OdsHeadOffices),
    ("successors-2024-07-01.csv", Format::Successors),
];
