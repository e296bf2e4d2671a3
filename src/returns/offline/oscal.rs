//! A return as OSCAL assessment results: one finding for each requirement from its computed level; what was answered,
//! attached, discussed and decided as observations; the gaps of the improvement plan as risks.

mod risks;
mod said;
mod write;

use serde_json::{Map, Value, json};

use super::export::{ExportedEvidence, ReturnExport};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::returns::content::{content, snapshot};
use crate::returns::model::{Snapshot, StoredAnswer};
use crate::returns::store::{Attached, Found};
use crate::returns::submission::score_of;
use crate::standards::scoring::{RequirementScore, Score, Status};
use crate::standards::{Asked, Edition, Requirement};
use write::{Ids, Party, line, prop, token, with_list, with_text};

/// The version of OSCAL that the document is in.
const OSCAL: &str = "1.1.3";

/// What the document is made from.
struct Assessed<'a> {
    /// The confirmed answers, the organisation and the edition.
    snapshot: &'a Snapshot,
    /// What they give.
    score: &'a Score,
    /// The requirements in words.
    edition: &'a Edition,
    /// Everything that was said.
    export: &'a ReturnExport,
    /// When the return was started.
    opened_at: Timestamp,
    /// When an answer was last changed or a file attached.
    changed_at: Timestamp,
}

/// A return as it stands on this day, as the bytes of an OSCAL document.
///
/// # Errors
/// When something stored cannot be read, or the document does not serialise.
pub fn oscal_results(
    (found, answers, files): &(Found, Vec<StoredAnswer>, Vec<Attached>),
    export: &ReturnExport,
    now: Timestamp,
) -> Result<Vec<u8>> {
    let edition = found.edition.edition();
    let snapshot = snapshot(found, content(found, answers, files)?, &[], None, now)?;
    let score = score_of(&snapshot, edition, now.london_day())?;
    let changed = answers.iter().map(|answer| answer.updated_at);
    let changed_at = changed.chain(files.iter().map(|file| file.linked_at)).max();
    let document = assessment_results(&Assessed {
        snapshot: &snapshot,
        score: &score,
        edition,
        export,
        opened_at: found.opened_at,
        changed_at: changed_at.unwrap_or(found.opened_at),
    });
    serde_json::to_vec_pretty(&document).map_err(|e| Error::internal("failed to write OSCAL", e))
}

/// The document.
fn assessment_results(of: &Assessed<'_>) -> Value {
    let organisation = &of.snapshot.organisation;
    let collection = of.export.collection_name.as_str();
    let ids = Ids::new(&organisation.code, &of.snapshot.collection, of.opened_at);
    let (mut observations, mut findings, mut objectives) = (Vec::new(), Vec::new(), Vec::new());
    let mut resources = vec![edition_resource(&ids, of)];
    let risks = risks::risks(&ids, of.export);
    for row in &of.export.requirements {
        let code = row.requirement.code.as_str();
        let said = said::of_requirement(&ids, of.export, row);
        for file in &row.evidence {
            let resource = resource(&ids, file);
            if !resources.iter().any(|known| known.get("uuid") == resource.get("uuid")) {
                resources.push(resource);
            }
        }
        if let Some(score) = of.score.requirement(code).filter(|score| score.asked != Asked::NotAsked) {
            let mut finding = finding(&ids, (code, &row.requirement.title), score);
            with_list(&mut finding, "related-observations", related("observation-uuid", said.iter()));
            let planned = risks.iter().filter(|(of, _)| *of == code).map(|(_, risk)| risk);
            with_list(&mut finding, "related-risks", related("risk-uuid", planned));
            findings.push(finding);
            objectives.push(objective(&row.requirement));
        }
        observations.extend(said);
    }
    observations.extend(said::of_return(&ids, of.export));
    let seen = observations.iter().filter_map(|one| one.get("collected").and_then(Value::as_str));
    let changed_at = seen.map(|at| ids.moment(at)).chain([of.changed_at]).max().unwrap_or(of.changed_at);
    let mut result = json!({
        "uuid": ids.of("result", "", ""),
        "title": line(&format!("{collection} of {}", organisation.name)),
        "description": of.score.reasons.iter().map(|reason| reason.words.as_str()).collect::<Vec<_>>().join(" "),
        "start": of.opened_at.rfc3339(),
        "end": changed_at.rfc3339(),
        "props": [
            prop("grade", of.score.grade.as_str()),
            prop("rule-set", &of.score.rule_set),
        ],
        "reviewed-controls": { "control-selections": [selection(of)] },
    });
    with_list(&mut result, "observations", observations);
    with_list(&mut result, "risks", risks.into_iter().map(|(_, risk)| risk).collect());
    with_list(&mut result, "findings", findings);
    let mut document = json!({
        "uuid": ids.of("document", "", &changed_at.rfc3339()),
        "metadata": {
            "title": line(&format!("Self-assessment of {} in {collection}", organisation.name)),
            "last-modified": changed_at.rfc3339(),
            "version": changed_at.rfc3339(),
            "oscal-version": OSCAL,
            "parties": [
                {
                    "uuid": ids.of("party", "", Party::Organisation.key()),
                    "type": "organization",
                    "name": line(&organisation.name),
                    "short-name": line(&organisation.code),
                },
                {
                    "uuid": ids.of("party", "", Party::Programme.key()),
                    "type": "organization",
                    "name": "The central team of the assurance programme",
                },
            ],
        },
        "import-ap": {
            "href": format!("#{}", ids.of("edition", "", "")),
            "remarks": "There is no assessment plan: the requirements of the edition were assessed by the organisation itself.",
        },
        "results": [result],
        "back-matter": { "resources": resources },
    });
    if let (Value::Object(map), false) = (&mut document, objectives.is_empty()) {
        map.insert("local-definitions".to_owned(), json!({ "objectives-and-methods": objectives }));
    }
    json!({ "assessment-results": document })
}

/// References to things by their identifiers.
fn related<'a>(name: &str, things: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    things.filter_map(|thing| thing.get("uuid")).map(|uuid| json!({ name: uuid })).collect()
}

/// The question, as the objective that a finding is about.
fn objective(requirement: &Requirement) -> Value {
    let mut part = json!({
        "id": token(requirement.code.as_str()),
        "name": "objective",
        "title": line(&requirement.title),
    });
    with_text(&mut part, "prose", &requirement.text);
    json!({ "control-id": token(requirement.code.as_str()), "parts": [part] })
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

fn finding(ids: &Ids, (code, title): (&str, &str), score: &RequirementScore) -> Value {
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
    with_text(&mut finding, "remarks", &words.join(" "));
    finding
}

fn resource(ids: &Ids, file: &ExportedEvidence) -> Value {
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
