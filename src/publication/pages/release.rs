//! The publisher's pages: the list of releases, a new one with its preview, and the check before publishing.

use serde::Serialize;

use crate::platform::error::FieldError;
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page, Tag};
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
    /// How many figures are withheld in all.
    pub suppressed: u64,
    /// What is withheld and why; each figure by itself only for those who may read it.
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
            suppressed: 2,
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
        let plain =
            Preview { same_as: String::new(), suppressed: 0, report: Report::default(), ..Preview::sample() };
        vec![
            ("empty", Self::new(&form, Vec::new(), &[], None)),
            ("error", Self::new(&form, sources.clone(), &[problem], None)),
            ("preview", Self::new(&form, sources.clone(), &[], Some(Preview::sample()))),
            ("plain", Self::new(&form, sources, &[], Some(plain))),
        ]
    }
}

/// What somebody can do with a release now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct May {
    /// Change its text and explain checks.
    pub word: bool,
    /// Submit it for approval.
    pub submit: bool,
    /// Approve it, or send it back.
    pub decide: bool,
    /// Nothing, having had a hand in it.
    pub wait: bool,
    /// Put it on a date.
    pub schedule: bool,
    /// Publish it as a correction.
    pub correct: bool,
    /// Say who reads it early.
    pub list_readers: bool,
    /// Publish it, its time having come.
    pub publish: bool,
    /// Give it up.
    pub discard: bool,
    /// Read what is suppressed in it, with the true counts.
    pub read_suppressed: bool,
}

/// One quality check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckRow {
    /// What it asks.
    pub title: String,
    /// What it came to.
    pub outcome: Tag,
    /// What it found.
    pub found: String,
    /// What somebody wrote about it; empty otherwise.
    pub explanation: String,
    /// Where it is explained; empty where it cannot be.
    pub href: String,
}

/// The date that a release is on.
#[derive(Debug, Clone, Serialize)]
pub struct OnDate {
    /// When it is due.
    pub due: i64,
    /// The entry of the calendar.
    pub href: String,
}

/// One release for those who work on it, with what can be done next.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseCheckPage {
    /// What is wrong with the form that was sent.
    pub errors: ErrorSummary,
    /// Its key.
    pub key: String,
    /// Where it stands.
    pub state: Tag,
    /// Whether everybody can read it.
    pub is_public: bool,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// The moment the figures are of, in microseconds.
    pub as_at: i64,
    /// The document's hash in hexadecimal.
    pub hash: String,
    /// The count of changes that the buttons are for.
    pub version: String,
    /// Whom readers may ask; empty until it is said.
    pub contact: String,
    /// What the figures say; empty until it is said.
    pub commentary: String,
    /// Why there is another version; empty where there is none.
    pub reason: String,
    /// Why it was sent back; empty otherwise.
    pub sent_back: String,
    /// What the approver stated; empty until then.
    pub statement: String,
    /// Its date.
    pub date: Option<OnDate>,
    /// Its quality checks.
    pub checks: Vec<CheckRow>,
    /// What the person may do.
    pub may: May,
    /// The choice of the decision.
    pub decision: Field,
    /// Its choices.
    pub decisions: Vec<Choice>,
    /// The statement or reason of the decision.
    pub said: Field,
    /// The choice of a date.
    pub on_date: Field,
    /// Its choices.
    pub dates: Vec<Choice>,
    /// What it says.
    pub preview: Preview,
}

impl ReleaseCheckPage {
    /// The fields of its forms, with what was typed and what is wrong with it.
    pub fn fields(said: &str, errors: &FormErrors) -> (Field, Vec<Choice>, Field, Field) {
        (
            Field::new("decision", "What is your decision?").errors(errors),
            vec![
                Choice::new("approve", "I approve it"),
                Choice::new("send_back", "It goes back to be changed"),
            ],
            Field::new("statement", "What you have checked, or what is to be changed")
                .value(said)
                .errors(errors),
            Field::new("date", "Announced date").errors(errors),
        )
    }

    fn sample() -> Self {
        let (decision, decisions, said, on_date) = Self::fields("", &FormErrors::new());
        let row = CheckRow {
            title: "Denominators and totals add up".into(),
            outcome: Tag::new("Passed", "green"),
            found: "5 tables were added up again.".into(),
            explanation: "It is so.".into(),
            href: "/releases/returns-2026/checks/change".into(),
        };
        Self {
            errors: ErrorSummary::default(),
            key: "returns-2026".into(),
            state: Tag::new("Draft", "grey"),
            is_public: false,
            lead_statistician: "Ada Example".into(),
            as_at: 0,
            hash: "00ff".repeat(16),
            version: "1".into(),
            contact: "Ada Example, ada@statistics.example".into(),
            commentary: "Most organisations meet the standard. <b>".into(),
            reason: "One return was counted twice.".into(),
            sent_back: "The base is missing.".into(),
            statement: "Added up by hand.".into(),
            date: Some(OnDate { due: 0, href: "/releases/calendar/1".into() }),
            checks: vec![row],
            may: May::default(),
            decision,
            decisions,
            said,
            on_date,
            dates: vec![Choice::new("1", "Results 2026")],
            preview: Preview::sample(),
        }
    }
}

impl Page for ReleaseCheckPage {
    const TEMPLATE: &'static str = "publication/check.html";

    fn title(&self) -> String {
        self.preview.title.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        crumbs()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let may = |may: May| Self { may, ..Self::sample() };
        let mut hidden = Preview::sample();
        hidden.report.withheld.clear();
        let bare = Self {
            contact: String::new(),
            commentary: String::new(),
            reason: String::new(),
            sent_back: String::new(),
            statement: String::new(),
            date: None,
            checks: Vec::new(),
            dates: Vec::new(),
            ..Self::sample()
        };
        let mut errors = FormErrors::new();
        errors.add("decision", "Select your decision");
        let (decision, decisions, said, on_date) = Self::fields("", &errors);
        let refused = Self {
            errors: errors.summary(),
            decision,
            decisions,
            said,
            on_date,
            ..may(May { decide: true, ..May::default() })
        };
        vec![
            ("reader", Self { preview: hidden, ..Self::sample() }),
            ("bare", bare.clone()),
            ("draft", may(May { word: true, submit: true, discard: true, ..May::default() })),
            ("decision", may(May { decide: true, ..May::default() })),
            ("refused", refused),
            ("waiting", may(May { wait: true, ..May::default() })),
            ("approved", may(May { schedule: true, correct: true, discard: true, ..May::default() })),
            ("no date", Self { may: May { schedule: true, ..May::default() }, ..bare }),
            ("announced", may(May { list_readers: true, publish: true, ..May::default() })),
            ("published", Self { is_public: true, ..may(May { read_suppressed: true, ..May::default() }) }),
        ]
    }
}
