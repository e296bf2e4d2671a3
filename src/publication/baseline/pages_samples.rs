//! Samples of the pages of baselining, for the checks.

use super::model::{BaselinePlan, DrawnStratum};
use super::pages::{BaselinePage, BaselinesPage, MembersPage, Scene};
use super::store::Member;
use crate::collections::{Collection, CollectionState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{CollectionId, EditionId};
use crate::platform::pages::FormErrors;
use crate::publication::document::MeasureEntry;
use crate::publication::pages::figure_of_measures;
use crate::statistics::{Dimension, Figure, Measure, MeasureTable};

fn collection() -> Collection {
    let at = Timestamp::from_micros(0);
    Collection {
        id: CollectionId::new(1),
        key: "2026".to_owned(),
        name: "Returns 2026/27 <b>".to_owned(),
        year_label: "2026/27".to_owned(),
        edition_id: EditionId::new(1),
        previous_id: None,
        state: CollectionState::Open,
        opens_at: at,
        interim_due_at: None,
        deadline_at: at,
        closes_at: at,
    }
}

pub(super) fn lists() -> Vec<(&'static str, BaselinesPage)> {
    let all = [(collection(), None), (collection(), Some(false)), (collection(), Some(true))];
    vec![("empty", BaselinesPage::new(&[])), ("typical", BaselinesPage::new(&all))]
}

fn scene(drawn: bool) -> Scene {
    let stratum = |label: &str, variance, take_all| DrawnStratum {
        key: label.to_lowercase(),
        label: label.to_owned(),
        sector: "gp".to_owned(),
        region: String::new(),
        population: 6900,
        variance,
        take_all,
        size: 120,
    };
    let figures = Dimension::new("stratum", "Stratum", [("gp", "General practices")])
        .and_then(|rows| {
            let measures = vec![
                Measure::new("drawn", "Drawn", "organisations"),
                Measure::new("low", "Lower", "percent"),
            ];
            let row = vec![Figure::count(1200), Figure::Withheld];
            MeasureTable::new("p", "Who responded", rows, measures, vec![row])
        })
        .map(|table| {
            let entry =
                MeasureEntry { name: "baseline-response".to_owned(), about: "Who.".to_owned(), table };
            vec![figure_of_measures(&entry, "")]
        })
        .unwrap_or_default();
    Scene {
        collection: collection(),
        plan: Some((BaselinePlan { version: 1, ..BaselinePlan::FIRST }, "c0ffee".repeat(10))),
        strata: vec![stratum("General practices", Some(47_000), false), stratum("Boards", None, true)],
        problem: String::new(),
        drawn_at: drawn.then(|| "3 March 2026 at 9:30am".to_owned()),
        figures: if drawn { figures } else { Vec::new() },
    }
}

pub(super) fn samples() -> Vec<(&'static str, BaselinePage)> {
    let (none, mut wrong) = (FormErrors::new(), FormErrors::new());
    wrong.add("size", "Enter a whole number from 1 to 1000000");
    let untyped = |_: &str| -> Option<String> { None };
    let unplanned = Scene { plan: None, strata: Vec::new(), ..scene(false) };
    let unfit = Scene {
        problem: "No sample can be drawn: 3 are to be drawn of 2.".to_owned(),
        strata: Vec::new(),
        ..scene(false)
    };
    vec![
        ("empty", BaselinePage::new(&unplanned, &untyped, &none)),
        ("planned", BaselinePage::new(&scene(false), &untyped, &none)),
        ("unfit", BaselinePage::new(&unfit, &untyped, &none)),
        ("drawn", BaselinePage::new(&scene(true), &untyped, &none)),
        ("errors", BaselinePage::new(&scene(false), &|_: &str| Some("many".to_owned()), &wrong)),
    ]
}

pub(super) fn members() -> Vec<(&'static str, MembersPage)> {
    let member = |code: &str, submitted_at, late| Member {
        code: code.to_owned(),
        name: "Moor Street <i>".to_owned(),
        stratum: "gp".to_owned(),
        submitted_at,
        late,
    };
    let at = Some(Timestamp::from_micros(0));
    let some = [member("A81001", None, false), member("A81002", at, false), member("A81003", at, true)];
    vec![
        ("empty", MembersPage::new(&collection(), &[], 1, 0)),
        ("typical", MembersPage::new(&collection(), &some, 1, 3)),
        ("pages", MembersPage::new(&collection(), &some, 2, 450)),
    ]
}
