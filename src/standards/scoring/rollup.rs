//! Counts by section: each section includes its subsections.

use super::levels::Tally;
use super::result::{RequirementScore, SectionScore};
use super::status::Status;
use crate::standards::model::{Asked, Edition, Scheme};

/// The sections in reading order.
pub(super) fn sections(edition: &Edition, scores: &[RequirementScore]) -> Vec<SectionScore> {
    let tree = edition.tree();
    tree.iter()
        .enumerate()
        .filter_map(|(place, entry)| {
            let section = edition.sections().get(entry.section)?;
            let inside = tree.get(place..=place + entry.descendants)?;
            let own: Vec<&RequirementScore> =
                inside.iter().flat_map(|e| &e.requirements).filter_map(|index| scores.get(*index)).collect();
            let mut counted = count(edition, &own);
            counted.code = Some(section.code.clone());
            counted.title.clone_from(&section.title);
            counted.depth = entry.depth;
            Some(counted)
        })
        .collect()
}

/// The whole edition.
pub(super) fn totals(edition: &Edition, scores: &[RequirementScore]) -> SectionScore {
    count(edition, &scores.iter().collect::<Vec<_>>())
}

fn count(edition: &Edition, scores: &[&RequirementScore]) -> SectionScore {
    let mut counted = SectionScore {
        code: None,
        title: String::new(),
        depth: 0,
        asked: 0,
        settled: 0,
        excused: 0,
        met: 0,
        percentage: None,
    };
    for score in scores.iter().filter(|score| score.asked == Asked::Mandatory) {
        counted.asked += 1;
        counted.settled += u32::from(score.status.is_settled());
        counted.excused +=
            u32::from(matches!(score.status, Status::NotRelevant | Status::Exempt | Status::Excused));
        counted.met += u32::from(score.met_expected == Some(true));
    }
    if let Scheme::Levels(scheme) = edition.scheme() {
        counted.percentage = Tally::of(scores.iter().copied()).percentage(scheme.max_level);
    }
    counted
}
