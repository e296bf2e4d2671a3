//! What became of each requirement between the edition before and a draft, told by where the draft's requirements come
//! from, in the lines of a mapping. Pure.

use std::collections::HashMap;

use super::model::Origins;
use crate::standards::keys::RequirementCode;
use crate::standards::mapping::{Line, LineKind, says_the_same};
use crate::standards::model::Requirement;

/// The lines from the requirements of one edition to those of a draft. Origins that are not in the older one tell of
/// nothing.
#[must_use]
pub fn lines_of(origins: &Origins, from: &[Requirement], to: &[Requirement]) -> Vec<Line> {
    let old: HashMap<&RequirementCode, &Requirement> = from.iter().map(|r| (&r.code, r)).collect();
    let mut leaving: HashMap<&RequirementCode, usize> = HashMap::new();
    for now in to {
        for source in sources_of(origins, &old, now) {
            *leaving.entry(&source.code).or_default() += 1;
        }
    }
    let mut lines = Vec::new();
    for now in to {
        let sources = sources_of(origins, &old, now);
        if sources.is_empty() {
            lines.push(bare(None, Some(&now.code), LineKind::New));
        }
        for source in &sources {
            let kind = match (sources.len(), leaving.get(&source.code).copied()) {
                (2.., _) => LineKind::Merged,
                (_, Some(2..)) => LineKind::Split,
                _ if says_the_same(source, now) => LineKind::Unchanged,
                _ => LineKind::Reworded,
            };
            lines.push(bare(Some(&source.code), Some(&now.code), kind));
        }
    }
    let gone = from.iter().filter(|old| !leaving.contains_key(&old.code));
    lines.extend(gone.map(|old| bare(Some(&old.code), None, LineKind::Retired)));
    lines
}

/// The requirements of the older edition that one of the newer continues.
fn sources_of<'a>(
    origins: &Origins,
    old: &HashMap<&RequirementCode, &'a Requirement>,
    now: &Requirement,
) -> Vec<&'a Requirement> {
    let named = origins.get(&now.code).into_iter().flatten();
    named.filter_map(|code| old.get(code).copied()).collect()
}

fn bare(from: Option<&RequirementCode>, to: Option<&RequirementCode>, kind: LineKind) -> Line {
    Line { to: to.cloned(), from: from.cloned(), kind, note: String::new() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::standards::mapping::faults;
    use crate::standards::testing::{code, edition, levels_document};

    #[test]
    fn lines_follow_the_origins_and_fit_as_a_mapping() {
        let from = Arc::new(edition(&levels_document(5)));
        let mut document = levels_document(5);
        document["edition"]["key"] = json!("sample-2027");
        document["requirements"][1]["text"] = json!("How much further?");
        let to = edition(&document);
        let of = |codes: &[&str]| codes.iter().map(|text| code(text)).collect::<BTreeSet<_>>();
        // 1-1 stays, 1-2 is reworded, 1-3 takes 1-3 and 1-4, 1-4 is new, 1-5 stays.
        let origins: Origins = [
            (code("1-1"), of(&["1-1"])),
            (code("1-2"), of(&["1-2"])),
            (code("1-3"), of(&["1-3", "1-4"])),
            (code("1-5"), of(&["1-5", "9-9"])),
        ]
        .into();
        let lines = lines_of(&origins, from.requirements(), to.requirements());
        let told: Vec<String> = lines
            .iter()
            .map(|line| {
                let side = |code: &Option<RequirementCode>| {
                    code.as_ref().map_or("-".to_owned(), ToString::to_string)
                };
                format!("{} {} {}", side(&line.from), side(&line.to), line.kind)
            })
            .collect();
        assert_eq!(
            told,
            [
                "1-1 1-1 unchanged",
                "1-2 1-2 reworded",
                "1-3 1-3 merged",
                "1-4 1-3 merged",
                "- 1-4 new",
                "1-5 1-5 unchanged",
            ]
        );
        assert!(faults(&lines, &from, &to).is_empty());
    }

    #[test]
    fn what_nothing_continues_is_retired_and_what_two_continue_is_split() {
        let from = edition(&levels_document(2));
        let to = edition(&levels_document(2));
        let one = BTreeSet::from([code("1-1")]);
        let origins: Origins = [(code("1-1"), one.clone()), (code("1-2"), one)].into();
        let lines = lines_of(&origins, from.requirements(), to.requirements());
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["split", "split", "retired"]);
        assert!(faults(&lines, &from, &to).is_empty());
    }
}
