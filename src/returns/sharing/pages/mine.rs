//! "My requests": what one was given of a return, by the day it is due, the overdue first.

use serde::Serialize;

use crate::platform::clock::Day;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Link, Page};
use crate::returns::pages::{Task, sample_way, task, way_of};
use crate::returns::readiness::{Line, return_href};
use crate::returns::sharing::Owned;
use crate::returns::sharing::progress::by_requirement;
use crate::returns::store::Found;

/// Requests that stand together.
#[derive(Debug, Serialize)]
pub struct Requests {
    heading: &'static str,
    prefix: &'static str,
    tasks: Vec<Task>,
}

/// One's own requests.
#[derive(Debug, Serialize)]
pub struct MinePage {
    collection: String,
    organisation: String,
    groups: Vec<Requests>,
    overview: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl MinePage {
    /// What this person was given.
    #[must_use]
    pub fn new(found: &Found, lines: &[Line<'_>], owned: &[Owned], me: PersonId, today: Day) -> Self {
        let owners = by_requirement(owned);
        let mut mine: Vec<(Day, &Line<'_>)> = lines
            .iter()
            .filter_map(|line| {
                let owner = owners.get(&line.id).filter(|owner| owner.person == me)?;
                Some((owner.due_on, line))
            })
            .collect();
        // Lines come in the edition's order, which stays among those of one day.
        mine.sort_by_key(|(due_on, _)| *due_on);
        let group = |heading, prefix, wanted: &dyn Fn(Day, bool) -> bool| Requests {
            heading,
            prefix,
            tasks: mine
                .iter()
                .filter(|(due_on, line)| wanted(*due_on, line.is_settled()))
                .map(|(due_on, line)| task(found, line, format!("Due {}", due_on.words())))
                .collect(),
        };
        let groups = vec![
            group("Overdue", "overdue", &|due_on, settled| !settled && due_on < today),
            group("To do", "to-do", &|due_on, settled| !settled && due_on >= today),
            group("Completed", "completed", &|_, settled| settled),
        ];
        Self {
            collection: found.collection.name.clone(),
            organisation: found.name.clone(),
            groups: groups.into_iter().filter(|group| !group.tasks.is_empty()).collect(),
            overview: return_href(&found.code, &found.collection.key),
            way: way_of(found),
        }
    }
}

impl Page for MinePage {
    const TEMPLATE: &'static str = "returns/sharing/mine.html";

    fn title(&self) -> String {
        "Your requests".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |groups| Self {
            collection: "Annual collection 2026".to_owned(),
            organisation: "Example Trust".to_owned(),
            groups,
            overview: "/organisations/ZZ001/returns/2026".to_owned(),
            way: sample_way(),
        };
        let group =
            |heading, prefix| Requests { heading, prefix, tasks: vec![Task::sample("Due 3 May 2026")] };
        vec![
            ("empty", page(Vec::new())),
            ("typical", page(vec![group("Overdue", "overdue"), group("To do", "to-do")])),
        ]
    }
}
