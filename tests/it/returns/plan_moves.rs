//! The moves of an improvement plan: what a signature is under.

use super::plans::{fill, lines, planned, sign, state, with_two_gaps};
use crate::on_both;
use crate::support::World;

on_both!(only_the_lines_that_were_shown_are_signed,);

async fn only_the_lines_that_were_shown_are_signed(world: World) {
    let trust = with_two_gaps(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut siro = world.signed_in("Siro ZZ001").await;
    planned(&world, &trust, &mut lead).await;
    let (plan, to_sign) = (trust.at("2026", "/plan"), trust.at("2026", "/plan/sign"));
    let page = siro.get(&plan).await.expect(200).shows("Sign the plan").shows("Resources: Two days");
    let shown = page.hidden("hash");
    let line = trust.at("2026", &format!("/plan/lines/{}", lines(&world)[0]));
    for changed in [("action", "Write half of it."), ("resources", "Two years"), ("due-day", "2")] {
        fill(&mut lead, &line, trust.lead, &[changed]).await.expect(303);
        siro.post(&to_sign, &[("hash", &shown)])
            .await
            .expect(409)
            .shows("The plan has changed since you opened this page: read it again before you sign.");
        assert_eq!(state(&world), "draft", "after {changed:?}");
    }
    // Nor is anything signed that does not say what was shown.
    siro.post(&to_sign, &[]).await.expect(409).shows("read it again before you sign");
    assert_eq!(state(&world), "draft");
    // Changed back, the lines are what was shown: the signature is under them, not under how they came about.
    fill(&mut lead, &line, trust.lead, &[]).await.expect(303);
    siro.post(&to_sign, &[("hash", &shown)]).await.expect(303);
    assert_eq!(state(&world), "signed");
    // Lines are not signed twice.
    siro.post(&to_sign, &[("hash", &shown)]).await.expect(409);
    world.settle();
}
