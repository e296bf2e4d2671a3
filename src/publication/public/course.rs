//! What the public reads of the course of releases: the calendar, revisions, marks, versions, and results over the years.

use std::collections::HashMap;

use super::{Issued, notices, trends};
use crate::corrections::Notice;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::ReleaseId;
use crate::platform::pages::words::number;
use crate::platform::pages::{Link, Tag};
use crate::publication::bridge::Bridge;
use crate::publication::document::TableEntry;
use crate::publication::pages::{
    BridgeRow, ChangeRow, HistoryPage, PublicCalendarPage, PublicDateRow, RevisionRow, RevisionsPage,
    SectorRow, SnapshotRow,
};
use crate::publication::pipeline::{
    self, Course, DateChange, EarlyReader, NOTICE_DAYS, ReleaseDate, ReleaseDateState,
};
use crate::publication::release::{ReleaseSummary, Source};

/// What belongs to a public release besides its document.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// Its text and why it came.
    pub course: Course,
    /// Who could read it early.
    pub readers: Vec<EarlyReader>,
    /// The date that it was announced for.
    pub date: Option<ReleaseDate>,
}

/// Reads what belongs to public releases.
pub(super) fn beside(conn: &mut Conn, issued: &[Issued]) -> Result<HashMap<ReleaseId, Beside>> {
    let mut all = HashMap::new();
    for (release, _) in issued {
        let one = Beside {
            course: pipeline::course(conn, release.id)?,
            readers: pipeline::ever_readers_of(conn, release.id)?,
            date: pipeline::date_of_release(conn, release.id)?,
        };
        all.insert(release.id, one);
    }
    Ok(all)
}

/// The calendar, with nothing of a release that is not public yet.
pub(super) fn calendar(
    (dates, changes): (&[ReleaseDate], &[DateChange]),
    issued: &[Issued],
) -> PublicCalendarPage {
    let row = |date: &ReleaseDate| PublicDateRow {
        id: format!("date-{}", date.id),
        title: date.title.clone(),
        about: date.about.clone(),
        due: date.due_at.micros(),
        tag: match date.state {
            ReleaseDateState::Announced => Tag::new(date.state.words(), "blue"),
            ReleaseDateState::Published => Tag::new(date.state.words(), "green"),
            ReleaseDateState::Cancelled => Tag::new(date.state.words(), "grey"),
        },
        lead_statistician: date.lead_statistician.clone(),
        contact: date.contact.clone(),
        release: issued
            .iter()
            .find(|(release, _)| Some(release.id) == date.release)
            .map(|(release, _)| Link::new(release.title.clone(), release.address())),
        changes: changes.iter().filter(|change| change.date == date.id).map(ChangeRow::from).collect(),
    };
    let (coming, past): (Vec<&ReleaseDate>, Vec<&ReleaseDate>) =
        dates.iter().partition(|date| date.state == ReleaseDateState::Announced);
    PublicCalendarPage {
        notice_days: NOTICE_DAYS,
        coming: coming.into_iter().map(row).collect(),
        past: past.into_iter().rev().map(row).collect(),
    }
}

/// Every later version of a source's figures, and the notices of corrections of rules.
pub(super) fn revisions(
    issued: &[Issued],
    beside: &HashMap<ReleaseId, Beside>,
    notices: &[Notice],
) -> RevisionsPage {
    let mut later: Vec<&ReleaseSummary> = issued
        .iter()
        .map(|(release, _)| release)
        .filter(|release| earlier_of(release, issued).is_some())
        .collect();
    later.sort_by_key(|release| std::cmp::Reverse((release.published_at, release.id)));
    let row = |release: &ReleaseSummary| RevisionRow {
        title: release.title.clone(),
        href: release.address(),
        number: release.number(),
        at: release.published_at.map_or(0, Timestamp::micros),
        reason: beside.get(&release.id).map(|one| one.course.reason.clone()).unwrap_or_default(),
        earlier: earlier_of(release, issued)
            .map(|earlier| Link::new(format!("version {}", earlier.number()), earlier.address())),
    };
    RevisionsPage {
        revisions: later.into_iter().map(row).collect(),
        notices: notices.iter().map(notices::link).collect(),
    }
}

/// The version that a release took the place of.
fn earlier_of<'a>(release: &ReleaseSummary, issued: &'a [Issued]) -> Option<&'a ReleaseSummary> {
    let of_source = issued.iter().map(|(one, _)| one).filter(|one| one.source == release.source);
    of_source.filter(|one| one.id < release.id).max_by_key(|one| one.id)
}

/// Public versions of each source's figures by the stem of their keys: number and address, the newest last.
pub(super) type Versions = HashMap<String, Vec<(u32, String)>>;

/// Every public version.
pub(super) fn versions(issued: &[Issued]) -> Versions {
    let mut all = Versions::new();
    for (release, _) in issued {
        all.entry(release.source.key_stem()).or_default().push((release.number(), release.address()));
    }
    all.values_mut().for_each(|of_source| of_source.sort());
    all
}

/// The other versions of a release, as links.
pub(super) fn other_versions(release: &ReleaseSummary, versions: &Versions) -> Vec<Link> {
    let of_source = versions.get(&release.source.key_stem()).map(Vec::as_slice).unwrap_or_default();
    let others = of_source.iter().filter(|(number, _)| *number != release.number());
    others.map(|(number, address)| Link::new(format!("Version {number}"), address.clone())).collect()
}

/// Whether no version of the same figures was public before. A number can be lacking: that of a draft that was given up.
fn is_first(release: &ReleaseSummary, versions: &Versions) -> bool {
    let first = versions.get(&release.source.key_stem()).and_then(|of_source| of_source.first());
    first.is_none_or(|(number, _)| *number >= release.number())
}

/// How certain the figures are: provisional or final, and whether they are revised.
pub(super) fn marks((release, document): &Issued, versions: &Versions, is_revised: bool) -> Vec<Tag> {
    let mut marks = vec![if document.is_provisional() {
        Tag::new("Provisional", "orange")
    } else {
        Tag::new("Final", "green")
    }];
    if is_revised || !is_first(release, versions) {
        marks.push(Tag::new("Revised", "blue"));
    }
    marks
}

/// The newest public version of each source, the earliest figures first.
pub(super) fn newest_of_each(issued: &[Issued]) -> Vec<&Issued> {
    let mut newest: Vec<&Issued> = issued
        .iter()
        .filter(|(release, _)| {
            !issued.iter().any(|(one, _)| one.source == release.source && one.id > release.id)
        })
        .collect();
    newest.sort_by_key(|(release, _)| (release.as_at, release.id));
    newest
}

/// Those in which everybody was counted, so that they can be compared: the national register, and collections.
pub(super) fn compared(issued: &[Issued]) -> Vec<&Issued> {
    let mut found = newest_of_each(issued);
    found.retain(|(release, _)| {
        matches!(release.source, Source::Collection(_)) || release.series == "register"
    });
    found
}

/// Results over the years.
///
/// # Errors
/// When the chart cannot be drawn.
pub(super) fn history(issued: &[Issued], bridge: &Bridge) -> Result<HistoryPage> {
    let (newest, compared) = (newest_of_each(issued), compared(issued));
    let rests_on_bridge = newest.iter().any(|(_, document)| document.table("grade-by-own-sector").is_some());
    let figure = match trends::overall(issued)? {
        Some(trend) => Some(trend),
        None => trends::first(issued)?,
    };
    Ok(HistoryPage {
        figures: figure.into_iter().collect(),
        snapshots: newest.iter().map(|one| snapshot(one)).collect(),
        heads: compared.iter().map(|(release, _)| release.as_at.london_day().words()).collect(),
        sectors: sectors(&compared),
        bridge_note: if rests_on_bridge { bridge.note.clone() } else { String::new() },
        bridge: if rests_on_bridge { spans(bridge) } else { Vec::new() },
    })
}

fn spans(bridge: &Bridge) -> Vec<BridgeRow> {
    let row = |span: &crate::publication::bridge::Span| BridgeRow {
        earlier: span.earlier.clone(),
        later: span.later.clone(),
        note: span.note.clone(),
    };
    bridge.sectors.iter().map(row).collect()
}

fn snapshot((release, document): &Issued) -> SnapshotRow {
    let headline = &document.headline;
    let of = |part: u64, share: &Option<String>| {
        let all = number(headline.in_scope.into());
        match share {
            Some(share) => format!("{} of {all} ({share}%)", number(part.into())),
            None => format!("{} of {all}", number(part.into())),
        }
    };
    SnapshotRow {
        title: release.title.clone(),
        href: release.address(),
        as_at: release.as_at.micros(),
        edition: release.edition.clone(),
        in_scope: headline.in_scope,
        published: of(headline.published, &headline.published_share),
        meeting: of(headline.meeting, &headline.meeting_share),
    }
}

/// Organisations with a published grade that meets the standard, by sector, at each release.
fn sectors(compared: &[&Issued]) -> Vec<SectorRow> {
    let tables: Vec<Option<&TableEntry>> =
        compared.iter().map(|issued| issued.1.table("grade-by-sector")).collect();
    let mut rows: Vec<SectorRow> = Vec::new();
    for sector in crate::standards::SectorKey::all() {
        let cells: Vec<Option<String>> =
            tables.iter().map(|table| table.and_then(|entry| cell(entry, sector.as_str()))).collect();
        if cells.iter().any(Option::is_some) {
            let cells = cells.into_iter().map(|cell| cell.unwrap_or_else(|| "none".to_owned())).collect();
            rows.push(SectorRow {
                sector: crate::publication::classes::sector_words(sector).to_owned(),
                cells,
            });
        }
    }
    rows
}

fn cell(entry: &TableEntry, sector: &str) -> Option<String> {
    let table = &entry.table;
    let row = table.rows.position(sector)?;
    let (meeting, all) = trends::meeting_in(table, row)?;
    Some(format!("{} of {}", number(meeting.into()), number(all.into())))
}

/// Whether figures of a collection came outside the calendar: neither announced nor a correction of what was public.
pub(super) fn is_unannounced(release: &ReleaseSummary, versions: &Versions, beside: &Beside) -> bool {
    matches!(release.source, Source::Collection(_)) && beside.date.is_none() && is_first(release, versions)
}
