//! Examples of the dashboard for the checks of its pages.

use std::collections::BTreeMap;

use super::curve::{Way, forecast};
use super::gather::{Gathered, Reviewer};
use super::pages::DashboardPage;
use super::rules::Rule;
use super::store::{AtRisk, MoreTime, Waiting};
use super::workload::{AGES, Load, Work};
use crate::collections::{Collection, CollectionState, RequestState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, PersonId, ReviewId};
use crate::review::model::ReviewState;

/// A collection that is open, and one day of it.
pub(super) fn collection() -> (Collection, Timestamp) {
    let now = Timestamp::from_micros(1_780_000_000_000_000);
    let day = 86_400;
    let collection = Collection {
        id: CollectionId::new(1),
        key: "2026".to_owned(),
        name: "Annual return 2026/27".to_owned(),
        year_label: "2026/27".to_owned(),
        edition_id: EditionId::new(1),
        previous_id: None,
        state: CollectionState::Open,
        opens_at: now.plus_seconds(-100 * day),
        interim_due_at: None,
        deadline_at: now.plus_seconds(20 * day),
        closes_at: now.plus_seconds(30 * day),
    };
    (collection, now)
}

/// An organisation at risk.
pub(super) fn at_risk(submitted: bool) -> AtRisk {
    let (_, now) = collection();
    AtRisk {
        organisation: OrganisationId::new(7),
        code: "ZZ001".to_owned(),
        name: "Fenwick & Marsh Trust".to_owned(),
        sector: "nhs_trust".to_owned(),
        rules: vec![Rule::NoLead, Rule::Behind],
        state: "draft".to_owned(),
        confirmed: 3,
        asked: 40,
        due_at: now.plus_seconds(86_400),
        lead_seen_at: submitted.then_some(now),
        submitted,
    }
}

fn way(label: &str, deadline: Day, days: &[(i64, i64)]) -> Way {
    let days: BTreeMap<Day, i64> =
        days.iter().map(|(left, sent)| (deadline.plus_days(-left), *sent)).collect();
    Way { label: label.to_owned(), deadline, days }
}

pub(super) fn dashboards() -> Vec<(&'static str, DashboardPage)> {
    let (collection, now) = collection();
    let deadline = collection.deadline_at.london_day();
    let empty = Gathered {
        collections: vec![collection.clone()],
        now,
        made_at: None,
        in_scope: 0,
        way: way("2026/27", deadline, &[]),
        earlier: Vec::new(),
        forecast: None,
        risks: Rule::ALL.iter().map(|rule| (*rule, 0)).collect(),
        at_risk: Vec::new(),
        work: Work::default(),
        reviewers: Vec::new(),
        questions: vec![0; 4],
        oldest: Vec::new(),
        requests: BTreeMap::new(),
        extensions: 0,
        more_time: Vec::new(),
        collection: collection.clone(),
    };
    let own = way("2026/27", deadline, &[(60, 12), (30, 400)]);
    let earlier =
        vec![way("2025/26", deadline.plus_days(-365), &[(50, 20), (25, 300), (0, 2_000), (-3, 60)])];
    let typical = Gathered {
        collections: vec![collection.clone()],
        now,
        made_at: Some(now),
        in_scope: 64_201,
        forecast: forecast(&own, &earlier, now.london_day(), 64_201),
        way: own,
        earlier,
        risks: Rule::ALL.iter().map(|rule| (*rule, 1_200)).collect(),
        at_risk: vec![at_risk(false), at_risk(true)],
        work: Work {
            loads: BTreeMap::new(),
            states: [(ReviewState::Queued, 9)].into(),
            ages: ReviewState::OPEN.map(|state| (state, [1; AGES.len()])).to_vec(),
            overdue: 2,
        },
        reviewers: vec![Reviewer {
            id: PersonId::new(4),
            name: "Ada Reviewer".to_owned(),
            in_role: true,
            away: Some(deadline),
            load: Load { in_hand: 12, overdue: 1, waiting: 2, decided: 30 },
        }],
        questions: vec![1, 2, 3, 4],
        oldest: vec![Waiting {
            review: ReviewId::new(3),
            code: "ZZ001".to_owned(),
            name: "Fenwick & Marsh Trust".to_owned(),
            collection: "2026/27".to_owned(),
            asked_at: now,
            due_at: now.plus_seconds(-1),
        }],
        requests: [(RequestState::Granted, 3)].into(),
        extensions: 4,
        more_time: vec![MoreTime {
            code: "ZZ001".to_owned(),
            name: "Fenwick & Marsh Trust".to_owned(),
            state: RequestState::Granted,
            until: now,
            asked_at: now,
            answered_at: Some(now),
        }],
        collection,
    };
    vec![("empty", DashboardPage::new(&empty, false)), ("typical", DashboardPage::new(&typical, true))]
}
