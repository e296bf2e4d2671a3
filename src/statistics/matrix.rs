//! The answer matrix: all answers of one edition as one byte per requirement and submission, counted by any grouping
//! in one scan. Holds no names and no evidence, only levels.

use crate::statistics::table::{Category, CrossTable, Dimension, Margins, TableError};

/// A submission outside every group of a grouping, for example out of scope.
const NO_GROUP: u16 = u16::MAX;
/// Byte counters are emptied into wide ones before they can overflow.
const ROWS_PER_FLUSH: u8 = u8::MAX;

/// Why something does not fit a matrix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatrixError {
    /// A packed vector of another edition, or a damaged one.
    #[error("a submission has {found} levels where the edition has {expected} requirements")]
    WrongLength {
        /// Bytes in the packed vector.
        found: usize,
        /// Requirements of the edition.
        expected: usize,
    },
    /// A byte that is no level of the edition.
    #[error("level {level} of requirement {requirement} is not one of the edition's {levels} levels")]
    UnknownLevel {
        /// The byte.
        level: u8,
        /// The requirement's code.
        requirement: String,
        /// How many levels there are.
        levels: usize,
    },
    /// A group index outside the dimension, or more than 65,534 groups.
    #[error("group {group} is not one of the {groups} groups of {dimension}")]
    UnknownGroup {
        /// The index given.
        group: usize,
        /// How many groups there are.
        groups: usize,
        /// Name of the dimension.
        dimension: String,
    },
    /// A grouping made for another number of submissions.
    #[error("the grouping covers {found} submissions where the matrix has {expected}")]
    WrongGrouping {
        /// Submissions in the grouping.
        found: usize,
        /// Submissions in the matrix.
        expected: usize,
    },
    /// More than 255 levels, no requirement, or a repeated key.
    #[error("the matrix has unusable dimensions: {0}")]
    Dimensions(#[from] TableError),
}

/// All answers of one edition.
#[derive(Debug, Clone)]
pub struct AnswerMatrix {
    requirements: Dimension,
    levels: Dimension,
    bytes: Vec<u8>,
}

impl AnswerMatrix {
    /// An empty matrix. A byte in a packed vector is a position in `levels`; "not answered" and "not relevant" are
    /// levels like any other, so that nothing is left out of a denominator unseen.
    #[must_use]
    pub fn new(requirements: Dimension, levels: Dimension) -> Self {
        Self { requirements, levels, bytes: Vec::new() }
    }

    /// Makes room for so many submissions at once.
    #[must_use]
    pub fn with_capacity(mut self, submissions: usize) -> Self {
        self.bytes.reserve(submissions * self.requirements.len());
        self
    }

    /// Adds one submission's packed vector of levels, in requirement order.
    ///
    /// # Errors
    /// [`MatrixError::WrongLength`] or [`MatrixError::UnknownLevel`]; the matrix is then unchanged.
    pub fn push(&mut self, packed: &[u8]) -> Result<(), MatrixError> {
        self.fits(packed)?;
        self.bytes.extend_from_slice(packed);
        Ok(())
    }

    fn fits(&self, packed: &[u8]) -> Result<(), MatrixError> {
        let (found, expected) = (packed.len(), self.requirements.len());
        if found != expected {
            return Err(MatrixError::WrongLength { found, expected });
        }
        let levels = self.levels.len();
        if let Some(at) = packed.iter().position(|level| usize::from(*level) >= levels) {
            let requirement =
                self.requirements.categories().get(at).map_or("", |one| one.key.as_str()).to_owned();
            let level = packed.get(at).copied().unwrap_or_default();
            return Err(MatrixError::UnknownLevel { level, requirement, levels });
        }
        Ok(())
    }

    /// Puts another vector in the place of one that is there.
    ///
    /// # Errors
    /// As [`Self::push`], and [`MatrixError::WrongLength`] for a place beyond the end; the matrix is then unchanged.
    pub fn replace(&mut self, place: usize, packed: &[u8]) -> Result<(), MatrixError> {
        let width = self.requirements.len();
        self.fits(packed)?;
        let row = self.bytes.get_mut(place * width..(place + 1) * width);
        let row = row.ok_or(MatrixError::WrongLength { found: 0, expected: width })?;
        row.copy_from_slice(packed);
        Ok(())
    }

    /// The levels of every submission, in the order of the matrix.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.requirements.len())
    }

    /// The requirements.
    #[must_use]
    pub fn requirements(&self) -> &Dimension {
        &self.requirements
    }

    /// The levels.
    #[must_use]
    pub fn levels(&self) -> &Dimension {
        &self.levels
    }

    /// How many submissions it holds.
    #[must_use]
    pub fn submissions(&self) -> usize {
        self.bytes.len() / self.requirements.len()
    }

    /// Counts levels per group and requirement in one scan.
    ///
    /// # Errors
    /// [`MatrixError::WrongGrouping`].
    pub fn count(&self, grouping: &Grouping) -> Result<GroupedCounts, MatrixError> {
        let (found, expected) = (grouping.of.len(), self.submissions());
        if found != expected {
            return Err(MatrixError::WrongGrouping { found, expected });
        }
        let (width, levels) = (self.requirements.len(), self.levels.len());
        let mut counters: Vec<Counter> =
            (0..grouping.groups.len()).map(|_| Counter::new(width * levels)).collect();
        for (row, group) in self.bytes.chunks_exact(width).zip(&grouping.of) {
            if let Some(counter) = counters.get_mut(usize::from(*group)) {
                counter.add(row, width);
            }
        }
        let counts = counters.into_iter().map(Counter::finish).collect();
        let (requirements, levels) = (self.requirements.clone(), self.levels.clone());
        Ok(GroupedCounts { groups: grouping.groups.clone(), requirements, levels, counts })
    }
}

/// Counts of one group, level by level, a byte each until flushed: comparing a row with one level and adding the
/// result is a loop over bytes that the compiler turns into vector instructions.
struct Counter {
    narrow: Vec<u8>,
    wide: Vec<u64>,
    rows: u8,
}

impl Counter {
    fn new(size: usize) -> Self {
        Self { narrow: vec![0; size], wide: vec![0; size], rows: 0 }
    }

    fn add(&mut self, row: &[u8], width: usize) {
        for (level, counts) in (0_u8..).zip(self.narrow.chunks_exact_mut(width)) {
            for (count, found) in counts.iter_mut().zip(row) {
                *count = count.wrapping_add(u8::from(*found == level));
            }
        }
        self.rows += 1;
        if self.rows == ROWS_PER_FLUSH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for (wide, narrow) in self.wide.iter_mut().zip(&mut self.narrow) {
            *wide += u64::from(*narrow);
            *narrow = 0;
        }
        self.rows = 0;
    }

    fn finish(mut self) -> Vec<u64> {
        self.flush();
        self.wide
    }
}

/// Which group each submission is in, in the order of the matrix.
#[derive(Debug, Clone)]
pub struct Grouping {
    groups: Dimension,
    of: Vec<u16>,
}

impl Grouping {
    /// Takes one position in `groups` per submission; `None` leaves a submission out.
    ///
    /// # Errors
    /// [`MatrixError::UnknownGroup`].
    pub fn new(groups: Dimension, of: impl IntoIterator<Item = Option<usize>>) -> Result<Self, MatrixError> {
        let of = of.into_iter().map(|group| index_of(&groups, group)).collect::<Result<_, _>>()?;
        Ok(Self { groups, of })
    }

    /// Everybody in one group.
    ///
    /// # Errors
    /// Never for a sound dimension; the type is shared with [`Self::new`].
    pub fn everybody(submissions: usize) -> Result<Self, MatrixError> {
        let groups = Dimension::new("everybody", "All organisations", [("all", "All organisations")])?;
        Ok(Self { groups, of: vec![0; submissions] })
    }

    /// Adds one more submission; `None` leaves it out.
    ///
    /// # Errors
    /// [`MatrixError::UnknownGroup`]; nothing is then added.
    pub fn push(&mut self, group: Option<usize>) -> Result<(), MatrixError> {
        self.of.push(index_of(&self.groups, group)?);
        Ok(())
    }

    /// Crosses two groupings of the same submissions; who is outside either is outside the result.
    ///
    /// # Errors
    /// [`MatrixError::WrongGrouping`] or [`MatrixError::UnknownGroup`] when there are too many groups.
    pub fn crossed(&self, other: &Self) -> Result<Self, MatrixError> {
        let (found, expected) = (other.of.len(), self.of.len());
        if found != expected {
            return Err(MatrixError::WrongGrouping { found, expected });
        }
        let width = other.groups.len();
        let pairs = self.of.iter().zip(&other.of).map(|(a, b)| {
            (*a != NO_GROUP && *b != NO_GROUP).then(|| usize::from(*a) * width + usize::from(*b))
        });
        Self::new(self.groups.crossed(&other.groups)?, pairs)
    }

    /// The groups.
    #[must_use]
    pub fn groups(&self) -> &Dimension {
        &self.groups
    }
}

/// The stored form of a position in a dimension.
fn index_of(groups: &Dimension, group: Option<usize>) -> Result<u16, MatrixError> {
    let Some(group) = group else { return Ok(NO_GROUP) };
    u16::try_from(group).ok().filter(|index| group < groups.len() && *index != NO_GROUP).ok_or_else(|| {
        MatrixError::UnknownGroup { group, groups: groups.len(), dimension: groups.name().to_owned() }
    })
}

/// Counts by group, requirement and level.
#[derive(Debug, Clone)]
pub struct GroupedCounts {
    groups: Dimension,
    requirements: Dimension,
    levels: Dimension,
    /// Per group: level by level, within a level requirement by requirement.
    counts: Vec<Vec<u64>>,
}

impl GroupedCounts {
    /// How many submissions of a group gave a level to a requirement; 0 outside.
    #[must_use]
    pub fn at(&self, group: usize, requirement: usize, level: usize) -> u64 {
        if requirement >= self.requirements.len() {
            return 0;
        }
        let index = level * self.requirements.len() + requirement;
        self.counts.get(group).and_then(|counts| counts.get(index)).copied().unwrap_or(0)
    }

    /// One requirement as groups by levels. The column dimension is named after the requirement, so that disclosure
    /// control never takes the totals of two requirements for the same figure. `None` outside.
    ///
    /// # Errors
    /// [`TableError::TooLarge`] only.
    pub fn by_group(&self, population: &str, requirement: usize) -> Option<Result<CrossTable, TableError>> {
        let category: &Category = self.requirements.categories().get(requirement)?;
        let counts = (0..self.groups.len())
            .flat_map(|group| (0..self.levels.len()).map(move |level| (group, level)))
            .map(|(group, level)| self.at(group, requirement, level))
            .collect();
        let levels = self.levels_of(&category.key);
        let caption = format!("{}: {} by {}", category.label, self.levels.label(), self.groups.label());
        Some(levels.and_then(|levels| {
            let table = CrossTable::from_counts(population, self.groups.clone(), levels, counts)?;
            Ok(table.with_caption(caption))
        }))
    }

    /// One group as requirements by levels, with row totals only. `None` outside.
    ///
    /// # Errors
    /// [`TableError::TooLarge`] only.
    pub fn by_requirement(&self, population: &str, group: usize) -> Option<Result<CrossTable, TableError>> {
        let category: &Category = self.groups.categories().get(group)?;
        let counts = (0..self.requirements.len())
            .flat_map(|requirement| (0..self.levels.len()).map(move |level| (requirement, level)))
            .map(|(requirement, level)| self.at(group, requirement, level))
            .collect();
        let population = format!("{population}/{}={}", self.groups.name(), category.key);
        let table =
            CrossTable::from_counts(population, self.requirements.clone(), self.levels.clone(), counts);
        let caption = format!("{}: {} by {}", category.label, self.levels.label(), self.requirements.label());
        Some(table.map(|table| table.with_margins(Margins::Rows).with_caption(caption)))
    }

    fn levels_of(&self, requirement: &str) -> Result<Dimension, TableError> {
        let pairs = self.levels.categories().iter().map(|level| (level.key.clone(), level.label.clone()));
        Dimension::new(format!("{}:{requirement}", self.levels.name()), self.levels.label(), pairs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dimension(name: &str, size: usize) -> Dimension {
        Dimension::new(name, name, (0..size).map(|index| (format!("{name}{index}"), index.to_string())))
            .unwrap()
    }

    #[test]
    fn damaged_vectors_and_foreign_groupings_are_refused() {
        let mut matrix = AnswerMatrix::new(dimension("requirement", 3), dimension("level", 4));
        matrix.push(&[0, 3, 1]).unwrap();
        assert_eq!(matrix.push(&[0, 3]), Err(MatrixError::WrongLength { found: 2, expected: 3 }));
        let unknown = MatrixError::UnknownLevel { level: 4, requirement: "requirement2".into(), levels: 4 };
        assert_eq!(matrix.push(&[0, 3, 4]), Err(unknown));
        assert_eq!(matrix.submissions(), 1);
        let grouping = Grouping::new(dimension("sector", 2), [Some(1), None]).unwrap();
        assert!(matches!(matrix.count(&grouping), Err(MatrixError::WrongGrouping { found: 2, expected: 1 })));
        assert!(matches!(
            Grouping::new(dimension("sector", 2), [Some(2)]),
            Err(MatrixError::UnknownGroup { group: 2, .. })
        ));
    }

    #[test]
    fn one_vector_takes_the_place_of_another() {
        let mut matrix = AnswerMatrix::new(dimension("requirement", 2), dimension("level", 3));
        matrix.push(&[0, 1]).unwrap();
        matrix.push(&[1, 1]).unwrap();
        matrix.replace(0, &[2, 0]).unwrap();
        assert_eq!(matrix.rows().collect::<Vec<_>>(), [&[2, 0], &[1, 1]]);
        assert!(matches!(matrix.replace(1, &[3, 0]), Err(MatrixError::UnknownLevel { level: 3, .. })));
        assert!(matches!(matrix.replace(2, &[0, 0]), Err(MatrixError::WrongLength { .. })));
        let mut grouping = Grouping::new(dimension("sector", 2), [Some(0), Some(1)]).unwrap();
        matrix.push(&[2, 2]).unwrap();
        grouping.push(Some(1)).unwrap();
        assert!(grouping.push(Some(2)).is_err());
        let counts = matrix.count(&grouping).unwrap();
        assert_eq!((counts.at(0, 0, 2), counts.at(1, 0, 1), counts.at(1, 1, 2)), (1, 1, 1));
    }

    #[test]
    fn tables_have_their_denominators() {
        let mut matrix = AnswerMatrix::new(dimension("requirement", 2), dimension("level", 2));
        for packed in [[0, 1], [1, 1], [1, 0]] {
            matrix.push(&packed).unwrap();
        }
        let grouping = Grouping::new(dimension("sector", 2), [Some(0), Some(1), Some(1)]).unwrap();
        let counts = matrix.count(&grouping).unwrap();
        let table = counts.by_group("p", 0).unwrap().unwrap();
        assert_eq!((table.counts(), table.row_total(1)), (&[1, 0, 0, 2][..], 2));
        assert_eq!(table.columns().name(), "level:requirement0");
        let table = counts.by_requirement("p", 1).unwrap().unwrap();
        assert_eq!((table.counts(), table.row_total(0)), (&[0, 2, 1, 1][..], 2));
        assert!(counts.by_group("p", 2).is_none() && counts.by_requirement("p", 2).is_none());
    }

    proptest! {
        #[test]
        fn the_scan_counts_as_a_plain_loop_does(
            rows in proptest::collection::vec((proptest::collection::vec(0_u8..5, 7), 0_usize..4, 0_usize..4), 0..700),
        ) {
            let mut matrix = AnswerMatrix::new(dimension("requirement", 7), dimension("level", 5));
            for (packed, _, _) in &rows {
                matrix.push(packed).unwrap();
            }
            // Position 3 stands for "outside".
            let group = |index: usize| (index < 3).then_some(index);
            let a = Grouping::new(dimension("a", 3), rows.iter().map(|(_, a, _)| group(*a))).unwrap();
            let b = Grouping::new(dimension("b", 3), rows.iter().map(|(_, _, b)| group(*b))).unwrap();
            let counts = matrix.count(&a.crossed(&b).unwrap()).unwrap();
            for x in 0..3 {
                for y in 0..3 {
                    for requirement in 0..7 {
                        for level in 0..5_u8 {
                            let expected = rows.iter().filter(|(packed, a, b)| {
                                *a == x && *b == y && packed[requirement] == level
                            });
                            let found = counts.at(x * 3 + y, requirement, usize::from(level));
                            prop_assert_eq!(found, expected.count() as u64);
                        }
                    }
                }
            }
        }
    }

    /// Prints how long the national scan takes (64,201 submissions, 110 requirements, 91 groups); asserts only the
    /// count, since time depends on the machine.
    #[test]
    fn a_national_scan_is_timed() {
        let mut matrix =
            AnswerMatrix::new(dimension("requirement", 110), dimension("level", 5)).with_capacity(64_201);
        let mut packed = [0_u8; 110];
        for submission in 0..64_201_usize {
            for (requirement, level) in packed.iter_mut().enumerate() {
                *level = ((submission * 31 + requirement * 17 + submission / 7) % 5) as u8;
            }
            matrix.push(&packed).unwrap();
        }
        let sectors =
            Grouping::new(dimension("sector", 13), (0..64_201).map(|one| Some(one * one % 13))).unwrap();
        let regions = Grouping::new(dimension("region", 7), (0..64_201).map(|one| Some(one % 7))).unwrap();
        let crossed = sectors.crossed(&regions).unwrap();
        let started = std::time::Instant::now();
        let counts = matrix.count(&crossed).unwrap();
        println!("sector x region x requirement x level of 7,062,110 answers: {:?}", started.elapsed());
        let total: u64 = (0..91)
            .flat_map(|group| (0..5).map(move |level| (group, level)))
            .map(|(group, level)| counts.at(group, 109, level))
            .sum();
        assert_eq!(total, 64_201);
    }
}
