//! The shape of the framework's YAML, as far as it is used.

use super::super::entries::Entries;

/// Statements of one column.
pub(super) type Columns = Entries<Statement>;

#[derive(Debug, serde::Deserialize)]
pub(super) struct File {
    pub objectives: Entries<Objective>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Objective {
    pub code: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub principles: Entries<Principle>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Principle {
    pub code: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub outcomes: Entries<Outcome>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Outcome {
    pub code: Option<String>,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub indicators: Indicators,
    #[serde(rename = "assessment-rules")]
    pub assessment_rules: Option<Entries<TableRow>>,
    #[serde(default)]
    pub min_profile_requirement: Entries<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Indicators {
    pub achieved: Columns,
    #[serde(default)]
    pub partially_achieved: Columns,
    #[serde(default)]
    pub not_achieved: Columns,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Statement {
    pub description: String,
    #[serde(rename = "ncsc-index")]
    pub index: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct TableRow {
    pub outcome_status: String,
}
