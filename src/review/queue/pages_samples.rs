//! Examples of the queue for the checks of its page.

use super::age::Hand;
use super::filter::{Filter, QueueForm};
use super::listing::{Listed, Listing};
use super::pages::{Around, QueuePage};
use super::store::Choices;
use super::views::View;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId, SavedViewId};
use crate::review::allocation::OnQueue;
use crate::review::model::ReviewState;
use crate::review::risk::Bands;

pub(super) fn samples() -> Vec<(&'static str, QueuePage)> {
    let now = Timestamp::from_micros(1_780_000_000_000_000);
    let row = |at: i64, sites| Listed {
        id: ReviewId::new(at + 1),
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
        risk: 250,
        sites,
        hand: Hand::Runs,
    };
    let choices = Choices {
        collections: vec![(CollectionId::new(1), "2026".to_owned(), "2026/27".to_owned())],
        regions: vec![("Y56".to_owned(), "London".to_owned())],
        reviewers: vec![(PersonId::new(4), "Ada Reviewer".to_owned())],
        bands: Bands { medium: 200, high: 500 },
    };
    let views = [View {
        id: SavedViewId::new(2),
        owner: PersonId::new(3),
        owner_name: "Mo Manager".to_owned(),
        name: "Trusts, overdue".to_owned(),
        query: "sector=nhs_trust".to_owned(),
        shared: true,
        own: false,
        is_default: true,
        version: 1,
    }];
    let listing = |rows: i64, total| Listing {
        counts: [(ReviewState::Claimed, rows)].into(),
        total,
        rows: (0..rows).map(|at| row(at, (at > 0).then_some(at))).collect(),
    };
    let page = |page: &str, choices: &Choices, views: &[View], listing: &Listing| {
        let form = QueueForm { state: "claimed".to_owned(), page: page.to_owned(), ..QueueForm::default() };
        let mut filter = Filter::read(&form, &choices.collections, choices.bands, PersonId::new(9));
        filter.without = views.iter().map(|_| OrganisationId::new(5)).collect();
        QueuePage::new(&form, &filter, listing, &Around { choices, views, now })
    };
    vec![
        ("empty", page("", &Choices::default(), &[], &Listing::default())),
        (
            "typical",
            page("1", &choices, &views, &listing(3, 3)).with_allocation(OnQueue::sample(), &listing(3, 3)),
        ),
        ("long", page("2", &choices, &views, &listing(100, 64_201))),
        ("beyond", page("900", &choices, &views, &listing(0, 64_201))),
    ]
}
