//! `portal score`: scores a file of answers against a standard file and prints the explanation. Needs no database; the
//! engine is the one the portal uses.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::civil::Date;

use crate::standards::formats::{
    AnswersOverrides, FileFormat, FormatProblem, MAX_FILE_BYTES, Names, read, read_answers,
};
use crate::standards::{ProfileKey, SectorKey, scoring};

/// Scores `answers` against `standard` and gives the score as indented JSON, or a message that lists every problem.
/// `profile` and `kind` (a sector) take precedence over what the answers file says; `format` over the guess from the
/// standard file's name and content; `today` counts when the answers file names no day.
pub fn score(
    standard: &Path,
    answers: &Path,
    profile: Option<&str>,
    kind: Option<&str>,
    format: Option<&str>,
    today: Date,
) -> Result<String, String> {
    let profile = profile.map(ProfileKey::new).transpose().map_err(|error| format!("--profile: {error}"))?;
    let sector = kind.map(SectorKey::new).transpose().map_err(|error| format!("--kind: {error}"))?;
    let bytes = contents(standard)?;
    let name = standard.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let format = match format {
        Some(word) => FileFormat::parse(word)
            .ok_or_else(|| format!("--format: \"{word}\" is not one of toml, json, caf-yaml, oscal"))?,
        None => FileFormat::detect(&name, &bytes).ok_or_else(|| {
            format!(
                "{}: cannot tell what kind of standard file this is; name it .toml, .yaml or .json",
                standard.display()
            )
        })?,
    };
    let imported =
        read(format, &name, &bytes, &Names::default()).map_err(|found| listed(standard, &found))?;
    let overrides = AnswersOverrides { profile, sector, today };
    let input = read_answers(&imported.edition, &contents(answers)?, &overrides)
        .map_err(|found| listed(answers, &found))?;
    let score = scoring::score(&imported.edition, &input).map_err(|error| error.to_string())?;
    serde_json::to_string_pretty(&score).map_err(|error| format!("failed to write the score: {error}"))
}

/// The bytes of a file, read no further than the limit that the reader then reports.
fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("{}: cannot be read: {error}", path.display());
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(failed)?.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn listed(path: &Path, problems: &[FormatProblem]) -> String {
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
    format!("{}: {count}\n{}", path.display(), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const STANDARD: &str = include_str!("../standards/formats/sample_assertions.toml");

    /// A folder of its own for each test, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("portal-score-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.join(name);
            std::fs::write(&path, text).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn today() -> Date {
        Date::constant(2026, 6, 30)
    }

    #[test]
    fn a_standard_and_answers_give_a_score_that_explains_itself() {
        let folder = Folder::new("good");
        let standard = folder.file("sample.toml", STANDARD);
        let answers = folder.file(
            "answers.json",
            r#"{"sector":"gp","answers":{"1.1.1":{"documents":true},"1.1":{"confirmed":true}}}"#,
        );
        let printed = score(&standard, &answers, None, None, None, today()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(json["grade"], "standards_met");
        assert_eq!(json["rule_set"], "sample-2026.1");
        assert_eq!(json["on"], "2026-06-30");
        assert_eq!(json["requirements"][0]["status"], "complete");
        assert_eq!(json["requirements"][0]["explanation"][0]["rule"], "assertions.complete");
        // The command line decides against the file.
        let printed = score(&standard, &answers, None, Some("dentist"), None, today()).unwrap();
        assert!(printed.contains("\"grade\": \"standards_not_met\""));
    }

    #[test]
    fn problems_name_the_file_and_every_place() {
        let folder = Folder::new("bad");
        let standard =
            folder.file("sample.toml", &STANDARD.replace("title = \"Policy\"", "titel = \"Policy\""));
        let answers = folder.file("answers.json", "{}");
        let message = score(&standard, &answers, None, None, None, today()).unwrap_err();
        assert!(message.contains("sample.toml: 2 problems\n  line "), "{message}");
        let standard = folder.file("sample.toml", STANDARD);
        let message = score(&standard, &answers, None, None, None, today()).unwrap_err();
        assert!(message.contains("answers.json: 1 problem\n  line 1"), "{message}");
        let message = score(&standard, &folder.0.join("none.json"), None, None, None, today()).unwrap_err();
        assert!(message.contains("none.json: cannot be read"), "{message}");
        assert!(
            score(&folder.0, &answers, None, None, None, today()).unwrap_err().contains("cannot be read")
        );
        let odd = folder.file("odd.txt", "hello");
        assert!(score(&odd, &answers, None, None, None, today()).unwrap_err().contains("cannot tell"));
        assert!(score(&odd, &answers, None, None, Some("toml"), today()).unwrap_err().contains("not TOML"));
        assert!(score(&odd, &answers, None, Some("nhs"), None, today()).unwrap_err().starts_with("--kind"));
    }
}
