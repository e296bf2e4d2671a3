//! A head office that answers once for its sites: arranged, signed, submitted for all, reviewed, and what goes wrong.

mod arranging;
mod corrections;
mod deciding;
mod filing;

use diesel::prelude::*;
use portal::platform::ids::OrganisationId;
use portal::schema::{organisation, site_filing_line};
use serde_json::json;

use crate::support::year::{Trust, levels};
use crate::support::{Browser, World, everybodys};

/// A head office ZZ001 with answers to everything, and so many sites ZS000, ZS001 and so on.
fn a_chain(world: &World, sites: usize) -> (Trust, Vec<OrganisationId>) {
    let head = world.trust("ZZ001");
    let sites = (0..sites).map(|n| a_site(world, &head, &format!("ZS{n:03}"), "nhs_trust")).collect();
    world.usual_year(&levels("sample-2026", 3));
    world.started(&head, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&head, "2026", code, &json!({"level": 2}), "");
    }
    (head, sites)
}

/// A site of a head office.
fn a_site(world: &World, head: &Trust, code: &str, sector: &str) -> OrganisationId {
    let id = world.organisation(code, &format!("Shop {code}"), sector);
    belongs_to(world, id, Some(head.id));
    id
}

/// Moves a site in the register.
fn belongs_to(world: &World, site: OrganisationId, head: Option<OrganisationId>) {
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            Ok(diesel::update(organisation::table.filter(organisation::id.eq(site)))
                .set(organisation::head_office_id.eq(head))
                .execute(tx.conn())?)
        })
        .unwrap();
}

/// The head office's lead, whose return covers its sites.
async fn covering(world: &World, head: &Trust) -> Browser {
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&head.at("2026", "/sites")).await.expect(200).shows("Answer for your sites");
    lead.post(&head.at("2026", "/sites/cover"), &[]).await.expect(303);
    lead.get(&head.at("2026", "/sites")).await.expect(200).shows("Shop ZS000");
    lead
}

/// Marks ready, signs and submits in the browser.
async fn submitted(world: &World, head: &Trust, lead: &mut Browser) {
    signed(world, head, lead).await;
    let version = lead.get(&head.at("2026", "/submit")).await.expect(200).hidden("version");
    lead.post(&head.at("2026", "/submit"), &[("version", &version)]).await.expect(303);
}

/// Marks ready and signs in the browser.
async fn signed(world: &World, head: &Trust, lead: &mut Browser) {
    lead.get(&head.at("2026", "")).await.expect(200);
    lead.post(&head.at("2026", "/ready"), &[]).await.expect(303);
    let mut siro = world.signed_in("Siro ZZ001").await;
    let page = siro.get(&head.at("2026", "/sign")).await.expect(200);
    let (version, hash) = (page.hidden("version"), page.hidden("hash"));
    let fields = [("version", version.as_str()), ("hash", hash.as_str()), ("agree", "yes")];
    siro.post(&head.at("2026", "/sign"), &fields).await.expect(303);
}

/// The lines of all fixed lists: site, state, number and why it failed.
fn lines(world: &World) -> Vec<(String, String, Option<i64>, String)> {
    world
        .db()
        .read_now(everybodys(), |conn| {
            Ok(site_filing_line::table
                .order((site_filing_line::filing_id, site_filing_line::position))
                .select((
                    site_filing_line::code,
                    site_filing_line::state,
                    site_filing_line::number,
                    site_filing_line::said,
                ))
                .load(conn)?)
        })
        .unwrap()
}

/// That nothing that was recomputed differs.
fn verified(world: &World) {
    let (_, differences) = world.db().read_now(everybodys(), portal::returns::verify).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    let (_, differences) = world.db().read_now(everybodys(), portal::review::verify).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
}
