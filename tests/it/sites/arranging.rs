//! Arranging sites: covered, left out, taken in again, answered otherwise; and what blocks.

use std::collections::BTreeMap;

use portal::access::CentralRole::ProgrammeManager;
use portal::access::OrganisationRole::{Contributor, IgLead};
use portal::collections::{CollectionKey, Plan, Windows};
use portal::platform::clock::parse_london;
use portal::standards::SectorKey;
use serde_json::json;

use super::{a_chain, a_site, belongs_to, covering, signed};
use crate::on_both;
use crate::support::World;

on_both!(
    sites_are_left_out_with_a_reason_and_taken_in_again,
    a_site_answers_otherwise_and_two_people_see_both_texts,
    many_sites_answer_otherwise_at_once,
    what_only_sites_are_asked_blocks_until_each_has_an_answer,
    one_piece_of_evidence_stands_beside_many_answers,
    a_site_with_its_own_return_is_left_out_by_itself,
    a_site_that_moves_between_signature_and_submission_asks_for_a_new_signature,
    only_those_who_read_the_whole_return_see_its_sites,
    what_blocks_stands_beside_every_page_of_the_sites,
);

async fn sites_are_left_out_with_a_reason_and_taken_in_again(world: World) {
    let (head, sites) = a_chain(&world, 3);
    world.person("Sam Site", &[(sites[1], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    let many = head.at("2026", "/sites/many");
    lead.get(&many).await.expect(200).shows("ZS002 Shop ZS002");
    lead.post(&many, &[("action", "leave_out"), ("kind", "sold")])
        .await
        .expect(422)
        .shows("Tick at least one site");
    lead.post(&many, &[("action", "leave_out"), ("kind", ""), ("sites", "ZS001")])
        .await
        .expect(422)
        .shows("Choose why they are left out");
    lead.post(&many, &[("action", "leave_out"), ("kind", "sold"), ("codes", "zs001, ZS999")])
        .await
        .expect(422)
        .shows("Not in your list of sites: ZS999");
    lead.post(&many, &[("action", "leave_out"), ("kind", "sold"), ("codes", "zs001"), ("sites", "ZS002")])
        .await
        .expect(303);
    lead.get(&head.at("2026", "/sites?show=left_out"))
        .await
        .expect(200)
        .shows("Left out: it was sold")
        .hides("Shop ZS000");
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS001").await.expect(200).shows("has left you out. Its reason: it was sold");
    lead.get(&many).await.expect(200);
    lead.post(&many, &[("action", "take_in"), ("codes", "ZS001 ZS002")]).await.expect(303);
    lead.get(&head.at("2026", "/sites?show=left_out")).await.expect(200).shows("No site is like this");
    site.get("/organisations/ZS001")
        .await
        .expect(200)
        .shows("answers for you. You need no return of your own");
    // Nothing was submitted, so the return may speak for the head office alone again.
    lead.post(&head.at("2026", "/sites/leave"), &[]).await.expect(303);
    lead.get(&head.at("2026", "/sites")).await.expect(200).shows("Answer for your sites").hides("Shop ZS000");
    site.get("/organisations/ZS001").await.expect(200).hides("answers for you");
}

async fn a_site_answers_otherwise_and_two_people_see_both_texts(world: World) {
    let (head, _) = a_chain(&world, 2);
    world.person("Lee Lead", &[(head.id, IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    let mut lee = world.signed_in("Lee Lead").await;
    let at = head.at("2026", "/sites/of/ZS001/requirements/1-1");
    let page = lead.get(&at).await.expect(200).shows("Level 2: descriptor of level 2");
    assert_eq!(page.hidden("version"), "0");
    lee.get(&at).await.expect(200);
    lead.post(&at, &[("version", "0")]).await.expect(422).shows("Choose a level");
    let saved = [("version", "0"), ("choice", "1"), ("text", "No <locked> door"), ("comment", "")];
    lead.post(&at, &saved).await.expect(303);
    let other = [("version", "0"), ("choice", "0"), ("text", "Nothing at all"), ("comment", "")];
    let both = lee.post(&at, &other).await.expect(409);
    let both =
        both.shows("A colleague changed this answer").shows("No &lt;locked&gt; door").shows("Nothing at all");
    assert_eq!(both.hidden("version"), "1");
    lee.post(&at, &[("version", "1"), ("choice", "0"), ("text", "Nothing at all")]).await.expect(303);
    lead.get(&head.at("2026", "/sites/exceptions")).await.expect(200).shows("1-1 Title 1").shows("ZS001");
    lead.get(&head.at("2026", "/sites/exceptions?by=requirement"))
        .await
        .expect(200)
        .shows("See 1-1 for ZS001");
    lead.get(&head.at("2026", "/sites/of/ZS001")).await.expect(200).shows("1-1 Title 1");
    // Left out, its answer counts for nothing and is kept; taken in again, it counts again.
    let many = head.at("2026", "/sites/many");
    lead.post(&many, &[("action", "leave_out"), ("kind", "closed"), ("codes", "ZS001")]).await.expect(303);
    lead.get(&head.at("2026", "/sites/exceptions")).await.expect(200).shows("No, the site is left out");
    lead.get(&head.at("2026", "")).await.expect(200).shows("covers 1 site; 0 answers of theirs differ");
    lead.post(&many, &[("action", "take_in"), ("codes", "ZS001")]).await.expect(303);
    lead.get(&head.at("2026", "")).await.expect(200).shows("covers 2 sites; 1 answer of theirs differ");
    lead.post(&format!("{at}/remove"), &[]).await.expect(303);
    lead.post(&format!("{at}/remove"), &[]).await.expect(404);
    lead.get(&head.at("2026", "/sites/exceptions")).await.expect(200).shows("without exception");
    lead.get(&head.at("2026", "/sites/of/ZS999")).await.expect(404);
}

async fn many_sites_answer_otherwise_at_once(world: World) {
    let (head, _) = a_chain(&world, 4);
    let mut lead = covering(&world, &head).await;
    let except = head.at("2026", "/sites/except");
    lead.get(&except).await.expect(200).shows("1-2 Title 2");
    lead.get(&format!("{except}?requirement=1-2")).await.expect(200).shows("For which sites?");
    let form = |codes: &'static str, replace: &'static str| {
        [("requirement", "1-2"), ("version", "0"), ("codes", codes), ("choice", "1"), ("replace", replace)]
    };
    lead.post(&except, &form("", "")).await.expect(422).shows("Tick at least one site, or enter its code");
    lead.post(&except, &form("ZS000 ZS002", "")).await.expect(303);
    lead.post(&except, &form("ZS002 ZS003", "")).await.expect(422).shows("there is one already for ZS002");
    lead.post(&except, &form("ZS002 ZS003", "yes")).await.expect(303);
    lead.get(&head.at("2026", "")).await.expect(200).shows("covers 4 sites; 3 answers of theirs differ");
    lead.get(&head.at("2026", "/sites?show=own_answers"))
        .await
        .expect(200)
        .shows("ZS003")
        .hides("Shop ZS001");
}

/// A levels edition with one requirement of everybody, one of trusts and one of pharmacies.
fn for_two_sectors() -> String {
    let requirement = |number: u8, expected: &str| {
        format!(
            "[[requirements]]\ncode = \"1-{number}\"\nsection = \"1\"\ntitle = \"Title {number}\"\n\
             text = \"Question {number}?\"\nlevels = [\"none\", \"some\", \"all\"]\nexpected = {{ {expected} }}\n"
        )
    };
    format!(
        "format = 1\n[standard]\nkey = \"sample\"\nname = \"Sample standard\"\nscheme = \"levels\"\n\
         description = \"\"\n[edition]\nkey = \"two-2026\"\nlabel = \"two\"\nrule_set = \"two.1\"\n\
         [[profiles]]\nkey = \"acute\"\nname = \"Acute\"\nsectors = [\"nhs_trust\"]\n\
         [[profiles]]\nkey = \"shop\"\nname = \"Shop\"\nsectors = [\"pharmacy\"]\n\
         [scoring]\nmax_level = 2\nsatisfactory_level = 2\n[[sections]]\ncode = \"1\"\ntitle = \"Area one\"\n{}{}{}",
        requirement(1, "acute = 2, shop = 2"),
        requirement(2, "acute = 2"),
        requirement(3, "shop = 2")
    )
}

async fn what_only_sites_are_asked_blocks_until_each_has_an_answer(world: World) {
    let head = world.trust("ZZ001");
    for code in ["ZS000", "ZS001"] {
        a_site(&world, &head, code, "pharmacy");
    }
    a_site(&world, &head, "ZS009", "dentist");
    let edition = world.edition(&for_two_sectors());
    let manager = world.person("Manager", &[], &[ProgrammeManager]);
    let time = |text: &str| parse_london(text).unwrap();
    let (opens, deadline) = (time("2026-01-05 09:00"), time("2026-06-30 12:00"));
    let sector = |key: &str| SectorKey::new(key).unwrap();
    world.planned(
        manager,
        Plan {
            edition,
            key: CollectionKey::new("2026").unwrap(),
            name: "Collection 2026".to_owned(),
            year_label: "2026".to_owned(),
            windows: Windows::new(opens, None, deadline, time("2026-07-14 12:00")).unwrap(),
            scope: BTreeMap::from([
                (sector("nhs_trust"), "acute".to_owned()),
                (sector("pharmacy"), "shop".to_owned()),
            ]),
        },
    );
    world.started(&head, "2026");
    for code in ["1-1", "1-2"] {
        world.answered(&head, "2026", code, &json!({"level": 2}), "");
    }
    let mut lead = covering(&world, &head).await;
    // The dentist is not asked by this collection, so it is not in the list.
    lead.get(&head.at("2026", "/sites"))
        .await
        .expect(200)
        .shows("1-3 for Shop ZS000 (ZS000)")
        .shows("Your head office is not asked this")
        .hides("ZS009");
    lead.get(&head.at("2026", "")).await.expect(200).shows("<strong>2</strong>").hides("Mark as ready");
    lead.post(&head.at("2026", "/ready"), &[])
        .await
        .expect(409)
        .shows("2 answers are still to be given for your sites");
    // What only the sites still need is named wherever the return says what is missing.
    lead.get(&head.at("2026", "/trial")).await.expect(200).shows("1-3 for Shop ZS000 (ZS000)");
    lead.get(&head.at("2026", "/standing")).await.expect(200).shows("1-3 for Shop ZS001 (ZS001)");
    let form = |code: &'static str, sites: &'static str| {
        [("requirement", code), ("version", "0"), ("codes", sites), ("choice", "1")]
    };
    let except = head.at("2026", "/sites/except");
    lead.get(&except).await.expect(200);
    // What a site's profile does not ask cannot be answered for it.
    lead.post(&except, &form("1-2", "ZS000"))
        .await
        .expect(422)
        .shows("The requirement is not asked of ZS000");
    lead.post(&except, &form("1-3", "ZS000")).await.expect(303);
    lead.get(&head.at("2026", "/sites"))
        .await
        .expect(200)
        .hides("for Shop ZS000")
        .shows("1-3 for Shop ZS001");
    lead.post(&except, &form("1-3", "ZS001")).await.expect(303);
    lead.get(&head.at("2026", "/sites")).await.expect(200).hides("What your sites still need");
    lead.get(&head.at("2026", "/trial")).await.expect(200).hides("for Shop ZS00");
    lead.get(&head.at("2026", "/standing")).await.expect(200).hides("for Shop ZS00");
    signed(&world, &head, &mut lead).await;
    world.settle();
}

async fn one_piece_of_evidence_stands_beside_many_answers(world: World) {
    let (head, _) = a_chain(&world, 2);
    let mut lead = covering(&world, &head).await;
    let question = head.at("2026", "/requirements/1-1");
    lead.get(&question).await.expect(200);
    lead.upload(&format!("{question}/evidence"), &[], "policy.txt", b"Doors are locked at night.")
        .await
        .expect(303);
    let at = head.at("2026", "/sites/evidence");
    let page = lead.get(&at).await.expect(200).shows("policy.txt");
    let text = page.text();
    let piece = text.split(">policy.txt</option>").next().unwrap().rsplit("value=\"").next().unwrap();
    let piece = piece.split('"').next().unwrap().to_owned();
    lead.post(&at, &[("piece", "")])
        .await
        .expect(422)
        .shows("Choose a piece")
        .shows("Tick at least one requirement");
    let chosen = [
        ("piece", piece.as_str()),
        ("requirements", "1-1"),
        ("requirements", "1-2"),
        ("requirements", "1-3"),
    ];
    lead.post(&at, &chosen).await.expect(303);
    for code in ["1-2", "1-3"] {
        lead.get(&head.at("2026", &format!("/requirements/{code}"))).await.expect(200).shows("policy.txt");
    }
    // Beside a site's own answer too.
    let own = head.at("2026", "/sites/of/ZS001/requirements/1-1");
    lead.post(&format!("{own}/evidence"), &[("piece", &piece)]).await.expect(404);
    lead.post(&own, &[("version", "0"), ("choice", "1")]).await.expect(303);
    lead.post(&format!("{own}/evidence"), &[("piece", &piece)]).await.expect(303);
    let page = lead.get(&own).await.expect(200).shows("Take away").text();
    let detach = page.split(&format!("action=\"{own}/evidence/")).nth(1).unwrap();
    let detach = detach.split('"').next().unwrap().to_owned();
    lead.post(&format!("{own}/evidence/{detach}"), &[]).await.expect(303);
    lead.post(&format!("{own}/evidence/{detach}"), &[]).await.expect(404);
    world.settle();
}

async fn a_site_with_its_own_return_is_left_out_by_itself(world: World) {
    let (head, sites) = a_chain(&world, 2);
    world.person("Sam Site", &[(sites[0], IgLead)], &[]);
    let mut lead = covering(&world, &head).await;
    let mut site = world.signed_in("Sam Site").await;
    site.get("/organisations/ZS000").await.expect(200).shows("Start the return");
    site.post("/organisations/ZS000/returns/2026/start", &[]).await.expect(303);
    lead.get(&head.at("2026", "/sites")).await.expect(200).shows("Left out: it has started its own return");
    lead.get(&head.at("2026", "")).await.expect(200).shows("covers 1 site;");
    let many = head.at("2026", "/sites/many");
    lead.post(&many, &[("action", "take_in"), ("codes", "ZS000")])
        .await
        .expect(422)
        .shows("ZS000 cannot be taken in");
}

async fn a_site_that_moves_between_signature_and_submission_asks_for_a_new_signature(world: World) {
    let (head, sites) = a_chain(&world, 2);
    let mut lead = covering(&world, &head).await;
    signed(&world, &head, &mut lead).await;
    belongs_to(&world, sites[1], None);
    let version = lead.get(&head.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&head.at("2026", "/submit"), &[("version", &version)]).await.expect(409).shows("or the sites");
    lead.post(&head.at("2026", "/draft"), &[]).await.expect(303);
    signed(&world, &head, &mut lead).await;
    let version = lead.get(&head.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&head.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
    world.settle();
    assert_eq!(super::lines(&world).len(), 1);
}

async fn only_those_who_read_the_whole_return_see_its_sites(world: World) {
    let (head, sites) = a_chain(&world, 1);
    world.person("Con Tributor", &[(head.id, Contributor)], &[]);
    world.person("Sam Site", &[(sites[0], IgLead)], &[]);
    covering(&world, &head).await;
    let mut contributor = world.signed_in("Con Tributor").await;
    contributor.get(&head.at("2026", "")).await.expect(200).hides("Your sites");
    for page in ["/sites", "/sites/exceptions", "/sites/of/ZS000", "/sites/many"] {
        contributor.get(&head.at("2026", page)).await.expect(403);
    }
    let mut siro = world.signed_in("Siro ZZ001").await;
    siro.get(&head.at("2026", "/sites")).await.expect(200).hides("Leave many sites out");
    siro.get(&head.at("2026", "/sites/many")).await.expect(403);
    siro.post(&head.at("2026", "/sites/leave"), &[]).await.expect(403);
    // A site's people do not see their head office's return.
    let mut site = world.signed_in("Sam Site").await;
    site.get(&head.at("2026", "/sites")).await.expect(404);
    site.get("/organisations/ZS000/returns/2026/sites").await.expect(404);
}

async fn what_blocks_stands_beside_every_page_of_the_sites(world: World) {
    let (head, _) = a_chain(&world, 2);
    let mut lead = covering(&world, &head).await;
    let version = lead.get(&head.at("2026", "/requirements/1-1")).await.expect(200).hidden("version");
    let fields = [("version", version.as_str()), ("level", "2"), ("intent", "later")];
    lead.post(&head.at("2026", "/requirements/1-1"), &fields).await.expect(303);
    let list = "1 requirement still blocks the return";
    for page in [
        "/sites",
        "/sites/many",
        "/sites/exceptions",
        "/sites/exceptions?by=requirement",
        "/sites/except",
        "/sites/except?requirement=1-1",
        "/sites/evidence",
        "/sites/of/ZS000",
        "/sites/of/ZS000/requirements/1-1",
    ] {
        lead.get(&head.at("2026", page)).await.expect(200).shows("<aside aria-label").shows(list);
    }
    // A form that comes back has it too.
    lead.post(&head.at("2026", "/sites/many"), &[("action", "leave_out"), ("kind", "sold")])
        .await
        .expect(422)
        .shows(list);
    world.settle();
}
