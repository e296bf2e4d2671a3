//! The people of the nation, with their roles; the ones to sign in as are personas.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::nation::Nation;
use super::super::nation::organisations::OrganisationIx;
use super::super::nation::people::{CentralRole as Post, FULLY_STAFFED_TRUSTS, PersonIx, Role};
use super::rows::insert;
use super::seeding_permit;
use crate::access::{CentralRole, OrganisationRole};
use crate::ledger::{self, Event};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Db, Reach, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId};
use crate::schema::{central_role, declared_interest, membership, person, sign_delegation};

/// The password of everybody in the demo.
pub const PASSWORD: &str = "a fictional nation";

/// Trusts whose people are offered on the sign-in page.
const PERSONA_TRUSTS: usize = 2;

#[derive(Insertable)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
struct PersonRow<'a> {
    id: PersonId,
    name: &'a str,
    email: &'a str,
    password_hash: &'a str,
    state: &'static str,
    persona: Option<&'a str>,
    created_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = membership, treat_none_as_default_value = false)]
struct MembershipRow {
    person_id: PersonId,
    organisation_id: OrganisationId,
    role: OrganisationRole,
    granted_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = central_role, treat_none_as_default_value = false)]
struct PostRow {
    person_id: PersonId,
    role: CentralRole,
    granted_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = declared_interest, treat_none_as_default_value = false)]
struct InterestRow {
    person_id: PersonId,
    organisation_id: OrganisationId,
    reason: &'static str,
    declared_at: Timestamp,
}

/// Writes everybody; the numbers that people were given, in the nation's order.
pub(super) fn write(
    db: &Db,
    nation: Nation,
    organisations: &[OrganisationId],
    hash: &str,
    chain: Option<OrganisationIx>,
) -> Result<(Nation, Vec<PersonId>)> {
    let (organisations, hash) = (organisations.to_vec(), hash.to_owned());
    db.write_now(Reach::nobodys(), move |tx| {
        let personas = personas(&nation, chain);
        let now = tx.now();
        let rows: Vec<PersonRow<'_>> = (1..)
            .zip(nation.staff.people.iter().enumerate())
            .map(|(id, (position, new))| PersonRow {
                id: PersonId::new(id),
                name: &new.name,
                email: &new.email,
                password_hash: &hash,
                state: "active",
                persona: personas.get(&position).map(String::as_str),
                created_at: now,
            })
            .collect();
        insert!(tx, person, rows);
        let ids: Vec<PersonId> = rows.into_iter().map(|row| row.id).collect();
        roles(tx, &nation, &organisations, &ids)?;
        let data = serde_json::json!({"people": ids.len()});
        let event = Event::of(&seeding_permit()?, "demo_people_made", "demo".to_owned(), data);
        ledger::append(tx, &event, (nation, ids))
    })
}

fn roles(tx: &mut Tx<'_>, nation: &Nation, organisations: &[OrganisationId], ids: &[PersonId]) -> Result<()> {
    let granted_at = tx.now();
    let find = |who: PersonIx, place: OrganisationIx| {
        ids.get(who.index()).copied().zip(organisations.get(place.index()).copied())
    };
    let staff = &nation.staff;
    let memberships: Vec<MembershipRow> = staff
        .memberships
        .iter()
        .filter_map(|held| {
            let (person_id, organisation_id) = find(held.person, held.organisation)?;
            Some(MembershipRow { person_id, organisation_id, role: role(held.role), granted_at })
        })
        .collect();
    insert!(tx, membership, memberships);
    delegate(tx, &memberships)?;
    let posts: Vec<PostRow> = staff
        .central
        .iter()
        .filter_map(|post| {
            let person_id = ids.get(post.person.index()).copied()?;
            Some(PostRow { person_id, role: central(post.role), granted_at })
        })
        .collect();
    insert!(tx, central_role, posts);
    let interests: Vec<InterestRow> = staff
        .interests
        .iter()
        .filter_map(|held| {
            let (person_id, organisation_id) = find(held.person, held.organisation)?;
            Some(InterestRow { person_id, organisation_id, reason: held.reason, declared_at: granted_at })
        })
        .collect();
    insert!(tx, declared_interest, interests);
    Ok(())
}

/// In the first trust the administrator signs for the risk owner, who is away for a while.
fn delegate(tx: &mut Tx<'_>, memberships: &[MembershipRow]) -> Result<()> {
    let Some(place) = memberships.first().map(|held| held.organisation_id) else { return Ok(()) };
    let holder = |role: OrganisationRole| {
        let held = memberships.iter().find(|held| held.organisation_id == place && held.role == role);
        held.map(|held| held.person_id)
    };
    let (away, stands_in) = (OrganisationRole::Siro, OrganisationRole::OrganisationAdministrator);
    let Some((delegator, delegate)) = holder(away).zip(holder(stands_in)) else { return Ok(()) };
    let now = tx.now();
    diesel::insert_into(sign_delegation::table)
        .values((
            sign_delegation::organisation_id.eq(place),
            sign_delegation::role.eq(away),
            sign_delegation::delegator_id.eq(delegator),
            sign_delegation::delegate_id.eq(delegate),
            sign_delegation::until.eq(now.london_day().plus_days(21).to_string()),
            sign_delegation::reason.eq("Annual leave"),
            sign_delegation::given_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who is offered on the sign-in page, by position: the central team's posts, the people of the first trusts,
/// and those of the head office that answers for its sites.
fn personas(nation: &Nation, chain: Option<OrganisationIx>) -> BTreeMap<usize, String> {
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
    for held in nation.staff.memberships.iter().filter(|held| Some(held.organisation) == chain) {
        if let Some(place) = nation.organisation(held.organisation) {
            found
                .entry(held.person.index())
                .or_insert_with(|| format!("{} of a chain, {}", role(held.role).words(), place.name));
        }
    }
    found
}

/// The portal's role of the nation's.
pub(super) fn role(role: Role) -> OrganisationRole {
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
