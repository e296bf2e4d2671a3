//! Time as a parameter: UTC microseconds inside, Europe/London for people.
//!
//! Microseconds because PostgreSQL and SQLite then hold the same number, and a hash over it is the same.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00Z. Stored as BIGINT.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    diesel::deserialize::FromSqlRow,
    diesel::expression::AsExpression,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A calendar day in Europe/London, stored as TEXT `YYYY-MM-DD`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    diesel::deserialize::FromSqlRow,
    diesel::expression::AsExpression,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(try_from = "String", into = "String")]
pub struct Day(jiff::civil::Date);

impl Timestamp {
    /// Wraps microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment plus whole seconds (negative goes back); saturates at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The London calendar day of this moment.
    #[must_use]
    pub fn london_day(self) -> Day {
        Day(self.london().date())
    }

    /// RFC 3339 in UTC, for machines.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.jiff().to_string()
    }

    /// Words in London time, such as `3 November 2026 at 9:30am`.
    #[must_use]
    pub fn london_words(self) -> String {
        let zoned = self.london();
        format!("{} at {}", Day(zoned.date()).words(), clock_words(zoned.hour(), zoned.minute()))
    }

    /// The time of day in London, such as `09:30`.
    #[must_use]
    pub fn london_time(self) -> String {
        let zoned = self.london();
        format!("{:02}:{:02}", zoned.hour(), zoned.minute())
    }

    fn london(self) -> jiff::Zoned {
        self.jiff().to_zoned(london())
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

fn clock_words(hour: i8, minute: i8) -> String {
    let (twelve, half) = match hour {
        0 => (12, "am"),
        1..=11 => (hour, "am"),
        12 => (12, "pm"),
        _ => (hour - 12, "pm"),
    };
    if minute == 0 { format!("{twelve}{half}") } else { format!("{twelve}:{minute:02}{half}") }
}

/// The time zone people read times in.
#[must_use]
pub fn london() -> TimeZone {
    // The zone is compiled into the binary; were it missing, UTC is wrong by an hour at most and still a time.
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// The moment of a London wall-clock text `YYYY-MM-DD HH:MM`. A time skipped by the clocks going forward is moved
/// to the same instant after the change; a time that happens twice means the first.
///
/// # Errors
/// Says in words what the text should look like.
pub fn parse_london(text: &str) -> Result<Timestamp, String> {
    let civil: jiff::civil::DateTime = text
        .trim()
        .replace(' ', "T")
        .parse()
        .map_err(|_| format!("\"{text}\" is not a date and time such as 2026-06-30 12:00"))?;
    let zoned = civil.to_zoned(london()).map_err(|e| format!("\"{text}\" is out of range: {e}"))?;
    Ok(Timestamp(zoned.timestamp().as_microsecond()))
}

impl Day {
    /// A day of the calendar, if there is one.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).map(Self).ok()
    }

    /// Words such as `3 November 2026`.
    #[must_use]
    pub fn words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// Whole days from this day to the other; negative when the other is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// This day plus whole days; saturates at the ends of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// This day plus whole months, or the last day of the month where it has fewer; saturates at the ends of the calendar.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }

    /// Midnight in London at the start of this day.
    #[must_use]
    pub fn start(self) -> Timestamp {
        self.0.to_zoned(london()).map_or(Timestamp(0), |z| Timestamp(z.timestamp().as_microsecond()))
    }

    /// The moment of a whole hour in London on this day; an hour skipped by the clocks going forward is the one after.
    #[must_use]
    pub fn at_hour(self, hour: i8) -> Timestamp {
        self.at_time(hour, 0)
    }

    /// The moment of a time of day in London on this day; a time skipped by the clocks going forward is the one after.
    #[must_use]
    pub fn at_time(self, hour: i8, minute: i8) -> Timestamp {
        self.0
            .at(hour, minute, 0, 0)
            .to_zoned(london())
            .map_or(Timestamp(0), |zoned| Timestamp(zoned.timestamp().as_microsecond()))
    }

    /// Whether it is a Monday.
    #[must_use]
    pub fn is_monday(self) -> bool {
        self.0.weekday() == jiff::civil::Weekday::Monday
    }

    /// The day as the calendar library holds it, for pure code that takes no day of ours.
    #[must_use]
    pub const fn date(self) -> jiff::civil::Date {
        self.0
    }

    /// The year of the calendar.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment.as_microsecond())
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() != 10 {
            return Err(format!("\"{text}\" is not a date such as 2026-06-30"));
        }
        text.parse().map(Self).map_err(|_| format!("\"{text}\" is not a date such as 2026-06-30"))
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present moment, cut to microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that stands still until it is moved; for tests and for the demo's past years.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at the given moment.
    #[must_use]
    pub const fn at(moment: Timestamp) -> Self {
        Self(AtomicI64::new(moment.0))
    }

    /// Moves to another moment.
    pub fn set(&self, moment: Timestamp) {
        self.0.store(moment.0, Ordering::SeqCst);
    }

    /// Moves on by whole seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for Timestamp
where
    DB: diesel::backend::Backend,
    i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i64::from_sql(bytes).map(Self)
    }
}

impl<DB> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for Timestamp
where
    DB: diesel::backend::Backend,
    i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for Day
where
    DB: diesel::backend::Backend,
    String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        Ok(String::from_sql(bytes)?.parse()?)
    }
}

impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::sqlite::Sqlite> for Day {
    fn to_sql<'b>(
        &'b self,
        out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
    ) -> diesel::serialize::Result {
        out.set_value(self.to_string());
        Ok(diesel::serialize::IsNull::No)
    }
}

impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for Day {
    fn to_sql<'b>(
        &'b self,
        out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
    ) -> diesel::serialize::Result {
        use std::io::Write as _;
        write!(out, "{self}")?;
        Ok(diesel::serialize::IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_london_time_over_the_clock_change() {
        let winter = parse_london("2026-01-05 09:30").unwrap();
        let summer = parse_london("2026-07-01 00:00").unwrap();
        assert_eq!(winter.london_words(), "5 January 2026 at 9:30am");
        assert_eq!(summer.rfc3339(), "2026-06-30T23:00:00Z");
        assert_eq!(summer.london_words(), "1 July 2026 at 12am");
        assert_eq!(summer.london_day().to_string(), "2026-07-01");
    }

    #[test]
    fn a_time_the_clocks_skip_is_moved_on_and_a_double_time_is_the_first() {
        assert_eq!(parse_london("2026-03-29 01:30").unwrap().rfc3339(), "2026-03-29T01:30:00Z");
        assert_eq!(parse_london("2026-10-25 01:30").unwrap().rfc3339(), "2026-10-25T00:30:00Z");
        assert!(parse_london("tomorrow").is_err());
    }

    #[test]
    fn days_count_and_refuse_nonsense() {
        let a: Day = "2026-02-27".parse().unwrap();
        assert_eq!(a.days_until("2026-03-02".parse().unwrap()), 3);
        assert_eq!(a.plus_days(2).to_string(), "2026-03-01");
        assert!("2026-02-30".parse::<Day>().is_err());
        assert!("20260101".parse::<Day>().is_err());
    }
}
