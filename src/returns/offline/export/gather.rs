//! Reads what stands around the answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use super::around::{
    ExportedCertificate, ExportedClosing, ExportedComment, ExportedEscalation, ExportedHoldings,
    ExportedInterim, ExportedNote, ExportedOwner, ExportedPerson, ExportedPlan, ExportedPlanDecision,
    ExportedPlanLine, ExportedSeen, ExportedTimeRequest,
};
use crate::certificates::{self, Scope};
use crate::collections;
use crate::identity;
use crate::platform::canonical::hex;
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{
    CommentId, OrganisationId, PersonId, PieceId, PlanId, PlanLineId, RequirementId, ServiceId,
};
use crate::returns::interim;
use crate::returns::plan;
use crate::returns::quoted::Quoted;
use crate::returns::store::Found;
use crate::schema::{
    answer_owner, discussion_comment, discussion_mention, evidence_piece, organisation_service, plan_closing,
    plan_line, plan_line_seen,
};

/// People by their numbers.
pub(super) struct People(BTreeMap<PersonId, ExportedPerson>);

impl People {
    pub(super) fn read(conn: &mut Conn, ids: impl IntoIterator<Item = PersonId>) -> Result<Self> {
        let ids: BTreeSet<PersonId> = ids.into_iter().collect();
        let ids: Vec<PersonId> = ids.into_iter().collect();
        let known = identity::addresses_of(conn, &ids)?;
        let person = |(id, name, email)| (id, ExportedPerson { name, email });
        Ok(Self(known.into_iter().map(person).collect()))
    }

    pub(super) fn of(&self, id: PersonId) -> ExportedPerson {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}

/// Who was given which requirement.
pub(super) fn owners(conn: &mut Conn, found: &Found) -> Result<HashMap<RequirementId, ExportedOwner>> {
    let rows: Vec<(RequirementId, PersonId, Day, Timestamp)> = answer_owner::table
        .filter(answer_owner::return_id.eq(found.id))
        .select((
            answer_owner::requirement_id,
            answer_owner::person_id,
            answer_owner::due_on,
            answer_owner::given_at,
        ))
        .load(conn)?;
    let people = People::read(conn, rows.iter().map(|row| row.1))?;
    let owner = |(requirement, person, due_on, given_at): (RequirementId, PersonId, Day, Timestamp)| {
        (requirement, ExportedOwner { person: people.of(person), due_on, given_at: given_at.rfc3339() })
    };
    Ok(rows.into_iter().map(owner).collect())
}

/// Every comment, by requirement, the oldest first.
pub(super) fn discussions(
    conn: &mut Conn,
    found: &Found,
) -> Result<HashMap<RequirementId, Vec<ExportedComment>>> {
    type Row = (CommentId, RequirementId, PersonId, String, Timestamp, Option<Timestamp>, Option<String>);
    let rows: Vec<Row> = discussion_comment::table
        .filter(discussion_comment::return_id.eq(found.id))
        .order(discussion_comment::id)
        .select((
            discussion_comment::id,
            discussion_comment::requirement_id,
            discussion_comment::author_id,
            discussion_comment::text,
            discussion_comment::written_at,
            discussion_comment::withdrawn_at,
            discussion_comment::quoted,
        ))
        .load(conn)?;
    let named: Vec<(CommentId, PersonId)> = discussion_mention::table
        .inner_join(discussion_comment::table.on(discussion_comment::id.eq(discussion_mention::comment_id)))
        .filter(discussion_comment::return_id.eq(found.id))
        .select((discussion_mention::comment_id, discussion_mention::person_id))
        .load(conn)?;
    let authors = rows.iter().map(|row| row.2);
    let people = People::read(conn, authors.chain(named.iter().map(|(_, person)| *person)))?;
    let mut discussions: HashMap<RequirementId, Vec<ExportedComment>> = HashMap::new();
    for (id, requirement, author, text, written_at, withdrawn_at, quoted) in rows {
        let said = said_by(quoted.as_deref(), Some(author), written_at, &people)?;
        let mut mentioned: Vec<ExportedPerson> =
            named.iter().filter(|(of, _)| *of == id).map(|(_, person)| people.of(*person)).collect();
        mentioned.sort();
        discussions.entry(requirement).or_default().push(ExportedComment {
            author: said.author,
            written_at: said.written_at,
            text,
            withdrawn_at: withdrawn_at.map(Timestamp::rfc3339),
            mentioned,
        });
    }
    Ok(discussions)
}

/// Who wrote something, or is quoted with it.
fn said_by(quoted: Option<&str>, by: Option<PersonId>, at: Timestamp, people: &People) -> Result<Quoted> {
    let own = || Quoted { author: by.map(|by| people.of(by)).unwrap_or_default(), written_at: at.rfc3339() };
    Ok(Quoted::of(quoted)?.unwrap_or_else(own))
}

/// The improvement plan, if there is one.
pub(super) fn plan(conn: &mut Conn, found: &Found) -> Result<Option<ExportedPlan>> {
    let Some((plan, lines, notes)) = plan::whole(conn, found)? else { return Ok(None) };
    let owners = lines.iter().filter_map(|line| line.owner);
    let writers = notes.iter().filter_map(|note| note.by);
    let decisions = plan::decisions(conn, plan.id)?;
    let deciders = decisions.iter().map(|decision| decision.by);
    let (mut seen, closing) = (looked_at(conn, plan.id)?, closing(conn, plan.id)?);
    let (titles, reached) = (titles(conn, plan.id)?, plan::reached(conn, plan.id)?);
    let lookers = seen.values().map(|(by, _)| *by).chain(closing.iter().map(|(_, by, _)| *by));
    let everybody = owners.chain(writers).chain(plan.signed_by).chain(deciders).chain(lookers);
    let people = People::read(conn, everybody)?;
    let mut exported = Vec::with_capacity(lines.len());
    for line in lines {
        let of_line = notes.iter().filter(|note| note.line == line.id).map(|note| {
            let said = said_by(note.quoted.as_deref(), note.by, note.at, &people)?;
            Ok(ExportedNote { author: said.author, written_at: said.written_at, note: note.note.clone() })
        });
        let notes = of_line.collect::<Result<_>>()?;
        let position = found.edition.position_of(line.requirement);
        let requirement = position.and_then(|at| found.edition.edition().requirements().get(at));
        exported.push(ExportedPlanLine {
            requirement: requirement.map(|of| of.code.to_string()).unwrap_or_default(),
            action: line.action,
            owner: line.owner.map(|owner| people.of(owner)),
            due_on: line.due_on,
            resources: line.resources,
            funded: line.funded,
            evidence: line.evidence,
            piece: line.piece.and_then(|piece| titles.get(&piece).cloned()).unwrap_or_default(),
            done_on: line.done_on,
            seen: seen
                .remove(&line.id)
                .map(|(by, at)| ExportedSeen { seen_by: people.of(by).name, seen_at: at.rfc3339() }),
            escalations: reached
                .iter()
                .filter(|((of, _), _)| *of == line.id)
                .flat_map(|((_, due_on), stages)| {
                    stages.iter().map(move |(stage, reached_on)| ExportedEscalation {
                        stage: *stage,
                        due_on: *due_on,
                        reached_on: *reached_on,
                    })
                })
                .collect(),
            rejected: line.rejected,
            notes,
        });
    }
    Ok(Some(ExportedPlan {
        state: plan.state,
        signed_by: plan.signed_by.map(|by| people.of(by).name).unwrap_or_default(),
        signed_at: plan.signed_at.map(Timestamp::rfc3339),
        sent_at: plan.sent_at.map(Timestamp::rfc3339),
        decided_at: plan.decided_at.map(Timestamp::rfc3339),
        reason: plan.reason,
        decisions: decisions
            .into_iter()
            .map(|decision| ExportedPlanDecision {
                verdict: decision.verdict,
                decided_by: people.of(decision.by).name,
                decided_at: decision.at.rfc3339(),
                reason: decision.reason,
                lines: decision.lines,
            })
            .collect(),
        closed: closing.map(|(note, by, at)| ExportedClosing {
            note,
            closed_by: people.of(by).name,
            closed_at: at.rfc3339(),
        }),
        lines: exported,
    }))
}

/// Who looked at what shows that which line is done, and when.
fn looked_at(conn: &mut Conn, of: PlanId) -> Result<HashMap<PlanLineId, (PersonId, Timestamp)>> {
    let rows: Vec<(PlanLineId, PersonId, Timestamp)> = plan_line_seen::table
        .filter(plan_line_seen::plan_id.eq(of))
        .select((plan_line_seen::line_id, plan_line_seen::seen_by, plan_line_seen::seen_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(line, by, at)| (line, (by, at))).collect())
}

/// What was said when a plan was closed, by whom and when.
fn closing(conn: &mut Conn, of: PlanId) -> Result<Option<(String, PersonId, Timestamp)>> {
    Ok(plan_closing::table
        .filter(plan_closing::plan_id.eq(of))
        .select((plan_closing::note, plan_closing::closed_by, plan_closing::closed_at))
        .first(conn)
        .optional()?)
}

/// The titles of the pieces that a plan's lines name, those taken out of the library included.
fn titles(conn: &mut Conn, of: PlanId) -> Result<HashMap<PieceId, String>> {
    let rows: Vec<(PieceId, String)> = plan_line::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.nullable().eq(plan_line::evidence_piece_id)))
        .filter(plan_line::plan_id.eq(of))
        .select((evidence_piece::id, evidence_piece::title))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Services and certificates of an organisation. A scope may name services that are listed no more.
pub(super) fn holdings(conn: &mut Conn, whose: OrganisationId) -> Result<ExportedHoldings> {
    let held = certificates::holdings(conn, whose)?;
    let services = certificates::services(conn, whose)?;
    // By name: a place in the list is nothing that a service has once it is listed no more.
    let mut every: Vec<(ServiceId, String)> = organisation_service::table
        .filter(organisation_service::organisation_id.eq(whose))
        .select((organisation_service::id, organisation_service::name))
        .load(conn)?;
    every.sort_by(|one, other| one.1.cmp(&other.1));
    let names = |scope: &Scope| match scope {
        Scope::Whole => Vec::new(),
        Scope::Services(covered) => {
            every.iter().filter(|(id, _)| covered.contains(id)).map(|(_, name)| name.clone()).collect()
        }
    };
    Ok(ExportedHoldings {
        services: services.into_iter().map(|service| service.name).collect(),
        certificates: held
            .certificates
            .iter()
            .map(|certificate| ExportedCertificate::of(certificate, names(&certificate.scope)))
            .collect(),
    })
}

/// Requests for more time, the oldest first.
pub(super) fn time_requests(conn: &mut Conn, found: &Found) -> Result<Vec<ExportedTimeRequest>> {
    let mut asked = collections::requests_by(conn, found.collection.id, found.organisation)?;
    asked.reverse();
    Ok(asked
        .into_iter()
        .map(|request| ExportedTimeRequest {
            until: request.until.rfc3339(),
            reason: request.reason,
            state: request.state,
            asked_by: request.asked_by,
            asked_at: request.asked_at.rfc3339(),
            answer: request.answer,
            answered_at: request.answered_at.map(Timestamp::rfc3339),
        })
        .collect())
}

/// Interim returns, the first one first.
pub(super) fn interims(conn: &mut Conn, found: &Found) -> Result<Vec<ExportedInterim>> {
    let mut sent = interim::interims(conn, found.id)?;
    sent.reverse();
    let people = People::read(conn, sent.iter().map(|one| one.signed_by))?;
    sent.into_iter()
        .map(|one| {
            Ok(ExportedInterim {
                number: one.number,
                signed_by: people.of(one.signed_by).name,
                submitted_at: one.submitted_at.rfc3339(),
                late: one.late,
                snapshot_sha256: hex(&one.snapshot_hash),
                snapshot: serde_json::from_str(&one.snapshot)
                    .map_err(|e| Error::internal(format!("failed to read interim return {}", one.id), e))?,
            })
        })
        .collect()
}
