//! A row in every table of what an organisation arranges, delegates and takes back, put there as it would be stored.

use diesel::prelude::*;
use portal::platform::canonical::sha256;
use portal::platform::clock::Timestamp;
use portal::platform::db::Tx;
use portal::platform::error::Result;
use portal::platform::ids::{
    CollectionId, DelegationId, FilingId, OrganisationId, PersonId, PieceId, PlanId, PlanLineId,
    RequirementId, ReturnId, SubmissionId,
};
use portal::returns::Classification;
use portal::returns::plan::{Funded, PlanState, Stage};
use portal::schema::{
    board_paper, evidence_piece, extension, improvement_plan, invitation, plan_closing, plan_escalation,
    plan_line, plan_line_seen, sign_delegation, sign_off, site_correction, site_exception, site_exclusion,
    site_filing, site_filing_line, site_group, withdrawal,
};

/// What the rows name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arranged {
    pub whose: OrganisationId,
    pub lead: PersonId,
    pub siro: PersonId,
    pub now: Timestamp,
    pub sent: SubmissionId,
    pub site: OrganisationId,
    pub other: OrganisationId,
    pub of: ReturnId,
    pub collection: CollectionId,
    pub requirement: RequirementId,
}

/// Puts all of it there.
pub(super) fn arrange(tx: &mut Tx<'_>, from: &Arranged) -> Result<()> {
    signed(tx, from)?;
    asked(tx, from)?;
    sites(tx, from)?;
    filed(tx, from)?;
    let plan = planned(tx, from)?;
    closed(tx, from, plan)
}

/// Signed on behalf of another, and withdrawn.
fn signed(tx: &mut Tx<'_>, from: &Arranged) -> Result<()> {
    let given: DelegationId = diesel::insert_into(sign_delegation::table)
        .values((
            sign_delegation::organisation_id.eq(from.whose),
            sign_delegation::role.eq("siro"),
            sign_delegation::delegator_id.eq(from.siro),
            sign_delegation::delegate_id.eq(from.lead),
            sign_delegation::until.eq("2026-03-31"),
            sign_delegation::reason.eq("On leave"),
            sign_delegation::given_at.eq(from.now),
        ))
        .returning(sign_delegation::id)
        .get_result(tx.conn())?;
    diesel::update(sign_off::table.filter(sign_off::return_id.eq(from.of)))
        .set((sign_off::person_id.eq(from.lead), sign_off::delegation_id.eq(Some(given))))
        .execute(tx.conn())?;
    diesel::insert_into(withdrawal::table)
        .values((
            withdrawal::organisation_id.eq(from.whose),
            withdrawal::return_id.eq(from.of),
            withdrawal::submission_id.eq(from.sent),
            withdrawal::reason.eq("The wrong year"),
            withdrawal::withdrawn_by.eq(from.lead),
            withdrawal::withdrawn_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A board paper, more time, an invitation and a correction of the register.
fn asked(tx: &mut Tx<'_>, from: &Arranged) -> Result<()> {
    let paper = "{\"meeting\":\"The March board\",\"v\":1}";
    diesel::insert_into(board_paper::table)
        .values((
            board_paper::return_id.eq(from.of),
            board_paper::organisation_id.eq(from.whose),
            board_paper::number.eq(1_i64),
            board_paper::content.eq(paper),
            board_paper::content_hash.eq(&sha256(paper.as_bytes())[..]),
            board_paper::made_by.eq(from.siro),
            board_paper::made_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(extension::table)
        .values((
            extension::collection_id.eq(from.collection),
            extension::organisation_id.eq(from.whose),
            extension::until.eq(from.now.plus_seconds(86_400)),
            extension::reason.eq("A flood"),
            extension::granted_by.eq(from.siro),
            extension::granted_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(invitation::table)
        .values((
            invitation::organisation_id.eq(Some(from.whose)),
            invitation::email.eq("nia@people.example"),
            invitation::name.eq("Nia New"),
            invitation::role.eq("contributor"),
            invitation::invited_by.eq(Some(from.lead)),
            invitation::created_at.eq(from.now),
            invitation::expires_at.eq(from.now.plus_seconds(86_400)),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(site_correction::table)
        .values((
            site_correction::organisation_id.eq(from.whose),
            site_correction::kind.eq("closed"),
            site_correction::site_id.eq(from.other),
            site_correction::note.eq("Since May"),
            site_correction::state.eq("refused"),
            site_correction::asked_by.eq(from.lead),
            site_correction::asked_at.eq(from.now),
            site_correction::answer.eq("It is open"),
            site_correction::answered_at.eq(Some(from.now)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What is arranged for two sites.
fn sites(tx: &mut Tx<'_>, from: &Arranged) -> Result<()> {
    diesel::insert_into(site_group::table)
        .values((
            site_group::return_id.eq(from.of),
            site_group::organisation_id.eq(from.whose),
            site_group::collection_id.eq(from.collection),
            site_group::opened_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(site_exclusion::table)
        .values((
            site_exclusion::return_id.eq(from.of),
            site_exclusion::site_id.eq(from.other),
            site_exclusion::organisation_id.eq(from.whose),
            site_exclusion::kind.eq("sold"),
            site_exclusion::note.eq("To a neighbour"),
            site_exclusion::excluded_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(site_exception::table)
        .values((
            site_exception::return_id.eq(from.of),
            site_exception::organisation_id.eq(from.whose),
            site_exception::site_id.eq(from.site),
            site_exception::requirement_id.eq(from.requirement),
            site_exception::value.eq("{\"level\":1}"),
            site_exception::comment.eq("No safe"),
            site_exception::version.eq(1_i64),
            site_exception::updated_at.eq(from.now),
            site_exception::updated_by.eq(Some(from.lead)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was filed for one of them.
fn filed(tx: &mut Tx<'_>, from: &Arranged) -> Result<()> {
    let filing: FilingId = diesel::insert_into(site_filing::table)
        .values((
            site_filing::submission_id.eq(from.sent),
            site_filing::return_id.eq(from.of),
            site_filing::organisation_id.eq(from.whose),
            site_filing::collection_id.eq(from.collection),
            site_filing::pressed_at.eq(from.now),
            site_filing::pressed_by.eq(Some(from.lead)),
            site_filing::late.eq(false),
            site_filing::list_hash.eq(&sha256(b"the list")[..]),
            site_filing::sites.eq(1_i64),
            site_filing::exceptions.eq(1_i64),
        ))
        .returning(site_filing::id)
        .get_result(tx.conn())?;
    diesel::insert_into(site_filing_line::table)
        .values((
            site_filing_line::filing_id.eq(filing),
            site_filing_line::position.eq(0_i64),
            site_filing_line::organisation_id.eq(from.whose),
            site_filing_line::site_id.eq(from.site),
            site_filing_line::action.eq("file"),
            site_filing_line::code.eq("ZS001"),
            site_filing_line::name.eq("A site"),
            site_filing_line::sector.eq("nhs_trust"),
            site_filing_line::profile.eq("acute"),
            site_filing_line::overrides.eq("[]"),
            site_filing_line::state.eq("failed"),
            site_filing_line::said.eq("It has started its own return"),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A line of the improvement plan, with its evidence.
fn planned(tx: &mut Tx<'_>, from: &Arranged) -> Result<(PlanId, PlanLineId)> {
    let plan: PlanId = diesel::insert_into(improvement_plan::table)
        .values((
            improvement_plan::return_id.eq(from.of),
            improvement_plan::organisation_id.eq(from.whose),
            improvement_plan::state.eq(PlanState::Closed),
        ))
        .returning(improvement_plan::id)
        .get_result(tx.conn())?;
    let piece: PieceId = diesel::insert_into(evidence_piece::table)
        .values((
            evidence_piece::organisation_id.eq(from.whose),
            evidence_piece::title.eq("Minutes of May"),
            evidence_piece::search.eq("minutes of may"),
            evidence_piece::classification.eq(Classification::Official),
            evidence_piece::created_at.eq(from.now),
        ))
        .returning(evidence_piece::id)
        .get_result(tx.conn())?;
    let line: PlanLineId = diesel::insert_into(plan_line::table)
        .values((
            plan_line::plan_id.eq(plan),
            plan_line::organisation_id.eq(from.whose),
            plan_line::requirement_id.eq(from.requirement),
            plan_line::action.eq("Buy a safe"),
            plan_line::owner_id.eq(Some(from.lead)),
            plan_line::due_on.eq("2026-08-01"),
            plan_line::funded.eq(Funded::Yes),
            plan_line::evidence.eq("Item 4"),
            plan_line::evidence_piece_id.eq(Some(piece)),
            plan_line::done_on.eq("2026-08-30"),
            plan_line::updated_at.eq(from.now),
        ))
        .returning(plan_line::id)
        .get_result(tx.conn())?;
    Ok((plan, line))
}

/// What was seen, taken up and closed of it.
fn closed(tx: &mut Tx<'_>, from: &Arranged, (plan, line): (PlanId, PlanLineId)) -> Result<()> {
    diesel::insert_into(plan_line_seen::table)
        .values((
            plan_line_seen::line_id.eq(line),
            plan_line_seen::organisation_id.eq(from.whose),
            plan_line_seen::plan_id.eq(plan),
            plan_line_seen::seen_by.eq(from.siro),
            plan_line_seen::seen_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(plan_escalation::table)
        .values((
            plan_escalation::line_id.eq(line),
            plan_escalation::due_on.eq("2026-08-01"),
            plan_escalation::stage.eq(Stage::Owner),
            plan_escalation::organisation_id.eq(from.whose),
            plan_escalation::plan_id.eq(plan),
            plan_escalation::reached_on.eq("2026-08-15"),
            plan_escalation::reached_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(plan_closing::table)
        .values((
            plan_closing::plan_id.eq(plan),
            plan_closing::organisation_id.eq(from.whose),
            plan_closing::note.eq("All of it is shown"),
            plan_closing::closed_by.eq(from.siro),
            plan_closing::closed_at.eq(from.now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
