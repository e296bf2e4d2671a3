//! Numbers, dates and lists in the words of British pages; pure, so that other texts (mails, CSV notes) say the same.

use jiff::Zoned;
use jiff::civil::Date;

/// `1234567` as `1,234,567`.
pub fn number(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('\u{2212}');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with this many decimal places and thousands separators.
pub fn decimal(value: f64, places: usize) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse::<i128>().map_or_else(|_| whole.to_owned(), number);
    let negative = value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0');
    let sign = if negative { "\u{2212}" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// `3 November 2026`.
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date.month()), date.year())
}

/// `3 November 2026 at 9:30am`; on the hour without minutes; midday and midnight by name.
pub fn datetime(at: &Zoned) -> String {
    let words = match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (hour, minute) => {
            let half = if hour < 12 { "am" } else { "pm" };
            let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
            if minute == 0 { format!("{hour}{half}") } else { format!("{hour}:{minute:02}{half}") }
        }
    };
    format!("{} at {words}", date(at.date()))
}

/// `a`, `a and b`, `a, b and c`.
pub fn sentence(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn month(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// A text with a capital in front, such as a reason that a command line prints after a colon.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        let said: Vec<String> = [0, 999, 1000, 1_234_567, -12_345].into_iter().map(number).collect();
        assert_eq!(said, ["0", "999", "1,000", "1,234,567", "\u{2212}12,345"]);
        assert_eq!(decimal(1234.56, 1), "1,234.6");
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(-1.5, 0), "\u{2212}2");
    }

    #[test]
    fn times_read_as_people_say_them() {
        let at = |text: &str| datetime(&text.parse::<Zoned>().expect("a time"));
        assert_eq!(at("2026-11-03T09:30[Europe/London]"), "3 November 2026 at 9:30am");
        assert_eq!(at("2026-11-03T17:00[Europe/London]"), "3 November 2026 at 5pm");
        assert_eq!(at("2026-06-30T12:00[Europe/London]"), "30 June 2026 at midday");
        assert_eq!(at("2026-06-30T12:05[Europe/London]"), "30 June 2026 at 12:05pm");
        assert_eq!(at("2026-06-30T00:00[Europe/London]"), "30 June 2026 at midnight");
        assert_eq!(at("2026-06-30T00:07[Europe/London]"), "30 June 2026 at 12:07am");
    }

    #[test]
    fn lists_end_with_and() {
        let said =
            |items: &[&str]| sentence(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!(said(&[]), "");
        assert_eq!(said(&["a"]), "a");
        assert_eq!(said(&["a", "b"]), "a and b");
        assert_eq!(said(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn texts_begin_with_a_capital() {
        let said: Vec<String> =
            ["", "a code", "\u{e9}t\u{e9}", "Two", "2 rows"].into_iter().map(capitalised).collect();
        assert_eq!(said, ["", "A code", "\u{c9}t\u{e9}", "Two", "2 rows"]);
    }
}
