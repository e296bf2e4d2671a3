//! A head office and its sites: why a site is left out, what stands for each site, and how far its submission has got.

use serde::Serialize;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{
    CollectionId, ExceptionId, FilingId, OrganisationId, PersonId, RequirementId, ReturnId, SubmissionId,
};

crate::text_enum! {
    /// Why a head office leaves a site out.
    ExclusionKind {
        /// The site sends a return of its own.
        FilesOwn = "files_own", "It files its own return";
        /// The site is no longer there.
        Closed = "closed", "It is closed";
        /// The site belongs to somebody else now.
        Sold = "sold", "It was sold";
        /// Anything else, said in words.
        Other = "other", "Another reason";
    }
}

crate::text_enum! {
    /// What is to be done for one line of the fixed list.
    LineAction {
        /// Submit the site's return.
        File = "file", "Submit";
        /// Give the site its return back, because the head office no longer files it.
        Release = "release", "Give back";
    }
}

crate::text_enum! {
    /// How far one line of the fixed list has got.
    LineState {
        /// Waits for its turn.
        Queued = "queued", "Waiting";
        /// The site's return was submitted.
        Filed = "filed", "Submitted";
        /// Nothing differs from what was submitted for it before.
        Stands = "stands", "Unchanged, stands as submitted before";
        /// The site has its return back.
        Released = "released", "Given back to the site";
        /// It could not be done; the line says why.
        Failed = "failed", "Not submitted";
    }
}

/// What stands for a site: who answers for it, and where that is not this head office, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// This head office answers for it.
    Included,
    /// This head office has left it out.
    Excluded(Exclusion),
    /// It has started a return of its own.
    FilesOwn,
    /// Another head office has submitted for it.
    FiledByOther,
    /// It is not open on this day, says the register.
    NotOpen,
}

impl Stand {
    /// The words of a list.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Included => "Included".to_owned(),
            Self::Excluded(why) => format!("Left out: {}", why.kind.words().to_lowercase()),
            Self::FilesOwn => "Left out: it has started its own return".to_owned(),
            Self::FiledByOther => "Left out: another head office files for it".to_owned(),
            Self::NotOpen => "Left out: not open, says the register".to_owned(),
        }
    }
}

/// Why a site is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The kind of reason.
    pub kind: ExclusionKind,
    /// More about it; never published.
    pub note: String,
}

/// One site of the register, as it stands in a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The site.
    pub id: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its sector's key.
    pub sector: String,
    /// The profile of its sector; empty where the edition has none.
    pub profile: String,
    /// Who answers for it.
    pub stand: Stand,
}

/// An answer that differs for one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its row.
    pub id: ExceptionId,
    /// For which site.
    pub site: OrganisationId,
    /// To which requirement.
    pub requirement: RequirementId,
    /// Canonical JSON of the value.
    pub value: String,
    /// The comment, never published.
    pub comment: String,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<PersonId>,
}

/// The fixed list of sites of one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Its row.
    pub id: FilingId,
    /// The head office's submission.
    pub submission: SubmissionId,
    /// The head office's return.
    pub return_id: ReturnId,
    /// The head office.
    pub organisation: OrganisationId,
    /// In which collection.
    pub collection: CollectionId,
    /// When the head office pressed submit: the moment at which every site counts as submitted.
    pub pressed_at: Timestamp,
    /// Who did.
    pub pressed_by: Option<PersonId>,
    /// Whether that was after the head office's deadline.
    pub late: bool,
    /// SHA-256 of the list.
    pub list_hash: Vec<u8>,
    /// Sites to be submitted.
    pub sites: i64,
    /// Answers that differ for a site.
    pub exceptions: i64,
    /// When the head office was told of the end.
    pub told_at: Option<Timestamp>,
}

/// One site of the fixed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingLine {
    /// Its place, from 0.
    pub position: i64,
    /// The site.
    pub site: OrganisationId,
    /// What is to be done.
    pub action: LineAction,
    /// Its code then.
    pub code: String,
    /// Its name then.
    pub name: String,
    /// Its sector then.
    pub sector: String,
    /// The profile it is held to.
    pub profile: String,
    /// The answers that differ, as canonical JSON.
    pub overrides: String,
    /// How far it has got.
    pub state: LineState,
    /// Why it failed.
    pub said: String,
    /// What was submitted.
    pub submission: Option<SubmissionId>,
    /// The number of that submission.
    pub number: Option<i64>,
    /// Its hash.
    pub hash: Option<Vec<u8>>,
}

/// How far the submission of all sites has got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Lines that wait.
    pub waiting: i64,
    /// Sites submitted.
    pub filed: i64,
    /// Sites that stand as before.
    pub stands: i64,
    /// Sites that were given back.
    pub released: i64,
    /// Lines that failed.
    pub failed: i64,
}

impl Progress {
    /// All lines.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.waiting + self.filed + self.stands + self.released + self.failed
    }
}

/// Whether an organisation is open on a day.
#[must_use]
pub fn is_open(opened: Option<Day>, closed: Option<Day>, on: Day) -> bool {
    opened.is_none_or(|day| day <= on) && closed.is_none_or(|day| day > on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_open_from_its_first_day_to_the_day_before_it_closes() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert!(is_open(None, None, day("2026-01-13")));
        assert!(is_open(Some(day("2026-01-13")), Some(day("2026-01-14")), day("2026-01-13")));
        assert!(!is_open(None, Some(day("2026-01-13")), day("2026-01-13")));
        assert!(!is_open(Some(day("2026-01-14")), None, day("2026-01-13")));
    }

    #[test]
    fn all_lines_are_counted() {
        let progress = Progress { waiting: 1, filed: 2, stands: 3, released: 4, failed: 5 };
        assert_eq!(progress.total(), 15);
    }
}
