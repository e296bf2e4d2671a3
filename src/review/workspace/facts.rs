//! What the evidence library says of the files beside a submission's answers: who added them, until when they hold, and
//! whether anything newer took their place.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::EvidenceId;
use crate::schema::{evidence, evidence_piece, person};

/// What is known of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::review) struct FileFact {
    /// Who added it; empty for nobody.
    pub added_by: String,
    /// When.
    pub added_at: Option<Timestamp>,
    /// The last day on which it holds.
    pub valid_to: Option<Day>,
    /// Whether the library has a newer version of it.
    pub replaced: bool,
}

impl FileFact {
    /// The last day, where it is over on this one.
    pub fn ended(&self, today: Day) -> Option<Day> {
        self.valid_to.filter(|day| *day < today)
    }
}

type Row = (EvidenceId, Timestamp, Option<Timestamp>, Option<Day>, Option<String>);

/// What is known of these files, in one statement; none where there are none.
pub(super) fn facts_of(conn: &mut Conn, files: &[EvidenceId]) -> Result<BTreeMap<EvidenceId, FileFact>> {
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Row> = evidence::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .left_join(person::table.on(evidence::uploaded_by.eq(person::id.nullable())))
        .filter(evidence::id.eq_any(files))
        .select((
            evidence::id,
            evidence::uploaded_at,
            evidence::replaced_at,
            evidence_piece::valid_to,
            person::name.nullable(),
        ))
        .load(conn)?;
    let fact = |(id, added_at, replaced, valid_to, added_by): Row| {
        let added_by = added_by.unwrap_or_default();
        (id, FileFact { added_by, added_at: Some(added_at), valid_to, replaced: replaced.is_some() })
    };
    Ok(rows.into_iter().map(fact).collect())
}
