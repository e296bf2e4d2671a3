//! Whom a note of guidance concerns: the information governance leads of open returns, and those who were given what it is
//! about.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::access::OrganisationRole;
use crate::collections::CollectionState;
use crate::identity::PersonState;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{EditionId, GuidanceNoteId, PersonId, RequirementId};
use crate::returns::model::ReturnState;
use crate::returns::sharing::OWNERS;
use crate::schema::{
    annual_return, answer_owner, collection, guidance_told, membership, organisation, person,
};

/// Somebody whom a note concerns, in one of their organisations.
#[derive(Debug, Clone)]
pub(super) struct Concerned {
    pub person: PersonId,
    pub name: String,
    pub address: String,
    pub organisation: String,
    pub code: String,
    pub collection: String,
    pub sector: String,
    pub profile: String,
}

type Row = ((PersonId, String, String), (String, String, String), (String, String));

fn read(((person, name, address), (organisation, code, sector), (collection, profile)): Row) -> Concerned {
    Concerned { person, name, address, organisation, code, collection, sector, profile }
}

/// States in which a return can still be answered or sent.
const UNSENT: [ReturnState; 3] = [ReturnState::Draft, ReturnState::Ready, ReturnState::Signed];

/// The leads of the open returns that ask an edition.
pub(super) fn leads(conn: &mut Conn, of: EditionId) -> Result<Vec<Concerned>> {
    let rows: Vec<Row> = annual_return::table
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .inner_join(membership::table.on(membership::organisation_id.eq(organisation::id)))
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(annual_return::edition_id.eq(of))
        .filter(annual_return::state.eq_any(UNSENT))
        .filter(collection::state.eq(CollectionState::Open))
        .filter(membership::role.eq(OrganisationRole::IgLead))
        .filter(membership::ended_at.is_null())
        .filter(person::state.eq(PersonState::Active))
        .order((person::id, organisation::name, organisation::id))
        .select((
            (person::id, person::name, person::email),
            (organisation::name, organisation::code, organisation::sector),
            (collection::key, annual_return::profile),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Whoever was given one of these requirements in an open return, and may still answer it.
pub(super) fn owners(conn: &mut Conn, of: EditionId, what: &[RequirementId]) -> Result<Vec<Concerned>> {
    let here = membership::table
        .filter(membership::person_id.eq(answer_owner::person_id))
        .filter(membership::organisation_id.eq(answer_owner::organisation_id))
        .filter(membership::role.eq_any(OWNERS))
        .filter(membership::ended_at.is_null());
    let rows: Vec<Row> = answer_owner::table
        .inner_join(annual_return::table.on(annual_return::id.eq(answer_owner::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .inner_join(person::table.on(person::id.eq(answer_owner::person_id)))
        .filter(annual_return::edition_id.eq(of))
        .filter(annual_return::state.eq_any(UNSENT))
        .filter(collection::state.eq(CollectionState::Open))
        .filter(answer_owner::requirement_id.eq_any(what.to_vec()))
        .filter(person::state.eq(PersonState::Active))
        .filter(diesel::dsl::exists(here))
        .order((person::id, organisation::name, organisation::id))
        .select((
            (person::id, person::name, person::email),
            (organisation::name, organisation::code, organisation::sector),
            (collection::key, annual_return::profile),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Those who were told of a note already.
pub(super) fn told(conn: &mut Conn, of: GuidanceNoteId) -> Result<HashSet<PersonId>> {
    let rows: Vec<PersonId> = guidance_told::table
        .filter(guidance_told::note_id.eq(of))
        .select(guidance_told::person_id)
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Writes down that somebody is told; false when they were told before.
pub(super) fn keep(tx: &mut Tx<'_>, of: GuidanceNoteId, who: PersonId) -> Result<bool> {
    let row = (
        guidance_told::note_id.eq(of),
        guidance_told::person_id.eq(who),
        guidance_told::told_at.eq(tx.now()),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(guidance_told::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}
