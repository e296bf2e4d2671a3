//! Preparing a release: gathers the lines, makes and protects every table, freezes the whole as one hashed document,
//! and stores it as a draft.

use serde_json::json;

use super::compose;
use super::document::Document;
use super::paper;
use super::pipeline;
use super::record::Record;
use super::release::Source;
use super::store;
use crate::access::{Action, Permit, PrepareRelease, PublishBySystem};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, ReleaseId};

/// What a release is to be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRequest {
    /// Where the figures come from.
    pub source: Source,
    /// Its title; none takes one from the source.
    pub title: Option<String>,
    /// Who answers for the figures.
    pub lead_statistician: String,
    /// Whom readers may ask; empty where it is written later.
    pub contact: String,
    /// The edition that counts as current; none takes the one most organisations published for. A collection has its
    /// own.
    pub edition: Option<String>,
}

/// A release composed in memory, ready to be stored.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Where the figures come from.
    pub source: Source,
    /// Whom readers may ask; empty where it is written later.
    pub contact: String,
    /// The collection, for a release of one.
    pub collection: Option<CollectionId>,
    /// The document.
    pub document: Document,
    /// Its canonical text.
    pub text: String,
    /// The text's SHA-256.
    pub hash: [u8; 32],
    /// SHA-256 of what it says; see [`Document::content_hash`].
    pub content_hash: [u8; 32],
    /// The statistician's report, as JSON; never public.
    pub report: String,
    /// The statistician's report on disclosure control, as JSON; never public.
    pub disclosure: String,
    /// The packed levels that the answers were counted from; never public.
    pub answers: Vec<(OrganisationId, Vec<u8>)>,
    /// One line per organisation, by code.
    pub records: Vec<Record>,
    /// The report as a PDF file, once it is typeset; see [`with_paper`].
    pub paper: Option<Vec<u8>>,
    /// What is public beside the lines and went into the tables, as JSON; see `docs/verify.md`.
    pub inputs: String,
}

/// Proof that a release may be prepared: a publisher's permit or the command line's.
pub trait MayPrepare: Action {}
impl MayPrepare for PrepareRelease {}
impl MayPrepare for PublishBySystem {}

/// Gathers and composes without storing anything, so that the long part holds up no change of others.
///
/// # Errors
/// When the source does not exist, the figures cannot be protected, or the database cannot be asked.
pub fn compose_release(conn: &mut Conn, request: &ReleaseRequest, now: Timestamp) -> Result<Draft> {
    compose::compose(conn, request, now)
}

/// The draft with its report typeset, which takes a second or two; without one in a build that cannot. The report is typeset
/// once more when the release is approved, with the words that were approved.
///
/// # Errors
/// When the report cannot be typeset, which is a fault.
pub fn with_paper(draft: Draft) -> Result<Draft> {
    let words = paper::Words { contact: &draft.contact, ..paper::Words::default() };
    let paper = paper::report(&draft.document, words)?;
    Ok(Draft { paper, ..draft })
}

/// Stores a composed release as a draft. Refused while the newest public release of the source says the same.
///
/// # Errors
/// [`Error::Refused`] with the key of the release that says the same; [`Error::Conflict`] when another draft took the
/// key meanwhile.
pub fn prepare_release<A: MayPrepare>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    draft: &Draft,
) -> Result<Recorded<(ReleaseId, String)>> {
    if let Some(same) = says_the_same(tx.conn(), draft)? {
        return Err(Error::Refused(format!("The release {same} says the same: nothing has changed since.")));
    }
    let id = store::insert_release(tx.conn(), draft)?;
    store::insert_rows(tx.conn(), id, &draft.records)?;
    store::insert_answers(tx.conn(), id, &draft.answers)?;
    store::insert_disclosure(tx.conn(), id, &draft.disclosure)?;
    if let Some(paper) = &draft.paper {
        store::insert_paper(tx.conn(), id, paper)?;
    }
    store::insert_inputs(tx.conn(), id, &draft.inputs)?;
    pipeline::begin_course(tx.conn(), id, permit.actor().id(), &draft.contact)?;
    let document = &draft.document;
    let event = Event::of(
        permit,
        "release.prepared",
        format!("release/{id}"),
        json!({
            "key": document.key,
            "source": draft.source.as_text(),
            "as_at": document.as_at,
            "document": hex(&draft.hash),
            "organisations": document.organisations.sha256,
            "contact_sha256": hex(&sha256(draft.contact.as_bytes())),
            "inputs": hex(&sha256(draft.inputs.as_bytes())),
            "paper": draft.paper.as_deref().map(|paper| hex(&sha256(paper))),
        }),
    );
    ledger::append(tx, &event, (id, document.key.clone()))
}

/// The newest public release of the same source, when it says the same as this draft.
///
/// # Errors
/// When the database cannot be asked.
pub fn says_the_same(conn: &mut Conn, draft: &Draft) -> Result<Option<String>> {
    let newest = store::all_releases(conn)?
        .into_iter()
        .filter(|release| release.published_at.is_some() && release.source == draft.source)
        .max_by_key(|release| release.id);
    Ok(newest.filter(|release| release.content_hash == draft.content_hash).map(|release| release.key))
}
