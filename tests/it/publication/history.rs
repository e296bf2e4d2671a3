//! Registers of earlier years as releases with their own days, labels and sectors; the real ones where they are at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

use portal::cli::import::history;
use portal::organisations::{Done, ImportOptions};

use crate::on_both;
use crate::support::{World, everybodys};

on_both!(registers_of_other_years_become_releases_of_their_own_days);

const OF_2019: &str = "OrganisationName,ODSCode,PublicationStatus,DateOfPublication,PrimarySector,CCG (from ODS and CQC)\n\
    Acorn Hospital,ZA1,Standards Met,2019-03-25 00:00:00,Acute,\n\
    Birch House,ZB1,Entry Level,2019-03-26 00:00:00,Care Home,\n\
    Cedar Care at Home,ZC1,Standards Met,2019-03-26 00:00:00,Domiciliary Care Organisation,\n\
    Damson Pharmacy,ZD1,,,Pharmacy,\n";

const OF_2022: &str = "Code,Organisation Name,Status,Date Of Publication,Primary Sector,Commissioner (From ODS)\n\
    ZA1,ACORN HOSPITAL,21/22 Standards Exceeded,2022-06-30,NHS Trust,\n\
    ZB1,BIRCH HOUSE,21/22 Standards Met,2022-06-30,Social Care,\n\
    ZC1,CEDAR CARE,Not Published,,Other (including charities and NHS business partners),\n\
    ZE1,ELDER SURGERY,20/21 Standards Met,2021-06-30,General Practice (GP),\n";

fn counts(csv: &str) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        let row = row.unwrap();
        let count: u64 = row[4].parse().unwrap();
        if &row[0] != "total" && &row[2] != "total" && count > 0 {
            counts.insert((row[0].to_owned(), row[2].to_owned()), count);
        }
    }
    counts
}

fn pairs<const N: usize>(of: [(&str, &str, u64); N]) -> BTreeMap<(String, String), u64> {
    of.into_iter().map(|(row, column, count)| ((row.to_owned(), column.to_owned()), count)).collect()
}

async fn registers_of_other_years_become_releases_of_their_own_days(world: World) {
    let folder = world.folder().join("registers");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("register-2019-06-17.csv"), OF_2019).unwrap();
    std::fs::write(folder.join("register-2022-09-09.csv"), OF_2022).unwrap();
    std::fs::write(folder.join("notes.txt"), "not a register").unwrap();
    let told = history(world.db(), std::slice::from_ref(&folder), "Ada Example").unwrap();
    assert!(told.contains("Published: /public/releases/register-2019-2019-06-17"), "{told}");
    world.settle();
    let mut public = world.browser();
    let of_2019 = "/public/releases/register-2019-2019-06-17";
    let page = public.get(of_2019).await.expect(200);
    page.shows("Figures of 17 June 2019")
        .shows("The register of 2019 named sectors otherwise")
        .shows("A newer release");
    // In the sectors of its own day, and in those of today by the labels that it carried then.
    let own = public.get(&format!("{of_2019}/grade-by-own-sector.csv")).await.expect(200).text();
    assert_eq!(
        counts(&own),
        pairs([
            ("Acute", "standards_met", 1),
            ("Care Home", "approaching_standards", 1),
            ("Domiciliary Care Organisation", "standards_met", 1),
            ("Pharmacy", "not_published", 1),
        ])
    );
    let today = public.get(&format!("{of_2019}/grade-by-sector.csv")).await.expect(200).text();
    assert_eq!(
        counts(&today),
        pairs([
            ("nhs_trust", "standards_met", 1),
            ("social_care", "approaching_standards", 1),
            ("social_care", "standards_met", 1),
            ("pharmacy", "not_published", 1),
        ])
    );
    let of_2022 = "/public/releases/register-2022-09-09";
    public.get(of_2022).await.expect(200).hides("named sectors otherwise");
    public.get(&format!("{of_2022}/grade-by-own-sector.csv")).await.expect(404);
    // Three are in both: two moved up, and one published no more.
    let change = public.get(&format!("{of_2022}/change.csv")).await.expect(200).text();
    assert_eq!(
        counts(&change),
        pairs([
            ("standards_met", "standards_exceeded", 1),
            ("approaching_standards", "standards_met", 1),
            ("standards_met", "not_published", 1),
        ])
    );
    let history_page = public.get("/public/history").await.expect(200);
    history_page
        .shows("17 June 2019")
        .shows("9 September 2022")
        .shows("1 of 2")
        .shows("The bridge between the two codings of sectors")
        .shows("Half of these were private ambulance providers");
    public.get("/").await.expect(200).shows("of 4 organisations");
    let again = history(world.db(), &[folder], "Ada Example").unwrap();
    assert!(
        again.contains("Unchanged: /public/releases/register-2022-09-09") && !again.contains("Published:"),
        "{again}"
    );
    assert_eq!(world.events_of("release.published"), 2);
    world.settle();
}

#[test]
fn the_bridge_says_what_the_labels_say() {
    World::sqlite().run(async |world: World| {
        world.db().housekeep_now(everybodys(), |tx| portal::organisations::seed_labels(tx.conn())).unwrap();
        let labels = world.db().read_now(everybodys(), portal::organisations::labels).unwrap();
        for span in portal::publication::bridge().unwrap().sectors {
            let sectors = (labels.sector(&span.earlier), labels.sector(&span.later));
            assert!(sectors.0.is_some() && sectors.0 == sectors.1, "{span:?}: {sectors:?}");
        }
    });
}

/// The folder of the real registers; none, with the reason printed, where it is absent.
fn real() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/register");
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: {} is not there; the real registers are not part of the project", path.display());
    None
}

/// Our grade for a status of the registers.
fn grade(status: &str) -> &'static str {
    match status {
        "" => "not_published",
        text if text.contains("Exceeded") => "standards_exceeded",
        text if text.contains("plan agreed")
            || text.contains("Entry Level")
            || text.contains("Approaching") =>
        {
            "approaching_standards"
        }
        text if text.contains("Not Met") => "standards_not_met",
        text if text.contains("Standards Met") => "standards_met",
        text if text.contains("Not Published") => "not_published",
        other => panic!("the file has a status that the test does not know: {other}"),
    }
}

#[test]
fn the_register_of_2019_is_released_as_a_plain_recount_counts_it() {
    let Some(folder) = real() else { return };
    World::sqlite().run(async |world: World| {
        let path = folder.join("register-2019-06-17.csv");
        let report =
            portal::cli::import::import_register(world.db(), &path, &ImportOptions::default()).unwrap();
        let held: Vec<i64> =
            report.damage.iter().filter(|d| d.done == Done::Quarantined).map(|d| d.row).collect();
        assert_eq!(i64::try_from(held.len()).unwrap(), report.quarantined);
        let mut plain: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&path).unwrap();
        for (row, line) in reader.records().zip(2_i64..) {
            let row = row.unwrap();
            if held.contains(&line) {
                continue;
            }
            let label = row[4].split_whitespace().collect::<Vec<_>>().join(" ");
            let label = if label.is_empty() { "none".to_owned() } else { label };
            *plain.entry((label, grade(row[2].trim()).to_owned())).or_default() += 1;
        }
        history(world.db(), &[path], "Ada Example").unwrap();
        world.settle();
        let mut public = world.browser();
        let own = "/public/releases/register-2019-2019-06-17/grade-by-own-sector.csv";
        assert_eq!(counts(&public.get(own).await.expect(200).text()), plain);
        public.get("/public/history").await.expect(200).shows("17 June 2019");
    });
}

#[test]
fn every_real_register_becomes_a_release_of_its_day() {
    let Some(folder) = real() else { return };
    World::sqlite().run(async |world: World| {
        let told = history(world.db(), &[folder], "Ada Example").unwrap();
        world.settle();
        let mut public = world.browser();
        let page = public.get("/public/history").await.expect(200);
        for day in ["17 June 2019", "9 September 2022", "17 October 2023", "16 November 2023"] {
            assert!(page.text().contains(day), "{day} is not in the history");
        }
        for key in [
            "register-2019-2019-06-17",
            "register-2022-09-09",
            "register-trusts-2023-10-17",
            "register-trusts-2023-11-16",
            "register-icbs-2023-11-16",
        ] {
            assert!(told.contains(&format!("Published: /public/releases/{key}")), "{told}");
            public.get(&format!("/public/releases/{key}")).await.expect(200);
        }
        // The same organisations three years apart.
        let change = public.get("/public/releases/register-2022-09-09/change.csv").await.expect(200).text();
        assert!(counts(&change).values().sum::<u64>() > 20_000, "{change}");
    });
}
