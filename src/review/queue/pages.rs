//! The queue as a page: saved views, counts by state, the filter, one page of the list.

use serde::Serialize;

use super::age;
use super::filter::{Filter, QueueForm, Sort, Whose};
use super::listing::{Listed, Listing, PAGE_SIZE};
use super::store::Choices;
use super::views::View;
use crate::platform::clock::Timestamp;
use crate::platform::pages::words::number;
use crate::platform::pages::{Choice, Field, Page, Pagination};
use crate::review::allocation::{CHOSEN_STATES, OnQueue};
use crate::review::case::grade_words;
use crate::review::model::ReviewState;
use crate::review::pages::Cell;
use crate::review::risk::Band;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// A number of reviews in one state, with where they are listed.
#[derive(Debug, Serialize)]
struct Count {
    text: String,
    href: String,
    number: i64,
}

/// A saved view as a link.
#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    href: String,
    note: String,
    current: bool,
}

/// A row with a box, by which it is chosen for what can be done with several reviews at once.
#[derive(Debug, Serialize)]
struct Ticked {
    id: i64,
    /// Whose review it is, for whoever does not see the row around the box.
    label: String,
    /// Whether anything can be done with it.
    may: bool,
    name: String,
    href: String,
    cells: Vec<Cell>,
}

/// What a page is made from besides its listing.
pub(in crate::review) struct Around<'a> {
    pub choices: &'a Choices,
    pub views: &'a [View],
    pub now: Timestamp,
}

/// The queue.
#[derive(Debug, Serialize)]
pub(in crate::review) struct QueuePage {
    tabs: Vec<Tab>,
    counts: Vec<Count>,
    search: Field,
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
    overdue: Field,
    lates: Vec<Choice>,
    risk: Field,
    bands: Vec<Choice>,
    sort: Field,
    sorts: Vec<Choice>,
    order: Field,
    orders: Vec<Choice>,
    caption: String,
    beyond: bool,
    rows: Vec<Vec<Cell>>,
    /// The same with boxes to tick, for whoever may give reviews out.
    ticked: Vec<Ticked>,
    /// Whether something is left out that its reader has an interest in.
    keeps_away: bool,
    csv_href: String,
    query: String,
    view_name: Field,
    pages: Pagination,
    allocation: OnQueue,
}

impl QueuePage {
    /// With the ways to allocation that its reader may go, and with boxes to tick where they may give reviews out.
    pub fn with_allocation(mut self, allocation: OnQueue, listing: &Listing) -> Self {
        if allocation.may() {
            let rows = std::mem::take(&mut self.rows);
            self.ticked = listing.rows.iter().zip(rows).map(|(of, cells)| Ticked::of(of, cells)).collect();
        }
        self.allocation = allocation;
        self
    }

    /// The page of a listing under a form.
    pub fn new(form: &QueueForm, filter: &Filter, listing: &Listing, around: &Around<'_>) -> Self {
        let in_state = |state: &ReviewState| {
            QueueForm { state: state.as_str().to_owned(), ..form.clone() }.address("/reviews", &[])
        };
        let count = |state: &ReviewState| Count {
            text: state.words().to_owned(),
            href: in_state(state),
            number: listing.counts.get(state).copied().unwrap_or_default(),
        };
        let page = |n: u64| match form.view.as_str() {
            "" => form.address("/reviews", &[("page", n.to_string())]),
            view => format!("/reviews?view={view}&page={n}"),
        };
        let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let caption = match listing.total {
            0 => "No reviews".to_owned(),
            1 => "1 review".to_owned(),
            many => format!("{} reviews", number(i128::try_from(many).unwrap_or_default())),
        };
        Self {
            tabs: tabs(form, around.views),
            counts: ReviewState::ALL.iter().map(count).collect(),
            rows: listing.rows.iter().map(|row| cells(row, around.now)).collect(),
            pages: Pagination::new(wide(filter.page), wide(listing.total), wide(PAGE_SIZE), page),
            beyond: listing.rows.is_empty() && listing.total > 0,
            keeps_away: !filter.without.is_empty(),
            csv_href: form.address("/reviews/queue.csv", &[]),
            query: form.query(),
            caption,
            ..Self::filters(form, filter, around.choices)
        }
    }

    /// The controls alone.
    fn filters(form: &QueueForm, filter: &Filter, choices: &Choices) -> Self {
        let newest = choices.collections.first().map_or("", |(_, key, _)| key.as_str());
        let wanted = if form.collection.is_empty() { newest } else { form.collection.as_str() };
        let field = |name: &str, label: &str, value: &str| Field::new(name, label).value(value);
        Self {
            tabs: Vec::new(),
            counts: Vec::new(),
            search: field("search", "Organisation or code", form.search.trim()),
            state: field("state", "State", &form.state),
            states: offered(
                [("", "Everything open"), ("all", "Every state")]
                    .into_iter()
                    .chain(ReviewState::ALL.iter().map(|state| (state.as_str(), state.words()))),
            ),
            collection: field("collection", "Collection", wanted),
            collections: choices
                .collections
                .iter()
                .map(|(_, key, label)| Choice::new(key, label))
                .chain([Choice::new("all", "Every collection")])
                .collect(),
            sector: field("sector", "Sector", &form.sector),
            sectors: offered(
                std::iter::once(("", "Every sector"))
                    .chain(SectorKey::all().map(|sector| (sector.as_str(), sector.label()))),
            ),
            region: field("region", "Region", &form.region),
            regions: offered(
                std::iter::once(("", "Every region"))
                    .chain(choices.regions.iter().map(|(code, name)| (code.as_str(), name.as_str()))),
            ),
            grade: field("grade", "Grade claimed", &form.grade),
            grades: offered(
                std::iter::once(("", "Every grade")).chain(
                    GradeKey::ALL
                        .into_iter()
                        .filter(|grade| *grade != GradeKey::NotPublished)
                        .map(|grade| (grade.as_str(), grade.label())),
                ),
            ),
            whose: field("whose", "Reviewer", &form.whose),
            owners: owners(choices, filter),
            overdue: field("overdue", "Overdue", &form.overdue),
            lates: offered([("", "Overdue or not"), ("yes", "Overdue only")]),
            risk: field("risk", "Risk", &form.risk),
            bands: std::iter::once(Choice::new("", "Every risk"))
                .chain(Band::ALL.map(|band| Choice::new(band.key(), choices.bands.words(band))))
                .collect(),
            sort: field("sort", "Sort by", filter.sort.key()),
            sorts: offered(Sort::ALL.map(|sort| (sort.key(), sort.words()))),
            order: field("order", "Order", &form.order),
            orders: offered([
                ("", "What to look at first comes first"),
                ("asc", "Soonest, lowest or first letter first"),
                ("desc", "Latest, highest or last letter first"),
            ]),
            caption: String::new(),
            beyond: false,
            rows: Vec::new(),
            ticked: Vec::new(),
            keeps_away: false,
            csv_href: String::new(),
            query: String::new(),
            view_name: Field { id: "view-name".to_owned(), ..Field::new("name", "Name of the view") },
            pages: Pagination::default(),
            allocation: OnQueue::default(),
        }
    }
}

impl Ticked {
    fn of(listed: &Listed, cells: Vec<Cell>) -> Self {
        Self {
            id: listed.id.get(),
            label: format!("Choose {} ({}), {}", listed.organisation, listed.code, listed.collection),
            may: CHOSEN_STATES.contains(&listed.state),
            name: name_of(listed),
            href: format!("/reviews/{}", listed.id),
            cells: cells.into_iter().skip(1).collect(),
        }
    }
}

fn offered<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Choice> {
    pairs.into_iter().map(|(value, text)| Choice::new(value, text)).collect()
}

/// Everybody, oneself, nobody, and the people by name.
fn owners(choices: &Choices, filter: &Filter) -> Vec<Choice> {
    let mut owners = offered([("", "Everybody"), ("mine", "Me"), ("unclaimed", "Nobody yet")]);
    owners.extend(choices.reviewers.iter().map(|(id, name)| Choice::new(id.to_string(), name)));
    if let Whose::Of(id) = filter.whose
        && !choices.reviewers.iter().any(|(known, _)| *known == id)
    {
        owners.push(Choice::new(id.to_string(), "Somebody without a review"));
    }
    owners
}

fn tabs(form: &QueueForm, views: &[View]) -> Vec<Tab> {
    let open = Tab {
        text: "Everything open".to_owned(),
        href: "/reviews?state=open".to_owned(),
        note: String::new(),
        current: form.view.is_empty() && form.query() == "state=open",
    };
    let tab = |view: &View| Tab {
        text: view.name.clone(),
        href: view.href(),
        note: view.note(),
        current: form.view == view.id.to_string(),
    };
    std::iter::once(open).chain(views.iter().map(tab)).collect()
}

/// The organisation, and how many sites it answers for.
fn name_of(row: &Listed) -> String {
    let covers = match row.sites {
        None => String::new(),
        Some(1) => ", covers 1 site".to_owned(),
        Some(many) => format!(", covers {} sites", number(i128::from(many))),
    };
    format!("{} ({}){covers}", row.organisation, row.code)
}

fn cells(row: &Listed, now: Timestamp) -> Vec<Cell> {
    let sector = SectorKey::new(&row.sector).map_or(row.sector.as_str(), |sector| sector.label());
    let due = row.due_at.london_day().words();
    vec![
        Cell::link(name_of(row), format!("/reviews/{}", row.id)),
        Cell::text(sector),
        Cell::text(row.region.as_deref().unwrap_or("No region")),
        Cell::text(&row.collection),
        Cell::text(grade_words(&row.claimed_grade)),
        Cell::text(row.state.words()),
        Cell::text(row.reviewer.as_deref().unwrap_or("Nobody")),
        Cell::text(row.risk.to_string()),
        Cell::text(row.queued_at.london_day().words()),
        Cell::text(if age::is_overdue(row.state, row.due_at, now) {
            format!("{due} (overdue)")
        } else {
            due
        }),
        Cell::text(age::words(row.due_at, row.hand, row.state, now)),
    ]
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "review/queue/list.html";

    fn title(&self) -> String {
        "Reviews".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        super::pages_samples::samples()
    }
}
