//! Queries about requests to correct a list of sites.

use diesel::prelude::*;

use super::model::{CorrectionKind, CorrectionRequest, CorrectionState};
use crate::access;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CorrectionId, OrganisationId, PersonId};
use crate::schema::{organisation, person, site_correction};

/// The most requests that one list shows.
const LISTED: i64 = 200;

diesel::alias!(organisation as subject: Subject);

/// Which requests are wanted.
enum Which {
    Number(CorrectionId),
    Organisation(OrganisationId),
    All,
}

type Row = (
    (CorrectionId, OrganisationId, CorrectionKind, OrganisationId, String, String),
    (CorrectionState, Timestamp, String, Option<Timestamp>),
    (String, String),
    (String, String),
    String,
);

fn load(conn: &mut Conn, which: &Which) -> Result<Vec<CorrectionRequest>> {
    let query = site_correction::table
        .inner_join(organisation::table.on(organisation::id.eq(site_correction::organisation_id)))
        .inner_join(subject.on(subject.field(organisation::id).eq(site_correction::site_id)))
        .inner_join(person::table.on(person::id.eq(site_correction::asked_by)))
        .select((
            (
                site_correction::id,
                site_correction::organisation_id,
                site_correction::kind,
                site_correction::site_id,
                site_correction::detail,
                site_correction::note,
            ),
            (
                site_correction::state,
                site_correction::asked_at,
                site_correction::answer,
                site_correction::answered_at,
            ),
            (organisation::code, organisation::name),
            (subject.field(organisation::code), subject.field(organisation::name)),
            person::name,
        ))
        .order((site_correction::asked_at.desc(), site_correction::id.desc()))
        .limit(LISTED);
    let rows: Vec<Row> = match which {
        Which::Number(id) => query.filter(site_correction::id.eq(*id)).load(conn)?,
        Which::Organisation(whose) => query.filter(site_correction::organisation_id.eq(*whose)).load(conn)?,
        Which::All => query.load(conn)?,
    };
    Ok(rows.into_iter().map(read).collect())
}

fn read((head, state, of, about, asked_by): Row) -> CorrectionRequest {
    let (id, organisation, kind, site, detail, note) = head;
    let (state, asked_at, answer, answered_at) = state;
    let ((code, name), (site_code, site_name)) = (of, about);
    CorrectionRequest {
        id,
        organisation,
        code,
        name,
        kind,
        site,
        site_code,
        site_name,
        detail,
        note,
        state,
        asked_by,
        asked_at,
        answer,
        answered_at,
    }
}

impl CorrectionRequest {
    /// What the access table decides on.
    #[must_use]
    pub fn subject(&self) -> access::Subject {
        access::Subject {
            kind: "correction",
            id: self.id.get(),
            organisation: Some(self.organisation),
            state: self.state.as_str(),
        }
    }
}

/// The request with this number.
///
/// # Errors
/// [`Error::NotFound`], or when the database cannot be asked.
pub fn correction(conn: &mut Conn, id: CorrectionId) -> Result<CorrectionRequest> {
    load(conn, &Which::Number(id))?.pop().ok_or(Error::NotFound)
}

/// What an organisation has asked, the newest first.
pub(super) fn corrections_of(conn: &mut Conn, whose: OrganisationId) -> Result<Vec<CorrectionRequest>> {
    load(conn, &Which::Organisation(whose))
}

/// Everything that was asked, the newest first.
pub(super) fn all_corrections(conn: &mut Conn) -> Result<Vec<CorrectionRequest>> {
    load(conn, &Which::All)
}

/// Ends a request that waits; false when it waits no longer.
pub(super) fn close(
    tx: &mut Tx<'_>,
    id: CorrectionId,
    to: CorrectionState,
    by: PersonId,
    words: &str,
) -> Result<bool> {
    let now = tx.now();
    let closed = diesel::update(
        site_correction::table
            .filter(site_correction::id.eq(id))
            .filter(site_correction::state.eq(CorrectionState::Open)),
    )
    .set((
        site_correction::state.eq(to),
        site_correction::answered_by.eq(Some(by)),
        site_correction::answered_at.eq(Some(now)),
        site_correction::answer.eq(words),
    ))
    .execute(tx.conn())?;
    Ok(closed == 1)
}
