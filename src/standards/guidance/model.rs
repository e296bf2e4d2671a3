//! Notes of guidance: what they are about, from which day they hold, and which of them is in force on a day. Pure.

use std::collections::BTreeMap;

use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{EditionId, GuidanceNoteId, PersonId};

/// The most characters of a note.
pub const NOTE_LIMIT: usize = 20_000;

crate::text_enum! {
    /// What a note is about.
    About {
        /// One requirement.
        Requirement = "requirement", "Requirement";
        /// One section, with everything in it.
        Section = "section", "Section";
    }
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its row.
    pub id: GuidanceNoteId,
    /// The edition that it explains.
    pub edition: EditionId,
    /// What it is about.
    pub about: About,
    /// The code of that.
    pub code: String,
    /// What it says.
    pub text: String,
    /// The first day on which it holds, in London.
    pub effective_on: Day,
    /// When it was written down.
    pub published_at: Timestamp,
    /// By whom; none where the system did.
    pub published_by: Option<PersonId>,
    /// Whether it was taken back before its day.
    pub withdrawn: bool,
}

impl Note {
    /// Whether it has begun to hold; a later one may have taken its place since.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        !self.withdrawn && self.effective_on <= day
    }
}

/// The guidance that is in force about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// What it says.
    pub text: String,
    /// Since which day.
    pub since: Day,
    /// What the note before it said; none where this is the first, and the edition's own guidance came before.
    pub before: Option<String>,
}

/// What guidance is about: a requirement or a section, and its code.
pub type Place = (About, String);

/// The guidance that is in force on a day, by place. The later day wins; of two for one day, the one that was written last.
#[must_use]
pub fn in_force(notes: &[Note], day: Day) -> BTreeMap<Place, InForce> {
    let mut holding: Vec<&Note> = notes.iter().filter(|note| note.holds_on(day)).collect();
    holding.sort_by_key(|note| (note.effective_on, note.id));
    let mut found: BTreeMap<Place, InForce> = BTreeMap::new();
    for note in holding {
        let place = (note.about, note.code.clone());
        let before = found.remove(&place).map(|earlier| earlier.text);
        found.insert(place, InForce { text: note.text.clone(), since: note.effective_on, before });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::parse_london;

    fn note(id: i64, code: &str, on: (i16, i8, i8), withdrawn: bool) -> Note {
        Note {
            id: GuidanceNoteId::new(id),
            edition: EditionId::new(1),
            about: About::Requirement,
            code: code.to_owned(),
            text: format!("note {id}"),
            effective_on: Day::new(on.0, on.1, on.2).unwrap(),
            published_at: parse_london("2026-01-01 09:00").unwrap(),
            published_by: None,
            withdrawn,
        }
    }

    #[test]
    fn the_latest_day_wins_and_what_was_taken_back_never_holds() {
        let notes = [
            note(1, "1-1", (2026, 3, 1), false),
            note(2, "1-1", (2026, 3, 29), false),
            note(3, "1-1", (2026, 3, 29), true),
            note(4, "1-2", (2026, 3, 30), false),
            note(5, "1-1", (2026, 3, 29), false),
        ];
        let on = |month, day| in_force(&notes, Day::new(2026, month, day).unwrap());
        assert!(on(2, 28).is_empty());
        let place = (About::Requirement, "1-1".to_owned());
        assert_eq!((on(3, 1)[&place].text.as_str(), on(3, 1)[&place].before.as_deref()), ("note 1", None));
        let later = on(3, 29);
        assert_eq!(
            (later[&place].text.as_str(), later[&place].before.as_deref()),
            ("note 5", Some("note 2"))
        );
        assert_eq!(later.len(), 1);
        assert_eq!(on(3, 30).len(), 2);
    }

    #[test]
    fn days_begin_at_midnight_in_london_also_when_the_clocks_change() {
        let notes = [note(1, "1-1", (2026, 3, 29), false), note(2, "1-1", (2026, 10, 25), false)];
        for (moment, count, text) in [
            ("2026-03-28 23:59", 0, ""),
            ("2026-03-29 00:00", 1, "note 1"),
            ("2026-03-29 03:30", 1, "note 1"),
            ("2026-10-24 23:59", 1, "note 1"),
            ("2026-10-25 00:00", 1, "note 2"),
        ] {
            let found = in_force(&notes, parse_london(moment).unwrap().london_day());
            assert_eq!(found.len(), count, "{moment}");
            assert_eq!(found.values().next().map_or("", |now| now.text.as_str()), text, "{moment}");
        }
    }
}
