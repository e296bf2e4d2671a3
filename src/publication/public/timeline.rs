//! What happened to an organisation's returns, in plain words and with days, from what is public of it alone: the registers,
//! the releases, and the notices of corrected rules.

use super::directory::PastStatus;
use super::{Site, notices};
use crate::corrections::RevisedGrade;
use crate::platform::clock::Day;
use crate::platform::pages::{Link, words};
use crate::publication::pages::TimelineRow;
use crate::publication::store::{Marks, register_name};
use crate::standards::scoring::GradeKey;

/// Something that happened, for sorting: the day it is known by, and what to say.
type Happened = (Option<Day>, TimelineRow);

/// What happened, the newest first; what has no day comes last. `history` is newest first.
pub(super) fn timeline(
    site: &Site,
    history: Vec<PastStatus>,
    revised: Option<&RevisedGrade>,
) -> Vec<TimelineRow> {
    let mut happened: Vec<Happened> = Vec::new();
    let mut past = history;
    // In the order in which it became public, so that a later version of the same figures corrects an earlier one.
    past.sort_by_key(|line| (line.published_on, public_since(site, line)));
    for (at, line) in past.iter().enumerate() {
        let earlier = past.get(..at).unwrap_or_default();
        match (&line.marks, line.source.strip_prefix("release:")) {
            (Some(marks), Some(key)) => of_release(site, (line, *marks), key, earlier, &mut happened),
            _ => happened.push(of_register(site, line)),
        }
    }
    if let Some(revised) = revised {
        let revision = notices::revision(revised);
        let day = site.corrected.get(&revision.href).copied();
        let what = format!(
            "Grade corrected from {} to {}: the rules that it was made by were wrong",
            revision.old, revision.new
        );
        happened.push((day, row(day, what, Link::new("The notice of the correction", revision.href))));
    }
    // Stable: what has the same day stays in the order in which it happened, turned round like everything.
    happened.sort_by_key(|(day, _)| *day);
    happened.into_iter().rev().map(|(_, row)| row).collect()
}

fn row(day: Option<Day>, what: String, source: Link) -> TimelineRow {
    TimelineRow { day: day.map(|day| day.to_string()).unwrap_or_default(), what, source }
}

fn public_since(site: &Site, line: &PastStatus) -> Option<Day> {
    line.source.strip_prefix("release:").and_then(|key| site.titles.get(key)?.1)
}

/// What a register says: one line, with the day of the publication.
fn of_register(site: &Site, line: &PastStatus) -> Happened {
    let source = match line.source.strip_prefix("release:") {
        Some(key) => release_link(site, key),
        None => Link::new(words::capitalised(&register_name(&line.source)), ""),
    };
    let mut what = if line.grade == GradeKey::NotPublished {
        "Had published nothing".to_owned()
    } else if line.edition.is_empty() {
        format!("Published: {}", label(line))
    } else {
        format!("Published for {}: {}", line.edition, label(line))
    };
    if line.label.to_lowercase().contains("plan agreed") {
        what.push_str(". Improvement plan agreed");
    }
    (line.published_on, row(line.published_on, what, source))
}

/// What a release says: when the return came, what became of it, and whether that is otherwise than an earlier version said.
fn of_release(
    site: &Site,
    (line, marks): (&PastStatus, Marks),
    key: &str,
    earlier: &[PastStatus],
    happened: &mut Vec<Happened>,
) {
    let before: Vec<&PastStatus> = earlier
        .iter()
        .filter(|one| one.edition == line.edition && one.source.starts_with("release:"))
        .collect();
    let link = release_link(site, key);
    let known =
        before.iter().any(|one| one.published_on == line.published_on && one.grade != GradeKey::NotPublished);
    if let Some(day) = line.published_on.filter(|_| line.grade != GradeKey::NotPublished && !known) {
        let when = if marks.late { "Submitted late" } else { "Submitted in time" };
        happened.push((Some(day), row(Some(day), format!("{when} for {}", line.edition), link.clone())));
    }
    let mut what = match before.last().filter(|one| one.grade != line.grade) {
        Some(last) if last.marks.is_some_and(|then| then.provisional) && !marks.provisional => {
            format!("Grade changed in review from {} to {}", label(last), label(line))
        }
        Some(last) => format!("Grade corrected from {} to {}", label(last), label(line)),
        None if line.grade == GradeKey::NotPublished => format!("Published nothing for {}", line.edition),
        None => format!("Grade published for {}: {}", line.edition, label(line)),
    };
    if line.grade != GradeKey::NotPublished {
        what.push_str(match marks {
            Marks { provisional: true, .. } => {
                ". The review was not finished: it is the organisation\u{2019}s own claim"
            }
            Marks { challengeable: true, .. } => ". Reviewed. The decision could still be challenged",
            Marks { .. } => ". Reviewed",
        });
        // Only an agreed plan lifts a return with gaps to this grade.
        if line.grade == GradeKey::ApproachingStandards && !marks.provisional {
            what.push_str(". Improvement plan agreed");
        }
    }
    let day = public_since(site, line);
    happened.push((day, row(day, what, link)));
}

fn release_link(site: &Site, key: &str) -> Link {
    match site.titles.get(key) {
        Some((title, _)) => Link::new(title.clone(), format!("/public/releases/{key}")),
        None => Link::new(key, ""),
    }
}

/// The words of the time, with those of today where they differ.
fn label(line: &PastStatus) -> String {
    let today = line.grade.label();
    match line.label.trim() {
        "" => today.to_owned(),
        then if then.eq_ignore_ascii_case(today) => then.to_owned(),
        then => format!("{then} (now called {today})"),
    }
}
