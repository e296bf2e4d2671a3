//! What a release is found by stays as it was when it was prepared, whatever becomes of the register.

use diesel::prelude::*;
use portal::platform::ids::OrganisationId;
use portal::publication::Source;
use portal::schema::organisation;

use crate::on_both;
use crate::support::{World, everybodys};

on_both!(postcodes_of_a_release_stay_as_they_were);

const SNAPSHOT: &str = "register@2022-09-09";

fn moved(world: &World, id: OrganisationId, postcode: &'static str) {
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

async fn postcodes_of_a_release_stay_as_they_were(world: World) {
    let trust = world.organisation("RX1", "Brackenmoor Hospital", "nhs_trust");
    let silent = world.organisation("RX2", "Saltmarsh Hospital", "nhs_trust");
    world.status(SNAPSHOT, trust, "21/22", "Standards Met", "standards_met");
    world.status(SNAPSHOT, silent, "21/22", "Standards Met", "standards_met");
    moved(&world, trust, "ZZ4 2AB");
    let first = world.published(Source::Register(SNAPSHOT.into()));
    let mut public = world.browser();
    let search = "/public/organisations?q=";
    public.get(&format!("{search}zz4")).await.expect(200).shows("Brackenmoor").hides("Saltmarsh");
    // It moves house, and nothing that is published changes by that.
    moved(&world, trust, "ZZ9 2AB");
    moved(&world, silent, "ZZ4 1AA");
    world.settle();
    public.get(&format!("{search}zz4")).await.expect(200).shows("Brackenmoor").hides("Saltmarsh");
    public.get(&format!("{search}zz9")).await.expect(200).hides("Brackenmoor");
    let bundle = |key: &str| format!("/public/releases/{key}/bundle.zip");
    let before = public.get(&bundle(&first)).await.expect(200).body;
    // The next release has it where it is by then, and the bundle of the first is the same to the byte.
    let third = world.organisation("RX3", "Third Hospital", "nhs_trust");
    world.status(SNAPSHOT, third, "21/22", "Standards Met", "standards_met");
    world.published(Source::Register(SNAPSHOT.into()));
    public.get(&format!("{search}zz9")).await.expect(200).shows("Brackenmoor");
    public.get(&format!("{search}zz4")).await.expect(200).shows("Saltmarsh").hides("Brackenmoor");
    assert_eq!(public.get(&bundle(&first)).await.expect(200).body, before);
}
