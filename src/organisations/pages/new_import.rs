//! The form that uploads a file of organisations.

use serde::Serialize;

use crate::organisations::corrected::{CorrectedPart, Listed, Stands};
use crate::organisations::import::{Asked, Format};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::http::Fields;
use crate::platform::ids::CorrectionId;
use crate::platform::pages::{Cell, Choice, DateField, ErrorSummary, Field, FormErrors, Link, Page, words};

/// What was typed beside the file, as raw text.
#[derive(Debug, Clone, Default)]
pub(in crate::organisations) struct ImportForm {
    format: String,
    as_of: [String; 3],
    edition: String,
}

const PARTS: [&str; 3] = ["as_of-day", "as_of-month", "as_of-year"];

impl ImportForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            format: fields.text("format"),
            as_of: PARTS.map(|part| fields.text(part)),
            edition: fields.text("edition"),
        }
    }

    /// What the form asks for.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(&self) -> Result<Asked, FormErrors> {
        let mut errors = FormErrors::new();
        let mut asked = Asked::default();
        if !self.format.is_empty() {
            match self.format.parse::<Format>() {
                Ok(format) => asked.format = Some(format),
                Err(_) => errors.add("format", "Select what kind of file it is"),
            }
        }
        let [day, month, year] = &self.as_of;
        if self.as_of.iter().any(|part| !part.is_empty()) {
            match format!("{year:0>4}-{month:0>2}-{day:0>2}").parse::<Day>() {
                Ok(found) => asked.as_of = Some(found),
                Err(_) => errors.add_at(
                    "as_of",
                    PARTS[0],
                    "The day the file speaks of must be a real date, like 27 3 2026",
                ),
            }
        }
        if self.edition.chars().count() > 20 {
            errors.add("edition", "The edition must be 20 characters or fewer");
        } else if !self.edition.is_empty() {
            asked.edition = Some(self.edition.clone());
        }
        errors.into_result(Some(asked))
    }
}

/// The form.
#[derive(Debug, Serialize)]
pub(in crate::organisations) struct NewImportPage {
    errors: ErrorSummary,
    format: Field,
    formats: Vec<Choice>,
    as_of: DateField,
    edition: Field,
    file: Field,
    /// Accepted corrections that stand over what the file may say.
    standing: Vec<Vec<Cell>>,
}

impl NewImportPage {
    pub fn new(form: &ImportForm, limit: u64, errors: &FormErrors) -> Self {
        let [day, month, year] = &form.as_of;
        let formats = std::iter::once(Choice::new("", "Find out from its columns"))
            .chain(Format::ALL.iter().map(|format| Choice::new(format.as_str(), format.words())))
            .map(|choice| {
                let chosen = choice.value == form.format;
                choice.checked(chosen)
            })
            .collect();
        Self {
            errors: errors.summary(),
            format: Field::new("format", "What kind of file is it?").value(&form.format).errors(errors),
            formats,
            as_of: DateField {
                hint: "Leave empty when the file\u{2019}s name says it, as in register-2026-05-01.csv"
                    .to_owned(),
                ..DateField::new("as_of", "Which day does it speak of?")
            }
            .typed(day, month, year)
            .errors(errors),
            edition: Field::new("edition", "Edition of statuses that name none")
                .hint("Only for registers of old; for example 18/19")
                .value(&form.edition)
                .errors(errors),
            file: Field::new("file", "File")
                .hint(format!(
                    "CSV text with or without a header, as it was published; at most {} MB",
                    words::number(limit.into())
                ))
                .errors(errors),
            standing: Vec::new(),
        }
    }

    /// With the accepted corrections that stand.
    pub fn beside(mut self, standing: &[Listed]) -> Self {
        let row = |one: &Listed| {
            let stands = &one.stands;
            vec![
                Cell::link(&one.code, format!("/corrections/{}", one.request)),
                Cell::text(words::capitalised(&stands.words(&stands.instead_of))),
                Cell::text(words::capitalised(&stands.words(&stands.said))),
                Cell::text(stands.since.words()),
            ]
        };
        self.standing = standing.iter().map(row).collect();
        self
    }
}

impl Page for NewImportPage {
    const TEMPLATE: &'static str = "organisations/new_import.html";

    fn title(&self) -> String {
        "Import a file of organisations".to_owned()
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        vec![Link::new("Home", "/home"), Link::new("Imports", "/imports")]
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let mut errors = FormErrors::new();
        errors.add("file", "the file is a PDF, not CSV text");
        let typed = ImportForm {
            format: "register".to_owned(),
            as_of: ["1", "5", "2026"].map(str::to_owned),
            edition: "25/26".to_owned(),
        };
        let stands = Stands {
            id: 1,
            part: CorrectedPart::Closing,
            said: "2026-05-01".to_owned(),
            instead_of: String::new(),
            since: Timestamp::from_micros(1_780_000_000_000_000).london_day(),
        };
        let listed = [Listed { code: "ZZ101".to_owned(), request: CorrectionId::new(1), stands }];
        let empty = || Self::new(&ImportForm::default(), 200, &FormErrors::new());
        vec![
            ("empty", empty()),
            ("with corrections", empty().beside(&listed)),
            ("error", Self::new(&typed, 200, &errors)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> ImportForm {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        ImportForm::read(&Fields::new(pairs))
    }

    #[test]
    fn an_empty_form_leaves_everything_to_the_file() {
        assert_eq!(form(&[]).parse().unwrap(), Asked::default());
    }

    #[test]
    fn what_is_typed_is_read_or_refused_by_its_field() {
        let typed =
            [("format", "register-2019"), ("as_of-day", "1"), ("as_of-month", "5"), ("as_of-year", "2026")];
        let asked = form(&typed).parse().unwrap();
        assert_eq!(asked.format, Some(Format::Register2019));
        assert_eq!(asked.as_of.unwrap().to_string(), "2026-05-01");
        let errors =
            form(&[("format", "xlsx"), ("as_of-day", "31"), ("as_of-month", "2"), ("as_of-year", "2026")])
                .parse()
                .unwrap_err();
        assert!(errors.message("format").is_some() && errors.message("as_of").is_some());
        assert!(form(&[("as_of-day", "1")]).parse().is_err());
        assert!(form(&[("edition", &"x".repeat(21))]).parse().is_err());
    }
}
