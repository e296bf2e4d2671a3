//! Every kind of damage, row by row: what is mended, what is kept with a note, what is held back.

use portal::organisations::{Done, QuarantineState, Sector, quarantined};

use super::{about, import, import_bytes, known, organisation};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    damaged_codes_are_mended_or_held_back,
    damaged_names_are_mended_or_kept_as_text,
    dates_are_read_in_every_spelling,
    what_is_unknown_or_out_of_shape_is_held_back,
    directory_rows_are_checked_too,
    every_damaged_row_is_kept_whole,
    other_encodings_are_read_and_noted,
);

const REGISTER: &str = "register-2024-05-01.csv";
const NOTED: Done = Done::Noted;
const HELD: Done = Done::Quarantined;

async fn damaged_codes_are_mended_or_held_back(world: World) {
    let report = import(&world, REGISTER);
    assert_eq!(about(&report, 8), [(NOTED, "Code")], "lower case");
    assert_eq!(known(&world, "ZZL01").name, "Lower Case Care");
    assert_eq!(about(&report, 9), [(NOTED, "Organisation Name"), (NOTED, "Code")], "outer spaces");
    assert_eq!(known(&world, "ZZS01").name, "Outer Spaces Care");
    assert_eq!(about(&report, 10), [], "a hyphen is no damage");
    assert_eq!(known(&world, "ZZH01-AB-2").sector, Sector::University);
    assert_eq!(about(&report, 11), [(NOTED, "Code")], "a date that the name bears out");
    assert_eq!(known(&world, "APR03").name, "MENDED WARD (APR03)");
    assert_eq!(about(&report, 12), [(HELD, "Code")], "a date that nothing bears out");
    let held = report.damage.iter().find(|d| d.row == 12).unwrap();
    assert_eq!(held.action, "held back; either APR04 or APR4");
    assert!(organisation(&world, "APR04").is_none() && organisation(&world, "APR4").is_none());
    assert_eq!(about(&report, 13), [(HELD, "Code")], "a number");
    assert_eq!(about(&report, 14), [(HELD, "Code")], "spaces inside");
    assert_eq!(about(&report, 15), [(NOTED, "Code")], "lost zeros");
    assert_eq!(known(&world, "16").name, "ZERO COUNCIL");
}

async fn damaged_names_are_mended_or_kept_as_text(world: World) {
    let report = import(&world, REGISTER);
    for (row, code, name) in [
        (16, "ZZD01", "Nowhere House - North"),
        (17, "ZZD02", "The Nobody's Trust"),
        (18, "ZZD03", "Nob?dy Ltd"),
        (29, "ZZX01", "=HYPERLINK(\"http://nowhere.invalid\",\"x\")"),
        (30, "ZZX02", "<script>alert(1)</script>"),
        (31, "ZZX03", "Two lines"),
    ] {
        assert_eq!(about(&report, row), [(NOTED, "Organisation Name")], "row {row}");
        assert_eq!(known(&world, code).name, name);
    }
    assert_eq!(about(&report, 32), [(HELD, "Organisation Name")], "no name");
}

async fn dates_are_read_in_every_spelling(world: World) {
    let report = import(&world, REGISTER);
    for code in ["ZZE01", "ZZE02", "ZZE03"] {
        let id = known(&world, code).id;
        let history =
            world.db().read_now(everybodys(), move |c| portal::organisations::history_of(c, id)).unwrap();
        assert_eq!(
            history[0].status.published_on.map(|d| d.to_string()).as_deref(),
            Some("2024-04-01"),
            "{code}"
        );
    }
    assert_eq!(about(&report, 22), [(HELD, "Date Of Publication")], "31 February");
    assert_eq!(about(&report, 23), [(NOTED, "Date Of Publication")], "after the file's own day");
    assert_eq!(about(&report, 24), [(NOTED, "Status")], "published without a date");

    let report = import(&world, "register-2019-03-31.csv");
    assert_eq!(about(&report, 4), [(NOTED, "DateOfPublication")], "words in place of a date");
}

async fn what_is_unknown_or_out_of_shape_is_held_back(world: World) {
    let report = import(&world, REGISTER);
    assert_eq!(about(&report, 25), [(HELD, "Primary Sector")]);
    assert_eq!(about(&report, 26), [(HELD, "Status")], "unknown grade");
    assert_eq!(about(&report, 27), [(HELD, "Status")], "no edition");
    assert_eq!(about(&report, 28), [(HELD, "(row)")], "the same code again");
    assert_eq!(known(&world, "ZZT01").name, "NOWHERE HOSPITALS NHS TRUST", "the first row stands");
    assert_eq!(about(&report, 33), [(HELD, "(row)")], "too few cells");
    assert_eq!(about(&report, 34), [(HELD, "(row)")], "too many cells");
    assert_eq!(about(&report, 35)[0].0, HELD, "the header again");
    assert_eq!((report.rows_read, report.added, report.quarantined), (34, 22, 12));
    assert_eq!((report.changed, report.unchanged, report.settled), (0, 0, 0));
}

async fn directory_rows_are_checked_too(world: World) {
    let report = import(&world, "ods-trusts-2024-06.csv");
    assert_eq!(about(&report, 3), [(NOTED, "10 postcode")]);
    let new = known(&world, "ZZT03");
    assert_eq!((new.region_code.as_deref(), new.postcode.as_deref()), (Some("Y99"), None));
    assert_eq!(about(&report, 4), [(NOTED, "12 closed")], "closed before it opened");
    assert_eq!(about(&report, 5), [(HELD, "11 opened")], "a letter O in a date");
    assert_eq!((report.rows_read, report.added, report.quarantined, report.repaired), (5, 4, 1, 2));
    let closed = known(&world, "ZZT02");
    assert_eq!(closed.closed_on.map(|d| d.to_string()).as_deref(), Some("2024-03-31"));
    assert!(!closed.is_open_on("2024-06-01".parse().unwrap()));
    assert!(closed.is_open_on("2024-03-30".parse().unwrap()));

    let report = import(&world, "ods-head-offices-2024-06.csv");
    assert_eq!(about(&report, 3), [(HELD, "15 head office")], "its own head office");
    let report = import(&world, "successors-2024-07-01.csv");
    assert_eq!(about(&report, 3), [(HELD, "(row)")], "ZZT09 is not known yet");
    assert_eq!(about(&report, 4), [(HELD, "(row)")], "an unknown organisation");
    assert_eq!(about(&report, 5), [(HELD, "Successor Code")], "no successor named");
}

async fn every_damaged_row_is_kept_whole(world: World) {
    let report = import(&world, REGISTER);
    let page = portal::organisations::Page::new(1, 500);
    let open =
        world.db().read_now(everybodys(), move |c| quarantined(c, QuarantineState::Open, page)).unwrap();
    let noted =
        world.db().read_now(everybodys(), move |c| quarantined(c, QuarantineState::Noted, page)).unwrap();
    assert_eq!(open.total, report.quarantined);
    let rows_noted: std::collections::BTreeSet<i64> = noted.items.iter().map(|q| q.row_number).collect();
    assert_eq!(rows_noted.len() as i64, report.repaired);
    let held = open.items.iter().find(|q| q.row_number == 12).unwrap();
    assert_eq!(held.format, "register@2024-05-01");
    let raw: serde_json::Value = serde_json::from_str(&held.raw).unwrap();
    assert_eq!(raw["cells"][0], serde_json::json!(["Code", "2004-04-01 00:00:00"]));
    assert_eq!(raw["cells"][5], serde_json::json!(["Commissioner (From ODS)", ""]));
    let long = open.items.iter().find(|q| q.row_number == 34).unwrap();
    let raw: serde_json::Value = serde_json::from_str(&long.raw).unwrap();
    assert_eq!(raw["cells"][7], serde_json::json!(["extra 8", "more"]), "nothing is cut off");
}

async fn other_encodings_are_read_and_noted(world: World) {
    let head = b"Code,Organisation Name,Status,Date Of Publication,Primary Sector\n".to_vec();
    let mut bytes = head.clone();
    bytes.extend_from_slice(b"ZZN01,Caf\xe9 Nobody\x92s Care,Not Published,,Social Care\n");
    bytes.extend_from_slice("ZZN02,Søn Care,Not Published,,Social Care\n".as_bytes());
    bytes.extend_from_slice(b"ZZN03,Broken \x81 Care,Not Published,,Social Care\n");
    let report = import_bytes(&world, "register-2024-01-01.csv", &bytes).unwrap();
    assert_eq!(known(&world, "ZZN01").name, "Café Nobody’s Care");
    assert_eq!(about(&report, 2), [(NOTED, "Organisation Name")]);
    assert_eq!(known(&world, "ZZN02").name, "Søn Care");
    assert_eq!(about(&report, 3), []);
    assert_eq!(about(&report, 4), [(HELD, "Organisation Name")]);
}
