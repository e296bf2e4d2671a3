//! A release and its tables in schema.org's words, for search machines that look for data. The block stands in the page
//! itself, where they look for it; it is data, which browsers do not run, and no character in it can end it.

use serde_json::{Value, json};

use super::Issued;
use crate::platform::error::{Error, Result};
use crate::publication::data::{LICENCE, PUBLISHER, description};
use crate::publication::document::Document;
use crate::publication::release::ReleaseSummary;

/// What is at least asked of a description, and at most, in characters.
const DESCRIPTION: std::ops::RangeInclusive<usize> = 50..=5000;

/// The block.
///
/// # Errors
/// When it does not serialise, which is a fault.
pub(super) fn json_ld(portal: &str, (release, document): &Issued) -> Result<String> {
    let value = whole(portal, release, document);
    let text = serde_json::to_string(&value)
        .map_err(|e| Error::internal("failed to describe a release to search machines", e))?;
    Ok(text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

fn whole(portal: &str, release: &ReleaseSummary, document: &Document) -> Value {
    let address = format!("{portal}{}", release.address());
    let issued = release.published_at.unwrap_or(release.as_at).rfc3339();
    let publisher = json!({"@type": "Organization", "name": PUBLISHER, "url": format!("{portal}/")});
    let file = |name: &str, format: &str| {
        json!({
            "@type": "DataDownload",
            "encodingFormat": format,
            "contentUrl": format!("{address}/{name}"),
        })
    };
    let counted = document.tables.iter().map(|one| (&one.name, &one.table.caption, &one.about));
    let measured = document.measures.iter().map(|one| (&one.name, &one.table.caption, &one.about));
    let part = |(name, caption, about): (&String, &String, &String)| {
        json!({
            "@type": "Dataset",
            "@id": format!("{address}#{name}"),
            "name": caption,
            "description": long_enough(about, &document.title),
            "license": LICENCE.address,
            "creator": publisher,
            "isPartOf": {"@id": address},
            "distribution": [
                file(&format!("{name}.csv"), "text/csv"),
                file(&format!("{name}.json"), "application/json"),
                file(&format!("{name}.ods"), crate::platform::ods::MEDIA_TYPE),
            ],
        })
    };
    json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "identifier": document.key,
        "name": document.title,
        "description": long_enough(&description(document), &document.title),
        "version": release.number().to_string(),
        "isAccessibleForFree": true,
        "inLanguage": "en-GB",
        "license": LICENCE.address,
        "creator": publisher,
        "publisher": publisher,
        "datePublished": issued,
        "temporalCoverage": document.as_at.london_day().to_string(),
        "spatialCoverage": "England",
        "keywords": ["data security", "assurance", "health and care"],
        "distribution": [
            file("all-tables.ods", crate::platform::ods::MEDIA_TYPE),
            file("organisations.csv", "text/csv"),
            file("datapackage.json", "application/json"),
        ],
        "hasPart": counted.chain(measured).map(part).collect::<Vec<_>>(),
    })
}

/// Search machines pass over descriptions that are too short or too long.
fn long_enough(text: &str, title: &str) -> String {
    let whole = if text.chars().count() < *DESCRIPTION.start() {
        format!("{text} From the release: {title}. Data security assurance of health and care organisations.")
    } else {
        text.to_owned()
    };
    whole.chars().take(*DESCRIPTION.end()).collect()
}
