//! The form that shares work out: which requirements or whole sections, to whom, until when.

use std::collections::BTreeSet;

use super::share_out::Share;
use crate::platform::clock::Day;
use crate::platform::http::Fields;
use crate::platform::ids::{PersonId, RequirementId};
use crate::platform::pages::FormErrors;
use crate::returns::store::Found;
use crate::standards::Asked;

/// The choice that takes requirements back.
pub(super) const NOBODY: &str = "nobody";
/// What stands before a section's code among the picks.
pub(super) const SECTION: &str = "section:";
/// What stands before a requirement's code among the picks.
pub(super) const REQUIREMENT: &str = "requirement:";

/// Who and when, as typed.
#[derive(Debug, Clone, Default)]
pub(super) struct ShareForm {
    /// Ticked sections and requirements.
    pub picks: Vec<String>,
    /// The colleague's number, or [`NOBODY`].
    pub owner: String,
    pub day: String,
    pub month: String,
    pub year: String,
}

impl ShareForm {
    pub fn read(fields: &Fields) -> Self {
        Self {
            picks: fields.all("pick"),
            owner: fields.text("owner"),
            day: fields.text("due-day"),
            month: fields.text("due-month"),
            year: fields.text("due-year"),
        }
    }

    /// Filled with an owner and a day.
    pub fn filled(owner: Option<PersonId>, due_on: Day) -> Self {
        let date = due_on.date();
        Self {
            picks: Vec::new(),
            owner: owner.map(|owner| owner.to_string()).unwrap_or_default(),
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
        }
    }

    /// To whom and until when, or what is wrong with it; the verb looks at the day and the person.
    pub fn share(&self, errors: &mut FormErrors) -> Option<Share> {
        if self.owner == NOBODY {
            return Some(Share::TakeBack);
        }
        let to = self.owner.parse::<PersonId>().ok();
        if to.is_none() {
            errors.add("owner", "Choose a colleague");
        }
        let due_on = self.due_on();
        if due_on.is_none() {
            errors.add_at("due", "due-day", "Enter a real date, such as 31 1 2026");
        }
        Some(Share::Give { to: to?, due_on: due_on? })
    }

    fn due_on(&self) -> Option<Day> {
        Day::new(self.year.parse().ok()?, self.month.parse().ok()?, self.day.parse().ok()?)
    }

    /// The picked requirements: those picked by themselves, and those of picked sections that are put to the
    /// organisation, with the sections inside them.
    pub fn picked(&self, found: &Found, asked: &[Asked], errors: &mut FormErrors) -> BTreeSet<RequirementId> {
        let edition = found.edition.edition();
        let ids = found.edition.requirement_ids();
        let picks = |kind: &str, code: &str| {
            self.picks.iter().any(|pick| pick.strip_prefix(kind).is_some_and(|picked| picked == code))
        };
        let mut positions: BTreeSet<usize> = BTreeSet::new();
        for (place, entry) in edition.tree().iter().enumerate() {
            let Some(section) = edition.sections().get(entry.section) else { continue };
            if picks(SECTION, section.code.as_str()) {
                let inside = edition.tree().get(place..=place + entry.descendants).unwrap_or_default();
                positions.extend(inside.iter().flat_map(|entry| &entry.requirements));
            }
        }
        for (position, requirement) in edition.requirements().iter().enumerate() {
            if picks(REQUIREMENT, requirement.code.as_str()) {
                positions.insert(position);
            }
        }
        let picked: BTreeSet<RequirementId> = positions
            .into_iter()
            .filter(|position| asked.get(*position).is_some_and(|asked| *asked != Asked::NotAsked))
            .filter_map(|position| ids.get(position).copied())
            .collect();
        if picked.is_empty() {
            errors.add_at("pick", "pick-0", "Tick at least one requirement or section");
        }
        picked
    }
}
