//! The centre's pages of the release calendar: the list, a new date, and one date with what can be done with it.

use serde::Serialize;

use crate::platform::clock::Timestamp;
use crate::platform::http::TypedDay;
use crate::platform::pages::{DateField, ErrorSummary, Field, FormErrors, Link, Page, Tag};
use crate::publication::pipeline::{DateChange, NOTICE_DAYS, ReleaseDate, ReleaseDateState, first_day};

/// A date's state as a coloured word; one whose time has passed without a release is late.
#[must_use]
pub fn date_tag(state: ReleaseDateState, due: Timestamp, now: Timestamp) -> Tag {
    match state {
        ReleaseDateState::Announced if due <= now => Tag::new("Late", "red"),
        ReleaseDateState::Announced => Tag::new(state.words(), "blue"),
        ReleaseDateState::Published => Tag::new(state.words(), "green"),
        ReleaseDateState::Cancelled => Tag::new(state.words(), "grey"),
    }
}

fn crumbs() -> Vec<Link> {
    vec![Link::new("Home", "/home"), Link::new("Releases", "/releases")]
}

/// One date in the list.
#[derive(Debug, Clone, Serialize)]
pub struct DateRow {
    /// What is released.
    pub title: String,
    /// Its page.
    pub href: String,
    /// When it is due, in microseconds.
    pub due: i64,
    /// Where it stands.
    pub tag: Tag,
    /// What is on it: a release's title, or empty.
    pub release: String,
}

/// The calendar of the centre.
#[derive(Debug, Serialize)]
pub struct CalendarPage {
    /// In the order of time.
    pub rows: Vec<DateRow>,
    /// Whether the person may announce a date.
    pub may_announce: bool,
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "publication/calendar.html";

    fn title(&self) -> String {
        "Calendar of releases".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |release: &str| DateRow {
            title: "Results 2026 <i>".into(),
            href: "/releases/calendar/1".into(),
            due: 0,
            tag: Tag::new("Announced", "blue"),
            release: release.into(),
        };
        vec![
            ("empty", Self { rows: Vec::new(), may_announce: false }),
            ("typical", Self { rows: vec![row(""), row("Results 2026")], may_announce: true }),
        ]
    }
}

/// The form of a new date as it was posted.
#[derive(Debug, Clone, Default)]
pub struct DateForm {
    /// What will be released.
    pub title: String,
    /// What it will be about.
    pub about: String,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Whom readers may ask.
    pub contact: String,
    /// The day.
    pub day: TypedDay,
}

/// A new date.
#[derive(Debug, Serialize)]
pub struct NewDatePage {
    errors: ErrorSummary,
    name: Field,
    about: Field,
    lead_statistician: Field,
    contact: Field,
    day: DateField,
}

impl NewDatePage {
    /// The form with what was typed and what is wrong with it.
    #[must_use]
    pub fn new(form: &DateForm, now: Timestamp, errors: &FormErrors) -> Self {
        let first = first_day(now).words();
        let field = |name: &str, label: &str| Field::new(name, label).errors(errors);
        Self {
            errors: errors.summary(),
            name: field("title", "Title").value(&form.title),
            about: field("about", "What will it be about?").value(&form.about),
            lead_statistician: field("lead_statistician", "Lead statistician")
                .hint("The person who answers for the figures. Their name is published.")
                .value(&form.lead_statistician),
            contact: field("contact", "Whom may readers ask?").value(&form.contact),
            day: DateField {
                hint: format!("{first} or later: {NOTICE_DAYS} days ahead. The time is 9:30am."),
                ..form.day.field("day", "Day of publication", errors)
            },
        }
    }
}

impl Page for NewDatePage {
    const TEMPLATE: &'static str = "publication/new_date.html";

    fn title(&self) -> String {
        "Announce a release".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        [crumbs(), vec![Link::new("Calendar of releases", "/releases/calendar")]].concat()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let now = Timestamp::from_micros(1_780_000_000_000_000);
        let mut errors = FormErrors::new();
        errors.add("title", "Enter a title");
        errors.add_at("day", "day-day", "Enter the date of publication");
        vec![
            ("empty", Self::new(&DateForm::default(), now, &FormErrors::new())),
            ("error", Self::new(&DateForm::default(), now, &errors)),
        ]
    }
}

/// One change of a date, as people read it.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeRow {
    /// When it was due before.
    pub was: i64,
    /// When it is due since; 0 when it was cancelled.
    pub now: i64,
    /// Why.
    pub reason: String,
    /// When that was decided.
    pub at: i64,
}

impl From<&DateChange> for ChangeRow {
    fn from(of: &DateChange) -> Self {
        Self {
            was: of.was.micros(),
            now: of.now.map_or(0, Timestamp::micros),
            reason: of.reason.clone(),
            at: of.at.micros(),
        }
    }
}

/// The forms that change a date, with what was typed.
#[derive(Debug, Clone, Default)]
pub struct DateChangeForm {
    /// The new day.
    pub day: TypedDay,
    /// Why it is moved.
    pub reason: String,
    /// Why it is cancelled.
    pub cancel_reason: String,
}

/// One date.
#[derive(Debug, Serialize)]
pub struct ReleaseDatePage {
    #[serde(skip)]
    heading: String,
    errors: ErrorSummary,
    href: String,
    version: String,
    tag: Tag,
    due: i64,
    announced_at: i64,
    about: String,
    lead_statistician: String,
    contact: String,
    release: Option<Link>,
    changes: Vec<ChangeRow>,
    /// Whether the person may move or cancel it.
    may_change: bool,
    day: DateField,
    reason: Field,
    cancel_reason: Field,
}

impl ReleaseDatePage {
    /// The page, with what was typed into its forms.
    #[must_use]
    pub fn new(
        date: &ReleaseDate,
        (release, changes): (Option<Link>, &[DateChange]),
        (may_change, now): (bool, Timestamp),
        form: &DateChangeForm,
        errors: &FormErrors,
    ) -> Self {
        Self {
            heading: date.title.clone(),
            errors: errors.summary(),
            href: format!("/releases/calendar/{}", date.id),
            version: date.version.to_string(),
            tag: date_tag(date.state, date.due_at, now),
            due: date.due_at.micros(),
            announced_at: date.announced_at.micros(),
            about: date.about.clone(),
            lead_statistician: date.lead_statistician.clone(),
            contact: date.contact.clone(),
            release,
            changes: changes.iter().map(ChangeRow::from).collect(),
            may_change,
            day: DateField {
                hint: "The time stays 9:30am.".to_owned(),
                ..form.day.field("day", "New day", errors)
            },
            reason: Field::new("reason", "Why is it moved?")
                .hint("The public reads it.")
                .value(&form.reason)
                .errors(errors),
            cancel_reason: Field::new("cancel_reason", "Why is it cancelled?")
                .hint("The public reads it.")
                .value(&form.cancel_reason)
                .errors(errors),
        }
    }
}

impl Page for ReleaseDatePage {
    const TEMPLATE: &'static str = "publication/date.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        [crumbs(), vec![Link::new("Calendar of releases", "/releases/calendar")]].concat()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let now = Timestamp::from_micros(1_780_000_000_000_000);
        let date = sample_date(now);
        let change = |to: Option<Timestamp>| DateChange {
            date: date.id,
            was: now,
            now: to,
            reason: "The review took longer. <b>".into(),
            at: now,
        };
        let link = Link::new("Results 2026", "/releases/returns-2026");
        let none = FormErrors::new();
        let mut errors = FormErrors::new();
        errors.add("reason", "Say why the date is changed: the public reads it");
        errors.add("cancel_reason", "Say why the date is cancelled: the public reads it");
        let form = DateChangeForm::default();
        let changes = [change(Some(now)), change(None)];
        vec![
            ("reader", Self::new(&date, (None, &[]), (false, now), &form, &none)),
            ("typical", Self::new(&date, (Some(link.clone()), &changes), (true, now), &form, &none)),
            ("error", Self::new(&date, (Some(link), &changes), (true, now), &form, &errors)),
        ]
    }
}

/// An entry of the calendar, for samples.
fn sample_date(now: Timestamp) -> ReleaseDate {
    ReleaseDate {
        id: crate::platform::ids::ReleaseDateId::new(1),
        title: "Results 2026 <i>".into(),
        about: "How well organisations protect data.".into(),
        lead_statistician: "Ada Example".into(),
        contact: "ada@statistics.example".into(),
        due_at: now.plus_seconds(86_400),
        state: ReleaseDateState::Announced,
        release: None,
        announced_at: now,
        version: 1,
    }
}
