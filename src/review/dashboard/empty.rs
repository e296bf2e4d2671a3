//! The dashboard before the first collection has been opened.

use serde::Serialize;

use crate::platform::pages::{Link, Page};

/// The page.
#[derive(Debug, Serialize)]
pub(super) struct EmptyDashboardPage {}

impl Page for EmptyDashboardPage {
    const TEMPLATE: &'static str = "review/dashboard/empty.html";

    fn title(&self) -> String {
        "Programme dashboard".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Reviews", "/reviews?state=open")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("the only one", Self {})]
    }
}
