//! What a correction changes, counted and listed: by sector, by old and new grade, and return by return.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::Run;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::RuleCorrectionId;
use crate::schema::{corrected_result as table, organisation};
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// Returns on one page.
pub(super) const PAGE_SIZE: i64 = 50;

/// How many returns meet the standard before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meeting {
    /// Returns.
    pub total: i64,
    /// Of those, the ones that met it.
    pub before: i64,
    /// The ones that meet it after.
    pub after: i64,
    /// Returns whose result is another.
    pub changed: i64,
}

impl Meeting {
    /// Whether no return meets the standard any more, where some did.
    #[must_use]
    pub const fn is_satisfied_by_none(&self) -> bool {
        self.after == 0 && self.before > 0
    }
}

/// Returns with the same sector, old and new grade.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Group {
    /// The sector.
    pub sector: String,
    /// The grade that counted.
    pub old: String,
    /// The grade that counts after.
    pub new: String,
    /// Of those, with any change of their result.
    pub changed: i64,
    /// How many.
    pub count: i64,
}

/// Every group.
///
/// # Errors
/// When the database cannot be asked.
pub fn groups(conn: &mut Conn, of: RuleCorrectionId, run: Run) -> Result<Vec<Group>> {
    type Row = ((String, bool, String, String), (Option<String>, Option<String>, bool, i64));
    let rows: Vec<Row> = table::table
        .filter(table::correction_id.eq(of))
        .filter(table::run.eq(run.as_str()))
        .group_by((
            table::sector,
            table::is_final,
            table::old_claimed,
            table::new_claimed,
            table::old_assessed,
            table::new_assessed,
            table::changed,
        ))
        .select((
            (table::sector, table::is_final, table::old_claimed, table::new_claimed),
            (table::old_assessed, table::new_assessed, table::changed, diesel::dsl::count_star()),
        ))
        .load(conn)?;
    let mut all: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
    for ((sector, is_final, old, new), (old_assessed, new_assessed, changed, count)) in rows {
        let standing = |claimed: String, assessed: Option<String>| {
            if is_final { assessed.unwrap_or(claimed) } else { claimed }
        };
        let entry =
            all.entry((sector, standing(old, old_assessed), standing(new, new_assessed))).or_default();
        entry.0 += count;
        entry.1 += if changed { count } else { 0 };
    }
    let group = |((sector, old, new), (count, changed))| Group { sector, old, new, changed, count };
    Ok(all.into_iter().map(group).collect())
}

/// How many meet the standard before and after.
///
/// # Errors
/// When the database cannot be asked.
pub fn meeting(conn: &mut Conn, of: RuleCorrectionId, run: Run) -> Result<Meeting> {
    Ok(meeting_of(&groups(conn, of, run)?))
}

/// [`meeting`] of groups that were read.
#[must_use]
pub fn meeting_of(groups: &[Group]) -> Meeting {
    let meets =
        |key: &str| GradeKey::parse(key).is_some_and(|grade| grade.rank() >= GradeKey::StandardsMet.rank());
    groups.iter().fold(Meeting::default(), |sum, group| Meeting {
        total: sum.total + group.count,
        changed: sum.changed + group.changed,
        before: sum.before + if meets(&group.old) { group.count } else { 0 },
        after: sum.after + if meets(&group.new) { group.count } else { 0 },
    })
}

/// Which returns are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those of this sector.
    pub sector: Option<SectorKey>,
    /// Only those whose standing grade was this.
    pub old: Option<GradeKey>,
    /// Only those whose standing grade is this after.
    pub new: Option<GradeKey>,
    /// Also those whose result stays as it is.
    pub unchanged_too: bool,
}

/// One return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Code of the organisation.
    pub code: String,
    /// Name of the organisation.
    pub name: String,
    /// Its sector.
    pub sector: String,
    /// Whether a review has made the grade final.
    pub is_final: bool,
    /// The standing grade before and after.
    pub grade: (String, String),
    /// Requirements met, before and after.
    pub met: (i64, i64),
    /// Requirements that count, before and after.
    pub asked: (i64, i64),
    /// The words for the percentage, before and after.
    pub band: (Option<String>, Option<String>),
}

type Row = (
    (String, String, String, bool),
    (String, String, Option<String>, Option<String>),
    (i64, i64, i64, i64),
    (Option<String>, Option<String>),
);

macro_rules! filtered {
    ($of:expr, $run:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query = table::table
            .inner_join(organisation::table.on(organisation::id.eq(table::organisation_id)))
            .filter(table::correction_id.eq($of))
            .filter(table::run.eq($run.as_str()))
            .into_boxed::<<Conn as diesel::Connection>::Backend>();
        if !filter.unchanged_too {
            query = query.filter(table::changed.eq(true));
        }
        if let Some(sector) = filter.sector {
            query = query.filter(table::sector.eq(sector.as_str()));
        }
        if let Some(grade) = filter.old {
            let grade = grade.as_str();
            query = query.filter(
                table::is_final
                    .eq(true)
                    .and(table::old_assessed.assume_not_null().eq(grade))
                    .or(table::is_final.eq(false).and(table::old_claimed.eq(grade))),
            );
        }
        if let Some(grade) = filter.new {
            let grade = grade.as_str();
            query = query.filter(
                table::is_final
                    .eq(true)
                    .and(table::new_assessed.assume_not_null().eq(grade))
                    .or(table::is_final.eq(false).and(table::new_claimed.eq(grade))),
            );
        }
        query
    }};
}

/// One page of the returns, by code, and how many there are.
///
/// # Errors
/// When the database cannot be asked.
pub fn list(
    conn: &mut Conn,
    of: RuleCorrectionId,
    run: Run,
    filter: &Filter,
    page: Option<i64>,
) -> Result<(Vec<Listed>, i64)> {
    let found: i64 = filtered!(of, run, filter).count().get_result(conn)?;
    let mut query = filtered!(of, run, filter).order(organisation::code);
    if let Some(page) = page {
        query = query.limit(PAGE_SIZE).offset((page - 1).max(0) * PAGE_SIZE);
    }
    let rows: Vec<Row> = query
        .select((
            (organisation::code, organisation::name, table::sector, table::is_final),
            (table::old_claimed, table::new_claimed, table::old_assessed, table::new_assessed),
            (table::old_met, table::new_met, table::old_asked, table::new_asked),
            (table::old_band, table::new_band),
        ))
        .load(conn)?;
    Ok((rows.into_iter().map(listed).collect(), found))
}

fn listed(row: Row) -> Listed {
    let ((code, name, sector, is_final), grades, (old_met, new_met, old_asked, new_asked), band) = row;
    let (old_claimed, new_claimed, old_assessed, new_assessed) = grades;
    let grade = if is_final {
        (old_assessed.unwrap_or(old_claimed), new_assessed.unwrap_or(new_claimed))
    } else {
        (old_claimed, new_claimed)
    };
    Listed {
        code,
        name,
        sector,
        is_final,
        grade,
        met: (old_met, new_met),
        asked: (old_asked, new_asked),
        band,
    }
}
