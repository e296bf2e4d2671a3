//! A description in triples, written as JSON-LD and as Turtle from one and the same tree.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::platform::error::{Error, Result};

/// The vocabularies by their prefixes.
const PREFIXES: [(&str, &str); 8] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// What a statement says of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Something with an address.
    Iri(String),
    /// Words in English.
    Words(String),
    /// A value of a data type, such as `xsd:date`.
    Typed(String, &'static str),
    /// Something without an address of its own.
    Node(Node),
}

/// A thing and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its address; none for a thing that is only told of inside another.
    pub address: Option<String>,
    /// Its class, such as `dcat:Dataset`.
    pub class: &'static str,
    /// What is said of it, in order; a property may stand more than once.
    pub properties: Vec<(&'static str, Term)>,
}

impl Node {
    /// A thing of a class without an address.
    pub const fn of(class: &'static str, properties: Vec<(&'static str, Term)>) -> Self {
        Self { address: None, class, properties }
    }
}

/// The things as JSON-LD.
///
/// # Errors
/// When they do not serialise, which is a fault.
pub fn json_ld(nodes: &[Node]) -> Result<Vec<u8>> {
    let context: Map<String, Value> =
        PREFIXES.iter().map(|(prefix, address)| ((*prefix).to_owned(), json!(address))).collect();
    let value = json!({"@context": context, "@graph": nodes.iter().map(object).collect::<Vec<_>>()});
    serde_json::to_vec(&value).map_err(|e| Error::internal("failed to write a description", e))
}

fn object(node: &Node) -> Value {
    let mut map: Map<String, Value> = Map::new();
    if let Some(address) = &node.address {
        map.insert("@id".to_owned(), json!(iri(address)));
    }
    map.insert("@type".to_owned(), json!(node.class));
    for (property, term) in &node.properties {
        let value = match term {
            Term::Iri(address) => json!({"@id": iri(address)}),
            Term::Words(text) => json!({"@value": text, "@language": "en"}),
            Term::Typed(text, kind) => json!({"@value": text, "@type": kind}),
            Term::Node(node) => object(node),
        };
        let said = map.entry((*property).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = said {
            values.push(value);
        }
    }
    Value::Object(map)
}

/// The things as Turtle.
///
/// # Errors
/// Never; writing into memory does not fail.
pub fn turtle(nodes: &[Node]) -> Result<Vec<u8>> {
    let failed = |e: std::fmt::Error| Error::internal("failed to write a description", e);
    let mut out = String::new();
    for (prefix, address) in PREFIXES {
        writeln!(out, "@prefix {prefix}: <{address}> .").map_err(failed)?;
    }
    for node in nodes {
        out.push('\n');
        match &node.address {
            Some(address) => write!(out, "<{}> a {}", iri(address), node.class).map_err(failed)?,
            None => write!(out, "[] a {}", node.class).map_err(failed)?,
        }
        statements(&mut out, node, 1).map_err(failed)?;
        out.push_str(" .\n");
    }
    Ok(out.into_bytes())
}

fn statements(out: &mut String, node: &Node, depth: usize) -> std::fmt::Result {
    for (property, term) in &node.properties {
        write!(out, " ;\n{}{property} ", "  ".repeat(depth))?;
        match term {
            Term::Iri(address) => write!(out, "<{}>", iri(address))?,
            Term::Words(text) => write!(out, "\"{}\"@en", quoted(text))?,
            Term::Typed(text, kind) => write!(out, "\"{}\"^^{kind}", quoted(text))?,
            Term::Node(node) => {
                write!(out, "[ a {}", node.class)?;
                statements(out, node, depth + 1)?;
                out.push_str(" ]");
            }
        }
    }
    Ok(())
}

/// A text between quotation marks.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                write!(out, "\\u{:04X}", u32::from(c)).unwrap_or_default();
            }
            c => out.push(c),
        }
    }
    out
}

/// An address without the characters that an IRI cannot hold.
fn iri(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        if c <= ' ' || "<>\"{}|^`\\\u{7f}".contains(c) {
            write!(out, "%{:02X}", u32::from(c)).unwrap_or_default();
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> Vec<Node> {
        let inner = Node::of("foaf:Agent", vec![("foaf:name", Term::Words("\"\\ \u{1}\n</x>".to_owned()))]);
        let properties = vec![
            ("dct:title", Term::Words("A".to_owned())),
            ("dct:title", Term::Words("B".to_owned())),
            ("dct:issued", Term::Typed("2026-01-13".to_owned(), "xsd:date")),
            ("dct:publisher", Term::Node(inner)),
            ("dct:license", Term::Iri("https://x.example/a b>".to_owned())),
        ];
        vec![Node { address: Some("https://x.example/d".to_owned()), class: "dcat:Dataset", properties }]
    }

    #[test]
    fn turtle_escapes_what_would_end_a_text_or_an_address() {
        let text = String::from_utf8(turtle(&nodes()).unwrap()).unwrap();
        assert!(text.contains("foaf:name \"\\\"\\\\ \\u0001\\n</x>\"@en ] ;"), "{text}");
        assert!(text.contains("dct:license <https://x.example/a%20b%3E> .\n"), "{text}");
        assert!(text.contains("<https://x.example/d> a dcat:Dataset ;\n  dct:title \"A\"@en ;"), "{text}");
    }

    #[test]
    fn json_ld_repeats_a_property_as_a_list() {
        let value: Value = serde_json::from_slice(&json_ld(&nodes()).unwrap()).unwrap();
        let thing = &value["@graph"][0];
        assert_eq!(thing["dct:title"].as_array().unwrap().len(), 2);
        assert_eq!(thing["dct:license"][0]["@id"], "https://x.example/a%20b%3E");
        assert_eq!(thing["dct:publisher"][0]["foaf:name"][0]["@value"], "\"\\ \u{1}\n</x>");
    }
}
