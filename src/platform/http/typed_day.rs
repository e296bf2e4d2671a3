//! A day of the calendar as typed into a form: three parts, kept as they were typed until they are a real date.

use super::fields::Fields;
use crate::platform::clock::Day;
use crate::platform::pages::{DateField, FormErrors};

/// A day in three parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDay {
    day: String,
    month: String,
    year: String,
}

impl TypedDay {
    /// The parts of a posted form's field of this name.
    #[must_use]
    pub fn read(fields: &Fields, name: &str) -> Self {
        let part = |part: &str| fields.text(&format!("{name}-{part}"));
        Self { day: part("day"), month: part("month"), year: part("year") }
    }

    /// The parts of a day that is known.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let date = day.date();
        Self { day: date.day().to_string(), month: date.month().to_string(), year: date.year().to_string() }
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.day.is_empty() && self.month.is_empty() && self.year.is_empty()
    }

    /// The control with what was typed.
    #[must_use]
    pub fn field(&self, name: &str, label: &str, errors: &FormErrors) -> DateField {
        DateField::new(name, label).typed(&self.day, &self.month, &self.year).errors(errors)
    }

    /// The day, or an error at the wrong part. `what` ends the sentence "Enter the date ...".
    pub fn parse(&self, name: &str, what: &str, errors: &mut FormErrors) -> Option<Day> {
        if self.is_blank() {
            errors.add_at(name, format!("{name}-day"), format!("Enter the date {what}"));
            return None;
        }
        let number = |text: &str, most: i16| text.parse::<i16>().ok().filter(|n| (1..=most).contains(n));
        let parts = (number(&self.day, 31), number(&self.month, 12), number(&self.year, 9999));
        let wrong = match parts {
            (None, ..) => "day",
            (_, None, _) => "month",
            (_, _, None) => "year",
            (Some(day), Some(month), Some(year)) => {
                let real = i8::try_from(day).ok().zip(i8::try_from(month).ok());
                match real.and_then(|(day, month)| Day::new(year, month, day)) {
                    Some(real) if year >= 1900 => return Some(real),
                    Some(_) => "year",
                    None => "day",
                }
            }
        };
        errors.add_at(
            name,
            format!("{name}-{wrong}"),
            format!("Enter a real date {what}, such as 31 1 2026"),
        );
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(day: &str, month: &str, year: &str) -> (Option<Day>, String) {
        let mut errors = FormErrors::new();
        let form = TypedDay { day: day.into(), month: month.into(), year: year.into() };
        let read = form.parse("due", "it is due", &mut errors);
        (read, errors.summary().items.first().map(|item| item.href.clone()).unwrap_or_default())
    }

    #[test]
    fn real_days_are_read_and_others_lead_to_the_wrong_part() {
        assert_eq!(typed("29", "2", "2028").0, Day::new(2028, 2, 29));
        assert_eq!(typed("29", "2", "2026"), (None, "#due-day".to_owned()));
        assert_eq!(typed("1", "13", "2026"), (None, "#due-month".to_owned()));
        assert_eq!(typed("1", "1", "26"), (None, "#due-year".to_owned()));
        assert_eq!(typed("", "", ""), (None, "#due-day".to_owned()));
    }
}
