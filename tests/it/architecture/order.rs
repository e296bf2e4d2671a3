//! Rules 1 and 4: which capability may use which, and what of it.

use crate::source::Source;

/// The order of the folders: each may use only what stands before it.
const ORDER: [&str; 18] = [
    "platform",
    "access",
    "ledger",
    "identity",
    "organisations",
    "standards",
    "statistics",
    "collections",
    "certificates",
    "returns",
    "review",
    "corrections",
    "standing",
    "publication",
    "demo",
    "site",
    "api",
    "cli",
];

fn rank(folder: &str) -> Option<usize> {
    ORDER.iter().position(|known| *known == folder)
}

/// Rule 1. Also holds for code that is only built for tests. What the crate's root itself offers (the assembled
/// application) stands to the right of every capability, so only the folders that assemble things may use it.
pub fn nothing_imports_to_the_right(sources: &[Source]) -> Vec<String> {
    let assembled: Vec<&str> = sources
        .iter()
        .filter(|source| source.path == "src/lib.rs")
        .flat_map(|root| root.functions.iter().map(|function| function.what.name.as_str()))
        .collect();
    let mut broken = Vec::new();
    for source in sources {
        let Some((folder, own)) = source.capability().and_then(|folder| Some((folder, rank(folder)?))) else {
            continue;
        };
        for mention in source.mentions.iter().filter(|mention| mention.what.ours) {
            let Some(used) = mention.what.segments.first() else { continue };
            let to_the_right = match rank(used) {
                Some(theirs) => theirs > own,
                None => assembled.contains(&used.as_str()) && folder != "demo" && folder != "cli",
            };
            if to_the_right {
                broken.push(format!("rule 1: {}: {folder} may not use {used}", source.place(mention.line)));
            }
        }
    }
    broken.dedup();
    broken
}

/// Rule 1. A folder that is not in the order could import anything.
pub fn every_folder_has_its_place(sources: &[Source]) -> Vec<String> {
    let mut broken: Vec<String> = sources
        .iter()
        .filter_map(Source::capability)
        .filter(|folder| rank(folder).is_none())
        .map(|folder| format!("rule 1: src/{folder}: the folder has no place in the order"))
        .collect();
    broken.dedup();
    broken
}

/// Rule 4.
pub fn stores_are_private(sources: &[Source]) -> Vec<String> {
    let mut broken = Vec::new();
    for source in sources {
        for mention in source.mentions.iter().filter(|mention| mention.what.ours) {
            let [theirs, ..] = mention.what.segments.as_slice() else { continue };
            let is_store = mention.what.segments.iter().skip(1).any(|segment| segment == "store");
            if is_store && rank(theirs).is_some() && source.capability() != Some(theirs) {
                broken.push(format!(
                    "rule 4: {}: the store of {theirs} is its own",
                    source.place(mention.line)
                ));
            }
        }
    }
    broken.dedup();
    broken
}
