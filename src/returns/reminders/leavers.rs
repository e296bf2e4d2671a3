//! Telling the leads, once, of what colleagues who have left leave behind: requirements and lines of the plan without an
//! owner, and a return that waits for a role that nobody holds.

use std::collections::BTreeMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::send::in_batches;
use super::store::open_collections;
use crate::access::{Actor, OrganisationRole};
use crate::identity::{self, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::{Conn, Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, PlanId, ReturnId};
use crate::platform::mail::{self as outbox, Letter};
use crate::returns::model::ReturnState;
use crate::returns::readiness::return_href;
use crate::returns::sharing::OWNERS;
use crate::returns::store::{Which, find};
use crate::schema::{
    annual_return, answer_owner, collection, improvement_plan, membership, organisation, person, plan_line,
    told_of_leaver,
};

/// The leads, whom it concerns.
const LEADS: [OrganisationRole; 2] = [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

/// Something that was left behind: what it is told under once, and in words.
#[derive(Debug, Clone)]
struct Left {
    subject: String,
    words: String,
    href: String,
}

/// What one organisation is told.
#[derive(Debug, Clone)]
struct Told {
    organisation: OrganisationId,
    left: Vec<Left>,
}

/// Tells the leads of what was left behind and was not told before; gives of how many organisations.
///
/// # Errors
/// When the database refuses; what was told before stays told.
pub fn tell_of_leavers(db: &Db, public_url: &str) -> Result<usize> {
    let today = db.clock().now().london_day();
    let all = db.read_now(Actor::system_reach(), move |conn| {
        let mut all: BTreeMap<OrganisationId, Vec<Left>> = BTreeMap::new();
        for collection in open_collections(conn)? {
            requirements(conn, collection.id, &mut all)?;
            signatures(conn, collection.id, today, &mut all)?;
        }
        lines(conn, &mut all)?;
        let known: Vec<(OrganisationId, String)> = told_of_leaver::table
            .select((told_of_leaver::organisation_id, told_of_leaver::subject))
            .load(conn)?;
        Ok(all
            .into_iter()
            .map(|(organisation, mut left)| {
                left.retain(|one| !known.contains(&(organisation, one.subject.clone())));
                Told { organisation, left }
            })
            .filter(|told| !told.left.is_empty())
            .collect::<Vec<_>>())
    })?;
    in_batches(db, &all, public_url, queue)
}

/// How often each row comes.
fn together<T: Ord>(rows: Vec<T>) -> BTreeMap<T, i64> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    counts
}

fn counted(number: i64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// Requirements of drafts whose owner may not answer them any more.
fn requirements(
    conn: &mut Conn,
    of: CollectionId,
    all: &mut BTreeMap<OrganisationId, Vec<Left>>,
) -> Result<()> {
    type Row = ((OrganisationId, String), (ReturnId, String, String), (PersonId, String));
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
        .filter(annual_return::collection_id.eq(of))
        .filter(annual_return::state.eq(ReturnState::Draft))
        .filter(person::state.ne(PersonState::Active).or(not(exists(here))))
        .select((
            (organisation::id, organisation::code),
            (annual_return::id, collection::key, collection::year_label),
            (person::id, person::name),
        ))
        .load(conn)?;
    for (((organisation, code), (id, key, year), (who, name)), number) in together(rows) {
        let what = counted(number, "requirement", "requirements");
        all.entry(organisation).or_default().push(Left {
            subject: format!("return/{id}/owner/{who}"),
            words: format!(
                "{name} has left. {what} of the {year} return are without an owner who can answer."
            ),
            href: format!("{}/owners", return_href(&code, &key)),
        });
    }
    Ok(())
}

/// Lines of plans that are not done, whose owner no longer sees them.
fn lines(conn: &mut Conn, all: &mut BTreeMap<OrganisationId, Vec<Left>>) -> Result<()> {
    type Row = ((OrganisationId, String), (PlanId, String, String), (PersonId, String));
    let here = membership::table
        .filter(membership::person_id.nullable().eq(plan_line::owner_id))
        .filter(membership::organisation_id.eq(plan_line::organisation_id))
        .filter(membership::role.eq_any(OrganisationRole::READERS))
        .filter(membership::ended_at.is_null());
    let rows: Vec<Row> = plan_line::table
        .inner_join(improvement_plan::table.on(improvement_plan::id.eq(plan_line::plan_id)))
        .inner_join(annual_return::table.on(annual_return::id.eq(improvement_plan::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(plan_line::organisation_id)))
        .inner_join(person::table.on(person::id.nullable().eq(plan_line::owner_id)))
        .filter(plan_line::done_on.is_null())
        .filter(person::state.ne(PersonState::Active).or(not(exists(here))))
        .select((
            (organisation::id, organisation::code),
            (improvement_plan::id, collection::key, collection::year_label),
            (person::id, person::name),
        ))
        .load(conn)?;
    for (((organisation, code), (id, key, year), (who, name)), number) in together(rows) {
        let what = counted(number, "line", "lines");
        all.entry(organisation).or_default().push(Left {
            subject: format!("plan/{id}/owner/{who}"),
            words: format!("{name} has left. {what} of the improvement plan of {year} need another owner."),
            href: crate::returns::plan::plan_href(&code, &key),
        });
    }
    Ok(())
}

/// Returns that are ready and wait for a role that nobody holds or stands in for.
fn signatures(
    conn: &mut Conn,
    of: CollectionId,
    today: Day,
    all: &mut BTreeMap<OrganisationId, Vec<Left>>,
) -> Result<()> {
    let ready: Vec<ReturnId> = annual_return::table
        .filter(annual_return::collection_id.eq(of))
        .filter(annual_return::state.eq(ReturnState::Ready))
        .order(annual_return::id)
        .select(annual_return::id)
        .load(conn)?;
    for id in ready {
        let Some(found) = find(conn, Which::Id(id))? else { continue };
        for wanted in found.signers()? {
            if !identity::signatories_of(conn, found.organisation, wanted.role, today)?.is_empty() {
                continue;
            }
            let (role, year) = (wanted.role, &found.collection.year_label);
            all.entry(found.organisation).or_default().push(Left {
                // Each time it is marked ready it may be told again.
                subject: format!("return/{id}/signer/{role}/{}", found.version),
                words: format!(
                    "The {year} return waits for its signature as {}, and nobody holds that role. Invite somebody.",
                    role.in_a_sentence()
                ),
                href: format!("/organisations/{}/people", found.code),
            });
        }
    }
    Ok(())
}

/// One mail to each lead, of what another worker did not tell meanwhile.
fn queue(tx: &mut Tx<'_>, told: &Told, public_url: &str, at: Timestamp) -> Result<bool> {
    let mut new: Vec<&Left> = Vec::new();
    for one in &told.left {
        let row = (
            told_of_leaver::organisation_id.eq(told.organisation),
            told_of_leaver::subject.eq(&one.subject),
            told_of_leaver::told_at.eq(tx.now()),
        );
        let made = crate::each!(tx.conn(), c => diesel::insert_into(told_of_leaver::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?;
        if made == 1 {
            new.push(one);
        }
    }
    let Some(first) = new.first() else { return Ok(false) };
    let name: String = organisation::table
        .filter(organisation::id.eq(told.organisation))
        .select(organisation::name)
        .first(tx.conn())?;
    let href = format!("{public_url}{}", first.href);
    for (person, lead, address) in identity::holders_of(tx.conn(), told.organisation, &LEADS)? {
        let mail = Letter {
            template: "returns.leavers",
            to: &address,
            subject: format!("Left without somebody: {name}"),
            name: &lead,
            paragraphs: new.iter().map(|one| one.words.clone()).collect(),
            link: ("Put it right", &href),
        }
        .into_mail();
        let id = format!("leavers-{}-{}-{person}", tx.now().micros(), told.organisation);
        outbox::queue_for(tx, &mail, &id, at)?;
    }
    Ok(true)
}
