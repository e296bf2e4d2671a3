//! Bringing back what stood around the answers: owners, discussions and the improvement plan. People are found by their
//! addresses among the organisation's own; words stay with whoever brings them, who quotes.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::Restored;
use crate::access::OrganisationRole;
use crate::identity;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CommentId, PersonId, PieceId, PlanId, PlanLineId, RequirementId};
use crate::returns::discussion::TEXT_LIMIT;
use crate::returns::offline::export::{
    ExportedComment, ExportedNote, ExportedOwner, ExportedPerson, ExportedPlan, ExportedPlanLine,
};
use crate::returns::plan::PlanState;
use crate::returns::quoted::Quoted;
use crate::returns::sharing::OWNERS;
use crate::returns::store::Found;
use crate::schema::{
    answer_owner, discussion_comment, discussion_mention, evidence_piece, improvement_plan, plan_line,
    plan_note,
};

/// Who brings an export back, where to, and whom it may name.
pub(super) struct Around<'a> {
    found: &'a Found,
    /// Nobody is the system, on the word of whoever runs it.
    by: Option<PersonId>,
    members: HashMap<String, PersonId>,
    owners: BTreeSet<PersonId>,
    readers: BTreeSet<PersonId>,
}

impl<'a> Around<'a> {
    /// Reads who belongs to the organisation.
    pub fn of(conn: &mut Conn, found: &'a Found, by: Option<PersonId>) -> Result<Self> {
        let mut holders = |roles: &[OrganisationRole]| identity::holders_of(conn, found.organisation, roles);
        let ids = |people: Vec<(PersonId, String, String)>| people.into_iter().map(|(id, ..)| id).collect();
        let (owners, readers) = (ids(holders(&OWNERS)?), ids(holders(&OrganisationRole::READERS)?));
        let everybody = holders(OrganisationRole::ALL)?;
        let members = everybody.into_iter().map(|(id, _, email)| (email.to_lowercase(), id)).collect();
        Ok(Self { found, by, members, owners, readers })
    }

    fn member(&self, person: &ExportedPerson) -> Option<PersonId> {
        self.members.get(&person.email.to_lowercase()).copied()
    }

    /// Refuses a return in which somebody has begun to talk or to plan.
    pub fn must_be_empty(&self, conn: &mut Conn) -> Result<()> {
        let comments: i64 = discussion_comment::table
            .filter(discussion_comment::return_id.eq(self.found.id))
            .count()
            .get_result(conn)?;
        if comments == 0 && self.found.circumstances.plan.is_none() {
            return Ok(());
        }
        Err(Error::Refused(
            "This return holds comments or an improvement plan already. An export is brought back only into a return that \
             holds none."
                .to_owned(),
        ))
    }

    /// Gives a requirement to its owner, unless somebody else has been given it meanwhile.
    pub fn owner(
        &self,
        tx: &mut Tx<'_>,
        of: RequirementId,
        owner: &ExportedOwner,
        restored: &mut Restored,
    ) -> Result<()> {
        let Some(person) = self.member(&owner.person).filter(|person| self.owners.contains(person)) else {
            restored.strangers += 1;
            return Ok(());
        };
        let given: i64 = answer_owner::table
            .filter(answer_owner::return_id.eq(self.found.id))
            .filter(answer_owner::requirement_id.eq(of))
            .count()
            .get_result(tx.conn())?;
        if given > 0 {
            return Ok(());
        }
        let now = tx.now();
        diesel::insert_into(answer_owner::table)
            .values((
                answer_owner::return_id.eq(self.found.id),
                answer_owner::requirement_id.eq(of),
                answer_owner::organisation_id.eq(self.found.organisation),
                answer_owner::person_id.eq(person),
                answer_owner::due_on.eq(owner.due_on.to_string()),
                answer_owner::given_by.eq(self.by),
                answer_owner::given_at.eq(now),
            ))
            .execute(tx.conn())?;
        restored.owners += 1;
        Ok(())
    }

    /// Writes a comment again.
    pub fn comment(
        &self,
        tx: &mut Tx<'_>,
        on: RequirementId,
        comment: &ExportedComment,
        restored: &mut Restored,
    ) -> Result<()> {
        must_be_short(&comment.text)?;
        let withdrawn_at = comment.withdrawn_at.as_deref().map(moment).transpose()?;
        let said = self.said(&comment.author, &comment.written_at, tx.now())?;
        let Some(author) = said.by else {
            restored.strangers += 1;
            return Ok(());
        };
        let text = if withdrawn_at.is_some() { "" } else { comment.text.as_str() };
        let id: CommentId = diesel::insert_into(discussion_comment::table)
            .values((
                discussion_comment::organisation_id.eq(self.found.organisation),
                discussion_comment::return_id.eq(self.found.id),
                discussion_comment::requirement_id.eq(on),
                discussion_comment::author_id.eq(author),
                discussion_comment::text.eq(text),
                discussion_comment::written_at.eq(said.at),
                discussion_comment::withdrawn_at.eq(withdrawn_at),
                discussion_comment::quoted.eq(said.quoted),
            ))
            .returning(discussion_comment::id)
            .get_result(tx.conn())?;
        let named: BTreeSet<PersonId> =
            comment.mentioned.iter().filter_map(|person| self.member(person)).collect();
        for person in named {
            diesel::insert_into(discussion_mention::table)
                .values((
                    discussion_mention::comment_id.eq(id),
                    discussion_mention::person_id.eq(person),
                    discussion_mention::organisation_id.eq(self.found.organisation),
                ))
                .execute(tx.conn())?;
        }
        restored.comments += 1;
        Ok(())
    }

    /// Whose words are stored as. A person who brings them back is their author and quotes; the system is nobody, so it
    /// takes them for those of whoever it knows.
    fn said(&self, author: &ExportedPerson, written_at: &str, now: Timestamp) -> Result<Said> {
        let at = moment(written_at)?;
        let quoted = Quoted { author: author.clone(), written_at: written_at.to_owned() };
        match (self.by, self.member(author)) {
            (Some(by), _) => Ok(Said { by: Some(by), at: now, quoted: Some(quoted.stored()?) }),
            (None, Some(known)) => Ok(Said { by: Some(known), at, quoted: None }),
            (None, None) => Ok(Said { by: None, at, quoted: Some(quoted.stored()?) }),
        }
    }

    /// Makes the plan again, as a draft: a signature or approval was of the plan that it was.
    pub fn plan(&self, tx: &mut Tx<'_>, plan: &ExportedPlan, restored: &mut Restored) -> Result<()> {
        let id: PlanId = diesel::insert_into(improvement_plan::table)
            .values((
                improvement_plan::return_id.eq(self.found.id),
                improvement_plan::organisation_id.eq(self.found.organisation),
                improvement_plan::state.eq(PlanState::Draft),
            ))
            .returning(improvement_plan::id)
            .get_result(tx.conn())?;
        let mut planned = BTreeSet::new();
        for line in &plan.lines {
            let of = self.found.edition.requirement_id(&line.requirement);
            let of = of.filter(|of| planned.insert(*of)).ok_or_else(|| {
                wrong("a line of the improvement plan is about no requirement of this return, or the second about one")
            })?;
            self.line(tx, (id, of), line, restored)?;
        }
        Ok(())
    }

    fn line(
        &self,
        tx: &mut Tx<'_>,
        (plan, of): (PlanId, RequirementId),
        line: &ExportedPlanLine,
        restored: &mut Restored,
    ) -> Result<()> {
        for text in [&line.action, &line.resources, &line.evidence] {
            must_be_short(text)?;
        }
        let owner = line.owner.as_ref().and_then(|owner| self.member(owner));
        let owner = owner.filter(|owner| self.readers.contains(owner));
        restored.strangers += usize::from(line.owner.is_some() && owner.is_none());
        let piece = self.piece(tx.conn(), &line.piece)?;
        restored.missing += usize::from(piece.is_none() && !line.piece.is_empty());
        let now = tx.now();
        let id: PlanLineId = diesel::insert_into(plan_line::table)
            .values((
                plan_line::plan_id.eq(plan),
                plan_line::organisation_id.eq(self.found.organisation),
                plan_line::requirement_id.eq(of),
                plan_line::action.eq(&line.action),
                plan_line::owner_id.eq(owner),
                plan_line::due_on.eq(line.due_on.map(|day| day.to_string())),
                plan_line::resources.eq(&line.resources),
                plan_line::funded.eq(line.funded),
                plan_line::evidence.eq(&line.evidence),
                plan_line::evidence_piece_id.eq(piece),
                plan_line::done_on.eq(line.done_on.map(|day| day.to_string())),
                plan_line::updated_at.eq(now),
                plan_line::updated_by.eq(self.by),
            ))
            .returning(plan_line::id)
            .get_result(tx.conn())?;
        for note in &line.notes {
            self.note(tx, id, note)?;
        }
        restored.lines += 1;
        Ok(())
    }

    /// The piece of the library with this title; none when it is not in there any more.
    fn piece(&self, conn: &mut Conn, title: &str) -> Result<Option<PieceId>> {
        if title.is_empty() {
            return Ok(None);
        }
        Ok(evidence_piece::table
            .filter(evidence_piece::organisation_id.eq(self.found.organisation))
            .filter(evidence_piece::title.eq(title))
            .filter(evidence_piece::removed_at.is_null())
            .order(evidence_piece::id)
            .select(evidence_piece::id)
            .first(conn)
            .optional()?)
    }

    fn note(&self, tx: &mut Tx<'_>, line: PlanLineId, note: &ExportedNote) -> Result<()> {
        must_be_short(&note.note)?;
        let said = self.said(&note.author, &note.written_at, tx.now())?;
        diesel::insert_into(plan_note::table)
            .values((
                plan_note::line_id.eq(line),
                plan_note::organisation_id.eq(self.found.organisation),
                plan_note::note.eq(&note.note),
                plan_note::written_by.eq(said.by),
                plan_note::written_at.eq(said.at),
                plan_note::quoted.eq(said.quoted),
            ))
            .execute(tx.conn())?;
        Ok(())
    }
}

/// Words as they are stored.
struct Said {
    by: Option<PersonId>,
    at: Timestamp,
    quoted: Option<String>,
}

fn wrong(message: &str) -> Error {
    Error::field("export", format!("The export cannot be used: {message}"))
}

fn must_be_short(text: &str) -> Result<()> {
    if text.chars().count() > TEXT_LIMIT {
        return Err(wrong("a comment or a text of the improvement plan is too long"));
    }
    Ok(())
}

fn moment(text: &str) -> Result<Timestamp> {
    text.parse::<jiff::Timestamp>().map(Timestamp::from).map_err(|_| wrong("a time is none"))
}
