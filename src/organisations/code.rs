//! Organisation codes as files have them: mended where that is without doubt, refused where it is not.

use super::model::OdsCode;
use crate::platform::clock::Day;

/// What reading a code from a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CodeReading {
    /// Fine as it stands.
    Clean(OdsCode),
    /// Mended without doubt; the text says how.
    Repaired(OdsCode, String),
    /// Legal as it stands but suspicious; the text says why. It is kept.
    Suspicious(OdsCode, String),
    /// Not a code. The texts are the reason and, where there is one, a proposal.
    Damaged(String, Option<String>),
}

/// Reads a code from a file. `name` is the organisation's name in the same row, which may repeat the code in
/// brackets at its end: the only evidence that a code turned into a date is mended by.
pub(crate) fn read_code(text: &str, name: &str) -> CodeReading {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return CodeReading::Damaged("the code is missing".to_owned(), None);
    }
    // A date has the shape of a code too, so it is looked for first.
    if let Some(day) = as_date(trimmed) {
        return read_date(trimmed, day, name);
    }
    if let Some(code) = OdsCode::strict(trimmed) {
        return clean_or_suspicious(text, trimmed, code);
    }
    if let Some(reason) = as_number(trimmed) {
        return CodeReading::Damaged(reason, None);
    }
    let upper = trimmed.to_ascii_uppercase();
    match OdsCode::strict(&upper) {
        Some(code) => CodeReading::Repaired(code, format!("lower-case letters, stored as {upper}")),
        None => CodeReading::Damaged(why_not(&upper), None),
    }
}

fn clean_or_suspicious(text: &str, trimmed: &str, code: OdsCode) -> CodeReading {
    if trimmed.len() < 3 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        let why = format!("{trimmed} may have lost leading zeros ({trimmed:0>3}?), kept as it stands");
        return CodeReading::Suspicious(code, why);
    }
    if trimmed.len() == text.len() {
        CodeReading::Clean(code)
    } else {
        CodeReading::Repaired(code, format!("outer spaces removed, stored as {trimmed}"))
    }
}

/// Whether a spreadsheet made this text from a code: the first of a month, with or without a time of midnight, or
/// its display forms `Apr-03` and `03-Apr`.
fn as_date(text: &str) -> Option<Day> {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if let Ok(day) = super::cells::parse_day(day) {
        // Eight bare digits are a legal code, and a day among them is chance.
        return text.contains(['-', '/']).then_some(day);
    }
    let (left, right) = text.split_once('-')?;
    let (month, year) = if left.len() == 3 { (left, right) } else { (right, left) };
    let number = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month))?;
    let year: i16 = year.parse().ok().filter(|_| year.len() == 2)?;
    Day::new(2000 + year, i8::try_from(number + 1).ok()?, 1)
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// `2003-04-01` may have been APR03 or APR3 (both kinds occur), so it is mended only when the name repeats one of
/// them in brackets.
fn read_date(text: &str, day: Day, name: &str) -> CodeReading {
    let shown = day.to_string();
    let mut parts = shown.split('-');
    let (year, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let month = month
        .parse::<usize>()
        .ok()
        .and_then(|m| MONTHS.get(m.saturating_sub(1)))
        .copied()
        .unwrap_or_default();
    let long = format!("{month}{}", year.get(2..).unwrap_or_default());
    let short = format!("{month}{}", year.get(2..).unwrap_or_default().trim_start_matches('0'));
    let reason = format!("a spreadsheet turned the code into the date {text}");
    match bracketed(name) {
        Some(code) if code.as_str() == long || code.as_str() == short => {
            let how = format!("{reason}; stored as {code}, which the name repeats in brackets");
            CodeReading::Repaired(code, how)
        }
        _ if short == long => CodeReading::Damaged(reason, Some(format!("probably {long}"))),
        _ => CodeReading::Damaged(reason, Some(format!("either {long} or {short}"))),
    }
}

/// The code that a name repeats in brackets at its end, as in `EXAMPLE SURGERY (Z12345)`.
fn bracketed(name: &str) -> Option<OdsCode> {
    let inner = name.trim_end().strip_suffix(')')?;
    let (_, inner) = inner.rsplit_once('(')?;
    OdsCode::parse(inner).ok()
}

/// Whether a spreadsheet made a number of the code: `8.00E+03`, `123.0`.
fn as_number(text: &str) -> Option<String> {
    let numeric = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'E' | b'e' | b','))
        && text.contains(['.', '+'])
        && text.parse::<f64>().is_ok();
    numeric.then(|| format!("a spreadsheet turned the code into the number {text}"))
}

fn why_not(upper: &str) -> String {
    if !OdsCode::LENGTHS.contains(&upper.len()) {
        return format!("a code has 2 to 23 characters, this has {}", upper.chars().count());
    }
    let odd: Vec<String> =
        upper.chars().filter(|c| !c.is_ascii_alphanumeric() && *c != '-').map(|c| format!("{c:?}")).collect();
    if odd.is_empty() {
        "a code begins and ends with a letter or digit".to_owned()
    } else {
        format!("a code has letters, digits and hyphens only, not {}", odd.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> (Option<String>, char) {
        match read_code(text, name) {
            CodeReading::Clean(c) => (Some(c.to_string()), 'c'),
            CodeReading::Repaired(c, _) => (Some(c.to_string()), 'r'),
            CodeReading::Suspicious(c, _) => (Some(c.to_string()), 's'),
            CodeReading::Damaged(_, p) => (p, 'd'),
        }
    }

    #[test]
    fn good_codes_pass_as_they_stand() {
        for code in ["R0A", "G6V2S", "8D594-ECC0020", "102", "EE133863-MSD-NDPCHS-AB9", "8E338", "20030401"] {
            assert_eq!(read(code, ""), (Some(code.to_owned()), 'c'));
        }
    }

    #[test]
    fn lower_case_and_spaces_are_mended() {
        assert_eq!(read("8hk29", ""), (Some("8HK29".to_owned()), 'r'));
        assert_eq!(read(" R0A ", ""), (Some("R0A".to_owned()), 'r'));
        assert_eq!(read("ECC0001-SoM", ""), (Some("ECC0001-SOM".to_owned()), 'r'));
    }

    #[test]
    fn a_date_is_mended_only_when_the_name_bears_it_out() {
        assert_eq!(read("2003-04-01 00:00:00", "NOWHERE WARD (APR03)"), (Some("APR03".to_owned()), 'r'));
        assert_eq!(read("2006-04-01", "NOWHERE CARE (apr6)"), (Some("APR6".to_owned()), 'r'));
        assert_eq!(
            read("2004-04-01 00:00:00", "NOWHERE HOME"),
            (Some("either APR04 or APR4".to_owned()), 'd')
        );
        assert_eq!(
            read("2004-04-01", "NOWHERE HOME (XYZ12)"),
            (Some("either APR04 or APR4".to_owned()), 'd')
        );
        assert_eq!(read("01/12/2011", ""), (Some("probably DEC11".to_owned()), 'd'));
        assert_eq!(read("Apr-03", "").1, 'd');
    }

    #[test]
    fn numbers_and_nonsense_are_damaged_and_lost_zeros_kept() {
        assert_eq!(read("8.00E+03", "").1, 'd');
        assert_eq!(read("", "").1, 'd');
        assert_eq!(read("A", "").1, 'd');
        assert_eq!(read("Demo Account 009", "").1, 'd');
        assert_eq!(read("AB-", "").1, 'd');
        assert_eq!(read("ABCDEFGHIJKLMNOPQRSTUVWX", "").1, 'd');
        assert_eq!(read("=1+1", "").1, 'd');
        assert_eq!(read("16", ""), (Some("16".to_owned()), 's'));
    }
}
