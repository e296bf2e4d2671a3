//! Signals from elsewhere about an organisation: alerts, incidents and results of audits, entered by hand or imported.
//! Whatever changes among them changes the risk of the organisation's open reviews at once.

mod csv_in;
mod csv_out;
mod list;

use diesel::prelude::*;
use serde_json::json;

use super::compute::refresh;
use super::store;
use crate::access::{Permit, RecordSignal};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, SignalId};
use crate::review::claim::person;
use crate::schema::{organisation, risk_signal};

pub(super) use csv_in::{CSV_LIMIT, ReadSignal, RowProblem, signals_from_csv};
pub(super) use csv_out::csv_of;
pub(in crate::review) use list::Listed;
pub(super) use list::{PAGE_SIZE, every, list, one};

/// The longest source, in characters.
pub(super) const SOURCE_LIMIT: usize = 200;
/// The longest note, in characters.
pub(super) const NOTE_LIMIT: usize = 1000;

crate::text_enum! {
    /// What kind of signal it is.
    SignalKind {
        /// An alert that was not answered, or was answered late.
        Alert = "alert", "Alert";
        /// Something happened.
        Incident = "incident", "Incident";
        /// An audit came to a result.
        Audit = "audit", "Audit result";
    }
}

crate::text_enum! {
    /// How much it says.
    Severity {
        /// Little.
        Low = "low", "Low";
        /// Something.
        Medium = "medium", "Medium";
        /// Much.
        High = "high", "High";
    }
}

/// A signal to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignal {
    /// About whom.
    pub organisation: OrganisationId,
    /// Of which kind.
    pub kind: SignalKind,
    /// When it happened.
    pub on: Day,
    /// How much it says.
    pub severity: Severity,
    /// Who says so.
    pub source: String,
    /// What they say.
    pub note: String,
}

/// Records one signal.
///
/// # Errors
/// [`Error::Invalid`] for a day in the future.
pub fn record_signal(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordSignal>,
    new: &NewSignal,
) -> Result<Recorded<()>> {
    if new.on > tx.now().london_day() {
        return Err(Error::field("on", "The day must be today or before"));
    }
    let id = insert(tx, permit, new)?;
    let reviews = refresh_of(tx, new.organisation)?;
    let data =
        json!({"signal": id, "kind": new.kind, "severity": new.severity, "on": new.on, "reviews": reviews});
    let event =
        Event::of(permit, "signal_recorded", format!("signal/{id}"), data).in_organisation(new.organisation);
    ledger::append(tx, &event, ())
}

/// Records the signals of a file; those that are there already, word for word, are left alone. Gives how many were new.
///
/// # Errors
/// [`Error::Invalid`] with the row for a code that no organisation has; nothing is recorded then.
pub fn import_signals(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordSignal>,
    read: &[(u64, ReadSignal)],
) -> Result<Recorded<usize>> {
    let mut touched = std::collections::BTreeSet::new();
    let mut added = 0;
    for (row, signal) in read {
        let found: Option<OrganisationId> = organisation::table
            .filter(organisation::code.eq(&signal.code))
            .select(organisation::id)
            .first(tx.conn())
            .optional()?;
        let whose = found.ok_or_else(|| {
            Error::field("file", format!("Row {row}: there is no organisation with the code {}", signal.code))
        })?;
        let new = signal.clone().about(whose);
        if is_known(tx, &new)? {
            continue;
        }
        insert(tx, permit, &new)?;
        touched.insert(whose);
        added += 1;
    }
    for whose in &touched {
        refresh_of(tx, *whose)?;
    }
    let data = json!({"rows": read.len(), "added": added, "organisations": touched.len()});
    ledger::append(tx, &Event::of(permit, "signals_imported", "programme".to_owned(), data), added)
}

/// Takes back a signal that was wrong. The row stays with the reason.
///
/// # Errors
/// [`Error::NotFound`], or [`Error::Conflict`] when it was taken back already.
pub fn remove_signal(
    tx: &mut Tx<'_>,
    permit: &Permit<RecordSignal>,
    id: SignalId,
    reason: &str,
) -> Result<Recorded<()>> {
    let whose: OrganisationId = risk_signal::table
        .filter(risk_signal::id.eq(id))
        .select(risk_signal::organisation_id)
        .first(tx.conn())?;
    let now = tx.now();
    let removed = diesel::update(
        risk_signal::table.filter(risk_signal::id.eq(id)).filter(risk_signal::removed_at.is_null()),
    )
    .set((risk_signal::removed_at.eq(Some::<Timestamp>(now)), risk_signal::removed_reason.eq(Some(reason))))
    .execute(tx.conn())?;
    if removed == 0 {
        return Err(Error::Conflict("This signal was taken back already.".to_owned()));
    }
    let reviews = refresh_of(tx, whose)?;
    let data = json!({"signal": id, "reason_sha256": hex(&sha256(reason.as_bytes())), "reviews": reviews});
    let event = Event::of(permit, "signal_removed", format!("signal/{id}"), data).in_organisation(whose);
    ledger::append(tx, &event, ())
}

fn insert(tx: &mut Tx<'_>, permit: &Permit<RecordSignal>, new: &NewSignal) -> Result<SignalId> {
    let (now, me) = (tx.now(), person(permit)?);
    Ok(diesel::insert_into(risk_signal::table)
        .values((
            risk_signal::organisation_id.eq(new.organisation),
            risk_signal::kind.eq(new.kind),
            risk_signal::happened_on.eq(new.on.to_string()),
            risk_signal::severity.eq(new.severity),
            risk_signal::source.eq(&new.source),
            risk_signal::note.eq(&new.note),
            risk_signal::recorded_by.eq(Some(me)),
            risk_signal::recorded_at.eq(now),
        ))
        .returning(risk_signal::id)
        .get_result(tx.conn())?)
}

fn is_known(tx: &mut Tx<'_>, new: &NewSignal) -> Result<bool> {
    let known: i64 = risk_signal::table
        .filter(risk_signal::organisation_id.eq(new.organisation))
        .filter(risk_signal::kind.eq(new.kind))
        .filter(risk_signal::happened_on.eq(new.on.to_string()))
        .filter(risk_signal::severity.eq(new.severity))
        .filter(risk_signal::source.eq(&new.source))
        .filter(risk_signal::note.eq(&new.note))
        .filter(risk_signal::removed_at.is_null())
        .count()
        .get_result(tx.conn())?;
    Ok(known > 0)
}

/// Computes the open reviews of an organisation again; how many there are.
fn refresh_of(tx: &mut Tx<'_>, whose: OrganisationId) -> Result<usize> {
    let ids = store::open_of(tx.conn(), whose)?;
    for id in &ids {
        refresh(tx, *id)?;
    }
    Ok(ids.len())
}
