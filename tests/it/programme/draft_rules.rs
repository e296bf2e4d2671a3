//! The rules of a draft in the browser: scoring, exemptions, improvement plans, signers and what they state, from the form to
//! the frozen edition; and what two editors do to the same rule.

use portal::access::CentralRole::{ProgrammeManager, StandardsEditor};
use portal::standards::{Edition, Scheme, SignerRole};

use super::{central, only_for, programme};
use crate::on_both;
use crate::support::year::{assertions, levels, outcomes};
use crate::support::{Answer, Browser, World, everybodys};

on_both!(
    every_rule_of_a_levels_edition_is_edited_and_frozen,
    exemptions_are_added_changed_and_removed,
    two_editors_of_one_rule_lose_nothing,
    a_form_that_is_sent_twice_saves_once,
    what_is_typed_wrong_is_told_beside_its_field,
    only_the_standards_editor_changes_rules,
    a_preview_is_for_every_kind_of_organisation_and_scheme,
);

const LIST: &str = "/standards/drafts";

async fn ed(world: &World) -> Browser {
    central(world, "Ed Standards", StandardsEditor).await
}

/// Begins a draft; its address.
async fn begun(browser: &mut Browser, from: &str, key: &str) -> String {
    browser.get(LIST).await.expect(200);
    let fields = [("from", from), ("key", key), ("label", "2027/28")];
    browser.post(LIST, &fields).await.expect(303).location()
}

/// Posts a form to `to` with the version that the page `at` shows.
async fn posted(browser: &mut Browser, at: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
    let version = browser.get(at).await.expect(200).hidden("version");
    browser.post(to, &[fields, &[("version", version.as_str())]].concat()).await
}

async fn saved(browser: &mut Browser, at: &str, fields: &[(&str, &str)]) -> Answer {
    posted(browser, at, at, fields).await
}

/// Has the draft frozen by a second editor and reads the edition.
async fn frozen(world: &World, ed: &mut Browser, draft: &str, key: &str) -> Edition {
    let mut edie = central(world, "Edie Standards", StandardsEditor).await;
    posted(ed, draft, &format!("{draft}/done"), &[]).await.expect(303);
    posted(&mut edie, draft, &format!("{draft}/freeze"), &[]).await.expect(303);
    let key = key.to_owned();
    let found =
        world.db().read_now(everybodys(), move |conn| portal::standards::edition_by_key(conn, &key)).unwrap();
    Edition::clone(found.unwrap().0.edition())
}

const EXEMPTION: [(&str, &str); 9] = [
    ("code", "cep"),
    ("certificate", "cyber_essentials_plus"),
    ("whole_scope", "yes"),
    ("from-day", "1"),
    ("from-month", "9"),
    ("from-year", "2026"),
    ("reason", "The test covers it."),
    ("requirements", "1.1.1"),
    ("requirements", "1.1.4"),
];

async fn every_rule_of_a_levels_edition_is_edited_and_frozen(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    ed.get(&draft).await.expect(200).shows(&format!("href=\"{draft}/rules\""));
    ed.get(&format!("{draft}/rules"))
        .await
        .expect(200)
        .shows("Level that is satisfactory")
        .shows("The usual ones of the scheme")
        .shows("own words")
        .shows("There are no exemption rules");
    let scoring =
        [("max_level", "3"), ("satisfactory_level", "3"), ("bands", "weak 50\nlight amber 80\nstrong")];
    let to = saved(&mut ed, &format!("{draft}/scoring"), &scoring).await.expect(303).location();
    assert_eq!(to, format!("{draft}/rules"));
    let plans = [("own", "yes"), ("due_months", "9"), ("covers_gaps", "yes")];
    saved(&mut ed, &format!("{draft}/plans"), &plans).await.expect(303);
    let signer = [
        ("signs", "yes"),
        ("sections", "1"),
        ("requirements", "1-2"),
        ("sectors", "nhs_trust"),
        ("sectors", "gp"),
    ];
    saved(&mut ed, &format!("{draft}/signers/dpo"), &signer).await.expect(303);
    let words = [("siro", ""), ("caldicott_guardian", ""), ("dpo", "I have read <them>.")];
    saved(&mut ed, &format!("{draft}/statements"), &words).await.expect(303);
    ed.get(&format!("{draft}/rules"))
        .await
        .expect(200)
        .shows("light amber 80")
        .shows("General practice and NHS trust")
        .shows("I have read &lt;them&gt;.");
    ed.get(&format!("{draft}/scoring")).await.expect(200).shows("light amber 80");
    ed.get(&format!("{draft}/changes"))
        .await
        .expect(200)
        .shows("Scoring, Level that is satisfactory")
        .shows("Data protection officer, Signs")
        .hides("Nothing differs");
    let csv = ed.get(&format!("{draft}/changes.csv")).await.expect(200).text();
    assert!(csv.contains("rules,,,,\"Scoring, Level that is satisfactory\",2,3"), "{csv}");
    ed.get(&format!("{draft}/history")).await.expect(200).shows("Changed the scoring");
    let edition = frozen(&world, &mut ed, &draft, "sample-2027").await;
    let Scheme::Levels(scheme) = edition.scheme() else { panic!("another scheme") };
    let labels: Vec<(&str, Option<u8>)> =
        scheme.bands.iter().map(|band| (band.label.as_str(), band.below)).collect();
    assert_eq!(labels, [("weak", Some(50)), ("light amber", Some(80)), ("strong", None)]);
    assert_eq!(scheme.satisfactory_level, 3);
    assert_eq!((edition.plan_rules().due_months, edition.plan_rules().covers_gaps), (9, true));
    let [signer] = edition.signers() else { panic!("one signer is named") };
    assert_eq!((signer.role, signer.sectors.len()), (SignerRole::Dpo, 2));
    assert_eq!(edition.statements().dpo.as_deref(), Some("I have read <them>."));
    assert_eq!(edition.statements().siro, None);
    world.settle();
}

async fn exemptions_are_added_changed_and_removed(world: World) {
    world.edition(&assertions("items-2026"));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "items-2026", "items-2027").await;
    let new = format!("{draft}/exemptions/new");
    saved(&mut ed, &new, &EXEMPTION).await.expect(303);
    saved(&mut ed, &new, &EXEMPTION)
        .await
        .expect(422)
        .shows("There is an exemption rule with this code already");
    let mut second = EXEMPTION.to_vec();
    second[0] = ("code", "iso");
    second.extend([("until-day", "31"), ("until-month", "8"), ("until-year", "2028")]);
    saved(&mut ed, &new, &second).await.expect(303);
    let place = format!("{draft}/exemptions/1");
    ed.get(&place).await.expect(200).shows("Exemption iso").shows("value=\"2028\"");
    // The second rule is renamed and covers less.
    let mut changed = second.clone();
    changed[0] = ("code", "iso-27001");
    changed.retain(|(_, value)| *value != "1.1.4");
    changed.push(("was", "iso"));
    saved(&mut ed, &place, &changed).await.expect(303);
    ed.get(&format!("{draft}/requirements/1.1.4")).await.expect(200).shows("iso-27001");
    // Assertions scoring names sectors, items and a certificate.
    let scoring =
        [("approaching", "nhs_trust"), ("requirements", "1.1.2"), ("exceeded", "cyber_essentials_plus")];
    saved(&mut ed, &format!("{draft}/scoring"), &scoring).await.expect(303);
    posted(
        &mut ed,
        &format!("{draft}/exemptions/0"),
        &format!("{draft}/exemptions/0/remove"),
        &[("was", "cep")],
    )
    .await
    .expect(303);
    ed.get(&format!("{draft}/rules")).await.expect(200).hides("Exemption cep").shows("Exemption iso-27001");
    let edition = frozen(&world, &mut ed, &draft, "items-2027").await;
    let [rule] = edition.exemptions() else { panic!("one rule is left") };
    assert_eq!((rule.code.as_str(), rule.requirements.len(), rule.whole_scope), ("iso-27001", 1, true));
    assert_eq!(rule.until.map(|day| day.to_string()).as_deref(), Some("2028-08-31"));
    let Scheme::Assertions(scheme) = edition.scheme() else { panic!("another scheme") };
    assert!(scheme.small_subset.contains("1.1.2") && scheme.exceeded_certificate.is_some());
    world.settle();
}

async fn two_editors_of_one_rule_lose_nothing(world: World) {
    world.edition(&assertions("items-2026"));
    let mut ed = ed(&world).await;
    let mut edie = central(&world, "Edie Standards", StandardsEditor).await;
    let draft = begun(&mut ed, "items-2026", "items-2027").await;
    saved(&mut ed, &format!("{draft}/exemptions/new"), &EXEMPTION).await.expect(303);
    let place = format!("{draft}/exemptions/0");
    let seen = edie.get(&place).await.expect(200).hidden("version");
    // A colleague takes the rule off one requirement, on that requirement's own page: the same rule says something else.
    let item = [
        ("code", "1.1.4"),
        ("section", "1.1"),
        ("name", "Item document"),
        ("text", "Question?"),
        ("origins", "1.1.4"),
        ("item", "document"),
        ("mandatory", "nhs_trust"),
    ];
    saved(&mut ed, &format!("{draft}/requirements/1.1.4"), &item).await.expect(303);
    let mut mine = EXEMPTION.to_vec();
    mine.extend([("was", "cep"), ("version", seen.as_str())]);
    let conflict = edie.post(&place, &mine).await.expect(409).shows("Ed Standards saved this place");
    let conflict = conflict.shows("Save mine in its place").shows("name=\"was\" value=\"cep\"");
    let version = conflict.hidden("version");
    mine.pop();
    mine.push(("version", version.as_str()));
    edie.post(&place, &mine).await.expect(303);
    // What is gone is told, whoever stands at its place now.
    let seen = edie.get(&place).await.expect(200).hidden("version");
    posted(&mut ed, &place, &format!("{place}/remove"), &[("was", "cep")]).await.expect(303);
    let mut late = EXEMPTION.to_vec();
    late.extend([("was", "cep"), ("version", seen.as_str())]);
    edie.post(&place, &late).await.expect(409).shows("It is not in the draft any more");
    // Two rules that have nothing to do with each other come together.
    let seen = edie.get(&format!("{draft}/plans")).await.expect(200).hidden("version");
    saved(&mut ed, &format!("{draft}/statements"), &[("siro", "I agree.")]).await.expect(303);
    let plans = [("own", "yes"), ("due_months", "3"), ("covers_gaps", "no"), ("version", seen.as_str())];
    edie.post(&format!("{draft}/plans"), &plans).await.expect(303);
    ed.get(&format!("{draft}/rules")).await.expect(200).shows("I agree.").shows("Its own");
    world.settle();
}

async fn a_form_that_is_sent_twice_saves_once(world: World) {
    world.edition(&assertions("items-2026"));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "items-2026", "items-2027").await;
    let new = format!("{draft}/exemptions/new");
    let page = ed.get(&new).await.expect(200);
    let (version, once) = (page.hidden("version"), page.hidden("once"));
    let mut fields = EXEMPTION.to_vec();
    fields.extend([("version", version.as_str()), ("once", once.as_str())]);
    for _ in 0..2 {
        let to = ed.post(&new, &fields).await.expect(303).location();
        assert_eq!(to, format!("{draft}/rules"));
    }
    ed.get(&format!("{draft}/history")).await.expect(200).shows("Version 2").hides("Version 3");
    // Nor is a change in conflict with itself.
    let plans = format!("{draft}/plans");
    let page = ed.get(&plans).await.expect(200);
    let (version, once) = (page.hidden("version"), page.hidden("once"));
    let fields = [
        ("own", "yes"),
        ("due_months", "4"),
        ("covers_gaps", "yes"),
        ("version", version.as_str()),
        ("once", once.as_str()),
    ];
    for _ in 0..2 {
        ed.post(&plans, &fields).await.expect(303);
    }
    ed.get(&format!("{draft}/history")).await.expect(200).shows("Version 3").hides("Version 4");
    world.settle();
}

async fn what_is_typed_wrong_is_told_beside_its_field(world: World) {
    world.edition(&levels("sample-2026", 3));
    world.edition(&outcomes("outcomes-2026"));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let wrong: [(&str, &[(&str, &str)], &str); 9] = [
        ("scoring", &[("max_level", "12"), ("satisfactory_level", "2")], "max_level"),
        ("scoring", &[("max_level", "3"), ("satisfactory_level", "4")], "satisfactory_level"),
        ("scoring", &[("max_level", "3"), ("satisfactory_level", "2"), ("bands", "a\nb")], "bands"),
        ("plans", &[], "own"),
        ("plans", &[("own", "yes"), ("due_months", "0"), ("covers_gaps", "yes")], "due_months"),
        ("plans", &[("own", "yes"), ("due_months", "6")], "covers_gaps"),
        ("signers/dpo", &[], "signs"),
        ("signers/dpo", &[("signs", "yes"), ("sectors", "nowhere")], "sectors"),
        ("exemptions/new", &[("code", ""), ("certificate", "iso_27001")], "code"),
    ];
    for (address, fields, field) in wrong {
        let at = format!("{draft}/{address}");
        saved(&mut ed, &at, fields).await.expect(422).shows(&format!("id=\"{field}-error\""));
    }
    let mut backwards: Vec<(&str, &str)> = EXEMPTION.to_vec();
    backwards.retain(|(name, _)| *name != "requirements");
    backwards.extend([
        ("requirements", "1-1"),
        ("until-day", "1"),
        ("until-month", "1"),
        ("until-year", "2026"),
    ]);
    saved(&mut ed, &format!("{draft}/exemptions/new"), &backwards)
        .await
        .expect(422)
        .shows("The last day cannot be before the first");
    // What fits nothing yet is listed as a fault that leads to its page.
    let nothing = [("signs", "yes")];
    saved(&mut ed, &format!("{draft}/signers/dpo"), &nothing).await.expect(303);
    ed.get(&draft)
        .await
        .expect(200)
        .shows("nothing to sign for")
        .shows(&format!("href=\"{draft}/signers/dpo\""))
        .hides("Say that it is done");
    for address in ["signers/siro", "exemptions/7", "exemptions/none"] {
        ed.get(&format!("{draft}/{address}")).await.expect(404);
    }
    // The outcomes scheme has no data.
    let outcomes = begun(&mut ed, "outcomes-2026", "outcomes-2027").await;
    ed.get(&format!("{outcomes}/scoring")).await.expect(404);
    ed.get(&format!("{outcomes}/rules")).await.expect(200).shows("same in every edition").hides("/scoring\"");
    world.settle();
}

async fn only_the_standards_editor_changes_rules(world: World) {
    world.edition(&levels("sample-2026", 3));
    let mut ed = ed(&world).await;
    let draft = begun(&mut ed, "sample-2026", "sample-2027").await;
    let pages = ["scoring", "plans", "signers/dpo", "statements", "exemptions/new"];
    let addresses: Vec<String> = pages.iter().map(|page| format!("{draft}/{page}")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    only_for(&world, ProgrammeManager, &addresses).await;
    let mut manager = programme(&world).await;
    manager.get(&format!("{draft}/rules")).await.expect(200).shows("Scoring").hides("/scoring\"");
    for address in addresses {
        manager.post(address, &[("version", "1")]).await.expect(403);
    }
    world.settle();
}

async fn a_preview_is_for_every_kind_of_organisation_and_scheme(world: World) {
    world.edition(&levels("sample-2026", 3));
    world.edition(&assertions("items-2026"));
    world.edition(&outcomes("outcomes-2026"));
    let mut ed = ed(&world).await;
    let mut drafts = Vec::new();
    for (from, key) in
        [("sample-2026", "sample-2027"), ("items-2026", "items-2027"), ("outcomes-2026", "outcomes-2027")]
    {
        drafts.push(begun(&mut ed, from, key).await);
    }
    let signer = [("signs", "yes"), ("sections", "1"), ("sectors", "nhs_trust")];
    saved(&mut ed, &format!("{}/signers/dpo", drafts[0]), &signer).await.expect(303);
    ed.get(&format!("{}/preview?sector=nhs_trust", drafts[0]))
        .await
        .expect(200)
        .shows("Data protection officer (for 3)")
        .shows("reaches level 2");
    // No profile is usual for a pharmacy: it is said, and one can be chosen.
    let pharmacy = format!("{}/preview?sector=pharmacy", drafts[0]);
    ed.get(&pharmacy).await.expect(200).shows("No profile is usual").shows("0 requirements count");
    ed.get(&format!("{pharmacy}&profile=acute"))
        .await
        .expect(200)
        .shows("3 requirements count")
        .hides("Data protection officer");
    ed.get(&format!("{pharmacy}&profile=none")).await.expect(404);
    ed.get(&format!("{}/preview?sector=nowhere", drafts[0])).await.expect(404);
    ed.get(&format!("{}/preview/1-2?sector=nhs_trust", drafts[0]))
        .await
        .expect(200)
        .shows("/preview/1-1?sector=nhs_trust")
        .shows("/preview/1-3?sector=nhs_trust");
    for (sector, count) in [("nhs_trust", "5 requirements count"), ("dentist", "0 requirements count")] {
        let at = format!("{}/preview?sector={sector}", drafts[1]);
        ed.get(&at).await.expect(200).shows(count).shows("no approaching them");
    }
    ed.get(&format!("{}/preview/A1.a?sector=nhs_trust", drafts[2])).await.expect(200).shows("First good");
    ed.get(&format!("{}/preview", drafts[2])).await.expect(200).shows("every outcome reaches");
    world.settle();
}
