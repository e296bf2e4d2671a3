//! Turns tables into one system of figures and sums. A figure is known by its population and coordinates
//! (`sector = gp, level = 2`; a total leaves a coordinate out), so tables that share a total share the figure.

use std::collections::BTreeMap;

use super::DisclosureError;
use super::parts::Solved;
use super::protected::{Cell, Interval, Protected};
use super::rules::{DisclosureRules, Reason, Requirement, Sensitivity};
use super::system::{Figure, FigureId, Status, Sum, System};
use crate::statistics::table::{CrossTable, Margins};

/// A finer classification whose categories add up to those of a coarser one: boards to regions, or a crossed
/// dimension to each of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refinement {
    /// Name of the finer dimension.
    pub fine: String,
    /// Name of the coarser dimension.
    pub coarse: String,
    /// For each finer key, the coarser key it belongs to.
    pub parts: BTreeMap<String, String>,
}

/// Population and sorted `(dimension, key)` pairs.
type FigureKey = (String, Vec<(String, String)>);

/// Where a table's figures are in the system.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub cells: Vec<FigureId>,
    pub row_totals: Vec<FigureId>,
    pub column_totals: Vec<FigureId>,
    pub total: FigureId,
}

/// A cell costs this much to withhold plus one for each doubling of its count; totals cost more, since many
/// readers use them and few use one cell.
const CELL_COST: u64 = 8;
const TOTAL_COST: u64 = 80;

#[derive(Debug, Default)]
pub(super) struct Builder {
    pub system: System,
    ids: BTreeMap<FigureKey, FigureId>,
}

impl Builder {
    /// Adds a table with the rules' requirements on every figure of it, and returns where its figures are.
    pub(super) fn add(
        &mut self,
        table: &CrossTable,
        rules: &DisclosureRules,
    ) -> Result<Layout, DisclosureError> {
        let key = |row: Option<&str>, column: Option<&str>| figure_key(table, row, column);
        let mut layout = Layout::default();
        let total = table.total();
        self.system.ceiling = self.system.ceiling.max(total);
        layout.total = self.figure(key(None, None), total, Status::Public, 0)?;
        for (r, row) in table.rows().categories().iter().enumerate() {
            let size = table.row_total(r);
            layout.row_totals.push(self.figure(key(Some(&row.key), None), size, Status::Public, 0)?);
            for (column, count) in table.columns().categories().iter().zip(table.row(r)) {
                let cost = CELL_COST + u64::from(count.checked_ilog2().map_or(0, |log| log + 1));
                let id = self.figure(key(Some(&row.key), Some(&column.key)), *count, Status::Open, cost)?;
                self.require(id, rules, size);
                layout.cells.push(id);
            }
        }
        for (c, column) in table.columns().categories().iter().enumerate() {
            if table.margins() == Margins::Rows {
                break;
            }
            let count = table.column_total(c);
            let cost = TOTAL_COST + u64::from(count.checked_ilog2().map_or(0, |log| log + 1));
            let id = self.figure(key(None, Some(&column.key)), count, Status::Open, cost)?;
            self.require(id, rules, total);
            layout.column_totals.push(id);
        }
        Ok(layout)
    }

    fn figure(
        &mut self,
        key: FigureKey,
        value: u64,
        status: Status,
        cost: u64,
    ) -> Result<FigureId, DisclosureError> {
        if let Some(id) = self.ids.get(&key).copied() {
            if self.system.figure(id).is_some_and(|figure| figure.value != value) {
                return Err(DisclosureError::Inconsistent { figure: describe(&key) });
            }
            return Ok(id);
        }
        let id = self.system.figures.len();
        let of_everybody = key.1.len() < 2 && status == Status::Open;
        self.system.figures.push(Figure { value, status, cost, of_everybody, requirement: None });
        self.ids.insert(key, id);
        Ok(id)
    }

    /// Adds figures of a group that is never published, whose size everybody knows. Answers that are not `open` are known
    /// to be none.
    pub(super) fn add_unpublished(
        &mut self,
        table: &CrossTable,
        group: &str,
        (counts, open): (&[u64], &[bool]),
        rules: &DisclosureRules,
    ) -> Result<Vec<FigureId>, DisclosureError> {
        let population = format!("{}, known group", table.population());
        let coordinate = |name: &str, key: &str| (name.to_owned(), key.to_owned());
        let size = counts.iter().sum();
        self.system.ceiling = self.system.ceiling.max(size);
        let own = coordinate(table.rows().name(), group);
        let total = self.figure((population.clone(), vec![own.clone()]), size, Status::Public, 0)?;
        let mut cells = Vec::with_capacity(counts.len());
        for ((column, count), open) in table.columns().categories().iter().zip(counts).zip(open) {
            let mut key = vec![own.clone(), coordinate(table.columns().name(), &column.key)];
            key.sort();
            let status = if *open { Status::Withheld(Reason::Unpublished) } else { Status::Public };
            let id = self.figure((population.clone(), key), *count, status, 0)?;
            if *open {
                self.require(id, rules, size);
            }
            cells.push(id);
        }
        self.add_sum(total, cells.clone(), false);
        Ok(cells)
    }

    /// Adds a sum that is not there yet.
    pub(super) fn add_sum(&mut self, total: FigureId, parts: Vec<FigureId>, implied: bool) {
        self.system.sums.push(Sum { total, parts, implied });
    }

    /// Asks for this protection of a figure, or for none.
    pub(super) fn set_requirement(&mut self, id: FigureId, needed: Option<Requirement>) {
        if let Some(figure) = self.system.figures.get_mut(id) {
            figure.requirement = needed;
        }
    }

    /// Asks for no more uncertainty than what everybody knows anyway leaves: the least and the most possible. What is
    /// missing to the rules is no secret of ours; the groups that it comes from have requirements of their own.
    pub(super) fn limit_requirement(&mut self, id: FigureId, (least, most): (u64, u64)) {
        let Some(figure) = self.system.figures.get_mut(id) else { return };
        figure.requirement = figure.requirement.map(|needed| Requirement {
            at_most: needed.at_most.max(least),
            at_least: needed.at_least.min(most),
            ..needed
        });
    }

    fn require(&mut self, id: FigureId, rules: &DisclosureRules, size: u64) {
        let Some(figure) = self.system.figures.get_mut(id) else { return };
        if let Some(needed) = rules.requirement(size, figure.value) {
            figure.requirement = Some(figure.requirement.map_or(needed, |known| known.and(needed)));
        }
    }

    /// Adds the sums inside the tables. `refinements` tells which of them follow from others, so that a hierarchy of
    /// groups stays a network.
    pub(super) fn add_sums(
        &mut self,
        tables: &[&CrossTable],
        layouts: &[Layout],
        refinements: &[Refinement],
    ) {
        let linked = |table: &CrossTable, fine: bool| {
            refinements.iter().any(|refinement| {
                let (own, other) = if fine {
                    (&refinement.fine, &refinement.coarse)
                } else {
                    (&refinement.coarse, &refinement.fine)
                };
                table.rows().name() == own
                    && tables.iter().any(|there| {
                        there.rows().name() == other
                            && there.columns() == table.columns()
                            && there.population() == table.population()
                            && there.margins() == Margins::Both
                    })
            })
        };
        for (table, layout) in tables.iter().zip(layouts) {
            let width = table.columns().len();
            let (is_fine, is_coarse) = (linked(table, true), linked(table, false));
            for (total, parts) in layout.row_totals.iter().zip(layout.cells.chunks(width)) {
                self.sum(*total, parts.to_vec(), is_coarse);
            }
            for (column, total) in layout.column_totals.iter().enumerate() {
                let parts = layout.cells.iter().skip(column).step_by(width).copied().collect();
                self.sum(*total, parts, is_fine);
            }
            if !layout.column_totals.is_empty() {
                self.sum(layout.total, layout.column_totals.clone(), false);
                self.sum(layout.total, layout.row_totals.clone(), true);
            }
        }
    }

    fn sum(&mut self, total: FigureId, parts: Vec<FigureId>, implied: bool) {
        let known = |sum: &Sum| sum.total == total && sum.parts == parts;
        if !self.system.sums.iter().any(known) {
            self.system.sums.push(Sum { total, parts, implied });
        }
    }

    /// Adds, for every figure of a coarser category, that it is the sum of its finer ones.
    pub(super) fn add_refinement(&mut self, refinement: &Refinement) -> Result<(), DisclosureError> {
        let mut finer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (fine, coarse) in &refinement.parts {
            finer.entry(coarse).or_default().push(fine);
        }
        let mut found: Vec<(FigureId, Vec<FigureId>)> = Vec::new();
        for ((population, coordinates), total) in &self.ids {
            let Some(at) = coordinates.iter().position(|(dimension, _)| *dimension == refinement.coarse)
            else {
                continue;
            };
            let others =
                || coordinates.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, pair)| pair);
            let coarse = coordinates.get(at).map_or("", |(_, key)| key.as_str());
            let mut parts = Vec::new();
            for fine in finer.get(coarse).into_iter().flatten() {
                let pair = (refinement.fine.clone(), (*fine).to_owned());
                let mut replaced: Vec<(String, String)> = others().cloned().chain([pair]).collect();
                replaced.sort();
                parts.extend(self.ids.get(&(population.clone(), replaced)).copied());
            }
            let value = |id: &FigureId| self.system.figure(*id).map_or(0, |figure| figure.value);
            if parts.is_empty() {
                continue;
            }
            if parts.iter().map(value).sum::<u64>() != value(total) {
                let figure = describe(&(population.clone(), coordinates.clone()));
                return Err(DisclosureError::Inconsistent { figure });
            }
            found.push((*total, parts));
        }
        for (total, parts) in found {
            self.sum(total, parts, false);
        }
        Ok(())
    }

    /// Marks what an earlier release shows of a table as out of our hands, and what it withheld as withheld.
    pub(super) fn freeze(&mut self, earlier: &Protected, layout: &Layout) {
        let cells = layout.cells.iter().zip(earlier.cells.iter());
        let columns = layout.column_totals.iter().zip(earlier.column_totals.iter());
        for (id, cell) in cells.chain(columns) {
            let status = match cell {
                Cell::Shown(_) => Status::Frozen,
                Cell::Suppressed { reason, .. } => Status::Withheld(*reason),
            };
            if self.system.figure(*id).is_some_and(|figure| figure.status != Status::Public) {
                self.system.set(*id, status);
            }
        }
    }

    /// Names a figure for an error message.
    pub(super) fn name(&self, id: FigureId) -> String {
        self.ids.iter().find(|(_, known)| **known == id).map_or_else(String::new, |(key, _)| describe(key))
    }
}

/// Reads the decisions for one table out of the solved system.
pub(super) fn read(
    system: &System,
    solved: &Solved,
    table: CrossTable,
    layout: &Layout,
    rules: DisclosureRules,
) -> Protected {
    let cell = |id: &FigureId| match system.figure(*id) {
        Some(Figure { status: Status::Withheld(reason), value, .. }) => {
            let interval =
                solved.intervals.get(id).copied().unwrap_or(Interval { low: *value, high: *value });
            Cell::Suppressed { reason: *reason, interval }
        }
        figure => Cell::Shown(figure.map_or(0, |figure| figure.value)),
    };
    let cells = |ids: &[FigureId]| ids.iter().map(cell).collect::<Vec<_>>();
    Protected {
        cells: cells(&layout.cells),
        row_totals: cells(&layout.row_totals),
        column_totals: cells(&layout.column_totals),
        total: cell(&layout.total),
        table,
        sensitivity: Sensitivity::Security,
        rules,
        effort: solved.effort,
    }
}

fn figure_key(table: &CrossTable, row: Option<&str>, column: Option<&str>) -> FigureKey {
    let mut coordinates: Vec<(String, String)> = Vec::new();
    coordinates.extend(row.map(|key| (table.rows().name().to_owned(), key.to_owned())));
    coordinates.extend(column.map(|key| (table.columns().name().to_owned(), key.to_owned())));
    coordinates.sort();
    (table.population().to_owned(), coordinates)
}

fn describe((population, coordinates): &FigureKey) -> String {
    let pairs: Vec<String> =
        coordinates.iter().map(|(dimension, key)| format!("{dimension} = {key}")).collect();
    if pairs.is_empty() {
        format!("{population}: total")
    } else {
        format!("{population}: {}", pairs.join(", "))
    }
}
