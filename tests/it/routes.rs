//! Every registered route, asked by everybody who should not get far: nobody, another trust, the wrong roles. A route
//! that is added shows as a missing row of `tests/golden/routes.snap`, and none of these people may change anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use diesel::prelude::*;
use portal::access::CentralRole::{CentralReviewer, Publisher, StandardsEditor};
use portal::access::OrganisationRole::{CaldicottGuardian, Contributor};
use portal::schema::{evidence, evidence_piece, ledger_event, membership, review};
use serde_json::json;

use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

on_both!(nobody_gets_where_they_should_not);

/// Routes that everybody may load, besides the public site: the way in, and what monitoring and machines need.
const FOR_EVERYBODY: &[&str] = &[
    "/",
    "/.well-known/portal-signing-key",
    "/accessibility",
    "/api",
    "/api/openapi.json",
    "/api/v1/calendar",
    "/api/v1/organisations",
    "/api/v1/organisations/{code}",
    "/api/v1/regions",
    "/api/v1/releases",
    "/api/v1/releases/{key}",
    "/api/v1/releases/{key}/measures",
    "/api/v1/releases/{key}/measures/{table}",
    "/api/v1/releases/{key}/tables",
    "/api/v1/releases/{key}/tables/{table}",
    "/api/v1/sectors",
    "/api/v1/standards",
    "/api/v1/standards/{edition}",
    "/api/v1/years",
    "/api/v1/years/{table}",
    "/assets/{hash}/{name}",
    "/health/live",
    "/health/ready",
    "/help",
    "/help/keyboard",
    "/invitations/{token}",
    "/ledger",
    "/ledger/checkpoint",
    "/robots.txt",
    "/sign-in",
    "/sign-in/persona",
    "/sign-out",
    "/sitemap.xml",
    "/standards",
    "/standards/{edition}",
];

/// Every route: its address and methods.
fn registered() -> Vec<(String, Method)> {
    let mut routes = portal::app::addresses();
    routes.sort_by_key(|(path, method)| (path.clone(), method.to_string()));
    routes.dedup();
    routes
}

/// What stands in the addresses: records of a trust that has filed, and is under review.
struct Scene {
    world: World,
    real: BTreeMap<&'static str, String>,
}

async fn a_year_under_way(world: World) -> Scene {
    let trust = world.trust("ZZ001");
    world.trust("ZZ002");
    let con = world.person("Con Tributor", &[(trust.id, Contributor)], &[]);
    world.person("Cal Guardian", &[(trust.id, CaldicottGuardian)], &[]);
    world.person("Ada Reviewer", &[], &[CentralReviewer]);
    world.person("Pub Lisher", &[], &[Publisher]);
    world.person("Stan Editor", &[], &[StandardsEditor]);
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.given(trust.lead, trust.id, "2026", &["1-1"], con);
    with_evidence(&world, &trust).await;
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&trust, "2026", code, &json!({"level": 2}), "");
    }
    world.sent(&trust, "2026");
    world.settle();
    let id = |id: i64| id.to_string();
    let (review, evidence, piece, member) = world
        .db()
        .read_now(everybodys(), |conn| {
            let review = review::table.select(review::id).first::<i64>(conn)?;
            let evidence = evidence::table.select(evidence::id).first::<i64>(conn)?;
            let piece = evidence_piece::table.select(evidence_piece::id).first::<i64>(conn)?;
            Ok((review, evidence, piece, membership::table.select(membership::id).first::<i64>(conn)?))
        })
        .unwrap();
    let real = BTreeMap::from([
        ("organisation", "ZZ001".to_owned()),
        ("code", "1-1".to_owned()),
        ("year", "2026".to_owned()),
        ("review", id(review)),
        ("evidence", id(evidence)),
        ("piece", id(piece)),
        ("membership", id(member)),
        ("edition", "sample-2026".to_owned()),
        ("collection", "2026".to_owned()),
    ]);
    Scene { world, real }
}

async fn with_evidence(world: &World, trust: &Trust) {
    let mut lead = world.signed_in("Lead ZZ001").await;
    let at = trust.at("2026", "/requirements/1-1");
    lead.get(&at).await.expect(200);
    lead.upload(&format!("{at}/evidence"), &[], "policy.txt", b"A policy.").await.expect(303);
}

impl Scene {
    /// The address with real records in it.
    fn fill(&self, path: &str) -> String {
        let mut filled = String::new();
        for part in path.split('/').skip(1) {
            filled.push('/');
            let Some(name) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) else {
                filled.push_str(part);
                continue;
            };
            let key = match name {
                "id" if path.starts_with("/reviews") => "review",
                "id" if path.contains("/evidence/") => "evidence",
                "key" if path.starts_with("/collections") => "collection",
                "code" if path.contains("organisations/{code}") => "organisation",
                other => other,
            };
            filled.push_str(self.real.get(key).map_or("1", String::as_str));
        }
        filled
    }

    /// How many events the ledger holds.
    fn events(&self) -> i64 {
        self.world
            .db()
            .read_now(everybodys(), |conn| Ok(ledger_event::table.count().get_result(conn)?))
            .unwrap()
    }
}

/// Asks as somebody would who has a page of the site open, with its token, and fills nothing in.
async fn ask(browser: &Browser, method: &Method, path: &str) -> u16 {
    let mut browser = browser.clone();
    let answer = match *method {
        Method::GET => browser.get(path).await,
        Method::POST if !path.starts_with("/api/") => browser.post(path, &[]).await,
        _ => browser.send(TestRequest::with_uri(path).method(method.clone())).await,
    };
    answer.status.as_u16()
}

async fn nobody_gets_where_they_should_not(world: World) {
    let scene = a_year_under_way(world).await;
    let mut nobody = scene.world.browser();
    nobody.get("/health/live").await.expect(200);
    let mut askers = vec![("nobody", nobody)];
    for (words, name) in [
        ("another trust's lead", "Lead ZZ002"),
        ("its contributor", "Con Tributor"),
        ("its Caldicott Guardian", "Cal Guardian"),
        ("a publisher", "Pub Lisher"),
        ("a standards editor", "Stan Editor"),
    ] {
        let mut browser = scene.world.signed_in(name).await;
        // A page with a form, so that what is refused is not refused for want of a token.
        browser.get("/account").await.expect(200);
        askers.push((words, browser));
    }
    let before = scene.events();
    let mut table = String::from(
        "What every route answers to people who should not get far, when they fill nothing in. The records in the\n\
         addresses are one trust's, whose return has been submitted and waits for review.\n\n",
    );
    let names: Vec<&str> = askers.iter().map(|(name, _)| *name).collect();
    writeln!(table, "{:<96}{}", "", names.join(" | ")).unwrap();
    for (path, method) in registered() {
        // Signing out works, so nobody could be asked anything after it.
        let line = format!("{:<7}{path}", method.as_str());
        if path == "/sign-out" || path == "/account/sign-out-elsewhere" {
            writeln!(table, "{line:<96}ends the asker's own sessions").unwrap();
            continue;
        }
        if path == "/account/emails" && method == Method::POST {
            writeln!(table, "{line:<96}chooses the asker's own emails").unwrap();
            continue;
        }
        let at = scene.fill(&path);
        let mut row = Vec::new();
        for (name, browser) in &askers {
            let status = ask(browser, &method, &at).await;
            let public = path.starts_with("/public") || FOR_EVERYBODY.contains(&path.as_str());
            if *name == "nobody" && !public {
                assert!([303, 401, 403, 404].contains(&status), "{method} {path}: {status} for nobody");
            }
            if *name == "another trust's lead" && path.contains("/organisations/{organisation}") {
                let expected = if path.starts_with("/api/") { 401 } else { 404 };
                assert_eq!(status, expected, "{method} {path} for another trust");
            }
            row.push(format!("{status:<width$}", width = name.len()));
        }
        writeln!(table, "{line:<96}{}", row.join(" | ").trim_end()).unwrap();
    }
    assert_eq!(scene.events(), before, "somebody without the right changed something");
    insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("routes", table);
    });
}
