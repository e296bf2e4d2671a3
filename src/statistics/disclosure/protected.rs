//! The outcome of disclosure control: what is shown, what is withheld and why, how uncertain a reader stays, and
//! what it cost. Reasons, intervals and true counts are for the statistician; the public gets [`Protected::published`].

use super::rules::{DisclosureRules, Reason, Sensitivity};
use crate::statistics::published::PublishedTable;
use crate::statistics::table::{CrossTable, Margins};

/// The whole numbers that a reader of everything published cannot rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Interval {
    /// The lowest possible value.
    pub low: u64,
    /// The highest possible value.
    pub high: u64,
}

impl Interval {
    /// How far apart the bounds are; 0 means that the figure can be worked out.
    #[must_use]
    pub fn width(self) -> u64 {
        self.high.saturating_sub(self.low)
    }
}

/// One figure after disclosure control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Published.
    Shown(u64),
    /// Withheld.
    Suppressed {
        /// Why.
        reason: Reason,
        /// What a reader can still work out.
        interval: Interval,
    },
}

impl Cell {
    /// The published number, if any.
    #[must_use]
    pub fn shown(self) -> Option<u64> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Suppressed { .. } => None,
        }
    }
}

/// What protection cost, over cells and totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Cost {
    /// Figures shown.
    pub shown: usize,
    /// Figures withheld because they are sensitive.
    pub sensitive: usize,
    /// Figures withheld only to protect others.
    pub complementary: usize,
    /// The sum of the withheld cells (not totals): how many organisations' answers the reader loses from the breakdown.
    pub organisations: u64,
}

/// What the choice of complementary figures took, and how near the cheapest possible choice it is. Costs are in the units
/// of the method (`docs/statistics.md`): a cell 8 and the binary digits of its count, a total ten times as much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Effort {
    /// Independent parts in which anything was sensitive.
    pub parts: u64,
    /// Parts whose choice is proved to be the cheapest.
    pub optimal: u64,
    /// Parts that the exact search made cheaper than the first choice.
    pub improved: u64,
    /// What the complementary figures cost.
    pub cost: u64,
    /// What they must cost at the least, by linear programming.
    pub bound: u64,
    /// Linear programmes solved for this.
    pub programmes: u64,
}

impl Effort {
    /// How much dearer the choice may be than the cheapest, in thousandths of its cost; 0 when it is proved optimal.
    #[must_use]
    pub fn gap_per_mille(self) -> u64 {
        let missing = self.cost.saturating_sub(self.bound);
        missing.saturating_mul(1000).checked_div(self.cost).unwrap_or(0)
    }

    /// Two efforts together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            parts: self.parts + other.parts,
            optimal: self.optimal + other.optimal,
            improved: self.improved + other.improved,
            cost: self.cost + other.cost,
            bound: self.bound + other.bound,
            programmes: self.programmes + other.programmes,
        }
    }
}

/// One withheld figure, as the statistician's report lists it. Holds the true count: never to be published.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// Label of the group; `None` in the row of totals.
    pub row: Option<String>,
    /// Label of the answer.
    pub column: String,
    /// The true count.
    pub count: u64,
    /// Why it is withheld.
    pub reason: Reason,
    /// What a reader can still work out.
    pub interval: Interval,
}

/// A table with its disclosure decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    pub(super) table: CrossTable,
    pub(super) sensitivity: Sensitivity,
    pub(super) rules: DisclosureRules,
    pub(super) cells: Vec<Cell>,
    pub(super) row_totals: Vec<Cell>,
    pub(super) column_totals: Vec<Cell>,
    pub(super) total: Cell,
    pub(super) effort: Effort,
}

impl Protected {
    /// Everything shown: tables of public facts.
    pub(super) fn everything(table: CrossTable, rules: DisclosureRules) -> Self {
        Self {
            sensitivity: Sensitivity::PublicRegister,
            rules,
            cells: table.counts().iter().copied().map(Cell::Shown).collect(),
            row_totals: (0..table.rows().len()).map(|row| Cell::Shown(table.row_total(row))).collect(),
            column_totals: (0..table.columns().len())
                .map(|column| Cell::Shown(table.column_total(column)))
                .collect(),
            total: Cell::Shown(table.total()),
            effort: Effort::default(),
            table,
        }
    }

    /// The true table. Never to be published.
    #[must_use]
    pub fn table(&self) -> &CrossTable {
        &self.table
    }

    /// Which kind of facts the table holds.
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// The rules it was protected under.
    #[must_use]
    pub fn rules(&self) -> &DisclosureRules {
        &self.rules
    }

    /// What the choice took. Tables that were protected together share it.
    #[must_use]
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// The decisions on the cells, row by row.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The decision on one cell; `None` outside the table.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> Option<Cell> {
        if column >= self.table.columns().len() {
            return None;
        }
        self.cells.get(row * self.table.columns().len() + column).copied()
    }

    /// The decisions on the column totals, whether or not the table publishes them.
    #[must_use]
    pub fn column_totals(&self) -> &[Cell] {
        &self.column_totals
    }

    /// Every withheld figure with its reason and interval, for the statistician's report.
    #[must_use]
    pub fn withheld(&self) -> Vec<Withheld> {
        let columns = self.table.columns().categories();
        let rows = self.table.rows().categories().iter().map(|row| Some(row.label.clone())).chain([None]);
        let totals = self.column_totals.iter().filter(|_| self.table.margins() == Margins::Both);
        let decided = self.cells.iter().chain(totals).copied();
        let counts = (0..=self.table.rows().len()).flat_map(|r| (0..columns.len()).map(move |c| (r, c)));
        let places =
            rows.flat_map(|row| columns.iter().map(move |column| (row.clone(), column.label.clone())));
        let all = decided.zip(counts).zip(places);
        all.filter_map(|((cell, (r, c)), (row, column))| match cell {
            Cell::Shown(_) => None,
            Cell::Suppressed { reason, interval } => {
                let count = self.table.at(r, c).unwrap_or_else(|| self.table.column_total(c));
                Some(Withheld { row, column, count, reason, interval })
            }
        })
        .collect()
    }

    /// What the protection cost.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let mut cost = Cost::default();
        let columns = self.column_totals.iter().filter(|_| self.table.margins() == Margins::Both);
        for cell in self.cells.iter().chain(&self.row_totals).chain(columns) {
            match cell {
                Cell::Shown(_) => cost.shown += 1,
                Cell::Suppressed { reason, .. } if reason.is_complementary() => cost.complementary += 1,
                Cell::Suppressed { .. } => cost.sensitive += 1,
            }
        }
        let withheld = self.cells.iter().zip(self.table.counts()).filter(|(cell, _)| cell.shown().is_none());
        cost.organisations = withheld.map(|(_, count)| count).sum();
        cost
    }

    /// The public form: numbers or nothing, no reasons (a reason would narrow the interval).
    #[must_use]
    pub fn published(&self) -> PublishedTable {
        let shown = |cells: &[Cell]| cells.iter().map(|cell| cell.shown()).collect::<Vec<_>>();
        let mut published = PublishedTable::of_public_facts(&self.table);
        published.cells = shown(&self.cells);
        published.row_totals = shown(&self.row_totals);
        if published.margins == Margins::Both {
            published.column_totals = shown(&self.column_totals);
            published.total = self.total.shown();
        }
        published
    }
}
