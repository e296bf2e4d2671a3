//! A table of a document being read field by field: remembers its path and which fields were asked for, so that
//! anything left over is reported as unknown (a misspelt optional field would otherwise be silently ignored).

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::super::Problem;
use crate::standards::keys::{KeyError, StandIn, shorten};

/// The problems noticed so far.
#[derive(Default)]
pub(super) struct Log(RefCell<Vec<Problem>>);

impl Log {
    pub fn add(&self, path: impl Into<String>, message: impl Into<String>) {
        self.0.borrow_mut().push(Problem { path: path.into(), message: message.into() });
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// One table; an unreadable table behaves as an empty one whose absence has been reported.
pub(super) struct Fields<'a> {
    map: Option<&'a Map<String, Value>>,
    path: String,
    asked: Vec<&'static str>,
    log: &'a Log,
}

impl<'a> Fields<'a> {
    pub fn of(value: &'a Value, path: String, log: &'a Log) -> Self {
        let map = value.as_object();
        if map.is_none() {
            log.add(path.clone(), "must be a table of named fields");
        }
        Self { map, path, asked: Vec::new(), log }
    }

    pub fn log(&self) -> &'a Log {
        self.log
    }

    /// The path of a field of this table.
    pub fn place(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.map?.get(name)
    }

    /// Like [`Fields::take`], noting the absence unless the whole table is unreadable.
    fn required(&mut self, name: &'static str) -> Option<&'a Value> {
        let value = self.take(name);
        if value.is_none() && self.map.is_some() {
            self.log.add(self.place(name), "is missing");
        }
        value
    }

    fn string(&self, name: &str, value: &'a Value) -> Option<&'a str> {
        let text = value.as_str();
        if text.is_none() {
            self.log.add(self.place(name), "must be text in quotation marks");
        }
        text
    }

    pub fn table(&mut self, name: &'static str) -> Fields<'a> {
        match self.required(name) {
            Some(value) => Fields::of(value, self.place(name), self.log),
            None => Fields { map: None, path: self.place(name), asked: Vec::new(), log: self.log },
        }
    }

    /// A table that may be left out when every field of it may.
    pub fn table_or_empty(&mut self, name: &'static str) -> Fields<'a> {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        match self.take(name) {
            Some(value) => Fields::of(value, self.place(name), self.log),
            None => Fields { map: Some(&EMPTY), path: self.place(name), asked: Vec::new(), log: self.log },
        }
    }

    /// A table that may be left out.
    pub fn optional_table(&mut self, name: &'static str) -> Option<Fields<'a>> {
        let value = self.take(name)?;
        Some(Fields::of(value, self.place(name), self.log))
    }

    /// The tables of a list; an absent list is empty.
    pub fn list(&mut self, name: &'static str) -> impl Iterator<Item = Fields<'a>> + use<'a> {
        let (place, log) = (self.place(name), self.log);
        let items: &'a [Value] = match self.take(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                log.add(place.clone(), "must be a list of tables");
                &[]
            }
        };
        items.iter().enumerate().map(move |(index, item)| Fields::of(item, format!("{place}[{index}]"), log))
    }

    pub fn text(&mut self, name: &'static str) -> String {
        self.required(name).and_then(|value| self.string(name, value)).unwrap_or_default().to_owned()
    }

    /// Text that may be left out; empty text counts as left out.
    pub fn optional_text(&mut self, name: &'static str) -> Option<String> {
        let value = self.take(name)?;
        self.string(name, value).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A required list of texts.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        match self.required(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    let field = format!("{name}[{index}]");
                    self.string(&field, item).unwrap_or_default().to_owned()
                })
                .collect(),
            Some(_) => {
                self.log.add(self.place(name), "must be a list of texts");
                Vec::new()
            }
        }
    }

    pub fn key<K: StandIn>(&mut self, name: &'static str) -> K {
        let place = self.place(name);
        let Some(text) = self.required(name).and_then(|value| self.string(name, value)) else {
            return K::stand_in(&place);
        };
        text.parse().unwrap_or_else(|error: KeyError| {
            self.log.add(place.clone(), error.0);
            K::stand_in(&place)
        })
    }

    pub fn optional_key<K: StandIn>(&mut self, name: &'static str) -> Option<K> {
        if self.map?.contains_key(name) {
            return Some(self.key(name));
        }
        self.asked.push(name);
        None
    }

    /// A list of keys; when `required`, its absence is a problem (an empty list is not).
    pub fn keys<K: FromStr<Err = KeyError> + Ord>(
        &mut self,
        name: &'static str,
        required: bool,
    ) -> BTreeSet<K> {
        let value = if required { self.required(name) } else { self.take(name) };
        let items: &[Value] = match value {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.log.add(self.place(name), "must be a list");
                &[]
            }
        };
        let mut keys = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let field = format!("{name}[{index}]");
            let Some(text) = self.string(&field, item) else { continue };
            match text.parse::<K>() {
                Ok(key) => {
                    if !keys.insert(key) {
                        self.log.add(self.place(&field), format!("\"{}\" is listed twice", shorten(text)));
                    }
                }
                Err(error) => self.log.add(self.place(&field), error.0),
            }
        }
        keys
    }

    pub fn flag(&mut self, name: &'static str, default: bool) -> bool {
        match self.take(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.log.add(self.place(name), "must be true or false");
                default
            }
        }
    }

    pub fn small_number(&mut self, name: &'static str) -> u8 {
        if self.map.is_some_and(|map| !map.contains_key(name)) {
            self.log.add(self.place(name), "is missing");
        }
        self.optional_small_number(name).unwrap_or_default()
    }

    pub fn optional_small_number(&mut self, name: &'static str) -> Option<u8> {
        let value = self.take(name)?;
        let number = value.as_u64().and_then(|number| u8::try_from(number).ok());
        if number.is_none() {
            self.log.add(self.place(name), "must be a whole number from 0 to 255");
        }
        number
    }

    pub fn one_of<T>(
        &mut self,
        name: &'static str,
        allowed: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.required(name)?;
        let text = self.string(name, value)?;
        let found = parse(text);
        if found.is_none() {
            let message = format!("\"{}\" is not one of {}", shorten(text), allowed.join(", "));
            self.log.add(self.place(name), message);
        }
        found
    }

    /// Reports the fields nobody asked for.
    pub fn finish(self) {
        for name in self.map.into_iter().flat_map(Map::keys) {
            if !self.asked.contains(&name.as_str()) {
                let message = format!("is not a field here; the fields are {}", self.asked.join(", "));
                self.log.add(self.place(&shorten(name)), message);
            }
        }
    }
}
