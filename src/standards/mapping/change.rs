//! What changed from one edition to another, requirement by requirement, as the lines of a mapping say. Pure; computed
//! once for each pair of editions and mapping.

use std::sync::Arc;

use super::model::{Line, LineKind};
use super::wording::says_the_same;
use crate::standards::model::Edition;

crate::text_enum! {
    /// How a requirement stands to the edition before.
    Mark {
        /// It was not asked before.
        New = "new", "New";
        /// It asks the same in other words.
        Reworded = "reworded", "Reworded";
        /// Several requirements became this one.
        Merged = "merged", "Merged";
        /// It was part of a requirement that became several.
        Split = "split", "Split";
        /// It asks the same in the same words.
        Unchanged = "unchanged", "Unchanged";
    }
}

/// The changes between two editions. Positions are those of the editions' requirements.
#[derive(Debug)]
pub struct EditionChange {
    from: Arc<Edition>,
    to: Arc<Edition>,
    since: String,
    arriving: Vec<Arriving>,
    leaving: Vec<Leaving>,
}

/// What leads to one requirement of the newer edition.
#[derive(Debug)]
struct Arriving {
    mark: Mark,
    /// Requirements whose answers carry.
    sources: Vec<usize>,
    /// Requirements whose evidence serves.
    serves: Vec<usize>,
    note: String,
}

/// What became of one requirement of the older edition.
#[derive(Debug, Default, Clone)]
struct Leaving {
    carried_to: Vec<usize>,
    serves: Vec<usize>,
    note: String,
}

impl EditionChange {
    /// The changes that these lines tell of. A line that names an unknown requirement tells of nothing: an edition that
    /// is still a draft may have lost it since.
    #[must_use]
    pub fn of(lines: &[Line], from: &Arc<Edition>, to: &Arc<Edition>) -> Self {
        let bare = || Arriving { mark: Mark::New, sources: vec![], serves: vec![], note: String::new() };
        let mut arriving: Vec<Arriving> = to.requirements().iter().map(|_| bare()).collect();
        let mut leaving = vec![Leaving::default(); from.requirements().len()];
        let mut said: Vec<Option<LineKind>> = vec![None; to.requirements().len()];
        for line in lines {
            let old = line.from.as_ref().map(|code| from.position(code.as_str()));
            let new = line.to.as_ref().map(|code| to.position(code.as_str()));
            if old == Some(None) || new == Some(None) {
                continue;
            }
            let (old, new) = (old.flatten(), new.flatten());
            let mut there = old.and_then(|at| leaving.get_mut(at));
            let mut here = new.and_then(|at| arriving.get_mut(at));
            let notes = [there.as_mut().map(|t| &mut t.note), here.as_mut().map(|h| &mut h.note)];
            for note in notes.into_iter().flatten() {
                add_note(note, &line.note);
            }
            let (Some(there), Some(here), Some((old, new))) = (there, here, old.zip(new)) else { continue };
            if line.kind.carries() {
                push_once(&mut there.carried_to, new);
                push_once(&mut here.sources, old);
                if let Some(said) = said.get_mut(new) {
                    *said = Some(line.kind);
                }
            } else if line.kind == LineKind::Serves {
                push_once(&mut there.serves, new);
                push_once(&mut here.serves, old);
            }
        }
        for (place, (here, said)) in arriving.iter_mut().zip(said).enumerate() {
            here.sources.sort_unstable();
            here.serves.sort_unstable();
            let unchanged = match said {
                Some(LineKind::Unchanged) => true,
                Some(LineKind::Reworded) => false,
                // A line whose neighbours name unknown requirements: the words decide.
                _ => same(from, to, &here.sources, place),
            };
            here.mark = mark(here, &leaving, unchanged);
        }
        let since = if from.standard_key() == to.standard_key() {
            from.label().to_owned()
        } else {
            format!("{} {}", from.standard_name(), from.label())
        };
        Self { from: Arc::clone(from), to: Arc::clone(to), since, arriving, leaving }
    }

    /// The older edition.
    #[must_use]
    pub const fn from(&self) -> &Arc<Edition> {
        &self.from
    }

    /// The newer edition.
    #[must_use]
    pub const fn to(&self) -> &Arc<Edition> {
        &self.to
    }

    /// The older edition as people name it beside the newer one: by its label, and across standards by its name too.
    #[must_use]
    pub fn since(&self) -> &str {
        &self.since
    }

    /// Whether the editions are of two standards.
    #[must_use]
    pub fn is_across(&self) -> bool {
        self.from.standard_key() != self.to.standard_key()
    }

    /// How the requirement at this position stands to the older edition.
    #[must_use]
    pub fn mark(&self, at: usize) -> Mark {
        self.arriving.get(at).map_or(Mark::New, |here| here.mark)
    }

    /// The older requirements whose answers carry to this one.
    #[must_use]
    pub fn sources(&self, at: usize) -> &[usize] {
        self.arriving.get(at).map_or(&[], |here| &here.sources)
    }

    /// The older requirements whose evidence serves this one.
    #[must_use]
    pub fn served_by(&self, at: usize) -> &[usize] {
        self.arriving.get(at).map_or(&[], |here| &here.serves)
    }

    /// What the editor noted about this requirement.
    #[must_use]
    pub fn note(&self, at: usize) -> &str {
        self.arriving.get(at).map_or("", |here| &here.note)
    }

    /// The newer requirements to which the answer of the older one at this position carries.
    #[must_use]
    pub fn carried_to(&self, old: usize) -> &[usize] {
        self.leaving.get(old).map_or(&[], |there| &there.carried_to)
    }

    /// The newer requirements that the evidence of the older one serves.
    #[must_use]
    pub fn serves(&self, old: usize) -> &[usize] {
        self.leaving.get(old).map_or(&[], |there| &there.serves)
    }

    /// What the editor noted about an older requirement.
    #[must_use]
    pub fn note_of_old(&self, old: usize) -> &str {
        self.leaving.get(old).map_or("", |there| &there.note)
    }

    /// The older requirements that are asked no more.
    pub fn retired(&self) -> impl Iterator<Item = usize> {
        self.leaving.iter().enumerate().filter(|(_, there)| there.carried_to.is_empty()).map(|(at, _)| at)
    }
}

fn add_note(to: &mut String, note: &str) {
    if note.is_empty() || to.contains(note) {
        return;
    }
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(note);
}

fn push_once(list: &mut Vec<usize>, value: usize) {
    if !list.contains(&value) {
        list.push(value);
    }
}

fn same(from: &Edition, to: &Edition, sources: &[usize], at: usize) -> bool {
    let old = sources.first().and_then(|old| from.requirements().get(*old));
    old.zip(to.requirements().get(at)).is_some_and(|(old, now)| says_the_same(old, now))
}

/// The shape of the mapping decides before the words of its lines: what several lead to is merged.
fn mark(here: &Arriving, leaving: &[Leaving], unchanged: bool) -> Mark {
    match here.sources.as_slice() {
        [] => Mark::New,
        [only] => {
            let branches = leaving.get(*only).map_or(0, |there| there.carried_to.len());
            match (branches, unchanged) {
                (2.., _) => Mark::Split,
                (_, true) => Mark::Unchanged,
                (_, false) => Mark::Reworded,
            }
        }
        _ => Mark::Merged,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::standards::testing::{code, edition, levels_document};

    fn pair() -> (Arc<Edition>, Arc<Edition>) {
        let mut document = levels_document(5);
        document["requirements"][1]["text"] = json!("How much further?");
        document["edition"]["label"] = json!("2027/28");
        (Arc::new(edition(&levels_document(5))), Arc::new(edition(&document)))
    }

    fn line(from: &str, to: &str, kind: LineKind) -> Line {
        let side = |text: &str| (!text.is_empty()).then(|| code(text));
        Line { from: side(from), to: side(to), kind, note: format!("about {from}{to}") }
    }

    #[test]
    fn marks_follow_the_shape_of_the_mapping_and_then_its_words() {
        let (from, to) = pair();
        let lines = [
            line("1-1", "1-1", LineKind::Merged),
            line("1-2", "1-1", LineKind::Merged),
            line("1-3", "1-2", LineKind::Split),
            line("1-3", "1-3", LineKind::Split),
            line("1-4", "1-4", LineKind::Unchanged),
            line("1-5", "1-5", LineKind::Serves),
        ];
        let change = EditionChange::of(&lines, &from, &to);
        let marks: Vec<&str> = (0..5).map(|at| change.mark(at).as_str()).collect();
        assert_eq!(marks, ["merged", "split", "split", "unchanged", "new"]);
        assert_eq!(change.sources(0), [0, 1]);
        assert_eq!(change.carried_to(2), [1, 2]);
        assert_eq!((change.served_by(4), change.serves(4)), ([4].as_slice(), [4].as_slice()));
        assert_eq!(change.retired().collect::<Vec<_>>(), [4]);
        assert_eq!(change.note(0), "about 1-11-1 about 1-21-1");
        assert_eq!(change.since(), "2026/27");
    }

    #[test]
    fn what_is_said_to_be_unchanged_is_so_whatever_the_words() {
        let (from, to) = pair();
        let marked = |kind| EditionChange::of(&[line("1-2", "1-2", kind)], &from, &to).mark(1);
        assert_eq!(marked(LineKind::Unchanged), Mark::Unchanged);
        assert_eq!(marked(LineKind::Reworded), Mark::Reworded);
    }

    #[test]
    fn unknown_codes_tell_of_nothing() {
        let (from, to) = pair();
        let lines = [line("9-9", "1-1", LineKind::Reworded), line("1-1", "9-9", LineKind::Reworded)];
        let change = EditionChange::of(&lines, &from, &to);
        assert_eq!(change.mark(0), Mark::New);
        assert_eq!(change.retired().count(), 5);
        assert_eq!((change.mark(99), change.sources(99).len()), (Mark::New, 0));
    }
}
