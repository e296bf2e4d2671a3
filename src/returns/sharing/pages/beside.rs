//! What the overview and the question page show of the shared-out work: small structs for a partial each.

use serde::Serialize;

use super::owner_words;
use crate::access::{Actor, ShareOut};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::sharing::Beside;
use crate::returns::store::Found;

/// The links of the overview to the work of others and one's own.
#[derive(Debug, Default, Serialize)]
pub struct BesideOverview {
    /// One's own requests.
    mine: String,
    /// Who has been given what; empty for whoever does not see the whole return.
    owners: String,
    /// What happened; empty for whoever does not see the whole return.
    activity: String,
    /// Whether this person sees only what they were given.
    part: bool,
    /// Whether they were given nothing.
    nothing: bool,
}

impl BesideOverview {
    /// For a return of which this person sees `seen` requirements.
    #[must_use]
    pub fn new(found: &Found, actor: &Actor, seen: usize) -> Self {
        let href = return_href(&found.code, &found.collection.key);
        let whole = found.is_whole_to(actor);
        let of_whole = |page: &str| if whole { format!("{href}/{page}") } else { String::new() };
        Self {
            mine: format!("{href}/mine"),
            owners: of_whole("owners"),
            activity: of_whole("activity"),
            part: !whole,
            nothing: !whole && seen == 0,
        }
    }

    /// An example.
    #[must_use]
    pub fn sample(part: bool) -> Self {
        Self {
            mine: "/organisations/ZZ001/returns/2026/mine".to_owned(),
            owners: if part { String::new() } else { "/organisations/ZZ001/returns/2026/owners".to_owned() },
            activity: if part {
                String::new()
            } else {
                "/organisations/ZZ001/returns/2026/activity".to_owned()
            },
            part,
            nothing: part,
        }
    }
}

/// Who was given a question, and its discussion.
#[derive(Debug, Default, Serialize)]
pub struct BesideQuestion {
    /// Who until when; empty when nobody was given it.
    owner: String,
    /// Where that is changed; empty when this person cannot.
    owner_href: String,
    discussion_href: String,
    comments: i64,
}

impl BesideQuestion {
    /// For one requirement.
    #[must_use]
    pub fn new(found: &Found, actor: &Actor, code: &str, beside: &Beside, open: bool) -> Self {
        let href = question_href(&found.code, &found.collection.key, code);
        let may_share = open && found.offers::<ShareOut>(actor);
        Self {
            owner: beside.owner.as_ref().map(owner_words).unwrap_or_default(),
            owner_href: if may_share { format!("{href}/owner") } else { String::new() },
            discussion_href: format!("{href}/discussion"),
            comments: beside.comments,
        }
    }

    /// An example.
    #[must_use]
    pub fn sample(owner: &str, comments: i64) -> Self {
        Self {
            owner: owner.to_owned(),
            owner_href: "/organisations/ZZ001/returns/2026/requirements/1-101/owner".to_owned(),
            discussion_href: "/organisations/ZZ001/returns/2026/requirements/1-101/discussion".to_owned(),
            comments,
        }
    }
}
