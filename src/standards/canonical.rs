//! Canonical JSON (object keys sorted, no spaces, whole numbers only), its SHA-256, and strict dates: the forms in
//! which editions, answers and scores are hashed and compared.

use std::fmt;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A SHA-256 hash, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256Hash([u8; 32]);

impl Sha256Hash {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash as 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Hash({self})")
    }
}

impl serde::Serialize for Sha256Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes a value with sorted object keys and no spaces. Equal values give equal bytes whatever order their keys were
/// in, and whichever features of the JSON crate other dependencies switch on.
pub fn canonical_json(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (index, (key, item)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(&Value::String(key.clone()), out);
                out.push(':');
                write_canonical(item, out);
            }
            out.push('}');
        }
        // Writing into a String cannot fail, and Display of a scalar Value is its JSON text.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _infallible: fmt::Result = write!(out, "{value}");
        }
    }
}

/// Reads a date written exactly as YYYY-MM-DD; anything else, including a date and time, is `None`.
pub fn parse_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(index, byte)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if shaped { text.parse().ok() } else { None }
}

/// Dates in JSON are strings, YYYY-MM-DD.
pub(super) mod date_text {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(date)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse_date(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("\"{text}\" is not a date: write it as YYYY-MM-DD"))
        })
    }
}

/// The same for a date that may be absent.
pub(super) mod optional_date_text {
    use jiff::civil::Date;
    use serde::Serializer;

    pub fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => serializer.collect_str(date),
            None => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": 1, "a": {"d": [true, null], "c": "x\"\n"}});
        assert_eq!(canonical_json(&value), r#"{"a":{"c":"x\"\n","d":[true,null]},"b":1}"#);
    }

    #[test]
    fn the_hash_is_plain_sha_256() {
        assert_eq!(
            Sha256Hash::of(b"abc").to_hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn only_full_dates_are_dates() {
        assert!(parse_date("2026-02-28").is_some());
        for text in ["2026-02-29", "2026-2-28", "20260228", "2026-02-28T00:00", "", "yyyy-mm-dd"] {
            assert!(parse_date(text).is_none(), "{text}");
        }
    }
}
