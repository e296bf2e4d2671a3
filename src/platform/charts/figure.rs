//! A figure as the component `figure_block` takes it: the chart, its table, its denominator and its files.

use serde::Serialize;

use super::{Chart, ChartTable};
use crate::platform::pages::Link;

/// One figure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FigureView {
    /// Its id in the page.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// The whole `<svg>` element; empty where a chart could not tell its series apart.
    pub svg: String,
    /// Column heads.
    pub head: Vec<HeadCell>,
    /// Rows of text.
    pub rows: Vec<Vec<String>>,
    /// Who is counted.
    pub denominator: String,
    /// Whether any figure is withheld.
    pub has_suppressed: bool,
    /// Notes.
    pub notes: Vec<String>,
    /// Where the CSV file is; empty where there is none.
    pub csv: String,
    /// Where the JSON file is.
    pub json: String,
    /// Where its table stands for good, and by which rules it is made; empty where it is not published.
    pub sources: Vec<Link>,
}

/// A column head as the table component takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadCell {
    text: String,
    format: &'static str,
}

impl FigureView {
    /// A figure of a chart and its table.
    pub fn of_chart(chart: Chart, about: &str, files: &str) -> Self {
        let Chart { id, svg, table } = chart;
        let mut view = Self::of_table(&id, table, about, files);
        view.svg = svg;
        view
    }

    /// A figure that is only a table.
    pub fn of_table(id: &str, table: ChartTable, about: &str, files: &str) -> Self {
        let file = |suffix: &str| if files.is_empty() { String::new() } else { format!("{files}.{suffix}") };
        Self {
            id: id.to_owned(),
            title: table.caption,
            about: about.to_owned(),
            svg: String::new(),
            head: table
                .headers
                .into_iter()
                .enumerate()
                .map(|(at, text)| HeadCell { text, format: if at == 0 { "" } else { "numeric" } })
                .collect(),
            rows: table
                .rows
                .into_iter()
                .map(|row| {
                    std::iter::once(row.heading).chain(row.cells.into_iter().map(|cell| cell.text)).collect()
                })
                .collect(),
            denominator: table.denominator,
            has_suppressed: table.has_suppressed,
            notes: table.notes,
            csv: file("csv"),
            json: file("json"),
            sources: Vec::new(),
        }
    }

    /// The same with links to where it comes from.
    #[must_use]
    pub fn with_sources(self, sources: Vec<Link>) -> Self {
        Self { sources, ..self }
    }
}
