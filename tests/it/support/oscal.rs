//! OSCAL documents against the schema that NIST publishes.

use std::path::PathBuf;

use serde_json::Value;

/// The published schema; none, with the reason printed, where it is absent.
pub fn schema() -> Option<jsonschema::Validator> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/oscal/oscal_complete_schema_1.1.3.json");
    if !path.is_file() {
        println!("SKIPPED: {} is absent; the published schema is not part of the project", path.display());
        return None;
    }
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    Some(jsonschema::validator_for(&schema).unwrap())
}

/// Fails with every place in which a document does not follow the schema.
pub fn follows(schema: Option<&jsonschema::Validator>, document: &Value) {
    let Some(schema) = schema else { return };
    let errors: Vec<String> =
        schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
