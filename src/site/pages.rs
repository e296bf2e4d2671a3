//! Pages of the site.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::jobs::JobsPage;
use super::record::RecordPage;
use crate::platform::error::Result;
use crate::platform::http::page;
use crate::platform::pages::{Link, Page, PageCheck, PagesError};

/// Where a signed-in person can go.
#[derive(Debug, Serialize)]
pub struct HomePage {
    /// The person's name.
    pub name: String,
    /// Their organisations.
    pub organisations: Vec<Link>,
    /// The central team's places.
    pub central: Vec<Link>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "site/home.html";

    fn title(&self) -> String {
        "Home".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let link = || vec![Link::new("Example Trust", "/organisations/ZZ001")];
        vec![
            (
                "empty",
                Self { name: "Ada Example".to_owned(), organisations: Vec::new(), central: Vec::new() },
            ),
            ("member", Self { name: "Ada Example".to_owned(), organisations: link(), central: Vec::new() }),
            ("central", Self { name: "Ada Example".to_owned(), organisations: Vec::new(), central: link() }),
        ]
    }
}

/// The ledger's head for everybody.
#[derive(Debug, Serialize)]
pub struct LedgerPage {
    /// Events in the tree.
    pub size: i64,
    /// Root in hexadecimal.
    pub root: String,
    /// When it was made, in microseconds.
    pub at: i64,
    /// The signed note.
    pub checkpoint: String,
    /// The key that verifies it.
    pub verifier: String,
}

impl Page for LedgerPage {
    const TEMPLATE: &'static str = "site/ledger.html";

    fn title(&self) -> String {
        "Check the ledger".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |size| Self {
            size,
            root: "00".repeat(32),
            at: 1_780_000_000_000_000,
            checkpoint: "log.example\n3\nAAAA\n\n— log.example BBBB\n".to_owned(),
            verifier: "log.example+00000000+AAAA".to_owned(),
        };
        vec![("empty", sample(0)), ("typical", sample(3))]
    }
}

/// Help.
#[derive(Debug, Serialize)]
pub struct HelpPage {}

impl Page for HelpPage {
    const TEMPLATE: &'static str = "site/help.html";

    fn title(&self) -> String {
        "Help".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("typical", Self {})]
    }
}

/// The accessibility statement.
#[derive(Debug, Serialize)]
pub struct AccessibilityPage {}

impl Page for AccessibilityPage {
    const TEMPLATE: &'static str = "site/accessibility.html";

    fn title(&self) -> String {
        "Accessibility statement".to_owned()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("typical", Self {})]
    }
}

/// `GET /help`.
pub(super) async fn help(request: HttpRequest) -> Result<HttpResponse> {
    page(&request, &HelpPage {})
}

/// `GET /accessibility`.
pub(super) async fn accessibility(request: HttpRequest) -> Result<HttpResponse> {
    page(&request, &AccessibilityPage {})
}

/// The checks of this capability's pages.
///
/// # Errors
/// When a sample does not serialise.
pub fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![
        PageCheck::of::<HomePage>()?,
        PageCheck::of::<LedgerPage>()?,
        PageCheck::of::<HelpPage>()?,
        PageCheck::of::<AccessibilityPage>()?,
        PageCheck::of::<RecordPage>()?,
        PageCheck::of::<JobsPage>()?,
    ])
}
