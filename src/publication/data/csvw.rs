//! What a CSV file is, for programs, after the W3C's "CSV on the Web": a JSON file beside each, under the name that programs
//! look for, the file's own with `-metadata.json` behind it.

use serde_json::{Map, Value, json};

use super::fields::{Kind, Shape};
use super::{LICENCE, PUBLISHER};
use crate::platform::error::{Error, Result};
use crate::publication::document::Document;

/// A text that stands in no file, for columns in which nothing means no more than itself.
const NEVER: &str = "\u{2400}";

/// The description of the CSV file of this name.
///
/// # Errors
/// When it does not serialise, which is a fault.
pub fn csvw(document: &Document, file: &str, title: &str, about: &str, shape: &Shape) -> Result<Vec<u8>> {
    let mut value = json!({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dc:title": format!("{}: {title}", document.title),
        "dc:description": about,
        "dc:publisher": PUBLISHER,
        "dc:source": document.source.name,
        "dc:license": {"@id": LICENCE.address},
        "dc:date": {"@value": document.as_at.london_day().to_string(), "@type": "xsd:date"},
        "tableSchema": {
            "columns": shape.fields.iter().map(|field| {
                let mut column = Map::new();
                column.insert("name".to_owned(), json!(field.name));
                // The first title is the one in the file.
                column.insert("titles".to_owned(), json!([field.name, field.title]));
                column.insert("dc:description".to_owned(), json!(field.about));
                column.insert("datatype".to_owned(), datatype(field.kind));
                column.insert("required".to_owned(), json!(field.required));
                if shape.key.contains(&field.name) {
                    column.insert("null".to_owned(), json!(NEVER));
                }
                Value::Object(column)
            }).collect::<Vec<_>>(),
            "primaryKey": shape.key,
        },
    });
    if let (Some(map), false) = (value.as_object_mut(), document.notes.is_empty()) {
        map.insert("rdfs:comment".to_owned(), json!(document.notes));
    }
    serde_json::to_vec(&value).map_err(|e| Error::internal("failed to describe a CSV file", e))
}

fn datatype(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!("string"),
        Kind::Count => json!("nonNegativeInteger"),
        Kind::Share => json!({"base": "decimal", "minimum": 0, "maximum": 100}),
        Kind::Decimal => json!("decimal"),
        Kind::Flag => json!("boolean"),
        Kind::Day => json!({"base": "date", "format": "yyyy-MM-dd"}),
        Kind::OneOf(words) => json!({"base": "string", "format": words.join("|")}),
    }
}
