//! Single cells: dates in the spellings registers use, names with what spreadsheets did to them, hostile content.

use crate::platform::clock::Day;

/// Longest name stored, in characters.
const LONGEST_NAME: usize = 300;

/// Reads a day written `yyyy-mm-dd`, `dd/mm/yyyy` or `yyyymmdd`, with or without a time of day after it. The day
/// comes before the month in the form with slashes, always.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse_day(text: &str) -> Result<Day, String> {
    let text = text.trim();
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    if time.is_some_and(|time| !is_time(time)) {
        return Err(format!("\"{text}\" is not a date"));
    }
    let parts = if date.contains('/') {
        split_three(date, '/').map(|(d, m, y)| (y, m, d))
    } else if date.contains('-') {
        split_three(date, '-')
    } else if date.len() == 8 && time.is_none() {
        date.get(..4).zip(date.get(4..6)).zip(date.get(6..)).map(|((y, m), d)| (y, m, d))
    } else {
        None
    };
    let (year, month, day) = parts.ok_or_else(|| format!("\"{text}\" is not a date"))?;
    let digits =
        |s: &str, longest: usize| (1..=longest).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return Err(format!("\"{text}\" is not a date"));
    }
    let found = year.parse().ok().zip(month.parse().ok()).zip(day.parse().ok());
    found
        .and_then(|((year, month), day)| Day::new(year, month, day))
        .ok_or_else(|| format!("\"{text}\" is not a day of the calendar"))
        .and_then(|day| {
            if (1800..2200).contains(&day.year()) {
                Ok(day)
            } else {
                Err(format!("\"{text}\" is out of range"))
            }
        })
}

fn split_three(text: &str, by: char) -> Option<(&str, &str, &str)> {
    let mut parts = text.split(by);
    let three = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(three)
}

fn is_time(text: &str) -> bool {
    text.contains(':')
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'Z' | b'+' | b'-'))
}

/// A name made fit to store, with what was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanName {
    /// The name.
    pub name: String,
    /// One sentence part for each thing that was mended or looks odd.
    pub notes: Vec<String>,
}

/// Makes a name fit to store: outer spaces off, control characters to spaces, `?` put back to the dash or apostrophe
/// it stands for where that is plain. Whatever looks like a formula or markup stays the text it is, and is noted.
///
/// # Errors
/// When it is empty or too long.
pub fn clean_name(text: &str) -> Result<CleanName, String> {
    let mut notes = Vec::new();
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err("the name is missing".to_owned());
    }
    if trimmed.len() != text.len() {
        notes.push("outer spaces removed".to_owned());
    }
    let mut name = trimmed.to_owned();
    if name.chars().any(char::is_control) {
        name =
            name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned();
        notes.push("control characters replaced by spaces".to_owned());
    }
    if name.contains(['?', '\u{fffd}']) {
        notes.extend(restore_lost(&mut name));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("the name is longer than {LONGEST_NAME} characters"));
    }
    if let Some(kind) = hostile(&name) {
        notes.push(format!("{kind}, kept as plain text"));
    }
    if name.is_empty() { Err("the name is missing".to_owned()) } else { Ok(CleanName { name, notes }) }
}

/// What a cell could do in a program that trusts it: be run as a formula, or be read as markup.
#[must_use]
pub fn hostile(text: &str) -> Option<&'static str> {
    if text.starts_with(['=', '+', '@', '\t', '\r']) || (text.starts_with('-') && text.len() > 1) {
        Some("begins like a spreadsheet formula")
    } else if text.contains(['<', '>']) {
        Some("holds angle brackets like markup")
    } else {
        None
    }
}

/// Puts back characters that an earlier export stored as `?`. Between spaces it was a dash; between a letter and a
/// final s an apostrophe; anything else cannot be known and stays.
fn restore_lost(name: &mut String) -> Vec<String> {
    let mut notes = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    let at = |i: usize| chars.get(i).copied();
    let mut out = String::with_capacity(name.len());
    let (mut dashes, mut apostrophes, mut unknown) = (0, 0, 0);
    for (i, c) in chars.iter().copied().enumerate() {
        if c != '?' && c != '\u{fffd}' {
            out.push(c);
            continue;
        }
        let before = i.checked_sub(1).and_then(at);
        let after = at(i + 1);
        let possessive = before.is_some_and(char::is_alphabetic)
            && after.is_some_and(|a| a.eq_ignore_ascii_case(&'s'))
            && at(i + 2).is_none_or(|c| !c.is_alphanumeric());
        if before == Some(' ') && after == Some(' ') {
            dashes += 1;
            out.push('-');
        } else if possessive {
            apostrophes += 1;
            out.push('\'');
        } else {
            unknown += 1;
            out.push(c);
        }
    }
    if dashes > 0 {
        notes.push("a dash that was stored as ? put back".to_owned());
    }
    if apostrophes > 0 {
        notes.push("an apostrophe that was stored as ? put back".to_owned());
    }
    if unknown > 0 {
        notes.push("a character was lost and stands as ?, kept as it stands".to_owned());
    }
    *name = out;
    notes
}

/// The form names are searched by: lower case, accents of Latin letters off, everything but letters and digits a
/// single space, apostrophes nothing.
#[must_use]
pub fn search_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2019}' | '\u{2018}') {
            continue;
        }
        if c.is_alphanumeric() {
            match plain(c) {
                Some(letters) => out.push_str(letters),
                None => out.extend(c.to_lowercase()),
            }
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The plain spelling of the accented letters that occur in names in Britain.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ŵ' | 'Ŵ' => "w",
        'ŷ' | 'Ŷ' => "y",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_spelling() {
        for text in [
            "2022-06-30",
            "30/06/2022",
            "20220630",
            "2022-06-30 00:00:00",
            "2022-06-30T09:30:00Z",
            " 30/6/2022 ",
        ] {
            assert_eq!(parse_day(text).unwrap().to_string(), "2022-06-30", "{text}");
        }
    }

    #[test]
    fn nonsense_is_no_day() {
        for text in [
            "",
            "31/02/2022",
            "2022-13-01",
            "06/30/2022",
            "44742",
            "30/06/22",
            "yesterday",
            "2022-06",
            "0001-01-01",
            "2022-06-30 noon",
            "20220631",
            "+2022-06-30",
            "1/2/3/4",
        ] {
            assert!(parse_day(text).is_err(), "{text}");
        }
    }

    fn cleaned(text: &str) -> (String, usize) {
        let clean = clean_name(text).unwrap();
        (clean.name, clean.notes.len())
    }

    #[test]
    fn names_are_mended_where_it_is_plain() {
        assert_eq!(cleaned("  NOWHERE CARE"), ("NOWHERE CARE".to_owned(), 1));
        assert_eq!(cleaned("Nowhere ? North"), ("Nowhere - North".to_owned(), 1));
        assert_eq!(cleaned("The Nobody?s Trust"), ("The Nobody's Trust".to_owned(), 1));
        assert_eq!(cleaned("Nob?dy Ltd"), ("Nob?dy Ltd".to_owned(), 1));
        assert_eq!(cleaned("Nowhere\tCare\u{7}"), ("Nowhere Care".to_owned(), 1));
        assert_eq!(cleaned("Nowhere & Sons (the 'first')"), ("Nowhere & Sons (the 'first')".to_owned(), 0));
    }

    #[test]
    fn hostile_names_stay_text_and_are_noted() {
        assert_eq!(cleaned("=HYPERLINK(\"x\")"), ("=HYPERLINK(\"x\")".to_owned(), 1));
        assert_eq!(cleaned("<script>alert(1)</script>").1, 1);
        assert!(clean_name(" \t ").is_err());
        assert!(clean_name(&"x".repeat(301)).is_err());
        assert!(clean_name(&"é".repeat(300)).is_ok());
    }

    #[test]
    fn search_forms_ignore_case_spaces_accents_and_punctuation() {
        assert_eq!(search_form("  The NOBODY\u{2019}s   Trust (No. 2) "), "the nobodys trust no 2");
        assert_eq!(search_form("Bûhl & Søn-Ltd"), "buhl son ltd");
        assert_eq!(search_form("%_"), "");
    }
}
