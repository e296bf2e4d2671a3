//! What people say about a piece, as typed and as kept.

use std::collections::BTreeSet;

use super::model::{Classification, WebLink};
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::Day;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::files::is_disguise;
use crate::platform::http::Fields;
use crate::platform::ids::{OrganisationId, PersonId};
use crate::platform::pages::FormErrors;

/// The most characters of a title.
pub const TITLE_LIMIT: usize = 200;
/// The most characters of a description.
pub const DESCRIPTION_LIMIT: usize = 2000;
/// The most tags of a piece.
pub const TAGS_LIMIT: usize = 20;
/// The most characters of one tag.
pub const TAG_LIMIT: usize = 40;

/// What is said about a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Words to find it by, in small letters.
    pub tags: Vec<String>,
    /// How carefully it is to be kept.
    pub classification: Classification,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// How long it holds.
    pub period: Period,
}

/// The first and the last day on which a piece holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first; none when it does not matter.
    pub from: Option<Day>,
    /// The last; none when it holds for good.
    pub to: Option<Day>,
}

impl Details {
    /// What is known of a file that was attached to an answer: its name.
    #[must_use]
    pub fn named(title: &str) -> Self {
        Self {
            title: title.chars().take(TITLE_LIMIT).collect(),
            description: String::new(),
            tags: Vec::new(),
            classification: Classification::Official,
            owner: None,
            period: Period::default(),
        }
    }

    /// The tags as they are stored, one a line.
    pub(super) fn tag_lines(&self) -> String {
        self.tags.join("\n")
    }

    /// The text that searches look through.
    pub(super) fn search(&self) -> String {
        search_text(&self.title, &self.tags)
    }

    /// Refuses an owner who is no member of the organisation.
    pub(super) fn must_be_owned_inside(&self, tx: &mut Tx<'_>, whose: OrganisationId) -> Result<()> {
        let Some(owner) = self.owner else { return Ok(()) };
        let members = identity::holders_of(tx.conn(), whose, &OrganisationRole::READERS)?;
        if members.iter().any(|(person, ..)| *person == owner) {
            Ok(())
        } else {
            Err(Error::field("owner", "Choose an owner who belongs to your organisation"))
        }
    }
}

/// The text that searches look through: title and tags in small letters.
fn search_text(title: &str, tags: &[String]) -> String {
    std::iter::once(title.to_lowercase()).chain(tags.iter().cloned()).collect::<Vec<_>>().join("\n")
}

/// The parts of the two dates, in the order in which they are typed.
const FROM: [&str; 3] = ["valid_from-day", "valid_from-month", "valid_from-year"];
const TO: [&str; 3] = ["valid_to-day", "valid_to-month", "valid_to-year"];

/// The form of a piece as raw text.
#[derive(Debug, Clone, Default)]
pub struct DetailsForm {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: String,
    pub(super) classification: String,
    pub(super) owner: String,
    pub(super) from: [String; 3],
    pub(super) to: [String; 3],
    pub(super) link: String,
}

impl DetailsForm {
    /// The form as posted.
    #[must_use]
    pub fn read(fields: &Fields) -> Self {
        Self {
            title: fields.text("title"),
            description: fields.text("description"),
            tags: fields.text("tags"),
            classification: fields.text("classification"),
            owner: fields.text("owner"),
            from: FROM.map(|part| fields.text(part)),
            to: TO.map(|part| fields.text(part)),
            link: fields.text("link"),
        }
    }

    /// The form that says what is kept.
    #[must_use]
    pub fn of(details: &Details) -> Self {
        Self {
            title: details.title.clone(),
            description: details.description.clone(),
            tags: details.tags.join(", "),
            classification: details.classification.as_str().to_owned(),
            owner: details.owner.map(|owner| owner.to_string()).unwrap_or_default(),
            from: parts(details.period.from),
            to: parts(details.period.to),
            link: String::new(),
        }
    }

    /// What is said; what is wrong is added to the errors.
    pub fn parse(&self, errors: &mut FormErrors) -> Option<Details> {
        let title = one_line(&self.title);
        if title.is_empty() {
            errors.add("title", "Enter a title");
        } else if title.chars().count() > TITLE_LIMIT {
            errors.add("title", format!("The title must be {TITLE_LIMIT} characters or fewer"));
        }
        let classification = self.classification.parse::<Classification>();
        if classification.is_err() {
            errors.add("classification", "Select how carefully it is to be kept");
        }
        let owner = if self.owner.is_empty() { Ok(None) } else { self.owner.parse().map(Some) };
        if owner.is_err() {
            errors.add("owner", "Choose an owner from the list");
        }
        let period = self.period(errors);
        let tags = self.tags(errors);
        let description: String =
            self.description.chars().filter(|c| *c == '\n' || !is_disguise(*c)).collect();
        if description.chars().count() > DESCRIPTION_LIMIT {
            errors.add(
                "description",
                format!("The description must be {DESCRIPTION_LIMIT} characters or fewer"),
            );
        }
        errors.is_empty().then_some(())?;
        Some(Details {
            title,
            description,
            tags: tags?,
            classification: classification.ok()?,
            owner: owner.ok()?,
            period: period?,
        })
    }

    /// The dates alone.
    pub fn period(&self, errors: &mut FormErrors) -> Option<Period> {
        let from = day(&self.from, ("valid_from", FROM[0]), "The first day must be a real date", errors)?;
        let to = day(&self.to, ("valid_to", TO[0]), "The last day must be a real date", errors)?;
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            errors.add_at("valid_to", TO[0], "The last day must not be before the first day");
            return None;
        }
        Some(Period { from, to })
    }

    /// The address, if one was typed.
    pub fn link(&self, errors: &mut FormErrors) -> Option<WebLink> {
        if self.link.is_empty() {
            return None;
        }
        match WebLink::parse(&self.link) {
            Ok(link) => Some(link),
            Err(why) => {
                errors.add("link", why);
                None
            }
        }
    }

    fn tags(&self, errors: &mut FormErrors) -> Option<Vec<String>> {
        let tags: BTreeSet<String> = self
            .tags
            .split([',', '\n'])
            .map(|tag| one_line(tag).to_lowercase())
            .filter(|tag| !tag.is_empty())
            .collect();
        if tags.len() > TAGS_LIMIT {
            errors.add("tags", format!("There can be at most {TAGS_LIMIT} tags"));
            return None;
        }
        if tags.iter().any(|tag| tag.chars().count() > TAG_LIMIT) {
            errors.add("tags", format!("Each tag must be {TAG_LIMIT} characters or fewer"));
            return None;
        }
        Some(tags.into_iter().collect())
    }
}

/// A text on one line, without characters that hide what it says and with single spaces.
fn one_line(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_disguise(*c)).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parts(day: Option<Day>) -> [String; 3] {
    day.map(Day::date).map_or_else(Default::default, |date| {
        [date.day().to_string(), date.month().to_string(), date.year().to_string()]
    })
}

/// A day that may be left out; `None` outside when it is none.
fn day(
    typed: &[String; 3],
    (field, control): (&str, &str),
    wrong: &str,
    errors: &mut FormErrors,
) -> Option<Option<Day>> {
    if typed.iter().all(String::is_empty) {
        return Some(None);
    }
    let [day, month, year] = typed;
    match format!("{year:0>4}-{month:0>2}-{day:0>2}").parse::<Day>() {
        Ok(found) => Some(Some(found)),
        Err(_) => {
            errors.add_at(field, control, format!("{wrong}, like 27 3 2026"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> DetailsForm {
        DetailsForm::read(&Fields::new(
            pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        ))
    }

    #[test]
    fn what_is_typed_comes_back_as_it_was_kept() {
        let typed = form(&[
            ("title", "  Access\tpolicy\u{202e} 2026 "),
            ("classification", "official_sensitive"),
            ("owner", "7"),
            ("valid_from-day", "1"),
            ("valid_from-month", "4"),
            ("valid_from-year", "2026"),
            ("valid_to-day", "31"),
            ("valid_to-month", "3"),
            ("valid_to-year", "2027"),
            ("tags", "Policy, access ,policy,,"),
            ("description", "Line one\nline\u{0007} two"),
        ]);
        let mut errors = FormErrors::new();
        let details = typed.parse(&mut errors).unwrap();
        assert_eq!(details.title, "Access policy 2026");
        assert_eq!(details.tags, ["access", "policy"]);
        assert_eq!(details.description, "Line one\nline two");
        assert_eq!(details.search(), "access policy 2026\naccess\npolicy");
        let again = DetailsForm::of(&details).parse(&mut errors).unwrap();
        assert_eq!(again, details);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let many = (0..21).map(|n| format!("t{n}")).collect::<Vec<_>>().join(",");
        for (field, value, wrong) in [
            ("title", "\u{200b} ", "title"),
            ("title", &*"x".repeat(201), "title"),
            ("classification", "secret", "classification"),
            ("owner", "me", "owner"),
            ("valid_to-day", "31", "valid_to"),
            ("tags", &*many, "tags"),
            ("tags", &*"x".repeat(41), "tags"),
            ("description", &*"x".repeat(2001), "description"),
        ] {
            let mut pairs = vec![("title", "A title"), ("classification", "public")];
            pairs.retain(|(name, _)| *name != field);
            pairs.push((field, value));
            let mut errors = FormErrors::new();
            assert_eq!(form(&pairs).parse(&mut errors), None, "{field}");
            assert!(errors.message(wrong).is_some(), "{field}: {errors:?}");
        }
    }

    #[test]
    fn the_last_day_is_not_before_the_first() {
        let mut errors = FormErrors::new();
        let mut typed = DetailsForm { from: ["2", "1", "2026"].map(str::to_owned), ..DetailsForm::default() };
        typed.to = ["1", "1", "2026"].map(str::to_owned);
        assert_eq!(typed.period(&mut errors), None);
        assert!(errors.message("valid_to").is_some());
    }
}
