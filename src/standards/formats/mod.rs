//! Reading editions from files: our own TOML (and its JSON form), the Cyber Assessment Framework's YAML, and OSCAL
//! catalogs. Every reader takes bytes, reports all the problems it can find with their places, and never panics.

mod answers;
mod caf_yaml;
mod entries;
mod oscal;
mod toml;

use std::fmt;

pub use answers::{AnswersOverrides, read_answers};

use super::keys::{EditionKey, StandardKey};
use super::model::{Edition, EditionDraft, Problem};

/// The largest file that is read, in bytes; the biggest real one, a full OSCAL catalog, has about ten megabytes.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// The kinds of file an edition can be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Our own format, `docs/formats/standard.md`.
    Toml,
    /// The JSON form of our own format: what an edition's canonical JSON is.
    Json,
    /// The Cyber Assessment Framework as YAML.
    CafYaml,
    /// An OSCAL catalog in JSON.
    Oscal,
}

impl FileFormat {
    /// The word used on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
            Self::CafYaml => "caf-yaml",
            Self::Oscal => "oscal",
        }
    }

    /// The format of that name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Toml, Self::Json, Self::CafYaml, Self::Oscal]
            .into_iter()
            .find(|format| format.as_str() == text)
    }

    /// Guesses from the file's name or, where that says nothing, from how the content begins.
    pub fn detect(file_name: &str, bytes: &[u8]) -> Option<Self> {
        let start = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
        let start = String::from_utf8_lossy(start);
        let json = if start.contains("\"catalog\"") { Self::Oscal } else { Self::Json };
        let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("toml") => Some(Self::Toml),
            Some("yaml" | "yml") => Some(Self::CafYaml),
            Some("json") => Some(json),
            _ if start.trim_start_matches('\u{feff}').trim_start().starts_with('{') => Some(json),
            _ if start.lines().any(|line| line.trim_end() == "[standard]") => Some(Self::Toml),
            _ if start.lines().any(|line| line.trim_end() == "objectives:") => Some(Self::CafYaml),
            _ => None,
        }
    }
}

/// Names for files that do not carry ours; whatever is left out is derived from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The key of the standard.
    pub standard: Option<StandardKey>,
    /// The key of the edition.
    pub edition: Option<EditionKey>,
    /// The label the public sees.
    pub label: Option<String>,
    /// The version of the rules.
    pub rule_set: Option<String>,
}

/// An edition read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The edition.
    pub edition: Edition,
    /// What a person should know about how it was read: counts, things left out, defaults assumed.
    pub notes: Vec<String>,
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatProblem {
    /// Where: a line, a path, or both; empty for the whole file.
    pub place: String,
    /// What is wrong, in plain words.
    pub message: String,
}

impl FormatProblem {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for FormatProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}

/// Reads an edition. `file_name` is used only to derive names for formats that have none of their own.
pub fn read(
    format: FileFormat,
    file_name: &str,
    bytes: &[u8],
    names: &Names,
) -> Result<Imported, Vec<FormatProblem>> {
    let text = decode(bytes).map_err(|problem| vec![problem])?;
    match format {
        FileFormat::Toml => toml::read(text),
        FileFormat::Json => json(text),
        FileFormat::CafYaml => caf_yaml::read(text, file_name, names),
        FileFormat::Oscal => oscal::read(text, file_name, names),
    }
}

/// The text of a file: UTF-8 with or without a byte order mark, neither empty nor too large.
pub fn decode(bytes: &[u8]) -> Result<&str, FormatProblem> {
    let whole = |message: String| Err(FormatProblem::new("", message));
    if bytes.len() > MAX_FILE_BYTES {
        return whole(format!(
            "the file has {} bytes; at most {} MB are read",
            bytes.len(),
            MAX_FILE_BYTES / 1024 / 1024
        ));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return whole("the file is encoded as UTF-16; save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => whole("the file is empty".to_owned()),
        Ok(text) => Ok(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(FormatProblem::new(
                format!("line {line}"),
                "the file is not UTF-8 text from here on; save it as UTF-8",
            ))
        }
    }
}

fn json(text: &str) -> Result<Imported, Vec<FormatProblem>> {
    let edition = Edition::from_canonical_json(text).map_err(|problems| {
        problems.into_iter().map(|p| FormatProblem::new(p.path, p.message)).collect::<Vec<_>>()
    })?;
    Ok(Imported { notes: vec![counted(&edition)], edition })
}

/// Checks a draft made from a foreign format, naming requirements by code where the path has only their position.
fn checked(draft: EditionDraft) -> Result<Edition, Vec<FormatProblem>> {
    let codes: Vec<String> = draft.requirements.iter().map(|r| r.code.to_string()).collect();
    Edition::new(draft).map_err(|problems| problems.iter().map(|p| located(p, &codes)).collect())
}

fn located(problem: &Problem, codes: &[String]) -> FormatProblem {
    let code = problem
        .path
        .strip_prefix("requirements[")
        .and_then(|rest| rest.split_once(']'))
        .and_then(|(index, rest)| Some((codes.get(index.parse::<usize>().ok()?)?, rest)));
    let place = match code {
        Some((code, rest)) => format!("{code}{rest}"),
        None => problem.path.clone(),
    };
    FormatProblem::new(place, problem.message.clone())
}

/// The note every format starts with.
fn counted(edition: &Edition) -> String {
    format!(
        "{} requirements in {} sections, {} profiles, scheme {}",
        edition.requirements().len(),
        edition.sections().len(),
        edition.profiles().len(),
        edition.scheme().kind().as_str()
    )
}

/// A key made from a file name: its stem in lower case, other characters turned into hyphens.
fn key_from_file_name(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    let mut key = String::new();
    for character in stem.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '_') {
            key.push(character);
        } else if !key.ends_with('-') && !key.is_empty() {
            key.push('-');
        }
        if key.len() == 40 {
            break;
        }
    }
    let key = key.trim_end_matches(['-', '.']).to_owned();
    if key.len() < 2 { "imported".to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    mod documents;
    mod shipped;

    use super::*;
    use crate::standards::testing::{edition, levels_document};

    #[test]
    fn formats_are_told_apart_by_name_and_content() {
        assert_eq!(FileFormat::detect("igt.toml", b""), Some(FileFormat::Toml));
        assert_eq!(FileFormat::detect("CAF.YML", b""), Some(FileFormat::CafYaml));
        assert_eq!(FileFormat::detect("a.json", b"{\n \"catalog\": {"), Some(FileFormat::Oscal));
        assert_eq!(FileFormat::detect("a.json", b"{\"edition\":{}}"), Some(FileFormat::Json));
        assert_eq!(FileFormat::detect("readme", b"x"), None);
        assert_eq!(FileFormat::detect("upload", b"format = 1\r\n[standard]\r\n"), Some(FileFormat::Toml));
        assert_eq!(FileFormat::detect("upload", b"objectives:\n  A:\n"), Some(FileFormat::CafYaml));
        assert_eq!(FileFormat::detect("upload", b"\xEF\xBB\xBF\n{\"catalog\":"), Some(FileFormat::Oscal));
        for format in ["toml", "json", "caf-yaml", "oscal"] {
            assert_eq!(FileFormat::parse(format).unwrap().as_str(), format);
        }
    }

    #[test]
    fn bad_encodings_and_sizes_are_named() {
        assert_eq!(decode(b"\xEF\xBB\xBFx = 1").unwrap(), "x = 1");
        assert!(decode(b"").unwrap_err().message.contains("empty"));
        assert!(decode(b"\xEF\xBB\xBF \n").unwrap_err().message.contains("empty"));
        assert!(decode(b"\xFF\xFEx\0").unwrap_err().message.contains("UTF-16"));
        let latin = decode(b"one\ntwo\ncaf\xE9\n").unwrap_err();
        assert_eq!(latin.place, "line 3");
        assert!(decode(&vec![b'a'; MAX_FILE_BYTES + 1]).unwrap_err().message.contains("at most 16 MB"));
    }

    #[test]
    fn the_canonical_json_of_an_edition_is_a_file_too() {
        let edition = edition(&levels_document(3));
        let bytes = edition.canonical_json().as_bytes();
        let read = read(FileFormat::Json, "x.json", bytes, &Names::default()).unwrap();
        assert_eq!(read.edition.hash(), edition.hash());
    }

    #[test]
    fn keys_come_from_file_names() {
        assert_eq!(key_from_file_name("data/CAF 3.2.yaml"), "caf-3.2");
        assert_eq!(key_from_file_name("C:\\x\\--.json"), "imported");
        assert_eq!(key_from_file_name(&"é long name ".repeat(20)), "long-name-long-name-long-name-long-name");
    }
}
