//! What a question page tells of the edition before: the mark, what differs word by word, last year's answers, where
//! this year's comes from, and evidence that serves here too.

use serde::Serialize;

use super::mark_tag;
use crate::platform::pages::Tag;
use crate::platform::pages::words::sentence;
use crate::returns::editions::carry::{LeftBehind, said_in_words, says_something};
use crate::returns::editions::{Offer, SaidBefore, Since};
use crate::returns::model::{SnapshotAnswer, StoredAnswer};
use crate::returns::readiness::{question_href, return_href};
use crate::returns::store::Found;
use crate::standards::mapping::{EditionChange, Mark, Part, differences, parts};
use crate::standards::{Asked, ProfileKey, Requirement, RequirementKind};

/// One piece of wording that differs.
#[derive(Debug, Serialize)]
struct Piece {
    label: String,
    parts: Vec<Part>,
}

/// What differs from one requirement of the edition before.
#[derive(Debug, Serialize)]
struct Compared {
    /// The older requirement, where there are several.
    with: String,
    pieces: Vec<Piece>,
}

/// An answer of the year before.
#[derive(Debug, Serialize)]
pub(super) struct Earlier {
    heading: String,
    /// Why it is shown and not carried; empty where it is.
    why: &'static str,
    lines: Vec<String>,
    comment: String,
    files: Vec<String>,
    /// Empty for whoever sees a part of the return.
    href: String,
}

/// A piece of evidence that can be attached with one press.
#[derive(Debug, Serialize)]
struct Offered {
    piece: String,
    title: String,
    stands: String,
}

/// What a question page tells of the edition before.
#[derive(Debug, Default, Serialize)]
pub struct BesideEdition {
    tag: Option<Tag>,
    since: String,
    notes: Vec<String>,
    compared: Vec<Compared>,
    /// What kind of answer was carried forward; empty for last year's submitted one.
    arrived: String,
    provenance: String,
    earlier: Vec<Earlier>,
    earlier_heading: String,
    offers: Vec<Offered>,
    choose_href: String,
}

impl BesideEdition {
    /// For one requirement of a return.
    #[must_use]
    pub fn new(
        found: &Found,
        now: &Requirement,
        (asked, answer): (Asked, Option<&StoredAnswer>),
        since: &Since,
        (whole, may_save): (bool, bool),
    ) -> Self {
        let href = question_href(&found.code, &found.collection.key, now.code.as_str());
        let offers: Vec<Offered> = since.offers.iter().filter(|_| may_save).map(offered).collect();
        let choose_href = if offers.is_empty() { String::new() } else { format!("{href}/evidence/choose") };
        let bare = Self { offers, choose_href, ..Self::default() };
        let at = found.edition.edition().position(now.code.as_str());
        let Some((change, at)) = since.change.as_deref().zip(at) else { return bare };
        let from = change.from().requirements();
        let sources: Vec<&Requirement> = change.sources(at).iter().filter_map(|old| from.get(*old)).collect();
        let mark = change.mark(at);
        let said = since.said.as_ref();
        Self {
            tag: Some(mark_tag(mark)),
            since: change.since().to_owned(),
            notes: notes(found, change, (at, now, asked), &sources),
            compared: compared(&sources, now),
            arrived: said.map(arrived).unwrap_or_default(),
            provenance: said
                .filter(|said| answer.is_some_and(|answer| was_carried(answer, said, &sources)))
                .map(|said| provenance(said, &sources, since.version))
                .unwrap_or_default(),
            earlier: said.map(|said| earlier(found, change, at, said, whole)).unwrap_or_default(),
            earlier_heading: said
                .map(|said| format!("What was answered in {}", said.collection_name))
                .unwrap_or_default(),
            ..bare
        }
    }

    /// An example of each.
    #[must_use]
    pub fn samples() -> [Self; 2] {
        let piece = |is, text: &str| Part { is, text: text.to_owned() };
        let full = Self {
            tag: Some(mark_tag(Mark::Merged)),
            since: "2025/26".to_owned(),
            notes: vec!["Level 3 is expected; it was level 2.".to_owned()],
            compared: vec![Compared {
                with: "1-100 Framework".to_owned(),
                pieces: vec![Piece {
                    label: "Question".to_owned(),
                    parts: vec![piece("same", "How "), piece("gone", "often"), piece("new", "far")],
                }],
            }],
            arrived: "This answer is from Annual collection 2024.".to_owned(),
            provenance: "Carried forward from 1-100.".to_owned(),
            earlier: vec![Earlier::sample("It could not be carried over."), Earlier::sample("")],
            earlier_heading: "What was answered in Annual collection 2025".to_owned(),
            offers: vec![Offered {
                piece: "7".to_owned(),
                title: "Training policy".to_owned(),
                stands: "3.1.1 in Annual collection 2026".to_owned(),
            }],
            choose_href: "/organisations/ZZ001/returns/2026/requirements/1-101/evidence/choose".to_owned(),
        };
        [Self::default(), full]
    }
}

impl Earlier {
    /// An answer to an older requirement, in words.
    pub(super) fn new(
        (code, said): (&str, &SaidBefore),
        old: &Requirement,
        answer: &SnapshotAnswer,
        why: &'static str,
        whole: bool,
    ) -> Self {
        let href = match (whole, said.direct) {
            (false, _) => String::new(),
            (true, true) => question_href(code, &said.collection, old.code.as_str()),
            // An older edition may have asked it under another code.
            (true, false) => return_href(code, &said.collection),
        };
        Self {
            heading: format!("{} {}", old.code, old.title),
            why,
            lines: said_in_words(old, &answer.value),
            comment: answer.comment.clone(),
            files: answer.evidence.iter().map(|file| file.name.clone()).collect(),
            href,
        }
    }

    /// An answer that no question took the place of on the way, which is read in its return.
    pub(super) fn left(href: String, left: &LeftBehind) -> Self {
        Self {
            heading: left.heading.clone(),
            why: "",
            lines: left.lines.clone(),
            comment: left.comment.clone(),
            files: left.files.clone(),
            href,
        }
    }

    pub(super) fn sample(why: &'static str) -> Self {
        Self {
            heading: "1-100 Framework".to_owned(),
            why,
            lines: if why.is_empty() { Vec::new() } else { vec!["Level 2: most of it".to_owned()] },
            comment: "See the minutes.".to_owned(),
            files: vec!["policy.pdf".to_owned()],
            href: "/organisations/ZZ001/returns/2025/requirements/1-100".to_owned(),
        }
    }
}

fn offered(offer: &Offer) -> Offered {
    Offered {
        piece: offer.piece.to_string(),
        title: offer.title.clone(),
        stands: format!("{} in {}", offer.code, offer.collection),
    }
}

fn compared(sources: &[&Requirement], now: &Requirement) -> Vec<Compared> {
    let named = sources.len() > 1 || sources.first().is_some_and(|old| old.code != now.code);
    sources
        .iter()
        .map(|old| Compared {
            with: if named { format!("{} {}", old.code, old.title) } else { String::new() },
            pieces: differences(old, now)
                .into_iter()
                .map(|piece| Piece { parts: parts(&piece.before, &piece.now), label: piece.label })
                .collect(),
        })
        .filter(|compared| !compared.pieces.is_empty())
        .collect()
}

/// Where this year's answer comes from: collection, requirements, when it was submitted, and by which mapping.
fn provenance(said: &SaidBefore, sources: &[&Requirement], version: Option<i64>) -> String {
    let codes: Vec<String> = sources.iter().map(|old| old.code.to_string()).collect();
    let codes = sentence(&codes);
    let mapping = match version {
        Some(version) => format!("version {version} of the mapping between the editions"),
        None => "equal codes".to_owned(),
    };
    let (name, when) = (&said.collection_name, said.provenance());
    if said.direct {
        format!("It was carried forward from {name}, {codes}, {when}, by {mapping}.")
    } else {
        format!(
            "It was carried forward from {name}, {when}, over the years between as {codes}, by {mapping}."
        )
    }
}

/// What kind of answer was carried forward; empty for last year's submitted one.
fn arrived(said: &SaidBefore) -> String {
    match (said.direct, said.submitted_at) {
        (true, Some(_)) => String::new(),
        (true, None) => "This answer was stored last year and never submitted.".to_owned(),
        (false, Some(_)) => format!("This answer is from {}.", said.collection_name),
        (false, None) => format!("This answer was stored in {} and never submitted.", said.collection_name),
    }
}

/// Whether an answer was carried forward. One that was never submitted is known by its sources.
fn was_carried(answer: &StoredAnswer, said: &SaidBefore, sources: &[&Requirement]) -> bool {
    answer.carried_from.is_some()
        || said.submitted_at.is_none()
            && sources.iter().any(|old| said.answer(old.code.as_str()).is_some_and(says_something))
}

fn earlier(found: &Found, change: &EditionChange, at: usize, said: &SaidBefore, whole: bool) -> Vec<Earlier> {
    let from = change.from().requirements();
    let several = change.sources(at).len() > 1;
    let block = |old: &usize, why: &'static str| {
        let old = from.get(*old)?;
        let answer = said.answer(old.code.as_str())?;
        let is_there = !answer.value.is_null() || !answer.comment.is_empty() || !answer.evidence.is_empty();
        is_there.then(|| Earlier::new((&found.code, said), old, answer, why, whole))
    };
    let merged = if several { "One of several that became this question." } else { "" };
    let sources = change.sources(at).iter().filter_map(|old| block(old, merged));
    let serving = change.served_by(at).iter().filter_map(|old| {
        block(
            old,
            "Its evidence serves here and stands beside this answer. The answer itself does not carry.",
        )
    });
    sources.chain(serving).collect()
}

/// What else changed: the editor's note, and what is expected of organisations like this one.
fn notes(
    found: &Found,
    change: &EditionChange,
    (at, now, asked): (usize, &Requirement, Asked),
    sources: &[&Requirement],
) -> Vec<String> {
    let mut notes = Vec::new();
    if !change.note(at).is_empty() {
        notes.push(change.note(at).to_owned());
    }
    let ([before], Ok(profile)) = (sources, found.profile_key()) else { return notes };
    let was = change.from().asked(before, found.sector, profile.as_ref());
    match (was, asked) {
        (Asked::Mandatory, Asked::Optional) => {
            notes.push("It counted for you, and is optional now.".to_owned());
        }
        (Asked::Optional, Asked::Mandatory) => {
            notes.push("It was optional for you, and counts now.".to_owned());
        }
        (Asked::NotAsked, _) => notes.push("It was not put to organisations like yours.".to_owned()),
        _ => {}
    }
    let level = |requirement: &Requirement| profile.as_ref().and_then(|key| expected(requirement, key));
    if let (Some(before), Some(now)) = (level(before), level(now))
        && before != now
    {
        notes.push(format!("{now} is expected now; it was {before}."));
    }
    notes
}

fn expected(requirement: &Requirement, profile: &ProfileKey) -> Option<String> {
    match &requirement.kind {
        RequirementKind::Level { expected, .. } => {
            expected.get(profile).map(|level| format!("Level {level}"))
        }
        RequirementKind::Outcome { expected, .. } => {
            expected.get(profile).map(|level| format!("\"{}\"", level.label()))
        }
        RequirementKind::Item { .. } => None,
    }
}
