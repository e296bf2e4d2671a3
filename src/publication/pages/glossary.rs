//! The public glossary.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// One part of it.
#[derive(Debug, Clone, Serialize)]
pub struct GlossarySection {
    /// Its place on the page.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Words with what they mean.
    pub words: Vec<(String, Vec<String>)>,
}

/// The page.
#[derive(Debug, Clone, Serialize)]
pub struct GlossaryPage {
    /// Its parts.
    pub sections: Vec<GlossarySection>,
}

impl Page for GlossaryPage {
    const TEMPLATE: &'static str = "publication/glossary.html";

    fn title(&self) -> String {
        "Glossary".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let section = GlossarySection {
            id: "publication".into(),
            title: "Publication".into(),
            words: vec![("Release".into(), vec!["A dated set of figures. <b>".into(), "And more.".into()])],
        };
        vec![("typical", Self { sections: vec![section] }), ("empty", Self { sections: Vec::new() })]
    }
}
