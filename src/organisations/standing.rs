//! The status rule: which published status counts for an organisation now, and why.
//!
//! An organisation's own status of the current edition wins; without one it inherits its successor's, over as many
//! successors as it takes; otherwise it is "Not Published".

use std::collections::HashSet;

use super::model::{Grade, PublishedStatus};
use crate::platform::ids::OrganisationId;

/// What counts for an organisation now, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Standing {
    /// Its own status of the current edition.
    Own {
        /// The status.
        status: PublishedStatus,
    },
    /// The status of the organisation that took over from it.
    Inherited {
        /// The successor whose status it is; the last of the chain that was followed.
        from: OrganisationId,
        /// The status.
        status: PublishedStatus,
    },
    /// Neither it nor any successor has published for the current edition.
    NotPublished,
}

impl Standing {
    /// The grade that counts.
    #[must_use]
    pub const fn grade(&self) -> Grade {
        match self {
            Self::Own { status } | Self::Inherited { status, .. } => status.grade,
            Self::NotPublished => Grade::NotPublished,
        }
    }

    /// The status that counts, if there is one.
    #[must_use]
    pub const fn status(&self) -> Option<&PublishedStatus> {
        match self {
            Self::Own { status } | Self::Inherited { status, .. } => Some(status),
            Self::NotPublished => None,
        }
    }
}

/// Applies the rule. `status_of` gives an organisation's latest status of the current edition, `successor_of` who
/// took over from it. A recorded "not published" is no status: it says that there is nothing to inherit from, so
/// the successor is asked. Successors that lead back to one already asked end the chain.
pub fn standing<'a>(
    organisation: OrganisationId,
    status_of: impl Fn(OrganisationId) -> Option<&'a PublishedStatus>,
    successor_of: impl Fn(OrganisationId) -> Option<OrganisationId>,
) -> Standing {
    let published = |id| status_of(id).filter(|status| status.grade != Grade::NotPublished);
    if let Some(own) = published(organisation) {
        return Standing::Own { status: own.clone() };
    }
    let mut asked = HashSet::from([organisation]);
    let mut next = successor_of(organisation);
    while let Some(successor) = next {
        if !asked.insert(successor) {
            break;
        }
        if let Some(status) = published(successor) {
            return Standing::Inherited { from: successor, status: status.clone() };
        }
        next = successor_of(successor);
    }
    Standing::NotPublished
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn id(n: i64) -> OrganisationId {
        OrganisationId::new(n)
    }

    fn apply(statuses: &[(i64, Grade)], successors: &[(i64, i64)], of: i64) -> Standing {
        let statuses: HashMap<OrganisationId, PublishedStatus> = statuses
            .iter()
            .map(|(n, grade)| {
                let status = PublishedStatus {
                    organisation_id: id(*n),
                    edition_label: "25/26".to_owned(),
                    label: grade.words().to_owned(),
                    grade: *grade,
                    published_on: None,
                    source: "register@2026-07-01".to_owned(),
                };
                (id(*n), status)
            })
            .collect();
        let successors: HashMap<_, _> = successors.iter().map(|(a, b)| (id(*a), id(*b))).collect();
        standing(id(of), |n| statuses.get(&n), |n| successors.get(&n).copied())
    }

    #[test]
    fn its_own_status_wins_over_its_successors() {
        let found = apply(&[(1, Grade::StandardsNotMet), (2, Grade::StandardsExceeded)], &[(1, 2)], 1);
        assert_eq!(found.grade(), Grade::StandardsNotMet);
        assert!(matches!(found, Standing::Own { .. }));
    }

    #[test]
    fn without_one_it_inherits_over_a_chain() {
        let found =
            apply(&[(3, Grade::StandardsMet), (4, Grade::StandardsExceeded)], &[(1, 2), (2, 3), (3, 4)], 1);
        assert!(matches!(&found, Standing::Inherited { from, .. } if *from == id(3)));
        assert_eq!(found.grade(), Grade::StandardsMet);
        assert_eq!(found.status().map(|s| s.organisation_id), Some(id(3)));
    }

    #[test]
    fn a_recorded_not_published_does_not_hide_the_successor() {
        let found = apply(&[(1, Grade::NotPublished), (2, Grade::StandardsMet)], &[(1, 2)], 1);
        assert_eq!(found.grade(), Grade::StandardsMet);
    }

    #[test]
    fn otherwise_it_is_not_published_even_in_a_circle() {
        assert_eq!(apply(&[], &[], 1), Standing::NotPublished);
        assert_eq!(apply(&[], &[(1, 2), (2, 3), (3, 1)], 1), Standing::NotPublished);
        assert_eq!(apply(&[], &[(1, 1)], 1).grade(), Grade::NotPublished);
        assert_eq!(apply(&[(9, Grade::StandardsMet)], &[(1, 2), (2, 1)], 1).status(), None);
    }
}
