//! The kinds of certificate that editions name and organisations record, as the shipped file `config/certificates.toml`
//! describes them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::keys::CertificateKind;
use crate::platform::clock::Day;

const SHIPPED: &str = include_str!("../../config/certificates.toml");

/// One kind of certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// As editions of standards name it.
    pub key: String,
    /// As people name it.
    pub name: String,
    /// How many months one can last at most.
    pub months: i32,
    /// Whether the body that issues it must be accredited.
    pub accredited: bool,
    /// Editions of the certified standard, the current one first; none where there is only one.
    #[serde(default)]
    pub editions: Vec<KindEdition>,
}

/// One edition of the standard that is certified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindEdition {
    /// Its key.
    pub key: String,
    /// As people name it.
    pub name: String,
    /// The last day on which any certificate of it counts.
    #[serde(default)]
    pub ended: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    kinds: Vec<Kind>,
}

/// A test reads the shipped file, so a program whose file cannot be read is never shipped.
static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| toml::from_str::<Shipped>(SHIPPED).map(|shipped| shipped.kinds).unwrap_or_default());

/// Every kind, in the order in which a form offers them.
#[must_use]
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

/// The kind with this key.
#[must_use]
pub fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.key == key)
}

/// The name of a kind; its key where an edition names a kind that nobody can record.
#[must_use]
pub fn kind_name(key: &CertificateKind) -> String {
    kind(key.as_str()).map_or_else(|| key.to_string(), |kind| kind.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_kinds_are_read_and_their_keys_are_keys() {
        assert!(toml::from_str::<Shipped>(SHIPPED).is_ok());
        for kind in kinds() {
            assert!(CertificateKind::new(&kind.key).is_ok(), "{}", kind.key);
            assert!(kind.months > 0 && !kind.name.is_empty());
        }
        let ended = |key: &str| kind("iso_27001")?.editions.iter().find(|e| e.key == key)?.ended;
        assert_eq!((ended("2013"), ended("2022")), (Day::new(2025, 10, 31), None));
    }
}
