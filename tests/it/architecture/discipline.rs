//! Rules 5 and 6, and the rules of style that can be seen in the source.

use crate::source::{At, Source};

/// Files at the edge of the program, where its surroundings are met: the platform, the commands, and jobs.
fn is_edge(source: &Source) -> bool {
    // Read once, when the program starts: the key that signs the ledger's checkpoints.
    let starts_up = source.path == "src/ledger/key.rs";
    starts_up
        || matches!(source.capability(), None | Some("platform" | "cli" | "demo"))
        || source.is_layer("jobs")
}

/// Rule 5: mail, files, the network and other programs.
pub fn effects_happen_in_jobs(sources: &[Source]) -> Vec<String> {
    let is_effect = |segments: &[String]| {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            // An e-mail address is only text that was looked at.
            ["lettre", "Address" | "address", ..] => false,
            ["std" | "tokio", "fs" | "process", ..] | ["lettre", ..] => true,
            ["std" | "tokio", "net", rest @ ..] => rest.iter().any(|part| {
                ["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener", "*"].contains(part)
            }),
            _ => false,
        }
    };
    let mut broken = Vec::new();
    for source in sources.iter().filter(|source| !is_edge(source)) {
        for mention in source.mentions.iter().filter(|at| !at.in_tests && !at.what.ours) {
            if is_effect(&mention.what.segments) {
                let place = source.place(mention.line);
                let effect = mention.what.segments.join("::");
                broken
                    .push(format!("rule 5: {place}: effects outside the database happen in jobs: {effect}"));
            }
        }
    }
    broken.dedup();
    broken
}

/// Rule 6: who takes a transaction and a permit changes something, and what changes is recorded.
pub fn verbs_are_recorded(sources: &[Source]) -> Vec<String> {
    let has = |names: &[String], name: &str| names.iter().any(|found| found == name);
    let unrecorded = |source: &Source| {
        let verbs = source.functions.iter().filter(|at| {
            at.what.offered
                && !at.in_tests
                && has(&at.what.takes, "Tx")
                && has(&at.what.takes, "Permit")
                && !has(&at.what.gives, "Recorded")
        });
        let say = |at: &At<_>, name: &str| {
            format!("rule 6: {}: {name} changes something and gives no Recorded", source.place(at.line))
        };
        verbs.map(|at| say(at, &at.what.name)).collect::<Vec<_>>()
    };
    sources.iter().flat_map(unrecorded).collect()
}

fn list<'a>(
    sources: &'a [Source],
    rule: &'a str,
    of: impl Fn(&'a Source) -> Vec<&'a At<String>>,
) -> Vec<String> {
    let say = |source: &'a Source| {
        of(source)
            .into_iter()
            .map(|at| format!("{rule}: {}: {}", source.place(at.line), at.what))
            .collect::<Vec<_>>()
    };
    sources.iter().flat_map(say).collect()
}

/// Style 6.
pub fn no_result_is_thrown_away(sources: &[Source]) -> Vec<String> {
    list(sources, "style 6", |source| source.discards.iter().filter(|at| !at.in_tests).collect())
}

/// Style 7.
pub fn no_allow(sources: &[Source]) -> Vec<String> {
    list(sources, "style 7: use expect with a reason", |source| source.allows.iter().collect())
}

/// Files that may name the permit to read a review: where it is granted together with the bar on second scorers, and two
/// that ask the table whether somebody reads reviews at all.
const READ_REVIEWS: [&str; 4] = [
    "src/access/actions.rs",
    "src/review/consistency/barred.rs",
    "src/review/queries/web/list.rs",
    "src/site/record/known.rs",
];

/// Rule 8: whoever scores a submission blind must not meet its first review by a way that forgot them.
pub fn reviews_are_read_through_one_door(sources: &[Source]) -> Vec<String> {
    let others = sources.iter().filter(|source| !READ_REVIEWS.contains(&source.path.as_str()));
    others
        .flat_map(|source| {
            let named = source
                .mentions
                .iter()
                .filter(|at| !at.in_tests && at.what.segments.iter().any(|segment| segment == "ReadReview"));
            named.map(|at| {
                format!("rule 8: {}: reviews are read through consistency::may_read", source.place(at.line))
            })
        })
        .collect()
}
