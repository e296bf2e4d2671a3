//! Reading before publication: the list for the centre, what somebody is told before they read, and the release itself.

use serde::Serialize;

use super::figure::FigureView;
use super::site::sample_figure;
use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::publication::pipeline::{EARLY_HOURS, EarlyReader, EarlyView, NewReader};
use crate::publication::release::ReleaseSummary;

/// Somebody on the list.
#[derive(Debug, Clone, Serialize)]
pub struct ReaderRow {
    /// Their number.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// What they work for.
    pub body: String,
    /// Why they read early.
    pub reason: String,
    /// Their address.
    pub email: String,
    /// How they read: signed in, or by a link of their own.
    pub way: &'static str,
    /// When they were told; 0 when they were not yet.
    pub told_at: i64,
}

impl From<&EarlyReader> for ReaderRow {
    fn from(of: &EarlyReader) -> Self {
        Self {
            id: of.id.to_string(),
            name: of.name.clone(),
            role: of.role.clone(),
            body: of.body.clone(),
            reason: of.reason.clone(),
            email: of.email.clone(),
            way: if of.person.is_some() { "Signs in" } else { "Has a link of their own" },
            told_at: of.told_at.map_or(0, crate::platform::clock::Timestamp::micros),
        }
    }
}

/// Who may read a release early, and when they did.
#[derive(Debug, Serialize)]
pub struct EarlyReadersPage {
    #[serde(skip)]
    of: (String, String),
    errors: ErrorSummary,
    href: String,
    version: String,
    hours: i64,
    readers: Vec<ReaderRow>,
    /// Name and moment of every reading.
    views: Vec<(String, i64)>,
    name: Field,
    role: Field,
    body: Field,
    reason: Field,
    email: Field,
}

impl EarlyReadersPage {
    /// The page with what was typed into its form.
    #[must_use]
    pub fn new(
        of: &ReleaseSummary,
        (readers, views): (&[EarlyReader], &[EarlyView]),
        form: &NewReader,
        errors: &FormErrors,
    ) -> Self {
        let readers = readers.iter().map(ReaderRow::from).collect();
        let views = views.iter().map(|view| (view.name.clone(), view.at.micros())).collect();
        Self::made((&of.key, &of.title, of.version), (readers, views), form, errors)
    }

    fn made(
        (key, title, version): (&str, &str, i64),
        (readers, views): (Vec<ReaderRow>, Vec<(String, i64)>),
        form: &NewReader,
        errors: &FormErrors,
    ) -> Self {
        let field = |name: &str, label: &str| Field::new(name, label).errors(errors);
        Self {
            of: (key.to_owned(), title.to_owned()),
            errors: errors.summary(),
            href: format!("/releases/{key}/early-readers"),
            version: version.to_string(),
            hours: EARLY_HOURS,
            readers,
            views,
            name: field("name", "Name").value(&form.name),
            role: field("role", "Role").value(&form.role),
            body: field("body", "Organisation").value(&form.body),
            reason: field("reason", "Why must they read it early?").value(&form.reason),
            email: field("email", "Email address").hint("It is not published.").value(&form.email),
        }
    }
}

impl Page for EarlyReadersPage {
    const TEMPLATE: &'static str = "publication/early_readers.html";

    fn title(&self) -> String {
        "Who may read it early".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![
            Link::new("Home", "/home"),
            Link::new("Releases", "/releases"),
            Link::new(self.of.1.clone(), format!("/releases/{}", self.of.0)),
        ]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let of = ("returns-2026", "Results 2026", 1);
        let row = |told_at| ReaderRow {
            id: "1".into(),
            name: "Mina Minister <b>".into(),
            role: "Minister".into(),
            body: "Department".into(),
            reason: "To answer questions".into(),
            email: "mina@department.example".into(),
            way: "Has a link of their own",
            told_at,
        };
        let lists = (vec![row(0), row(1)], vec![("Mina Minister".to_owned(), 0)]);
        let mut errors = FormErrors::new();
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
        let form = NewReader::default();
        vec![
            ("empty", Self::made(of, (Vec::new(), Vec::new()), &form, &FormErrors::new())),
            ("typical", Self::made(of, lists.clone(), &form, &FormErrors::new())),
            ("error", Self::made(of, lists, &form, &errors)),
        ]
    }
}

/// What somebody on the list is told before they read.
#[derive(Debug, Serialize)]
pub struct EarlyNoticePage {
    /// The release's title.
    pub heading: String,
    /// The reader.
    pub name: String,
    /// Whether they may read now.
    pub open: bool,
    /// From when they may, in microseconds.
    pub from: i64,
    /// When the release is public, in microseconds.
    pub due: i64,
    /// Where the form goes.
    pub action: String,
}

impl Page for EarlyNoticePage {
    const TEMPLATE: &'static str = "publication/early_notice.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |open| Self {
            heading: "Results 2026 <i>".into(),
            name: "Mina Minister".into(),
            open,
            from: 0,
            due: 1,
            action: "/early/abc".into(),
        };
        vec![("open", page(true)), ("not yet", page(false))]
    }
}

/// A release as somebody reads it early.
#[derive(Debug, Serialize)]
pub struct EarlyReleasePage {
    /// Its title.
    pub heading: String,
    /// The reader, who stands on the page so that a copy of it tells whose it was.
    pub name: String,
    /// When it is public, in microseconds.
    pub due: i64,
    /// What the figures say.
    pub commentary: String,
    /// Key and value pairs about it.
    pub facts: Vec<(String, String)>,
    /// Its notes.
    pub notes: Vec<String>,
    /// Its figures, without files to download.
    pub figures: Vec<FigureView>,
}

impl Page for EarlyReleasePage {
    const TEMPLATE: &'static str = "publication/early_release.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let figure = FigureView { csv: String::new(), json: String::new(), ..sample_figure() };
        let typical = Self {
            heading: "Results 2026 <i>".into(),
            name: "Mina Minister".into(),
            due: 0,
            commentary: "Most meet the standard.".into(),
            facts: vec![("Lead statistician".into(), "Ada Example".into())],
            notes: vec!["A note.".into()],
            figures: vec![figure],
        };
        vec![("typical", typical)]
    }
}
