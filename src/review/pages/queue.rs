//! The queue of reviews: filter, counts by state, one page of the list.

use serde::Serialize;

use super::parts::Cell;
use crate::platform::clock::Timestamp;
use crate::platform::pages::{Choice, Field, Page, Pagination};
use crate::review::case::grade_words;
use crate::review::listing::{Choices, Listed, Listing, PAGE_SIZE};
use crate::review::model::ReviewState;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// What was asked for in the address, as raw text.
#[derive(Debug, Clone, Default, serde::Deserialize, Serialize)]
#[serde(default)]
pub(in crate::review) struct QueueForm {
    /// A state, `open` (the default) or `all`.
    pub state: String,
    /// A sector key; empty for every sector.
    pub sector: String,
    /// A region code; empty for every region.
    pub region: String,
    /// A collection key, `all`, or empty for the newest.
    pub collection: String,
    /// A grade key; empty for every grade.
    pub grade: String,
    /// `mine`, `unclaimed`, or empty for everybody's.
    pub whose: String,
    /// `due` (the default), `organisation` or `queued`.
    pub sort: String,
    /// The page, from 1.
    pub page: String,
}

/// A number of reviews in one state, with where they are listed.
#[derive(Debug, Serialize)]
struct Count {
    text: String,
    href: String,
    number: i64,
}

/// The queue.
#[derive(Debug, Serialize)]
pub(in crate::review) struct QueuePage {
    counts: Vec<Count>,
    state: Field,
    states: Vec<Choice>,
    collection: Field,
    collections: Vec<Choice>,
    sector: Field,
    sectors: Vec<Choice>,
    region: Field,
    regions: Vec<Choice>,
    grade: Field,
    grades: Vec<Choice>,
    whose: Field,
    owners: Vec<Choice>,
    sort: Field,
    orders: Vec<Choice>,
    caption: String,
    rows: Vec<Vec<Cell>>,
    pages: Pagination,
}

impl QueuePage {
    /// The page for a listing under a form; `page` is the page shown.
    pub fn new(form: &QueueForm, choices: &Choices, listing: &Listing, page: i64, now: Timestamp) -> Self {
        let address = |change: &dyn Fn(&mut QueueForm)| {
            let mut form = form.clone();
            form.page = String::new();
            change(&mut form);
            address(&form)
        };
        let count = |state: &ReviewState| Count {
            text: state.words().to_owned(),
            href: address(&|form| state.as_str().clone_into(&mut form.state)),
            number: listing.counts.get(state).copied().unwrap_or_default(),
        };
        let pages = Pagination::new(unsigned(page), unsigned(listing.total), unsigned(PAGE_SIZE), |n| {
            address(&|form| form.page = n.to_string())
        });
        let caption = match listing.total {
            0 => "No reviews".to_owned(),
            1 => "1 review".to_owned(),
            many => format!("{} reviews", crate::platform::pages::words::number(i128::from(many))),
        };
        Self {
            counts: ReviewState::ALL.iter().map(count).collect(),
            rows: listing.rows.iter().map(|row| cells(row, now)).collect(),
            pages,
            caption,
            ..Self::filters(form, choices)
        }
    }

    /// The controls alone.
    fn filters(form: &QueueForm, choices: &Choices) -> Self {
        let any = |words: &str| vec![Choice::new("", words)];
        let states = [("", "Everything open"), ("all", "Every state")];
        let newest = choices.collections.first().map_or("", |(_, key, _)| key.as_str());
        let wanted = if form.collection.is_empty() { newest } else { form.collection.as_str() };
        Self {
            counts: Vec::new(),
            state: Field::new("state", "State").value(&form.state),
            states: states
                .into_iter()
                .chain(ReviewState::ALL.iter().map(|state| (state.as_str(), state.words())))
                .map(|(value, text)| Choice::new(value, text))
                .collect(),
            collection: Field::new("collection", "Collection").value(wanted),
            collections: choices
                .collections
                .iter()
                .map(|(_, key, label)| Choice::new(key, label))
                .chain([Choice::new("all", "Every collection")])
                .collect(),
            sector: Field::new("sector", "Sector").value(&form.sector),
            sectors: any("Every sector")
                .into_iter()
                .chain(SectorKey::all().map(|sector| Choice::new(sector.as_str(), sector.label())))
                .collect(),
            region: Field::new("region", "Region").value(&form.region),
            regions: any("Every region")
                .into_iter()
                .chain(choices.regions.iter().map(|(code, name)| Choice::new(code, name)))
                .collect(),
            grade: Field::new("grade", "Grade claimed").value(&form.grade),
            grades: any("Every grade")
                .into_iter()
                .chain(
                    GradeKey::ALL
                        .into_iter()
                        .filter(|grade| *grade != GradeKey::NotPublished)
                        .map(|grade| Choice::new(grade.as_str(), grade.label())),
                )
                .collect(),
            whose: Field::new("whose", "Reviewer").value(&form.whose),
            owners: [("", "Everybody"), ("mine", "Me"), ("unclaimed", "Nobody yet")]
                .map(|(value, text)| Choice::new(value, text))
                .to_vec(),
            sort: Field::new("sort", "Sort by").value(&form.sort),
            orders: [("", "When it is due"), ("organisation", "Organisation"), ("queued", "When it came in")]
                .map(|(value, text)| Choice::new(value, text))
                .to_vec(),
            caption: String::new(),
            rows: Vec::new(),
            pages: Pagination::default(),
        }
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The address of the queue under a form.
fn address(form: &QueueForm) -> String {
    let pairs = [
        ("state", &form.state),
        ("sector", &form.sector),
        ("region", &form.region),
        ("collection", &form.collection),
        ("grade", &form.grade),
        ("whose", &form.whose),
        ("sort", &form.sort),
        ("page", &form.page),
    ];
    let said: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    // Pairs of strings always encode.
    let query = serde_urlencoded::to_string(said).unwrap_or_default();
    if query.is_empty() { "/reviews".to_owned() } else { format!("/reviews?{query}") }
}

fn cells(row: &Listed, now: Timestamp) -> Vec<Cell> {
    let sector = SectorKey::new(&row.sector).map_or(row.sector.as_str(), |sector| sector.label());
    let late = ReviewState::OPEN.contains(&row.state) && row.due_at < now;
    let due = row.due_at.london_day().words();
    vec![
        Cell::link(format!("{} ({})", row.organisation, row.code), format!("/reviews/{}", row.id)),
        Cell::text(sector),
        Cell::text(row.region.as_deref().unwrap_or("No region")),
        Cell::text(&row.collection),
        Cell::text(grade_words(&row.claimed_grade)),
        Cell::text(row.state.words()),
        Cell::text(row.reviewer.as_deref().unwrap_or("Nobody")),
        Cell::text(row.queued_at.london_day().words()),
        Cell::text(if late { format!("{due} (overdue)") } else { due }),
    ]
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "review/queue.html";

    fn title(&self) -> String {
        "Reviews".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let now = Timestamp::from_micros(1_780_000_000_000_000);
        let row = || Listed {
            id: crate::platform::ids::ReviewId::new(1),
            state: ReviewState::Claimed,
            code: "ZZ001".to_owned(),
            organisation: "Fenwick & Marsh Trust".to_owned(),
            sector: "nhs_trust".to_owned(),
            region: Some("London".to_owned()),
            collection: "2026/27".to_owned(),
            claimed_grade: "standards_met".to_owned(),
            reviewer: Some("Ada Reviewer".to_owned()),
            queued_at: now.plus_seconds(-90_000),
            due_at: now.plus_seconds(-10),
        };
        let choices = Choices {
            collections: vec![(
                crate::platform::ids::CollectionId::new(1),
                "2026".to_owned(),
                "2026/27".to_owned(),
            )],
            regions: vec![("Y56".to_owned(), "London".to_owned())],
        };
        let form = QueueForm { state: "claimed".to_owned(), page: "2".to_owned(), ..QueueForm::default() };
        let listing = |rows: usize, total| Listing {
            counts: [(ReviewState::Claimed, total)].into(),
            total,
            rows: (0..rows).map(|_| row()).collect(),
        };
        vec![
            ("empty", Self::new(&QueueForm::default(), &Choices::default(), &Listing::default(), 1, now)),
            ("typical", Self::new(&form, &choices, &listing(3, 3), 1, now)),
            ("long", Self::new(&form, &choices, &listing(100, 64_201), 2, now)),
        ]
    }
}
