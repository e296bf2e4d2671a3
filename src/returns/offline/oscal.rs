//! A return as OSCAL assessment results: one finding for each requirement from its computed level, one observation for
//! each file. No text of the organisation's is in it but the names of its files.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::platform::clock::Timestamp;
use crate::returns::model::{Snapshot, SnapshotEvidence};
use crate::standards::scoring::{RequirementScore, Score, Status};
use crate::standards::{Asked, Edition};

/// The version of OSCAL that the document is in.
pub(super) const OSCAL: &str = "1.1.3";

/// What the document is made from.
pub(super) struct Assessed<'a> {
    /// The answers, the organisation and the edition.
    pub snapshot: &'a Snapshot,
    /// What they give.
    pub score: &'a Score,
    /// The requirements in words.
    pub edition: &'a Edition,
    /// The name of the collection.
    pub collection: &'a str,
    /// When the return was started.
    pub opened_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// When each file was attached, by requirement and hash.
    pub attached_at: &'a dyn Fn(&str, &str) -> Timestamp,
}

/// The document.
pub(super) fn assessment_results(of: &Assessed<'_>) -> Value {
    let ids = Ids(format!("{}/{}", of.snapshot.organisation.code, of.snapshot.collection));
    let mut observations = Vec::new();
    let mut findings = Vec::new();
    let mut resources = vec![edition_resource(&ids, of)];
    for (requirement, answer) in of.edition.requirements().iter().zip(&of.snapshot.answers) {
        let code = requirement.code.as_str();
        let Some(score) = of.score.requirement(code).filter(|score| score.asked != Asked::NotAsked) else {
            continue;
        };
        let seen: Vec<Uuid> =
            answer.evidence.iter().map(|file| ids.of("observation", code, &file.sha256)).collect();
        for file in &answer.evidence {
            observations.push(observation(&ids, (of, code), file));
            let resource = resource(&ids, file);
            if !resources.iter().any(|known| known.get("uuid") == resource.get("uuid")) {
                resources.push(resource);
            }
        }
        findings.push(finding(&ids, (code, &requirement.title), score, &seen));
    }
    let mut result = json!({
        "uuid": ids.of("result", "", ""),
        "title": line(&format!("{} of {}", of.collection, of.snapshot.organisation.name)),
        "description": of.score.reasons.iter().map(|reason| reason.words.as_str()).collect::<Vec<_>>().join(" "),
        "start": of.opened_at.rfc3339(),
        "end": of.changed_at.rfc3339(),
        "props": [
            prop("grade", of.score.grade.as_str()),
            prop("rule-set", &of.score.rule_set),
        ],
        "reviewed-controls": { "control-selections": [selection(of)] },
    });
    with_list(&mut result, "observations", observations);
    with_list(&mut result, "findings", findings);
    let organisation = &of.snapshot.organisation;
    json!({ "assessment-results": {
        "uuid": ids.of("document", "", &of.changed_at.rfc3339()),
        "metadata": {
            "title": line(&format!("Self-assessment of {} in {}", organisation.name, of.collection)),
            "last-modified": of.changed_at.rfc3339(),
            "version": of.changed_at.rfc3339(),
            "oscal-version": OSCAL,
            "parties": [{
                "uuid": ids.of("party", "", &organisation.code),
                "type": "organization",
                "name": line(&organisation.name),
                "short-name": line(&organisation.code),
            }],
        },
        "import-ap": {
            "href": format!("#{}", ids.of("edition", "", "")),
            "remarks": "There is no assessment plan: the requirements of the edition were assessed by the organisation itself.",
        },
        "results": [result],
        "back-matter": { "resources": resources },
    }})
}

/// Identifiers that are the same whenever the same thing is exported.
struct Ids(String);

impl Ids {
    fn of(&self, kind: &str, code: &str, what: &str) -> Uuid {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:data-security-assurance:return");
        Uuid::new_v5(&space, format!("{}/{kind}/{code}/{what}", self.0).as_bytes())
    }
}

/// OSCAL's lists have at least one item, or are not there.
fn with_list(to: &mut Value, name: &str, list: Vec<Value>) {
    if let (Value::Object(map), false) = (to, list.is_empty()) {
        map.insert(name.to_owned(), Value::Array(list));
    }
}

fn prop(name: &str, value: &str) -> Value {
    json!({ "name": name, "ns": "urn:data-security-assurance", "value": line(value) })
}

/// A text as OSCAL's strings are: one line, no outer spaces, never empty.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}

/// A requirement's code as a token, which begins with a letter.
fn token(code: &str) -> String {
    format!("r-{code}")
}

fn selection(of: &Assessed<'_>) -> Value {
    let asked = of.score.requirements.iter().filter(|score| score.asked != Asked::NotAsked);
    let controls: Vec<Value> =
        asked.map(|score| json!({ "control-id": token(score.code.as_str()) })).collect();
    let mut selection =
        json!({ "description": format!("The requirements of {} put to the organisation", of.edition.key()) });
    with_list(&mut selection, "include-controls", controls);
    selection
}

fn finding(ids: &Ids, (code, title): (&str, &str), score: &RequirementScore, seen: &[Uuid]) -> Value {
    let (state, reason) = match (score.met_expected, score.status) {
        (Some(true), _) => ("satisfied", "pass"),
        (Some(false), _) => ("not-satisfied", "fail"),
        // Nothing is expected: an optional item that is there, and a requirement that does not apply, are no failure.
        (None, Status::Complete | Status::NotRelevant | Status::Exempt) => ("satisfied", "other"),
        (None, _) => ("not-satisfied", "other"),
    };
    let words: Vec<&str> = score.explanation.iter().map(|reason| reason.words.as_str()).collect();
    let mut props = vec![prop("status", score.status.as_str())];
    props.extend(score.expected.map(|expected| prop("expected", expected.as_str())));
    props.extend(score.computed.map(|computed| prop("computed", computed.as_str())));
    let mut finding = json!({
        "uuid": ids.of("finding", code, ""),
        "title": line(&format!("{code} {title}")),
        "description": line(&score.status.label()),
        "props": props,
        "target": {
            "type": "objective-id",
            "target-id": token(code),
            "status": { "state": state, "reason": reason },
        },
    });
    if let (Value::Object(map), false) = (&mut finding, words.is_empty()) {
        map.insert("remarks".to_owned(), Value::String(words.join(" ")));
    }
    let related = seen.iter().map(|uuid| json!({ "observation-uuid": uuid })).collect();
    with_list(&mut finding, "related-observations", related);
    finding
}

fn observation(ids: &Ids, (of, code): (&Assessed<'_>, &str), file: &SnapshotEvidence) -> Value {
    json!({
        "uuid": ids.of("observation", code, &file.sha256),
        "title": line(&file.name),
        "description": format!("A file attached to the answer to {code}"),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "relevant-evidence": [{
            "href": format!("#{}", ids.of("resource", "", &file.sha256)),
            "description": line(&file.name),
            "props": [prop("sha256", &file.sha256)],
        }],
        "collected": (of.attached_at)(code, &file.sha256).rfc3339(),
    })
}

fn resource(ids: &Ids, file: &SnapshotEvidence) -> Value {
    json!({
        "uuid": ids.of("resource", "", &file.sha256),
        "title": line(&file.name),
        "rlinks": [{
            "href": format!("evidence/{}", file.sha256),
            "media-type": line(&file.media_type),
            "hashes": [{ "algorithm": "SHA-256", "value": file.sha256 }],
        }],
    })
}

fn edition_resource(ids: &Ids, of: &Assessed<'_>) -> Value {
    let edition = &of.snapshot.edition;
    let mut resource = Map::new();
    resource.insert("uuid".to_owned(), json!(ids.of("edition", "", "")));
    let title = format!("{} {}", of.edition.standard_name(), of.edition.label());
    resource.insert("title".to_owned(), Value::String(line(&title)));
    let description =
        "The edition whose requirements were assessed. Requirement codes are tokens with r- before them.";
    resource.insert("description".to_owned(), Value::String(description.to_owned()));
    let props =
        [prop("edition", &edition.key), prop("sha256", &edition.hash), prop("rule-set", &edition.rule_set)];
    resource.insert("props".to_owned(), json!(props));
    Value::Object(resource)
}
