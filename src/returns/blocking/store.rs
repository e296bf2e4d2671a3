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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::returns) struct Glance {
    /// Confirmed, and saying all that is asked.
    pub settled: BTreeSet<RequirementId>,
    /// Confirmed, but what else they say decides.
    pub doubtful: BTreeSet<RequirementId>,
    /// Evidence beside them is out of date, out of the library, or not passed by the scanner.
    pub faulty: BTreeSet<RequirementId>,
}

/// What each database calls things: how numbers become a list with commas between, and how a text is held against what it
/// begins with.
struct Words {
    list: fn(&str) -> String,
    begins: fn(&str, &str) -> String,
}

/// Here a text is compared from its beginning up to what no longer begins so: the last letter, one further. `LIKE` would
/// be called as a function for every answer.
const SQLITE: Words = Words {
    list: |what| format!("group_concat({what})"),
    begins: |column, with| format!("({column} >= '{with}' AND {column} < '{}')", next(with)),
};

const POSTGRES: Words = Words {
    list: |what| format!("string_agg(({what})::text, ',')"),
    begins: |column, with| format!("{column} LIKE '{with}%'"),
};

/// The least text that comes after every one that begins with this, which ends with a letter or sign of ASCII.
fn next(text: &str) -> String {
    let mut next = text.to_owned();
    let last = next.pop().and_then(|last| char::from_u32(u32::from(last) + 1));
    next.extend(last);
    next
}

/// One row: `settled`, `doubtful` and `faulty`. Values are canonical JSON, so that these texts stand in them exactly like
/// this, and within somebody's own words only with escaped quotes.
///
/// An outcome that ticks nothing is not complete by itself. Documents that are said to be attached and are not, or whose
/// absence nobody explained, are confirmed and still to be done. The index over days holds the pieces that end; the
/// partial ones those out of the library, and the files that no scanner has passed. A fault counts beside what is confirmed.
fn sql(words: &Words) -> String {
    let Words { list, begins } = words;
    let doubt = begins("a.value", "{\"indicators\":[]");
    let lacking = format!(
        "a.value = '{{\"documents\":false}}' OR ({} AND NOT EXISTS (SELECT 1 FROM answer_evidence d \
         WHERE d.return_id = a.return_id AND d.requirement_id = a.requirement_id))",
        begins("a.value", "{\"documents\":true")
    );
    let settled = list(&format!("CASE WHEN {doubt} OR {lacking} THEN NULL ELSE a.requirement_id END"));
    let doubtful = list(&format!("CASE WHEN {doubt} THEN a.requirement_id END"));
    let faulty = list("ae.requirement_id");
    format!(
        "SELECT {settled} AS settled, {doubtful} AS doubtful, (SELECT {faulty} FROM answer_evidence ae WHERE \
         ae.return_id = ? AND EXISTS (SELECT 1 FROM answer c WHERE c.return_id = ae.return_id AND \
         c.requirement_id = ae.requirement_id AND c.state = 'confirmed') AND ae.evidence_id IN (SELECT e.id FROM evidence e WHERE e.organisation_id = ? AND \
         e.scan IN ('pending','refused') UNION ALL SELECT v.id FROM evidence_piece p JOIN evidence v ON \
         v.piece_id = p.id WHERE p.organisation_id = ? AND p.valid_to < ? UNION ALL SELECT w.id FROM \
         evidence_piece q JOIN evidence w ON w.piece_id = q.id WHERE q.organisation_id = ? AND \
         q.removed_at IS NOT NULL)) AS faulty \
         FROM answer a WHERE a.return_id = ? AND a.state = 'confirmed'"
    )
}

/// The statement as each database says it: made once, so that every connection knows it by its text.
static ON_SQLITE: LazyLock<String> = LazyLock::new(|| sql(&SQLITE));
static ON_POSTGRES: LazyLock<String> = LazyLock::new(|| sql(&POSTGRES));

/// What the database says of each of the three.
pub(in crate::returns) type GlanceRow = (Option<String>, Option<String>, Option<String>);

impl Glance {
    /// The statement of one row (`settled`, `doubtful`, `faulty`) that [`Glance::bound`] gives its values.
    pub(in crate::returns) fn text(conn: &Conn) -> &'static str {
        match conn {
            Conn::Sqlite(_) => ON_SQLITE.as_str(),
            Conn::Postgres(_) => ON_POSTGRES.as_str(),
        }
    }

    /// Puts the values of [`Glance::text`] in the next places of a statement that it stands in.
    pub(in crate::returns) fn bound<ST>(statement: Fixed<ST>, found: &Found, today: Day) -> Fixed<ST> {
        let (of, whose) = (found.id.get(), found.organisation.get());
        let statement = statement.number(of).number(whose).number(whose).text(today.to_string());
        statement.number(whose).number(of)
    }

    /// As it was read.
    ///
    /// # Errors
    /// When a list is none, which is a fault.
    pub(in crate::returns) fn of_row((settled, doubtful, faulty): GlanceRow) -> Result<Self> {
        Ok(Self { settled: ids(settled)?, doubtful: ids(doubtful)?, faulty: ids(faulty)? })
    }
}

/// Looks at the answers of a return, in one statement and one row.
pub(super) fn glance(conn: &mut Conn, found: &Found, today: Day) -> Result<Glance> {
    type Columns = (Nullable<Text>, Nullable<Text>, Nullable<Text>);
    let text = Glance::text(conn);
    let row: GlanceRow = Glance::bound(Fixed::<Columns>::new(text), found, today).get_result(conn)?;
    Glance::of_row(row)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_a_text_lies_between_it_and_the_next() {
        assert_eq!(next("{\"indicators\":[]"), "{\"indicators\":[^");
        for (text, begins) in [
            ("{\"documents\":true", true),
            ("{\"documents\":true}", true),
            ("{\"documents\":true,\"text\":\"\u{10ffff}\"}", true),
            ("{\"documents\":tru", false),
            ("{\"documents\":false}", false),
            ("{\"documents\":truth}", false),
        ] {
            let with = "{\"documents\":true";
            assert_eq!(with <= text && text < next(with).as_str(), begins, "{text}");
        }
    }
}
