//! Queries about rounds of reminders.

use std::collections::BTreeSet;

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;

use super::super::rules::Rule;
use crate::access::OrganisationRole;
use crate::identity::{MailKind, PersonState};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, RoundId};
use crate::schema::{
    collection, membership, organisation, outlook_risk, person, reminder_line, reminder_round, unwanted_mail,
};

/// Who sends a return, and is reminded of it.
pub(super) const TOLD: [OrganisationRole; 2] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator];

crate::text_enum! {
    /// What became of one organisation of a round.
    LineState {
        /// Its turn comes.
        Wanted = "wanted", "Waiting";
        /// Its people were written to.
        Told = "told", "Reminded";
        /// There was nobody to write to.
        Nobody = "nobody", "Nobody to write to";
        /// It had submitted meanwhile.
        Submitted = "submitted", "Had submitted";
    }
}

/// Which organisations at risk are reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review::dashboard) enum Scope {
    /// All of them.
    All,
    /// Those of one rule.
    Of(Rule),
    /// These.
    These(Vec<OrganisationId>),
}

/// What a round would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::review::dashboard) struct Preview {
    /// Organisations at risk that are meant.
    pub organisations: i64,
    /// Of those, reminded today already.
    pub today: i64,
    /// Of the rest, with somebody to write to.
    pub reachable: i64,
    /// People who get a mail; somebody of several organisations gets one for each.
    pub mails: i64,
}

/// Counts what a round over these organisations would do.
pub(super) fn preview(conn: &mut Conn, of: CollectionId, scope: &Scope, today: Day) -> Result<Preview> {
    macro_rules! meant {
        ($query:expr) => {{
            let query = $query.filter(outlook_risk::collection_id.eq(of)).into_boxed();
            match scope {
                Scope::All => query,
                Scope::Of(rule) => query.filter(outlook_risk::rule.eq(*rule)),
                Scope::These(ids) => query.filter(outlook_risk::organisation_id.eq_any(ids.clone())),
            }
        }};
    }
    let told = || {
        exists(
            reminder_line::table
                .filter(reminder_line::collection_id.eq(outlook_risk::collection_id))
                .filter(reminder_line::organisation_id.eq(outlook_risk::organisation_id))
                .filter(reminder_line::day.eq(today.to_string())),
        )
    };
    let organisations = meant!(outlook_risk::table.select(count_star())).first(conn)?;
    let reminded = meant!(outlook_risk::table.filter(told()).select(count_star())).first(conn)?;
    let reached = outlook_risk::table
        .inner_join(membership::table.on(membership::organisation_id.eq(outlook_risk::organisation_id)))
        .inner_join(person::table.on(person::id.eq(membership::person_id)))
        .filter(not(told()))
        .filter(membership::ended_at.is_null())
        .filter(membership::role.eq_any(TOLD.to_vec()))
        .filter(person::state.eq(PersonState::Active))
        .filter(not(exists(
            unwanted_mail::table
                .filter(unwanted_mail::person_id.eq(person::id))
                .filter(unwanted_mail::kind.eq(MailKind::Reminders)),
        )));
    // Whoever is lead and administrator of an organisation counts once for it.
    let pairs: Vec<(OrganisationId, PersonId)> =
        meant!(reached.select((outlook_risk::organisation_id, person::id)).distinct()).load(conn)?;
    let mails = i64::try_from(pairs.len()).unwrap_or(i64::MAX);
    let places: BTreeSet<OrganisationId> = pairs.into_iter().map(|(organisation, _)| organisation).collect();
    let reachable = i64::try_from(places.len()).unwrap_or(i64::MAX);
    Ok(Preview { organisations, today: reminded, reachable, mails })
}

/// A round of reminders.
#[derive(Debug, Clone)]
pub(in crate::review::dashboard) struct Round {
    pub id: RoundId,
    pub collection: CollectionId,
    pub year: String,
    pub day: Day,
    pub sent_by: String,
    pub sent_at: Timestamp,
    pub organisations: i64,
    pub done: i64,
    pub mails: i64,
    pub finished_at: Option<Timestamp>,
}

type Row = ((RoundId, CollectionId, Day, Timestamp, i64, i64, i64, Option<Timestamp>), String, String);

fn read(
    ((id, collection, day, sent_at, organisations, done, mails, finished_at), year, sent_by): Row,
) -> Round {
    Round { id, collection, year, day, sent_by, sent_at, organisations, done, mails, finished_at }
}

macro_rules! rounds {
    () => {
        reminder_round::table
            .inner_join(collection::table.on(collection::id.eq(reminder_round::collection_id)))
            .inner_join(person::table.on(person::id.eq(reminder_round::sent_by)))
            .select((
                (
                    reminder_round::id,
                    reminder_round::collection_id,
                    reminder_round::day,
                    reminder_round::sent_at,
                    reminder_round::organisations,
                    reminder_round::done,
                    reminder_round::mails,
                    reminder_round::finished_at,
                ),
                collection::year_label,
                person::name,
            ))
    };
}

/// The round with this number.
pub(super) fn round(conn: &mut Conn, id: RoundId) -> Result<Round> {
    let row: Option<Row> = rounds!().filter(reminder_round::id.eq(id)).first(conn).optional()?;
    row.map(read).ok_or(Error::NotFound)
}

/// The newest rounds of a collection.
pub(super) fn rounds(conn: &mut Conn, of: CollectionId, most: i64) -> Result<Vec<Round>> {
    let rows: Vec<Row> = rounds!()
        .filter(reminder_round::collection_id.eq(of))
        .order(reminder_round::id.desc())
        .limit(most)
        .load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// One organisation of a round: code, name, what became of it.
pub(in crate::review::dashboard) type Line = (String, String, LineState);

/// Organisations of a round in the order of the register's numbers, from one on.
pub(super) fn lines(conn: &mut Conn, of: RoundId, skip: i64, most: i64) -> Result<Vec<Line>> {
    Ok(reminder_line::table
        .inner_join(organisation::table.on(organisation::id.eq(reminder_line::organisation_id)))
        .filter(reminder_line::round_id.eq(of))
        .order(reminder_line::organisation_id)
        .select((organisation::code, organisation::name, reminder_line::state))
        .offset(skip)
        .limit(most)
        .load(conn)?)
}
