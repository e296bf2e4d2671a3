//! Files that are refused as a whole leave nothing behind; harmless differences of form make none.

use portal::cli::import::{import_organisations, import_register};
use portal::organisations::{Format, ImportOptions};
use portal::platform::error::Error;
use portal::platform::random::{Random as _, SeededRandom};

use super::{all, fixture, import, import_bytes, import_path, sizes};
use crate::on_both;
use crate::support::World;

on_both!(
    what_is_no_csv_text_is_refused_and_leaves_nothing,
    limits_are_kept,
    the_wrong_command_or_no_date_is_refused,
    line_endings_marks_and_the_last_line_make_no_difference,
    whatever_happens_to_a_files_bytes_every_row_is_accounted_for,
);

const HEAD: &str = "Code,Organisation Name,Status,Date Of Publication,Primary Sector\n";
const ROW: &str = "ZZN01,NOWHERE CARE,Not Published,,Social Care\n";

#[track_caller]
fn refusal(world: &World, name: &str, bytes: &[u8], says: &str) {
    let before = sizes(world);
    let error = import_bytes(world, name, bytes).unwrap_err();
    assert!(
        matches!(error, Error::Unsupported(_) | Error::TooLarge(_) | Error::Refused(_)),
        "{error:?} is no refusal"
    );
    assert!(error.to_string().contains(says), "\"{error}\" does not say \"{says}\"");
    assert_eq!(sizes(world), before);
}

async fn what_is_no_csv_text_is_refused_and_leaves_nothing(world: World) {
    let name = "register-2024-01-01.csv";
    let utf16: Vec<u8> = HEAD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    refusal(&world, name, &[b"\xff\xfe".as_slice(), &utf16].concat(), "UTF-16");
    refusal(&world, name, &utf16, "zero bytes");
    refusal(&world, name, b"PK\x03\x04whatever", "workbook");
    refusal(&world, name, b"\x1f\x8b\x08whatever", "compressed");
    refusal(&world, name, b"%PDF-1.7", "PDF");
    refusal(&world, name, b"", "empty");
    refusal(&world, name, b"\n\n\n", "empty");
    refusal(&world, name, b"Code,Name\nZZN01,x\n", "the columns are not those of any known file");
    refusal(&world, name, HEAD.replace(',', ";").as_bytes(), "the columns are not those");
    refusal(&world, name, format!("Code,{HEAD}").as_bytes(), "twice");
    // Damage deep inside the file is found before the rows above it are written.
    let rows = ROW.repeat(3);
    refusal(&world, name, format!("{HEAD}{rows}ZZN02,a\0b,,,\n").as_bytes(), "zero bytes");
    assert_eq!(sizes(&world)[..3], [0, 0, 0]);
}

async fn limits_are_kept(world: World) {
    let name = "register-2024-01-01.csv";
    let long = "x".repeat(70_000);
    refusal(&world, name, format!("{HEAD}{ROW}ZZN02,{long},,,\n").as_bytes(), "a line is longer than 64 KiB");
    let open_quote = format!("{HEAD}{ROW}ZZN02,\"never closed\n{}", ROW.repeat(2_000));
    refusal(&world, name, open_quote.as_bytes(), "row 3 is longer than 64 KiB");
    let path = world.folder().join(name);
    std::fs::write(&path, format!("{HEAD}{}", ROW.repeat(30_000))).unwrap();
    let mut options = ImportOptions::default();
    options.limits.file_bytes = 1024 * 1024;
    let error = import_register(world.db(), &path, &options).unwrap_err();
    assert!(matches!(&error, Error::TooLarge(said) if said.contains("1 MiB")), "{error:?}");
    let mut options = ImportOptions::default();
    options.limits.rows = 30_000;
    let error = import_register(world.db(), &path, &options).unwrap_err();
    assert!(matches!(&error, Error::TooLarge(said) if said.contains("more than 30,000 rows")), "{error:?}");
    let mut options = ImportOptions::default();
    options.limits.held_rows = 100;
    let error = import_register(world.db(), &path, &options).unwrap_err();
    assert!(error.to_string().contains("more than 100 rows would have to be held back"), "{error}");
    assert!(error.to_string().contains("row 3, (row): the code ZZN01 is in row 2 already"), "{error}");
    assert_eq!(sizes(&world)[..3], [0, 0, 0]);
}

async fn the_wrong_command_or_no_date_is_refused(world: World) {
    let register = fixture("register-2024-05-01.csv");
    let error = import_organisations(world.db(), &register, &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().contains("use portal import register"), "{error}");
    let trusts = fixture("ods-trusts-2024-06.csv");
    let error = import_register(world.db(), &trusts, &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().contains("use portal import organisations"), "{error}");
    let asked = ImportOptions { format: Some(Format::Register2019), ..ImportOptions::default() };
    let error = import_register(world.db(), &register, &asked).unwrap_err();
    assert!(error.to_string().contains("odscode"), "{error}");
    refusal(&world, "register.csv", format!("{HEAD}{ROW}").as_bytes(), "--as-of");
    let dated = ImportOptions { as_of: Some("2024-01-01".parse().unwrap()), ..ImportOptions::default() };
    import_path(&world, &world.folder().join("register.csv"), &dated).unwrap();
    let absent =
        import_register(world.db(), &world.folder().join("nothing-2024-01-01.csv"), &dated).unwrap_err();
    assert!(absent.to_string().contains("cannot be opened"), "{absent}");
    let folder = import_register(world.db(), world.folder(), &dated).unwrap_err();
    assert!(folder.to_string().contains("not a file"), "{folder}");
}

async fn line_endings_marks_and_the_last_line_make_no_difference(world: World) {
    import(&world, "register-2019-03-31.csv");
    let (expected, rows) = (all(&world), sizes(&world));
    let plain = std::fs::read_to_string(fixture("register-2019-03-31.csv")).unwrap();
    let mut mixed = String::new();
    for (i, line) in plain.lines().enumerate() {
        mixed.push_str(line);
        mixed.push_str(if i % 2 == 0 { "\r\n" } else { "\n\n" });
    }
    for variant in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        mixed,
        format!("\u{feff}{plain}"),
        format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        plain.trim_end().to_owned(),
    ] {
        let report = import_bytes(&world, "register-2019-03-31.csv", variant.as_bytes()).unwrap();
        assert_eq!((report.rows_read, report.unchanged), (5, 5), "{variant:?}");
        assert_eq!(sizes(&world), rows, "{variant:?}");
    }
    assert_eq!(all(&world), expected);
}

/// Flips, removes and adds bytes of a good file: it is refused, or every row is taken or held back; nothing panics,
/// and what was taken once is not taken again.
async fn whatever_happens_to_a_files_bytes_every_row_is_accounted_for(world: World) {
    let random = SeededRandom::new(7);
    let draw = |below: usize| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_le_bytes(bytes) % below as u64).unwrap()
    };
    let pieces: [&[u8]; 10] =
        [b"\"", b",", b"\n", b"\r", b"\xff", b"\0", b"=cmd", b"\xe2\x80\xae", b"99/99/9999", b"\"\"\","];
    let names = ["register-2024-05-01.csv", "ods-trusts-2024-06.csv", "regions-2024-04.csv"];
    let (mut taken, mut refused) = (0, 0);
    for round in 0..90 {
        let name = names[round % names.len()];
        let mut bytes = std::fs::read(fixture(name)).unwrap();
        for _ in 0..=draw(6) {
            let at = draw(bytes.len());
            let until = (at + draw(12)).min(bytes.len());
            bytes.splice(at..until, pieces[draw(pieces.len())].iter().copied());
        }
        match import_bytes(&world, name, &bytes) {
            Ok(_) => {
                let rows = sizes(&world);
                let again = import_bytes(&world, name, &bytes).unwrap();
                assert_eq!((again.added, again.changed), (0, 0), "round {round}: {again}");
                assert_eq!(sizes(&world), rows, "round {round}");
                taken += 1;
            }
            Err(Error::Unsupported(_) | Error::TooLarge(_) | Error::Refused(_)) => refused += 1,
            Err(other) => panic!("round {round}: {other:?}"),
        }
    }
    assert!(taken > 20 && refused > 5, "{taken} taken, {refused} refused");
}
