//! A stranger who wants to know what a few organisations answered. They take everything that the site, its files, the interface
//! for programs and the bundles of two releases say, add what the register tells of each organisation, and let a linear
//! programme find the least and the most that every group of organisations can have answered.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use good_lp::{
    Expression, ProblemVariables, Solution as _, SolverModel as _, Variable, constraint, microlp, variable,
};
use portal::publication::Source;
use serde_json::Value;

use super::given::Return;
use crate::on_both;
use crate::support::{Browser, World};

on_both!(nobody_works_out_what_those_who_joined_answered);

const TABLE: &str = "answers-by-requirement";
/// Groups below this are small in the rules that every release names.
const SMALL: usize = 20;

/// Counts by requirement and level; what is withheld is not there.
type Counts = BTreeMap<(String, String), u64>;

/// One release, as far as anybody can know it.
struct Seen {
    /// What is shown anywhere.
    counts: Counts,
    /// Every requirement with how many answered it.
    answered: BTreeMap<String, u64>,
    /// Every level.
    levels: BTreeSet<String>,
    /// Grades by code of those with one.
    grades: BTreeMap<String, String>,
}

fn rows(csv: &[u8]) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(csv).records().map(Result::unwrap).collect()
}

/// The counts of a file of observations.
fn of_csv(bytes: &[u8]) -> Counts {
    let mut counts = Counts::new();
    for row in rows(bytes) {
        // A share of a known number is a count.
        assert!(!row[4].is_empty() || row[6].is_empty(), "{row:?}");
        if let Ok(count) = row[4].parse() {
            counts.insert((row[0].to_owned(), row[2].to_owned()), count);
        }
    }
    counts
}

fn of_observations(json: &Value) -> Counts {
    let all = json["observations"].as_array().unwrap().iter().filter_map(|one| {
        assert!(!one["count"].is_null() || one["percentage"].is_null(), "{one}");
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        Some(((text("row"), text("column")), one["count"].as_u64()?))
    });
    all.collect()
}

fn of_cells(table: &Value) -> Counts {
    let keys = |axis: &str| -> Vec<String> {
        let all = table[axis]["categories"].as_array().unwrap().iter();
        all.map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    let mut counts = Counts::new();
    for (r, row) in keys("rows").iter().enumerate() {
        for (c, column) in keys("columns").iter().enumerate() {
            if let Some(count) = table["cells"][r][c].as_u64() {
                counts.insert((row.clone(), column.clone()), count);
            }
        }
        if let Some(total) = table["row_totals"][r].as_u64() {
            counts.insert((row.clone(), "total".to_owned()), total);
        }
    }
    counts
}

/// Reads everything that is public of a release, and takes whatever any of it shows.
async fn seen(browser: &mut Browser, key: &str) -> Seen {
    let below = format!("/public/releases/{key}");
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
    let api = format!("/api/v1/releases/{key}/tables/{TABLE}");
    let site_csv = browser.get(&format!("{below}/{TABLE}.csv")).await.expect(200).body;
    let site_json = json(&browser.get(&format!("{below}/{TABLE}.json")).await.expect(200).body);
    let api_json = json(&browser.get(&format!("{api}.json")).await.expect(200).body);
    let api_csv = browser.get(&format!("{api}.csv")).await.expect(200).body;
    let zip = browser.get(&format!("{below}/bundle.zip")).await.expect(200).body;
    let mut archive = zip::ZipArchive::new(Cursor::new(zip.to_vec())).unwrap();
    let mut bundled = Vec::new();
    archive.by_name(&format!("tables/{TABLE}.csv")).unwrap().read_to_end(&mut bundled).unwrap();
    let all = [
        of_csv(&site_csv),
        of_observations(&site_json),
        of_cells(&api_json),
        of_csv(&api_csv),
        of_csv(&bundled),
    ];
    let mut counts = Counts::new();
    for one in all {
        counts.extend(one);
    }
    let listed = browser.get(&format!("{below}/organisations.csv")).await.expect(200).body;
    let heads = csv::Reader::from_reader(&listed[..]).headers().unwrap().clone();
    let grade = heads.iter().position(|name| name == "published_grade_code").unwrap();
    let graded = rows(&listed).into_iter().filter(|row| &row[grade] != "not_published");
    let keys = |axis: &str| -> Vec<String> {
        let all = api_json[axis]["categories"].as_array().unwrap().iter();
        all.map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    let answered = keys("rows").into_iter().filter_map(|row| {
        let total = counts.get(&(row.clone(), "total".to_owned())).copied()?;
        Some((row, total))
    });
    Seen {
        answered: answered.collect(),
        levels: keys("columns").into_iter().collect(),
        grades: graded.map(|row| (row[0].to_owned(), row[grade].to_owned())).collect(),
        counts,
    }
}

/// Organisations that readers can tell from others: by their grade, and by being in one release or in both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    met: bool,
    joined: bool,
}

impl Group {
    /// Whoever meets the standard has level 2 everywhere.
    fn can_have(&self, level: &str) -> bool {
        !self.met || !["level_0", "level_1"].contains(&level)
    }
}

fn groups(before: &Seen, after: &Seen) -> BTreeMap<Group, usize> {
    let mut sizes = BTreeMap::new();
    for (code, grade) in &after.grades {
        let group = Group { met: grade == "satisfactory", joined: !before.grades.contains_key(code) };
        *sizes.entry(group).or_insert(0) += 1;
    }
    sizes
}

/// What one requirement shows in both releases, level by level.
type Shown = Vec<(String, Option<u64>, Option<u64>)>;

/// The least and the most of every small group that can have a level, where they are the same: what was worked out.
fn worked_out(sizes: &BTreeMap<Group, usize>, shown: &Shown) -> Vec<(Group, String, u64)> {
    let mut found = Vec::new();
    for (group, _) in sizes.iter().filter(|(_, size)| **size < SMALL) {
        for (level, _, after) in shown {
            // What nobody at all answered is no secret, nor what the grade says.
            if *after == Some(0) || !group.can_have(level) {
                continue;
            }
            let least = extreme(sizes, shown, (group, level.as_str()), false);
            let most = extreme(sizes, shown, (group, level.as_str()), true);
            if most - least < 0.5 {
                found.push((group.clone(), level.clone(), most.round() as u64));
            }
        }
    }
    found
}

fn extreme(sizes: &BTreeMap<Group, usize>, shown: &Shown, (group, level): (&Group, &str), most: bool) -> f64 {
    let mut variables = ProblemVariables::new();
    let mut unknown: BTreeMap<(&Group, &str), Variable> = BTreeMap::new();
    for (group, size) in sizes {
        for (level, ..) in shown {
            let highest = if group.can_have(level) { *size as f64 } else { 0.0 };
            unknown.insert((group, level.as_str()), variables.add(variable().min(0.0).max(highest)));
        }
    }
    let wanted = unknown[&(group, level)];
    let objective = Expression::from(wanted);
    let problem = if most { variables.maximise(objective) } else { variables.minimise(objective) };
    let mut model = problem.using(microlp);
    for (group, size) in sizes {
        let all: Expression = shown.iter().map(|(level, ..)| unknown[&(group, level.as_str())]).sum();
        model.add_constraint(constraint!(all == *size as f64));
    }
    for (level, before, after) in shown {
        let sum = |old_only: bool| -> Expression {
            let some = sizes.keys().filter(|group| !old_only || !group.joined);
            some.map(|group| unknown[&(group, level.as_str())]).sum()
        };
        if let Some(before) = before {
            model.add_constraint(constraint!(sum(true) == *before as f64));
        }
        if let Some(after) = after {
            model.add_constraint(constraint!(sum(false) == *after as f64));
        }
    }
    model.solve().expect("the truth fits").value(wanted)
}

async fn nobody_works_out_what_those_who_joined_answered(world: World) {
    let trusts: Vec<_> = (0..92)
        .map(|n| world.organisation(&format!("R{n:03}"), &format!("Trust {n}"), "nhs_trust"))
        .collect();
    let collected = world.collected("2026", None);
    let file = |n: usize, level: u8| {
        let claimed = if level < 2 { "not_satisfactory" } else { "satisfactory" };
        world.submitted(collected, Return { claimed, level, at: world.now(), ..Return::of(trusts[n]) });
    };
    for n in 0..80 {
        file(n, if n < 30 { 1 } else { 2 + u8::from(n >= 70) });
    }
    let first = world.published(Source::Collection("2026".into()));
    world.clock.advance_seconds(3600);
    // Twelve are enough to be counted, but six of them answered as badly as can be, and six as well.
    for n in 80..92 {
        file(n, if n < 86 { 0 } else { 3 });
    }
    let second = world.published(Source::Collection("2026".into()));
    let mut stranger = world.browser();
    let (before, after) = (seen(&mut stranger, &first).await, seen(&mut stranger, &second).await);
    let sizes = groups(&before, &after);
    let joined: Vec<usize> = sizes.iter().filter(|(group, _)| group.joined).map(|(_, size)| *size).collect();
    assert_eq!(joined, [6, 6], "{sizes:?}");
    let cases: BTreeSet<Shown> = after
        .answered
        .iter()
        .filter(|(row, all)| **all == 92 && before.answered.get(*row) == Some(&80))
        .map(|(row, _)| {
            let count = |seen: &Seen, level: &String| seen.counts.get(&(row.clone(), level.clone())).copied();
            let levels = after.levels.iter();
            levels.map(|level| (level.clone(), count(&before, level), count(&after, level))).collect()
        })
        .collect();
    assert!(!cases.is_empty(), "no requirement was answered by all");
    for shown in &cases {
        assert!(shown.iter().any(|(_, before, _)| before.is_some_and(|count| count > 0)), "{shown:?}");
        assert_eq!(worked_out(&sizes, shown), [], "from {shown:?}");
    }
    // The attack has teeth: with every figure shown it finds them.
    let truth: Shown = [("level_0", 0, 6), ("level_1", 30, 30), ("level_2", 40, 40), ("level_3", 10, 16)]
        .map(|(level, before, after)| (level.to_owned(), Some(before), Some(after)))
        .to_vec();
    let found = worked_out(&sizes, &truth);
    assert!(found.contains(&(Group { met: false, joined: true }, "level_0".to_owned(), 6)), "{found:?}");
    measures_say_no_more(&mut stranger, &second, &after).await;
}

/// Shares and correlations are shown only of requirements of which every count is.
async fn measures_say_no_more(browser: &mut Browser, key: &str, seen: &Seen) {
    let path = format!("/public/releases/{key}/requirements-analysed.csv");
    let analysed = browser.get(&path).await.expect(200).body;
    for row in rows(&analysed).iter().filter(|row| row.iter().any(|cell| cell == "normal")) {
        let whole =
            seen.levels.iter().all(|level| seen.counts.contains_key(&(row[0].to_owned(), level.clone())));
        assert!(whole, "{row:?}");
    }
}
