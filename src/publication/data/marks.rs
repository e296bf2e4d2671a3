//! The shorthand of spreadsheets: what stands in the place of a figure, or behind a title, and what it means.

use crate::publication::document::Document;
use crate::standards::scoring::GradeKey;
use crate::statistics::{Dimension, PublishedTable};

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The grades before and after a change of the scheme stand in one table.
    Break,
    /// Withheld.
    Confidential,
    /// It rounds to nothing and is more.
    Low,
    /// Not final.
    Provisional,
    /// In the place of figures that were published before.
    Revised,
    /// The source does not tell.
    NotAvailable,
    /// There is nothing that it could be a share of.
    NotApplicable,
}

impl Mark {
    /// The mark as it stands in the sheet.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Break => "[b]",
            Self::Confidential => "[c]",
            Self::Low => "[low]",
            Self::Provisional => "[p]",
            Self::Revised => "[r]",
            Self::NotAvailable => "[x]",
            Self::NotApplicable => "[z]",
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Break => {
                "the table holds grades of more than one scheme, which cannot be compared with each other"
            }
            Self::Confidential => "withheld, so that nothing can be learnt about a single organisation",
            Self::Low => "more than nothing, but it rounds to 0.0",
            Self::Provisional => {
                "provisional: some grades in it have not been finally reviewed, or can still be challenged"
            }
            Self::Revised => "revised: these figures take the place of some that were published before",
            Self::NotAvailable => {
                "not available: the source does not tell, or there is nothing to work it out from"
            }
            Self::NotApplicable => "not applicable: there is nothing that it could be a share of",
        }
    }
}

/// The marks that hold for every table of a release.
pub fn of_release(document: &Document) -> Vec<Mark> {
    let provisional = document.is_provisional().then_some(Mark::Provisional);
    let revised = is_revision(&document.key).then_some(Mark::Revised);
    provisional.into_iter().chain(revised).collect()
}

/// Whether the key is that of a later release of the same source, such as `returns-2026-r2`.
fn is_revision(key: &str) -> bool {
    key.rsplit_once("-r").is_some_and(|(stem, number)| {
        !stem.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether grades of the scheme by levels and of the later ones stand side by side in a table.
pub fn breaks(table: &PublishedTable) -> bool {
    [&table.rows, &table.columns].into_iter().any(mixed)
}

fn mixed(dimension: &Dimension) -> bool {
    let grades = || {
        let keys = dimension.categories().iter().filter_map(|category| GradeKey::parse(&category.key));
        keys.filter(|grade| *grade != GradeKey::NotPublished)
    };
    let by_levels = |grade: GradeKey| matches!(grade, GradeKey::Satisfactory | GradeKey::NotSatisfactory);
    grades().any(by_levels) && grades().any(|grade| !by_levels(grade))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_release_of_a_source_is_a_revision() {
        assert!(is_revision("returns-2026-r2") && is_revision("register-2022-09-09-r10"));
        assert!(!is_revision("returns-2026") && !is_revision("register-2022-09-09") && !is_revision("-r2"));
        assert!(!is_revision("x-r") && !is_revision("x-rest"));
    }

    #[test]
    fn grades_of_two_schemes_are_a_break() {
        let dimension =
            |keys: &[&str]| Dimension::new("grade", "Grade", keys.iter().map(|key| (*key, *key))).unwrap();
        assert!(mixed(&dimension(&["satisfactory", "standards_met"])));
        assert!(!mixed(&dimension(&["satisfactory", "not_satisfactory", "not_published"])));
        assert!(!mixed(&dimension(&["standards_met", "not_published"])) && !mixed(&dimension(&["gp"])));
    }
}
