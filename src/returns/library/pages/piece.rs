//! One piece: what is said about it, its versions, and the answers and years it serves.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{size_words, warning, way};
use crate::platform::clock::Day;
use crate::platform::ids::PersonId;
use crate::platform::pages::{Fact, Link, Page, Tag};
use crate::returns::library::model::ScanState;
use crate::returns::library::piece_href;
use crate::returns::library::store::{Piece, Use, Version};
use crate::returns::library::uses::Reply;
use crate::returns::{can_be_seen, question_href, return_href};

/// One version in the list.
#[derive(Debug, Serialize)]
struct VersionItem {
    number: i64,
    name: String,
    /// The page elsewhere; empty for a file.
    link: String,
    /// Empty when it cannot be read.
    download_href: String,
    /// Empty when it cannot be shown by itself.
    view_href: String,
    size: String,
    added_at: i64,
    added_by: String,
    scan: String,
}

/// One answer that it serves.
#[derive(Debug, Serialize)]
struct UseItem {
    heading: String,
    href: String,
    collection: String,
    number: i64,
    state: &'static str,
}

/// What can be done; empty addresses are not offered.
#[derive(Debug, Default, Serialize)]
struct Steps {
    edit: String,
    replace: String,
    remove: String,
    /// Whether it could be removed, were it not for an answer of a return that is not submitted.
    held: bool,
    restore: String,
}

/// One piece.
#[derive(Debug, Serialize)]
pub(in crate::returns::library) struct PiecePage {
    piece: String,
    tag: Option<Tag>,
    /// What keeps answers that rest on it from being complete, or is to be known; empty when all is well.
    notice: String,
    facts: Vec<Fact>,
    description: Vec<String>,
    steps: Steps,
    versions: Vec<VersionItem>,
    uses: Vec<UseItem>,
    /// Answers to reviewers' questions that it came with.
    replies: Vec<Link>,
    #[serde(skip)]
    way: Vec<Link>,
}

/// What the page of a piece is made of.
#[derive(Debug)]
pub(in crate::returns::library) struct PieceShown<'a> {
    pub piece: &'a Piece,
    /// The newest first.
    pub versions: &'a [Version],
    pub uses: &'a [Use],
    pub replies: &'a [Reply],
    pub names: &'a BTreeMap<PersonId, String>,
    /// Whether the owner still belongs to the organisation.
    pub owner_is_here: bool,
    pub may_edit: bool,
    pub may_replace: bool,
    pub may_remove: bool,
    pub may_restore: bool,
    pub today: Day,
}

impl PiecePage {
    /// The page of a piece of the organisation with this code and name.
    pub fn new((code, organisation): (&str, &str), shown: &PieceShown<'_>) -> Self {
        let PieceShown { piece, versions, uses, names, today, .. } = shown;
        let href = piece_href(code, piece.id);
        let newest = versions.first();
        let scan = newest.map_or(ScanState::NotScanned, |version| version.scan);
        // The verb refuses it and names the answers, which stand on this page anyway.
        let rests_on_it = uses.iter().any(|used| !used.state.is_sent());
        let step = |may: bool, name: &str| if may { format!("{href}/{name}") } else { String::new() };
        Self {
            piece: piece.title.clone(),
            tag: warning(piece.removed_at.is_some(), scan, piece.valid_to, *today),
            notice: newest.map(|version| notice(piece, version, *today)).unwrap_or_default(),
            facts: facts(shown, newest),
            description: piece.description.lines().map(str::to_owned).collect(),
            steps: Steps {
                edit: step(shown.may_edit, "edit"),
                replace: step(shown.may_replace, "replace"),
                remove: step(shown.may_remove && !rests_on_it, "remove"),
                held: shown.may_remove && rests_on_it,
                restore: step(shown.may_restore, "restore"),
            },
            versions: versions.iter().map(|version| version_item(&href, version, names)).collect(),
            uses: uses.iter().map(|used| use_item(code, used)).collect(),
            replies: shown.replies.iter().map(|reply| reply_link(code, reply)).collect(),
            way: way(code, organisation),
        }
    }
}

fn reply_link(code: &str, reply: &Reply) -> Link {
    let href = format!("{}/queries/{}", return_href(code, &reply.year), reply.query);
    Link::new(format!("{} ({})", reply.requirement, reply.collection), href)
}

fn notice(piece: &Piece, newest: &Version, today: Day) -> String {
    if let Some(at) = piece.removed_at {
        return format!(
            "It was removed from the library on {}. Answers that rest on it keep it, and nobody can choose it.",
            at.london_day().words()
        );
    }
    match (newest.scan, piece.valid_to) {
        (ScanState::Refused, _) => format!(
            "The malware scan found {} in the newest version. Nobody can read it any more; replace it by a clean one.",
            newest.scan_said.as_deref().unwrap_or("something")
        ),
        (ScanState::Pending, _) => {
            "The newest version waits for its malware scan. Answers that rest on it are complete once nothing was found."
                .to_owned()
        }
        (_, Some(last)) if last < today => format!(
            "It went out of date after {}. Answers that rest on it are not complete until it is replaced, or its last \
             day is changed.",
            last.words()
        ),
        _ => String::new(),
    }
}

fn facts(shown: &PieceShown<'_>, newest: Option<&Version>) -> Vec<Fact> {
    let PieceShown { piece, names, .. } = shown;
    let day = |day: Option<Day>, none: &str| day.map_or_else(|| none.to_owned(), Day::words);
    let owner = match piece.owner.and_then(|owner| names.get(&owner)) {
        None => "Nobody".to_owned(),
        Some(name) if shown.owner_is_here => name.clone(),
        Some(name) => format!("{name}, who has left the organisation"),
    };
    let mut facts = vec![
        Fact::new("Classification", piece.classification.words()),
        Fact::new("Owner", owner),
        Fact::new("First day", day(piece.valid_from, "Not given")),
        Fact::new("Last day", day(piece.valid_to, "None: it holds for good")),
    ];
    if !piece.tags.is_empty() {
        facts.push(Fact::new("Tags", piece.tags.join(", ")));
    }
    if let Some(version) = newest.filter(|version| version.link.is_none()) {
        facts.push(Fact::new("Malware scan", version.scan.words()));
    }
    facts
}

fn version_item(href: &str, version: &Version, names: &BTreeMap<PersonId, String>) -> VersionItem {
    let own = format!("{href}/versions/{}", version.number);
    let is_file = version.link.is_none();
    let readable = is_file && version.scan.is_readable();
    VersionItem {
        number: version.number,
        name: version.file_name.clone(),
        link: version.link.clone().unwrap_or_default(),
        view_href: if readable && can_be_seen(&version.media_type) {
            format!("{own}/view")
        } else {
            String::new()
        },
        download_href: if readable { own } else { String::new() },
        size: if is_file { size_words(version.size) } else { String::new() },
        added_at: version.uploaded_at.micros(),
        added_by: version.uploaded_by.and_then(|by| names.get(&by)).cloned().unwrap_or_default(),
        scan: match (is_file, &version.scan_said) {
            (false, _) => "A link is not scanned".to_owned(),
            (true, Some(found)) => format!("{}: {found}", version.scan.words()),
            (true, None) => version.scan.words().to_owned(),
        },
    }
}

fn use_item(code: &str, used: &Use) -> UseItem {
    UseItem {
        heading: format!("{} {}", used.code, used.title),
        href: question_href(code, &used.year, &used.code),
        collection: used.collection.clone(),
        number: used.number,
        state: used.state.words(),
    }
}

impl Page for PiecePage {
    const TEMPLATE: &'static str = "returns/library/piece.html";

    fn title(&self) -> String {
        self.piece.clone()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        samples::all()
    }
}

mod samples {
    //! A piece as it was just added, as it is after some years, and removed.

    use super::super::sample;
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::{QueryId, RequirementId, ReturnId};
    use crate::returns::model::ReturnState;

    pub(super) fn all() -> Vec<(&'static str, PiecePage)> {
        let bare = Piece {
            owner: None,
            valid_from: None,
            valid_to: None,
            tags: Vec::new(),
            description: String::new(),
            ..sample::piece()
        };
        let old = Piece { valid_to: Some(sample::today().plus_days(-1)), ..sample::piece() };
        let removed = Piece { removed_at: Some(Timestamp::from_micros(sample::AT)), ..sample::piece() };
        let waiting = Version { scan: ScanState::Pending, ..sample::version(1) };
        let refused = Version {
            scan: ScanState::Refused,
            scan_said: Some("Test.Signature".to_owned()),
            ..sample::version(3)
        };
        let link = Version { link: Some("https://host.example/policy".to_owned()), ..sample::version(2) };
        let text = Version { media_type: "text/plain; charset=utf-8".to_owned(), ..sample::version(1) };
        vec![
            ("added", page(&bare, &[waiting], &[])),
            ("linked", page(&sample::piece(), &[link.clone(), text.clone()], &[used(2), used(1)])),
            ("out of date", page(&old, &[link.clone(), text.clone()], &[used(2)])),
            ("refused", page(&sample::piece(), &[refused, link, text.clone()], &[used(3)])),
            ("removed", page(&removed, &[text], &[used(1)])),
        ]
    }

    fn used(number: i64) -> Use {
        Use {
            of: ReturnId::new(1),
            year: "2026".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            state: ReturnState::Draft,
            requirement: RequirementId::new(1),
            code: "1-101".to_owned(),
            title: "Framework".to_owned(),
            number,
        }
    }

    fn page(piece: &Piece, versions: &[Version], uses: &[Use]) -> PiecePage {
        let names = BTreeMap::from([(PersonId::new(3), "Ada Example".to_owned())]);
        let kept = piece.removed_at.is_none();
        let reply = |turn: usize| Reply {
            query: QueryId::new(1),
            year: "2026".to_owned(),
            collection: "Annual collection 2026".to_owned(),
            requirement: format!("1-10{turn} Framework"),
        };
        let replies: Vec<Reply> = (0..uses.len().min(2)).map(reply).collect();
        let shown = PieceShown {
            piece,
            versions,
            uses,
            replies: &replies,
            names: &names,
            owner_is_here: kept,
            may_edit: kept,
            may_replace: kept,
            may_remove: kept,
            may_restore: !kept,
            today: sample::today(),
        };
        PiecePage::new(("ZZ001", "Example Trust"), &shown)
    }
}
