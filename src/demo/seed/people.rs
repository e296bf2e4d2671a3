//! The people of the nation, with their roles; the ones to sign in as are personas.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::nation::Nation;
use super::super::nation::people::{CentralRole as Post, FULLY_STAFFED_TRUSTS, Role};
use super::seeding_permit;
use crate::access::{CentralRole, OrganisationRole};
use crate::ledger::{self, Event};
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::{central_role, declared_interest, membership, person};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "a fictional nation";

/// Trusts whose people are offered on the sign-in page.
const PERSONA_TRUSTS: usize = 2;

/// Writes everybody; the numbers that people were given, in the nation's order.
pub(super) fn write(
    db: &Db,
    nation: Nation,
    organisations: &[OrganisationId],
    hash: &str,
) -> Result<(Nation, Vec<PersonId>)> {
    let (organisations, hash) = (organisations.to_vec(), hash.to_owned());
    db.write_now(move |tx| {
        let personas = personas(&nation);
        let now = tx.now();
        let mut ids: Vec<PersonId> = Vec::with_capacity(nation.staff.people.len());
        for (index, new) in nation.staff.people.iter().enumerate() {
            let id = diesel::insert_into(person::table)
                .values((
                    person::name.eq(&new.name),
                    person::email.eq(&new.email),
                    person::password_hash.eq(Some(&hash)),
                    person::state.eq("active"),
                    person::persona.eq(personas.get(&index)),
                    person::created_at.eq(now),
                ))
                .returning(person::id)
                .get_result(tx.conn())?;
            ids.push(id);
        }
        roles(tx, &nation, &organisations, &ids)?;
        let data = serde_json::json!({"people": ids.len()});
        let event = Event::of(&seeding_permit()?, "demo_people_made", "demo".to_owned(), data);
        ledger::append(tx, &event, (nation, ids))
    })
}

fn roles(tx: &mut Tx<'_>, nation: &Nation, organisations: &[OrganisationId], ids: &[PersonId]) -> Result<()> {
    let now = tx.now();
    for held in &nation.staff.memberships {
        let (Some(who), Some(place)) =
            (ids.get(held.person.index()), organisations.get(held.organisation.index()))
        else {
            continue;
        };
        diesel::insert_into(membership::table)
            .values((
                membership::person_id.eq(who),
                membership::organisation_id.eq(place),
                membership::role.eq(role(held.role)),
                membership::granted_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    for post in &nation.staff.central {
        let Some(who) = ids.get(post.person.index()) else { continue };
        diesel::insert_into(central_role::table)
            .values((
                central_role::person_id.eq(who),
                central_role::role.eq(central(post.role)),
                central_role::granted_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    for interest in &nation.staff.interests {
        let (Some(who), Some(place)) =
            (ids.get(interest.person.index()), organisations.get(interest.organisation.index()))
        else {
            continue;
        };
        diesel::insert_into(declared_interest::table)
            .values((
                declared_interest::person_id.eq(who),
                declared_interest::organisation_id.eq(place),
                declared_interest::reason.eq(interest.reason),
                declared_interest::declared_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Who is offered on the sign-in page, by position: the central team's posts and the people of the first trusts.
fn personas(nation: &Nation) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for post in &nation.staff.central {
        found.entry(post.person.index()).or_insert_with(|| central(post.role).words().to_owned());
    }
    let mut trusts = Vec::new();
    for held in &nation.staff.memberships {
        if !trusts.contains(&held.organisation) {
            if trusts.len() == PERSONA_TRUSTS.min(FULLY_STAFFED_TRUSTS) {
                break;
            }
            trusts.push(held.organisation);
        }
        if let Some(place) = nation.organisation(held.organisation) {
            found
                .entry(held.person.index())
                .or_insert_with(|| format!("{}, {}", role(held.role).words(), place.name));
        }
    }
    found
}

/// The portal's role of the nation's.
fn role(role: Role) -> OrganisationRole {
    match role {
        Role::Contributor => OrganisationRole::Contributor,
        Role::IgLead => OrganisationRole::IgLead,
        Role::OrganisationAdministrator => OrganisationRole::OrganisationAdministrator,
        Role::Siro => OrganisationRole::Siro,
        Role::CaldicottGuardian => OrganisationRole::CaldicottGuardian,
        Role::Dpo => OrganisationRole::Dpo,
    }
}

fn central(post: Post) -> CentralRole {
    match post {
        Post::Reviewer => CentralRole::CentralReviewer,
        Post::SecondReviewer => CentralRole::SecondReviewer,
        Post::Publisher => CentralRole::Publisher,
        Post::ProgrammeManager => CentralRole::ProgrammeManager,
        Post::StandardsEditor => CentralRole::StandardsEditor,
    }
}
