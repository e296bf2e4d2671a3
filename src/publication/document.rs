//! The frozen document of a release: inputs, rules, headline, every table after disclosure control, and texts. It is
//! canonical JSON, hashed, stored once and never changed; pages and files are made from it alone.

use serde::{Deserialize, Serialize};

use crate::platform::canonical;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::statistics::disclosure::DisclosureRules;
use crate::statistics::{MeasureTable, PublishedTable};

/// The version of the rules that this module makes tables by; recorded in every document.
pub const RULES: &str = "publication.2";

/// What is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this shape.
    pub v: u8,
    /// The release's permanent name.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What the figures were made from.
    pub source: SourceNote,
    /// The edition that counts as current.
    pub edition: String,
    /// The moment the figures are of.
    pub as_at: Timestamp,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Versions of every rule that was applied.
    pub rules: Rules,
    /// The figures people ask for first.
    pub headline: Headline,
    /// Every table, in reading order.
    pub tables: Vec<TableEntry>,
    /// Every table of measures that are no counts, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureEntry>,
    /// Sections of the requirements table, where there is one.
    pub sections: Vec<RequirementSection>,
    /// The comparison with an earlier snapshot, where there is one.
    pub change: Option<Change>,
    /// The list of organisations, which is stored row by row: how many, and the hash of its file.
    pub organisations: OrganisationsNote,
    /// What readers must know about the whole release, in sentences.
    pub notes: Vec<String>,
}

/// What the figures were made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNote {
    /// `register` or `collection`.
    pub kind: String,
    /// The snapshot's or the collection's key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What was read, as counts by name.
    pub inputs: std::collections::BTreeMap<String, u64>,
}

/// Versions of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// [`RULES`].
    pub publication: String,
    /// The scoring rules of the edition; empty for a register, whose grades were made elsewhere.
    pub scoring: String,
    /// The thresholds of disclosure control.
    pub disclosure: DisclosureRules,
}

/// The figures people ask for first. Percentages carry one decimal place, as text, so that nothing is rounded twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// Organisations in scope: the denominator of every share here.
    pub in_scope: u64,
    /// Of those, with a grade of any edition under their own name.
    pub published: u64,
    /// `published` as a share of `in_scope`; none without organisations.
    pub published_share: Option<String>,
    /// With a current status, their own or inherited, that meets or exceeds the standard.
    pub meeting: u64,
    /// `meeting` as a share of `in_scope`.
    pub meeting_share: Option<String>,
    /// Whose only grade is of an edition before the current one.
    pub older: u64,
    /// Whose status is their successor's.
    pub inherited: u64,
    /// Whose grade has not been reviewed yet.
    pub provisional: u64,
    /// Whose grade was decided in review and can still be challenged.
    pub challengeable: u64,
    /// Submitted after their deadline; none where the source does not tell.
    pub late: Option<u64>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Stable name in addresses and file names, such as `grade-by-sector`.
    pub name: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// Whether disclosure control was applied (`true`), or the table holds only what is public of each organisation.
    pub protected: bool,
    /// The figures; `None` in a cell is a withheld one.
    pub table: PublishedTable,
}

/// One table of measures: rates, estimates, medians, correlations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureEntry {
    /// Stable name in addresses and file names, such as `points-by-sector`.
    pub name: String,
    /// What it shows, in a sentence or two.
    pub about: String,
    /// The figures.
    pub table: MeasureTable,
}

/// A section of the standard and the requirements in it, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementSection {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Codes of its requirements.
    pub requirements: Vec<String>,
}

/// The comparison with an earlier snapshot, over organisations that are in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The earlier snapshot's key.
    pub earlier: String,
    /// What it is called.
    pub earlier_name: String,
    /// Organisations in both: the denominator.
    pub matched: u64,
    /// Moved to a better grade.
    pub improved: u64,
    /// Kept their grade.
    pub unchanged: u64,
    /// Moved to a worse grade.
    pub worsened: u64,
    /// Not published in one of the two, so there is no direction.
    pub not_comparable: u64,
    /// Only in the later one.
    pub joined: u64,
    /// Only in the earlier one.
    pub left: u64,
    /// Of the earlier one, merged into another organisation since.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub merged: u64,
    /// Of the later one, formed by a merger since.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub formed: u64,
}

/// Whether a count is left out of the text: documents of before it was counted keep their hash.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_nothing(count: &u64) -> bool {
    *count == 0
}

/// The list of organisations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationsNote {
    /// How many.
    pub count: u64,
    /// SHA-256, in hexadecimal, of the list's CSV file.
    pub sha256: String,
    /// The size of that file; none in documents from before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Headline {
    /// Every count by its stable name; the denominator of all of them is `in_scope`.
    #[must_use]
    pub fn measures(&self) -> Vec<(&'static str, u64)> {
        let mut measures = vec![
            ("in_scope", self.in_scope),
            ("published", self.published),
            ("meeting", self.meeting),
            ("older_edition_only", self.older),
            ("inherited", self.inherited),
            ("provisional", self.provisional),
            ("open_to_challenge", self.challengeable),
        ];
        measures.extend(self.late.map(|late| ("late", late)));
        measures
    }
}

impl Document {
    /// The canonical text and its hash.
    ///
    /// # Errors
    /// When it does not serialise, which is a fault.
    pub fn canonical(&self) -> Result<(String, [u8; 32])> {
        let text = canonical::to_string(self)?;
        let hash = canonical::sha256(text.as_bytes());
        Ok((text, hash))
    }

    /// The hash of what the release says, without its name, title, moment and author: two releases that differ only
    /// in those say the same.
    ///
    /// # Errors
    /// As [`Document::canonical`].
    pub fn content_hash(&self) -> Result<[u8; 32]> {
        let content = (
            &self.source,
            &self.edition,
            &self.rules,
            &self.headline,
            (&self.tables, &self.measures),
            &self.change,
            &self.organisations,
        );
        canonical::to_string(&content).map(|text| canonical::sha256(text.as_bytes()))
    }

    /// Reads a stored document.
    ///
    /// # Errors
    /// When it is not one, which means that the database was changed by hand.
    pub fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| Error::internal("failed to read a release's document", e))
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableEntry> {
        self.tables.iter().find(|entry| entry.name == name)
    }

    /// Whether any grade is not final: an unreviewed claim, or decided and open to challenge.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        self.headline.provisional + self.headline.challengeable > 0
    }
}
