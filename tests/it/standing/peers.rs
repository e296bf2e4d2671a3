//! Figures of organisations of the same kind: nothing of small groups, nothing that moves when one organisation joins, and
//! pages that read nothing but the stored figures.

use std::collections::BTreeMap;

use diesel::prelude::*;
use portal::platform::clock::parse_london;
use portal::platform::ids::JobId;
use portal::platform::jobs::{Job, Outcome};
use portal::schema::peer_figure;
use portal::standing::{self, Refreshed};
use serde_json::json;

use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

on_both!(
    a_sector_of_three_shows_nothing,
    a_sector_shows_quartiles_that_one_more_does_not_move,
    the_job_runs_each_night,
);

type Row = (i64, Option<i64>, Option<i64>, Option<i64>, Option<String>);

/// The stored figures by measure.
fn stored(world: &World) -> BTreeMap<String, Row> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            let rows: Vec<(String, Row)> = peer_figure::table
                .select((
                    peer_figure::measure,
                    (
                        peer_figure::size,
                        peer_figure::lower_quarter,
                        peer_figure::middle,
                        peer_figure::upper_quarter,
                        peer_figure::withheld,
                    ),
                ))
                .load(conn)?;
            Ok(rows.into_iter().collect())
        })
        .unwrap()
}

/// Trusts that have started; the first so many have confirmed one answer of three, as many two, and as many all.
fn started(world: &World, codes: std::ops::RangeInclusive<usize>, third: usize) -> Vec<Trust> {
    let trusts: Vec<Trust> = codes.map(|n| world.trust(&format!("ZZ{n:03}"))).collect();
    for (place, trust) in trusts.iter().enumerate() {
        world.started(trust, "2026");
        for code in ["1-1", "1-2", "1-3"].into_iter().take(1 + place / third.max(1)) {
            world.answered(trust, "2026", code, &json!({"level": 2}), "");
        }
    }
    trusts
}

async fn a_sector_of_three_shows_nothing(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let trusts = started(&world, 1..=3, 1);
    assert_eq!(standing::refresh_peers(world.db()).unwrap(), Refreshed { shown: 0, withheld: 1 });
    let rows = stored(&world);
    assert_eq!(rows["answered"], (3, None, None, None, Some("small group".to_owned())));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trusts[0].at("2026", "/standing"))
        .await
        .expect(200)
        .shows("there are too few organisations of your kind")
        .hides("have at most");
    assert_eq!(standing::refresh_peers(world.db()).unwrap(), Refreshed::default(), "nothing changed");
    world.settle();
}

async fn a_sector_shows_quartiles_that_one_more_does_not_move(world: World) {
    world.usual_year(&levels("sample-2026", 3));
    let trusts = started(&world, 1..=21, 7);
    world.clock.advance_seconds(60);
    assert_eq!(standing::refresh_peers(world.db()).unwrap(), Refreshed { shown: 1, withheld: 0 });
    // Seven each of 33, 66 and 100 points: the middle is 66, which is 65 to the nearest five.
    let first = stored(&world)["answered"].clone();
    assert_eq!(first, (21, Some(40), Some(65), Some(95), None));
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trusts[0].at("2026", "/standing"))
        .await
        .expect(200)
        .shows("Half have at most")
        .shows("95 or more")
        .hides("ZZ002");
    // One more starts; neither the next night nor a month later does the difference tell anything of it.
    world.clock.set(parse_london("2026-01-14 10:00").unwrap());
    let newcomer = world.trust("ZZ099");
    world.started(&newcomer, "2026");
    for day in ["2026-01-15", "2026-01-21", "2026-02-14"] {
        world.clock.set(parse_london(&format!("{day} 03:00")).unwrap());
        assert_eq!(standing::refresh_peers(world.db()).unwrap(), Refreshed::default(), "{day}");
        assert_eq!(stored(&world)["answered"], first, "{day}");
    }
    // When five have changed, all figures are counted anew.
    for trust in trusts.iter().take(4) {
        world.answered(trust, "2026", "1-2", &json!({"level": 2}), "");
    }
    assert_eq!(standing::refresh_peers(world.db()).unwrap(), Refreshed { shown: 1, withheld: 0 });
    assert_eq!(stored(&world)["answered"].0, 22);
    world.settle();
}

async fn the_job_runs_each_night(world: World) {
    let job =
        Job { id: JobId::new(1), kind: standing::PEERS.to_owned(), payload: "{}".to_owned(), attempts: 0 };
    for (now, next) in [
        ("2026-01-13 10:00", "2026-01-14 03:00"),
        ("2026-03-28 03:00", "2026-03-29 03:00"),
        ("2026-10-24 03:00", "2026-10-25 03:00"),
    ] {
        world.clock.set(parse_london(now).unwrap());
        let next = parse_london(next).unwrap();
        let outcome = standing::peers(world.db(), &job).unwrap();
        assert_eq!(outcome, Outcome::RetryAt(next, "wrote 0 figures and withheld 0".to_owned()));
    }
    world.settle();
}
