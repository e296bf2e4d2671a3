//! The guide and the rest of the documentation: what it links to is there, and its pictures are those that the walks make.

use std::collections::BTreeSet;

use crate::source::{root, text_of, tracked_files};

const PICTURES: &str = "docs/guide/pictures";

/// What stands between these two in a text, each time.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after)).map(|(inside, _)| inside)
}

#[test]
fn what_the_documentation_links_to_is_there() {
    let mut lost = Vec::new();
    let mut links = 0;
    for page in [tracked_files("docs", &["md"]), vec!["README.md".to_owned()]].concat() {
        let text = text_of(&page);
        let folder = root().join(&page);
        let folder = folder.parent().unwrap();
        for link in between(&text, "](", ')').filter(|link| !link.contains("://") && !link.starts_with('#')) {
            links += 1;
            let path = link.split('#').next().unwrap_or_default();
            if !folder.join(path).exists() {
                lost.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(links > 20, "{links} links");
    assert!(lost.is_empty(), "these links lead nowhere:\n{}", lost.join("\n"));
}

#[test]
fn the_guides_pictures_are_those_that_the_walks_make() {
    let made: BTreeSet<String> = tracked_files("tests/browser/steps", &["mjs"])
        .iter()
        .flat_map(|steps| between(&text_of(steps), ".guide('", '\'').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let shown: BTreeSet<String> = tracked_files("docs/guide", &["md"])
        .iter()
        .flat_map(|page| between(&text_of(page), "](pictures/", '.').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(!made.is_empty());
    assert_eq!(made, shown, "left what tests/browser/steps make, right what docs/guide shows");
}

#[test]
fn the_guides_pictures_are_small() {
    let mut total = 0;
    for picture in tracked_files(PICTURES, &["jpg"]) {
        let size = root().join(&picture).metadata().unwrap().len();
        assert!(size <= 60_000, "{picture} has {size} bytes, at most 60,000: scripts/guide makes them");
        total += size;
    }
    assert!(total <= 1_000_000, "the pictures have {total} bytes together, at most 1,000,000");
}
