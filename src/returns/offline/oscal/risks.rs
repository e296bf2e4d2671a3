//! The gaps of the improvement plan as risks, each with what will be done about it.

use serde_json::{Value, json};

use super::write::{Ids, line, prop, text_or, with_list, with_text};
use crate::returns::offline::export::{ExportedPlanLine, ReturnExport};

/// One risk for each line of the plan, with the code of its requirement.
pub(super) fn risks<'a>(ids: &Ids, export: &'a ReturnExport) -> Vec<(&'a str, Value)> {
    let lines = export.plan.iter().flat_map(|plan| &plan.lines);
    lines.map(|planned| (planned.requirement.as_str(), risk(ids, planned))).collect()
}

fn risk(ids: &Ids, planned: &ExportedPlanLine) -> Value {
    let code = planned.requirement.as_str();
    let is_done = planned.done_on.is_some();
    let mut props = vec![prop("funded", planned.funded.as_str())];
    props.extend(planned.owner.as_ref().map(|owner| prop("owner", &owner.name)));
    props.extend(planned.done_on.map(|day| prop("done-on", &day.to_string())));
    let mut remediation = json!({
        "uuid": ids.of("remediation", code, ""),
        "lifecycle": if is_done { "completed" } else { "planned" },
        "title": line(&format!("Action for {code}")),
        "description": text_or(&planned.action, "No action is planned yet."),
    });
    with_list(&mut remediation, "props", props);
    let notes = planned.notes.iter().map(|note| format!("{}: {}", note.author.name, note.note));
    let remarks: Vec<String> = [("Resources", &planned.resources), ("Shown by", &planned.evidence)]
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(what, text)| format!("{what}: {text}"))
        .chain(notes)
        .collect();
    with_text(&mut remediation, "remarks", &remarks.join("\n"));
    let mut risk = json!({
        "uuid": ids.of("risk", code, ""),
        "title": line(&format!("Gap in {code}")),
        "description": format!("The requirement {code} is not met, and the improvement plan has an action for it."),
        "statement": text_or(&planned.action, "No action is planned yet."),
        "status": if is_done { "closed" } else { "open" },
    });
    if let Some(due) = planned.due_on {
        with_text(&mut risk, "deadline", &due.plus_days(1).start().rfc3339());
    }
    with_list(&mut risk, "remediations", vec![remediation]);
    risk
}
