//! The collection closed while somebody was about to submit: what happened, that nothing is lost, and where to go.

use serde::Serialize;

use crate::platform::pages::{Link, Page};
use crate::returns::return_href;
use crate::returns::store::Found;

/// What somebody is shown who pressed the button too late.
#[derive(Debug, Serialize)]
pub struct TooLatePage {
    organisation: String,
    collection: String,
    closed_at: i64,
    state: &'static str,
    /// Whether an earlier submission stands.
    stands: bool,
    more_time_href: String,
    return_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl TooLatePage {
    /// For a return that is not taken any more.
    #[must_use]
    pub fn new(found: &Found) -> Self {
        let href = return_href(&found.code, &found.collection.key);
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            closed_at: found.collection.taken_until(found.extension).micros(),
            state: found.state.words(),
            stands: found.submission.is_some(),
            more_time_href: format!("{href}/more-time"),
            return_href: href,
            way: super::way_of(found),
        }
    }
}

impl Page for TooLatePage {
    const TEMPLATE: &'static str = "returns/too_late.html";

    fn title(&self) -> String {
        "The collection has closed".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |stands| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            closed_at: 1_780_000_000_000_000,
            state: "Signed",
            stands,
            more_time_href: "/organisations/ZZ001/returns/2026/more-time".to_owned(),
            return_href: "/organisations/ZZ001/returns/2026".to_owned(),
            way: super::sample_way(),
        };
        vec![("first", page(false)), ("sent before", page(true))]
    }
}
