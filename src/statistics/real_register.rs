//! The methods on the real registers, where `../shared/data` has them; skipped with a printed reason elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::disclosure::{DisclosureRules, Sensitivity, protect};
use super::estimators::{CompositeRule, Transitions};
use super::{CrossTable, Dimension};

/// The rows of a register as maps from column name to value, or `None` where the file is absent.
pub(super) fn rows(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "shared", "data", "register", file].iter().collect();
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("skipped: {file} is not in ../shared/data/register");
        return None;
    };
    Some(reader.deserialize().map(|row| row.unwrap()).collect())
}

/// Grade keys from the registers' labels, whatever the edition.
pub(super) fn grade(status: &str) -> &'static str {
    match status {
        s if s.contains("Exceeded") => "standards_exceeded",
        s if s.contains("Approaching") || s.contains("plan agreed") => "approaching_standards",
        s if s.contains("Not Met") => "standards_not_met",
        s if s.contains("Met") => "standards_met",
        _ => "not_published",
    }
}

fn grades() -> Dimension {
    let keys = [
        "standards_exceeded",
        "standards_met",
        "approaching_standards",
        "standards_not_met",
        "not_published",
    ];
    Dimension::new("grade", "Grade", keys.map(|key| (key, key))).unwrap()
}

fn observed(name: &str, rows: &[BTreeMap<String, String>], column: &str) -> Dimension {
    let keys: std::collections::BTreeSet<&str> = rows.iter().map(|row| row[column].as_str()).collect();
    Dimension::new(name, name, keys.into_iter().map(|key| (key, key))).unwrap()
}

#[test]
fn the_register_by_sector_equals_a_plain_recount_and_can_be_protected() {
    let Some(rows) = rows("register-2022-09-09.csv") else { return };
    let mut recount: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in &rows {
        *recount.entry((row["Primary Sector"].as_str(), grade(&row["Status"]))).or_default() += 1;
    }
    let records = rows.iter().map(|row| (row["Primary Sector"].as_str(), grade(&row["Status"])));
    let sectors = observed("sector", &rows, "Primary Sector");
    let table = CrossTable::count("register:2022-09-09", sectors, grades(), records).unwrap();
    assert_eq!(table.total(), 64_201);
    for sector in table.rows().categories() {
        for grade in table.columns().categories() {
            let expected = recount.get(&(sector.key.as_str(), grade.key.as_str())).copied().unwrap_or(0);
            assert_eq!(table.get(&sector.key, &grade.key), Some(expected), "{sector:?} {grade:?}");
        }
    }
    // Grades are public; the same counts stand in for a secret answer of the same skew.
    let rules = DisclosureRules::default();
    let protected = protect(table.clone(), Sensitivity::Security, &rules).unwrap();
    println!("{} sectors by grade as if secret: {:?}", table.rows().len(), protected.cost());
    assert!(protected.published().withheld() > 0);
    assert_eq!(protect(table, Sensitivity::PublicRegister, &rules).unwrap().published().withheld(), 0);
}

#[test]
fn three_years_of_the_register_are_compared_over_matched_organisations_only() {
    let (Some(earlier), Some(later)) = (rows("register-2019-06-17.csv"), rows("register-2022-09-09.csv"))
    else {
        return;
    };
    // Codes damaged by spreadsheets can collide; the first row stands, as a plain map would have the last.
    let by_code = |rows: &[BTreeMap<String, String>], code: &str, status: &str| {
        let mut found: BTreeMap<String, &'static str> = BTreeMap::new();
        for row in rows {
            found.entry(row[code].to_uppercase()).or_insert_with(|| grade(&row[status]));
        }
        found
    };
    let before = by_code(&earlier, "ODSCode", "PublicationStatus");
    let after = by_code(&later, "Code", "Status");
    let change = Transitions::between("2019-2022", &grades(), before.clone(), after.clone()).unwrap();
    let both = before.keys().filter(|code| after.contains_key(*code)).count() as u64;
    println!("matched {both} of {} and {}", before.len(), after.len());
    assert!(both > 20_000);
    assert_eq!(change.matched_total(), both);
    assert_eq!(change.left().iter().sum::<u64>(), before.len() as u64 - both);
    assert_eq!(change.joined().iter().sum::<u64>(), after.len() as u64 - both);
    let same = before.iter().filter(|(code, grade)| after.get(*code) == Some(grade)).count() as u64;
    let diagonal: u64 = (0..5).filter_map(|index| change.matched().at(index, index)).sum();
    assert_eq!(diagonal, same);
}

#[test]
fn every_board_has_a_composite_score_within_its_range() {
    let (Some(boards), Some(trusts)) = (rows("icbs-2023-11-16.csv"), rows("trusts-2023-11-16.csv")) else {
        return;
    };
    let rule = CompositeRule::default();
    let mut scores: BTreeMap<&str, rust_decimal::Decimal> = BTreeMap::new();
    for board in &boards {
        let code = board["Code"].as_str();
        let own = trusts.iter().filter(|trust| trust["High Level Health Geography"] == code);
        let statuses: Vec<&str> = own.map(|trust| grade(&trust["Status"])).collect();
        if let Ok(score) = rule.score(grade(&board["Status"]), &statuses) {
            scores.insert(code, score);
        }
    }
    let three = rust_decimal::Decimal::from(3);
    assert!(scores.values().all(|score| score.abs() <= three && score.scale() == 2), "{scores:?}");
    assert_eq!(scores.len(), 42);
}
