//! Published history as it was published, renamed labels, and the status rule over the stored register.

use portal::organisations::{self, Grade, OdsCode, Standing};

use super::{FIXTURES, import, known};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    history_keeps_the_labels_of_its_time,
    a_status_without_an_edition_gets_the_formats_own,
    successors_hand_their_status_down,
    counts_are_those_of_the_file,
);

async fn history_keeps_the_labels_of_its_time(world: World) {
    for (name, _) in FIXTURES {
        import(&world, name);
    }
    let id = known(&world, "ZZT01").id;
    let history = world.db().read_now(everybodys(), move |c| organisations::history_of(c, id)).unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|h| {
            (
                h.status.source.as_str(),
                h.status.edition_label.as_str(),
                h.status.label.as_str(),
                h.status.grade,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("register@2024-05-01", "23/24", "Standards Met", Grade::StandardsMet),
            (
                "register-2019@2019-03-31",
                "18/19",
                "Standards not fully met (plan agreed)",
                Grade::ApproachingStandards
            ),
        ]
    );
    assert_eq!(history[0].renamed_to, None);
    assert_eq!(history[1].renamed_to.as_deref(), Some("Approaching Standards"));
    let sources = world.db().read_now(everybodys(), organisations::sources).unwrap();
    assert_eq!(sources, ["register-2019@2019-03-31", "register@2024-05-01"]);
}

async fn a_status_without_an_edition_gets_the_formats_own(world: World) {
    import(&world, "register-2019-03-31.csv");
    let told = |code: &str| {
        let id = known(&world, code).id;
        let history = world.db().read_now(everybodys(), move |c| organisations::history_of(c, id)).unwrap();
        let status = history.into_iter().next().unwrap().status;
        (status.edition_label, status.label, status.grade)
    };
    let text = |edition: &str, label: &str, grade| (edition.to_owned(), label.to_owned(), grade);
    assert_eq!(told("ZZG01"), text("18/19", "Standards Met", Grade::StandardsMet));
    assert_eq!(told("ZZP01"), text("18/19", "Entry Level", Grade::ApproachingStandards));
    assert_eq!(told("ZZT09"), text("19/20", "Standards Met", Grade::StandardsMet));
    assert_eq!(told("ZZC01"), text("", "", Grade::NotPublished));
}

async fn successors_hand_their_status_down(world: World) {
    for (name, _) in FIXTURES {
        import(&world, name);
    }
    let standing = |code: &str, edition: &'static str| {
        let id = known(&world, code).id;
        let one =
            world.db().read_now(everybodys(), move |c| organisations::standing_of(c, id, edition)).unwrap();
        let all = world.db().read_now(everybodys(), move |c| organisations::standings(c, edition)).unwrap();
        assert_eq!(all.get(&id).cloned().unwrap_or(Standing::NotPublished), one, "both ways agree");
        one
    };
    assert_eq!(standing("ZZT02", "23/24").grade(), Grade::ApproachingStandards, "its own wins");
    let inherited = standing("ZZT09", "23/24");
    assert_eq!(inherited.grade(), Grade::ApproachingStandards);
    assert!(matches!(inherited, Standing::Inherited { from, .. } if from == known(&world, "ZZT02").id));
    assert_eq!(standing("ZZT09", "19/20").grade(), Grade::StandardsMet, "its own of that year");
    assert!(matches!(standing("ZZT02", "18/19"), Standing::Inherited { .. }));
    assert_eq!(standing("ZZP01", "23/24"), Standing::NotPublished);
    assert_eq!(known(&world, "ZZT02").successor_id, Some(known(&world, "ZZT01").id));
    assert!(OdsCode::parse("not a code").is_err());
}

async fn counts_are_those_of_the_file(world: World) {
    let report = import(&world, "register-2019-03-31.csv");
    let counts =
        world.db().read_now(everybodys(), |c| organisations::counts(c, "register-2019@2019-03-31")).unwrap();
    assert_eq!(counts.iter().map(|c| c.organisations).sum::<i64>(), report.added);
    let trusts: Vec<_> = counts
        .iter()
        .filter(|c| c.sector == organisations::Sector::NhsTrust)
        .map(|c| (c.edition_label.as_str(), c.grade, c.organisations))
        .collect();
    assert_eq!(trusts, [("18/19", Grade::ApproachingStandards, 1), ("19/20", Grade::StandardsMet, 1)]);
}
