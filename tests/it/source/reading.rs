//! Finds the project's own files: what git would keep, without asking git.

use std::fs;
use std::path::Path;

use super::root;

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 5] = [".git", "node_modules", "target", "data", ".venv"];

/// Files below `folder` (from the project's root, `""` for all) whose suffix is one of `suffixes`, sorted. An absent folder
/// holds no files.
pub fn tracked_files(folder: &str, suffixes: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), suffixes, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, suffixes: &[&str], found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("list a folder of the project");
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                collect(&path, suffixes, found);
            }
        } else if suffixes.iter().any(|suffix| name.ends_with(&format!(".{suffix}"))) {
            let inside = path.strip_prefix(root()).expect("a file below the root");
            found.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// The text of a file of the project.
pub fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("failed to read {path}: {error}"))
}

/// The lines of a file of the project, numbered from 1.
pub fn lines_of(path: &str) -> Vec<(usize, String)> {
    text_of(path).lines().enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
}
