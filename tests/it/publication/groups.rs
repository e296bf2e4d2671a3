//! What a reader finds of their own organisation, region, board or section: pages of groups, a search that forgives typing
//! errors, a comparison, a timeline, and figures from release to release.

use diesel::prelude::*;
use portal::platform::ids::OrganisationId;
use portal::publication::Source;
use portal::schema::organisation;

use super::given::Return;
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(
    every_group_has_a_page_that_leads_to_its_neighbours,
    boards_have_pages_with_the_trusts_in_their_areas,
    sections_of_the_standard_have_pages,
    a_search_forgives_typing_errors,
    the_first_half_of_a_postcode_finds_who_is_there,
    organisations_stand_side_by_side,
    the_timeline_tells_what_became_of_a_return,
    figures_are_followed_from_release_to_release,
    the_front_page_says_how_certain_its_figure_is,
);

const NOW: &str = "register@2022-09-09";
const BEFORE: &str = "register-2019@2019-06-17";

fn published(world: &World) -> String {
    world.published(Source::Register(NOW.to_owned()))
}

/// Two trusts in London and a surgery in the Midlands.
fn some(world: &World) -> [OrganisationId; 3] {
    let north = world.organisation("RX1", "Brackenmoor Hospital", "nhs_trust");
    let south = world.organisation("RX2", "Saltmarsh Hospital", "nhs_trust");
    let surgery = world.organisation_in(("Y60", "Midlands"), "A81001", "The Old Surgery", "gp");
    world.status(NOW, north, "21/22", "Standards Met", "standards_met");
    world.status(NOW, south, "21/22", "Standards Not Met", "standards_not_met");
    world.status(NOW, surgery, "21/22", "Standards Met", "standards_met");
    [north, south, surgery]
}

fn set_postcode(world: &World, id: OrganisationId, postcode: &'static str) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(organisation::table.filter(organisation::id.eq(id)))
                .set(organisation::postcode.eq(postcode))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
}

async fn every_group_has_a_page_that_leads_to_its_neighbours(world: World) {
    some(&world);
    let key = published(&world);
    let mut browser = world.browser();
    let trusts = browser.get("/public/sectors/nhs_trust").await.expect(200);
    trusts
        .shows("Results: NHS trusts")
        .shows("1 of 2 organisations (50")
        .shows("meet or exceed the standards now")
        .shows("href=\"/public/sectors/gp\"")
        .hides("href=\"/public/sectors/nhs_trust\"")
        .shows("href=\"/public/organisations?sector=nhs_trust\"")
        // The table is at hand, stands in the release for good, and says by which rules it is made.
        .shows("Table: Status now by sector")
        .shows(&format!("href=\"/public/releases/{key}#standing-by-sector-heading\""))
        .shows("The rules it is made by");
    let london = browser.get("/public/regions/Y56").await.expect(200);
    london
        .shows("Results: London")
        .shows("1 of 2 organisations (50")
        .shows("href=\"/public/regions/Y60\"")
        .shows("href=\"/public/organisations?region=Y56\"");
    browser.get("/public/sectors").await.expect(200).shows("href=\"/public/sectors/nhs_trust\"");
    browser.get("/public/regions").await.expect(200).shows("href=\"/public/boards\"");
    for nowhere in
        ["/public/sectors/none", "/public/regions/unknown", "/public/sections/1", "/public/boards/X"]
    {
        browser.get(nowhere).await.expect(404);
    }
    let release = browser.get(&format!("/public/releases/{key}")).await.expect(200);
    release.shows("id=\"standing-by-sector-heading\"");
}

async fn boards_have_pages_with_the_trusts_in_their_areas(world: World) {
    let [north, ..] = some(&world);
    let board = world.organisation("QA1", "Board of the Moors", "icb");
    let alone = world.organisation("QA2", "Board of the Marshes", "icb");
    for id in [board, alone] {
        world.status(NOW, id, "21/22", "Standards Met", "standards_met");
    }
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            diesel::update(organisation::table.filter(organisation::id.eq(north)))
                .set(organisation::icb_code.eq("QA1"))
                .execute(tx.conn())?;
            Ok(())
        })
        .unwrap();
    published(&world);
    let mut browser = world.browser();
    let all = browser.get("/public/boards").await.expect(200);
    all.shows("Score of integrated care boards").shows("href=\"/public/boards/QA2\"");
    let page = browser.get("/public/boards/QA1").await.expect(200);
    // Half its own 1 and half its one trust's 1.
    page.shows("1.00 points")
        .shows("href=\"/public/organisations/RX1\"")
        .hides("href=\"/public/organisations/RX2\"")
        .shows("href=\"/public/boards/QA2\"");
    browser.get("/public/boards/QA2").await.expect(200).shows("None is known.").hides(" points");
}

async fn sections_of_the_standard_have_pages(world: World) {
    let collected = world.collected("2026", None);
    for n in 0..6 {
        let trust = world.organisation(&format!("R{n}"), &format!("Trust {n}"), "nhs_trust");
        world.submitted(collected, Return { assessed: Some("satisfactory"), ..Return::of(trust) });
    }
    world.published(Source::Collection("2026".into()));
    let mut browser = world.browser();
    browser.get("/public/requirements").await.expect(200).shows("href=\"/public/sections/1\"");
    let first = browser.get("/public/sections/1").await.expect(200);
    first
        .shows("id=\"section-1-heading\"")
        .hides("id=\"section-2-heading\"")
        .shows("href=\"/public/sections/2\"")
        .shows("href=\"/public/releases/returns-2026#section-1-heading\"");
}

async fn a_search_forgives_typing_errors(world: World) {
    some(&world);
    published(&world);
    let mut browser = world.browser();
    browser.get("/public/organisations").await.expect(200).shows("No postcodes are known");
    for near in ["brakenmoor", "brackenmoro", "hospitle+brackenmor"] {
        let found = browser.get(&format!("/public/organisations?q={near}")).await.expect(200);
        found
            .shows("No exact match")
            .shows("Did you mean")
            .shows("Brackenmoor Hospital")
            .hides("Old Surgery");
    }
    // An error in the code is one too, and filters keep.
    browser
        .get("/public/organisations?q=A81002")
        .await
        .expect(200)
        .shows("Did you mean")
        .shows("The Old Surgery");
    browser
        .get("/public/organisations?q=A81002&sector=nhs_trust")
        .await
        .expect(200)
        .shows("No organisation found");
    browser.get("/public/organisations?q=brackenmoor").await.expect(200).hides("No exact match");
    for far in ["xylophone", "brackenmoor+xylophone", "%3Cqqq%3E", "q+q+q+q+q+q+q+q+q+q"] {
        let none = browser.get(&format!("/public/organisations?q={far}")).await.expect(200);
        none.shows("No organisation found").hides("Did you mean");
    }
}

async fn the_first_half_of_a_postcode_finds_who_is_there(world: World) {
    let [north, south, _] = some(&world);
    let mut browser = world.browser();
    set_postcode(&world, north, "ZZ4 2AB");
    set_postcode(&world, south, "ZZ42 1AB");
    published(&world);
    browser.get("/public/organisations").await.expect(200).shows("The first half of a postcode finds");
    for asked in ["zz4", "ZZ4+9XX", "hospital+zz4"] {
        let found = browser.get(&format!("/public/organisations?q={asked}")).await.expect(200);
        found.shows("Brackenmoor").hides("Saltmarsh").shows("1 organisation");
    }
    browser.get("/public/organisations?q=zz5").await.expect(200).hides("Brackenmoor");
}

async fn organisations_stand_side_by_side(world: World) {
    let [.., surgery] = some(&world);
    world.status(BEFORE, surgery, "18/19", "Entry Level", "approaching_standards");
    published(&world);
    let mut browser = world.browser();
    let page = browser.get("/public/compare?codes=rx1,+A81001+RX1+NOPE%3Cb%3E").await.expect(200);
    assert_eq!(page.header("x-robots-tag"), "noindex");
    page.shows("Brackenmoor Hospital")
        .shows("The Old Surgery")
        .hides("Saltmarsh")
        .shows("Grade for 18/19")
        .shows("Entry Level")
        .shows("Midlands")
        .shows("NOPE&lt;B&gt;")
        .hides("Only the first five");
    browser.get("/public/compare?code=RX1&code=RX2").await.expect(200).shows("Saltmarsh");
    let many = browser.get("/public/compare?codes=A+B+C+D+E+RX1").await.expect(200);
    many.shows("Only the first five are compared").hides("Brackenmoor");
    browser.get("/public/compare").await.expect(200).hides("Side by side");
    let own = browser.get("/public/organisations/RX1").await.expect(200);
    own.shows("href=\"/public/compare?codes=RX1\"");
}

async fn the_timeline_tells_what_became_of_a_return(world: World) {
    let trust = world.organisation("RX1", "Example Trust", "nhs_trust");
    world.organisation("RX2", "Silent Trust", "nhs_trust");
    world.status(BEFORE, trust, "18/19", "Standards Not Fully Met (Plan Agreed)", "approaching_standards");
    let collected = world.collected("2026", None);
    let filed = Return { late: true, ..Return::of(trust) };
    world.submitted(collected, filed.clone());
    world.published(Source::Collection("2026".into()));
    let mut browser = world.browser();
    let page = browser.get("/public/organisations/RX1").await.expect(200);
    page.shows("Improvement plan agreed")
        .shows("Submitted late for")
        .shows("The review was not finished")
        .shows("href=\"/public/releases/returns-2026\"")
        .hides("Grade changed in review");
    world.reviewed_since(collected, Return { assessed: Some("not_satisfactory"), ..filed });
    world.published(Source::Collection("2026".into()));
    let text = browser.get("/public/organisations/RX1").await.expect(200).text();
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("\"{words}\" is not in {text}"));
    // The newest first.
    assert!(place("Grade changed in review from") < place("The review was not finished"));
    assert!(place("The review was not finished") < place("Improvement plan agreed"));
    assert!(place("Submitted late for") < place("Improvement plan agreed"));
    assert_eq!(text.matches("Submitted late for").count(), 1, "one return, whatever the versions");
    let silent = browser.get("/public/organisations/RX2").await.expect(200);
    silent.shows("Published nothing for").hides("Submitted");
}

async fn figures_are_followed_from_release_to_release(world: World) {
    let [north, south, surgery] = some(&world);
    for id in [north, south, surgery] {
        world.status(BEFORE, id, "18/19", "Standards Not Met", "standards_not_met");
    }
    let mut browser = world.browser();
    world.published(Source::Register(BEFORE.to_owned()));
    // A single release shows its own figures.
    let history = browser.get("/public/history").await.expect(200).hides("release by release");
    history
        .shows("Share of organisations, figures of 17 June 2019")
        .shows("A trend appears here from the second release that counts all organisations")
        .shows("<svg")
        .shows("Table: Share of organisations, figures of 17 June 2019")
        .shows("Base: organisations in scope, 3 on 17 June 2019.")
        .shows("The release of 17 June 2019");
    published(&world);
    let history = browser.get("/public/history").await.expect(200);
    history
        .hides("A trend appears here")
        .shows("Share of organisations, release by release")
        .shows("June 2019")
        .shows("September 2022")
        .shows("<svg")
        .shows("The release of 17 June 2019");
    let trusts = browser.get("/public/sectors/nhs_trust").await.expect(200);
    trusts.shows("that meets the standard, release by release").shows("2 on 17 June 2019");
    let london = browser.get("/public/regions/Y56").await.expect(200);
    london.shows("that meets the standard, release by release");
    let change = browser.get("/public/change").await.expect(200);
    change
        .shows("Published grades of the same organisations, last time and now")
        .shows("id=\"change-heading\"");
}

async fn the_front_page_says_how_certain_its_figure_is(world: World) {
    some(&world);
    published(&world);
    let mut browser = world.browser();
    let front = browser.get("/").await.expect(200);
    front
        .shows("there is no sampling error")
        .hides("provisional, so the figure can still change")
        .shows("What this means")
        .shows("What you can do next");
    let trust = world.organisation("RX9", "Claiming Trust", "nhs_trust");
    let collected = world.collected("2026", None);
    world.submitted(collected, Return::of(trust));
    world.published(Source::Collection("2026".into()));
    let front = browser.get("/").await.expect(200);
    front.shows("1 of 1 published grades").shows("are provisional, so the figure can still change");
}
