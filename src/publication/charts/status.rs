//! How statuses look: the same status has the same colour and pattern in every chart, whichever others stand beside it.

use crate::platform::charts::frame::MOST_SERIES;
use crate::statistics::Dimension;

/// The style of each status, by its key. Statuses that can stand in one chart have different styles; what says the same in
/// another scheme shares one.
const STYLE_OF: [(&str, usize); 26] = [
    ("standards_exceeded", 0),
    ("standards_met", 1),
    ("satisfactory", 1),
    ("approaching_standards", 2),
    ("standards_not_met", 3),
    ("not_satisfactory", 3),
    ("not_published", 4),
    ("older_edition", 5),
    ("on_time", 1),
    ("late", 2),
    ("final", 1),
    ("open_to_challenge", 0),
    ("provisional", 2),
    ("not_submitted", 4),
    ("level_3", 0),
    ("level_2", 1),
    ("level_1", 2),
    ("level_0", 3),
    ("achieved", 1),
    ("partially_achieved", 2),
    ("not_achieved", 3),
    ("complete", 1),
    ("exempt", 2),
    ("incomplete", 3),
    ("optional", 5),
    ("not_relevant", 4),
];

/// The style of a status; none for what is no status.
#[must_use]
pub fn style_of(key: &str) -> Option<usize> {
    STYLE_OF.iter().find(|(status, _)| *status == key).map(|(_, style)| *style)
}

/// The style of each category: its own where all are statuses that look different, by position otherwise.
pub(super) fn styles_of(columns: &Dimension) -> Vec<usize> {
    let own: Option<Vec<usize>> = columns.categories().iter().map(|one| style_of(&one.key)).collect();
    let once =
        |styles: &Vec<usize>| (0..MOST_SERIES).all(|s| styles.iter().filter(|one| **one == s).count() < 2);
    own.filter(once).unwrap_or_else(|| (0..columns.len()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::SchemeKind;
    use crate::standards::scoring::{BYTE_NOT_RELEVANT, GradeKey, Status};

    #[test]
    fn every_grade_and_every_packed_status_has_its_own_look() {
        for grade in GradeKey::ALL {
            assert!(style_of(grade.as_str()).is_some(), "{}", grade.as_str());
        }
        for scheme in [SchemeKind::Levels, SchemeKind::Assertions, SchemeKind::Outcomes] {
            let bytes = (0..=3).chain([BYTE_NOT_RELEVANT]);
            let statuses: Vec<Status> = bytes.filter_map(|byte| Status::from_byte(scheme, byte)).collect();
            let pairs = statuses.iter().map(|status| (status.as_str().to_owned(), status.label()));
            let columns = Dimension::new("level", "Answer", pairs).unwrap();
            let own: Vec<Option<usize>> = statuses.iter().map(|status| style_of(status.as_str())).collect();
            assert_eq!(styles_of(&columns).into_iter().map(Some).collect::<Vec<_>>(), own, "{scheme:?}");
        }
    }

    #[test]
    fn a_status_looks_the_same_beside_others() {
        let of = |keys: &[&str]| {
            let pairs = keys.iter().map(|key| ((*key).to_owned(), (*key).to_owned()));
            styles_of(&Dimension::new("grade", "Grade", pairs).unwrap())
        };
        let four = ["standards_exceeded", "standards_met", "approaching_standards", "standards_not_met"];
        assert_eq!(of(&[&four[..], &["not_published"]].concat()), [0, 1, 2, 3, 4]);
        assert_eq!(of(&[&four[..], &["older_edition", "not_published"]].concat()), [0, 1, 2, 3, 5, 4]);
        assert_eq!(of(&["satisfactory", "not_satisfactory", "not_published"]), [1, 3, 4]);
        // What is no status, or would look like its neighbour, is told apart by its place.
        assert_eq!(of(&["standards_met", "something"]), [0, 1]);
        assert_eq!(of(&["standards_met", "satisfactory"]), [0, 1]);
    }
}
