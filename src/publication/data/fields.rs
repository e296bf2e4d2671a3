//! The columns of every CSV file, told once: the files' header rows, their descriptions after CSVW and the schemas of the
//! data package are made from these lists.

use crate::statistics::{MeasureTable, PublishedTable};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number from 0.
    Count,
    /// A percentage with one decimal place.
    Share,
    /// A number with any decimals, below 0 too.
    Decimal,
    /// `true` or `false`.
    Flag,
    /// A day as `YYYY-MM-DD`.
    Day,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in the header row.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it holds, in a sentence.
    pub about: &'static str,
    /// What kind of values.
    pub kind: Kind,
    /// Whether every row has a value.
    pub required: bool,
}

/// The columns of a file and the names of those that tell its rows apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// In the order of the file.
    pub fields: Vec<Field>,
    /// The key.
    pub key: Vec<String>,
}

impl Shape {
    /// The header row.
    pub fn header(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.name.as_str()).collect()
    }
}

/// Why a figure of a table is there or not.
const STATUSES: &[&str] = &["normal", "provisional", "confidential"];
/// Why a measure is there or not.
const MEASURE_STATUSES: &[&str] = &["normal", "provisional", "confidential", "not_available"];
/// How certain a line of the list of organisations is.
const LINE_STATUSES: &[&str] = &["normal", "provisional", "open_to_challenge", "late", "not_published"];

const COUNT: &str = "Number of organisations. Empty when withheld.";
const DENOMINATOR: &str = "Number of organisations that the count is a part of. Empty when withheld.";
const SHARE: &str = "The count as a percentage of the denominator, rounded once, halves to the even digit.";
const STATUS: &str = "Says whether the figure is normal, provisional (not final) or confidential (withheld).";
const MEASURE_STATUS: &str = "Says whether the figure is normal, provisional (not final), confidential (withheld) or not_available (there is \
                              none).";
const VALUE: &str =
    "The figure, in the unit that the column before tells. Empty when withheld or not available.";
const RELEASE: &str = "The permanent name of the release.";

fn field(name: &str, title: &str, about: &'static str, kind: Kind, required: bool) -> Field {
    Field { name: name.to_owned(), title: title.to_owned(), about, kind, required }
}

/// The five columns at the end of every file of figures.
fn figures() -> [Field; 5] {
    [
        field("count", "Count", COUNT, Kind::Count, false),
        field("denominator", "Denominator", DENOMINATOR, Kind::Count, false),
        field("percentage", "Percentage", SHARE, Kind::Share, false),
        field("observation_status", "Observation status", STATUS, Kind::OneOf(STATUSES), true),
        field("release", "Release", RELEASE, Kind::Text, true),
    ]
}

/// The columns of a table's file: one row per figure.
pub fn table_shape(table: &PublishedTable) -> Shape {
    let mut fields = Vec::with_capacity(9);
    let mut key = Vec::with_capacity(2);
    for dimension in [&table.rows, &table.columns] {
        let code = format!("{}_code", dimension.name());
        let title = format!("{} code", dimension.label());
        // The key of an edition that was not named is empty, so the codes are not required.
        fields.push(field(&code, &title, "Stable code; total stands for all together.", Kind::Text, false));
        fields.push(field(dimension.name(), dimension.label(), "The same in words.", Kind::Text, true));
        key.push(code);
    }
    fields.extend(figures());
    Shape { fields, key }
}

/// The columns of a file of measures: one row per figure.
pub fn measures_shape(table: &MeasureTable) -> Shape {
    let (rows, words) = (&table.rows, table.measures.iter().any(|measure| measure.unit == "words"));
    let code = format!("{}_code", rows.name());
    let title = format!("{} code", rows.label());
    let value = if words { Kind::Text } else { Kind::Decimal };
    let fields = vec![
        field(&code, &title, "Stable code; all stands for all together.", Kind::Text, false),
        field(rows.name(), rows.label(), "The same in words.", Kind::Text, true),
        field("measure_code", "Measure code", "Stable name of what is measured.", Kind::Text, true),
        field("measure", "Measure", "The same in words.", Kind::Text, true),
        field("unit", "Unit", "What the figure is counted in.", Kind::Text, true),
        field("value", "Value", VALUE, value, false),
        field(
            "observation_status",
            "Observation status",
            MEASURE_STATUS,
            Kind::OneOf(MEASURE_STATUSES),
            true,
        ),
        field("release", "Release", RELEASE, Kind::Text, true),
    ];
    Shape { fields, key: vec![code, "measure_code".to_owned()] }
}

/// The columns of the headline figures.
pub fn headline_shape() -> Shape {
    let measure = field("measure", "Measure", "Stable name of what is counted.", Kind::Text, true);
    let fields = std::iter::once(measure).chain(figures()).collect();
    Shape { fields, key: vec!["measure".to_owned()] }
}

/// A column of the list of organisations.
type Column = (&'static str, &'static str, &'static str, Kind, bool);

const ORGANISATIONS: [Column; 17] = [
    ("code", "Code", "The organisation's code in the national directory.", Kind::Text, true),
    ("name", "Name", "Its name at the time.", Kind::Text, true),
    ("sector_code", "Sector code", "Stable code of its sector.", Kind::Text, true),
    ("sector", "Sector", "Its sector in words.", Kind::Text, true),
    ("region_code", "Region code", "Code of its region. Empty when not known.", Kind::Text, false),
    ("region", "Region", "Its region in words. Empty when not known.", Kind::Text, false),
    ("status_now_code", "Status now code", "Stable code of the grade that counts now.", Kind::Text, true),
    ("status_now", "Status now", "The grade that counts now, in words.", Kind::Text, true),
    (
        "inherited_from",
        "Inherited from",
        "Code of the organisation that took over and whose status counts. Empty when its own counts.",
        Kind::Text,
        false,
    ),
    (
        "published_grade_code",
        "Published grade code",
        "Stable code of the latest grade published under its own name.",
        Kind::Text,
        true,
    ),
    ("published_grade", "Published grade", "That grade in today's words.", Kind::Text, true),
    (
        "published_as",
        "Published as",
        "That grade in the words used then. Empty when none were.",
        Kind::Text,
        false,
    ),
    (
        "edition",
        "Edition",
        "The edition that the grade is of. Empty when nothing was published.",
        Kind::Text,
        false,
    ),
    (
        "edition_is_older",
        "Edition is older",
        "Whether that edition is before the one that counts as current.",
        Kind::Flag,
        true,
    ),
    (
        "published_on",
        "Published on",
        "The day it published or submitted. Empty when not known.",
        Kind::Day,
        false,
    ),
    (
        "observation_status",
        "Observation status",
        "Says whether the grade is normal, provisional (not reviewed), open_to_challenge (decided in review, and still to be \
         challenged), late (submitted after the deadline) or not_published.",
        Kind::OneOf(LINE_STATUSES),
        true,
    ),
    (
        "filed_by",
        "Filed by",
        "The head office that submitted for it. Empty where it submitted itself.",
        Kind::Text,
        false,
    ),
];

/// The columns of the list of organisations.
pub fn organisations_shape() -> Shape {
    let fields = ORGANISATIONS
        .into_iter()
        .map(|(name, title, about, kind, required)| field(name, title, about, kind, required))
        .collect();
    Shape { fields, key: vec!["code".to_owned()] }
}
