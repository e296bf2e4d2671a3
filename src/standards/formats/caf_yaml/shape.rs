//! The shape of the framework's YAML, with maps that keep the order of the file.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// A map in file order.
#[derive(Debug)]
pub(super) struct Entries<T>(pub Vec<(String, T)>);

// By hand: the derived form would ask that T have a default too.
impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
                Ok(Entries(Vec::new()))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

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
