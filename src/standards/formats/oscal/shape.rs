//! The shape of an OSCAL catalog, as far as it is used; everything else in the file is passed over.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct File {
    pub catalog: Catalog,
}

#[derive(Debug, Deserialize)]
pub(super) struct Catalog {
    pub metadata: Metadata,
    #[serde(default)]
    pub params: Vec<Param>,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub controls: Vec<Control>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub title: String,
    pub version: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub id: Option<String>,
    pub title: String,
    #[serde(default)]
    pub params: Vec<Param>,
    #[serde(default)]
    pub parts: Vec<Part>,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub controls: Vec<Control>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Control {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub params: Vec<Param>,
    #[serde(default)]
    pub props: Vec<Property>,
    #[serde(default)]
    pub parts: Vec<Part>,
    #[serde(default)]
    pub controls: Vec<Control>,
}

impl Control {
    pub fn is_withdrawn(&self) -> bool {
        self.props.iter().any(|p| p.name == "status" && p.value.eq_ignore_ascii_case("withdrawn"))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Property {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Part {
    pub name: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub props: Vec<Property>,
    #[serde(default)]
    pub prose: Option<String>,
    #[serde(default)]
    pub parts: Vec<Part>,
}

impl Part {
    /// "a." or "(1)": how the item is numbered in print.
    pub fn label(&self) -> Option<&str> {
        self.props.iter().find(|p| p.name == "label").map(|p| p.value.as_str())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Param {
    pub id: String,
    #[serde(default)]
    pub label: Option<String>,
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub select: Option<Select>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Select {
    #[serde(default, rename = "how-many")]
    pub how_many: Option<String>,
    #[serde(default)]
    pub choice: Vec<String>,
}
