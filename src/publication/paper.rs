//! The report of a release as a PDF file: made from its document and the text that was approved with it, with the same charts
//! as the pages.

use serde_json::{Value, json};

use super::data::{self, measure_words};
use super::document::Document;
use super::pages::{PaperFigure, paper_figures, paper_measures};
use crate::platform::error::Result;
use crate::platform::pages::words::number;
use crate::platform::pdf::{self, Paper};

/// Width of a drawing in the file, in pixels of its own.
const WIDTH: u32 = 640;
/// The tallest drawing that fits its page at full width, in the same pixels.
const TALLEST: u32 = 840;

/// What is said beside the figures, as it was approved. Nothing of it is known while a release is being prepared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words<'a> {
    /// What the figures say.
    pub commentary: &'a str,
    /// Whom readers may ask.
    pub contact: &'a str,
    /// Why there is another version.
    pub reason: &'a str,
}

/// The report of a release with what is said beside its figures; none in a build that cannot typeset. It takes a second or
/// two.
///
/// # Errors
/// When the report cannot be typeset, which is a fault.
pub(super) fn report(document: &Document, words: Words<'_>) -> Result<Option<Vec<u8>>> {
    if !pdf::AVAILABLE {
        return Ok(None);
    }
    pdf::typeset_here(report_paper(document, words)?).map(Some)
}

/// What the typesetter is given. The same document with the same words gives the same file.
///
/// # Errors
/// When a chart cannot be drawn, which is a fault.
fn report_paper(document: &Document, words: Words<'_>) -> Result<Paper> {
    let mut drawings: Vec<(std::borrow::Cow<'static, str>, String)> = Vec::new();
    let mut parts = Vec::with_capacity(document.tables.len() + document.measures.len());
    for entry in &document.tables {
        let found = paper_figures(entry, &document.sections, WIDTH)?;
        let several = found.len() > 1;
        let figures: Vec<Value> = found.into_iter().map(|one| figure(one, several, &mut drawings)).collect();
        parts.push(json!({
            "title": entry.table.caption,
            "about": entry.about,
            "protected": entry.table.withheld() > 0,
            "figures": figures,
            "notes": entry.table.notes,
        }));
    }
    for entry in &document.measures {
        parts.push(json!({
            "title": entry.table.caption,
            "about": entry.about,
            "protected": entry.table.withheld() > 0,
            "figures": [figure(paper_measures(entry), false, &mut drawings)],
            "notes": entry.table.notes,
        }));
    }
    let as_at = document.as_at.london_day().words();
    let data = json!({
        "title": document.title,
        "author": data::PUBLISHER,
        "subject": format!("Figures of {as_at}, made from: {}", document.source.name),
        "running": format!("{}, figures of {as_at}", document.title),
        "marking": "",
        "as_at": as_at,
        "facts": facts(document, words),
        "commentary": paragraphs(words.commentary),
        "reason": words.reason,
        "headline": headline(document),
        "notes": document.notes,
        "provisional": document.is_provisional(),
        "parts": parts,
        "rules": document.rules.publication,
        "licence": format!("{}, {}", data::LICENCE.title, data::LICENCE.address),
    });
    Ok(Paper { template: "release_report.typ", data, drawings, made_at: document.as_at })
}

/// What somebody typed, a paragraph a line.
fn paragraphs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

fn facts(document: &Document, words: Words<'_>) -> Vec<Value> {
    [
        ("Release", document.key.as_str()),
        ("Made from", document.source.name.as_str()),
        ("Current edition", document.edition.as_str()),
        ("Responsible statistician", document.lead_statistician.as_str()),
        ("Contact", words.contact),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| json!({"key": key, "value": value}))
    .collect()
}

/// Measure, count and share, all as they are printed.
fn headline(document: &Document) -> Vec<[String; 3]> {
    let in_scope = document.headline.in_scope;
    let measures = document.headline.measures().into_iter();
    measures
        .map(|(measure, count)| {
            let share = crate::statistics::estimators::percentage(count, in_scope, 1);
            let share = share.map_or_else(|| "not applicable".to_owned(), |share| format!("{share}%"));
            [measure_words(measure).to_owned(), number(count.into()), share]
        })
        .collect()
}

fn figure(
    one: PaperFigure,
    titled: bool,
    drawings: &mut Vec<(std::borrow::Cow<'static, str>, String)>,
) -> Value {
    let all = one.drawings.len();
    let mut shown = Vec::with_capacity(all);
    for (place, svg) in one.drawings.into_iter().enumerate() {
        let name = format!("chart-{}.svg", drawings.len() + 1);
        let part = if all > 1 { format!(", part {} of {all}", place + 1) } else { String::new() };
        shown.push(json!({
            "name": name,
            "alt": format!("Bars of 100 %: {}{part}. Every figure is in the table that follows.", one.title),
            "caption": format!("{}{part}", one.title),
            "tall": height_of(&svg).is_some_and(|height| height > TALLEST),
        }));
        drawings.push((name.into(), svg));
    }
    let rows: Vec<Vec<String>> = one
        .table
        .rows
        .into_iter()
        .map(|row| std::iter::once(row.heading).chain(row.cells.into_iter().map(|cell| cell.text)).collect())
        .collect();
    json!({
        "title": if titled { one.title.as_str() } else { "" },
        "drawings": shown,
        "head": one.table.headers,
        "rows": rows,
    })
}

/// The height that a drawing says it has.
fn height_of(svg: &str) -> Option<u32> {
    let (_, rest) = svg.split_once(" height=\"")?;
    rest.split('"').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_set_in_paragraphs() {
        assert_eq!(paragraphs("One.\r\n\r\n Two. \nThree."), ["One.", "Two.", "Three."]);
        assert_eq!(paragraphs(" \n"), Vec::<&str>::new());
    }

    #[test]
    fn a_drawing_says_how_tall_it_is() {
        assert_eq!(height_of("<svg width=\"640\" height=\"512\"><rect height=\"9\"/></svg>"), Some(512));
        assert_eq!(height_of("<svg/>"), None);
    }
}
