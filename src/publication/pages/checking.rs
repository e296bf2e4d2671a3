//! The page that tells anybody how to check the figures.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// How to check the figures, the key, and the bundle of each release.
#[derive(Debug, Clone, Serialize)]
pub struct CheckPage {
    /// The public half of the signing key.
    pub key: String,
    /// Where programs find it.
    pub key_file: String,
    /// The bundles of releases, newest figures first.
    pub bundles: Vec<Link>,
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "publication/checking.html";

    fn title(&self) -> String {
        "Check these figures yourself".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let typical = Self {
            key: "portal.example/ledger+01234567+AQ".into(),
            key_file: "/.well-known/portal-signing-key".into(),
            bundles: vec![Link::new("Results 2026", "/public/releases/returns-2026/bundle.zip")],
        };
        vec![("typical", typical.clone()), ("empty", Self { bundles: Vec::new(), ..typical })]
    }
}
