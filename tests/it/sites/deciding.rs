//! One review for a head office and its sites, and what is published of each.

use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, SecondReviewer};
use portal::schema::{annual_return, organisation, release_organisation, review};

use super::{a_chain, covering, submitted, verified};
use crate::on_both;
use crate::support::{World, everybodys};

on_both!(one_review_gives_every_site_its_own_grade);

/// The grade of every organisation with a return, by code.
fn grades(world: &World) -> Vec<(String, String, Option<String>)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(annual_return::table
                .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
                .order(organisation::code)
                .select((organisation::code, annual_return::state, annual_return::final_grade))
                .load(conn)?)
        })
        .unwrap()
}

async fn one_review_gives_every_site_its_own_grade(world: World) {
    let (head, _) = a_chain(&world, 3);
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.person("Bea Second", &[], &[SecondReviewer]);
    let mut lead = covering(&world, &head).await;
    // One shop is better where the reviewer will find the head office wanting, one worse elsewhere.
    for (site, code, level) in [("ZS001", "1-1", "3"), ("ZS002", "1-2", "1")] {
        let own = head.at("2026", &format!("/sites/of/{site}/requirements/{code}"));
        lead.post(&own, &[("version", "0"), ("choice", level)]).await.expect(303);
    }
    submitted(&world, &head, &mut lead).await;
    world.settle();
    let reviews: Vec<i64> =
        world.db().read_now(everybodys(), |conn| Ok(review::table.select(review::id).load(conn)?)).unwrap();
    let [id] = reviews[..] else { panic!("one review covers the whole group: {reviews:?}") };
    let at = |more: &str| format!("/reviews/{id}{more}");
    let mut ada = world.signed_in("Ada Reviewer").await;
    ada.get(&at("")).await.expect(200).shows("Covers 3; answers that differ for them: 2");
    ada.get(&at("/sites")).await.expect(200).shows("Shop ZS002").shows("1-2");
    ada.post(&at("/claim"), &[]).await.expect(303);
    let page = ada.get(&at("/requirements/1-1")).await.expect(200);
    let decision =
        [("version", page.hidden("version")), ("assessed", "level_1".into()), ("reason", "A draft".into())];
    let decision: Vec<(&str, &str)> = decision.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ada.post(&at("/requirements/1-1"), &decision).await.expect(303);
    ada.agree_with_rest(&at("")).await;
    let version = ada.get(&at("")).await.expect(200).hidden("version");
    ada.post(&at("/finish"), &[("version", &version), ("summary", "")]).await.expect(303);
    world.settle();
    assert!(grades(&world).iter().all(|(_, _, grade)| grade.is_none()), "not before it is confirmed");
    let mut bea = world.signed_in("Bea Second").await;
    let version = bea.get(&at("/confirm")).await.expect(200).hidden("version");
    bea.post(&at("/confirm"), &[("version", &version), ("verdict", "confirm")]).await.expect(303);
    world.settle();
    let expected = |code: &str, grade: &str| (code.to_owned(), "decided".to_owned(), Some(grade.to_owned()));
    assert_eq!(
        grades(&world),
        [
            expected("ZS000", "not_satisfactory"),
            // Its own answer was not what the reviewer decided about.
            expected("ZS001", "satisfactory"),
            expected("ZS002", "not_satisfactory"),
            expected("ZZ001", "not_satisfactory"),
        ]
    );
    verified(&world);

    // What is published: each site by itself, with who filed for it.
    let key = world.published(portal::publication::Source::Collection("2026".into()));
    let lines: Vec<(String, String, Option<String>)> = world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(release_organisation::table
                .order(release_organisation::code)
                .select((
                    release_organisation::code,
                    release_organisation::grade,
                    release_organisation::filed_by,
                ))
                .load(conn)?)
        })
        .unwrap();
    let head = Some("ZZ001 & Sons Trust".to_owned());
    assert_eq!(lines[1], ("ZS001".to_owned(), "satisfactory".to_owned(), head));
    assert_eq!(lines[3].2, None, "the head office filed for itself: {key}");
    let mut public = world.browser();
    public
        .get("/public/organisations/ZS001")
        .await
        .expect(200)
        .shows("Filed by its head office")
        .shows("ZZ001 &amp; Sons Trust");
    public.get("/public/organisations/ZZ001").await.expect(200).hides("Filed by its head office");
}
