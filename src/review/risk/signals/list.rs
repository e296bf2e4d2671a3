//! The signals that hold, newest first.

use diesel::prelude::*;

use super::{Severity, SignalKind};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::SignalId;
use crate::schema::{organisation, risk_signal};

/// Signals on one page.
pub(in crate::review::risk) const PAGE_SIZE: i64 = 50;

/// One signal as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Listed {
    pub id: SignalId,
    pub code: String,
    pub name: String,
    pub kind: SignalKind,
    pub on: Day,
    pub severity: Severity,
    pub source: String,
    pub note: String,
}

type Row = (SignalId, String, String, SignalKind, Day, Severity, String, String);

/// One page of them (from 1), with how many there are in all.
pub(in crate::review::risk) fn list(conn: &mut Conn, page: i64) -> Result<(Vec<Listed>, i64)> {
    let total: i64 = risk_signal::table.filter(risk_signal::removed_at.is_null()).count().get_result(conn)?;
    let skipped = (page.max(1) - 1).saturating_mul(PAGE_SIZE);
    Ok((some(conn, None, PAGE_SIZE, skipped)?, total))
}

/// All of them.
pub(in crate::review::risk) fn every(conn: &mut Conn) -> Result<Vec<Listed>> {
    some(conn, None, i64::MAX, 0)
}

/// The one of this number; none when it was taken back.
pub(in crate::review::risk) fn one(conn: &mut Conn, id: SignalId) -> Result<Option<Listed>> {
    Ok(some(conn, Some(id), 1, 0)?.pop())
}

fn some(conn: &mut Conn, wanted: Option<SignalId>, limit: i64, skipped: i64) -> Result<Vec<Listed>> {
    let mut query = risk_signal::table
        .inner_join(organisation::table.on(organisation::id.eq(risk_signal::organisation_id)))
        .filter(risk_signal::removed_at.is_null())
        .order((risk_signal::happened_on.desc(), risk_signal::id.desc()))
        .limit(limit)
        .offset(skipped)
        .select((
            risk_signal::id,
            organisation::code,
            organisation::name,
            risk_signal::kind,
            risk_signal::happened_on,
            risk_signal::severity,
            risk_signal::source,
            risk_signal::note,
        ))
        .into_boxed();
    if let Some(id) = wanted {
        query = query.filter(risk_signal::id.eq(id));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, kind, on, severity, source, note)| Listed {
            id,
            code,
            name,
            kind,
            on,
            severity,
            source,
            note,
        })
        .collect())
}
