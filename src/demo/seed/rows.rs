//! The rows of a stretch of returns, made beforehand by any thread and written here in one change, many to a statement.

use diesel::prelude::*;
use serde_json::Value;

use super::seeding_permit;
use crate::ledger::{self, Event};
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::{
    AnswerId, CertificateId, CollectionId, EditionId, EventId, EvidenceId, MappingId, OrganisationId,
    PersonId, PieceId, PlanId, PlanLineId, QueryId, RequirementId, ReturnId, ReviewId, ServiceId,
    SubmissionId,
};
use crate::returns::Classification;
use crate::schema::{
    annual_return, answer, answer_evidence, answer_owner, answer_version, certificate, collection_result,
    evidence, evidence_piece, improvement_plan, organisation_service, plan_line, published_status,
    query_message, return_filer, review, review_decision, review_query, sign_off, submission,
};

/// How many rows go into one statement: few enough that the parameters of the widest stay below SQLite's limit.
pub(super) const AT_ONCE: usize = 200;

/// Writes rows in statements of [`AT_ONCE`].
macro_rules! insert {
    ($tx:expr, $table:ident, $rows:expr) => {
        for some in $rows.chunks($crate::demo::seed::rows::AT_ONCE) {
            $crate::each!($tx.conn(), c => diesel::insert_into($table::table).values(some).execute(c))?;
        }
    };
}
pub(super) use insert;

/// Everything that a stretch of organisations brings with it.
#[derive(Default)]
pub(super) struct Rows {
    pub published: Vec<PublishedRow>,
    pub results: Vec<ResultRow>,
    pub returns: Vec<ReturnRow>,
    pub filers: Vec<FilerRow>,
    pub answers: Vec<AnswerRow>,
    pub pieces: Vec<PieceRow>,
    pub evidence: Vec<EvidenceRow>,
    pub links: Vec<LinkRow>,
    pub owners: Vec<OwnerRow>,
    pub sign_offs: Vec<SignOffRow>,
    pub services: Vec<ServiceRow>,
    pub certificates: Vec<CertificateRow>,
    pub plans: Vec<PlanRow>,
    pub plan_lines: Vec<PlanLineRow>,
    pub submissions: Vec<SubmissionRow>,
    /// What the ledger says of each of `submissions`.
    pub told: Vec<Value>,
    pub reviews: Vec<ReviewRow>,
    pub decisions: Vec<DecisionRow>,
    pub queries: Vec<QueryRow>,
    pub messages: Vec<MessageRow>,
}

#[derive(Insertable)]
#[diesel(table_name = published_status, treat_none_as_default_value = false)]
pub(super) struct PublishedRow {
    pub organisation_id: OrganisationId,
    pub edition_label: String,
    pub label: &'static str,
    pub grade: &'static str,
    pub published_on: Day,
    pub source: String,
    pub recorded_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = collection_result, treat_none_as_default_value = false)]
pub(super) struct ResultRow {
    pub collection_id: CollectionId,
    pub organisation_id: OrganisationId,
    pub status: &'static str,
    pub recorded_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = annual_return, treat_none_as_default_value = false)]
pub(super) struct ReturnRow {
    pub id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub edition_id: EditionId,
    pub profile: String,
    pub state: &'static str,
    pub opened_at: Timestamp,
    pub submission_id: Option<SubmissionId>,
    pub final_grade: Option<String>,
    pub before_edition_id: Option<EditionId>,
    pub before_submission_id: Option<SubmissionId>,
    pub mapping_id: Option<MappingId>,
    pub change_hash: Option<Vec<u8>>,
}

/// An organisation that files its own return.
#[derive(Insertable)]
#[diesel(table_name = return_filer, treat_none_as_default_value = false)]
pub(super) struct FilerRow {
    pub collection_id: CollectionId,
    pub organisation_id: OrganisationId,
    pub return_id: ReturnId,
}

/// An answer, and beside it the same as its first version.
#[derive(Insertable)]
#[diesel(table_name = answer, treat_none_as_default_value = false)]
pub(super) struct AnswerRow {
    pub id: AnswerId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub value: String,
    pub comment: String,
    pub state: &'static str,
    pub version: i64,
    pub carried_from_submission_id: Option<SubmissionId>,
    pub updated_at: Timestamp,
    pub updated_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = answer_version, treat_none_as_default_value = false)]
struct VersionRow<'a> {
    answer_id: AnswerId,
    version: i64,
    organisation_id: OrganisationId,
    value: &'a str,
    comment: &'a str,
    state: &'static str,
    saved_at: Timestamp,
    saved_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = evidence_piece, treat_none_as_default_value = false)]
pub(super) struct PieceRow {
    pub id: PieceId,
    pub organisation_id: OrganisationId,
    pub title: String,
    pub search: String,
    pub classification: Classification,
    pub owner_id: Option<PersonId>,
    pub created_by: Option<PersonId>,
    pub created_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = evidence, treat_none_as_default_value = false)]
pub(super) struct EvidenceRow {
    pub id: EvidenceId,
    pub organisation_id: OrganisationId,
    pub piece_id: PieceId,
    pub number: i64,
    pub file_name: String,
    pub media_type: &'static str,
    pub size_bytes: i64,
    pub sha256: Vec<u8>,
    pub uploaded_by: Option<PersonId>,
    pub uploaded_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = answer_evidence, treat_none_as_default_value = false)]
pub(super) struct LinkRow {
    pub return_id: ReturnId,
    pub requirement_id: RequirementId,
    pub evidence_id: EvidenceId,
    pub organisation_id: OrganisationId,
    pub linked_at: Timestamp,
    pub linked_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = sign_off, treat_none_as_default_value = false)]
pub(super) struct SignOffRow {
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub role: &'static str,
    pub person_id: PersonId,
    pub statement_version: String,
    pub statement: String,
    pub content_hash: Vec<u8>,
    pub signed_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = organisation_service, treat_none_as_default_value = false)]
pub(super) struct ServiceRow {
    pub id: ServiceId,
    pub organisation_id: OrganisationId,
    pub position: i64,
    pub name: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = certificate, treat_none_as_default_value = false)]
pub(super) struct CertificateRow {
    pub id: CertificateId,
    pub organisation_id: OrganisationId,
    pub kind: &'static str,
    pub edition: &'static str,
    pub body: &'static str,
    pub accreditation: &'static str,
    pub number: String,
    pub whole: bool,
    pub covered: String,
    pub issued_on: Day,
    pub valid_from: Day,
    pub valid_to: Day,
    pub version: i64,
    pub updated_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = improvement_plan, treat_none_as_default_value = false)]
pub(super) struct PlanRow {
    pub id: PlanId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub state: &'static str,
    pub version: i64,
    pub signed_by: Option<PersonId>,
    pub signed_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<Timestamp>,
    pub reason: &'static str,
}

#[derive(Insertable)]
#[diesel(table_name = plan_line, treat_none_as_default_value = false)]
pub(super) struct PlanLineRow {
    pub id: PlanLineId,
    pub plan_id: PlanId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub action: String,
    pub owner_id: Option<PersonId>,
    pub due_on: Day,
    pub resources: &'static str,
    pub funded: &'static str,
    pub version: i64,
    pub updated_at: Timestamp,
    pub updated_by: Option<PersonId>,
}

#[derive(Insertable)]
#[diesel(table_name = submission, treat_none_as_default_value = false)]
pub(super) struct SubmissionRow {
    pub id: SubmissionId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub number: i64,
    pub submitted_by: Option<PersonId>,
    pub submitted_at: Timestamp,
    pub late: bool,
    pub snapshot: String,
    pub snapshot_hash: Vec<u8>,
    pub levels: Vec<u8>,
    pub claimed_grade: String,
    pub score: String,
    pub rule_set: String,
    pub ledger_event_id: Option<EventId>,
}

#[derive(Insertable)]
#[diesel(table_name = review, treat_none_as_default_value = false)]
pub(super) struct ReviewRow {
    pub id: ReviewId,
    pub submission_id: SubmissionId,
    pub return_id: ReturnId,
    pub organisation_id: OrganisationId,
    pub collection_id: CollectionId,
    pub state: &'static str,
    pub reviewer_id: Option<PersonId>,
    pub second_reviewer_id: Option<PersonId>,
    pub claimed_grade: String,
    pub assessed_grade: Option<String>,
    pub assessed_levels: Option<Vec<u8>>,
    pub assessed_score: Option<String>,
    pub summary: String,
    pub queued_at: Timestamp,
    pub claimed_at: Option<Timestamp>,
    pub due_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub clock_stopped_at: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = review_decision, treat_none_as_default_value = false)]
pub(super) struct DecisionRow {
    pub review_id: ReviewId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub outcome: &'static str,
    pub assessed_level: i64,
    pub reason: String,
    pub version: i64,
    pub decided_by: PersonId,
    pub decided_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = review_query, treat_none_as_default_value = false)]
pub(super) struct QueryRow {
    pub id: QueryId,
    pub review_id: ReviewId,
    pub organisation_id: OrganisationId,
    pub requirement_id: RequirementId,
    pub state: &'static str,
    pub asked_by: PersonId,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub replied_at: Option<Timestamp>,
    pub outcome: Option<&'static str>,
    pub closing_note: Option<&'static str>,
    pub closed_by: Option<PersonId>,
    pub closed_at: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = query_message, treat_none_as_default_value = false)]
pub(super) struct MessageRow {
    pub query_id: QueryId,
    pub organisation_id: OrganisationId,
    pub side: &'static str,
    pub text: String,
    pub author_id: PersonId,
    pub written_at: Timestamp,
    pub sent_by: Option<PersonId>,
    pub sent_at: Option<Timestamp>,
    pub standing: &'static str,
}

/// A requirement that a contributor was given.
#[derive(Insertable)]
#[diesel(table_name = answer_owner, treat_none_as_default_value = false)]
pub(super) struct OwnerRow {
    pub return_id: ReturnId,
    pub requirement_id: RequirementId,
    pub organisation_id: OrganisationId,
    pub person_id: PersonId,
    pub due_on: Day,
    pub given_by: Option<PersonId>,
    pub given_at: Timestamp,
}

impl Rows {
    /// Writes them all. Every submission and every review's end gets its event in the ledger.
    pub(super) fn write(mut self, tx: &mut Tx<'_>, versions: bool) -> Result<()> {
        insert!(tx, published_status, self.published);
        insert!(tx, collection_result, self.results);
        insert!(tx, annual_return, self.returns);
        insert!(tx, return_filer, self.filers);
        insert!(tx, answer, self.answers);
        if versions {
            let first: Vec<VersionRow<'_>> = self.answers.iter().map(first_version).collect();
            insert!(tx, answer_version, first);
        }
        insert!(tx, evidence_piece, self.pieces);
        insert!(tx, evidence, self.evidence);
        insert!(tx, answer_evidence, self.links);
        insert!(tx, answer_owner, self.owners);
        insert!(tx, sign_off, self.sign_offs);
        insert!(tx, organisation_service, self.services);
        insert!(tx, certificate, self.certificates);
        insert!(tx, improvement_plan, self.plans);
        insert!(tx, plan_line, self.plan_lines);
        let permit = seeding_permit()?;
        for (row, data) in self.submissions.iter_mut().zip(self.told) {
            let event = Event::of(&permit, "return_submitted", format!("submission/{}", row.id), data)
                .in_organisation(row.organisation_id);
            row.ledger_event_id = Some(ledger::append(tx, &event, ())?.event());
        }
        insert!(tx, submission, self.submissions);
        for row in &self.reviews {
            let kind = match row.state {
                "decided" => "review_decided",
                "second" => "review_finished",
                _ => continue,
            };
            let score = row.assessed_score.as_deref().unwrap_or_default();
            let data = serde_json::json!({
                "claimed_grade": row.claimed_grade,
                "assessed_grade": row.assessed_grade,
                "score_sha256": hex(&sha256(score.as_bytes())),
            });
            let event = Event::of(&permit, kind, format!("review/{}", row.id), data)
                .in_organisation(row.organisation_id);
            ledger::append(tx, &event, ())?;
        }
        insert!(tx, review, self.reviews);
        insert!(tx, review_decision, self.decisions);
        insert!(tx, review_query, self.queries);
        insert!(tx, query_message, self.messages);
        Ok(())
    }
}

fn first_version(row: &AnswerRow) -> VersionRow<'_> {
    VersionRow {
        answer_id: row.id,
        version: row.version,
        organisation_id: row.organisation_id,
        value: &row.value,
        comment: &row.comment,
        state: row.state,
        saved_at: row.updated_at,
        saved_by: row.updated_by,
    }
}
