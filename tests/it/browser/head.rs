//! What the walk of a head office starts from: a small chain whose own return has all its answers, five sites that the
//! register gives it, and somebody at one of them.

use diesel::prelude::*;
use portal::access::CentralRole::ProgrammeManager;
use portal::access::OrganisationRole::{IgLead, Siro};
use portal::platform::ids::OrganisationId;
use portal::schema::organisation;
use serde_json::{Value, json};

use crate::support::seed::{PASSWORD, address};
use crate::support::year::{Trust, levels};
use crate::support::{World, everybodys};

const CODE: &str = "ZH001";
const LEAD: &str = "Hana Orchard";
const SIGNER: &str = "Hugh Lantern";
const AT_A_SITE: &str = "Sorrel Finch";
const MANAGER: &str = "Wren Tollgate";

/// The sites, by code; the third has somebody of its own, the last is sold.
const SITES: [(&str, &str); 5] = [
    ("ZH101", "Pennywhistle, Aldermoor"),
    ("ZH102", "Pennywhistle, Birchwick"),
    ("ZH103", "Pennywhistle, Carrowdale"),
    ("ZH104", "Pennywhistle, Dunsbrook"),
    ("ZH105", "Pennywhistle, Eastmere"),
];

/// Makes it, and gives what the walk has to know about it.
pub fn a_chain(world: &World) -> Value {
    world.now_in_earnest();
    let day = |days: i64| format!("{} 09:00", world.now().plus_seconds(days * 86_400).london_day());
    let id = world.organisation(CODE, "Pennywhistle Pharmacies", "nhs_trust");
    let lead = world.person(LEAD, &[(id, IgLead)], &[]);
    let siro = world.person(SIGNER, &[(id, Siro)], &[]);
    let head = Trust { id, code: CODE.to_owned(), lead, siro };
    let sites: Vec<OrganisationId> =
        SITES.iter().map(|(code, name)| site(world, &head, code, name)).collect();
    world.person(AT_A_SITE, &[(sites[2], IgLead)], &[]);
    world.person(MANAGER, &[], &[ProgrammeManager]);
    let edition = world.edition(&levels("sample-2026", 3));
    world.collection("2026", edition, [&day(-30), &day(20), &day(34)]);
    world.started(&head, "2026");
    for code in ["1-1", "1-2", "1-3"] {
        world.answered(&head, "2026", code, &json!({"level": 2}), "");
    }
    world.settle();
    json!({
        "password": PASSWORD,
        "people": { "headLead": LEAD, "headSiro": SIGNER, "sitePerson": AT_A_SITE, "manager": MANAGER },
        "addresses": {
            "headLead": address(LEAD), "headSiro": address(SIGNER), "sitePerson": address(AT_A_SITE),
            "manager": address(MANAGER),
        },
        "head": { "code": CODE, "year": "2026", "site": { "code": SITES[2].0 }, "leftOut": SITES[4].0 },
    })
}

fn site(world: &World, head: &Trust, code: &str, name: &str) -> OrganisationId {
    let site = world.organisation(code, name, "nhs_trust");
    let head = head.id;
    world
        .db()
        .housekeep_now(everybodys(), move |tx| {
            Ok(diesel::update(organisation::table.filter(organisation::id.eq(site)))
                .set(organisation::head_office_id.eq(Some(head)))
                .execute(tx.conn())?)
        })
        .unwrap();
    site
}
