//! The list of a review's requirements with the state of each, and the filters over it. Going forward and back follows
//! the filter that is chosen.

use std::collections::BTreeSet;

use crate::platform::ids::RequirementId;
use crate::review::case::Case;
use crate::review::model::DecisionOutcome;
use crate::standards::Asked;

crate::text_enum! {
    /// Which requirements are listed.
    Show {
        /// Every one that is put to the organisation.
        All = "all", "All";
        /// Those without a decision that need one.
        Undecided = "undecided", "Undecided";
        /// Those decided otherwise than claimed.
        Differs = "differs", "Decided otherwise";
        /// Those about which something was asked.
        Queried = "queried", "With a query";
        /// Those that the reviewer flagged.
        Flagged = "flagged", "Flagged";
        /// Those about which a cross-check has doubts.
        Doubtful = "checks", "With a doubt";
    }
}

/// One requirement of the list.
#[derive(Debug, Clone)]
pub(in crate::review) struct Entry {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its state in words.
    pub state: String,
    /// Whether it needs a decision and has none.
    pub wanting: bool,
    /// Whether the filter shows it.
    pub shown: bool,
}

/// Every requirement that is put to the organisation, in edition order, with what the filter shows.
pub(in crate::review) fn entries(
    case: &Case,
    flags: &BTreeSet<RequirementId>,
    doubtful: &BTreeSet<String>,
    show: Show,
) -> Vec<Entry> {
    let asked = case.requirements().enumerate().filter(|(_, (_, line))| line.asked != Asked::NotAsked);
    asked
        .map(|(position, (requirement, line))| {
            let code = requirement.code.as_str();
            let row = case.found.edition.requirement_ids().get(position).copied();
            let queried = row.is_some_and(|row| case.queries.iter().any(|query| query.requirement == row));
            let open = queried && case.waits_for_reply(code);
            let flagged = row.is_some_and(|row| flags.contains(&row));
            let differs =
                line.decision.as_ref().is_some_and(|decision| decision.outcome != DecisionOutcome::Agree);
            let mut state = match (&line.decision, line.asked) {
                (Some(decision), _) => decision.outcome.words().to_owned(),
                (None, Asked::Optional) => "Optional".to_owned(),
                (None, _) => "Undecided".to_owned(),
            };
            if open {
                state.push_str(", waiting for a reply");
            } else if queried {
                state.push_str(", with a query");
            }
            if flagged {
                state.push_str(", flagged");
            }
            Entry {
                code: code.to_owned(),
                title: requirement.title.clone(),
                state,
                wanting: line.is_wanting(),
                shown: match show {
                    Show::All => true,
                    Show::Undecided => line.is_wanting(),
                    Show::Differs => differs,
                    Show::Queried => queried,
                    Show::Flagged => flagged,
                    Show::Doubtful => doubtful.contains(code),
                },
            }
        })
        .collect()
}
