//! What changed since the edition before: how this year's requirements stand to it, and everything that was asked then
//! and is asked no more, with what was answered and the names of the evidence.

use serde::Serialize;

use super::beside::Earlier;
use super::mark_tag;
use crate::platform::pages::words::sentence;
use crate::platform::pages::{Link, Page, Tag};
use crate::returns::editions::SaidBefore;
use crate::returns::editions::carry::{asked_no_more, says_something};
use crate::returns::pages::{sample_way, way_of};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::store::Found;
use crate::standards::mapping::{EditionChange, Mapping, Mark};
use crate::standards::{Asked, ProfileKey, Requirement};

/// What a return was compared with, as read for its page.
#[derive(Debug)]
pub struct Compared<'a> {
    /// The changes.
    pub change: &'a EditionChange,
    /// The mapping they follow; none where equal codes belong together.
    pub mapping: Option<&'a Mapping>,
    /// The mapping that is in force now.
    pub in_force: Option<&'a Mapping>,
    /// What the organisation had sent; none where it sent nothing.
    pub said: Option<&'a SaidBefore>,
    /// Whether the newer version can be taken over by whoever asks.
    pub can_take_over: bool,
}

/// A requirement that changed.
#[derive(Debug, Serialize)]
struct Changed {
    heading: String,
    href: String,
    tag: Tag,
    /// What it came from, where that is not the same code.
    from: String,
}

/// A requirement that is asked no more.
#[derive(Debug, Serialize)]
struct Gone {
    heading: String,
    text: String,
    why: String,
    answer: Option<Earlier>,
}

/// What changed since the edition before.
#[derive(Debug, Serialize)]
pub struct ChangesPage {
    #[serde(skip)]
    organisation: String,
    since: String,
    across: bool,
    /// When and in which collection the earlier answers were submitted; empty where nothing was.
    said: String,
    said_href: String,
    /// By what the editions were compared.
    rule: String,
    mapping_href: String,
    /// What has been put in force since; empty where nothing was.
    newer: String,
    newer_href: String,
    /// Where what it carries can be taken over; empty where nothing can.
    take_over_href: String,
    changed: Vec<Changed>,
    unchanged: usize,
    gone: Vec<Gone>,
    filter_href: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ChangesPage {
    /// The page of a return that is asked this of its edition.
    #[must_use]
    pub fn new(found: &Found, asked: &[Asked], compared: &Compared<'_>) -> Self {
        let Compared { change, mapping, in_force, said, can_take_over } = compared;
        let put = |at: usize| asked.get(at).is_some_and(|asked| *asked != Asked::NotAsked);
        let requirements = || change.to().requirements().iter().enumerate().filter(|(at, _)| put(*at));
        let newer = in_force.filter(|now| mapping.is_none_or(|own| own.id != now.id));
        let href = |mapping: &Mapping| format!("/standards/mappings/{}", mapping.id);
        Self {
            organisation: found.name.clone(),
            since: change.since().to_owned(),
            across: change.is_across(),
            said: said
                .map(|said| format!("{}, {}", said.collection_name, said.provenance()))
                .unwrap_or_default(),
            said_href: said.map(|said| return_href(&found.code, &said.collection)).unwrap_or_default(),
            rule: match mapping {
                Some(mapping) => format!("version {} of the mapping between them", mapping.version),
                None => "equal codes: nobody had made a mapping when this return was started".to_owned(),
            },
            mapping_href: mapping.map(href).unwrap_or_default(),
            newer: newer.map(|now| format!("Version {}", now.version)).unwrap_or_default(),
            newer_href: newer.map(href).unwrap_or_default(),
            take_over_href: if *can_take_over {
                format!("{}/changes/take-over", return_href(&found.code, &found.collection.key))
            } else {
                String::new()
            },
            changed: requirements()
                .filter(|(at, _)| change.mark(*at) != Mark::Unchanged)
                .map(|(at, now)| changed(found, change, at, now))
                .collect(),
            unchanged: requirements().filter(|(at, _)| change.mark(*at) == Mark::Unchanged).count(),
            gone: left_behind(found, *said).chain(gone(found, asked, compared)).collect(),
            filter_href: format!("{}?show=changed", return_href(&found.code, &found.collection.key)),
            way: way_of(found),
        }
    }
}

fn changed(found: &Found, change: &EditionChange, at: usize, now: &Requirement) -> Changed {
    let from = change.from().requirements();
    let sources = change.sources(at).iter().filter_map(|old| from.get(*old));
    let other: Vec<String> = sources
        .filter(|old| old.code != now.code || change.sources(at).len() > 1)
        .map(|old| old.code.to_string())
        .collect();
    Changed {
        heading: format!("{} {}", now.code, now.title),
        href: question_href(&found.code, &found.collection.key, now.code.as_str()),
        tag: mark_tag(change.mark(at)),
        from: sentence(&other),
    }
}

/// What was answered in an older edition and had no place in the edition before already.
fn left_behind<'a>(found: &'a Found, said: Option<&'a SaidBefore>) -> impl Iterator<Item = Gone> + 'a {
    said.into_iter().flat_map(move |said| {
        said.left.iter().map(move |left| Gone {
            heading: left.heading.clone(),
            text: left.text.clone(),
            why: left.why.clone(),
            answer: Some(Earlier::left(return_href(&found.code, &said.collection), left)),
        })
    })
}

/// What was put to the organisation, or answered by it, and has no place among this year's questions.
fn gone(found: &Found, asked: &[Asked], compared: &Compared<'_>) -> Vec<Gone> {
    let Compared { change, said, .. } = compared;
    let profile = said.and_then(|said| ProfileKey::new(&said.profile).ok());
    let was_put = |old: &Requirement| {
        change.from().asked(old, found.sector, profile.as_ref()) != Asked::NotAsked
            || (profile.is_none() && said.is_none())
    };
    asked_no_more(change, asked)
        .into_iter()
        .filter_map(|at| {
            let old = change.from().requirements().get(at)?;
            let answer = said.and_then(|said| said.answer(old.code.as_str()));
            let answer = answer.filter(|answer| says_something(answer) || !answer.evidence.is_empty());
            if answer.is_none() && !was_put(old) {
                return None;
            }
            Some(Gone {
                heading: format!("{} {}", old.code, old.title),
                text: old.text.clone(),
                why: why(change, at),
                answer: said
                    .zip(answer)
                    .map(|(said, answer)| Earlier::new((&found.code, said), old, answer, "", true)),
            })
        })
        .collect()
}

/// Why an older requirement has no place among this year's questions.
fn why(change: &EditionChange, at: usize) -> String {
    let to = change.to().requirements();
    let codes = |list: &[usize]| {
        let codes: Vec<String> =
            list.iter().filter_map(|at| to.get(*at)).map(|now| now.code.to_string()).collect();
        sentence(&codes)
    };
    let mut said = Vec::new();
    if !change.carried_to(at).is_empty() {
        said.push(format!(
            "It became {}, which is not put to organisations like yours.",
            codes(change.carried_to(at))
        ));
    }
    if !change.serves(at).is_empty() {
        said.push(format!("Its evidence serves {}.", codes(change.serves(at))));
    }
    if !change.note_of_old(at).is_empty() {
        said.push(change.note_of_old(at).to_owned());
    }
    said.join(" ")
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "returns/editions/changes.html";

    fn title(&self) -> String {
        format!("What changed since {}: {}", self.since, self.organisation)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        const CHANGES: &str = "/organisations/ZZ001/returns/2026/changes";
        let page = |said: &str, changed, gone| Self {
            organisation: "Example Trust".to_owned(),
            since: "2025/26".to_owned(),
            across: said.is_empty(),
            said: said.to_owned(),
            said_href: if said.is_empty() { String::new() } else { return_href("ZZ001", "2025") },
            rule: "version 1 of the mapping between them".to_owned(),
            mapping_href: if said.is_empty() { String::new() } else { "/standards/mappings/1".to_owned() },
            newer: if said.is_empty() { String::new() } else { "Version 2".to_owned() },
            newer_href: "/standards/mappings/2".to_owned(),
            take_over_href: if said.is_empty() { String::new() } else { format!("{CHANGES}/take-over") },
            changed,
            unchanged: 80,
            gone,
            filter_href: "/organisations/ZZ001/returns/2026?show=changed".to_owned(),
            way: sample_way(),
        };
        let changed = |from: &str| Changed {
            heading: "1-101 Framework".to_owned(),
            href: question_href("ZZ001", "2026", "1-101"),
            tag: mark_tag(Mark::Merged),
            from: from.to_owned(),
        };
        let gone = |why: &str, answer| Gone {
            heading: "1-100 Fax machines".to_owned(),
            text: "When was the last one withdrawn?".to_owned(),
            why: why.to_owned(),
            answer,
        };
        vec![
            ("empty", page("", Vec::new(), Vec::new())),
            (
                "typical",
                page(
                    "Annual collection 2025, submitted 30 June 2026 at 9:30am",
                    vec![changed("1-100 and 1-102"), changed("")],
                    vec![
                        gone("", None),
                        gone("Its evidence serves 2-201.", Some(Earlier::sample("Shown."))),
                        gone("", Some(Earlier::sample(""))),
                    ],
                ),
            ),
        ]
    }
}
