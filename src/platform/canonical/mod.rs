//! Canonical JSON: one byte sequence for one value, so that a hash means the same on every machine and database.
//!
//! Object keys are sorted by their Unicode code points, there is no white space, strings escape only what JSON
//! demands. Numbers must be integers: a float has several spellings and is refused.

mod writer;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::error::{Error, Result};

/// The canonical JSON text of a value.
///
/// # Errors
/// When the value does not serialise, or holds a number that is not an integer.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let mut out = Vec::with_capacity(256);
    value
        .serialize(writer::Writer(&mut out))
        .map_err(|e| Error::internal("failed to write canonical JSON", e))?;
    String::from_utf8(out).map_err(|e| Error::internal("failed to write canonical JSON", e))
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of what is written here, which is not kept.
#[derive(Debug, Clone, Default)]
pub struct Hashed {
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    /// The hash of everything written.
    #[must_use]
    pub fn digest(self) -> [u8; 32] {
        self.hash.finalize().into()
    }

    /// How many bytes were written.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl std::io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Lower-case hexadecimal, as people and receipts see hashes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        write!(out, "{byte:02x}").unwrap_or_default();
        out
    })
}

/// The 32 bytes of a hash written in lower-case hexadecimal; none of anything else.
#[must_use]
pub fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if text.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *place = digit(*high)? * 16 + digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_floats_refused() {
        assert_eq!(
            super::to_string(&json!({"b": [1, "é\n"], "a": {"z": null, "y": true}})).unwrap(),
            "{\"a\":{\"y\":true,\"z\":null},\"b\":[1,\"é\\n\"]}"
        );
        assert!(super::to_string(&json!({"x": 1.5})).is_err());
        assert!(super::to_string(&f32::MAX).is_err());
    }

    #[test]
    fn every_form_of_a_value_is_written_as_its_json_value_would_be() {
        #[derive(serde::Serialize)]
        struct All {
            z: Option<u8>,
            unit: (),
            unit_struct: Nothing,
            wrapped: Wrapped,
            pair: (i8, char),
            kinds: Vec<Kind>,
            map: std::collections::BTreeMap<i32, bool>,
            quoted: std::collections::HashMap<String, u64>,
            bytes: &'static [u8],
            a: Option<i64>,
            #[serde(flatten)]
            rest: std::collections::BTreeMap<&'static str, &'static str>,
        }
        #[derive(serde::Serialize)]
        struct Nothing;
        #[derive(serde::Serialize)]
        struct Wrapped(&'static str);
        #[derive(serde::Serialize)]
        enum Kind {
            Unit,
            Newtype(u16),
            Tuple(u8, &'static str),
            Struct { y: u8, x: bool },
        }
        let all = All {
            z: None,
            unit: (),
            unit_struct: Nothing,
            wrapped: Wrapped("\u{7}\u{2028}\"\\/"),
            pair: (-3, 'é'),
            kinds: vec![Kind::Unit, Kind::Newtype(9), Kind::Tuple(1, "b"), Kind::Struct { y: 1, x: true }],
            map: [(10, true), (9, false), (-1, true)].into(),
            quoted: [("a\"b".to_owned(), u64::MAX), ("a!b".to_owned(), 0), ("a\u{1}".to_owned(), 1)].into(),
            bytes: b"\x00\xff",
            a: Some(i64::MIN),
            rest: [("m", "1"), ("b", "2")].into(),
        };
        let value = serde_json::to_value(&all).unwrap();
        let text = super::to_string(&all).unwrap();
        assert_eq!(text, super::to_string(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(text.starts_with("{\"a\":-9223372036854775808,\"b\":\"2\",\"bytes\":[0,255],"), "{text}");
        assert!(text.contains("\"map\":{\"-1\":true,\"10\":true,\"9\":false}"), "{text}");
        assert!(text.contains("{\"a\\u0001\":1,\"a!b\":0,\"a\\\"b\":18446744073709551615}"), "{text}");
    }

    #[test]
    fn a_character_is_escaped_wherever_in_a_text_it_stands() {
        for sign in (0..=0x100).filter_map(char::from_u32) {
            for before in 0..17 {
                let text = format!("{}{sign}{}", "é~".repeat(before), "\u{7f} ".repeat(before % 5));
                assert_eq!(
                    super::to_string(&text).unwrap(),
                    serde_json::to_string(&text).unwrap(),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn hex_is_lower_case() {
        assert_eq!(super::hex(&[0, 171, 255]), "00abff");
    }
}
