//! Verification of conclusions and letters: those in force and those before them are computed again and held against what was
//! recorded.

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::Conclusion;
use super::store;
use crate::ledger::{self, Difference};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::review::case::Case;
use crate::review::finish::assess;

/// Everything that differs in conclusions and letters.
pub(in crate::review) fn verify(conn: &mut Conn) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    let told = ledger::told(conn, &["review_concluded"])?;
    let mut kept = BTreeSet::new();
    for conclusion in store::all_conclusions(conn)? {
        let subject = conclusion.subject();
        let mut found = again(conn, &conclusion)?;
        found.extend(against(told.get(&subject), &hex(&conclusion.hash()?)));
        differences.extend(found.into_iter().map(|how| Difference { what: subject.clone(), how }));
        kept.insert(subject);
    }
    let lost = |subject: &String| Difference {
        what: subject.clone(),
        how: "the ledger tells of it, but it is not there".to_owned(),
    };
    differences.extend(told.keys().filter(|subject| !kept.contains(*subject)).map(lost));
    let told = ledger::told(conn, &["letter_sent"])?;
    let mut kept = BTreeSet::new();
    for (id, content, stored) in store::all_letters(conn)? {
        let subject = format!("letter/{id}");
        let hash = sha256(content.as_bytes());
        let mut found = against(told.get(&subject), &hex(&hash));
        if stored != hash {
            found.push("its stored hash is not the one of its content".to_owned());
        }
        differences.extend(found.into_iter().map(|how| Difference { what: subject.clone(), how }));
        kept.insert(subject);
    }
    differences.extend(told.keys().filter(|subject| !kept.contains(*subject)).map(lost));
    Ok(differences)
}

/// How a conclusion differs from what its own decisions give.
fn again(conn: &mut Conn, conclusion: &Conclusion) -> Result<Vec<String>> {
    let mut found = Vec::new();
    if conclusion.content_hash != conclusion.hash()? {
        found.push("its stored hash is not the one of what it says".to_owned());
    }
    // What was altered may not even name its rules any more.
    let case = Case::load(conn, conclusion.review)?;
    let both = case.at(conn, conclusion).and_then(|case| assess(conn, &case));
    match both {
        Err(error) => found.push(format!("its score cannot be computed: {error}")),
        Ok(both) => {
            if conclusion.score != both.assessed.to_canonical_json()
                || conclusion.levels != both.assessed.levels_vector()
                || conclusion.assessed_grade != both.assessed.grade.as_str()
            {
                found.push("its score is not the one that its decisions give".to_owned());
            }
        }
    }
    Ok(found)
}

/// How a content with this hash differs from what the ledger tells.
fn against(event: Option<&Value>, hash: &str) -> Vec<String> {
    match event.map(|event| event.get("content_sha256").and_then(Value::as_str)) {
        None => vec!["no event in the ledger tells of it".to_owned()],
        Some(Some(recorded)) if recorded == hash => Vec::new(),
        Some(recorded) => {
            vec![format!("it hashes to {hash}, the ledger has {}", recorded.unwrap_or("nothing"))]
        }
    }
}
