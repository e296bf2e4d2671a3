//! What an administrator decides about held-back rows.

use portal::access::{Actor, CentralRole, Permit, ResolveQuarantine};
use portal::organisations::{
    self, Correction, Grade, Page, QuarantineState, QuarantinedRow, dismiss, quarantined, quarantined_row,
    quarantined_subject, resolve,
};
use portal::platform::error::{Error, Result};
use portal::platform::ids::{PersonId, QuarantineId};

use super::{import, known, organisation, sizes};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    a_corrected_row_is_taken_in_with_its_status,
    what_is_still_wrong_is_said_by_column,
    a_dismissed_row_stays_out_and_readable,
    only_one_decision_is_made,
    only_the_programme_manager_decides,
    the_quarantine_is_read_by_pages,
);

const REGISTER: &str = "register-2024-05-01.csv";

fn programme_manager(person: PersonId) -> Actor {
    Actor::person(person, "Mo".to_owned(), Vec::new(), vec![CentralRole::ProgrammeManager], Vec::new())
}

fn decider(world: &World) -> Actor {
    programme_manager(world.person("Mo", &[], &[CentralRole::ProgrammeManager]))
}

fn open(world: &World) -> Vec<QuarantinedRow> {
    let page = Page::new(1, 500);
    world.db().read_now(everybodys(), move |c| quarantined(c, QuarantineState::Open, page)).unwrap().items
}

fn row(world: &World, number: i64) -> QuarantinedRow {
    open(world).into_iter().find(|q| q.row_number == number).unwrap()
}

fn correct(
    world: &World,
    actor: &Actor,
    id: QuarantineId,
    version: i64,
    cells: &[(&str, &str)],
) -> Result<&'static str> {
    let corrections: Vec<Correction> = cells
        .iter()
        .map(|(column, text)| Correction { column: (*column).to_owned(), text: (*text).to_owned() })
        .collect();
    let actor = actor.clone();
    world.db().write_now(everybodys(), move |tx| {
        let subject = quarantined_subject(tx.conn(), id)?;
        let permit: Permit<ResolveQuarantine> = Permit::grant(&actor, subject)?;
        resolve(tx, &permit, &corrections, version)
    })
}

fn leave_out(
    world: &World,
    actor: &Actor,
    id: QuarantineId,
    version: i64,
    reason: &'static str,
) -> Result<()> {
    let actor = actor.clone();
    world.db().write_now(everybodys(), move |tx| {
        let subject = quarantined_subject(tx.conn(), id)?;
        let permit: Permit<ResolveQuarantine> = Permit::grant(&actor, subject)?;
        dismiss(tx, &permit, reason, version)
    })
}

async fn a_corrected_row_is_taken_in_with_its_status(world: World) {
    let first = import(&world, REGISTER);
    let actor = decider(&world);
    let held = row(&world, 12);
    assert_eq!(correct(&world, &actor, held.id, held.version, &[("Code", "APR4")]).unwrap(), "added");
    let taken = known(&world, "APR4");
    assert_eq!((taken.name.as_str(), taken.source.as_str()), ("UNMENDED HOME", "register@2024-05-01"));
    let id = taken.id;
    let history = world.db().read_now(everybodys(), move |c| organisations::history_of(c, id)).unwrap();
    assert_eq!(
        (history[0].status.edition_label.as_str(), history[0].status.grade),
        ("23/24", Grade::StandardsMet)
    );
    let after = world.db().read_now(everybodys(), move |c| quarantined_row(c, held.id)).unwrap();
    assert_eq!((after.state, after.version), (QuarantineState::Resolved, held.version + 1));
    assert!(after.resolution.unwrap().contains("APR4"));
    let again = import(&world, REGISTER);
    assert_eq!((again.added, again.changed), (0, 0));
    assert_eq!((again.quarantined, again.settled), (first.quarantined - 1, 1), "it is not held back again");
    // A duplicate may turn out to be the right one.
    let twice = row(&world, 28);
    assert_eq!(correct(&world, &actor, twice.id, twice.version, &[]).unwrap(), "changed");
    assert_eq!(known(&world, "ZZT01").name, "NOWHERE HOSPITALS AGAIN");
    // A row cut short gets the cells it lacks.
    let short = row(&world, 33);
    let cells = [("Date Of Publication", "2024-04-01"), ("Primary Sector", "Company")];
    assert_eq!(correct(&world, &actor, short.id, short.version, &cells).unwrap(), "added");
    assert_eq!(known(&world, "ZZW01").name, "SHORT ROW");
    world.settle();
}

async fn what_is_still_wrong_is_said_by_column(world: World) {
    import(&world, REGISTER);
    let actor = decider(&world);
    let before = sizes(&world);
    let held = row(&world, 12);
    let error =
        correct(&world, &actor, held.id, held.version, &[("Code", "no code"), ("Primary Sector", "Moon")]);
    let Err(Error::Invalid(fields)) = error else { panic!("{error:?}") };
    assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["Code", "Primary Sector"]);
    let error = correct(&world, &actor, held.id, held.version, &[("Colour", "red")]);
    assert!(matches!(&error, Err(Error::Invalid(f)) if f[0].field == "Colour"), "{error:?}");
    assert_eq!(sizes(&world), before);
    assert_eq!(row(&world, 12).version, held.version);
    world.settle();
}

async fn a_dismissed_row_stays_out_and_readable(world: World) {
    let first = import(&world, REGISTER);
    let actor = decider(&world);
    let held = row(&world, 14);
    let error = leave_out(&world, &actor, held.id, held.version, "  ").unwrap_err();
    assert!(matches!(&error, Error::Invalid(f) if f[0].field == "reason"), "{error:?}");
    leave_out(&world, &actor, held.id, held.version, "A demonstration account.").unwrap();
    let after = world.db().read_now(everybodys(), move |c| quarantined_row(c, held.id)).unwrap();
    assert_eq!((after.state, after.raw), (QuarantineState::Dismissed, held.raw));
    let again = import(&world, REGISTER);
    assert_eq!((again.quarantined, again.settled), (first.quarantined - 1, 1));
    world.settle();
}

async fn only_one_decision_is_made(world: World) {
    import(&world, REGISTER);
    let actor = decider(&world);
    let held = row(&world, 12);
    let stale = correct(&world, &actor, held.id, held.version + 1, &[("Code", "APR4")]).unwrap_err();
    assert!(matches!(stale, Error::Conflict(_)), "{stale:?}");
    assert!(organisation(&world, "APR4").is_none());
    correct(&world, &actor, held.id, held.version, &[("Code", "APR4")]).unwrap();
    let second = leave_out(&world, &actor, held.id, held.version, "Too late.").unwrap_err();
    assert!(matches!(second, Error::Refused(_)), "{second:?}");
    let none = correct(&world, &actor, QuarantineId::new(999_999), 1, &[]).unwrap_err();
    assert!(matches!(none, Error::NotFound), "{none:?}");
    world.settle();
}

async fn only_the_programme_manager_decides(world: World) {
    import(&world, REGISTER);
    let held = row(&world, 12);
    let reviewer = Actor::person(
        world.person("Rae", &[], &[CentralRole::CentralReviewer]),
        "Rae".to_owned(),
        Vec::new(),
        vec![CentralRole::CentralReviewer],
        Vec::new(),
    );
    let refused = correct(&world, &reviewer, held.id, held.version, &[("Code", "APR4")]).unwrap_err();
    assert!(matches!(refused, Error::Forbidden(_)), "{refused:?}");
    let stranger = Actor::person(PersonId::new(1), "Sam".to_owned(), Vec::new(), Vec::new(), Vec::new());
    let refused = leave_out(&world, &stranger, held.id, held.version, "Because.").unwrap_err();
    assert!(matches!(refused, Error::NotFound), "{refused:?}");
    world.settle();
}

async fn the_quarantine_is_read_by_pages(world: World) {
    let report = import(&world, REGISTER);
    let page = |n| {
        world
            .db()
            .read_now(everybodys(), move |c| quarantined(c, QuarantineState::Open, Page::new(n, 5)))
            .unwrap()
    };
    let (first, second, third) = (page(1), page(2), page(3));
    assert_eq!((first.total, first.pages()), (report.quarantined, 3));
    assert_eq!((first.items.len(), second.items.len(), third.items.len()), (5, 5, 2));
    assert!(first.items[4].id < second.items[0].id);
    assert!(page(4).items.is_empty());
}
