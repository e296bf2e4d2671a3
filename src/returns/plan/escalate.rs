//! Lines of agreed plans that are long overdue go up, stage by stage: owner and leads, then the SIRO, then the programme.
//! After how many days is data that programme managers keep.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::json;

use super::mail;
use super::model::Stage;
use super::reading::requirement_of;
use super::store::{self, PlanLine};
use crate::access::{EscalateLine, OrganisationRole, Permit, SetEscalation};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Day;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PersonId, PlanId, PlanLineId};
use crate::platform::mail as outbox;
use crate::returns::circumstances::PlanHead;
use crate::returns::store::Found;
use crate::schema::{escalation_step, plan_escalation};

/// The most days after which a stage can be set.
pub const DAYS_LIMIT: i64 = 365;

/// After how many days overdue a line reaches each stage.
///
/// # Errors
/// When the database cannot be asked.
pub fn steps(conn: &mut Conn) -> Result<BTreeMap<Stage, i64>> {
    let rows: Vec<(Stage, i64)> =
        escalation_step::table.select((escalation_step::stage, escalation_step::after_days)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Sets them; what has gone up already stays where it is.
///
/// # Errors
/// [`Error::Invalid`] for days out of range or not one after the other.
pub fn set_escalation(
    tx: &mut Tx<'_>,
    permit: &Permit<SetEscalation>,
    days: &BTreeMap<Stage, i64>,
) -> Result<Recorded<()>> {
    let mut before = 0;
    for stage in Stage::ALL {
        let after = days.get(stage).copied().unwrap_or_default();
        if !(1..=DAYS_LIMIT).contains(&after) {
            return Err(Error::field(
                stage.as_str(),
                format!("Enter a number of days from 1 to {DAYS_LIMIT}"),
            ));
        }
        if after <= before {
            return Err(Error::field(stage.as_str(), "Enter more days than for the stage before"));
        }
        before = after;
        diesel::update(escalation_step::table.filter(escalation_step::stage.eq(*stage)))
            .set(escalation_step::after_days.eq(after))
            .execute(tx.conn())?;
    }
    ledger::append(
        tx,
        &Event::of(permit, "escalation_set", "programme".to_owned(), json!({"days": days})),
        (),
    )
}

/// The stages that lines of a plan have reached, with the day, by line and the due day that it was reached for.
pub(in crate::returns) fn reached(
    conn: &mut Conn,
    of: PlanId,
) -> Result<BTreeMap<(PlanLineId, Day), BTreeMap<Stage, Day>>> {
    let rows: Vec<(PlanLineId, Day, Stage, Day)> = plan_escalation::table
        .filter(plan_escalation::plan_id.eq(of))
        .select((
            plan_escalation::line_id,
            plan_escalation::due_on,
            plan_escalation::stage,
            plan_escalation::reached_on,
        ))
        .load(conn)?;
    let mut reached: BTreeMap<(PlanLineId, Day), BTreeMap<Stage, Day>> = BTreeMap::new();
    for (line, due_on, stage, day) in rows {
        reached.entry((line, due_on)).or_default().insert(stage, day);
    }
    Ok(reached)
}

/// The stage that a line reaches today: the next one whose days have passed, and one a day at most, so that whoever was
/// told had time even where the portal stood still.
fn next_stage(
    line: &PlanLine,
    reached: Option<&BTreeMap<Stage, Day>>,
    steps: &BTreeMap<Stage, i64>,
    today: Day,
) -> Option<Stage> {
    let due = line.due_on.filter(|_| line.done_on.is_none())?;
    let next = Stage::ALL.iter().copied().find(|stage| reached.is_none_or(|r| !r.contains_key(stage)))?;
    let was_today = reached.is_some_and(|reached| reached.values().any(|day| *day >= today));
    let passed = steps.get(&next).is_some_and(|after| due.days_until(today) >= *after);
    (passed && !was_today).then_some(next)
}

/// Takes the overdue lines of the permit's plan up a stage where it is time, and tells by mail whoever that stage is about.
/// Written down with the mails: run again, or by two at once, it does nothing a second time. Gives how many went up.
///
/// # Errors
/// [`Error::Conflict`] when none did.
pub fn escalate_lines(
    tx: &mut Tx<'_>,
    permit: &Permit<EscalateLine>,
    (found, head): (&Found, PlanHead),
    public_url: &str,
) -> Result<Recorded<usize>> {
    // Reserved, so that no line is completed or changed beside it.
    store::hold(tx, head)?;
    let today = tx.now().london_day();
    let (steps, reached) = (steps(tx.conn())?, reached(tx.conn(), head.id)?);
    let mut up: BTreeMap<Stage, Vec<PlanLine>> = BTreeMap::new();
    for line in store::lines(tx.conn(), head.id)? {
        let Some(due) = line.due_on else { continue };
        let Some(stage) = next_stage(&line, reached.get(&(line.id, due)), &steps, today) else { continue };
        if write(tx, head, &line, (due, stage), permit.organisation()?)? {
            up.entry(stage).or_default().push(line);
        }
    }
    if up.is_empty() {
        return Err(Error::Conflict("No line goes up a stage now.".to_owned()));
    }
    for (stage, lines) in &up {
        tell(tx, (found, head), *stage, lines, public_url)?;
    }
    let count: usize = up.values().map(Vec::len).sum();
    let told: BTreeMap<Stage, Vec<PlanLineId>> =
        up.iter().map(|(stage, lines)| (*stage, lines.iter().map(|line| line.id).collect())).collect();
    let event = Event::of(permit, "plan_escalated", format!("plan/{}", head.id), json!({"lines": told}));
    ledger::append(tx, &event, count)
}

/// Writes a stage down; false when it was before.
fn write(
    tx: &mut Tx<'_>,
    head: PlanHead,
    line: &PlanLine,
    (due, stage): (Day, Stage),
    whose: crate::platform::ids::OrganisationId,
) -> Result<bool> {
    let now = tx.now();
    let row = (
        plan_escalation::line_id.eq(line.id),
        plan_escalation::due_on.eq(due.to_string()),
        plan_escalation::stage.eq(stage),
        plan_escalation::organisation_id.eq(whose),
        plan_escalation::plan_id.eq(head.id),
        plan_escalation::reached_on.eq(now.london_day().to_string()),
        plan_escalation::reached_at.eq(now),
    );
    let made = crate::each!(tx.conn(), c => diesel::insert_into(plan_escalation::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made == 1)
}

/// One mail to each person, of the lines that concern them. The programme reads its stage from the list of plans.
fn tell(
    tx: &mut Tx<'_>,
    (found, head): (&Found, PlanHead),
    stage: Stage,
    lines: &[PlanLine],
    public_url: &str,
) -> Result<()> {
    let roles: &[OrganisationRole] = match stage {
        Stage::Owner => &[OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator],
        Stage::Siro => &[OrganisationRole::Siro],
        Stage::Centre => return Ok(()),
    };
    let everything = identity::holders_of(tx.conn(), found.organisation, roles)?;
    let all: BTreeSet<PersonId> = everything.iter().map(|(person, ..)| *person).collect();
    let owners: BTreeSet<PersonId> = lines.iter().filter_map(|line| line.owner).collect();
    let members = identity::holders_of(tx.conn(), found.organisation, &OrganisationRole::READERS)?;
    let owning = members.into_iter().filter(|(person, ..)| stage == Stage::Owner && owners.contains(person));
    for (person, name, to) in everything.iter().cloned().chain(owning.filter(|(p, ..)| !all.contains(p))) {
        let mut named = Vec::new();
        for line in lines.iter().filter(|line| all.contains(&person) || line.owner == Some(person)) {
            let requirement = requirement_of(found, line)?;
            let what = format!("{} {}", requirement.code, requirement.title);
            named.extend(line.due_on.map(|due| (what, due)));
        }
        let mail = mail::overdue(found, (&to, &name), &named, stage == Stage::Siro, public_url);
        let id = format!("plan-{}-{stage}-{}-{person}", head.id, tx.now().micros());
        outbox::queue(tx, &mail, &id)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::RequirementId;
    use crate::returns::plan::model::Funded;

    fn line(due: &str) -> PlanLine {
        PlanLine {
            id: PlanLineId::new(1),
            requirement: RequirementId::new(1),
            action: String::new(),
            owner: None,
            due_on: Some(due.parse().unwrap()),
            resources: String::new(),
            funded: Funded::Unknown,
            evidence: String::new(),
            piece: None,
            done_on: None,
            rejected: String::new(),
            version: 1,
            updated_at: Timestamp::from_micros(0),
            updated_by: None,
        }
    }

    #[test]
    fn a_line_goes_up_one_stage_at_a_time() {
        let steps = BTreeMap::from([(Stage::Owner, 7), (Stage::Siro, 21), (Stage::Centre, 35)]);
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut reached = BTreeMap::new();
        let mut seen = Vec::new();
        for after in 0..60 {
            let today = day("2026-10-01").plus_days(after);
            for _ in 0..2 {
                if let Some(stage) = next_stage(&line("2026-10-01"), Some(&reached), &steps, today) {
                    reached.insert(stage, today);
                    seen.push((stage, after));
                }
            }
        }
        assert_eq!(seen, [(Stage::Owner, 7), (Stage::Siro, 21), (Stage::Centre, 35)]);
        // The portal stood still: a stage a day, not all at once.
        let (mut reached, mut seen) = (BTreeMap::new(), Vec::new());
        for after in 50..54 {
            let today = day("2026-10-01").plus_days(after);
            for _ in 0..2 {
                if let Some(stage) = next_stage(&line("2026-10-01"), Some(&reached), &steps, today) {
                    reached.insert(stage, today);
                    seen.push(after);
                }
            }
        }
        assert_eq!(seen, [50, 51, 52]);
        let done = PlanLine { done_on: Some(day("2026-10-20")), ..line("2026-10-01") };
        assert_eq!(next_stage(&done, None, &steps, day("2026-12-01")), None);
    }
}
