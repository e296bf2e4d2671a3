//! What the overview of a return says of its improvement plan.

use serde::Serialize;

use super::tag;
use crate::platform::pages::Tag;
use crate::returns::store::Found;

/// One sentence and a link.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PlanNote {
    tag: Option<Tag>,
    words: String,
    href: String,
}

impl PlanNote {
    /// What stands on the overview.
    #[must_use]
    pub fn of(found: &Found) -> Self {
        let lines = found.circumstances.planned.len();
        let words = match found.circumstances.plan {
            None => "What does not meet the standard yet can be planned: who does what by when.".to_owned(),
            Some(_) if lines == 1 => "It has 1 action.".to_owned(),
            Some(_) => format!("It has {lines} actions."),
        };
        Self {
            tag: found.circumstances.plan.map(|head| tag(head.state)),
            words,
            href: super::super::plan_href(&found.code, &found.collection.key),
        }
    }

    /// An example.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            tag: Some(Tag::new("Draft", "blue")),
            words: "It has 2 actions.".to_owned(),
            href: "/organisations/ZZ001/returns/2026/plan".to_owned(),
        }
    }
}
