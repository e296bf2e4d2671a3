//! Which form of a table a caller gets: what the end of its name says, else what the header Accept prefers.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;

use super::problem::Refusal;

/// A form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// The CSV file.
    Csv,
}

/// The name without its ending, and the form that the ending asks for.
pub fn split(name: &str) -> (&str, Option<Form>) {
    if let Some(stem) = name.strip_suffix(".csv") {
        (stem, Some(Form::Csv))
    } else if let Some(stem) = name.strip_suffix(".json") {
        (stem, Some(Form::Json))
    } else {
        (name, None)
    }
}

/// The form that the request accepts best; JSON among equals.
///
/// # Errors
/// 406 when it accepts neither.
pub fn accepted(request: &HttpRequest) -> Result<Form, Refusal> {
    let values = request.headers().get_all(ACCEPT);
    let list: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    preferred(&list.join(",")).ok_or_else(|| {
        Refusal::not_acceptable(request, "A table is there as application/json and as text/csv.")
    })
}

fn preferred(accept: &str) -> Option<Form> {
    if accept.trim().is_empty() {
        return Some(Form::Json);
    }
    let json = quality(accept, "application", "json");
    let csv = quality(accept, "text", "csv");
    match (json, csv) {
        (0, 0) => None,
        (json, csv) if csv > json => Some(Form::Csv),
        _ => Some(Form::Json),
    }
}

/// The quality of a media type in thousandths: that of the most exact range that has it, 0 when none has.
fn quality(accept: &str, kind: &str, subtype: &str) -> u16 {
    let mut best: Option<(u8, u16)> = None;
    for part in accept.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let range = pieces.next().unwrap_or_default();
        let (left, right) = range.split_once('/').unwrap_or((range, ""));
        let exact = match (left, right) {
            ("*", "*") => 1,
            (left, "*") if left.eq_ignore_ascii_case(kind) => 2,
            (left, right) if left.eq_ignore_ascii_case(kind) && right.eq_ignore_ascii_case(subtype) => 3,
            _ => continue,
        };
        let weight = pieces.find_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
        });
        if best.is_none_or(|(known, _)| exact > known) {
            best = Some((exact, weight.unwrap_or(1000)));
        }
    }
    best.map_or(0, |(_, weight)| weight)
}

/// A quality such as `0.25` in thousandths; what cannot be read counts in full, as if it were not there.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole != "0" || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return 1000;
    }
    let digits = part.bytes().chain(std::iter::repeat(b'0')).take(3);
    digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_form_is_chosen() {
        use Form::{Csv, Json};
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("text/csv", Some(Csv)),
            ("TEXT/CSV; header=present", Some(Csv)),
            ("text/*", Some(Csv)),
            ("application/json, text/csv", Some(Json)),
            ("application/json;q=0.5, text/csv;q=0.9", Some(Csv)),
            ("text/csv;q=0.5, */*;q=0.1", Some(Csv)),
            ("text/html, */*;q=0.1", Some(Json)),
            ("application/json;q=0, */*", Some(Csv)),
            ("text/html", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(preferred(accept), expected, "{accept}");
        }
    }

    #[test]
    fn an_ending_asks_for_a_form() {
        assert_eq!(split("grade-by-sector.csv"), ("grade-by-sector", Some(Form::Csv)));
        assert_eq!(split("grade-by-sector.json"), ("grade-by-sector", Some(Form::Json)));
        assert_eq!(split("grade-by-sector"), ("grade-by-sector", None));
    }
}
