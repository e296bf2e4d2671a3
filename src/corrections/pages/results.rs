//! What a correction changes, return by return.

use serde::{Deserialize, Serialize};

use super::{grade, sector, way};
use crate::corrections::correction_href;
use crate::corrections::listing::{Listed, PAGE_SIZE};
use crate::corrections::store::Correction;
use crate::platform::pages::{Choice, Field, Link, Page, Pagination};
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// What the address asks for, as raw text.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::corrections) struct ResultsForm {
    pub sector: String,
    pub old: String,
    pub new: String,
    pub show: String,
    #[serde(skip_serializing)]
    pub page: String,
}

/// One return.
#[derive(Debug, Serialize)]
struct Row {
    code: String,
    name: String,
    sector: String,
    old: String,
    new: String,
    met: String,
}

/// The list.
#[derive(Debug, Serialize)]
pub(in crate::corrections) struct ResultsPage {
    #[serde(skip)]
    key: String,
    #[serde(skip)]
    label: String,
    #[serde(skip)]
    number: i64,
    href: String,
    csv: String,
    sector: Field,
    sectors: Vec<Choice>,
    old: Field,
    new: Field,
    grades: Vec<Choice>,
    show: Field,
    shows: Vec<Choice>,
    total: i64,
    rows: Vec<Row>,
    pages: Pagination,
}

impl ResultsPage {
    /// One page of the returns that the form asks for.
    pub fn new(of: &Correction, form: &ResultsForm, rows: &[Listed], (page, total): (i64, i64)) -> Self {
        let here = format!("{}/results", correction_href(&of.edition_key, of.number));
        let query = serde_urlencoded::to_string(form).unwrap_or_default();
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        let pages = Pagination::new(unsigned(page), unsigned(total), unsigned(PAGE_SIZE), |n| {
            format!("{here}?{query}&page={n}")
        });
        Self {
            key: of.edition_key.clone(),
            label: of.edition_label.clone(),
            number: of.number,
            csv: format!("{here}.csv?{query}"),
            href: here,
            total,
            rows: rows.iter().map(row).collect(),
            pages,
            ..Self::form(form)
        }
    }

    fn form(form: &ResultsForm) -> Self {
        let all = |text: &str| std::iter::once(Choice::new("", text.to_owned()));
        Self {
            key: String::new(),
            label: String::new(),
            number: 0,
            href: String::new(),
            csv: String::new(),
            sector: Field::new("sector", "Sector").value(form.sector.as_str()),
            sectors: all("Every sector")
                .chain(SectorKey::all().map(|sector| Choice::new(sector.as_str(), sector.label())))
                .collect(),
            old: Field::new("old", "Old grade").value(form.old.as_str()),
            new: Field::new("new", "New grade").value(form.new.as_str()),
            grades: all("Every grade")
                .chain(GradeKey::ALL.into_iter().map(|grade| Choice::new(grade.as_str(), grade.label())))
                .collect(),
            show: Field::new("show", "Which returns").value(form.show.as_str()),
            shows: vec![
                Choice::new("", "Those whose result changes"),
                Choice::new("all", "Every return that was scored again"),
            ],
            total: 0,
            rows: Vec::new(),
            pages: Pagination::default(),
        }
    }
}

fn row(of: &Listed) -> Row {
    let with_band = |key: &str, band: &Option<String>| match band {
        Some(band) => format!("{} ({band})", grade(key)),
        None => grade(key),
    };
    let reviewed = if of.is_final { "" } else { ", not reviewed" };
    Row {
        code: of.code.clone(),
        name: of.name.clone(),
        sector: sector(&of.sector),
        old: format!("{}{reviewed}", with_band(&of.grade.0, &of.band.0)),
        new: with_band(&of.grade.1, &of.band.1),
        met: format!("{} of {}, now {} of {}", of.met.0, of.asked.0, of.met.1, of.asked.1),
    }
}

impl Page for ResultsPage {
    const TEMPLATE: &'static str = "corrections/results.html";

    fn title(&self) -> String {
        format!("Returns that correction {} of {} changes", self.number, self.label)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        let mut way = way(&self.key, &self.label);
        way.push(Link::new(format!("Correction {}", self.number), correction_href(&self.key, self.number)));
        way
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows, total| Self {
            key: "sample-2026".to_owned(),
            label: "2026".to_owned(),
            number: 1,
            href: "/standards/sample-2026/corrections/1/results".to_owned(),
            csv: "/standards/sample-2026/corrections/1/results.csv?show=".to_owned(),
            total,
            rows,
            pages: Pagination::new(1, u64::try_from(total).unwrap_or_default(), 50, |n| format!("?page={n}")),
            ..Self::form(&ResultsForm::default())
        };
        let row = Row {
            code: "ZZ001".to_owned(),
            name: "=HYPERLINK(\"<b>\")".to_owned(),
            sector: "NHS trust".to_owned(),
            old: "Satisfactory (green), not reviewed".to_owned(),
            new: "Not satisfactory (green)".to_owned(),
            met: "47 of 47, now 45 of 47".to_owned(),
        };
        vec![("empty", page(Vec::new(), 0)), ("typical", page(vec![row], 1204))]
    }
}
