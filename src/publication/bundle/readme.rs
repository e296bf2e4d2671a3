//! What a bundle is, in words for whoever opens it.

use super::manifest::parts;
use crate::publication::document::Document;

/// The text.
pub(super) fn readme(document: &Document, portal: &str, key: &str) -> String {
    let parts = parts(document);
    let named = |recomputed: bool| -> String {
        let some = parts.iter().filter(|part| part.recomputed == recomputed);
        let lines: Vec<String> = some.map(|part| format!("  {}\n", part.name)).collect();
        if lines.is_empty() { "  none\n".to_owned() } else { lines.concat() }
    };
    let rules = &document.rules;
    let scoring = if rules.scoring.is_empty() {
        "none; the grades come from a register"
    } else {
        rules.scoring.as_str()
    };
    format!(
        "{title}\n\
         Release {release}, {portal}/public/releases/{release}\n\n\
         This file lets you check the figures of the release without asking anybody. With the portal\u{2019}s program:\n\n  \
         portal verify bundle.zip --key \"{key}\"\n\n\
         Take the key from the site ({portal}/public/check) and not from here: a key that comes with what it signs proves \
         nothing.\n\n\
         Rules: publication {publication}; scoring {scoring}. The thresholds of disclosure control stand in document.json \
         under rules.disclosure.\n\n\
         What is here:\n  \
         bundle.json             every other file with its SHA-256; bundle.json.sig is its signature\n  \
         document.json           the release as it was frozen; the ledger has its hash\n  \
         inputs/organisations.json  what the release says of each organisation\n  \
         inputs/inputs.json      earlier grades, mergers, boards, names of regions and the baselining sample that went into \
         the tables; halves of postcodes for the search\n  \
         organisations.csv       the list of organisations as the site offers it\n  \
         tables/                 every table as CSV and JSON\n  \
         ledger/proof.json       the events of the release, a signed checkpoint and the path from one to the other\n\n\
         These tables and the headline figures follow from what is here, and are made again:\n{yes}\n\
         These do not, because they count answers or points of single organisations, which are not public. Their totals, \
         their thresholds, what can be worked out of them, and their copies are checked:\n{no}\n\
         How to do it by hand is told in {portal}/public/check.\n",
        title = document.title,
        release = document.key,
        publication = rules.publication,
        yes = named(true),
        no = named(false),
    )
}
