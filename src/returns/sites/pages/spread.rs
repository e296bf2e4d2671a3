//! One piece of evidence for many answers.

use serde::Serialize;

use super::exceptions::requirements;
use super::{sample_way_below, way_below};
use crate::platform::pages::{Choice, ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::sites::sites_href;
use crate::returns::store::Found;
use crate::standards::Asked;

/// The page.
#[derive(Debug, Serialize)]
pub struct SpreadPage {
    organisation: String,
    collection: String,
    href: String,
    errors: ErrorSummary,
    piece: Field,
    pieces: Vec<Choice>,
    requirements: Field,
    items: Vec<Choice>,
    library_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl SpreadPage {
    /// The page of a return; `typed` is the piece and the requirements that were chosen.
    pub(in crate::returns::sites) fn new(
        found: &Found,
        pieces: Vec<Choice>,
        (piece, ticked): (&str, &[String]),
        errors: &FormErrors,
    ) -> Self {
        let asked = found.profile_key().map_or_else(
            |_| Vec::new(),
            |profile| found.edition.edition().asked_of(found.sector, profile.as_ref()),
        );
        let items = requirements(found)
            .into_iter()
            .zip(asked)
            .filter(|(_, asked)| *asked != Asked::NotAsked)
            .map(|(choice, _)| {
                let chosen = ticked.contains(&choice.value);
                choice.checked(chosen)
            })
            .collect();
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            href: format!("{}/evidence", sites_href(&found.code, &found.collection.key)),
            errors: errors.summary(),
            piece: Field::new("piece", "Which piece of your evidence library?").value(piece).errors(errors),
            pieces,
            requirements: Field::new("requirements", "Beside which answers?").errors(errors),
            items,
            library_href: format!("/organisations/{}/evidence", found.code),
            way: way_below(found),
        }
    }
}

impl Page for SpreadPage {
    const TEMPLATE: &'static str = "returns/sites/spread.html";

    fn title(&self) -> String {
        "One piece of evidence for many answers".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |pieces, errors: &FormErrors| Self {
            organisation: "Example Pharmacies".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            href: "/organisations/ZZ001/returns/2026/sites/evidence".to_owned(),
            errors: errors.summary(),
            piece: Field::new("piece", "Which piece of your evidence library?").errors(errors),
            pieces,
            requirements: Field::new("requirements", "Beside which answers?").errors(errors),
            items: vec![Choice::new("1-101", "1-101 Roles")],
            library_href: "/organisations/ZZ001/evidence".to_owned(),
            way: sample_way_below(),
        };
        let mut errors = FormErrors::new();
        errors.add("piece", "Choose a piece of evidence");
        errors.add("requirements", "Tick at least one requirement");
        vec![
            ("empty", page(Vec::new(), &FormErrors::new())),
            ("typical", page(vec![Choice::new("1", "Policy")], &FormErrors::new())),
            ("error", page(vec![Choice::new("1", "Policy")], &errors)),
        ]
    }
}
