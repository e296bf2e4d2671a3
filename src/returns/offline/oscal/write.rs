//! How OSCAL writes things: identifiers, properties, texts of one line, lists that are never empty.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::platform::clock::Timestamp;

/// The end of the years that OSCAL's moments can have, in microseconds.
const LAST: i64 = 32_503_680_000_000_000;

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    /// The organisation.
    Organisation,
    /// The programme's central team.
    Programme,
}

impl Party {
    /// The key that its identifier is made from.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Programme => "programme",
        }
    }
}

/// Identifiers that are the same whenever the same thing is exported, and since when there is a return.
pub(super) struct Ids {
    of: String,
    since: Timestamp,
}

impl Ids {
    /// Those of the return of an organisation in a collection.
    pub(super) fn new(organisation: &str, collection: &str, since: Timestamp) -> Self {
        Self { of: format!("{organisation}/{collection}"), since }
    }

    pub(super) fn of(&self, kind: &str, code: &str, what: &str) -> Uuid {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:data-security-assurance:return");
        Uuid::new_v5(&space, format!("{}/{kind}/{code}/{what}", self.of).as_bytes())
    }

    /// Whose word something is.
    pub(super) fn origin(&self, by: Party) -> Value {
        json!([{ "actors": [{ "type": "party", "actor-uuid": self.of("party", "", by.key()) }] }])
    }

    /// A moment of the document. One that an export brought back and that no calendar has is the start of the return.
    pub(super) fn moment(&self, text: &str) -> Timestamp {
        let at = text.parse::<jiff::Timestamp>().map_or(self.since, Timestamp::from);
        if (0..LAST).contains(&at.micros()) { at } else { self.since }
    }
}

/// OSCAL's lists have at least one item, or are not there.
pub(super) fn with_list(to: &mut Value, name: &str, list: Vec<Value>) {
    if let (Value::Object(map), false) = (to, list.is_empty()) {
        map.insert(name.to_owned(), Value::Array(list));
    }
}

/// A text that is left out where there is none.
pub(super) fn with_text(to: &mut Value, name: &str, text: &str) {
    if let (Value::Object(map), false) = (to, text.trim().is_empty()) {
        map.insert(name.to_owned(), Value::String(text.to_owned()));
    }
}

pub(super) fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": "urn:data-security-assurance", "value": line(value) })
}

/// A text as OSCAL's strings are: one line, no outer spaces, never empty.
pub(super) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}

/// A text of several lines, or what stands for none.
pub(super) fn text_or(text: &str, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise } else { text }.to_owned()
}

/// A requirement's code as a token, which begins with a letter.
pub(super) fn token(code: &str) -> String {
    format!("r-{code}")
}
