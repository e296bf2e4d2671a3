//! The filters of page templates: numbers, percentages, dates and times of Europe/London, lists as sentences.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::{PagesError, words};

/// Registers `number`, `percent`, `date`, `datetime` and `sentence`.
pub(super) fn register(tera: &mut Tera) -> Result<(), PagesError> {
    let london = TimeZone::get("Europe/London")?;
    let zone = london.clone();
    tera.register_filter("date", move |value: &Value, _: Kwargs, _: &State| date(value, &zone));
    tera.register_filter("datetime", move |value: &Value, _: Kwargs, _: &State| {
        let at = micros(value, "datetime")?.to_zoned(london.clone());
        Ok::<_, tera::Error>(words::datetime(&at))
    });
    tera.register_filter("number", |value: &Value, kwargs: Kwargs, _: &State| number(value, &kwargs));
    tera.register_filter("percent", |value: &Value, kwargs: Kwargs, _: &State| {
        number(value, &kwargs).map(|said| said + "%")
    });
    tera.register_filter("sentence", |value: Vec<String>, _: Kwargs, _: &State| words::sentence(&value));
    Ok(())
}

/// A whole number as it is; another with `places` decimals (1 unless said).
fn number(value: &Value, kwargs: &Kwargs) -> TeraResult<String> {
    let places = kwargs.get::<u64>("places")?;
    if let (Some(whole), None) = (value.as_i128(), places) {
        return Ok(words::number(whole));
    }
    let Some(value) = value.as_f64() else {
        return Err(tera::Error::message(format!("`number` needs a number, not `{}`", value.name())));
    };
    let places = usize::try_from(places.unwrap_or(1)).unwrap_or(1).min(12);
    Ok(words::decimal(value, places))
}

/// A day: microseconds since the epoch (the day in London), or `YYYY-MM-DD` as stored.
fn date(value: &Value, zone: &TimeZone) -> TeraResult<String> {
    match value.as_str() {
        Some(text) => text
            .parse::<Date>()
            .map(words::date)
            .map_err(|error| tera::Error::message(format!("`date` cannot read {text}: {error}"))),
        None => Ok(words::date(micros(value, "date")?.to_zoned(zone.clone()).date())),
    }
}

fn micros(value: &Value, filter: &str) -> TeraResult<Timestamp> {
    let Some(micros) = value.as_i64() else {
        let got = value.name();
        return Err(tera::Error::message(format!(
            "`{filter}` needs microseconds since the epoch, not `{got}`"
        )));
    };
    Timestamp::from_microsecond(micros)
        .map_err(|error| tera::Error::message(format!("`{filter}` cannot say {micros}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> Result<String, String> {
        let mut tera = Tera::new();
        register(&mut tera).expect("the zone is bundled");
        tera.add_raw_template("a.html", template).expect("a good template");
        tera.render("a.html", &tera::Context::new()).map_err(|error| super::super::error::explain(&error))
    }

    #[test]
    fn times_are_those_of_london_in_winter_and_summer() {
        assert_eq!(render("{{ 1793698200000000 | datetime }}").expect("a page"), "3 November 2026 at 9:30am");
        assert_eq!(render("{{ 1782860400000000 | datetime }}").expect("a page"), "1 July 2026 at midnight");
        assert_eq!(render("{{ 1782860400000000 | date }}").expect("a page"), "1 July 2026");
        assert_eq!(render(r#"{{ "2026-07-01" | date }}"#).expect("a page"), "1 July 2026");
    }

    #[test]
    fn numbers_and_lists() {
        assert_eq!(render("{{ 110234 | number }}").expect("a page"), "110,234");
        assert_eq!(render("{{ 87.25 | percent }} {{ 87 | percent }}").expect("a page"), "87.2% 87%");
        assert_eq!(render("{{ 87 | percent(places=1) }}").expect("a page"), "87.0%");
        assert_eq!(render(r#"{{ ["a", "b & c"] | sentence }}"#).expect("a page"), "a and b &amp; c");
    }

    #[test]
    fn a_wrong_kind_of_value_is_an_error_not_a_blank() {
        assert!(render(r#"{{ "soon" | date }}"#).expect_err("not a date").contains("soon"));
        assert!(render(r#"{{ "9:30" | datetime }}"#).expect_err("not a time").contains("microseconds"));
        assert!(render(r#"{{ "many" | number }}"#).is_err());
    }
}
