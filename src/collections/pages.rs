//! Pages of collections: the list, choosing an edition, planning, and one collection with its progress.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::{Collection, CollectionState};
use super::requests::{MoreTimePage, RequestItem, RequestPage, TimeRequest};
use super::store::Progress;
use super::web::forms::{ExtensionForm, Moment, PlanForm, WITHOUT_PROFILE};
use crate::platform::pages::{
    Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page, PageCheck, PagesError,
};
use crate::standards::{Edition, EditionRow, SectorKey};

/// A coloured word, as the `tag` component takes it.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    text: &'static str,
    colour: &'static str,
}

impl From<CollectionState> for Tag {
    fn from(state: CollectionState) -> Self {
        let colour = match state {
            CollectionState::Planned => "grey",
            CollectionState::Open => "green",
            CollectionState::Closed => "white",
        };
        Self { text: state.words(), colour }
    }
}

/// One collection in the list.
#[derive(Debug, Serialize)]
pub struct CollectionItem {
    name: String,
    href: String,
    tag: Tag,
    opens_at: i64,
    deadline_at: i64,
    closes_at: i64,
}

/// Every collection.
#[derive(Debug, Serialize)]
pub struct CollectionsPage {
    collections: Vec<CollectionItem>,
    may_plan: bool,
}

impl CollectionsPage {
    /// The page for these collections.
    #[must_use]
    pub fn new(rows: Vec<Collection>, may_plan: bool) -> Self {
        let item = |row: Collection| CollectionItem {
            href: format!("/collections/{}", row.key),
            name: row.name,
            tag: row.state.into(),
            opens_at: row.opens_at.micros(),
            deadline_at: row.deadline_at.micros(),
            closes_at: row.closes_at.micros(),
        };
        Self { collections: rows.into_iter().map(item).collect(), may_plan }
    }
}

impl Page for CollectionsPage {
    const TEMPLATE: &'static str = "collections/list.html";

    fn title(&self) -> String {
        "Collections".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let item = CollectionItem {
            name: "Annual collection 2026".to_owned(),
            href: "/collections/2026".to_owned(),
            tag: CollectionState::Open.into(),
            opens_at: 1_780_000_000_000_000,
            deadline_at: 1_790_000_000_000_000,
            closes_at: 1_790_000_000_000_000,
        };
        vec![
            ("empty", Self { collections: Vec::new(), may_plan: false }),
            ("typical", Self { collections: vec![item], may_plan: true }),
        ]
    }
}

/// The first step of planning: which edition.
#[derive(Debug, Serialize)]
pub struct ChooseEditionPage {
    edition: Field,
    editions: Vec<Choice>,
}

impl ChooseEditionPage {
    /// The page for these editions; `wanted` is what was chosen before.
    #[must_use]
    pub fn new(editions: Vec<EditionRow>, wanted: &str) -> Self {
        let choice = |row: EditionRow| {
            Choice::new(row.key.as_str(), format!("{} {}", row.standard_name, row.label)).hint(row.key)
        };
        Self {
            edition: Field::new("edition", "Which edition is asked?").value(wanted),
            editions: editions.into_iter().map(choice).collect(),
        }
    }
}

impl Page for ChooseEditionPage {
    const TEMPLATE: &'static str = "collections/choose_edition.html";

    fn title(&self) -> String {
        "Plan a collection".to_owned()
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to collections", "/collections"))
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let choices = vec![Choice::new("igt-2026", "Example standard 2026/27").hint("igt-2026")];
        let field = || Field::new("edition", "Which edition is asked?");
        vec![
            ("empty", Self { edition: field(), editions: Vec::new() }),
            ("typical", Self { edition: field().value("igt-2026"), editions: choices }),
        ]
    }
}

/// A day and a time of day.
#[derive(Debug, Serialize)]
pub struct MomentField {
    date: DateField,
    time: Field,
}

impl MomentField {
    pub(super) fn new(
        name: &str,
        label: &str,
        time_label: &str,
        typed: &Moment,
        errors: &FormErrors,
    ) -> Self {
        Self {
            date: DateField::new(name, label).typed(&typed.day, &typed.month, &typed.year).errors(errors),
            time: Field::new(format!("{name}-time"), time_label).value(&typed.time).errors(errors),
        }
    }
}

/// One sector's place in the scope.
#[derive(Debug, Serialize)]
pub struct SectorField {
    field: Field,
    choices: Vec<Choice>,
}

/// The second step of planning: names, times and scope.
#[derive(Debug, Serialize)]
pub struct PlanPage {
    errors: ErrorSummary,
    edition: String,
    edition_name: String,
    key: Field,
    name: Field,
    year_label: Field,
    moments: Vec<MomentField>,
    sectors: Vec<SectorField>,
    scope_error: String,
}

impl PlanPage {
    /// The form as typed.
    #[must_use]
    pub(super) fn new(edition: &Edition, form: &PlanForm, errors: &FormErrors) -> Self {
        let moment =
            |name: &str, label: &str, time: &str, typed| MomentField::new(name, label, time, typed, errors);
        Self {
            errors: errors.summary(),
            edition: edition.key().to_string(),
            edition_name: format!("{} {}", edition.standard_name(), edition.label()),
            key: Field::new("key", "Key")
                .hint("Names the collection in addresses, for example 2026")
                .value(&form.key)
                .errors(errors),
            name: Field::new("name", "Name").value(&form.name).errors(errors),
            year_label: Field::new("year_label", "Label of the year").value(&form.year_label).errors(errors),
            moments: vec![
                moment("opens", "When does it open?", "Time it opens", &form.opens),
                moment(
                    "interim",
                    "When is the interim return due? (optional)",
                    "Time the interim return is due",
                    &form.interim,
                ),
                moment("deadline", "When is the deadline?", "Time of the deadline", &form.deadline),
                moment("closes", "When does it close?", "Time it closes", &form.closes),
            ],
            sectors: SectorKey::all().map(|sector| sector_field(edition, sector, form, errors)).collect(),
            scope_error: errors.message("scope").unwrap_or_default().to_owned(),
        }
    }
}

fn sector_field(edition: &Edition, sector: SectorKey, form: &PlanForm, errors: &FormErrors) -> SectorField {
    let mut choices = vec![Choice::new("", "Not in scope")];
    choices.extend(edition.profiles().iter().map(|p| Choice::new(p.key.as_str(), p.name.as_str())));
    if edition.profiles().is_empty() {
        choices.push(Choice::new(WITHOUT_PROFILE, "In scope"));
    }
    let field = Field::new(format!("scope-{sector}"), sector.label())
        .value(form.scope.get(sector.as_str()).map_or("", String::as_str))
        .errors(errors);
    SectorField { field, choices }
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "collections/plan.html";

    fn title(&self) -> String {
        "Plan a collection".to_owned()
    }

    fn back(&self) -> Option<Link> {
        Some(Link::new("Back to choosing an edition", "/collections/new"))
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |errors: &FormErrors| Self {
            errors: errors.summary(),
            edition: "igt-2026".to_owned(),
            edition_name: "Example standard 2026/27".to_owned(),
            key: Field::new("key", "Key").errors(errors),
            name: Field::new("name", "Name"),
            year_label: Field::new("year_label", "Label of the year").value("2026/27"),
            moments: vec![MomentField::new("opens", "Opens", "Time", &Moment::default(), errors)],
            sectors: vec![SectorField {
                field: Field::new("scope-gp", "General practice"),
                choices: vec![Choice::new("", "Not in scope")],
            }],
            scope_error: errors.message("scope").unwrap_or_default().to_owned(),
        };
        let mut errors = FormErrors::new();
        errors.add("key", "Enter a key");
        errors.add_at("scope", "scope-gp", "Choose at least one kind of organisation");
        vec![("empty", sample(&FormErrors::new())), ("error", sample(&errors))]
    }
}

/// One organisation with more time.
#[derive(Debug, Serialize)]
pub struct ExtensionItem {
    code: String,
    name: String,
    until: i64,
    reason: String,
}

/// A number with its words.
#[derive(Debug, Serialize)]
pub struct Count {
    words: String,
    count: i64,
}

/// One collection: windows, scope, how far its returns have got, extensions.
#[derive(Debug, Serialize)]
pub struct CollectionPage {
    name: String,
    tag: Tag,
    edition: Link,
    opens_at: i64,
    interim_due_at: Option<i64>,
    deadline_at: i64,
    closes_at: i64,
    scope: Vec<String>,
    counts: Vec<Count>,
    extensions: Vec<ExtensionItem>,
    requests: Vec<RequestItem>,
    #[serde(skip)]
    key: String,
    open_href: String,
    extend_href: String,
    errors: ErrorSummary,
    organisation: Field,
    until: MomentField,
    reason: Field,
}

impl CollectionPage {
    /// The page of a collection, to read.
    #[must_use]
    pub(super) fn new(
        collection: &Collection,
        edition: &Edition,
        scope: &BTreeMap<String, String>,
        progress: Progress,
    ) -> Self {
        let mut page = Self::bare(collection.name.clone(), collection.state);
        page.edition = Link::new(
            format!("{} {}", edition.standard_name(), edition.label()),
            format!("/standards/{}", edition.key()),
        );
        page.opens_at = collection.opens_at.micros();
        page.interim_due_at = collection.interim_due_at.map(super::super::platform::clock::Timestamp::micros);
        page.deadline_at = collection.deadline_at.micros();
        page.closes_at = collection.closes_at.micros();
        page.scope = SectorKey::all()
            .filter_map(|sector| scope.get(sector.as_str()).map(|profile| in_scope(edition, sector, profile)))
            .collect();
        page.counts = counts(&progress);
        page.extensions = progress
            .extensions
            .into_iter()
            .map(|(code, name, until, reason)| ExtensionItem { code, name, until: until.micros(), reason })
            .collect();
        page.key.clone_from(&collection.key);
        page.open_href = format!("/collections/{}/open", collection.key);
        page.extend_href = format!("/collections/{}/extensions", collection.key);
        page
    }

    /// Leaves out what the reader may not do now.
    #[must_use]
    pub(super) fn offering(mut self, may_open: bool, may_extend: bool) -> Self {
        if !may_open {
            self.open_href.clear();
        }
        if !may_extend {
            self.extend_href.clear();
        }
        self
    }

    /// With what organisations asked for.
    #[must_use]
    pub(super) fn with_requests(mut self, requests: &[TimeRequest]) -> Self {
        self.requests = requests.iter().map(|request| RequestItem::central(request, &self.key)).collect();
        self
    }

    /// With the form for an extension as typed.
    #[must_use]
    pub(super) fn with_form(mut self, form: &ExtensionForm, errors: &FormErrors) -> Self {
        self.errors = errors.summary();
        self.organisation = Field::new("organisation", "Code of the organisation")
            .hint("For example ZZ001")
            .value(&form.organisation)
            .errors(errors);
        self.until = MomentField::new(
            "until",
            "Until when does it have time?",
            "Time the extension ends",
            &form.until,
            errors,
        );
        self.reason = Field::new("reason", "Reason")
            .hint("Kept for the record and never published")
            .value(&form.reason)
            .errors(errors);
        self
    }

    fn bare(name: String, state: CollectionState) -> Self {
        let none = FormErrors::new();
        Self {
            name,
            tag: state.into(),
            edition: Link::new("", "/standards"),
            opens_at: 0,
            interim_due_at: None,
            deadline_at: 0,
            closes_at: 0,
            scope: Vec::new(),
            counts: Vec::new(),
            extensions: Vec::new(),
            requests: Vec::new(),
            key: String::new(),
            open_href: String::new(),
            extend_href: String::new(),
            errors: none.summary(),
            organisation: Field::new("organisation", "Code of the organisation"),
            until: MomentField::new("until", "Until when?", "Time", &Moment::default(), &none),
            reason: Field::new("reason", "Reason"),
        }
    }
}

fn in_scope(edition: &Edition, sector: SectorKey, profile: &str) -> String {
    match edition.profile(profile) {
        Some(profile) => format!("{}: {}", sector.label(), profile.name),
        None => sector.label().to_owned(),
    }
}

/// The counts in the order in which a return moves; a state that nobody is in is left out.
fn counts(progress: &Progress) -> Vec<Count> {
    const STATES: [(&str, &str); 8] = [
        ("draft", "Draft"),
        ("ready", "Ready to be signed"),
        ("signed", "Signed"),
        ("submitted", "Submitted"),
        ("under_review", "Under review"),
        ("query", "Waiting for a reply"),
        ("decided", "Decided"),
        ("published", "Published"),
    ];
    let started: i64 = progress.by_state.values().sum();
    let count = |words: &str, count| Count { words: words.to_owned(), count };
    let mut counts = vec![
        count("Organisations in scope", progress.in_scope),
        count("Not started", (progress.in_scope - started).max(0)),
    ];
    counts.extend(
        STATES
            .iter()
            .filter_map(|(state, words)| progress.by_state.get(*state).map(|number| count(words, *number))),
    );
    if progress.not_published > 0 {
        counts.push(count("Not published at the close", progress.not_published));
    }
    counts
}

impl Page for CollectionPage {
    const TEMPLATE: &'static str = "collections/one.html";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Collections", "/collections")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = || Self::bare("Annual collection 2026".to_owned(), CollectionState::Open);
        let mut progress = Progress { in_scope: 220, not_published: 3, ..Progress::default() };
        progress.by_state.insert("draft".to_owned(), 12);
        let typical = Self {
            edition: Link::new("Example standard 2026/27", "/standards/igt-2026"),
            interim_due_at: Some(1_780_000_000_000_000),
            scope: vec!["NHS trust: Acute trusts".to_owned()],
            counts: counts(&progress),
            extensions: vec![ExtensionItem {
                code: "ZZ001".to_owned(),
                name: "Example Trust".to_owned(),
                until: 1_790_000_000_000_000,
                reason: "Flood in the data centre".to_owned(),
            }],
            requests: vec![RequestItem::sample()],
            open_href: "/collections/2026/open".to_owned(),
            extend_href: "/collections/2026/extensions".to_owned(),
            ..bare()
        };
        let mut errors = FormErrors::new();
        errors.add("reason", "Enter the reason for the extension");
        let refused = Self { extend_href: "/collections/2026/extensions".to_owned(), ..bare() }
            .with_form(&ExtensionForm::default(), &errors);
        vec![("empty", bare()), ("typical", typical), ("error", refused)]
    }
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<CollectionsPage>()?,
        PageCheck::of::<ChooseEditionPage>()?,
        PageCheck::of::<PlanPage>()?,
        PageCheck::of::<CollectionPage>()?,
        PageCheck::of::<MoreTimePage>()?,
        PageCheck::of::<RequestPage>()?,
    ])
}
