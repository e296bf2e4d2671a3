//! The real national register, where it is at hand: a release of it must equal a plain recount of the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use portal::organisations::{Done, ImportOptions};
use portal::publication::Source;

use crate::support::World;

fn file(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/register").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: {} is not there", path.display());
    None
}

/// Our sector for a label of the file.
fn sector(label: &str) -> &'static str {
    match label {
        "Social Care" => "social_care",
        "Pharmacy" => "pharmacy",
        "Dentist" => "dentist",
        "General Practice (GP)" => "gp",
        "Optician" => "optician",
        "Company" => "company",
        "Local Authority" => "local_authority",
        "NHS Trust" => "nhs_trust",
        "University (including researcher and secondary use)" => "university",
        "CCG / Integrated Care Board (ICB)" => "icb",
        "Arm's Length Body" => "alb",
        "Commissioning Support Unit (CSU)" => "csu",
        _ => "other",
    }
}

/// Our grade for a status of the file.
fn grade(status: &str) -> &'static str {
    match status.trim_start_matches(|c: char| c.is_ascii_digit() || c == '/' || c == ' ') {
        "Standards Exceeded" => "standards_exceeded",
        "Standards Met" => "standards_met",
        "Approaching Standards" | "Entry Level" => "approaching_standards",
        "Standards Not Met" => "standards_not_met",
        "Not Published" => "not_published",
        other => panic!("the file has a status that the test does not know: {other}"),
    }
}

#[test]
fn a_release_of_the_national_register_equals_a_recount_of_the_file() {
    let Some(path) = file("register-2022-09-09.csv") else { return };
    World::sqlite().run(async |world: World| {
        let imported =
            portal::cli::import::import_register(world.db(), &path, &ImportOptions::default()).unwrap();
        let mut recount: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut reader = csv::Reader::from_path(&path).unwrap();
        // Rows that are kept in quarantine are in no figure until an administrator has resolved them.
        let waiting: Vec<i64> =
            imported.damage.iter().filter(|d| d.done == Done::Quarantined).map(|d| d.row).collect();
        assert_eq!(i64::try_from(waiting.len()).unwrap(), imported.quarantined);
        for (row, line) in reader.records().zip(2_i64..) {
            let row = row.unwrap();
            if waiting.contains(&line) {
                continue;
            }
            *recount.entry((sector(&row[4]), grade(&row[2]))).or_default() += 1;
        }
        let total: u64 = recount.values().sum();
        assert_eq!(
            total + imported.quarantined.unsigned_abs(),
            64_201,
            "the recount reads the whole file; import: {imported:?}"
        );
        let key = world.published(Source::Register("register@2022-09-09".into()));
        let mut browser = world.browser();
        let csv =
            browser.get(&format!("/public/releases/{key}/grade-by-sector.csv")).await.expect(200).text();
        let mut published: BTreeMap<(String, String), u64> = BTreeMap::new();
        for row in csv::Reader::from_reader(csv.as_bytes()).records() {
            let row = row.unwrap();
            if &row[0] != "total" && &row[2] != "total" {
                published.insert((row[0].to_owned(), row[2].to_owned()), row[4].parse().unwrap());
            }
        }
        for ((sector, grade), count) in &published {
            let expected = recount.get(&(sector.as_str(), grade.as_str())).copied().unwrap_or(0);
            assert_eq!(*count, expected, "{sector} {grade}");
        }
        assert_eq!(published.values().sum::<u64>(), total);
        let (pages, directory) = world.parts.site.weight();
        println!("pages: {pages} bytes, list of organisations: {directory} bytes");
        assert!(pages + directory < 30_000_000, "a national release takes {pages} + {directory} bytes");
        browser.get("/public/organisations?q=university+hospital").await.expect(200).shows("organisations");
    });
}
