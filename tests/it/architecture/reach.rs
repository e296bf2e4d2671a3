//! Rule 7: whose rows a piece of work may see is said in one file, and what belongs to the system itself asks for
//! everybody's in few.

use crate::source::{At, Mention, Source};

/// The file that hands reach out, and the folder that gives it its meaning.
const HANDS_OUT: [&str; 2] = ["src/access/reach.rs", "src/platform/db/"];

/// Files whose work nobody asked for in a request, each with the reason why it must see everybody's rows.
const OF_THE_SYSTEM: [(&str, &str); 32] = [
    ("src/access/reach.rs", "says what it is"),
    ("src/cli/backup.rs", "copies the whole database"),
    ("src/cli/import/restore.rs", "brings back whichever return the operator names"),
    ("src/cli/publish.rs", "counts every return"),
    ("src/cli/verify.rs", "recomputes every submission and review"),
    ("src/collections/jobs.rs", "closes a collection for every organisation"),
    ("src/demo/seed/baselining.rs", "draws a sample from every organisation of the demo"),
    ("src/demo/seed/chain.rs", "arranges what a head office of the demo does"),
    ("src/demo/seed/decisions.rs", "confirms reviews of whichever organisation and settles a challenge"),
    ("src/demo/seed/line.rs", "writes the returns of a whole nation"),
    ("src/demo/seed/numbers.rs", "looks for the highest number of each table"),
    ("src/demo/seed/allocation.rs", "computes the risk of everybody's reviews in the demo"),
    ("src/demo/seed/desk.rs", "writes what lies on the central team's desks in the demo"),
    ("src/demo/seed/second_scoring.rs", "scores a sample of everybody's returns"),
    ("src/returns/library/jobs.rs", "scans everybody's files and warns of what goes out of date"),
    ("src/returns/reminders/digest.rs", "a digest tells a person of all their organisations"),
    ("src/returns/reminders/leavers.rs", "tells each organisation of who has left it"),
    ("src/returns/reminders/lines.rs", "a reminder tells a person of their lines in every plan"),
    (
        "src/returns/reminders/owners.rs",
        "a reminder tells a person of what they were given by all their organisations",
    ),
    ("src/returns/reminders/send.rs", "a reminder tells a person of all their organisations"),
    ("src/returns/offline/jobs.rs", "forgets what was uploaded and never applied, whoever's it is"),
    ("src/returns/sites/jobs.rs", "submits for the sites of a head office, whose rows are their own"),
    ("src/returns/reopen.rs", "puts back what the close found open, whoever's it is"),
    ("src/standing/peers/refresh.rs", "computes the figures of whole sectors"),
    ("src/corrections/jobs.rs", "puts corrected results of every return in force"),
    ("src/corrections/run.rs", "scores every return of an edition again"),
    ("src/review/risk/jobs.rs", "computes the risk of everybody's reviews"),
    ("src/publication/pipeline/jobs.rs", "publishes what is due, with everybody's results"),
    ("src/review/jobs.rs", "queues the submission that its job names"),
    ("src/review/queries/remind.rs", "a reminder tells a person of the questions to all their organisations"),
    ("src/returns/reminders/escalate.rs", "an overdue line goes up its stages, whoever's plan it is in"),
    ("src/returns/guidance/tell.rs", "tells everybody whose return the guidance is for"),
];

fn last_two(mention: &Mention) -> [&str; 2] {
    let mut ends = mention.segments.iter().rev().map(String::as_str);
    let last = ends.next().unwrap_or_default();
    [ends.next().unwrap_or_default(), last]
}

fn said<'a>(
    source: &'a Source,
    why: &'a str,
    is: impl Fn(&Mention) -> bool + 'a,
) -> impl Iterator<Item = String> + 'a {
    let found = source.mentions.iter().filter(move |at: &&At<Mention>| !at.in_tests && is(&at.what));
    found.map(move |at| format!("rule 7: {}: {why}: {}", source.place(at.line), at.what.segments.join("::")))
}

/// Rule 7: `Reach::of` and `Reach::every`, and the setting that carries them to PostgreSQL.
pub fn only_access_hands_out_reach(sources: &[Source]) -> Vec<String> {
    let elsewhere =
        sources.iter().filter(|source| !HANDS_OUT.iter().any(|place| source.path.starts_with(place)));
    let mut broken = Vec::new();
    for source in elsewhere {
        let hands_out = |mention: &Mention| matches!(last_two(mention), ["Reach", "of" | "every"]);
        broken.extend(said(source, "only access/reach.rs hands out reach", hands_out));
        let settings = source.strings.iter().filter(|at| !at.in_tests && at.what.contains("portal.reach"));
        broken.extend(settings.map(|at| {
            format!("rule 7: {}: only platform::db tells the database a reach", source.place(at.line))
        }));
    }
    broken
}

/// Rule 7: `Actor::system_reach`.
pub fn few_files_reach_everybody(sources: &[Source]) -> Vec<String> {
    let others = sources
        .iter()
        .filter(|source| !OF_THE_SYSTEM.iter().any(|(path, why)| source.path == *path && !why.is_empty()));
    let asks = |mention: &Mention| last_two(mention)[1] == "system_reach";
    others
        .flat_map(|source| said(source, "not in the list of files that reach everybody's rows", asks))
        .collect()
}

/// Rule 7: a file that no longer asks must not stay on the list.
pub fn the_list_is_true(sources: &[Source]) -> Vec<String> {
    let asks = |source: &Source| {
        source.mentions.iter().any(|at| last_two(&at.what)[1] == "system_reach")
            || source.functions.iter().any(|at| at.what.name == "system_reach")
    };
    OF_THE_SYSTEM
        .iter()
        .filter(|(path, _)| !sources.iter().any(|source| source.path == *path && asks(source)))
        .map(|(path, _)| format!("rule 7: {path}: is on the list and does not ask for the system's reach"))
        .collect()
}
