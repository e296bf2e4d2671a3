//! The narrow questions behind the list: one row that says it all for most returns, and a second look where it is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::platform::clock::Day;
use crate::platform::db::{Conn, Fixed};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{RequirementId, ReturnId};
use crate::returns::model::StoredAnswer;
use crate::returns::store::{Found, answers_to};
use crate::schema::answer_evidence;

/// The confirmed answers of a return at a glance.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// Confirmed, and saying all that is asked.
    pub settled: BTreeSet<RequirementId>,
    /// Confirmed, but what else they say decides.
    pub doubtful: BTreeSet<RequirementId>,
    /// Evidence beside them is out of date, or not passed by the scanner.
    pub faulty: BTreeSet<RequirementId>,
}

/// An outcome that ticks nothing is not complete by itself. Values are canonical JSON, so that these texts stand in them
/// exactly like this, and within somebody's own words only with escaped quotes.
const DOUBT: &str = "a.value LIKE '{\"indicators\":[]%'";

/// Documents that are said to be attached and are not, or whose absence nobody explained: confirmed, and still to be done.
const LACKING: &str = "a.value = '{\"documents\":false}' OR (a.value LIKE '{\"documents\":true%' AND NOT EXISTS (SELECT 1 \
     FROM answer_evidence d WHERE d.return_id = a.return_id AND d.requirement_id = a.requirement_id))";

/// One row: lists of numbers with commas between. The index over days holds the pieces that end; the partial one over files
/// those that no scanner has passed.
fn sql(list: impl Fn(&str) -> String) -> String {
    let settled = list(&format!("CASE WHEN {DOUBT} OR {LACKING} THEN NULL ELSE a.requirement_id END"));
    let doubtful = list(&format!("CASE WHEN {DOUBT} THEN a.requirement_id END"));
    let faulty = list("ae.requirement_id");
    format!(
        "SELECT {settled} AS settled, {doubtful} AS doubtful, (SELECT {faulty} FROM answer_evidence ae WHERE \
         ae.return_id = ? AND ae.evidence_id IN (SELECT e.id FROM evidence e WHERE e.organisation_id = ? AND \
         e.scan IN ('pending','refused') UNION ALL SELECT v.id FROM evidence_piece p JOIN evidence v ON \
         v.piece_id = p.id WHERE p.organisation_id = ? AND p.valid_to < ?)) AS faulty \
         FROM answer a WHERE a.return_id = ? AND a.state = 'confirmed'"
    )
}

/// The statement as each database says it: made once, so that every connection knows it by its text.
static ON_SQLITE: LazyLock<String> = LazyLock::new(|| sql(|what| format!("group_concat({what})")));
static ON_POSTGRES: LazyLock<String> =
    LazyLock::new(|| sql(|what| format!("string_agg(({what})::text, ',')")));

/// Looks at the answers of a return, in one statement and one row.
pub(super) fn glance(conn: &mut Conn, found: &Found, today: Day) -> Result<Glance> {
    type Columns = (Nullable<Text>, Nullable<Text>, Nullable<Text>);
    let text: &'static str = match conn {
        Conn::Sqlite(_) => ON_SQLITE.as_str(),
        Conn::Postgres(_) => ON_POSTGRES.as_str(),
    };
    let (of, whose) = (found.id.get(), found.organisation.get());
    let (settled, doubtful, faulty): (Option<String>, Option<String>, Option<String>) =
        Fixed::<Columns>::new(text)
            .number(of)
            .number(whose)
            .number(whose)
            .text(today.to_string())
            .number(of)
            .get_result(conn)?;
    Ok(Glance { settled: ids(settled)?, doubtful: ids(doubtful)?, faulty: ids(faulty)? })
}

fn ids(list: Option<String>) -> Result<BTreeSet<RequirementId>> {
    let list = list.unwrap_or_default();
    let read =
        |one: &str| one.parse().map_err(|e| Error::internal("failed to read a list of requirements", e));
    list.split(',').filter(|one| !one.is_empty()).map(read).collect()
}

/// These answers, each with how many files stand beside it.
pub(super) fn look(
    conn: &mut Conn,
    of: ReturnId,
    which: &[RequirementId],
) -> Result<Vec<(StoredAnswer, usize)>> {
    let files: Vec<(RequirementId, i64)> = answer_evidence::table
        .filter(answer_evidence::return_id.eq(of))
        .filter(answer_evidence::requirement_id.eq_any(which))
        .group_by(answer_evidence::requirement_id)
        .select((answer_evidence::requirement_id, count_star()))
        .load(conn)?;
    let files: BTreeMap<RequirementId, i64> = files.into_iter().collect();
    let count = |answer: &StoredAnswer| files.get(&answer.requirement).copied().unwrap_or_default();
    let answers = answers_to(conn, of, which)?;
    Ok(answers
        .into_iter()
        .map(|answer| {
            let files = usize::try_from(count(&answer)).unwrap_or_default();
            (answer, files)
        })
        .collect())
}
