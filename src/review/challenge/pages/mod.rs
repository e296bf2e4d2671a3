//! The pages of challenges.

mod challenge;
mod list;
mod settle;

pub(super) use challenge::{ChallengePage, Typed};
pub(super) use list::{ListPage, Shown};
pub(super) use settle::{SettlePage, TypedLine};

use serde::Serialize;

use super::model::{Challenge, ChallengeState, ChallengedLine, Ruling};
use crate::platform::clock::Timestamp;
use crate::platform::pages::{PageCheck, PagesError};
use crate::review::case::Case;
use crate::review::pages::paragraphs;

/// The checks of these pages.
///
/// # Errors
/// When a sample does not serialise.
pub(in crate::review) fn page_checks() -> Result<Vec<PageCheck>, PagesError> {
    Ok(vec![PageCheck::of::<ChallengePage>()?, PageCheck::of::<SettlePage>()?, PageCheck::of::<ListPage>()?])
}

/// One challenge as it is told on a page.
#[derive(Debug, Clone, Serialize)]
struct Told {
    heading: String,
    grounds: Vec<String>,
    evidence: Vec<String>,
    lines: Vec<ToldLine>,
    remarks: Vec<String>,
}

/// One challenged decision as it is told on a page.
#[derive(Debug, Clone, Serialize)]
struct ToldLine {
    heading: String,
    ruling: &'static str,
    reason: Vec<String>,
}

impl Told {
    fn new(case: &Case, challenge: &Challenge, lines: &[ChallengedLine]) -> Self {
        let heading = match (challenge.state, challenge.closed_at) {
            (ChallengeState::Open, _) => format!(
                "Challenged on {}, answer due by {}",
                challenge.posted_at.london_words(),
                challenge.due_at.london_words()
            ),
            (state, at) => format!(
                "Challenged on {}, {} on {}",
                challenge.posted_at.london_words(),
                state.words().to_lowercase(),
                at.map(Timestamp::london_words).unwrap_or_default()
            ),
        };
        Self {
            heading,
            grounds: paragraphs(&challenge.grounds),
            evidence: paragraphs(&challenge.evidence),
            lines: lines
                .iter()
                .map(|line| ToldLine {
                    heading: heading_of(case, line),
                    ruling: line.ruling.map_or("", Ruling::words),
                    reason: paragraphs(&line.reason),
                })
                .collect(),
            remarks: paragraphs(&challenge.remarks),
        }
    }

    fn sample(settled: bool) -> Self {
        Self {
            heading: "Challenged on 3 March 2026 at 9am, answer due by 31 March 2026 at 5pm".to_owned(),
            grounds: vec!["The minutes were approved.".to_owned()],
            evidence: vec!["Minutes of May, item 4".to_owned()],
            lines: vec![ToldLine {
                heading: "1-101 A framework for governance".to_owned(),
                ruling: if settled { "Upheld" } else { "" },
                reason: if settled { vec!["They show it.".to_owned()] } else { Vec::new() },
            }],
            remarks: if settled { vec!["Thank you.".to_owned()] } else { Vec::new() },
        }
    }
}

/// Code and title of a challenged requirement.
fn heading_of(case: &Case, line: &ChallengedLine) -> String {
    let position = case.found.edition.position_of(line.requirement);
    let requirement = position.and_then(|position| case.edition().requirements().get(position));
    requirement.map(|one| format!("{} {}", one.code, one.title)).unwrap_or_default()
}
