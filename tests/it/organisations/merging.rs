//! Imports upon imports: a second one changes nothing, and neither does the order in which files come.

use portal::organisations::{self, Done, ImportOptions, Page, RelationKind, SearchFilter, Sector};

use super::{FIXTURES, about, all, import, import_bytes, import_path, known, sizes};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    every_format_is_told_from_its_file,
    a_second_import_changes_nothing,
    the_order_of_imports_does_not_matter,
    a_corrected_file_of_the_same_day_corrects,
    rows_that_contradict_each_other_do_not_take_turns,
    head_offices_and_boards_are_linked,
    the_newest_name_and_the_registers_sector_stand,
    search_ignores_case_and_spacing,
    imports_are_in_the_ledger,
);

async fn every_format_is_told_from_its_file(world: World) {
    for (name, format) in FIXTURES {
        assert_eq!(import(&world, name).format, format, "{name}");
    }
}

async fn a_second_import_changes_nothing(world: World) {
    for (name, _) in FIXTURES {
        import(&world, name);
    }
    // The successors named an organisation that came later; once more, and everything is as it stays.
    import(&world, "successors-2024-07-01.csv");
    let (before, rows) = (all(&world), sizes(&world));
    for (name, _) in FIXTURES {
        let report = import(&world, name);
        assert_eq!((report.added, report.changed), (0, 0), "{report}");
        assert_eq!(sizes(&world), rows, "{name}");
    }
    assert_eq!(all(&world), before);
}

async fn the_order_of_imports_does_not_matter(world: World) {
    let facts = |world: &World| -> Vec<_> {
        all(world)
            .into_iter()
            .map(|o| (o.code, o.name, o.sector, o.region_code, o.icb_code, o.postcode, o.closed_on, o.source))
            .collect()
    };
    // Twice over, since a row that refers to an organisation needs it to be there.
    for (name, _) in FIXTURES.iter().chain(&FIXTURES) {
        import(&world, name);
    }
    let expected = facts(&world);
    let other = if world.db().is_embedded() { Some(World::sqlite()) } else { World::postgres() };
    let other = other.unwrap();
    for (name, _) in FIXTURES.iter().rev().chain(FIXTURES.iter().rev()) {
        import(&other, name);
    }
    assert_eq!(facts(&other), expected);
    assert_eq!(sizes(&other)[..4], sizes(&world)[..4]);
}

async fn a_corrected_file_of_the_same_day_corrects(world: World) {
    let head = "Code,Organisation Name,Status,Date Of Publication,Primary Sector,Commissioner (From ODS)\n";
    let first = format!(
        "{head}ZZN01,NOWHERE CARE,22/23 Standards Met,2023-06-30,Social Care,NHS NOWHERE ICB - ZZB01 (CCG)\n\
         ZZN02,OTHER CARE,Not Published,,Social Care,\n"
    );
    import_bytes(&world, "register-2024-01-01.csv", first.as_bytes()).unwrap();
    let rows = sizes(&world);
    let corrected = first
        .replace("22/23 Standards Met,2023-06-30", "23/24 Standards Met,2023-12-30")
        .replace("ZZB01", "ZZB02");
    let report = import_bytes(&world, "register-2024-01-01.csv", corrected.as_bytes()).unwrap();
    assert_eq!((report.added, report.changed, report.unchanged), (0, 1, 1));
    assert_eq!(sizes(&world), rows, "corrected in place");
    let id = known(&world, "ZZN01").id;
    let history = world.db().read_now(everybodys(), move |c| organisations::history_of(c, id)).unwrap();
    assert_eq!(history[0].status.edition_label, "23/24");
    let relations = world.db().read_now(everybodys(), move |c| organisations::relations_of(c, id)).unwrap();
    assert_eq!(relations[0].related_code, "ZZB02");
}

async fn rows_that_contradict_each_other_do_not_take_turns(world: World) {
    let head = "SICBL24CDH,SICBL24NM,ICB24CDH,ICB24NM,NHSER24CDH,NHSER24NM\n";
    let rows = "ZZK01,Place one,ZZB01,Nowhere Board,Y99,Far Nowhere\n\
                ZZK02,Place two,ZZB01,Elsewhere Board,Y99,Near Nowhere\n";
    let bytes = format!("{head}{rows}");
    let first = import_bytes(&world, "regions-2024-04.csv", bytes.as_bytes()).unwrap();
    assert_eq!((first.added, first.repaired), (2, 1));
    assert_eq!(about(&first, 3), [(Done::Noted, "(row)")]);
    assert!(first.damage[0].reason.contains("Y99") && first.damage[0].reason.contains("ZZB01"), "{first}");
    assert_eq!(known(&world, "ZZB01").name, "Nowhere Board");
    let rows = sizes(&world);
    let again = import_bytes(&world, "regions-2024-04.csv", bytes.as_bytes()).unwrap();
    assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2), "{again}");
    assert_eq!(sizes(&world), rows);
}

async fn head_offices_and_boards_are_linked(world: World) {
    import(&world, "ods-head-offices-2024-06.csv");
    assert_eq!(known(&world, "FZZ01").head_office_id, None, "the head office is not known yet");
    import(&world, "register-2024-05-01.csv");
    let head = known(&world, "ZZP00").id;
    assert_eq!(known(&world, "FZZ01").head_office_id, Some(head));
    assert_eq!(known(&world, "FZZ02").head_office_id, None, "that relation has ended");
    let sites = world
        .db()
        .read_now(everybodys(), move |c| organisations::sites_of(c, head, Page::new(1, 10)))
        .unwrap();
    assert_eq!(sites.items.iter().map(|o| o.code.as_str()).collect::<Vec<_>>(), ["FZZ01"]);

    let regions = import(&world, "regions-2024-04.csv");
    assert_eq!((regions.rows_read, regions.added, regions.quarantined), (3, 3, 0));
    let place = known(&world, "ZZK01");
    assert_eq!((place.icb_code.as_deref(), place.region_code.as_deref()), (Some("ZZB01"), Some("Y99")));
    assert_eq!(known(&world, "ZZB02").sector, Sector::Icb);
    let list = world.db().read_now(everybodys(), organisations::regions).unwrap();
    assert!(list.iter().any(|r| r.code == "Y99" && r.name == "Far Nowhere"));
    assert!(list.iter().any(|r| r.code == "Y60" && r.name == "Midlands"));
    let id = place.id;
    let relations = world.db().read_now(everybodys(), move |c| organisations::relations_of(c, id)).unwrap();
    assert_eq!(relations[0].kind, RelationKind::GeographicIcb);
    assert_eq!(relations[0].related_name, "NHS Nowhere Integrated Care Board");
}

async fn the_newest_name_and_the_registers_sector_stand(world: World) {
    import(&world, "ods-trusts-2024-06.csv");
    import(&world, "register-2019-03-31.csv");
    let trust = known(&world, "ZZT01");
    assert_eq!(trust.name, "NOWHERE UNIVERSITY HOSPITALS NHS TRUST", "an older register renames nothing");
    assert_eq!(trust.source, "ods-trusts@2024-06-01");
    let one = "Code,Organisation Name,Status,Date Of Publication,Primary Sector\n\
               ZZT01,X,Not Published,,No Sector Identified\n";
    import_bytes(&world, "register-2020-01-01.csv", one.as_bytes()).unwrap();
    let trust = known(&world, "ZZT01");
    assert_eq!(trust.sector, Sector::Other, "the newest register has the word on sectors");
    assert_eq!(trust.name, "NOWHERE UNIVERSITY HOSPITALS NHS TRUST");
    import(&world, "register-2019-03-31.csv");
    assert_eq!(known(&world, "ZZT01").sector, Sector::Other, "and an older one has not");
}

async fn search_ignores_case_and_spacing(world: World) {
    import(&world, "register-2024-05-01.csv");
    let found = |text: &str, sector: Option<Sector>| {
        let filter = SearchFilter { text: text.to_owned(), sector, region: None };
        let page = world
            .db()
            .read_now(everybodys(), move |c| organisations::search(c, &filter, Page::new(1, 50)))
            .unwrap();
        assert_eq!(page.total, page.items.len() as i64);
        page.items.into_iter().map(|o| o.code.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("  dr NOBODYS   surgery", None), ["ZZG01"]);
    assert_eq!(found("nobody\u{2019}s trust", None), ["ZZD02"]);
    assert_eq!(found("zzb01", None), ["ZZB01"]);
    assert_eq!(found("nowhere", Some(Sector::NhsTrust)), ["ZZT02", "ZZT01"], "by name");
    let mut chemists = found("chemist", None);
    chemists.sort();
    assert_eq!(chemists, ["ZZP00", "ZZP01"]);
    assert_eq!(found("nowhere community", None), ["ZZT02"]);
    assert_eq!(found("%", None).len(), 22, "nothing to look for finds all");
    assert_eq!(found("no such thing", None), Vec::<String>::new());
    let filter = SearchFilter::default();
    let page = world
        .db()
        .read_now(everybodys(), move |c| organisations::search(c, &filter, Page::new(3, 10)))
        .unwrap();
    assert_eq!((page.total, page.items.len(), page.pages()), (22, 2, 3));
}

async fn imports_are_in_the_ledger(world: World) {
    use diesel::prelude::*;
    use portal::schema::{import_run, ledger_event};
    let path = super::fixture("register-2024-05-01.csv");
    let report = import_path(&world, &path, &ImportOptions::default()).unwrap();
    let (run, body) = world
        .db()
        .read_now(everybodys(), |conn| {
            let run: i64 = import_run::table.select(import_run::id).first(conn)?;
            let body: String = ledger_event::table
                .filter(ledger_event::kind.eq("organisations.imported"))
                .filter(ledger_event::subject.eq(format!("import_run/{run}")))
                .select(ledger_event::body)
                .first(conn)?;
            Ok((run, body))
        })
        .unwrap();
    assert!(run > 0);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["data"]["added"], report.added);
    assert_eq!(body["data"]["file_hash"], serde_json::json!(report.file_hash));
    assert_eq!(body["data"]["source"], "register@2024-05-01");
    world.settle();
}
