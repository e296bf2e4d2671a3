//! Reading a submission's snapshot for review: its head, one answer of it, or a file beside one.

use std::borrow::Cow;

use serde::Deserialize;

use crate::platform::error::{Error, Result};
use crate::platform::ids::EvidenceId;
use crate::returns::{LeanSnapshot, Snapshot, SnapshotAnswer};
use crate::standards::{Edition, ProfileKey, SectorKey};

/// Who submitted, and what they are held to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The organisation's sector on the day.
    pub sector: SectorKey,
    /// The profile; none where the edition has none.
    pub profile: Option<ProfileKey>,
}

#[derive(Deserialize)]
struct RawHead<'a> {
    #[serde(borrow)]
    organisation: RawOrganisation<'a>,
    #[serde(borrow)]
    profile: Cow<'a, str>,
}

#[derive(Deserialize)]
struct RawOrganisation<'a> {
    #[serde(borrow)]
    sector: Cow<'a, str>,
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::internal("failed to read a submission's snapshot", cause)
}

/// The head of a snapshot, completed with the sector's default profile.
pub(super) fn head(snapshot: &str, edition: &Edition) -> Result<Head> {
    let raw: RawHead<'_> = serde_json::from_str(snapshot).map_err(unreadable)?;
    head_of(&raw.organisation.sector, &raw.profile, edition)
}

/// The head with this sector and this profile, which is empty where it was the sector's own.
pub(super) fn head_of(sector: &str, profile: &str, edition: &Edition) -> Result<Head> {
    let sector: SectorKey = sector.parse().map_err(unreadable)?;
    let profile = if profile.is_empty() {
        edition.default_profile(sector).map(|profile| profile.key.clone())
    } else {
        Some(profile.parse().map_err(unreadable)?)
    };
    Ok(Head { sector, profile })
}

/// The answer to one requirement; none when the snapshot does not have it.
pub(super) fn answer(snapshot: &str, code: &str) -> Result<Option<SnapshotAnswer>> {
    LeanSnapshot::read(snapshot).and_then(|lean| lean.answer(code)).map_err(unreadable)
}

/// Whether the file stands beside any answer of the snapshot.
pub(super) fn has_evidence(snapshot: &str, id: EvidenceId) -> Result<bool> {
    let snapshot: Snapshot = serde_json::from_str(snapshot).map_err(unreadable)?;
    Ok(snapshot.answers.iter().flat_map(|answer| &answer.evidence).any(|file| file.id == id))
}
