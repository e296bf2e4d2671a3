//! The filters the components themselves use: attributes, the scripts' wording, and the test for trusted markup.

use std::collections::BTreeMap;

use tera::{Kwargs, State, Tera, TeraResult, Value};

pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("attrs", |value: &Value, _: Kwargs, _: &State| attributes(value));
    tera.register_filter("words", |value: &Value, _: Kwargs, _: &State| attributes(&word_attributes(value)));
    tera.register_filter("word_attributes", |value: &Value, _: Kwargs, _: &State| word_attributes(value));
    tera.register_filter("json", |value: &Value, _: Kwargs, _: &State| json(value));
    tera.register_filter("caption_id", |value: &str, _: Kwargs, _: &State| caption_id(value));
    tera.register_test("safe", |value: &Value, _: Kwargs, _: &State| value.is_string() && value.is_safe());
}

/// ` name="value"` for each entry of a map, or of each map of a list (later ones win). `true` gives the bare name;
/// `false`, none and undefined give nothing. The order is that of the names, so that pages compare equal.
fn attributes(value: &Value) -> TeraResult<Value> {
    let mut all = BTreeMap::new();
    collect(value, &mut all)?;
    let mut out = String::new();
    for (name, value) in all {
        if value.is_undefined() || value.is_none() || value.as_bool() == Some(false) {
            continue;
        }
        out.push(' ');
        escape(name, &mut out);
        if value.as_bool() != Some(true) {
            out.push_str("=\"");
            escape(&value.to_string(), &mut out);
            out.push('"');
        }
    }
    Ok(Value::safe_string(&out))
}

fn collect<'a>(value: &'a Value, all: &mut BTreeMap<&'a str, &'a Value>) -> TeraResult<()> {
    if let Some(list) = value.as_array() {
        list.iter().try_for_each(|value| collect(value, all))
    } else if let Some(map) = value.as_map() {
        all.extend(map.iter().filter_map(|(name, value)| Some((name.as_str()?, value))));
        Ok(())
    } else {
        Err(tera::Error::message(format!(
            "attributes must be a map or a list of maps, not `{}`",
            value.name()
        )))
    }
}

/// The design system's scripts take their wording from attributes: `{no_file_chosen: "x"}` becomes
/// `data-i18n.no-file-chosen`, and a map of plural forms one attribute for each.
fn word_attributes(value: &Value) -> Value {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for (key, said) in value.as_map().into_iter().flatten() {
        let name = format!("data-i18n.{}", key.to_string().replace('_', "-"));
        match said.as_map() {
            Some(plurals) => {
                for (plural, said) in plurals {
                    all.insert(format!("{name}.{plural}"), said.clone());
                }
            }
            None => {
                all.insert(name, said.clone());
            }
        }
    }
    Value::from_serializable(&all)
}

/// A list as JSON for a `data-` attribute.
fn json(value: &Value) -> TeraResult<String> {
    serde_json::to_string(value)
        .map_err(|error| tera::Error::message(format!("failed to write JSON: {error}")))
}

/// The id of a table's caption, from its words, when the table scrolls and has no id of its own.
fn caption_id(words: &str) -> String {
    let words: String = words.to_lowercase().replace(' ', "-").chars().take(40).collect();
    format!("table-{words}-caption")
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(super::escape::shown(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> String {
        let mut tera = Tera::new();
        register(&mut tera);
        tera.add_raw_template("a.html", template).expect("a good template");
        tera.render("a.html", &tera::Context::new()).expect("a page")
    }

    #[test]
    fn attributes_are_escaped_sorted_and_left_out_when_false() {
        assert_eq!(
            render(r#"<a{{ {"b": "<&\"", "a": 1, "off": false, "on": true} | attrs }}>"#),
            r#"<a a="1" b="&lt;&amp;&quot;" on>"#
        );
    }

    #[test]
    fn wording_becomes_attributes() {
        assert_eq!(
            render(r#"{{ {"no_file_chosen": "x", "many": {"one": "y", "other": "z"} } | words }}"#),
            r#" data-i18n.many.one="y" data-i18n.many.other="z" data-i18n.no-file-chosen="x""#
        );
    }

    #[test]
    fn only_captured_markup_is_trusted() {
        assert_eq!(render(r#"{% set a %}<b>{% endset %}{{ a is safe }} {{ "<b>" is safe }}"#), "true false");
    }
}
