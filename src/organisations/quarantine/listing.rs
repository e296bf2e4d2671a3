//! Questions about the quarantine: a filtered list by pages, and who decided about a row.

use diesel::prelude::*;

use crate::organisations::model::{QuarantineState, QuarantinedRow};
use crate::organisations::store::{Page, Paged};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::QuarantineId;
use crate::schema::{person, quarantined_row as q};

/// Which rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuarantineFilter {
    /// Only in this state.
    pub state: Option<QuarantineState>,
    /// Only of files of this format and day, such as `register@2022-09-09`.
    pub source: Option<String>,
    /// Only with this column damaged.
    pub column: Option<String>,
}

/// The rows that a filter finds, oldest first, a page at a time.
///
/// # Errors
/// When the database cannot be read.
pub fn quarantined_where(
    conn: &mut Conn,
    filter: &QuarantineFilter,
    page: Page,
) -> Result<Paged<QuarantinedRow>> {
    let matching = || {
        let mut query = q::table.into_boxed();
        if let Some(state) = filter.state {
            query = query.filter(q::state.eq(state));
        }
        if let Some(source) = &filter.source {
            query = query.filter(q::format.eq(source.clone()));
        }
        if let Some(column) = &filter.column {
            query = query.filter(q::column_name.eq(column.clone()));
        }
        query
    };
    let total: i64 = matching().count().get_result(conn)?;
    let items = matching()
        .order(q::id)
        .limit(page.limit())
        .offset(page.offset())
        .select(QuarantinedRow::as_select())
        .load(conn)?;
    Ok(Paged { items, total, page })
}

/// The sources and the columns that rows of the quarantine have, for the filter's choices.
///
/// # Errors
/// When the database cannot be read.
pub fn quarantine_choices(conn: &mut Conn) -> Result<(Vec<String>, Vec<String>)> {
    let sources = q::table.select(q::format).distinct().order(q::format).load(conn)?;
    let columns = q::table.select(q::column_name).distinct().order(q::column_name).load(conn)?;
    Ok((sources, columns))
}

/// The name of who decided about a row; none while nobody has.
///
/// # Errors
/// When the database cannot be read.
pub fn decided_by(conn: &mut Conn, id: QuarantineId) -> Result<Option<String>> {
    Ok(q::table
        .inner_join(person::table.on(person::id.nullable().eq(q::resolved_by)))
        .filter(q::id.eq(id))
        .select(person::name)
        .first(conn)
        .optional()?)
}
