//! A request for more time and the states it can be in.

use crate::platform::clock::Timestamp;
use crate::platform::ids::{CollectionId, OrganisationId, TimeRequestId};

crate::text_enum! {
    /// Where a request for more time stands.
    RequestState {
        /// It waits for the programme's answer.
        Open = "open", "Waiting for an answer";
        /// More time was given.
        Granted = "granted", "Granted";
        /// No more time was given.
        Refused = "refused", "Refused";
        /// The organisation took it back.
        Withdrawn = "withdrawn", "Taken back";
    }
}

/// One request for more time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeRequest {
    /// Its row.
    pub id: TimeRequestId,
    /// In which collection.
    pub collection: CollectionId,
    /// Whose.
    pub organisation: OrganisationId,
    /// The organisation's code.
    pub code: String,
    /// The organisation's name.
    pub name: String,
    /// Until when time is asked for.
    pub until: Timestamp,
    /// Why; never published.
    pub reason: String,
    /// Where it stands.
    pub state: RequestState,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What the programme said; empty until then, and where it had nothing to add.
    pub answer: String,
    /// When the programme answered.
    pub answered_at: Option<Timestamp>,
}
