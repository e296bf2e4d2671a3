//! Where on the pages of a draft each fault is put right.

use super::model::Content;
use crate::standards::model::Problem;

/// A fault with the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, in the words of the page.
    pub place: String,
    /// The address below the draft's own, beginning with a slash.
    pub address: String,
    /// What is wrong.
    pub message: String,
}

/// The faults of a draft, in the order of the checks.
#[must_use]
pub fn faults_of(content: &Content) -> Vec<Fault> {
    content.parts.problems().iter().map(|problem| fault(content, problem)).collect()
}

/// Names the place of a problem by codes, where its path has only positions.
pub fn fault(content: &Content, problem: &Problem) -> Fault {
    let (list, index, rest) = position(&problem.path);
    let named = match (list, index) {
        ("requirements", Some(at)) => content
            .parts
            .requirements
            .get(at)
            .map(|r| (format!("{}{}", r.code, spoken(rest)), format!("/requirements/{}", r.code))),
        ("sections", Some(at)) => content
            .parts
            .sections
            .get(at)
            .map(|s| (format!("Section {}{}", s.code, spoken(rest)), format!("/sections/{}", s.code))),
        ("profiles", Some(at)) => content
            .parts
            .profiles
            .get(at)
            .map(|p| (format!("Profile {}{}", p.name, spoken(rest)), format!("/profiles/{}", p.key))),
        ("exemptions", Some(at)) => content
            .parts
            .exemptions
            .get(at)
            .map(|e| (format!("Exemption {}{}", e.code, spoken(rest)), format!("/exemptions/{at}"))),
        ("signers", Some(at)) => content.parts.signers.get(at).map(|signer| {
            let place = format!("{}{}", signer.role.label(), spoken(rest));
            (place, format!("/signers/{}", signer.role.as_str()))
        }),
        _ => None,
    };
    let (place, address) = named.unwrap_or_else(|| {
        let address = match list {
            "sections" => "/sections/new",
            "requirements" => "#sections",
            "profiles" => "/profiles",
            "scoring" => "/scoring",
            "improvement_plan" => "/plans",
            "statements" => "/statements",
            "exemptions" | "signers" => "/rules",
            _ => "/details",
        };
        (spoken(&problem.path).trim_start_matches(", ").to_owned(), address.to_owned())
    });
    Fault { place, address, message: problem.message.clone() }
}

/// The list, the position in it and what follows, of a path such as `requirements[3].levels[0]`.
fn position(path: &str) -> (&str, Option<usize>, &str) {
    match path.split_once('[') {
        Some((list, rest)) if !list.contains('.') => match rest.split_once(']') {
            Some((index, rest)) => (list, index.parse().ok(), rest),
            None => (list, None, ""),
        },
        _ => (path.split('.').next().unwrap_or_default(), None, ""),
    }
}

/// What follows a code, for people: `.levels[0]` is ", levels 0".
fn spoken(rest: &str) -> String {
    let plain = rest.replace(['.', '['], " ").replace(']', "").replace('_', " ");
    if plain.trim().is_empty() { String::new() } else { format!(", {}", plain.trim()) }
}
