//! A release as a data package: every file with its size and hash, every CSV file with the schema of its columns.

use serde_json::{Map, Value, json};

use super::fields::{Kind, Shape};
use super::{Address, Format, LICENCE, Made, PUBLISHER};
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::{Error, Result};
use crate::publication::document::Document;

/// The name of its file.
pub const PACKAGE: &str = "datapackage.json";

/// The description of a package of these files, and of the list of organisations, which is made when it is asked for.
///
/// # Errors
/// When it does not serialise, which is a fault.
pub fn data_package(
    document: &Document,
    at: &Address<'_>,
    files: &[Made],
    organisations: &Shape,
) -> Result<Vec<u8>> {
    let mut resources: Vec<Value> = files.iter().map(resource).collect();
    resources.push(list_of_organisations(document, organisations));
    let value = json!({
        "profile": "data-package",
        "name": document.key,
        "id": at.release,
        "title": document.title,
        "description": description(document),
        // The figures of a version never change, so the number of the version is all there is to count.
        "version": format!("{}.0.0", at.version),
        "created": at.issued.rfc3339(),
        "homepage": at.release,
        "licenses": [{"name": LICENCE.name, "title": LICENCE.title, "path": LICENCE.address}],
        "sources": [{"title": document.source.name}],
        "contributors": [
            {"title": PUBLISHER, "role": "publisher"},
            {"title": document.lead_statistician, "role": "author"},
        ],
        "resources": resources,
    });
    serde_json::to_vec(&value).map_err(|e| Error::internal("failed to describe a data package", e))
}

/// What a release is, in a paragraph.
pub fn description(document: &Document) -> String {
    let mut text = format!(
        "Figures of {} about how health and care organisations keep to the data security standards. Made from: {}.",
        document.as_at.london_day().words(),
        document.source.name
    );
    for note in &document.notes {
        text.push(' ');
        text.push_str(note);
    }
    text
}

fn resource(file: &Made) -> Value {
    let mut value = Map::new();
    let name = file.name.replace('.', "-");
    value.insert("name".to_owned(), json!(name.to_ascii_lowercase()));
    value.insert("path".to_owned(), json!(file.name));
    value.insert("title".to_owned(), json!(file.title));
    value.insert("format".to_owned(), json!(file.format.suffix()));
    value.insert("mediatype".to_owned(), json!(file.format.plain_media_type()));
    value.insert("bytes".to_owned(), json!(file.bytes.len()));
    value.insert("hash".to_owned(), json!(format!("sha256:{}", hex(&sha256(&file.bytes)))));
    match &file.shape {
        Some(shape) => {
            value.insert("profile".to_owned(), json!("tabular-data-resource"));
            value.insert("encoding".to_owned(), json!("utf-8"));
            value.insert("schema".to_owned(), schema(shape));
        }
        // Not to be read as a table, even where a program could.
        None => {
            value.insert("profile".to_owned(), json!("data-resource"));
            value.insert("type".to_owned(), json!("file"));
        }
    }
    Value::Object(value)
}

fn list_of_organisations(document: &Document, shape: &Shape) -> Value {
    let mut value = json!({
        "name": "organisations-csv",
        "path": "organisations.csv",
        "title": "List of organisations",
        "format": "csv",
        "mediatype": Format::Csv.plain_media_type(),
        "hash": format!("sha256:{}", document.organisations.sha256),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema(shape),
    });
    if let (Some(map), Some(bytes)) = (value.as_object_mut(), document.organisations.bytes) {
        map.insert("bytes".to_owned(), json!(bytes));
    }
    value
}

fn schema(shape: &Shape) -> Value {
    let field = |field: &super::fields::Field| {
        let mut value = json!({"name": field.name, "title": field.title, "description": field.about});
        if let Some(map) = value.as_object_mut() {
            let mut constraints = Map::new();
            let (kind, format) = match field.kind {
                Kind::Text => ("string", None),
                Kind::Count => {
                    constraints.insert("minimum".to_owned(), json!(0));
                    ("integer", None)
                }
                Kind::Share => {
                    constraints.insert("minimum".to_owned(), json!(0));
                    constraints.insert("maximum".to_owned(), json!(100));
                    ("number", None)
                }
                Kind::Decimal => ("number", None),
                Kind::Flag => ("boolean", None),
                Kind::Day => ("date", Some("default")),
                Kind::OneOf(words) => {
                    constraints.insert("enum".to_owned(), json!(words));
                    ("string", None)
                }
            };
            if field.required {
                constraints.insert("required".to_owned(), json!(true));
            }
            map.insert("type".to_owned(), json!(kind));
            if let Some(format) = format {
                map.insert("format".to_owned(), json!(format));
            }
            if !constraints.is_empty() {
                map.insert("constraints".to_owned(), Value::Object(constraints));
            }
        }
        value
    };
    json!({
        "fields": shape.fields.iter().map(field).collect::<Vec<_>>(),
        "primaryKey": shape.key,
        "missingValues": [""],
    })
}
