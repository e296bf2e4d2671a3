//! Two people and an import at once: whoever comes second sees what the others said, and nobody's words are lost.

use portal::access::OrganisationRole::{Contributor, IgLead};
use serde_json::json;

use super::{given_a_draft, uploaded, workbook};
use crate::on_both;
use crate::support::World;

on_both!(
    two_people_and_an_import_collide_and_nothing_is_lost,
    an_import_that_comes_first_is_a_conflict_for_both
);

async fn two_people_and_an_import_collide_and_nothing_is_lost(world: World) {
    let trust = given_a_draft(&world);
    world.person("Second Lead", &[(trust.id, IgLead)], &[]);
    let cal = world.person("Cal Contributor", &[(trust.id, Contributor)], &[]);
    world.given(trust.lead, trust.id, "2026", &["1-1"], cal);
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut cal = world.signed_in("Cal Contributor").await;
    // All three start from the same version: a workbook, and two open forms.
    let filled = workbook(&mut lead, &trust, "xlsx")
        .await
        .with("1-1", "Comment", "Offlinewords")
        .with("1-2", "Answer", "2");
    let preview = uploaded(&mut lead, &trust, "a.xlsx", &filled.xlsx()).await;
    let fingerprint = lead.get(&preview).await.expect(200).hidden("fingerprint");
    assert_eq!(cal.get(&question).await.expect(200).hidden("version"), "1");
    let mut second = world.signed_in("Second Lead").await;
    assert_eq!(second.get(&question).await.expect(200).hidden("version"), "1");
    // The contributor is first.
    let cals = [("version", "1"), ("choice", "2"), ("comment", "Calswords")];
    cal.post(&question, &cals).await.expect(303);
    // The import shows what has changed before it does anything, and the other form shows both texts.
    assert_eq!(lead.post(&preview, &[("fingerprint", &fingerprint)]).await.expect(303).location(), preview);
    let shown = lead
        .get(&preview)
        .await
        .expect(200)
        .shows("Calswords")
        .shows("Offlinewords")
        .shows("Cal Contributor");
    let fingerprint = shown.hidden("fingerprint");
    let leads = [("version", "1"), ("choice", "3"), ("comment", "Leadswords")];
    second.post(&question, &leads).await.expect(409).shows("Calswords").shows("Leadswords");
    assert_eq!(second.get(&question).await.expect(200).hidden("version"), "2");
    // The import takes its side now; the one who still has the form open is told of that.
    lead.post(&preview, &[("fingerprint", &fingerprint), ("take", "1-1")]).await.expect(303);
    let again = [("version", "2"), ("choice", "3"), ("comment", "Leadswords")];
    second.post(&question, &again).await.expect(409).shows("Offlinewords").shows("Leadswords");
    let chosen = [("version", "3"), ("choice", "3"), ("comment", "Leadswords")];
    second.post(&question, &chosen).await.expect(303);
    // Every text stays in the history.
    let mut history = second.get(&format!("{question}/history")).await.expect(200).shows("Version 4");
    for words in ["Leadswords", "Offlinewords", "Calswords", "First comment"] {
        history = history.shows(words);
    }
    assert_eq!(second.get(&trust.at("2026", "/requirements/1-2")).await.hidden("version"), "1");
    world.settle();
}

async fn an_import_that_comes_first_is_a_conflict_for_both(world: World) {
    let trust = given_a_draft(&world);
    world.person("Second Lead", &[(trust.id, IgLead)], &[]);
    let question = trust.at("2026", "/requirements/1-1");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let mut second = world.signed_in("Second Lead").await;
    let filled = workbook(&mut lead, &trust, "ods").await.with("1-1", "Comment", "Offlinewords");
    second.get(&question).await.expect(200);
    let preview = uploaded(&mut lead, &trust, "a.ods", &filled.ods()).await;
    super::applied(&mut lead, &preview, &[]).await.expect(303);
    second
        .post(&question, &[("version", "1"), ("choice", "3"), ("comment", "Onlinewords")])
        .await
        .expect(409)
        .shows("Offlinewords")
        .shows("Onlinewords");
    // A second workbook of the same download is a conflict as well.
    let other = filled.with("1-1", "Comment", "Otherwords");
    let preview = uploaded(&mut lead, &trust, "b.ods", &other.ods()).await;
    lead.get(&preview)
        .await
        .expect(200)
        .shows("was changed on the website since the download")
        .shows("Offlinewords")
        .shows("Otherwords");
    world.answered(&trust, "2026", "1-3", &json!({"level": 1}), "");
    assert_eq!(lead.get(&question).await.expect(200).hidden("version"), "2");
    world.settle();
}
