//! What a newer version of the mapping would fill in a return, before somebody takes it over.

use serde::Serialize;

use crate::platform::error::{Error, Result};
use crate::platform::pages::{Link, Page};
use crate::returns::editions::offer::TakeOver;
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::{question_href, read_value, return_href};
use crate::returns::store::Found;
use crate::returns::words::words;

/// What would be filled at one requirement.
#[derive(Debug, Serialize)]
struct Filled {
    heading: String,
    href: String,
    lines: Vec<String>,
    comment: String,
    /// Pieces of evidence that would stand beside the answer in addition.
    files: usize,
    /// Whether it takes the place of another carried answer.
    replaces: bool,
}

/// The preview.
#[derive(Debug, Serialize)]
pub struct TakeOverPage {
    organisation: String,
    collection: String,
    mapping: String,
    mapping_href: String,
    rows: Vec<Filled>,
    post_href: String,
    back_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl TakeOverPage {
    /// For what a return can take over.
    ///
    /// # Errors
    /// When a carried value is no answer, which is a fault.
    pub fn new(found: &Found, offer: &TakeOver) -> Result<Self> {
        let requirements = found.edition.edition().requirements();
        let mut rows = Vec::new();
        for (at, id) in found.edition.requirement_ids().iter().enumerate() {
            let fill = offer.fills.iter().find(|fill| fill.at == at);
            let files = offer.links.iter().filter(|(to, _)| to == id).count();
            if fill.is_none() && files == 0 {
                continue;
            }
            let asked = requirements.get(at).ok_or_else(|| Error::broken("a requirement has no place"))?;
            let value = match fill {
                None => None,
                Some(fill) => read_value(asked, &fill.value)?,
            };
            rows.push(Filled {
                heading: format!("{} {}", asked.code, asked.title),
                href: question_href(&found.code, &found.collection.key, asked.code.as_str()),
                lines: value.map(|value| words(asked, &value)).unwrap_or_default(),
                comment: fill.map(|fill| fill.comment.clone()).unwrap_or_default(),
                files,
                replaces: fill.is_some_and(|fill| fill.replaces.is_some()),
            });
        }
        let back_href = format!("{}/changes", return_href(&found.code, &found.collection.key));
        Ok(Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            mapping: offer.mapping.to_string(),
            mapping_href: format!("/standards/mappings/{}", offer.mapping),
            rows,
            post_href: format!("{back_href}/take-over"),
            back_href,
            way: way_of(found),
        })
    }
}

impl Page for TakeOverPage {
    const TEMPLATE: &'static str = "returns/editions/take_over.html";

    fn title(&self) -> String {
        "Take over what the new version of the mapping carries".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |files: usize, replaces: bool| Filled {
            heading: "1-101 Framework".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
            lines: if replaces { vec!["Level 2: most of it".to_owned()] } else { Vec::new() },
            comment: if replaces { "See the minutes.".to_owned() } else { String::new() },
            files,
            replaces,
        };
        let page = |rows| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            mapping: "2".to_owned(),
            mapping_href: "/standards/mappings/2".to_owned(),
            rows,
            post_href: "/organisations/ZZ001/returns/2026/changes/take-over".to_owned(),
            back_href: "/organisations/ZZ001/returns/2026/changes".to_owned(),
            way: sample_way(),
        };
        vec![("one", page(vec![row(0, true)])), ("evidence alone", page(vec![row(1, false), row(2, false)]))]
    }
}
