//! Our components against the design system's own fixtures: every fixture of every component we provide, rendered with
//! the same options, gives the same HTML.

mod html;
mod options;

use std::path::{Path, PathBuf};

use portal::platform::assets::Assets;
use portal::platform::pages::Pages;
use serde_json::Value as Json;

/// Our component and the folder of its fixtures.
const COMPONENTS: [(&str, &str); 37] = [
    ("action_link", "action-link"),
    ("back_link", "back-link"),
    ("breadcrumbs", "breadcrumb"),
    ("button", "button"),
    ("caption", "caption"),
    ("card", "card"),
    ("character_count", "character-count"),
    ("checkboxes", "checkboxes"),
    ("date_input", "date-input"),
    ("details", "details"),
    ("error_message", "error-message"),
    ("error_summary", "error-summary"),
    ("fieldset", "fieldset"),
    ("file_upload", "file-upload"),
    ("footer", "footer"),
    ("header", "header"),
    ("heading", "heading"),
    ("hint", "hint"),
    ("input", "input"),
    ("inset_text", "inset-text"),
    ("label", "label"),
    ("legend", "legend"),
    ("notification_banner", "notification-banner"),
    ("pagination", "pagination"),
    ("panel", "panel"),
    ("password_input", "password-input"),
    ("radios", "radios"),
    ("scroll", "scroll"),
    ("select", "select"),
    ("skip_link", "skip-link"),
    ("summary_list", "summary-list"),
    ("table", "tables"),
    ("tabs", "tabs"),
    ("tag", "tag"),
    ("task_list", "task-list"),
    ("textarea", "textarea"),
    ("warning_callout", "warning-callout"),
];

/// Parts of components we do without: (component, what an opening tag says, why). Taken out of both sides.
const LEFT_OUT: [(&str, &str, &str); 2] = [
    ("header", "nhsuk-header__service\"", "the NHS logo and organisation marks are not ours to show"),
    ("header", "nhsuk-header__search", "the portal has no search in its header"),
];

fn fixtures(folder: &str) -> Option<Vec<Json>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("templates/node_modules/nhsuk-frontend/dist/nhsuk/components")
        .join(folder)
        .join("fixtures.json");
    let fixtures: Json =
        serde_json::from_str(&std::fs::read_to_string(file).ok()?).expect("fixtures are JSON");
    fixtures["fixtures"].as_array().cloned()
}

#[test]
fn every_component_renders_its_fixtures() {
    let Ok(assets) = Assets::load() else { return eprintln!("skipped: run scripts/assets") };
    let pages = Pages::new(&assets).expect("the templates parse");
    let (mut compared, mut problems) = (0, Vec::new());
    for (component, folder) in COMPONENTS {
        let fixtures = fixtures(folder).unwrap_or_else(|| panic!("{folder} has no fixtures"));
        for fixture in &fixtures {
            compared += 1;
            if let Err(problem) = compare(&pages, component, fixture) {
                problems.push(format!("{component}: {}: {problem}", fixture["name"]));
            }
        }
    }
    assert!(problems.is_empty(), "{} of {compared} differ\n{}", problems.len(), problems.join("\n"));
    assert!(compared > 800, "only {compared} fixtures were found");
}

fn compare(pages: &Pages, component: &str, fixture: &Json) -> Result<(), String> {
    let (arguments, body) = options::arguments(component, &fixture["context"], fixture["callBlock"].as_str());
    let ours = pages.component(component, &arguments, body.as_deref()).map_err(|error| error.to_string())?;
    let theirs = fixture["html"].as_str().expect("a fixture has HTML");
    let keep = |lines: Vec<String>| {
        LEFT_OUT
            .iter()
            .filter(|(of, ..)| *of == component)
            .fold(lines, |lines, (_, says, _)| html::without(lines, |line| line.contains(says)))
    };
    let (ours, theirs) = (keep(html::canonical(&ours)?), keep(html::canonical(theirs)?));
    match ours.iter().zip(&theirs).position(|(a, b)| a != b) {
        _ if ours == theirs => Ok(()),
        at => {
            let at = at.unwrap_or_else(|| ours.len().min(theirs.len()));
            let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "the end".to_owned());
            Err(format!("line {at}\n    ours   {}\n    theirs {}", line(&ours), line(&theirs)))
        }
    }
}

/// Every fixture again, with every word in it replaced by an attack: nothing leaves the place where it was put.
#[test]
fn no_words_become_markup() {
    const ATTACK: &str = "\"'><script>alert(1)</script><b onload=x a=\"";
    let Ok(assets) = Assets::load() else { return eprintln!("skipped: run scripts/assets") };
    let pages = Pages::new(&assets).expect("the templates parse");
    let mut attacked = 0;
    for (component, folder) in COMPONENTS {
        for mut fixture in fixtures(folder).unwrap_or_else(|| panic!("{folder} has no fixtures")) {
            poison(&mut fixture["context"], ATTACK);
            let (arguments, _) = options::arguments(component, &fixture["context"], None);
            let html = pages.component(component, &arguments, None).expect("hostile words still render");
            assert!(!html.contains("<script") && !html.contains("<b onload"), "{component}: {html}");
            html::canonical(&html).unwrap_or_else(|problem| panic!("{component}: {problem}"));
            attacked += usize::from(html.contains("&lt;script"));
        }
    }
    assert!(attacked > 700, "the attack reached only {attacked} fixtures");
}

/// Options that choose among a few words of the template, not words to show.
const CHOSEN: [&str; 5] = ["element", "variant", "colour", "placement", "type"];

/// Replaces every string but the chosen ones; markup by contract is taken out.
fn poison(value: &mut Json, attack: &str) {
    match value {
        Json::String(text) => attack.clone_into(text),
        Json::Array(items) => items.iter_mut().for_each(|item| poison(item, attack)),
        Json::Object(map) => {
            map.remove("html");
            map.iter_mut()
                .filter(|(name, _)| !CHOSEN.contains(&name.as_str()))
                .for_each(|(_, value)| poison(value, attack));
        }
        _ => {}
    }
}

/// Every template under `components/` is a component of the file's name, and is either compared above or built from
/// components that are.
#[test]
fn every_component_file_is_known() {
    const PARTS: [&str; 10] = [
        "card_action",
        "csrf",
        "expander",
        "field_parts",
        "figure_block",
        "footer_links",
        "hidden",
        "icon",
        "table_cell",
        "task_item",
    ];
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/components");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| {
            entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned()
        })
        .collect();
    found.sort();
    let mut known: Vec<String> =
        COMPONENTS.iter().map(|(component, _)| *component).chain(PARTS).map(str::to_owned).collect();
    known.sort();
    known.dedup();
    assert_eq!(found, known);
}
