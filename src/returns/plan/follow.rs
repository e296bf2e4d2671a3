//! Improvement plans as the centre follows them: which are where, what is overdue, what was reported and shown.

use std::collections::BTreeMap;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::model::{PlanState, Stage};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PlanId, PlanLineId};
use crate::schema::{
    annual_return, collection, improvement_plan, organisation, plan_closing, plan_escalation, plan_line,
    plan_line_seen, plan_note,
};

/// Plans on one page.
pub(super) const PAGE_SIZE: i64 = 100;

/// Plans whose lines are read at once.
const AT_ONCE: usize = 500;

crate::text_enum! {
    /// Which plans are listed.
    Show {
        /// With the central team.
        Waiting = "waiting", "Waiting for approval";
        /// Agreed and being worked off.
        Agreed = "agreed", "Approved";
        /// Agreed, with a line that is overdue.
        Overdue = "overdue", "With overdue lines";
        /// Agreed, with an overdue line that has gone up to the programme.
        Escalated = "escalated", "Escalated";
        /// Agreed, and every line is done.
        Done = "done", "Every line done, to be closed";
        /// Given back.
        Rejected = "rejected", "Rejected";
        /// Closed.
        Closed = "closed", "Closed";
        /// Every one that was ever sent.
        All = "all", "Every plan that was sent";
    }
}

/// One plan in the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub id: PlanId,
    pub organisation: OrganisationId,
    pub code: String,
    pub name: String,
    pub year: String,
    pub state: PlanState,
    pub sent_at: Option<Timestamp>,
    pub course: Course,
}

/// How far the lines of a plan are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Course {
    pub lines: i64,
    pub done: i64,
    pub overdue: i64,
    /// Done lines whose evidence somebody of the centre has looked at.
    pub seen: i64,
    /// When the next line that is not done is due.
    pub next_due: Option<Day>,
    /// When progress was reported last.
    pub reported_at: Option<Timestamp>,
    /// How far up an overdue line has gone.
    pub stage: Option<Stage>,
}

type Row = ((PlanId, PlanState, Option<Timestamp>), (OrganisationId, String, String), String);

/// The plans of a kind, on a boxed query over `improvement_plan`. (Days compare as they are written.)
macro_rules! narrowed {
    ($query:expr, $show:expr, $today:expr) => {{
        let (query, today) = ($query, $today.to_string());
        let open = || {
            plan_line::table
                .filter(plan_line::plan_id.eq(improvement_plan::id))
                .filter(plan_line::done_on.is_null())
        };
        let agreed = improvement_plan::state.eq(PlanState::Approved);
        match $show {
            Show::Waiting => query.filter(improvement_plan::state.eq(PlanState::Sent)),
            Show::Agreed => query.filter(agreed),
            Show::Overdue => query.filter(agreed).filter(exists(open().filter(plan_line::due_on.lt(today)))),
            Show::Escalated => {
                // Escalations are few, so the plans are found from them.
                let up = plan_escalation::table
                    .inner_join(plan_line::table.on(plan_line::id.eq(plan_escalation::line_id)))
                    .filter(plan_escalation::due_on.nullable().eq(plan_line::due_on))
                    .filter(plan_escalation::stage.eq(Stage::Centre))
                    .filter(plan_line::done_on.is_null())
                    .select(plan_line::plan_id);
                query.filter(agreed).filter(improvement_plan::id.eq_any(up))
            }
            Show::Done => query.filter(agreed).filter(not(exists(open()))),
            Show::Rejected => query.filter(improvement_plan::state.eq(PlanState::Rejected)),
            Show::Closed => query.filter(improvement_plan::state.eq(PlanState::Closed)),
            Show::All => query.filter(improvement_plan::sent_at.is_not_null()),
        }
    }};
}

/// The plans of a kind, those that were sent first first: one page of them, or all.
pub(super) fn list(conn: &mut Conn, show: Show, today: Day, page: Option<i64>) -> Result<(i64, Vec<Listed>)> {
    let counting = improvement_plan::table.select(diesel::dsl::count_star()).into_boxed();
    let total: i64 = narrowed!(counting, show, today).first(conn)?;
    let numbers = improvement_plan::table.select(improvement_plan::id).into_boxed();
    let mut numbers =
        narrowed!(numbers, show, today).order((improvement_plan::sent_at, improvement_plan::id));
    if let Some(page) = page {
        numbers = numbers.limit(PAGE_SIZE).offset((page.max(1) - 1).saturating_mul(PAGE_SIZE));
    }
    let ids: Vec<PlanId> = numbers.load(conn)?;
    let mut listed = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        listed.extend(rows_of(conn, some, today)?);
    }
    Ok((total, listed))
}

/// What is known of these plans, in their order.
fn rows_of(conn: &mut Conn, ids: &[PlanId], today: Day) -> Result<Vec<Listed>> {
    let rows: Vec<Row> = improvement_plan::table
        .inner_join(annual_return::table.on(annual_return::id.eq(improvement_plan::return_id)))
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(improvement_plan::organisation_id)))
        .filter(improvement_plan::id.eq_any(ids.to_vec()))
        .select((
            (improvement_plan::id, improvement_plan::state, improvement_plan::sent_at),
            (organisation::id, organisation::code, organisation::name),
            collection::year_label,
        ))
        .load(conn)?;
    let mut courses = courses(conn, ids, today)?;
    let mut found: BTreeMap<PlanId, Listed> = rows
        .into_iter()
        .map(|((id, state, sent_at), (organisation, code, name), year)| {
            let course = courses.remove(&id).unwrap_or_default();
            (id, Listed { id, organisation, code, name, year, state, sent_at, course })
        })
        .collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// How far the lines of these plans are: four statements, whatever their number.
fn courses(conn: &mut Conn, ids: &[PlanId], today: Day) -> Result<BTreeMap<PlanId, Course>> {
    let mut all: BTreeMap<PlanId, Course> = BTreeMap::new();
    let lines: Vec<(PlanId, PlanLineId, Option<Day>, Option<Day>)> = plan_line::table
        .filter(plan_line::plan_id.eq_any(ids.to_vec()))
        .select((plan_line::plan_id, plan_line::id, plan_line::due_on, plan_line::done_on))
        .load(conn)?;
    let mut open: BTreeMap<(PlanLineId, Day), PlanId> = BTreeMap::new();
    for (plan, line, due, done) in lines {
        let course = all.entry(plan).or_default();
        course.lines += 1;
        course.done += i64::from(done.is_some());
        if let Some(due) = due.filter(|_| done.is_none()) {
            course.overdue += i64::from(due < today);
            course.next_due = Some(course.next_due.map_or(due, |next| next.min(due)));
            open.insert((line, due), plan);
        }
    }
    let seen: Vec<(PlanId, i64)> = plan_line_seen::table
        .filter(plan_line_seen::plan_id.eq_any(ids.to_vec()))
        .group_by(plan_line_seen::plan_id)
        .select((plan_line_seen::plan_id, diesel::dsl::count_star()))
        .load(conn)?;
    for (plan, count) in seen {
        all.entry(plan).or_default().seen = count;
    }
    let reported: Vec<(PlanId, Option<Timestamp>)> = plan_note::table
        .inner_join(plan_line::table.on(plan_line::id.eq(plan_note::line_id)))
        .filter(plan_line::plan_id.eq_any(ids.to_vec()))
        .group_by(plan_line::plan_id)
        .select((plan_line::plan_id, diesel::dsl::max(plan_note::written_at)))
        .load(conn)?;
    for (plan, at) in reported {
        all.entry(plan).or_default().reported_at = at;
    }
    let up: Vec<(PlanLineId, Day, Stage)> = plan_escalation::table
        .filter(plan_escalation::plan_id.eq_any(ids.to_vec()))
        .select((plan_escalation::line_id, plan_escalation::due_on, plan_escalation::stage))
        .load(conn)?;
    for (line, due, stage) in up {
        if let Some(plan) = open.get(&(line, due)) {
            let course = all.entry(*plan).or_default();
            course.stage = course.stage.max(Some(stage));
        }
    }
    Ok(all)
}

/// The lines of a plan whose evidence of completion was looked at, with when.
pub(super) fn seen(conn: &mut Conn, of: PlanId) -> Result<BTreeMap<PlanLineId, Timestamp>> {
    let rows: Vec<(PlanLineId, Timestamp)> = plan_line_seen::table
        .filter(plan_line_seen::plan_id.eq(of))
        .select((plan_line_seen::line_id, plan_line_seen::seen_at))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The note with which a plan was closed, and when.
pub(super) fn closing(conn: &mut Conn, of: PlanId) -> Result<Option<(String, Timestamp)>> {
    Ok(plan_closing::table
        .filter(plan_closing::plan_id.eq(of))
        .select((plan_closing::note, plan_closing::closed_at))
        .first(conn)
        .optional()?)
}
