//! The first halves of postcodes among a release's inputs, read without the rest: a nation's inputs are hundreds of
//! thousands of small texts, and the allocator keeps pages of those as long as anything else came to lie between them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::platform::error::{Error, Result};
use crate::publication::once::Once;

/// First halves of postcodes by the organisation's code, in the order of the codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::publication) struct Districts {
    codes: String,
    /// Where each code ends, and the place of its district among the names.
    lines: Vec<(u32, u16)>,
    names: Vec<String>,
}

impl Districts {
    /// The number of an organisation's district among [`Self::names`], where it is known.
    pub fn of(&self, code: &str) -> Option<u16> {
        let found = self.lines.partition_point(|line| self.code(line) < code);
        self.lines.get(found).filter(|line| self.code(line) == code).map(|line| line.1)
    }

    /// Every district once.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn code(&self, line: &(u32, u16)) -> &str {
        let text = self.codes.get(..line.0 as usize).unwrap_or_default();
        text.rsplit('\n').next().unwrap_or_default()
    }

    /// Adds the next organisation; its code comes after those that are there.
    fn add(&mut self, code: &str, district: u16) -> std::result::Result<(), &'static str> {
        if self.lines.last().is_some_and(|last| self.code(last) >= code) {
            return Err("codes are not in their order");
        }
        self.codes.push('\n');
        self.codes.push_str(code);
        let end = u32::try_from(self.codes.len()).map_err(|_| "there are too many codes")?;
        self.lines.push((end, district));
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Districts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads a map whose keys are in their order, as canonical JSON writes them.
struct InOrder;

/// A text that is copied only where it is written with escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for InOrder {
    type Value = Districts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("districts by the codes of organisations, in the order of the codes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Districts, A::Error> {
        let mut made = Districts::default();
        let mut names = Once::<String>::default();
        while let Some((code, Text(district))) = map.next_entry::<Text<'de>, Text<'de>>()? {
            let number = names.number(district.as_ref()).map_err(A::Error::custom)?;
            let number = u16::try_from(number).ok().filter(|number| *number < u16::MAX);
            let number = number.ok_or_else(|| A::Error::custom("there are too many districts"))?;
            made.add(&code.0, number).map_err(A::Error::custom)?;
        }
        made.names = names.into_all();
        Ok(made)
    }
}

/// The first halves of postcodes that a release was prepared with.
///
/// # Errors
/// When the inputs cannot be read, which means that the database was changed by hand.
pub(in crate::publication) fn districts_in(inputs: &[u8]) -> Result<Districts> {
    #[derive(Deserialize)]
    struct Part {
        #[serde(default)]
        districts: Districts,
    }
    let part: Part = serde_json::from_slice(inputs)
        .map_err(|e| Error::internal("failed to read the inputs of a release", e))?;
    Ok(part.districts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_are_found_by_code_among_whatever_else_there_is() {
        let inputs = br#"{"boards":{"A1":["B"]},"districts":{"A1":"LS1","A10":"LS2","A\u0032":"LS1"},"v":1}"#;
        let districts = districts_in(inputs).unwrap();
        let found = ["A1", "A10", "A2", "A", "A11", "B1", ""].map(|code| districts.of(code));
        assert_eq!(found, [Some(0), Some(1), Some(0), None, None, None, None]);
        assert_eq!(districts.names(), ["LS1", "LS2"]);
    }

    #[test]
    fn a_release_without_districts_has_none_and_damaged_ones_are_told() {
        assert_eq!(districts_in(br#"{"v":1}"#).unwrap(), Districts::default());
        assert!(districts_in(br#"{"districts":{"B":"LS1","A":"LS1"}}"#).is_err());
        assert!(districts_in(br#"{"districts":{"B":1}}"#).is_err());
        assert!(districts_in(b"{").is_err());
    }
}
