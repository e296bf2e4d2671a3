//! Importing an edition: the form with what is wrong in the file, and the preview before it is confirmed.

use serde::{Deserialize, Serialize};

use crate::platform::http::Fields;
use crate::platform::pages::{Cell, Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page, Tag, words};
use crate::standards::formats::{FileFormat, FormatProblem, Imported, Names};
use crate::standards::import_edition::ImportEffect;
use crate::standards::{EditionKey, StandardKey};

/// Problems that are listed; their number is always told.
const SHOWN: usize = 200;

/// What was typed beside the file, as raw text, and the file's name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::standards) struct EditionForm {
    pub file_name: String,
    format: String,
    key: String,
    edition: String,
    label: String,
}

impl EditionForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            file_name: fields.text("file_name"),
            format: fields.text("format"),
            key: fields.text("key"),
            edition: fields.text("edition"),
            label: fields.text("label"),
        }
    }

    /// The names for formats that carry none.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn names(&self) -> Result<Names, FormErrors> {
        let mut errors = FormErrors::new();
        let mut names = Names::default();
        if !self.format.is_empty() && FileFormat::parse(&self.format).is_none() {
            errors.add("format", "Select what kind of file it is");
        }
        if !self.key.is_empty() {
            match StandardKey::new(&self.key) {
                Ok(key) => names.standard = Some(key),
                Err(why) => errors.add("key", why.to_string()),
            }
        }
        if !self.edition.is_empty() {
            match EditionKey::new(&self.edition) {
                Ok(key) => names.edition = Some(key),
                Err(why) => errors.add("edition", why.to_string()),
            }
        }
        if self.label.chars().count() > 40 {
            errors.add("label", "The label must be 40 characters or fewer");
        } else if !self.label.is_empty() {
            names.label = Some(self.label.clone());
        }
        errors.into_result(Some(names))
    }

    /// The format, as chosen or found out.
    ///
    /// # Errors
    /// When it was not chosen and cannot be told.
    pub fn format(&self, bytes: &[u8]) -> Result<FileFormat, FormErrors> {
        let found = if self.format.is_empty() {
            FileFormat::detect(&self.file_name, bytes)
        } else {
            FileFormat::parse(&self.format)
        };
        found.ok_or_else(|| {
            let mut errors = FormErrors::new();
            errors
                .add("format", "Select what kind of file it is: neither its name nor its beginning says so");
            errors
        })
    }

    fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("file_name", &self.file_name),
            ("format", &self.format),
            ("key", &self.key),
            ("edition", &self.edition),
            ("label", &self.label),
        ]
    }

    /// The form as the query of an address.
    pub fn query(&self) -> String {
        let said: Vec<_> = self.pairs().into_iter().filter(|(_, value)| !value.is_empty()).collect();
        // Pairs of strings always encode.
        serde_urlencoded::to_string(said).unwrap_or_default()
    }
}

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::standards) struct ImportEditionPage {
    errors: ErrorSummary,
    format: Field,
    formats: Vec<Choice>,
    key: Field,
    edition: Field,
    label: Field,
    file: Field,
    problems: Vec<Vec<Cell>>,
    caption: String,
}

impl ImportEditionPage {
    pub fn new(form: &EditionForm, errors: &FormErrors, problems: &[FormatProblem]) -> Self {
        let formats = [
            ("", "Find out from its name and content"),
            ("toml", "Our own format, TOML"),
            ("json", "Our own format, JSON"),
            ("caf-yaml", "Assessment framework, YAML"),
            ("oscal", "OSCAL catalog, JSON"),
        ];
        let row = |problem: &FormatProblem| {
            let place = if problem.place.is_empty() { "The whole file" } else { &problem.place };
            vec![Cell::text(place), Cell::text(&problem.message)]
        };
        let field = |name: &str, label: &str, hint: &str, value: &str| {
            Field::new(name, label).hint(hint).value(value).errors(errors)
        };
        let own = "Only for files that carry none: the assessment framework\u{2019}s and OSCAL";
        Self {
            errors: errors.summary(),
            format: Field::new("format", "What kind of file is it?").value(&form.format).errors(errors),
            formats: formats
                .into_iter()
                .map(|(value, text)| Choice::new(value, text).checked(value == form.format))
                .collect(),
            key: field("key", "Key of the standard", own, &form.key),
            edition: field("edition", "Key of the edition", own, &form.edition),
            label: field("label", "Label of the edition, such as 2026/27", own, &form.label),
            file: Field::new("file", "File").hint("At most 16 MB").errors(errors),
            problems: problems.iter().take(SHOWN).map(row).collect(),
            caption: match problems.len() {
                1 => "1 problem".to_owned(),
                many if many > SHOWN => format!(
                    "{} problems, of which the first {SHOWN} are listed",
                    words::number(i128::try_from(many).unwrap_or(i128::MAX))
                ),
                many => format!("{many} problems"),
            },
        }
    }
}

impl Page for ImportEditionPage {
    const TEMPLATE: &'static str = "standards/import.html";

    fn title(&self) -> String {
        "Import an edition of a standard".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let problem = FormatProblem {
            place: "line 12, requirements[3].expected".to_owned(),
            message: "there is no profile \"acute\"".to_owned(),
        };
        let whole = FormatProblem { place: String::new(), message: "the file is empty".to_owned() };
        let mut errors = FormErrors::new();
        errors.add("file", "The file cannot be imported as it is. This page lists what is wrong in it");
        errors.add("key", "Enter a key");
        let form = EditionForm { format: "toml".to_owned(), ..EditionForm::default() };
        let many = vec![problem.clone(); SHOWN + 1];
        vec![
            ("empty", Self::new(&EditionForm::default(), &FormErrors::new(), &[])),
            ("error", Self::new(&form, &errors, &[problem, whole])),
            ("long", Self::new(&form, &errors, &many)),
        ]
    }
}

/// One section of the preview.
#[derive(Debug, Serialize)]
struct PreviewSection {
    summary: String,
    requirements: Vec<Fact>,
}

/// What stands to come in.
#[derive(Debug, Serialize)]
pub(in crate::standards) struct PreviewPage {
    #[serde(skip)]
    name: String,
    tag: Tag,
    effect: &'static str,
    may_confirm: bool,
    edition_href: String,
    href: String,
    hidden: Vec<Fact>,
    facts: Vec<Fact>,
    notes: Vec<String>,
    sections: Vec<PreviewSection>,
}

impl PreviewPage {
    pub fn new(imported: &Imported, effect: ImportEffect, address: &str, form: &EditionForm) -> Self {
        let edition = &imported.edition;
        let (tag, words) = match effect {
            ImportEffect::Added => (Tag::new("New", "green"), "No edition has this key yet."),
            ImportEffect::Changed => (
                Tag::new("Replaces a draft", "yellow"),
                "An edition of this key is here as a draft. Importing replaces it.",
            ),
            ImportEffect::Unchanged => {
                (Tag::new("Here already", "grey"), "The very same document has been imported before.")
            }
        };
        let profiles: Vec<&str> = edition.profiles().iter().map(|profile| profile.name.as_str()).collect();
        let sections = edition
            .sections_with_requirements()
            .map(|(_, section, own)| PreviewSection {
                summary: format!("{} {} ({})", section.code, section.title, own.len()),
                requirements: own
                    .iter()
                    .map(|r| Fact::new(format!("{} {}", r.code, r.title), &r.text))
                    .collect(),
            })
            .collect();
        Self {
            name: format!("{} {}", edition.standard_name(), edition.label()),
            tag,
            effect: words,
            may_confirm: effect != ImportEffect::Unchanged,
            edition_href: if effect == ImportEffect::Added {
                String::new()
            } else {
                format!("/standards/{}", edition.key())
            },
            href: format!("/standards/import/{address}"),
            hidden: form.pairs().into_iter().map(|(name, value)| Fact::new(name, value)).collect(),
            facts: vec![
                Fact::new("Standard", edition.standard_key().as_str()),
                Fact::new("Edition", edition.key().as_str()),
                Fact::new("Sections", edition.sections().len().to_string()),
                Fact::new("Requirements", edition.requirements().len().to_string()),
                Fact::new("Scored by", super::scheme_words(edition.scheme().kind().as_str())),
                Fact::new("Rule set", edition.rule_set()),
                Fact::new(
                    "Profiles",
                    if profiles.is_empty() { "None".to_owned() } else { profiles.join(", ") },
                ),
                Fact::new("SHA-256", edition.hash().to_hex()),
            ],
            notes: imported.notes.clone(),
            sections,
        }
    }
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "standards/preview.html";

    fn title(&self) -> String {
        format!("Check {} before it is imported", self.name)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Standards", "/standards")]
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let bare = |may_confirm: bool, sections| Self {
            name: "Example standard 2026/27".to_owned(),
            tag: Tag::new("New", "green"),
            effect: "No edition has this key yet.",
            may_confirm,
            edition_href: if may_confirm { String::new() } else { "/standards/example-2026".to_owned() },
            href: "/standards/import/00".to_owned(),
            hidden: vec![Fact::new("file_name", "example.toml")],
            facts: vec![Fact::new("Requirements", "45")],
            notes: vec!["45 requirements in 6 sections".to_owned()],
            sections,
        };
        let section =
            |requirements| PreviewSection { summary: "A Managing risk (1)".to_owned(), requirements };
        vec![
            ("same", bare(false, Vec::new())),
            (
                "typical",
                bare(
                    true,
                    vec![
                        section(Vec::new()),
                        section(vec![Fact::new("A1.a Ownership", "Who answers for it?")]),
                    ],
                ),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> EditionForm {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        EditionForm::read(&Fields::new(pairs))
    }

    #[test]
    fn names_are_read_or_refused_by_their_field() {
        assert_eq!(form(&[]).names().unwrap(), Names::default());
        let good =
            form(&[("key", "caf"), ("edition", "caf-32"), ("label", "2026/27"), ("format", "caf-yaml")]);
        assert_eq!(good.names().unwrap().label.as_deref(), Some("2026/27"));
        assert_eq!(good.query(), "format=caf-yaml&key=caf&edition=caf-32&label=2026%2F27");
        let long = "x".repeat(41);
        let bad = form(&[("key", "No Key"), ("edition", "!"), ("label", &long), ("format", "workbook")]);
        let errors = bad.names().unwrap_err();
        for field in ["key", "edition", "label", "format"] {
            assert!(errors.message(field).is_some(), "{field}");
        }
    }

    #[test]
    fn the_format_is_chosen_or_found_out() {
        let named = |name: &str| EditionForm { file_name: name.to_owned(), ..EditionForm::default() };
        assert_eq!(named("a.toml").format(b"").unwrap(), FileFormat::Toml);
        assert_eq!(form(&[("format", "oscal")]).format(b"").unwrap(), FileFormat::Oscal);
        assert!(named("a.bin").format(b"\0").unwrap_err().message("format").is_some());
    }
}
