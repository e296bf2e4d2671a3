//! The publisher's pages: the list of releases, a new one with its preview, and the check before publishing.

use serde::Serialize;

use crate::platform::error::FieldError;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::publication::report::Report;

fn crumbs() -> Vec<Link> {
    vec![Link::new("Home", "/home"), Link::new("Releases", "/releases")]
}

/// One release in the list.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseRow {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Where it stands, in words.
    pub state: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// When it was published, in microseconds; 0 when it was not.
    pub published_at: i64,
}

/// The list.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseListPage {
    /// Newest figures first.
    pub releases: Vec<ReleaseRow>,
    /// Whether the person may prepare one.
    pub may_prepare: bool,
}

impl Page for ReleaseListPage {
    const TEMPLATE: &'static str = "publication/list.html";

    fn title(&self) -> String {
        "Releases".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |published_at| ReleaseRow {
            title: "Results 2026 <i>".into(),
            href: "/releases/returns-2026".into(),
            state: "Draft".into(),
            as_at: 0,
            published_at,
        };
        vec![
            ("empty", Self { releases: Vec::new(), may_prepare: false }),
            ("typical", Self { releases: vec![row(0), row(1)], may_prepare: true }),
        ]
    }
}

/// The form of a new release as it was posted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrepareForm {
    /// `collection:KEY` or `register:NAME`.
    pub source: String,
    /// The title; empty takes one from the source.
    pub title: String,
    /// Who answers for the figures.
    pub lead_statistician: String,
}

/// What a release would say, before it is stored.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Its title.
    pub title: String,
    /// Measures with their counts.
    pub measures: Vec<(String, u64)>,
    /// Captions of the tables with how many figures each withholds.
    pub tables: Vec<(String, u64)>,
    /// What is withheld and why.
    pub report: Report,
    /// Notes that readers will see.
    pub notes: Vec<String>,
    /// The release that says the same already, or empty.
    pub same_as: String,
}

impl Preview {
    fn sample() -> Self {
        use crate::publication::report::{Cost, Withheld};
        let withheld = Withheld {
            row: "1-101 Policy".into(),
            column: "Level 0".into(),
            reason: "small count".into(),
            low: 0,
            high: 7,
        };
        let cost = Cost { shown: 10, sensitive: 1, complementary: 1, organisations: 4 };
        Self {
            title: "Results 2026".into(),
            measures: vec![("In scope".into(), 220)],
            tables: vec![("Answers by requirement".into(), 2)],
            report: Report {
                withheld: vec![withheld],
                cost: Some(cost),
                held_back: Some("Left out.".into()),
            },
            notes: vec!["A note.".into()],
            same_as: "returns-2026".into(),
        }
    }
}

/// The form and, once a source is chosen, the preview.
#[derive(Debug, Clone, Serialize)]
pub struct NewReleasePage {
    /// What is wrong with the form.
    pub errors: ErrorSummary,
    /// The source field.
    pub source: Field,
    /// Its choices.
    pub sources: Vec<Choice>,
    /// The title field.
    pub name: Field,
    /// The lead statistician field.
    pub lead_statistician: Field,
    /// What the release would say.
    pub preview: Option<Preview>,
}

impl NewReleasePage {
    /// The form as posted, with what is wrong with it.
    pub fn new(
        form: &PrepareForm,
        sources: Vec<Choice>,
        problems: &[FieldError],
        preview: Option<Preview>,
    ) -> Self {
        let mut errors = FormErrors::new();
        for problem in problems {
            let field = if problem.field == "collection" { "source" } else { problem.field.as_str() };
            errors.add(field, problem.message.clone());
        }
        Self {
            errors: errors.summary(),
            source: Field::new("source", "Where the figures come from").value(&form.source).errors(&errors),
            sources,
            name: Field::new("title", "Title")
                .hint("Leave empty to take one from the source.")
                .value(&form.title)
                .errors(&errors),
            lead_statistician: Field::new("lead_statistician", "Lead statistician")
                .hint("The person who answers for the figures. Their name is published.")
                .value(&form.lead_statistician)
                .errors(&errors),
            preview,
        }
    }
}

impl Page for NewReleasePage {
    const TEMPLATE: &'static str = "publication/new.html";

    fn title(&self) -> String {
        "Prepare a release".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sources = vec![Choice::new("collection:2026", "Returns 2026 (closed)")];
        let problem = FieldError {
            field: "lead_statistician".into(),
            message: "Enter the lead statistician\u{2019}s name".into(),
        };
        let form = PrepareForm::default();
        let plain = Preview { same_as: String::new(), report: Report::default(), ..Preview::sample() };
        vec![
            ("empty", Self::new(&form, Vec::new(), &[], None)),
            ("error", Self::new(&form, sources.clone(), &[problem], None)),
            ("preview", Self::new(&form, sources.clone(), &[], Some(Preview::sample()))),
            ("plain", Self::new(&form, sources, &[], Some(plain))),
        ]
    }
}

/// One release for the publisher, with the button that publishes it.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseCheckPage {
    /// Its key.
    pub key: String,
    /// Where it stands, in words.
    pub state: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether the person may publish it.
    pub may_publish: bool,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// The document's hash in hexadecimal.
    pub hash: String,
    /// The count of changes that the button is for.
    pub version: i64,
    /// What it says.
    pub preview: Preview,
}

impl Page for ReleaseCheckPage {
    const TEMPLATE: &'static str = "publication/check.html";

    fn title(&self) -> String {
        self.preview.title.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let draft = Self {
            key: "returns-2026".into(),
            state: "Draft".into(),
            draft: true,
            may_publish: true,
            lead_statistician: "Ada Example".into(),
            as_at: 0,
            hash: "00ff".repeat(16),
            version: 1,
            preview: Preview::sample(),
        };
        let published = Self { draft: false, state: "Published".into(), ..draft.clone() };
        let reader = Self { may_publish: false, ..draft.clone() };
        vec![("draft", draft), ("published", published), ("reader", reader)]
    }
}
