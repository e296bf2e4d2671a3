//! Prose of a catalog: parts become indented text, and places where a parameter is to be inserted show what the
//! parameter stands for, in square brackets.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::shape::{Control, Group, Param, Part};

/// Parameters may name parameters; deeper nesting than this is a loop.
const MAX_DEPTH: usize = 8;
/// Words for a parameter that cannot be shown.
const UNSPECIFIED: &str = "[a value to be decided]";

/// What every parameter of the catalog stands for.
#[derive(Default)]
pub(super) struct Parameters {
    words: HashMap<String, String>,
    unknown: RefCell<BTreeSet<String>>,
}

impl Parameters {
    pub fn add(&mut self, params: &[Param]) {
        for param in params {
            self.words.insert(param.id.clone(), words(param));
        }
    }

    pub fn add_group(&mut self, group: &Group) {
        self.add(&group.params);
        group.groups.iter().for_each(|inner| self.add_group(inner));
        group.controls.iter().for_each(|control| self.add_control(control));
    }

    pub fn add_control(&mut self, control: &Control) {
        self.add(&control.params);
        control.controls.iter().for_each(|inner| self.add_control(inner));
    }

    /// The parameters that the text named but the catalog does not define.
    pub fn unknown(&self) -> Vec<String> {
        self.unknown.borrow().iter().cloned().collect()
    }

    /// The text of the wanted parts, one item a line; `None` when there is none.
    pub fn text_of(&self, parts: &[Part], wanted: impl Fn(&Part) -> bool) -> Option<String> {
        let mut out = String::new();
        for part in parts.iter().filter(|part| wanted(part)) {
            if !out.is_empty() {
                out.push('\n');
            }
            self.write_part(part, 0, &mut out);
        }
        let text = out.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn write_part(&self, part: &Part, depth: usize, out: &mut String) {
        let label = part.label();
        let prose = part.prose.as_deref().or(part.title.as_deref()).map(|prose| self.insert(prose, 0));
        let inner = if label.is_some() || prose.is_some() { depth + 1 } else { depth };
        if inner > depth {
            out.push_str(&"  ".repeat(depth));
            let words = [label, prose.as_deref().map(str::trim)];
            out.push_str(&words.into_iter().flatten().collect::<Vec<_>>().join(" "));
            out.push('\n');
        }
        for item in &part.parts {
            self.write_part(item, inner, out);
        }
    }

    /// Replaces `{{ insert: param, ID }}` by what the parameter stands for.
    fn insert(&self, prose: &str, depth: usize) -> String {
        let mut out = String::with_capacity(prose.len());
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((inside, after)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            out.push_str(&self.insertion(inside, depth));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    fn insertion(&self, inside: &str, depth: usize) -> String {
        let id = inside.trim().strip_prefix("insert:").map_or(inside, |rest| {
            let rest = rest.trim();
            rest.strip_prefix("param,").unwrap_or(rest)
        });
        let id = id.trim();
        match self.words.get(id) {
            Some(words) if depth < MAX_DEPTH => self.insert(words, depth + 1),
            Some(_) => UNSPECIFIED.to_owned(),
            None => {
                self.unknown.borrow_mut().insert(id.chars().take(60).collect());
                UNSPECIFIED.to_owned()
            }
        }
    }
}

/// What one parameter stands for: its values if the catalog sets them, else its choices, else its label.
fn words(param: &Param) -> String {
    if !param.values.is_empty() {
        return param.values.join(", ");
    }
    if let Some(select) = param.select.as_ref().filter(|select| !select.choice.is_empty()) {
        let how_many = match select.how_many.as_deref() {
            Some("one-or-more") => "one or more of",
            _ => "one of",
        };
        return format!("[{how_many}: {}]", select.choice.join("; "));
    }
    match &param.label {
        Some(label) => format!("[{label}]"),
        None => UNSPECIFIED.to_owned(),
    }
}
