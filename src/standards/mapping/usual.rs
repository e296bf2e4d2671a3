//! The mapping that holds where nobody has made one: requirements of one standard with equal codes belong together,
//! unchanged or reworded as their texts say. Pure.

use super::model::{Line, LineKind};
use super::wording::says_the_same;
use crate::standards::model::Edition;

/// Names the rule, so that what was computed under it is known from what another rule would give.
pub const USUAL_RULE: &str = "equal-codes.1";

/// The lines between two editions of one standard; none between editions of two.
#[must_use]
pub fn usual_lines(from: &Edition, to: &Edition) -> Vec<Line> {
    if from.standard_key() != to.standard_key() {
        return Vec::new();
    }
    let line = |now: &crate::standards::model::Requirement| {
        let before = from.requirement(now.code.as_str())?;
        let kind = if says_the_same(before, now) { LineKind::Unchanged } else { LineKind::Reworded };
        Some(Line::between(before.code.clone(), now.code.clone(), kind))
    };
    to.requirements().iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::mapping::check::faults;
    use crate::standards::testing::{edition, levels_document};

    #[test]
    fn equal_codes_belong_together_within_one_standard() {
        let from = edition(&levels_document(3));
        let mut document = levels_document(4);
        document["requirements"][1]["text"] = json!("How much further?");
        document["requirements"].as_array_mut().unwrap().remove(0);
        let to = edition(&document);
        let lines = usual_lines(&from, &to);
        let told: Vec<(&str, &str)> =
            lines.iter().map(|line| (line.to.as_ref().unwrap().as_str(), line.kind.as_str())).collect();
        assert_eq!(told, [("1-2", "reworded"), ("1-3", "unchanged")]);
        assert!(faults(&lines, &from, &to).is_empty());
        document["standard"]["key"] = json!("other");
        assert!(usual_lines(&from, &edition(&document)).is_empty());
    }
}
