//! What search machines and those who share an address read of a public page: its one permanent address and a sentence
//! about it.

use super::{PublicSite, chrome, share};
use crate::platform::pages::Chrome;

/// Sentences about pages that are always there, by address.
const ABOUT: [(&str, &str); 22] = [
    ("/", "How many health and care organisations meet the data security standards, by kind and by region."),
    (
        "/public/sectors",
        "How well each kind of health and care organisation keeps to the data security standards.",
    ),
    ("/public/regions", "How published data security grades differ between the regions of England."),
    ("/public/editions", "Which edition of the data security standards the published grades are of."),
    ("/public/change", "How the data security grades of the same organisations moved since last time."),
    ("/public/submissions", "How many returns came late, and how many grades are still provisional."),
    ("/public/requirements", "How far organisations meet each requirement of the data security standards."),
    (
        "/public/organisations",
        "Find the data security status of any health or care organisation in the register.",
    ),
    ("/public/boards", "The data security scores of integrated care boards with the trusts in their areas."),
    ("/public/compare", "The data security status of a few health and care organisations side by side."),
    (
        "/public/a-to-z",
        "Every health and care organisation of the newest release by the first letter of its name.",
    ),
    (
        "/public/check",
        "How anybody can check the published data security figures with a program of their own.",
    ),
    ("/public/releases", "Every release of data security figures, each at its permanent address."),
    (
        "/public/calendar",
        "When data security figures will be released, and which dates were changed and why.",
    ),
    ("/public/revisions", "How figures are revised, and every revision there has been."),
    ("/public/history", "Data security results over the years."),
    ("/public/years", "Any row of the published data security tables, release by release."),
    ("/public/corrections", "Notices of corrections of the rules that grades are made by."),
    ("/public/methodology", "Who is counted, which grade counts, and what is not published."),
    (
        "/public/data-quality",
        "How complete and how certain the published data security figures are, and their known limits.",
    ),
    ("/public/glossary", "The words of the data security assurance programme, in plain English."),
    ("/public/data", "All data security figures as spreadsheets, CSV, JSON and a report."),
];

/// What surrounds the page at this address, with what its head says.
pub(super) fn surroundings(portal: &str, path: &str, title: &str) -> Chrome {
    Chrome {
        canonical: format!("{portal}{path}"),
        description: about(path, title),
        share: format!("{portal}{}", share::beside(path)),
        ..chrome(path)
    }
}

fn about(path: &str, title: &str) -> String {
    let fixed = ABOUT.iter().find(|(known, _)| *known == path).map(|(_, about)| (*about).to_owned());
    fixed.unwrap_or_else(|| {
        if path.starts_with("/public/organisations/") {
            format!("The data security status of {title}: what counts now and everything published before.")
        } else if path.starts_with("/public/releases/") {
            format!("{title}: every figure with its table, its files and its permanent address.")
        } else {
            format!("{title}: data security assurance of health and care organisations.")
        }
    })
}

impl PublicSite {
    /// What surrounds a public page that is made when it is asked for.
    pub(in crate::publication) fn surroundings(&self, path: &str, title: &str) -> Chrome {
        surroundings(&self.shared.address, path, title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_a_sentence_and_only_one() {
        let mut known: Vec<&str> = ABOUT.iter().map(|(path, _)| *path).collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), ABOUT.len());
        for path in ["/public/organisations/RX1", "/public/releases/x", "/public/else"] {
            let chrome = surroundings("https://portal.example", path, "A & B");
            assert!(chrome.description.contains("A & B"), "{}", chrome.description);
            assert_eq!(chrome.canonical, format!("https://portal.example{path}"));
        }
        assert_eq!(surroundings("https://portal.example", "/", "x").canonical, "https://portal.example/");
        let share = |path: &str| surroundings("https://portal.example", path, "x").share;
        assert_eq!(share("/public/sectors"), "https://portal.example/public/share.png");
        assert_eq!(share("/public/releases"), "https://portal.example/public/share.png");
        assert_eq!(share("/public/releases/r-1"), "https://portal.example/public/releases/r-1/share.png");
    }
}
