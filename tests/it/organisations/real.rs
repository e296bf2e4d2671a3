//! The real files, where they are at hand: counts equal a plain recount, every row is accounted for, and a second
//! import of everything changes nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use portal::organisations::{self, Grade, ImportOptions, ImportReport, Sector};

use super::{import_path, known, organisation, sizes};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    the_register_of_2022_equals_a_recount,
    the_register_of_2019_equals_a_recount,
    all_real_files_import_twice_without_a_difference,
);

/// The folder of real files; none, with the reason printed, where it is absent.
fn folder() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: {} is absent; the real registers are not part of the project", path.display());
    None
}

fn run(world: &World, path: &str) -> Option<ImportReport> {
    let report = import_path(world, &folder()?.join(path), &ImportOptions::default()).unwrap();
    Some(report)
}

/// A plain recount of a CSV file: how often each pair of labels occurs, by two of its columns.
fn recount(path: &str, sector: usize, status: usize) -> Option<BTreeMap<(String, String), i64>> {
    let text = std::fs::read_to_string(folder()?.join(path)).unwrap();
    let mut counts = BTreeMap::new();
    for line in text.trim_start_matches('\u{feff}').lines().skip(1) {
        let cells = cells(line);
        *counts.entry((cells[sector].clone(), cells[status].clone())).or_default() += 1;
    }
    Some(counts)
}

/// Splits a line without the importer's help.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

/// Our sector of a register's label, written out here a second time so that the shipped table is checked.
fn sector(label: &str) -> Sector {
    match label {
        "NHS Trust" | "Acute" | "Mental Health Trust" | "Ambulance Trust" => Sector::NhsTrust,
        "CCG / Integrated Care Board (ICB)" | "CCG" => Sector::Icb,
        "Commissioning Support Unit (CSU)" | "CSU" => Sector::Csu,
        "Arm's Length Body" | "Arms Length Body" | "NHS Digital" => Sector::Alb,
        "Local Authority" => Sector::LocalAuthority,
        "General Practice (GP)" | "GP" => Sector::Gp,
        "Pharmacy" => Sector::Pharmacy,
        "Dentist" | "Dentist (NHS)" | "Dentist (Private)" => Sector::Dentist,
        "Optician" => Sector::Optician,
        "Social Care" | "Care Home" | "Domiciliary Care Organisation" => Sector::SocialCare,
        "Company" => Sector::Company,
        "University (including researcher and secondary use)"
        | "University"
        | "Researcher / Department"
        | "Secondary Use Organisation" => Sector::University,
        _ => Sector::Other,
    }
}

fn grade(label: &str) -> Grade {
    if label.is_empty() || label == "Not Published" {
        Grade::NotPublished
    } else if label.contains("Exceeded") {
        Grade::StandardsExceeded
    } else if label.contains("Approaching") || label.contains("plan agreed") || label.contains("Entry Level")
    {
        Grade::ApproachingStandards
    } else if label.contains("Not Met") {
        Grade::StandardsNotMet
    } else {
        assert!(label.contains("Standards Met"), "{label}");
        Grade::StandardsMet
    }
}

/// The recount less what is held back must be what the register counts, sector by sector and grade by grade.
fn compare(
    world: &World,
    source: &'static str,
    plain: &BTreeMap<(String, String), i64>,
    held_back: &[(Sector, Grade)],
) {
    let mut expected: BTreeMap<(Sector, Grade), i64> = BTreeMap::new();
    for ((sector_label, status), count) in plain {
        *expected.entry((sector(sector_label), grade(status))).or_default() += count;
    }
    for pair in held_back {
        *expected.get_mut(pair).unwrap() -= 1;
    }
    expected.retain(|_, count| *count > 0);
    let mut found: BTreeMap<(Sector, Grade), i64> = BTreeMap::new();
    for count in world.db().read_now(everybodys(), move |c| organisations::counts(c, source)).unwrap() {
        *found.entry((count.sector, count.grade)).or_default() += count.organisations;
    }
    assert_eq!(found, expected);
}

async fn the_register_of_2022_equals_a_recount(world: World) {
    let Some(report) = run(&world, "register/register-2022-09-09.csv") else { return };
    assert_eq!((report.rows_read, report.added, report.quarantined), (64_201, 64_197, 4), "{report}");
    let plain = recount("register/register-2022-09-09.csv", 4, 2).unwrap();
    assert_eq!(plain.values().sum::<i64>(), 64_201);
    let held = [
        (Sector::SocialCare, Grade::StandardsMet),
        (Sector::SocialCare, Grade::StandardsMet),
        (Sector::SocialCare, Grade::StandardsMet),
        (Sector::Other, Grade::NotPublished),
    ];
    compare(&world, "register@2022-09-09", &plain, &held);
    let mended = known(&world, "APR03");
    assert_eq!(mended.sector, Sector::Other);
    assert!(organisation(&world, "8HK29").is_some(), "lower-case codes are mended");
    let again = run(&world, "register/register-2022-09-09.csv").unwrap();
    assert_eq!((again.added, again.changed, again.unchanged, again.quarantined), (0, 0, 64_197, 4));
}

async fn the_register_of_2019_equals_a_recount(world: World) {
    let Some(report) = run(&world, "register/register-2019-06-17.csv") else { return };
    assert_eq!((report.rows_read, report.added, report.quarantined), (31_970, 31_968, 2), "{report}");
    let plain = recount("register/register-2019-06-17.csv", 4, 2).unwrap();
    let held = [(Sector::Other, Grade::NotPublished), (Sector::Company, Grade::StandardsMet)];
    compare(&world, "register-2019@2019-06-17", &plain, &held);
    let counts =
        world.db().read_now(everybodys(), |c| organisations::counts(c, "register-2019@2019-06-17")).unwrap();
    let of = |edition: &str, label: &str| -> i64 {
        let matching = counts.iter().filter(|c| c.edition_label == edition && c.label == label);
        matching.map(|c| c.organisations).sum()
    };
    assert_eq!(of("18/19", "Standards not fully met (plan agreed)"), 119);
    assert_eq!(of("19/20", "Standards Met"), 37);
    assert_eq!(of("19/20", "Entry Level"), 14);
}

async fn all_real_files_import_twice_without_a_difference(world: World) {
    const FILES: [&str; 8] = [
        "organisations/sub-icb-icb-region-2023-04.csv",
        "organisations/etr-2026-07.csv",
        "organisations/edispensary-head-offices-2025-04.csv",
        "register/register-2019-06-17.csv",
        "register/register-2022-09-09.csv",
        "register/trusts-2023-10-17.csv",
        "register/trusts-2023-11-16.csv",
        "register/icbs-2023-11-16.csv",
    ];
    for (file, rows) in FILES.iter().zip([106, 274, 3_517, 31_970, 64_201, 211, 211, 42]) {
        let Some(report) = run(&world, file) else { return };
        assert_eq!(report.rows_read, rows, "{file}");
    }
    let before = sizes(&world);
    for file in FILES {
        let report = run(&world, file).unwrap();
        assert_eq!((report.added, report.changed), (0, 0), "{report}");
    }
    assert_eq!(sizes(&world), before);
    // The register of 2022 still counts as it did, though newer files came since.
    let plain = recount("register/trusts-2023-11-16.csv", 9, 7).unwrap();
    compare(&world, "register-trusts@2023-11-16", &plain, &[]);
    let chain = known(&world, "P08F").id;
    let sites = world
        .db()
        .read_now(everybodys(), move |c| organisations::sites_of(c, chain, organisations::Page::new(1, 1)))
        .unwrap();
    assert!(sites.total > 1_000, "{}", sites.total);
}
