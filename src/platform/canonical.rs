//! Canonical JSON: one byte sequence for one value, so that a hash means the same on every machine and database.
//!
//! Object keys are sorted by their Unicode code points, there is no white space, strings escape only what JSON
//! demands. Numbers must be integers: a float has several spellings and is refused.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::{Error, Result};

/// The canonical JSON text of a value.
///
/// # Errors
/// When the value does not serialise, or holds a number that is not an integer.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let value = serde_json::to_value(value).map_err(|e| Error::internal("failed to serialise a value", e))?;
    let mut out = String::new();
    write(&value, &mut out)?;
    Ok(out)
}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
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

fn write(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(&Value::String(key.clone()), out)?;
                out.push(':');
                write(map.get(key).unwrap_or(&Value::Null), out)?;
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Number(number) if number.is_f64() => {
            return Err(Error::broken(format!("canonical JSON holds integers only, not {number}")));
        }
        scalar => out.push_str(&scalar.to_string()),
    }
    Ok(())
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
    }

    #[test]
    fn hex_is_lower_case() {
        assert_eq!(super::hex(&[0, 171, 255]), "00abff");
    }
}
