//! The shape of the files: their sizes, the functions in them, their opening words, and words that have no place here.

use crate::source::{Source, lines_of, text_of, tracked_files};

/// Kinds of file that people write here.
const WRITTEN: [&str; 12] = ["rs", "html", "css", "js", "mjs", "sql", "sh", "toml", "md", "yaml", "c", "txt"];

/// Written by a program, so its size is nobody's style.
const GENERATED: [&str; 1] = ["src/schema.rs"];

fn rust_files() -> Vec<String> {
    let below = |folder: &str| tracked_files(folder, &["rs"]);
    let all = [below("src"), below("tests"), below("benches")].concat();
    all.into_iter().filter(|path| !GENERATED.contains(&path.as_str())).collect()
}

fn rust_sources() -> Vec<Source> {
    rust_files().iter().map(|path| Source::parse(path, &text_of(path))).collect()
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, String)> =
        rust_files().into_iter().map(|path| (lines_of(&path).len(), path)).collect();
    lengths.sort();
    let (median, _) = lengths[lengths.len() / 2];
    let (longest, path) = lengths.last().expect("at least one file");
    assert!(median <= 200, "style 5: the median file has {median} lines, at most 200");
    assert!(*longest <= 800, "style 5: {path} has {longest} lines, at most 800");
}

#[test]
fn templates_scripts_and_style_sheets_are_short() {
    for path in tracked_files("", &["html", "css", "js", "mjs", "sql", "sh"]) {
        let lines = lines_of(&path).len();
        assert!(lines <= 800, "style 5: {path} has {lines} lines, at most 800");
    }
}

#[test]
fn functions_are_short() {
    let mut total = 0;
    let mut over_a_screen = 0;
    let mut broken = Vec::new();
    for source in rust_sources() {
        for at in &source.functions {
            total += 1;
            over_a_screen += usize::from(at.what.lines > 45);
            if at.what.lines > 100 {
                broken.push(format!(
                    "style 5: {}: {} has {} lines, at most 100",
                    source.place(at.line),
                    at.what.name,
                    at.what.lines
                ));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    assert!(
        over_a_screen * 10 <= total,
        "style 5: {over_a_screen} of {total} functions are longer than 45 lines, at most one in ten"
    );
}

#[test]
fn a_function_is_measured_from_fn_to_brace() {
    let text = "/// Words.\n#[inline]\npub fn f() {\n    g();\n}\n\nimpl A {\n    fn h(&self) {}\n}\n";
    let source = Source::parse("src/a.rs", text);
    let seen: Vec<_> =
        source.functions.iter().map(|at| (at.what.name.as_str(), at.line, at.what.lines)).collect();
    assert_eq!(seen, [("f", 3, 3), ("h", 8, 1)]);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let silent: Vec<String> =
        rust_files().into_iter().filter(|path| !text_of(path).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "style 1: these files do not say what they are for:\n{}", silent.join("\n"));
}

#[test]
fn names_say_what_a_thing_does() {
    let mut broken = Vec::new();
    for source in rust_sources() {
        for at in source.names.iter().filter(|at| is_vague(&at.what)) {
            broken.push(format!("style 2: {}: {} is a vague name", source.place(at.line), at.what));
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// A name built on a word that could stand for anything. The programme manager is a person.
fn is_vague(name: &str) -> bool {
    let name = name.replace("ProgrammeManager", "").replace("programme_manager", "");
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() {
            words.push('_');
        }
        words.extend(letter.to_lowercase());
    }
    words.split('_').any(|word| ["manager", "helper", "helpers", "util", "utils", "misc"].contains(&word))
        || name.ends_with("Service")
}

#[test]
fn vague_names_are_seen() {
    for name in ["PoolManager", "helpers", "date_utils", "ReturnService"] {
        assert!(is_vague(name), "{name}");
    }
    for name in ["ProgrammeManager", "is_programme_manager", "Return", "services_in_scope"] {
        assert!(!is_vague(name), "{name}");
    }
}

#[test]
fn templates_stand_in_their_capabilitys_folder() {
    let shared = ["components", "layouts", "errors", "mail"];
    for path in tracked_files("templates", &["html", "txt"]) {
        let mut parts = path.split('/').skip(1);
        let folder = parts.next().unwrap_or_default();
        let mirrored = crate::source::root().join("src").join(folder).is_dir();
        assert!(
            parts.next().is_none() || mirrored || shared.contains(&folder),
            "{path}: templates/{folder} mirrors no folder of src"
        );
    }
}

#[test]
fn nothing_is_left_for_later_or_tied_to_one_machine() {
    // Put together here so that this file does not find itself.
    let words = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["XX", "X:"],
        ["todo", "!("],
        ["unimplemented", "!("],
        ["#[ign", "ore"],
        ["Lorem ", "ipsum"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["/wo", "rk/"],
    ]
    .map(|halves| halves.concat());
    let mut found = Vec::new();
    for path in tracked_files("", &WRITTEN) {
        for (number, line) in lines_of(&path) {
            let unmerged = line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
            if unmerged {
                found.push(format!("{path}:{number}: left over from a merge"));
            }
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                found.push(format!("{path}:{number}: {word}"));
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
