//! The marks of the task list, its filter, and the line above it.

use serde::Serialize;

use crate::access::Actor;
use crate::returns::readiness::{Line, return_href};
use crate::returns::store::Found;
use crate::standards::Asked;
use crate::standards::mapping::{EditionChange, Mark};

/// How the requirements of a task list stand to the edition before.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks<'a> {
    /// The changes; none where there was no edition before.
    pub change: Option<&'a EditionChange>,
    /// Whether only what changed is shown.
    pub only_changed: bool,
}

impl Marks<'_> {
    /// Whether the requirement at a position is shown.
    #[must_use]
    pub fn shows(&self, at: usize) -> bool {
        match self.change {
            Some(change) if self.only_changed => change.mark(at) != Mark::Unchanged,
            _ => true,
        }
    }

    /// Whether there is something to leave out.
    #[must_use]
    pub const fn is_filtered(&self) -> bool {
        self.only_changed && self.change.is_some()
    }

    /// The line below a task: how it changed, and whose it is. What is unchanged is said once, above the list.
    #[must_use]
    pub fn hint(&self, at: usize, owner: Option<&str>) -> String {
        let owner = owner.unwrap_or_default();
        let Some(change) = self.change else { return owner.to_owned() };
        match (change.mark(at), owner) {
            (Mark::Unchanged, _) => owner.to_owned(),
            (mark, "") => format!("{} since {}", mark.words(), change.since()),
            (mark, owner) => format!("{} since {}. {owner}", mark.words(), change.since()),
        }
    }
}

/// What the overview tells of the edition before.
#[derive(Debug, Default, Serialize)]
pub struct SinceOverview {
    /// How many are new, reworded and so on, as a sentence; empty where there was no edition before.
    counts: String,
    /// Only what changed, or everything again.
    filter_href: String,
    filtered: bool,
    /// What changed, with what is asked no more; empty for whoever sees a part of the return.
    changes_href: String,
}

impl SinceOverview {
    /// For the requirements that somebody sees.
    #[must_use]
    pub fn new(found: &Found, lines: &[Line<'_>], marks: Marks<'_>, actor: &Actor) -> Self {
        let Some(change) = marks.change else { return Self::default() };
        let seen: Vec<Mark> = lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.asked != Asked::NotAsked)
            .map(|(at, _)| change.mark(at))
            .collect();
        let counted = Mark::ALL.iter().filter_map(|mark| {
            let count = seen.iter().filter(|seen| *seen == mark).count();
            (count > 0).then(|| format!("{count} {}", mark.words().to_lowercase()))
        });
        let counted: Vec<String> = counted.collect();
        let href = return_href(&found.code, &found.collection.key);
        Self {
            counts: if counted.is_empty() {
                String::new()
            } else {
                format!("Since {}: {}.", change.since(), counted.join(", "))
            },
            filter_href: if marks.only_changed { href.clone() } else { format!("{href}?show=changed") },
            filtered: marks.only_changed,
            changes_href: if found.is_whole_to(actor) { format!("{href}/changes") } else { String::new() },
        }
    }

    /// An example.
    #[must_use]
    pub fn sample(filtered: bool) -> Self {
        Self {
            counts: "Since 2025/26: 6 new, 21 reworded, 83 unchanged.".to_owned(),
            filter_href: "/organisations/ZZ001/returns/2026?show=changed".to_owned(),
            filtered,
            changes_href: "/organisations/ZZ001/returns/2026/changes".to_owned(),
        }
    }
}
