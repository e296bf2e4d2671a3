//! Identifiers as types, so that a person's id can never be passed where an organisation's is wanted.

/// Declares a `BIGINT` identifier with its database and JSON mappings.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            diesel::deserialize::FromSqlRow, diesel::expression::AsExpression,
        )]
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that came from the database or from an address.
            #[must_use]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// The bare number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB> for $name
        where
            DB: diesel::backend::Backend,
            i64: diesel::deserialize::FromSql<diesel::sql_types::BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                i64::from_sql(bytes).map(Self)
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::BigInt, DB> for $name
        where
            DB: diesel::backend::Backend,
            i64: diesel::serialize::ToSql<diesel::sql_types::BigInt, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                self.0.to_sql(out)
            }
        }
    )*};
}

id! {
    /// A person who can sign in.
    PersonId,
    /// An organisation of the register.
    OrganisationId,
    /// A session of a signed-in person.
    SessionId,
    /// An invitation to become a member or to take a central role.
    InvitationId,
    /// A named set of requirements, over its editions.
    StandardId,
    /// One edition of a standard.
    EditionId,
    /// One draft of an edition, which is no edition yet.
    EditionDraftId,
    /// One note of guidance about a requirement or section of an edition.
    GuidanceNoteId,
    /// A proposal to change a requirement.
    ProposalId,
    /// One version of a mapping between two editions.
    MappingId,
    /// A correction of the rules of an edition in use.
    RuleCorrectionId,
    /// One requirement of one edition.
    RequirementId,
    /// One time that a review was decided.
    ConclusionId,
    /// A letter that tells an organisation of a decision.
    LetterId,
    /// An organisation's challenge of a decision.
    ChallengeId,
    /// One year's exercise.
    CollectionId,
    /// A request for more time.
    TimeRequestId,
    /// One organisation's return in one collection.
    ReturnId,
    /// One answer of one return.
    AnswerId,
    /// One version of a piece of evidence: a file's content, or a link.
    EvidenceId,
    /// A piece of evidence in an organisation's library.
    PieceId,
    /// An immutable snapshot of a return.
    SubmissionId,
    /// An immutable snapshot of a return on its way, sent by the interim date.
    InterimId,
    /// The central review of one submission.
    ReviewId,
    /// A filter of the queue that somebody has named.
    SavedViewId,
    /// A round of reminders that a programme manager has sent.
    RoundId,
    /// A question a reviewer asks about one answer.
    QueryId,
    /// One draw of the sample that is scored twice.
    DrawId,
    /// A submission of the sample, scored by a second person who sees nothing of the first.
    BlindCaseId,
    /// Both scores of one answer.
    ComparisonId,
    /// An anonymous case with an agreed status, for training.
    GoldId,
    /// An alert that a reviewer differs from the team.
    AlertId,
    /// A reason in the reviewers' library.
    ReasonId,
    /// A reviewer's private note.
    NoteId,
    /// One message of a question's thread.
    QueryMessageId,
    /// A request for more time to answer a question, or more time given.
    QueryTimeId,
    /// One comment in the discussion of a requirement.
    CommentId,
    /// A dated statistical publication.
    ReleaseId,
    /// One row of the ledger.
    EventId,
    /// A piece of work done outside the caller's transaction.
    JobId,
    /// A mail in the outbox.
    MailId,
    /// One run of an import.
    ImportRunId,
    /// A row that an import could not take as it stood.
    QuarantineId,
    /// A certificate that an organisation holds.
    CertificateId,
    /// A service that an organisation lists.
    ServiceId,
    /// The improvement plan of one return.
    PlanId,
    /// One action of an improvement plan.
    PlanLineId,
    /// A delegation of signing.
    DelegationId,
    /// A board paper as it was made.
    BoardPaperId,
    /// A workbook that was filled in offline and uploaded.
    WorkbookId,
    /// An answer of a head office that differs for one of its sites.
    ExceptionId,
    /// The fixed list of sites of a head office's submission.
    FilingId,
    /// A request to correct the register's list of sites.
    CorrectionId,
    /// An interest that somebody of the central team declared.
    InterestId,
    /// An organisation that somebody of the central team worked for.
    EmployerId,
    /// An alert, an incident or a result of an audit.
    SignalId,
    /// A time for which a reviewer is away.
    AbsenceId,
    /// One entry of the calendar of releases.
    ReleaseDateId,
    /// Somebody who may read a release before it is published.
    EarlyReaderId,
    /// One computation of every open review's risk.
    RiskRunId,
}
