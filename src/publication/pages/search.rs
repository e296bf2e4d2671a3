//! The search over every organisation.

use serde::Serialize;

use crate::platform::pages::{Choice, Field, Link, Page, Pagination};

/// One organisation found.
#[derive(Debug, Clone, Serialize)]
pub struct SearchRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its code.
    pub code: String,
    /// Its sector in words.
    pub sector: String,
    /// The status now, in words.
    pub status: String,
    /// The tag's colour.
    pub colour: String,
    /// Whether a correction of the rules changed it since it was published.
    pub revised: bool,
}

/// The search.
#[derive(Debug, Clone, Serialize)]
pub struct SearchPage {
    /// The words field.
    pub words: Field,
    /// The sector field.
    pub sector: Field,
    /// Its choices.
    pub sectors: Vec<Choice>,
    /// The region field.
    pub region: Field,
    /// Its choices.
    pub regions: Vec<Choice>,
    /// The grade field.
    pub grade: Field,
    /// Its choices.
    pub grades: Vec<Choice>,
    /// How many were found.
    pub found: u64,
    /// Position of the first row shown, from 1.
    pub first: u64,
    /// Position of the last row shown.
    pub last: u64,
    /// The rows of this page.
    pub rows: Vec<SearchRow>,
    /// What comes near, where nothing fits.
    pub near: Vec<SearchRow>,
    /// Links to the other pages.
    pub pages: Pagination,
}

impl SearchPage {
    /// The form with what was asked for, without rows.
    pub fn form(words: &str, sector: &str, region: &str, grade: &str, has_postcodes: bool) -> Self {
        let hint = if has_postcodes {
            "Typing errors are allowed for. The first half of a postcode finds organisations there."
        } else {
            "Typing errors are allowed for. No postcodes are known of these organisations."
        };
        Self {
            words: Field::new("q", "Name or code").hint(hint).value(words),
            sector: Field::new("sector", "Sector").value(sector),
            sectors: Vec::new(),
            region: Field::new("region", "Region").value(region),
            regions: Vec::new(),
            grade: Field::new("grade", "Status now").value(grade),
            grades: Vec::new(),
            found: 0,
            first: 0,
            last: 0,
            rows: Vec::new(),
            near: Vec::new(),
            pages: Pagination::default(),
        }
    }
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "publication/search.html";

    fn title(&self) -> String {
        "Find an organisation".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Results", "/")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = SearchRow {
            name: "EXAMPLE SURGERY <script>".repeat(7),
            href: "/public/organisations/A1".into(),
            code: "A1".into(),
            sector: "General practice".into(),
            status: "Standards met".into(),
            colour: "green".into(),
            revised: true,
        };
        let mut near = Self::form("exmaple", "", "", "", false);
        near.near = vec![row.clone()];
        let mut typical = Self::form("surgery", "gp", "", "", true);
        typical.sectors = vec![Choice::new("", "Every sector")];
        (typical.found, typical.first, typical.last) = (120, 1, 1);
        typical.rows = vec![row];
        typical.pages = Pagination::new(1, 120, 50, |page| format!("?page={page}"));
        vec![("empty", Self::form("nothing", "", "", "", true)), ("near", near), ("typical", typical)]
    }
}
