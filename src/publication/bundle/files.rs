//! Comparing the files of a bundle with those that its document gives: first whole, then line by line, so that what was
//! changed is named.

use serde_json::Value;

use super::inputs::Inputs;
use super::verified::Mismatch;
use crate::platform::error::{Error, Result};

/// Differences named of one file.
const MOST: usize = 20;

/// The names of regions that a release was made with.
///
/// # Errors
/// When the inputs cannot be read, which means that the database was changed by hand.
pub(super) fn regions_in(inputs: &[u8]) -> Result<std::collections::BTreeMap<String, String>> {
    let inputs: Inputs = serde_json::from_slice(inputs)
        .map_err(|e| Error::internal("failed to read the inputs of a release", e))?;
    Ok(inputs.regions)
}

/// What differs between the file that should be there and the one that is.
pub(super) fn compare(name: &str, expected: &[u8], found: &[u8]) -> Vec<Mismatch> {
    if expected == found {
        return Vec::new();
    }
    let named = if name.ends_with(".csv") { csv(name, expected, found) } else { json(name, expected, found) };
    if named.is_empty() {
        // The same content in other bytes: line ends, quotes, the order of keys.
        return vec![Mismatch::of(
            name,
            format!("{} bytes written as the site writes them", expected.len()),
            format!("{} bytes of the same content, written otherwise", found.len()),
        )];
    }
    named
}

fn rows(bytes: &[u8]) -> Result<Vec<csv::StringRecord>, csv::Error> {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.into_records().collect()
}

fn csv(name: &str, expected: &[u8], found: &[u8]) -> Vec<Mismatch> {
    let (Ok(should), Ok(there)) = (rows(expected), rows(found)) else {
        return vec![Mismatch::of(name, "a CSV file", "something that is none")];
    };
    let mut differs = Vec::new();
    if should.len() != there.len() {
        differs.push(Mismatch::of(name, format!("{} lines", should.len()), format!("{} lines", there.len())));
    }
    let header = should.first().cloned().unwrap_or_default();
    for (number, (should, there)) in should.iter().zip(&there).enumerate() {
        for place in 0..should.len().max(there.len()) {
            let (cell, other) = (should.get(place), there.get(place));
            if cell == other || differs.len() >= MOST {
                continue;
            }
            let row = format!("{} (line {})", should.get(0).unwrap_or_default(), number + 1);
            let column = header.get(place).unwrap_or_default();
            let words = |cell: Option<&str>| cell.map_or("no cell".to_owned(), |cell| format!("\"{cell}\""));
            differs.push(Mismatch::at(name, &row, column, words(cell), words(other)));
        }
    }
    differs
}

fn json(name: &str, expected: &[u8], found: &[u8]) -> Vec<Mismatch> {
    let (Ok(should), Ok(there)) = (serde_json::from_slice(expected), serde_json::from_slice(found)) else {
        return vec![Mismatch::of(name, "a JSON file", "something that is none")];
    };
    let mut differs = Vec::new();
    values(name, "", &should, &there, &mut differs);
    differs
}

/// Walks two values beside each other; `path` is where they are, as in `table.rows[2].label`.
fn values(name: &str, path: &str, should: &Value, there: &Value, differs: &mut Vec<Mismatch>) {
    if should == there || differs.len() >= MOST {
        return;
    }
    match (should, there) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let gone = Value::String("(nothing)".to_owned());
                values(name, &at, one.get(key).unwrap_or(&gone), other.get(key).unwrap_or(&gone), differs);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (place, (should, there)) in one.iter().zip(other).enumerate() {
                values(name, &format!("{path}[{place}]"), should, there, differs);
            }
        }
        _ => differs.push(Mismatch::at(name, path, "", shortened(should), shortened(there))),
    }
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 200 {
        format!("{}...", text.chars().take(200).collect::<String>())
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_named() {
        let should = b"code,name,count\r\nRX1,\"A, B\",3\r\nRX2,C,4\r\n";
        assert!(compare("a.csv", should, should).is_empty());
        let there = b"code,name,count\r\nRX1,\"A, B\",3\r\nRX2,C,5\r\n";
        let found = compare("a.csv", should, there);
        assert_eq!(found, [Mismatch::at("a.csv", "RX2 (line 3)", "count", "\"4\"", "\"5\"")]);
        assert_eq!(compare("a.csv", should, b"code,name,count\r\n").len(), 1);
        let other = b"code,name,count\nRX1,\"A, B\",3\nRX2,C,4\n";
        assert!(compare("a.csv", should, other)[0].found.contains("written otherwise"));
        let found = compare("a.json", br#"{"a":[1,{"b":2}]}"#, br#"{"a":[1,{"b":3}]}"#);
        assert_eq!(found, [Mismatch::at("a.json", "a[1].b", "", "2", "3")]);
        assert_eq!(compare("a.json", b"{}", b"}{").len(), 1);
    }
}
