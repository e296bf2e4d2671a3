//! The string newtypes by which standards name their parts. Each is checked once, when it is made, so that a key
//! held anywhere else is known to be safe in a URL, a file name and a database column.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a string is not a key of the wanted kind; the message is fit to show to a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Codes printed in a standard ("1-101", "A1.a", "ac-2.1"): start with a letter or digit, at most 60 characters.
fn check_code(what: &str, text: &str) -> Result<(), KeyError> {
    let starts_well = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    let rest_is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if starts_well && rest_is_plain && text.len() <= 60 {
        return Ok(());
    }
    Err(KeyError(format!(
        "\"{}\" is not a {what}: use up to 60 letters, digits, full stops, hyphens or underscores, starting with a \
         letter or digit",
        shorten(text)
    )))
}

/// Keys we choose ourselves ("igt-2026", "cyber_essentials_plus"): lower case, 2 to 40 characters.
fn check_key(what: &str, text: &str) -> Result<(), KeyError> {
    let plain =
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
    if plain && (2..=40).contains(&text.len()) {
        return Ok(());
    }
    Err(KeyError(format!(
        "\"{}\" is not a {what}: use 2 to 40 lower-case letters, digits, hyphens or underscores",
        shorten(text)
    )))
}

/// Cuts hostile or accidental page-long input before it is quoted in a message.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(57).collect();
    cut.push_str("...");
    cut
}

/// Keys that have a placeholder for the case that they cannot be read, so that reading can go on and report everything
/// else; a document with a placeholder in it is always refused.
pub(super) trait StandIn: FromStr<Err = KeyError> {
    fn stand_in(text: &str) -> Self;
}

macro_rules! string_key {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the text and makes the key; the error says what is allowed.
            pub fn new(text: &str) -> Result<Self, KeyError> {
                $check($what, text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The key as it is written in files, URLs and the database.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl StandIn for $name {
            fn stand_in(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;
            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;
            fn try_from(text: String) -> Result<Self, KeyError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0.as_ref().to_owned()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

string_key!(
    /// The code of a requirement, unique in its edition; answers refer to it.
    RequirementCode,
    "requirement code",
    check_code
);
string_key!(
    /// The code of a section, unique among the sections of its edition.
    SectionCode,
    "section code",
    check_code
);
string_key!(
    /// The code of one indicator statement of an outcome, unique in its requirement.
    IndicatorCode,
    "indicator code",
    check_code
);
string_key!(
    /// The key of a standard, for example `igt`.
    StandardKey,
    "standard key",
    check_key
);
string_key!(
    /// The key of one edition of a standard, for example `igt-2026`.
    EditionKey,
    "edition key",
    check_key
);
string_key!(
    /// The key of a profile of an edition, for example `acute` or `baseline`.
    ProfileKey,
    "profile key",
    check_key
);
string_key!(
    /// The kind of a certificate an exemption or grade may rest on, for example `cyber_essentials_plus`.
    CertificateKind,
    "certificate kind",
    check_key
);

/// Every sector an organisation can belong to: key and the words shown to people.
const SECTORS: [(&str, &str); 13] = [
    ("nhs_trust", "NHS trust"),
    ("icb", "Integrated care board"),
    ("csu", "Commissioning support unit"),
    ("alb", "Arm's length body"),
    ("local_authority", "Local authority"),
    ("gp", "General practice"),
    ("pharmacy", "Pharmacy"),
    ("dentist", "Dentist"),
    ("optician", "Optician"),
    ("social_care", "Social care provider"),
    ("company", "Company"),
    ("university", "University"),
    ("other", "Other organisation"),
];

/// The sector of an organisation. The list is closed: a misspelt sector in a standard would otherwise silently make
/// an item mandatory for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SectorKey(&'static str);

impl SectorKey {
    /// Finds the sector with this key; the error lists the keys there are.
    pub fn new(text: &str) -> Result<Self, KeyError> {
        SECTORS.iter().find(|(key, _)| *key == text).map(|(key, _)| Self(key)).ok_or_else(|| {
            let known: Vec<&str> = SECTORS.iter().map(|(key, _)| *key).collect();
            KeyError(format!("\"{}\" is not a sector: use one of {}", shorten(text), known.join(", ")))
        })
    }

    /// Every sector, in the order reports list them.
    pub fn all() -> impl Iterator<Item = Self> {
        SECTORS.iter().map(|(key, _)| Self(key))
    }

    /// The key as written in files and the database.
    pub fn as_str(&self) -> &'static str {
        self.0
    }

    /// The words shown to people, singular.
    pub fn label(&self) -> &'static str {
        SECTORS.iter().find(|(key, _)| *key == self.0).map_or("", |(_, label)| label)
    }
}

impl fmt::Display for SectorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for SectorKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::new(text)
    }
}

// By hand: the derived form would tie the lifetime of the input to that of the static key.
impl<'de> Deserialize<'de> for SectorKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_real_frameworks_are_accepted() {
        for code in ["1-101", "A1.a", "1.1.1", "ac-2.1", "s1.1.1", "A1.a.NA.1"] {
            assert_eq!(RequirementCode::new(code).unwrap().as_str(), code);
        }
    }

    #[test]
    fn codes_that_would_break_a_url_are_refused() {
        for code in ["", " ", "a b", "../etc", "a/b", "a?b", "-1", "é", &"x".repeat(61)] {
            assert!(RequirementCode::new(code).is_err(), "{code:?} was accepted");
        }
    }

    #[test]
    fn sectors_are_a_closed_list() {
        assert_eq!(SectorKey::new("gp").unwrap().label(), "General practice");
        assert!(SectorKey::new("nhs_trsut").unwrap_err().0.contains("nhs_trust, icb"));
        assert_eq!(SectorKey::all().count(), 13);
    }

    #[test]
    fn keys_are_checked_when_deserialised() {
        assert!(serde_json::from_str::<ProfileKey>("\"acute\"").is_ok());
        assert!(serde_json::from_str::<ProfileKey>("\"Acute Trusts\"").is_err());
    }
}
