//! Reads the tags of a template for the names they use, deeper than the engine reports them: `row.hinted` in a condition,
//! where `row` comes from a loop over a field, and the arguments of components in branches no sample takes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// What samples show of a value: its fields, what its list holds, or nothing yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    fields: BTreeMap<String, Shape>,
    item: Option<Box<Shape>>,
    /// True once any sample showed something other than nothing or an empty list.
    seen: bool,
}

impl Shape {
    /// Adds what this value shows.
    pub(super) fn learn(&mut self, value: &Json) {
        match value {
            Json::Null => {}
            Json::Array(items) => {
                for item in items {
                    self.seen = true;
                    self.item.get_or_insert_default().learn(item);
                }
            }
            Json::Object(fields) => {
                self.seen = true;
                for (name, value) in fields {
                    self.fields.entry(name.clone()).or_default().learn(value);
                }
            }
            _ => self.seen = true,
        }
    }
}

/// The problems of this template's names, each a short sentence; `arguments` gives a component's argument names.
pub(super) fn problems(
    source: &str,
    fields: &Shape,
    arguments: impl Fn(&str) -> Option<BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut scopes =
        vec![fields.fields.iter().map(|(name, shape)| (name.clone(), Some(shape.clone()))).collect()];
    let mut found = BTreeSet::new();
    for tag in tags(source) {
        let tokens = tokens(tag);
        let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["endfor", ..] if scopes.len() > 1 => drop(scopes.pop()),
            ["for", name, "in", path @ ..] => {
                check(path, &scopes, &mut found);
                let list = whole_path(path).and_then(|path| resolve(&path, &scopes).ok().flatten());
                scopes.push(Scope::from([(
                    (*name).to_owned(),
                    list.and_then(|list| list.item).map(|item| *item),
                )]));
            }
            ["for", key, ",", value, "in", path @ ..] => {
                check(path, &scopes, &mut found);
                scopes.push([*key, *value].into_iter().map(|name| (name.to_owned(), None)).collect());
            }
            ["set" | "set_global", name, "=", path @ ..] => {
                check(path, &scopes, &mut found);
                let shape = whole_path(path).and_then(|path| resolve(&path, &scopes).ok().flatten());
                if let Some(scope) = scopes.last_mut() {
                    scope.insert((*name).to_owned(), shape);
                }
            }
            ["set" | "set_global", name, ..] => {
                if let Some(scope) = scopes.last_mut() {
                    scope.insert((*name).to_owned(), None);
                }
            }
            words => check(words, &scopes, &mut found),
        }
        calls(&words, &arguments, &mut found);
    }
    found
}

/// Names in sight: with what is known of them, or nothing (then anything goes).
type Scope = BTreeMap<String, Option<Shape>>;

/// Adds a problem for every dotted path of these words that no sample has.
fn check(words: &[&str], scopes: &[Scope], found: &mut BTreeSet<String>) {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
        let path = path_at(words, at);
        at += path.len().max(1);
        // `| filter` and `is test` name no value; a dotted component's name follows `<` or `</`.
        if !is_name(word) || matches!(before, Some("|" | "is" | "<" | "</" | "." | "?.")) {
            continue;
        }
        if let Err(problem) = resolve(&path, scopes) {
            found.insert(problem);
        }
    }
}

/// The words of the path that starts here: names joined by dots. It ends at `[..]`; what follows that is not followed.
fn path_at<'a>(words: &[&'a str], start: usize) -> Vec<&'a str> {
    let Some(first) = words.get(start).filter(|word| is_name(word)) else { return Vec::new() };
    let mut path = vec![*first];
    let mut at = start + 1;
    while let (Some("." | "?."), Some(name)) = (words.get(at).copied(), words.get(at + 1)) {
        path.extend([".", *name]);
        at += 2;
    }
    path
}

/// The whole of these words as one path, if they are one.
fn whole_path<'a>(words: &[&'a str]) -> Option<Vec<&'a str>> {
    let path = path_at(words, 0);
    (!path.is_empty() && path.len() == words.len()).then_some(path)
}

/// What the samples show at this path; `None` when they show nothing and so anything may be there.
fn resolve(path: &[&str], scopes: &[Scope]) -> Result<Option<Shape>, String> {
    let mut names = path.iter().filter(|word| **word != ".");
    let known = names.next().and_then(|root| scopes.iter().rev().find_map(|scope| scope.get(*root)));
    let Some(Some(mut shape)) = known.cloned() else { return Ok(None) };
    for name in names {
        if !shape.seen {
            return Ok(None);
        }
        shape = match shape.fields.remove(*name) {
            Some(next) => next,
            None => return Err(format!("uses {}, which no sample has", path.concat())),
        };
    }
    Ok(Some(shape))
}

/// Adds a problem for every argument that the called component does not take.
fn calls(
    words: &[&str],
    arguments: &impl Fn(&str) -> Option<BTreeSet<String>>,
    found: &mut BTreeSet<String>,
) {
    let Some(start) = words.iter().position(|word| *word == "<") else { return };
    let Some(name) = words.get(start + 1).filter(|word| is_name(word)) else { return };
    let Some(known) = arguments(name) else { return };
    let mut depth = 0_i32;
    for (index, word) in words.iter().enumerate().skip(start + 2) {
        match *word {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            word if depth == 0
                && is_name(word)
                && words.get(index + 1) == Some(&"=")
                && !known.contains(word) =>
            {
                found.insert(format!("gives {name} the argument {word}, which it does not take"));
            }
            _ => {}
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// What stands between the delimiters of each tag, comments left out.
fn tags(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let (_, after) = rest.split_at(start + 1);
        let end = match after.as_bytes().first() {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                rest = after;
                continue;
            }
        };
        let inner = after.get(1..).unwrap_or_default();
        let Some(length) = closing(inner, end) else { break };
        let (tag, after) = inner.split_at(length);
        if end != "#}" {
            found.push(tag.trim_matches('-'));
        }
        rest = after.get(2..).unwrap_or_default();
    }
    found
}

/// Where the tag ends: the delimiter outside any string.
fn closing(inner: &str, end: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in inner.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if end != "#}" && "\"'`".contains(character) => quote = Some(character),
            None if inner.get(at..)?.starts_with(end) => return Some(at),
            None => {}
        }
    }
    None
}

/// The words of a tag: names, signs, and `""` for any literal.
fn tokens(tag: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_name(rest) {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if "\"'`".contains(first) {
            rest.get(1..).and_then(|inner| inner.find(first)).map_or(rest.len(), |end| end + 2)
        } else if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len())
        } else if let Some(sign) =
            ["...", "?.", "==", "!=", "<=", ">=", "</"].iter().find(|sign| rest.starts_with(**sign))
        {
            sign.len()
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(length);
        let literal = word.starts_with(|c: char| "\"'`".contains(c) || c.is_ascii_digit());
        found.push(if literal { "\"\"".to_owned() } else { word.to_owned() });
        rest = after.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_source(source: &str) -> Vec<String> {
        let mut shape = Shape::default();
        shape.learn(&serde_json::json!({
            "rows": [{"text": "a", "tag": null}, {"text": "b", "tag": {"colour": "red"}}],
            "none": [], "person": {"name": "x"}, "count": 1,
        }));
        let takes = |name: &str| (name == "tag").then(|| BTreeSet::from(["text".to_owned()]));
        problems(source, &shape, takes).into_iter().collect()
    }

    #[test]
    fn good_names_pass() {
        let source = r#"{# row.anything #}{% for row in rows %}{% if row.tag?.colour == "a.b" %}{{ <tag text={row.text} /> }}
            {% endif %}{{ row.text | default(value=person.name) }}{% endfor %}{% for x in none %}{{ x.y }}{% endfor %}
            {% set p = person %}{{ p.name }}{% set q %}{{ p.name }}{% endset %}{{ q.any }}{{ other.any }}{{ loop.index }}"#;
        assert_eq!(check_source(source), Vec::<String>::new());
    }

    #[test]
    fn misspelt_names_are_found_wherever_they_stand() {
        let source = r#"{% for row in rows %}{% if row.txet %}{% endif %}{% if a and not row.tag.color %}{% endif %}{% endfor %}
            {% set p = person %}{{ p.nmae | upper }}{{ <tag txet="a" text={count.x} /> }}"#;
        assert_eq!(
            check_source(source),
            [
                "gives tag the argument txet, which it does not take",
                "uses count.x, which no sample has",
                "uses p.nmae, which no sample has",
                "uses row.tag.color, which no sample has",
                "uses row.txet, which no sample has",
            ]
        );
    }

    #[test]
    fn a_loop_variable_ends_with_its_loop() {
        assert_eq!(
            check_source("{% for person in rows %}{{ person.text }}{% endfor %}{{ person.name }}"),
            [""; 0]
        );
    }
}
