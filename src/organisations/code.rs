//! Organisation codes: reading them as they should be, and mending or refusing them as spreadsheets leave them.

use crate::platform::clock::Day;

/// The code of an organisation in the national directory: 2 to 23 upper-case letters, digits and hyphens, beginning
/// and ending with a letter or digit. Stored as TEXT.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    diesel::deserialize::FromSqlRow,
    diesel::expression::AsExpression,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(transparent)]
pub struct OdsCode(String);

/// Shortest code.
const SHORTEST: usize = 2;
/// Longest code.
const LONGEST: usize = 23;

/// What reading a code from a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeReading {
    /// Fine as it stands.
    Clean(OdsCode),
    /// Mended without doubt; the text says how.
    Repaired(OdsCode, String),
    /// Legal as it stands but suspicious; the text says why. It is kept.
    Suspicious(OdsCode, String),
    /// Not a code. The texts are the reason and, where there is one, a proposal.
    Damaged(String, Option<String>),
}

impl OdsCode {
    /// Reads a code that must be right as it stands, such as one in an address; lower case is accepted.
    ///
    /// # Errors
    /// Says what a code looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let upper = text.trim().to_ascii_uppercase();
        if is_code(&upper) {
            Ok(Self(upper))
        } else {
            Err("An organisation code has 2 to 23 letters, digits and hyphens.".to_owned())
        }
    }

    /// Reads a code from a file. `name` is the organisation's name in the same row, which may repeat the code in
    /// brackets at its end: the only evidence that a code turned into a date is mended by.
    #[must_use]
    pub fn read(text: &str, name: &str) -> CodeReading {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return CodeReading::Damaged("the code is missing".to_owned(), None);
        }
        if is_code(trimmed) {
            return clean_or_suspicious(text, trimmed);
        }
        if let Some(day) = as_date(trimmed) {
            return read_date(trimmed, day, name);
        }
        if let Some(reason) = as_number(trimmed) {
            return CodeReading::Damaged(reason, None);
        }
        let upper = trimmed.to_ascii_uppercase();
        if is_code(&upper) {
            return CodeReading::Repaired(
                Self(upper.clone()),
                format!("lower-case letters, stored as {upper}"),
            );
        }
        CodeReading::Damaged(why_not(&upper), None)
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_code(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn clean_or_suspicious(text: &str, trimmed: &str) -> CodeReading {
    let code = OdsCode(trimmed.to_owned());
    if trimmed.len() < 3 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        return CodeReading::Suspicious(
            code,
            format!("{trimmed} may have lost leading zeros ({trimmed:0>3}?), kept as it stands"),
        );
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
        Some(code) if code == long || code == short => {
            let how = format!("{reason}; stored as {code}, which the name repeats in brackets");
            CodeReading::Repaired(OdsCode(code), how)
        }
        _ if short == long => CodeReading::Damaged(reason, Some(format!("probably {long}"))),
        _ => CodeReading::Damaged(reason, Some(format!("either {long} or {short}"))),
    }
}

/// The code that a name repeats in brackets at its end, as in `EXAMPLE SURGERY (Z12345)`.
fn bracketed(name: &str) -> Option<String> {
    let inner = name.trim_end().strip_suffix(')')?;
    let (_, inner) = inner.rsplit_once('(')?;
    let upper = inner.trim().to_ascii_uppercase();
    is_code(&upper).then_some(upper)
}

/// Whether a spreadsheet made a number of the code: `8.00E+03`, `123.0`.
fn as_number(text: &str) -> Option<String> {
    let numeric = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'E' | b'e' | b','))
        && text.contains(['.', '+'])
        && text.parse::<f64>().is_ok();
    numeric.then(|| format!("a spreadsheet turned the code into the number {text}"))
}

fn why_not(upper: &str) -> String {
    if upper.len() < SHORTEST || upper.len() > LONGEST {
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

impl std::fmt::Display for OdsCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for OdsCode {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for OdsCode
where
    DB: diesel::backend::Backend,
    String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        String::from_sql(bytes).map(Self)
    }
}

impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for OdsCode
where
    DB: diesel::backend::Backend,
    str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> (Option<String>, char) {
        match OdsCode::read(text, name) {
            CodeReading::Clean(c) => (Some(c.0), 'c'),
            CodeReading::Repaired(c, _) => (Some(c.0), 'r'),
            CodeReading::Suspicious(c, _) => (Some(c.0), 's'),
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
