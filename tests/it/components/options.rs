//! From the options of a fixture (the design system's own parameter names) to the arguments of our components. The rules
//! are general where they can be: names in snake case; `{text, html, ..rest}` becomes the words, and `x_options` the rest;
//! `html` is trusted markup. What remains is one small function for each component that names things otherwise.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use tera::{Context, Value};

/// Options that are words, or a map of words and settings.
const WORDS: [&str; 23] = [
    "label",
    "hint",
    "error",
    "legend",
    "heading",
    "caption",
    "title",
    "description",
    "prefix",
    "suffix",
    "key",
    "value",
    "summary",
    "status",
    "copyright",
    "conditional",
    "panel",
    "before_input",
    "after_input",
    "before_inputs",
    "after_inputs",
    "meta_text",
    "below_heading",
];

type Options = BTreeMap<String, Value>;

/// The arguments and the body for our component of this name.
pub fn arguments(component: &str, options: &Json, call_block: Option<&str>) -> (Context, Option<String>) {
    let mut options = options.as_object().cloned().unwrap_or_default();
    let mut body = call_block.map(str::to_owned);
    prepare(component, &mut options, &mut body);
    let mut context = Context::new();
    for (name, value) in map(&options) {
        context.insert_value(name, value);
    }
    (context, body)
}

fn map(options: &Map<String, Json>) -> Options {
    let mut out = Options::new();
    for (key, value) in options {
        let name = snake(key);
        match value {
            Json::Null => {}
            Json::Object(object) if name == "attributes" => {
                out.insert(
                    name,
                    Value::from(object.iter().map(|(k, v)| (k.clone(), attribute(v))).collect::<Options>()),
                );
            }
            Json::Object(object) if WORDS.contains(&name.as_str()) => {
                let mut rest = object.clone();
                let html = rest.remove("html").and_then(|html| html.as_str().map(Value::safe_string));
                let text = rest.remove("text").and_then(|text| text.as_str().map(Value::normal_string));
                if let Some(words) = html.or(text) {
                    out.insert(name.clone(), words);
                }
                if !rest.is_empty() {
                    out.insert(format!("{name}_options"), Value::from(map(&rest)));
                }
            }
            Json::Bool(wrong) if key == "errorMessage" => {
                out.insert("error_state".to_owned(), Value::from(*wrong));
            }
            Json::Bool(_) if name == "colour" => {}
            Json::String(html) if name == "markup" => {
                out.insert(name, Value::safe_string(html));
            }
            Json::String(html) if name == "html" => {
                out.insert("text".to_owned(), Value::safe_string(html));
            }
            _ if name == "text" && options.contains_key("html") => {}
            _ => {
                out.insert(name, convert(value));
            }
        }
    }
    out
}

fn convert(value: &Json) -> Value {
    match value {
        Json::Object(object) => Value::from(map(object)),
        Json::Array(items) => Value::from(items.iter().map(convert).collect::<Vec<_>>()),
        other => Value::from_serializable(other),
    }
}

/// A plain boolean is a word there; only `{value, optional}` may vanish or stand bare.
fn attribute(value: &Json) -> Value {
    match value {
        Json::Object(object) => convert(object.get("value").unwrap_or(&Json::Null)),
        Json::String(text) => Value::normal_string(text),
        Json::Null => Value::normal_string(""),
        other => Value::from(other.to_string()),
    }
}

fn snake(key: &str) -> String {
    let mut out = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    match out.as_str() {
        "error_message" => "error".to_owned(),
        "for" => "for_id".to_owned(),
        _ => out,
    }
}

fn rename(options: &mut Map<String, Json>, from: &str, to: &str) {
    if let Some(value) = options.remove(from) {
        options.insert(to.to_owned(), value);
    }
}

/// Moves these options into one map of another name; theirs are (old name, new name).
fn gather(options: &mut Map<String, Json>, into: &str, names: &[(&str, &str)]) {
    let mut gathered = options.remove(into).and_then(|map| map.as_object().cloned()).unwrap_or_default();
    for (from, to) in names {
        if let Some(value) = options.remove(*from) {
            gathered.insert((*to).to_owned(), value);
        }
    }
    if !gathered.is_empty() {
        options.insert(into.to_owned(), Json::Object(gathered));
    }
}

/// A named variant that is a flag of ours.
fn flag(options: &mut Map<String, Json>, option: &str, value: &str, flag: &str) {
    if options.get(option).and_then(Json::as_str) == Some(value) {
        options.remove(option);
        options.insert(flag.to_owned(), Json::Bool(true));
    }
}

fn prepare(component: &str, options: &mut Map<String, Json>, body: &mut Option<String>) {
    match component {
        "action_link" | "back_link" | "breadcrumbs" | "details" | "scroll" | "table" => {
            flag(options, "variant", "reverse", "reverse");
        }
        _ => {}
    }
    match component {
        "breadcrumbs" => rename(options, "backLink", "back"),
        "button" => button(options),
        "card" => card(options),
        "character_count" => {
            rename(options, "textareaDescriptionText", "description");
            let names = ["charactersUnderLimit", "charactersAtLimit", "charactersOverLimit"];
            gather_words(options, &names);
        }
        "radios" | "checkboxes" | "date_input" => group(component, options),
        "error_summary" => rename(options, "errorList", "items"),
        "fieldset" => *body = body.take().or_else(|| text(options.remove("html"))),
        "file_upload" => {
            rename(options, "chooseFilesButtonClassList", "buttonClasses");
            let names = ["chooseFilesButton", "noFileChosen", "multipleFilesChosen", "dropInstruction"];
            gather_words(options, &names);
            gather_words(options, &["enteredDropZone", "leftDropZone"]);
        }
        "footer" => footer(options),
        "header" => header(options),
        "label" | "legend" => words_of_label(options),
        "notification_banner" => flag(options, "variant", "success", "success"),
        "pagination" => {
            gather(options, "previous", &[("previousUrl", "href"), ("previousPage", "label")]);
            gather(options, "next", &[("nextUrl", "href"), ("nextPage", "label")]);
        }
        "panel" => flag(options, "variant", "interruption", "interruption"),
        "password_input" => {
            gather_words(options, &["showPassword", "hidePassword"]);
            gather_words(options, &["passwordShownAnnouncement", "passwordHiddenAnnouncement"]);
            let labels = ["showPasswordAriaLabel", "hidePasswordAriaLabel"];
            gather(options, "words", &labels.map(|name| (name, name)));
        }
        "summary_list" => summary_list(options),
        "table" => table(options),
        "tabs" => rename(options, "visuallyHiddenText", "heading"),
        "tag" => plain_tag(options),
        "task_list" => task_list(options),
        _ => {}
    }
}

fn text(value: Option<Json>) -> Option<String> {
    value.and_then(|value| value.as_str().map(str::to_owned))
}

fn gather_words(options: &mut Map<String, Json>, names: &[&str]) {
    for name in names {
        gather(options, "words", &[(&format!("{name}Text"), name)]);
    }
}

fn button(options: &mut Map<String, Json>) {
    if let Some(Json::Object(icon)) = options.get("icon").cloned() {
        options.remove("icon");
        for (from, to) in [("name", "icon"), ("placement", "iconPlacement"), ("html", "iconMarkup")] {
            if let Some(value) = icon.get(from) {
                options.insert(to.to_owned(), value.clone());
            }
        }
    }
}

/// A list of actions and a map that holds one are the same; what is not an action is left out.
fn actions(value: Json) -> (Vec<Json>, Map<String, Json>) {
    let (items, rest) = match value {
        Json::Array(items) => (items, Map::new()),
        Json::Object(mut map) => match map.remove("items") {
            Some(Json::Array(items)) => (items, map),
            _ => (Vec::new(), map),
        },
        _ => (Vec::new(), Map::new()),
    };
    (items.into_iter().filter(Json::is_object).collect(), rest)
}

fn card(options: &mut Map<String, Json>) {
    if let Some(image) = options.get_mut("image").and_then(Json::as_object_mut) {
        rename(image, "html", "markup");
    }
    let heading = options.get_mut("heading").and_then(Json::as_object_mut);
    if let Some(html) = heading.and_then(|heading| heading.remove("html")) {
        options.insert("belowHeading".to_owned(), serde_json::json!({"html": html}));
    }
    if let Some(value) = options.remove("actions") {
        let (items, mut rest) = actions(value);
        rest.insert("items".to_owned(), Json::Array(items));
        options.insert("actions".to_owned(), Json::Object(rest));
    }
}

fn group(component: &str, options: &mut Map<String, Json>) {
    if component == "date_input" {
        date_parts(options);
    } else {
        rename(options, "id", "groupId");
        rename(options, "idPrefix", "id");
    }
    if let Some(Json::Object(mut fieldset)) = options.remove("fieldset") {
        if let Some(legend) = fieldset.remove("legend") {
            options.insert("legend".to_owned(), legend);
        }
        options.insert("fieldset".to_owned(), Json::Object(fieldset));
    }
    for item in options.get_mut("items").and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        if item.remove("exclusive") == Some(Json::Bool(true)) {
            item.insert("behaviour".to_owned(), "exclusive".into());
        }
        rename(item, "exclusiveGroup", "behaviourGroup");
    }
}

/// The three parts are named in several ways there; here they are a list.
fn date_parts(options: &mut Map<String, Json>) {
    let prefix = text(options.remove("namePrefix"));
    let id = text(options.get("id").cloned()).unwrap_or_default();
    let values = options.remove("values").unwrap_or_default();
    let given: BTreeMap<&str, Option<Json>> =
        ["day", "month", "year"].into_iter().map(|part| (part, options.remove(part))).collect();
    let named = options.contains_key("items");
    let items = match options.remove("items") {
        Some(Json::Array(items)) if !items.is_empty() => items,
        _ => ["day", "month", "year"]
            .iter()
            .map(|part| match given.get(part) {
                Some(Some(value)) => value.clone(),
                _ => serde_json::json!({}),
            })
            .collect(),
    };
    let mut parts = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let Json::Object(mut item) = item else { continue };
        let default = ["day", "month", "year"].get(index).copied().unwrap_or("day");
        let name = text(item.remove("name"))
            .unwrap_or_else(|| if named { String::new() } else { default.to_owned() });
        item.entry("width").or_insert(if name == "year" { 4.into() } else { 2.into() });
        if let Some(value) = values.get(&name).filter(|_| !item.contains_key("value")) {
            item.insert("value".to_owned(), value.clone());
        }
        item.entry("id").or_insert(format!("{id}-{name}").into());
        let mut shown = name.clone();
        shown.get_mut(..1).map(str::make_ascii_uppercase);
        item.entry("label").or_insert(shown.into());
        item.insert(
            "name".to_owned(),
            prefix.as_ref().map_or(name.clone(), |prefix| format!("{prefix}[{name}]")).into(),
        );
        parts.push(Json::Object(item));
    }
    options.insert("items".to_owned(), Json::Array(parts));
}

fn footer(options: &mut Map<String, Json>) {
    if let Some(Json::Object(column)) = options.get("navigation").cloned() {
        options.insert("navigation".to_owned(), Json::Array(vec![Json::Object(column)]));
    }
    match options.remove("meta") {
        Some(Json::Object(mut meta)) => {
            if let Some(items) = meta.remove("items") {
                options.insert("meta".to_owned(), items);
            }
            rename(&mut meta, "visuallyHiddenText", "hidden");
            if let Some(hidden) = meta.remove("hidden") {
                options.insert("metaHiddenText".to_owned(), hidden);
            }
            // The words of a map become an argument through the general rule for words.
            if !meta.is_empty() {
                options.insert("metaText".to_owned(), Json::Object(meta));
            }
        }
        Some(words @ Json::String(_)) => {
            options.insert("metaText".to_owned(), words);
        }
        _ => {}
    }
    // Theirs shows their owner's name unless told otherwise; ours shows none.
    options.entry("copyright").or_insert("© NHS England".into());
}

fn header(options: &mut Map<String, Json>) {
    if options.contains_key("organisation") {
        options.insert("classes".to_owned(), "nhsuk-header--organisation".into());
    }
    for gone in ["logo", "organisation", "search", "service"] {
        options.remove(gone);
    }
    flag(options, "colour", "white", "white");
    for list in ["account", "navigation"] {
        if let Some(Json::Object(mut map)) = options.remove(list) {
            options.insert(list.to_owned(), map.remove("items").unwrap_or_default());
            flag(&mut map, "colour", "white", "white");
            if !map.is_empty() {
                options.insert(format!("{list}Options"), Json::Object(map));
            }
        }
    }
}

/// The words stay; everything else is the label's `options`.
fn words_of_label(options: &mut Map<String, Json>) {
    let kept: Map<String, Json> = ["text", "html"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), options.remove(*name)?)))
        .collect();
    let rest = std::mem::replace(options, kept);
    if !rest.is_empty() {
        options.insert("options".to_owned(), Json::Object(rest));
    }
}

fn summary_list(options: &mut Map<String, Json>) {
    for row in options.get_mut("rows").and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(row) = row.as_object_mut() else { continue };
        if let Some(value) = row.remove("actions") {
            let (items, rest) = actions(value);
            row.insert("actions".to_owned(), Json::Array(items));
            if !rest.is_empty() {
                row.insert("actionsOptions".to_owned(), Json::Object(rest));
            }
        }
    }
    if let Some(inner) = options.get_mut("card").and_then(Json::as_object_mut) {
        card(inner);
    }
}

fn table(options: &mut Map<String, Json>) {
    if options.remove("panel") == Some(Json::Bool(true)) {
        let mut map = Map::from_iter([("variant".to_owned(), "feature".into())]);
        let heading = options.remove("heading").unwrap_or_default();
        let level = options.remove("headingLevel").unwrap_or(2.into());
        map.insert("heading".to_owned(), serde_json::json!({"text": heading, "level": level}));
        options.insert("card".to_owned(), Json::Object(map));
    }
    match options.get_mut("card") {
        Some(Json::Object(inner)) => card(inner),
        // A card without any setting still needs to be one: ours is asked for by a setting.
        Some(Json::Bool(true)) => {
            options.insert("card".to_owned(), serde_json::json!({"heading": ""}));
        }
        _ => {
            options.remove("card");
        }
    }
}

/// A colour that is `false` is a plain tag.
fn plain_tag(options: &mut Map<String, Json>) {
    if options.get("colour") == Some(&Json::Bool(false)) {
        options.remove("colour");
        options.insert("plain".to_owned(), Json::Bool(true));
    }
}

fn task_list(options: &mut Map<String, Json>) {
    for item in options.get_mut("items").and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(item) = item.as_object_mut() else { continue };
        rename(item, "title", "heading");
        if let Some(mut tag) =
            item.get_mut("status").and_then(Json::as_object_mut).and_then(|map| map.remove("tag"))
        {
            if let Some(tag) = tag.as_object_mut() {
                plain_tag(tag);
            }
            item.insert("tag".to_owned(), tag);
        }
    }
}
