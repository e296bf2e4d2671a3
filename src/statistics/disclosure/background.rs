//! What readers know without being told in a table: who got which grade, and what earlier releases showed. Both single
//! out groups inside a published one. Where 3 of 200 organisations are publicly *not met* and *met* needs every item, a
//! count of 2 "incomplete" is a count of those three; where one organisation joined since the last release, the
//! difference of two tables is its answers.
//!
//! Such groups are figures that are never published. They enter the system with the sums that tie them to what is, so
//! that the rules, the proofs and the bounds hold for them as for any published group.

use std::collections::{BTreeMap, BTreeSet};

use super::DisclosureError;
use super::build::{Builder, Layout, read};
use super::complementary::Limits;
use super::parts::{Lost, Solved, solve};
use super::protected::{Interval, Protected};
use super::rules::{DisclosureRules, Reason};
use super::system::{FigureId, Status};
use crate::statistics::published::PublishedTable;
use crate::statistics::table::{CrossTable, Margins};

/// Organisations of which readers know the same public facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownGroup {
    /// Bit 0: they are counted in the table to be protected. Bit *i*: in the *i*-th earlier table, with the same answers.
    pub tables: u64,
    /// How many of them gave each answer, row by row, as in the table.
    pub counts: Vec<u64>,
    /// Which answers the public facts leave open, row by row. An answer that somebody gave is open whatever is said here.
    pub possible: Vec<bool>,
}

/// A group that public facts single out inside a row, and how closely a reader can guess its answers. For the statistician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Singled {
    /// Position of the row.
    pub row: usize,
    /// Position of the column.
    pub column: usize,
    /// How many organisations the group has in this row.
    pub size: u64,
    /// Whether the group is one that changed since an earlier release, rather than one of the same grade.
    pub changed: bool,
    /// Why the figure is sensitive.
    pub reason: Reason,
    /// What a reader can work out.
    pub interval: Interval,
    /// Whether earlier releases tell more of it than the rules allow, whatever is withheld now.
    pub lost: bool,
}

/// A table protected against everything that is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The table.
    pub decisions: Protected,
    /// The sensitive figures of groups that public facts single out.
    pub singled: Vec<Singled>,
    /// Rows in which earlier releases tell more than the rules allow now. This table adds nothing to that.
    pub lost_rows: Vec<usize>,
}

/// One group of one row: organisations in the same tables of whom the same answers are possible.
#[derive(Debug)]
struct Inner {
    row: usize,
    tables: u64,
    size: u64,
    cells: Vec<FigureId>,
    /// The least and the most that public facts alone leave possible, per column.
    known: Vec<(u64, u64)>,
}

/// Protects a table of questions (row totals only) against readers who know `groups` and have kept the `earlier` tables.
/// Every organisation of the table is in exactly one group with bit 0, every one of an earlier table in one with its bit.
///
/// # Errors
/// [`DisclosureError::Inconsistent`] when the groups do not add up to the tables, [`DisclosureError::Rules`], and
/// [`DisclosureError::Unprotectable`] as a last resort.
pub fn protect_against(
    table: CrossTable,
    earlier: &[PublishedTable],
    groups: &[KnownGroup],
    rules: &DisclosureRules,
) -> Result<Guarded, DisclosureError> {
    rules.validate()?;
    let table = table.with_margins(Margins::Rows);
    let mut builder = Builder::default();
    let layout = builder.add(&table, rules)?;
    if added_up(groups, 0, table.counts().len()) != table.counts() {
        return Err(inconsistent(&table, "the groups and the table"));
    }
    let mut layouts = vec![layout];
    for (index, seen) in earlier.iter().enumerate() {
        layouts.push(add_earlier(&mut builder, &table, (index, seen), groups, rules)?);
    }
    let inner = add_groups(&mut builder, &table, groups, rules)?;
    let width = table.columns().len();
    for (bit, layout) in layouts.iter().enumerate() {
        for (place, total) in layout.cells.iter().enumerate() {
            let (row, column) = (place / width, place % width);
            let members = || inner.iter().filter(|group| group.row == row && group.tables >> bit & 1 == 1);
            let parts = members().filter_map(|group| group.cells.get(column).copied()).collect();
            builder.add_sum(*total, parts, false);
            let limits = members().fold((0, 0), |(least, most), group| {
                let known = group.known.get(column).copied().unwrap_or((0, group.size));
                (least + known.0, most + known.1)
            });
            builder.limit_requirement(*total, limits);
        }
        // The size of a row is public and follows from the sizes of its groups.
        for (total, cells) in layout.row_totals.iter().zip(layout.cells.chunks(width)) {
            builder.add_sum(*total, cells.to_vec(), true);
        }
    }
    builder.system.settle_what_is_public();
    let solved = solve(&mut builder.system, Lost::Contain, &Limits::default()).map_err(|unproved| {
        DisclosureError::Unprotectable { figures: unproved.into_iter().map(|id| builder.name(id)).collect() }
    })?;
    let Some(layout) = layouts.first() else { return Err(inconsistent(&table, "nothing")) };
    tell_why(&mut builder, &solved, layout, &inner);
    let singled = singled_out(&builder, &solved, &inner, earlier.len());
    let own = layout.cells.iter().enumerate().filter(|(_, id)| solved.lost.contains(id));
    let lost: BTreeSet<usize> = singled
        .iter()
        .filter(|one| one.lost)
        .map(|one| one.row)
        .chain(own.map(|(place, _)| place / width))
        .collect();
    let decisions = read(&builder.system, &solved, table, layout, *rules);
    Ok(Guarded { decisions, singled, lost_rows: lost.into_iter().collect() })
}

fn inconsistent(table: &CrossTable, what: &str) -> DisclosureError {
    DisclosureError::Inconsistent { figure: format!("{}: {what}", table.population()) }
}

/// The counts of all groups that are in one of the tables.
fn added_up(groups: &[KnownGroup], bit: usize, cells: usize) -> Vec<u64> {
    let mut sum = vec![0_u64; cells];
    for group in groups.iter().filter(|group| group.tables >> bit & 1 == 1) {
        for (total, count) in sum.iter_mut().zip(&group.counts) {
            *total = total.saturating_add(*count);
        }
    }
    sum
}

/// Adds an earlier table: its true counts are those of its groups, and what it showed is no longer ours to withhold.
fn add_earlier(
    builder: &mut Builder,
    table: &CrossTable,
    (index, seen): (usize, &PublishedTable),
    groups: &[KnownGroup],
    rules: &DisclosureRules,
) -> Result<Layout, DisclosureError> {
    let counts = added_up(groups, index + 1, table.counts().len());
    let fits = seen.cells.len() == counts.len()
        && seen.rows.name() == table.rows().name()
        && seen.columns.name() == table.columns().name()
        && seen.cells.iter().zip(&counts).all(|(shown, count)| shown.is_none_or(|shown| shown == *count));
    if !fits {
        return Err(inconsistent(table, &format!("the groups and the earlier table \"{}\"", seen.caption)));
    }
    let population = format!("{} (earlier {})", table.population(), index + 1);
    let then = CrossTable::from_counts(population, table.rows().clone(), table.columns().clone(), counts)
        .map_err(|_| inconsistent(table, "the earlier counts"))?
        .with_margins(Margins::Rows);
    let layout = builder.add(&then, rules)?;
    for (id, shown) in layout.cells.iter().zip(&seen.cells) {
        let was_shown = shown.is_some();
        let status = if was_shown { Status::Frozen } else { Status::Withheld(Reason::Unpublished) };
        builder.system.set(*id, status);
        if was_shown {
            // It was in order then, or it cannot be helped now.
            builder.set_requirement(*id, None);
        }
    }
    Ok(layout)
}

/// Adds the groups, row by row, joining those between which nothing tells.
fn add_groups(
    builder: &mut Builder,
    table: &CrossTable,
    groups: &[KnownGroup],
    rules: &DisclosureRules,
) -> Result<Vec<Inner>, DisclosureError> {
    let width = table.columns().len();
    let mut inner = Vec::new();
    for (row, category) in table.rows().categories().iter().enumerate() {
        let mut alike: BTreeMap<(u64, Vec<bool>), Vec<u64>> = BTreeMap::new();
        for group in groups {
            let cells = row * width..(row + 1) * width;
            let (Some(counts), Some(possible)) = (group.counts.get(cells.clone()), group.possible.get(cells))
            else {
                return Err(inconsistent(table, "a group of another shape"));
            };
            if counts.iter().all(|count| *count == 0) {
                continue;
            }
            let open: Vec<bool> =
                possible.iter().zip(counts).map(|(possible, count)| *possible || *count > 0).collect();
            let sum = alike.entry((group.tables, open)).or_insert_with(|| vec![0; width]);
            for (total, count) in sum.iter_mut().zip(counts) {
                *total = total.saturating_add(*count);
            }
        }
        for (number, ((tables, open), counts)) in alike.into_iter().enumerate() {
            let key = format!("{}#{number}", category.key);
            let size: u64 = counts.iter().sum();
            let alone = open.iter().filter(|open| **open).count() == 1;
            let known = open.iter().map(|open| match (*open, alone) {
                (true, true) => (size, size),
                (true, false) => (0, size),
                (false, _) => (0, 0),
            });
            let known = known.collect();
            let cells = builder.add_unpublished(table, &key, (&counts, &open), rules)?;
            inner.push(Inner { row, tables, size, cells, known });
        }
    }
    Ok(inner)
}

/// Says of each complementary figure what it was withheld for, where that is not another figure of the same table.
fn tell_why(builder: &mut Builder, solved: &Solved, layout: &Layout, inner: &[Inner]) {
    let own: BTreeSet<FigureId> = layout.cells.iter().copied().collect();
    let group_of: BTreeMap<FigureId, &Inner> =
        inner.iter().flat_map(|group| group.cells.iter().map(move |id| (*id, group))).collect();
    let everywhere = inner.iter().fold(0, |all, group| all | group.tables);
    for (id, served) in solved.serves.iter().filter(|(id, _)| own.contains(id)) {
        if served.iter().any(|one| own.contains(one)) {
            continue;
        }
        let by_grade =
            served.iter().filter_map(|one| group_of.get(one)).any(|group| group.tables == everywhere);
        let reason = if by_grade { Reason::PublicFacts } else { Reason::Differencing };
        builder.system.set(*id, Status::Withheld(reason));
    }
}

fn singled_out(builder: &Builder, solved: &Solved, inner: &[Inner], earlier: usize) -> Vec<Singled> {
    let everywhere = u64::MAX >> (63 - earlier.min(63));
    let mut found = Vec::new();
    for group in inner {
        for (column, id) in group.cells.iter().enumerate() {
            let Some(figure) = builder.system.figure(*id) else { continue };
            let lost = solved.lost.contains(id);
            let Some(requirement) = figure.requirement else { continue };
            let known = Interval { low: figure.value, high: figure.value };
            found.push(Singled {
                row: group.row,
                column,
                size: group.size,
                changed: group.tables != everywhere,
                reason: requirement.reason,
                interval: solved.intervals.get(id).copied().unwrap_or(known),
                lost,
            });
        }
    }
    found
}
