//! "Take it with you": what can be downloaded, and what can be brought back.

use serde::Serialize;

use crate::platform::pages::{ErrorSummary, Field, FormErrors, Link, Page};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::return_href;
use crate::returns::store::Found;

/// One thing that can be downloaded.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    href: String,
    name: &'static str,
    what: &'static str,
}

impl Taken {
    /// A download below the return's address. It is made when somebody asks for it, so nobody knows its size before.
    pub fn new(found: &Found, file: &str, name: &'static str, what: &'static str) -> Self {
        let href = format!("{}/{file}", return_href(&found.code, &found.collection.key));
        Self { href, name, what }
    }
}

/// What this person may bring back.
#[derive(Debug, Clone, Copy, Default)]
pub struct BringsBack {
    /// A workbook that was filled in.
    pub workbook: bool,
    /// An export, into a return that holds nothing yet.
    pub export: bool,
}

/// The page.
#[derive(Debug, Serialize)]
pub struct OfflinePage {
    organisation: String,
    collection: String,
    taken: Vec<Taken>,
    everything_href: String,
    errors: ErrorSummary,
    faults: Vec<String>,
    upload_href: String,
    file: Field,
    restore_href: String,
    export: Field,
    #[serde(skip)]
    way: Vec<Link>,
}

impl OfflinePage {
    /// The page of a return.
    pub fn new(
        found: &Found,
        taken: Vec<Taken>,
        brings: BringsBack,
        (errors, faults): (&FormErrors, Vec<String>),
    ) -> Self {
        let below = |offered: bool, what: &str| {
            if offered {
                format!("{}/offline/{what}", return_href(&found.code, &found.collection.key))
            } else {
                String::new()
            }
        };
        Self {
            organisation: found.name.clone(),
            collection: found.collection.name.clone(),
            taken,
            everything_href: format!("/organisations/{}/export.zip", found.code),
            errors: errors.summary(),
            faults,
            upload_href: below(brings.workbook, "workbook"),
            file: workbook_field(errors),
            restore_href: below(brings.export, "restore"),
            export: export_field(errors),
            way: way_of(found),
        }
    }
}

fn workbook_field(errors: &FormErrors) -> Field {
    Field::new("file", "The workbook that you filled in")
        .hint("An .xlsx or .ods file of at most 10 MB, without a password or macros")
        .errors(errors)
}

/// The control is called `file`, as every upload's is; its id keeps the two forms apart.
fn export_field(errors: &FormErrors) -> Field {
    Field {
        id: "export".to_owned(),
        error: errors.message("export").unwrap_or_default().to_owned(),
        ..Field::new("file", "The export").hint("A .json file that was downloaded from this page")
    }
}

impl Page for OfflinePage {
    const TEMPLATE: &'static str = "returns/offline/offline.html";

    fn title(&self) -> String {
        format!("Take it with you: {}", self.collection)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |taken, errors: &FormErrors, faults, upload: &str, restore: &str| Self {
            organisation: "Example Trust".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            taken,
            everything_href: "/organisations/ZZ001/export.zip".to_owned(),
            errors: errors.summary(),
            faults,
            upload_href: upload.to_owned(),
            file: workbook_field(errors),
            restore_href: restore.to_owned(),
            export: export_field(errors),
            way: sample_way(),
        };
        let taken = || {
            vec![Taken {
                href: "/organisations/ZZ001/returns/2026/workbook.xlsx".to_owned(),
                name: "Workbook for Excel (.xlsx)",
                what: "A row for each requirement, to be filled in and uploaded again.",
            }]
        };
        let mut errors = FormErrors::new();
        errors.add("file", "The workbook cannot be used as it is");
        let upload = "/organisations/ZZ001/returns/2026/offline/workbook";
        let restore = "/organisations/ZZ001/returns/2026/offline/restore";
        let faults = vec!["The sheet Answers is missing.".to_owned()];
        vec![
            ("empty", page(Vec::new(), &FormErrors::new(), Vec::new(), "", "")),
            ("typical", page(taken(), &FormErrors::new(), Vec::new(), upload, restore)),
            ("error", page(taken(), &errors, faults, upload, "")),
        ]
    }
}
