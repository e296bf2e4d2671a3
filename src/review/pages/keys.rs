//! The help page about the reviewer's keyboard shortcuts, which also works where no script does.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// The help page.
#[derive(Debug, Serialize)]
pub(in crate::review) struct KeysPage {}

impl Page for KeysPage {
    const TEMPLATE: &'static str = "review/workspace/help.html";

    fn title(&self) -> String {
        "Keyboard shortcuts".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Help", "/help")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("typical", Self {})]
    }
}
