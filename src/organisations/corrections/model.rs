//! A request to correct the list of a head office's sites, and the states it can be in.

use crate::platform::clock::Timestamp;
use crate::platform::ids::{CorrectionId, OrganisationId};

crate::text_enum! {
    /// What is wrong with the list.
    CorrectionKind {
        /// The site belongs to somebody else.
        NotOurs = "not_ours", "This site is not ours";
        /// The site is no longer there.
        Closed = "closed", "This site is closed";
        /// A site of theirs is not in the list.
        Missing = "missing", "This site is ours and is missing";
        /// The site is called otherwise.
        WrongName = "wrong_name", "The name of this site is wrong";
    }
}

crate::text_enum! {
    /// Where a request stands.
    CorrectionState {
        /// It waits for the programme's answer.
        Open = "open", "Waiting for an answer";
        /// The register was corrected.
        Accepted = "accepted", "Accepted";
        /// The register stays as it is.
        Refused = "refused", "Refused";
        /// The head office took it back.
        Withdrawn = "withdrawn", "Taken back";
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionRequest {
    /// Its row.
    pub id: CorrectionId,
    /// The head office that asks.
    pub organisation: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub kind: CorrectionKind,
    /// The site that it is about.
    pub site: OrganisationId,
    /// The site's code.
    pub site_code: String,
    /// The site's name in the register now.
    pub site_name: String,
    /// The right name, where the name is wrong.
    pub detail: String,
    /// What the head office says about it; never published.
    pub note: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What the programme said.
    pub answer: String,
    /// When the programme answered.
    pub answered_at: Option<Timestamp>,
}
