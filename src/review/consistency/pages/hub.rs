//! Where the consistency of reviewing begins: what each collection's second scoring is at, and the ways to the rest.

use serde::Serialize;

use crate::access::{Action as _, Actor, ReadAgreement, ReadDrift, Subject};
use crate::collections::Collection;
use crate::platform::pages::{Link, Page};

/// One collection with its pages.
#[derive(Debug, Serialize)]
struct Line {
    name: String,
    links: Vec<Link>,
}

/// The page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct HubPage {
    collections: Vec<Line>,
    may_moderate: bool,
    may_watch: bool,
}

impl HubPage {
    /// The page as this person may use it.
    pub fn new(collections: &[Collection], actor: &Actor) -> Self {
        let programme = Subject::programme();
        let reads = ReadAgreement::ROW.allows(actor, &programme).is_ok();
        let line = |of: &Collection| {
            let at = |more: &str| format!("/reviews/consistency/{}/{more}", of.key);
            let mut links = Vec::new();
            if reads {
                links.push(Link::new(format!("Sample of {}", of.year_label), at("sample")));
                links.push(Link::new(format!("Agreement in {}", of.year_label), at("agreement")));
            }
            links.push(Link::new(format!("How claims survived in {}", of.year_label), at("calibration")));
            Line { name: of.name.clone(), links }
        };
        Self {
            collections: collections.iter().map(line).collect(),
            may_moderate: reads,
            may_watch: ReadDrift::ROW.allows(actor, &programme).is_ok(),
        }
    }
}

impl Page for HubPage {
    const TEMPLATE: &'static str = "review/consistency/hub.html";

    fn title(&self) -> String {
        "Consistency of reviewing".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let line = || Line {
            name: "Assurance return 2026/27".to_owned(),
            links: vec![Link::new("Sample of 2026/27", "/reviews/consistency/2026/sample")],
        };
        vec![
            ("empty", Self { collections: Vec::new(), may_moderate: false, may_watch: false }),
            ("typical", Self { collections: vec![line(), line()], may_moderate: true, may_watch: true }),
            (
                "long",
                Self { collections: (0..30).map(|_| line()).collect(), may_moderate: true, may_watch: false },
            ),
        ]
    }
}
