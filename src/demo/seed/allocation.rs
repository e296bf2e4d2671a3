//! Who reviews what in the demo: what two reviewers know, one who is away, a former employer, a few signals from elsewhere;
//! and the risk of every open review, computed as it is for a real one.

use diesel::prelude::*;

use super::super::nation::people::CentralRole as Post;
use super::years::Written;
use super::{Seeding, permit, seeding_permit};
use crate::access::{Actor, ComputeRisk};
use crate::ledger::{self, Event};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::{Db, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, ReviewId};
use crate::review::{Severity, SignalKind, compute_risk, make_seed};
use crate::schema::{former_employer, reviewer, reviewer_absence, reviewer_skill, risk_signal};

/// Reviews computed in one change.
const PIECE: i64 = 500;

/// Writes it all.
pub(super) fn write(db: &Db, seeding: &Seeding, collections: &[Written]) -> Result<()> {
    let mut reviewers: Vec<PersonId> = Vec::new();
    for post in seeding.nation.staff.central.iter().filter(|post| post.role == Post::Reviewer) {
        let person = seeding.people.get(post.person.index()).copied();
        reviewers.extend(person.filter(|person| !reviewers.contains(person)));
    }
    let organisations = seeding.organisations.clone();
    db.write_now(Actor::system_reach(), move |tx| {
        people(tx, &reviewers, &organisations)?;
        signals(tx, &organisations)?;
        let data = serde_json::json!({"reviewers": reviewers.len()});
        let event = Event::of(&seeding_permit()?, "demo_allocation_made", "demo".to_owned(), data);
        ledger::append(tx, &event, ())
    })?;
    for collection in collections {
        let (id, seed) = (collection.id, hex(&sha256(format!("demo {}", collection.key).as_bytes())));
        db.write_now(Actor::system_reach(), move |tx| make_seed(tx, &seeding_permit()?, id, &seed))?;
    }
    let mut after = Some(ReviewId::new(0));
    while let Some(from) = after {
        let (_, last) = db.write_now(Actor::system_reach(), move |tx| {
            compute_risk(tx, &permit::<ComputeRisk>("programme")?, from, PIECE)
        })?;
        after = last;
    }
    Ok(())
}

/// The first two reviewers know some sectors; the last one is away for a week, and worked for another organisation before.
fn people(tx: &mut Tx<'_>, reviewers: &[PersonId], organisations: &[OrganisationId]) -> Result<()> {
    let now = tx.now();
    let today = now.london_day();
    for (person, (capacity, sectors)) in
        reviewers.iter().zip([(12_i64, ["nhs_trust", "icb"]), (8, ["gp", "pharmacy"])])
    {
        diesel::insert_into(reviewer::table)
            .values((
                reviewer::person_id.eq(*person),
                reviewer::capacity.eq(capacity),
                reviewer::version.eq(1_i64),
                reviewer::updated_at.eq(now),
            ))
            .execute(tx.conn())?;
        for sector in sectors {
            diesel::insert_into(reviewer_skill::table)
                .values((
                    reviewer_skill::person_id.eq(*person),
                    reviewer_skill::kind.eq("sector"),
                    reviewer_skill::skill_key.eq(sector),
                ))
                .execute(tx.conn())?;
        }
    }
    let (Some(first), Some(last)) = (reviewers.first(), reviewers.last()) else { return Ok(()) };
    if first == last {
        return Ok(());
    }
    diesel::insert_into(reviewer_absence::table)
        .values((
            reviewer_absence::person_id.eq(*last),
            reviewer_absence::cover_id.eq(Some(*first)),
            reviewer_absence::from_on.eq(today.plus_days(-1).to_string()),
            reviewer_absence::to_on.eq(today.plus_days(6).to_string()),
            reviewer_absence::recorded_by.eq(*last),
            reviewer_absence::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    if let Some(employer) = organisations.last() {
        diesel::insert_into(former_employer::table)
            .values((
                former_employer::person_id.eq(*last),
                former_employer::organisation_id.eq(*employer),
                former_employer::from_on.eq(today.plus_months(-60).to_string()),
                former_employer::to_on.eq(Some(today.plus_months(-10).to_string())),
                former_employer::recorded_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// What is known from elsewhere of three organisations.
fn signals(tx: &mut Tx<'_>, organisations: &[OrganisationId]) -> Result<()> {
    let now = tx.now();
    let today = now.london_day();
    let known = [
        (SignalKind::Alert, Severity::Medium, -40, "National alert desk", "Answered on the fourth day."),
        (
            SignalKind::Incident,
            Severity::High,
            -120,
            "Incident reports",
            "A supplier's account was taken over.",
        ),
        (SignalKind::Audit, Severity::Low, -300, "Independent audit", "One minor finding, closed."),
    ];
    for (organisation, (kind, severity, days, source, note)) in
        organisations.iter().skip(2).step_by(3).zip(known)
    {
        diesel::insert_into(risk_signal::table)
            .values((
                risk_signal::organisation_id.eq(*organisation),
                risk_signal::kind.eq(kind),
                risk_signal::happened_on.eq(today.plus_days(days).to_string()),
                risk_signal::severity.eq(severity),
                risk_signal::source.eq(source),
                risk_signal::note.eq(note),
                risk_signal::recorded_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
