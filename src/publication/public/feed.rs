//! The feed of what happens to releases, as Atom 1.0 (RFC 4287): what came out, what was corrected, and every announcement
//! and change of the calendar. An entry's id is the address of what it tells of, and never changes.

use std::collections::HashMap;

use super::body::Body;
use super::course::Beside;
use super::{Issued, notices};
use crate::corrections::Notice;
use crate::platform::charts::markup::Markup;
use crate::platform::clock::Timestamp;
use crate::platform::ids::ReleaseId;
use crate::publication::data::{LICENCE, PUBLISHER};
use crate::publication::pipeline::{DateChange, ReleaseDate};
use crate::publication::release::ReleaseSummary;

/// Where the feed is.
pub(super) const ADDRESS: &str = "/public/feed.atom";
/// Where dates are.
const CALENDAR: &str = "/public/calendar";
/// The newest so many things are told.
const MOST: usize = 100;

/// One thing that happened. It happened once, so it is never updated: what follows is an entry of its own.
struct Entry {
    /// Below the portal's address.
    id: String,
    href: String,
    title: String,
    summary: String,
    at: Timestamp,
}

/// The feed.
pub(super) fn atom(
    portal: &str,
    (issued, beside): (&[Issued], &HashMap<ReleaseId, Beside>),
    notices: &[Notice],
    (dates, changes): (&[ReleaseDate], &[DateChange]),
) -> Body {
    let mut entries: Vec<Entry> = issued.iter().filter_map(|(one, _)| released(one, beside)).collect();
    entries.extend(notices.iter().map(corrected));
    for date in dates {
        entries.push(announced(date));
        let of_date = changes.iter().filter(|change| change.date == date.id).enumerate();
        entries.extend(of_date.map(|(place, change)| moved(date, place + 1, change)));
    }
    entries.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    entries.truncate(MOST);
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n", written(portal, &entries));
    Body::text("application/atom+xml; charset=utf-8", text)
}

fn released(release: &ReleaseSummary, beside: &HashMap<ReleaseId, Beside>) -> Option<Entry> {
    let at = release.published_at?;
    let course = beside.get(&release.id).map(|one| &one.course);
    let said = course.map(|course| [course.reason.as_str(), course.commentary.as_str()].join(" "));
    let said = said.map(|said| said.trim().to_owned()).filter(|said| !said.is_empty());
    let version = release.number();
    let title = if version > 1 {
        format!("Revised: {}, version {version}", release.title)
    } else {
        format!("Published: {}", release.title)
    };
    let summary = said.unwrap_or_else(|| format!("Figures of {}.", release.as_at.london_day().words()));
    Some(Entry { id: release.address(), href: release.address(), title, summary, at })
}

fn corrected(notice: &Notice) -> Entry {
    let link = notices::link(notice);
    Entry {
        id: link.href.clone(),
        href: link.href,
        title: link.text,
        summary: notice.reason.clone(),
        at: notice.since,
    }
}

fn announced(date: &ReleaseDate) -> Entry {
    let place = format!("{CALENDAR}#date-{}", date.id);
    // What an entry says must not change when the date does, so it names no day.
    Entry {
        id: place.clone(),
        href: place,
        title: format!("Announced: {}", date.title),
        summary: format!("{} The calendar says when it comes.", date.about),
        at: date.announced_at,
    }
}

fn moved(date: &ReleaseDate, number: usize, change: &DateChange) -> Entry {
    let href = format!("{CALENDAR}#date-{}", date.id);
    let (word, when) = match change.now {
        Some(now) => {
            ("Moved", format!("Moved from {} to {}.", change.was.london_words(), now.london_words()))
        }
        None => ("Cancelled", format!("It was due on {}.", change.was.london_words())),
    };
    Entry {
        id: format!("{href}-change-{number}"),
        href,
        title: format!("{word}: {}", date.title),
        summary: format!("{when} {}", change.reason),
        at: change.at,
    }
}

fn written(portal: &str, entries: &[Entry]) -> String {
    let here = format!("{portal}{ADDRESS}");
    // A feed without entries is still a feed, and must say when it changed last: never.
    let updated = entries.first().map_or(Timestamp::from_micros(0), |entry| entry.at);
    let mut out = Markup::default();
    out.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", "en-GB")]);
    out.text("id", &[], &here);
    out.text("title", &[], "Data security assurance: releases, corrections and the calendar");
    out.text("updated", &[], &updated.rfc3339());
    out.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &here)]);
    out.empty(
        "link",
        &[("rel", "alternate"), ("type", "text/html"), ("href", &format!("{portal}/public/releases"))],
    );
    out.open("author", &[]);
    out.text("name", &[], PUBLISHER);
    out.close();
    out.text("rights", &[], LICENCE.title);
    for entry in entries {
        out.open("entry", &[]);
        out.text("id", &[], &format!("{portal}{}", entry.id));
        out.text("title", &[], &entry.title);
        out.text("published", &[], &entry.at.rfc3339());
        out.text("updated", &[], &entry.at.rfc3339());
        let href = format!("{portal}{}", entry.href);
        out.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &href)]);
        out.text("summary", &[], entry.summary.trim());
        out.close();
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_whole_with_and_without_entries() {
        let entry = Entry {
            id: "/public/releases/x".into(),
            href: "/public/releases/x".into(),
            title: "Published: A & B <b> \u{1}".into(),
            summary: "Words.".into(),
            at: Timestamp::from_micros(1_780_000_000_000_000),
        };
        for entries in [vec![], vec![entry]] {
            let text = written("https://portal.example", &entries);
            let parsed = roxmltree::Document::parse(&text).unwrap();
            let of = |name: &str| {
                parsed
                    .descendants()
                    .filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", name)))
                    .count()
            };
            assert_eq!((of("feed"), of("entry"), of("author")), (1, entries.len(), 1));
            assert_eq!(
                (of("id"), of("updated"), of("title")),
                (1 + entries.len(), 1 + entries.len(), 1 + entries.len())
            );
            assert!(!text.contains("<b>"));
        }
    }
}
