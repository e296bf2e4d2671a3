//! How a head office has arranged its sites at a moment: whom it answers for, and what differs for whom.

use std::collections::HashMap;

use serde::Serialize;

use super::model::{Entry, Exception, Stand};
use super::store;
use crate::platform::canonical::{sha256, to_string};
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ExceptionId, OrganisationId};
use crate::returns::content::{content_hash, evidence};
use crate::returns::model::SnapshotAnswer;
use crate::returns::signing::Statement;
use crate::returns::store::{Attached, Found};
use crate::standards::{Asked, ProfileKey, StoredEdition};

/// The sites of a return that covers them, with what differs.
#[derive(Debug, Clone)]
pub struct Arrangement {
    /// The register's sites that the collection asks, by code.
    pub entries: Vec<Entry>,
    /// Every answer that differs, for sites that are left out too.
    pub exceptions: Vec<Exception>,
    /// The evidence beside those.
    pub files: HashMap<ExceptionId, Vec<Attached>>,
}

/// One site that a submission covers, with its own answers.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Covering {
    #[serde(skip)]
    pub id: OrganisationId,
    pub code: String,
    #[serde(skip)]
    pub name: String,
    pub sector: String,
    pub profile: String,
    pub overrides: Vec<SnapshotAnswer>,
}

/// All sites that a submission covers.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub sites: Vec<Covering>,
}

impl Covered {
    /// Answers that differ for some site.
    pub fn exceptions(&self) -> usize {
        self.sites.iter().map(|site| site.overrides.len()).sum()
    }

    /// SHA-256 of the list: codes, sectors, profiles and the answers that differ. Names may change in the register
    /// without changing what is signed.
    pub fn hash(&self) -> Result<[u8; 32]> {
        Ok(sha256(to_string(&self.sites)?.as_bytes()))
    }
}

/// What the sectors of one edition are asked, worked out once for each sector and profile.
pub(super) struct Askings<'a> {
    edition: &'a StoredEdition,
    known: HashMap<(String, String), Vec<Asked>>,
}

impl<'a> Askings<'a> {
    pub fn new(edition: &'a StoredEdition) -> Self {
        Self { edition, known: HashMap::new() }
    }

    /// Whether each requirement counts for this sector under this profile, in edition order.
    pub fn of(&mut self, sector: &str, profile: &str) -> Result<&[Asked]> {
        let key = (sector.to_owned(), profile.to_owned());
        if !self.known.contains_key(&key) {
            let of = sector.parse().map_err(|e| Error::internal("failed to read the sector of a site", e))?;
            let under = if profile.is_empty() {
                None
            } else {
                let key = ProfileKey::new(profile);
                Some(key.map_err(|e| Error::internal("failed to read the profile of a site", e))?)
            };
            let asked = self.edition.edition().asked_of(of, under.as_ref());
            self.known.insert(key.clone(), asked);
        }
        self.known
            .get(&key)
            .map(Vec::as_slice)
            .ok_or_else(|| Error::broken("what was just worked out is gone"))
    }
}

impl Arrangement {
    /// The arrangement of a return at this moment; `None` where it does not cover its sites.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub fn load(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<Option<Self>> {
        if !store::is_open_for_sites(conn, found.id)? {
            return Ok(None);
        }
        Ok(Some(Self {
            entries: store::entries(conn, found, now.london_day())?,
            exceptions: store::exceptions(conn, found.id)?,
            files: store::exception_files(conn, found.id)?,
        }))
    }

    /// The sites that the head office answers for.
    pub fn included(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.stand == Stand::Included)
    }

    /// The site with this code.
    #[must_use]
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// The evidence beside an answer that differs.
    #[must_use]
    pub fn files_of(&self, id: ExceptionId) -> &[Attached] {
        self.files.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The answers that differ, by site.
    pub(super) fn by_site(&self) -> HashMap<OrganisationId, Vec<&Exception>> {
        let mut by_site: HashMap<OrganisationId, Vec<&Exception>> = HashMap::new();
        for exception in &self.exceptions {
            by_site.entry(exception.site).or_default().push(exception);
        }
        by_site
    }

    /// The list as it would be signed and submitted. An answer to what a site is not asked stays out.
    pub(super) fn covered(&self, found: &Found) -> Result<Covered> {
        let by_site = self.by_site();
        let mut askings = Askings::new(&found.edition);
        let mut sites = Vec::new();
        for entry in self.included() {
            let asked = askings.of(&entry.sector, &entry.profile)?;
            let mut own: Vec<(usize, &Exception)> = by_site
                .get(&entry.id)
                .into_iter()
                .flatten()
                .filter_map(|exception| Some((found.edition.position_of(exception.requirement)?, *exception)))
                .filter(|(position, _)| asked.get(*position).is_some_and(|asked| *asked != Asked::NotAsked))
                .collect();
            own.sort_by_key(|(position, _)| *position);
            let overrides = own
                .into_iter()
                .map(|(position, exception)| self.as_answer(found, position, exception))
                .collect::<Result<Vec<_>>>()?;
            sites.push(Covering {
                id: entry.id,
                code: entry.code.clone(),
                name: entry.name.clone(),
                sector: entry.sector.clone(),
                profile: entry.profile.clone(),
                overrides,
            });
        }
        Ok(Covered { sites })
    }

    fn as_answer(&self, found: &Found, position: usize, exception: &Exception) -> Result<SnapshotAnswer> {
        let requirement = found.edition.edition().requirements().get(position);
        let requirement = requirement.ok_or_else(|| Error::broken("a requirement has no place"))?;
        let value = serde_json::from_str(&exception.value)
            .map_err(|e| Error::internal(format!("failed to read exception {}", exception.id), e))?;
        Ok(SnapshotAnswer {
            requirement: requirement.code.to_string(),
            value,
            comment: exception.comment.clone(),
            evidence: self.files_of(exception.id).iter().map(evidence).collect(),
        })
    }
}

/// What a signature is over: the answers, and where the return covers sites, their list and what differs for them.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn signed_hash(
    conn: &mut Conn,
    found: &Found,
    answers: &[SnapshotAnswer],
    now: Timestamp,
) -> Result<[u8; 32]> {
    let own = content_hash(answers)?;
    match Arrangement::load(conn, found, now)? {
        None => Ok(own),
        Some(arrangement) => {
            let list = arrangement.covered(found)?.hash()?;
            Ok(sha256(&[own, list].concat()))
        }
    }
}

/// What the statement of a signature adds where the return covers sites; empty where it covers none.
///
/// # Errors
/// As [`signed_hash`].
pub fn statement_for_sites(conn: &mut Conn, found: &Found, now: Timestamp) -> Result<String> {
    let Some(arrangement) = Arrangement::load(conn, found, now)? else { return Ok(String::new()) };
    let covered = arrangement.covered(found)?;
    Ok(format!(
        " I sign for {} besides; {} of theirs differ from ours.",
        counted(covered.sites.len(), "site", "sites"),
        counted(covered.exceptions(), "answer", "answers"),
    ))
}

/// A statement as it is signed: with what it adds for sites.
///
/// # Errors
/// As [`signed_hash`].
pub fn statement_with_sites(
    conn: &mut Conn,
    found: &Found,
    statement: Statement,
    now: Timestamp,
) -> Result<Statement> {
    Ok(with_sites(statement, &statement_for_sites(conn, found, now)?))
}

/// A statement with what it adds for sites, as [`statement_for_sites`] gave it.
#[must_use]
pub fn with_sites(mut statement: Statement, for_sites: &str) -> Statement {
    statement.text.push_str(for_sites);
    statement
}

/// A number with its noun.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    let number = crate::platform::pages::words::number(i128::try_from(count).unwrap_or(i128::MAX));
    format!("{number} {}", if count == 1 { one } else { many })
}
