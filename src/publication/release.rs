//! What a release is: its key, its state, and where its figures come from.

use crate::platform::clock::{Day, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, ReleaseId};

crate::text_enum! {
    /// Where a release stands.
    ReleaseState {
        /// Composed, with its text being written; not public.
        Draft = "draft", "Draft";
        /// Past every quality check and waiting for the approval of somebody else; not public.
        Checked = "checked", "Checked";
        /// Approved, without a date; not public.
        Approved = "approved", "Approved";
        /// Approved and on the calendar; not public before its time.
        Announced = "announced", "Announced";
        /// Public, and the newest of its series.
        Published = "published", "Published";
        /// Public, with a newer one in its series.
        Superseded = "superseded", "Superseded";
        /// Given up before it was public.
        Discarded = "discarded", "Discarded";
    }
}

/// What moves a release on, before it is public and to the moment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Every check is passed or explained.
    Submit,
    /// A second person, or whoever submitted it, wants it changed.
    SendBack,
    /// A second person approves it.
    Approve,
    /// It is put on a date of the calendar.
    Schedule,
    /// Its date is cancelled.
    Unschedule,
    /// It is made public.
    Publish,
    /// It is given up.
    Discard,
}

impl ReleaseState {
    /// The state after a step; none where the step is not open. Nothing leads back from what is public.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft, Step::Submit) => Some(Self::Checked),
            (Self::Checked | Self::Approved, Step::SendBack) => Some(Self::Draft),
            (Self::Checked, Step::Approve) | (Self::Announced, Step::Unschedule) => Some(Self::Approved),
            (Self::Approved, Step::Schedule) => Some(Self::Announced),
            // The operator publishes drafts too, outside the calendar; what a person may is in the table of actions.
            (Self::Draft | Self::Approved | Self::Announced, Step::Publish) => Some(Self::Published),
            (Self::Draft | Self::Checked | Self::Approved, Step::Discard) => Some(Self::Discarded),
            _ => None,
        }
    }

    /// Whether everybody may read it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published | Self::Superseded)
    }
}

/// Where the figures of a release come from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Source {
    /// One imported snapshot of a register, named as the import named it: `register@2022-09-09`.
    Register(String),
    /// The returns of one collection, named by its key.
    Collection(String),
}

impl Source {
    /// Reads the text stored with a release.
    ///
    /// # Errors
    /// When it is neither form.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("collection", key)) => Ok(Self::Collection(key.to_owned())),
            Some(("register", name)) => Ok(Self::Register(name.to_owned())),
            _ => Err(Error::broken(format!("\"{text}\" is no source of a release"))),
        }
    }

    /// The text stored with a release.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Register(name) => format!("register:{name}"),
            Self::Collection(key) => format!("collection:{key}"),
        }
    }

    /// Releases of one series follow each other: registers of the same kind, or collections.
    #[must_use]
    pub fn series(&self) -> String {
        match self {
            Self::Register(name) => family(name).to_owned(),
            Self::Collection(_) => "collection".to_owned(),
        }
    }

    /// The start of the release's key; releases of one source share it.
    #[must_use]
    pub fn key_stem(&self) -> String {
        let (kind, name) = match self {
            Self::Register(name) => ("", name.as_str()),
            Self::Collection(key) => ("returns-", key.as_str()),
        };
        let plain: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        format!("{kind}{plain}")
    }
}

/// The kind of a register's snapshot. The national register changed its columns after 2019 but is the same register.
pub(super) fn family(source: &str) -> &str {
    match source.split_once('@').map_or(source, |(format, _)| format) {
        "register-2019" => "register",
        format => format,
    }
}

/// The day of a register's snapshot, from its name.
pub(super) fn snapshot_day(source: &str) -> Option<Day> {
    source.split_once('@').and_then(|(_, day)| day.parse().ok())
}

/// A release without its document.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReleaseSummary {
    /// Its number.
    pub id: ReleaseId,
    /// Its permanent name in addresses.
    pub key: String,
    /// Its title.
    pub title: String,
    /// The collection, when the figures are a collection's.
    pub collection: Option<CollectionId>,
    /// Where the figures come from.
    pub source: Source,
    /// The series it belongs to.
    pub series: String,
    /// The edition that counts as current.
    pub edition: String,
    /// Where it stands.
    pub state: ReleaseState,
    /// The moment the figures are of.
    pub as_at: Timestamp,
    /// When it became public.
    pub published_at: Option<Timestamp>,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// SHA-256 of the document.
    pub document_hash: Vec<u8>,
    /// SHA-256 of the figures alone, the same for two releases that say the same.
    pub content_hash: Vec<u8>,
    /// Counts its changes.
    pub version: i64,
}

impl ReleaseSummary {
    /// Its permanent address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/public/releases/{}", self.key)
    }

    /// Which version of the figures of its source it is, counted from 1; the number stands in its key.
    #[must_use]
    pub fn number(&self) -> u32 {
        let rest = self.key.strip_prefix(&self.source.key_stem()).and_then(|rest| rest.strip_prefix("-r"));
        rest.and_then(|number| number.parse().ok()).unwrap_or(1)
    }
}

/// Editions in the order of time: the first number in the label is the year, two digits meaning this century.
/// `21/22` and `2021/22` are the same year.
#[must_use]
pub fn edition_year(label: &str) -> u32 {
    let digits: String =
        label.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    match (digits.len(), digits.parse::<u32>()) {
        (1..=2, Ok(year)) => 2000 + year,
        (_, Ok(year)) => year,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_back_as_written() {
        for source in [Source::Register("register@2022-09-09".into()), Source::Collection("2026".into())] {
            assert_eq!(Source::parse(&source.as_text()).unwrap(), source);
        }
        assert!(Source::parse("elsewhere").is_err());
        assert_eq!(Source::Register("register-2019@2019-06-17".into()).series(), "register");
        assert_eq!(Source::Register("register@2022-09-09".into()).key_stem(), "register-2022-09-09");
        assert_eq!(Source::Collection("2026".into()).key_stem(), "returns-2026");
        assert_eq!(snapshot_day("register@2022-09-09").map(|d| d.to_string()).as_deref(), Some("2022-09-09"));
    }

    #[test]
    fn nothing_leads_back_from_what_is_public_and_nothing_skips_approval() {
        const STEPS: [Step; 7] = [
            Step::Submit,
            Step::SendBack,
            Step::Approve,
            Step::Schedule,
            Step::Unschedule,
            Step::Publish,
            Step::Discard,
        ];
        for step in STEPS {
            for ended in [ReleaseState::Published, ReleaseState::Superseded, ReleaseState::Discarded] {
                assert_eq!(ended.after(step), None, "{ended} {step:?}");
            }
            let leads = |from: ReleaseState| from.after(step) == Some(ReleaseState::Announced);
            assert!(!leads(ReleaseState::Draft) && !leads(ReleaseState::Checked), "{step:?}");
        }
        assert_eq!(ReleaseState::Checked.after(Step::Publish), None);
        assert_eq!(ReleaseState::Announced.after(Step::Unschedule), Some(ReleaseState::Approved));
    }

    #[test]
    fn editions_follow_each_other_however_they_are_written() {
        assert!(edition_year("22/23") > edition_year("2021/22"));
        assert_eq!(edition_year("21/22"), edition_year("2021/22"));
        assert_eq!(edition_year(""), 0);
    }
}
