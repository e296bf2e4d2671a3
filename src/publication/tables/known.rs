//! What readers know before they open a table of answers: the grade of every organisation, which leaves some answers
//! impossible, and who was already counted in earlier releases with the same answers. Pure.

use std::collections::BTreeMap;

use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::standards::scoring::{GradeKey, PackedInput, PackedScorer, PlanStanding};
use crate::standards::{Edition, ProfileKey, Scheme, SectorKey};
use crate::statistics::PublishedTable;
use crate::statistics::disclosure::KnownGroup;

/// Most earlier releases of one source that can be kept apart; one bit each, and one for the release itself.
const MOST_EARLIER: usize = 62;

/// The answers of a submission that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its sector.
    pub sector: SectorKey,
    /// The profile it was held to.
    pub profile: String,
    /// The grade that is published of it.
    pub grade: GradeKey,
    /// Packed levels: as assessed where a review was finished, else as claimed.
    pub levels: Vec<u8>,
    /// When it was submitted or decided, whichever was later.
    pub settled_at: Timestamp,
}

/// An earlier release of the same source that shows answers by requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierAnswers {
    /// Its key.
    pub key: String,
    /// What it shows.
    pub table: PublishedTable,
    /// What it was counted from.
    pub answers: BTreeMap<OrganisationId, Vec<u8>>,
    /// The sector and grade that it published of each organisation.
    pub facts: BTreeMap<OrganisationId, (SectorKey, GradeKey)>,
}

impl EarlierAnswers {
    /// How many organisations joined, left or have other answers now.
    #[must_use]
    pub fn changed(&self, now: &[Answered]) -> u64 {
        let other = |one: &&Answered| self.answers.get(&one.organisation) != Some(&one.levels);
        let still: std::collections::BTreeSet<OrganisationId> =
            now.iter().map(|one| one.organisation).collect();
        let left = self.answers.keys().filter(|id| !still.contains(id)).count();
        (now.iter().filter(other).count() + left) as u64
    }
}

/// Which facts about an organisation bear on its answers: where it is counted, and its grade, sector and profile.
type Class = (u64, &'static str, SectorKey, Option<ProfileKey>);

/// The groups that public facts tell apart. `bytes` names the level of each column.
///
/// # Errors
/// When a vector does not fit the edition, or there are too many earlier releases.
pub fn known_groups(
    edition: &Edition,
    bytes: &[u8],
    now: &[Answered],
    earlier: &[EarlierAnswers],
) -> Result<Vec<KnownGroup>> {
    if earlier.len() > MOST_EARLIER {
        return Err(Error::Refused(format!(
            "There are already {} public releases of these returns: no more can be told apart safely.",
            earlier.len()
        )));
    }
    let mut classes: BTreeMap<Class, (GradeKey, Vec<u64>)> = BTreeMap::new();
    let cells = edition.requirements().len() * bytes.len();
    let profile_of: BTreeMap<OrganisationId, &str> =
        now.iter().map(|one| (one.organisation, one.profile.as_str())).collect();
    let mut count = |segment: &Segment<'_>, id: &OrganisationId| -> Result<()> {
        let profile = profile_of.get(id).filter(|text| !text.is_empty()).map(|text| ProfileKey::new(text));
        let profile =
            profile.transpose().map_err(|e| Error::internal("failed to read the profile of a return", e))?;
        let class = (segment.tables, segment.grade.as_str(), segment.sector, profile);
        let (_, counts) = classes.entry(class).or_insert_with(|| (segment.grade, vec![0; cells]));
        if segment.levels.len() != edition.requirements().len() {
            return Err(Error::broken("the levels of a release do not fit its edition"));
        }
        for (row, byte) in counts.chunks_mut(bytes.len().max(1)).zip(segment.levels) {
            let place = bytes.iter().position(|one| one == byte);
            if let Some(cell) = place.and_then(|place| row.get_mut(place)) {
                *cell += 1;
            }
        }
        Ok(())
    };
    for (id, segments) in segments(now, earlier) {
        for segment in segments {
            count(&segment, &id)?;
        }
    }
    let mut scorer = PackedScorer::new(edition);
    let groups = classes.into_iter().map(|((tables, _, sector, profile), (grade, counts))| KnownGroup {
        tables,
        counts,
        possible: possible(edition, &mut scorer, bytes, (grade, sector, profile.as_ref())),
    });
    Ok(groups.collect())
}

/// One state of an organisation's answers, and the releases in which it stands.
struct Segment<'a> {
    tables: u64,
    levels: &'a [u8],
    grade: GradeKey,
    sector: SectorKey,
}

/// Every organisation's states, this release's first. The grade is the one that was published last with that state.
fn segments<'a>(
    now: &'a [Answered],
    earlier: &'a [EarlierAnswers],
) -> BTreeMap<OrganisationId, Vec<Segment<'a>>> {
    let mut found: BTreeMap<OrganisationId, Vec<Segment<'a>>> = BTreeMap::new();
    let mut add = |id: OrganisationId, bit: usize, levels: &'a [u8], grade: GradeKey, sector: SectorKey| {
        let states = found.entry(id).or_default();
        match states.iter_mut().find(|state| state.levels == levels) {
            Some(state) => state.tables |= 1 << bit,
            None => states.push(Segment { tables: 1 << bit, levels, grade, sector }),
        }
    };
    for one in now {
        add(one.organisation, 0, &one.levels, one.grade, one.sector);
    }
    for (index, release) in earlier.iter().enumerate() {
        for (id, levels) in &release.answers {
            if let Some((sector, grade)) = release.facts.get(id) {
                add(*id, index + 1, levels, *grade, *sector);
            }
        }
    }
    found
}

/// Which answers a grade leaves open: an answer is impossible where the organisation could not have that grade with it,
/// though everything else were at its best.
fn possible(
    edition: &Edition,
    scorer: &mut PackedScorer<'_>,
    bytes: &[u8],
    (grade, sector, profile): (GradeKey, SectorKey, Option<&ProfileKey>),
) -> Vec<bool> {
    let best = match edition.scheme() {
        Scheme::Levels(scheme) => scheme.max_level,
        Scheme::Assertions(_) => 1,
        Scheme::Outcomes {} => 2,
    };
    let mut levels = vec![best; edition.requirements().len()];
    let mut open = Vec::with_capacity(levels.len() * bytes.len());
    for place in 0..levels.len() {
        for byte in bytes {
            if let Some(slot) = levels.get_mut(place) {
                *slot = *byte;
            }
            let input = PackedInput {
                sector,
                profile,
                levels: &levels,
                plan: PlanStanding::Approved,
                approached_before: false,
                lifted: true,
            };
            open.push(scorer.score(&input).grade.rank() >= grade.rank());
        }
        if let Some(slot) = levels.get_mut(place) {
            *slot = best;
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition() -> Edition {
        let text = include_str!("../../../config/standards/igt.toml");
        let names = crate::standards::formats::Names::default();
        crate::standards::formats::read(
            crate::standards::formats::FileFormat::Toml,
            "igt.toml",
            text.as_bytes(),
            &names,
        )
        .unwrap()
        .edition
    }

    fn answered(id: i64, grade: GradeKey, level: u8, edition: &Edition) -> Answered {
        Answered {
            organisation: OrganisationId::new(id),
            sector: SectorKey::new("nhs_trust").unwrap(),
            profile: "acute".to_owned(),
            grade,
            levels: vec![level; edition.requirements().len()],
            settled_at: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn a_satisfactory_grade_leaves_no_room_for_a_low_level_and_another_leaves_all_open() {
        let edition = edition();
        let bytes = [0, 1, 2, 3];
        let now = [
            answered(1, GradeKey::Satisfactory, 2, &edition),
            answered(2, GradeKey::NotSatisfactory, 1, &edition),
        ];
        let groups = known_groups(&edition, &bytes, &now, &[]).unwrap();
        assert_eq!(groups.len(), 2);
        let good = groups.iter().find(|group| group.counts[2] == 1).unwrap();
        let poor = groups.iter().find(|group| group.counts[1] == 1).unwrap();
        let asked = edition.asked_of(now[0].sector, ProfileKey::new("acute").ok().as_ref());
        let first = asked.iter().position(|one| *one == crate::standards::Asked::Mandatory).unwrap();
        let of = |group: &KnownGroup| group.possible[first * 4..first * 4 + 4].to_vec();
        assert_eq!(of(good), [false, false, true, true]);
        assert_eq!(of(poor), [true; 4]);
    }

    #[test]
    fn answers_are_followed_through_releases() {
        let edition = edition();
        let grade = GradeKey::NotSatisfactory;
        let now: Vec<Answered> = (1..=3).map(|id| answered(id, grade, 1, &edition)).collect();
        let vector = |level: u8| vec![level; edition.requirements().len()];
        let facts = (1..=4).map(|id| (OrganisationId::new(id), (now[0].sector, grade))).collect();
        let rows = crate::statistics::Dimension::new("requirement", "R", [("a", "A")]).unwrap();
        let columns = crate::statistics::Dimension::new("level", "L", [("0", "0")]).unwrap();
        let table = crate::statistics::CrossTable::from_counts("p", rows, columns, vec![1]).unwrap();
        let earlier = EarlierAnswers {
            key: "returns-2026".into(),
            table: PublishedTable::of_public_facts(&table),
            // The first is as it was, the second answers otherwise now, the third is new, the fourth is gone.
            answers: [(1, 1), (2, 0), (4, 1)]
                .map(|(id, level)| (OrganisationId::new(id), vector(level)))
                .into(),
            facts,
        };
        assert_eq!(earlier.changed(&now), 3);
        let groups = known_groups(&edition, &[0, 1, 2, 3], &now, &[earlier]).unwrap();
        let mut seen: Vec<(u64, u64, u64)> =
            groups.iter().map(|group| (group.tables, group.counts[0], group.counts[1])).collect();
        seen.sort_unstable();
        // Profiles of who is gone are not known any more, so the fourth may stand apart from the second as it was.
        let sum = |tables: u64| {
            let of = seen.iter().filter(|(there, ..)| *there == tables);
            of.fold((0, 0), |sum, (_, none, one)| (sum.0 + none, sum.1 + one))
        };
        assert_eq!((sum(1), sum(2), sum(3)), ((0, 2), (1, 1), (0, 1)));
    }
}
