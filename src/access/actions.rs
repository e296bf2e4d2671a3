//! THE table of who may do what. Every change in the programme has its row here, and the golden file
//! `tests/golden/access.snap` prints it role by role and state by state.

use super::permit::{Action, ActionRow, Audience, ConflictRule};
use super::roles::CentralRole::{
    self, CentralReviewer, ProgrammeManager, Publisher, SecondReviewer, StandardsEditor,
};
use super::roles::OrganisationRole::{
    self, CaldicottGuardian, Contributor, Dpo, IgLead, OrganisationAdministrator, Siro,
};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident: $words:literal on $on:literal, $audience:expr, in [$($state:literal),*];)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl Action for $name {
                const ROW: ActionRow =
                    ActionRow { name: $words, on: $on, audience: $audience, states: &[$($state),*] };
            }
        )*

        /// Every row, in declared order.
        pub const ACTIONS: &[ActionRow] = &[$($name::ROW),*];
    };
}

const EVERY_MEMBER: Audience =
    Audience::Members(&[Contributor, IgLead, OrganisationAdministrator, Siro, CaldicottGuardian, Dpo]);
/// Everybody in an organisation who sees a return as a whole; a contributor sees what they were given.
const WHOLE_RETURN: Audience = Audience::Members(&OrganisationRole::READERS);
const CENTRAL_TEAM: Audience = Audience::Central(
    &[CentralReviewer, SecondReviewer, Publisher, ProgrammeManager, StandardsEditor],
    ConflictRule::Ignored,
);
const PROGRAMME: Audience = Audience::Central(&[ProgrammeManager], ConflictRule::Ignored);
/// Whoever plans figures or answers for them.
const STATISTICIANS: Audience = Audience::Central(&[Publisher, ProgrammeManager], ConflictRule::Ignored);
const EDITORS: Audience = Audience::Central(&[StandardsEditor], ConflictRule::Ignored);
/// Who may read and decide corrections of rules.
const RULE_MAKERS: Audience = Audience::Central(&[StandardsEditor, ProgrammeManager], ConflictRule::Ignored);
/// Whoever scores submissions, first or second.
const SCORERS: &[CentralRole] = &[CentralReviewer, SecondReviewer];
/// Whoever scores submissions or runs those who do, about no organisation in particular.
const REVIEWING: Audience =
    Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Ignored);
/// Who decides on releases besides whoever composes them.
const RELEASING: Audience = Audience::Central(&[Publisher, ProgrammeManager], ConflictRule::Ignored);
const LEADS: Audience = Audience::Members(&[IgLead, OrganisationAdministrator]);

actions! {
    // Identity.
    /// Invite a person to a role in an organisation.
    InviteMember: "invite a colleague" on "organisation", Audience::Members(&[OrganisationAdministrator, IgLead]), in [];
    /// End a person's membership.
    EndMembership: "end a colleague's role" on "organisation", Audience::Members(&[OrganisationAdministrator]), in [];
    /// Invite a person to the central team or as an organisation's first administrator.
    InviteCentrally: "invite a person" on "programme", Audience::Central(&[ProgrammeManager], ConflictRule::Ignored), in [];
    /// Take back an invitation to one's organisation that nobody has accepted yet.
    RevokeInvitation: "take back an invitation" on "invitation", LEADS, in ["open"];
    /// Take back an invitation by the programme, to the central team or of an organisation's first administrator.
    RevokeInvitationCentrally: "take back the programme's invitation" on "invitation", PROGRAMME, in ["open"];
    /// Read who belongs to the central team, and their declared interests.
    ReadCentralTeam: "read the central team's roles" on "programme", PROGRAMME, in [];
    /// End a person's role in the central team.
    EndCentralRole: "end a role in the central team" on "programme", PROGRAMME, in [];
    /// Accept an invitation, proved by its signed link.
    AcceptInvitation: "accept an invitation" on "invitation", Audience::System, in ["open"];
    /// Declare an interest that bars one from reviewing an organisation.
    DeclareInterest: "declare an interest" on "programme", CENTRAL_TEAM, in [];
    /// Seed people and memberships from the command line or the demo.
    SeedPeople: "seed people" on "programme", Audience::System, in [];
    /// Make a token with which a program acts as a person.
    IssueApiToken: "issue an API token" on "person", Audience::System, in ["active"];
    /// End a person's token.
    RevokeApiToken: "revoke an API token" on "person", Audience::System, in [];

    // The portal's own work.
    /// Read which jobs were given up and which wait.
    ReadJobs: "read the background work" on "programme", PROGRAMME, in [];
    /// Try a job again that was given up.
    RetryJob: "try a job again" on "job", PROGRAMME, in ["gave_up"];

    // Organisations.
    /// Read the whole register, with what was published about each organisation.
    ReadRegister: "read the register" on "programme", CENTRAL_TEAM, in [];
    /// Import a register or organisation file.
    ImportOrganisations: "import organisations" on "programme", Audience::System, in [];
    /// Upload a file of organisations to be imported.
    ImportOrganisationsByHand: "import a file of organisations" on "programme", PROGRAMME, in [];
    /// Read the list of imports, their reports and the quarantine.
    ReadImports: "read imports" on "programme", PROGRAMME, in [];
    /// Resolve or dismiss a quarantined row.
    ResolveQuarantine: "resolve a quarantined row" on "quarantined row", Audience::Central(&[ProgrammeManager], ConflictRule::Ignored), in ["open"];

    // Standards and collections.
    /// Import an edition of a standard.
    ImportEdition: "import an edition" on "programme", Audience::Central(&[StandardsEditor], ConflictRule::Ignored), in [];
    /// Import an edition from the command line.
    ImportEditionBySystem: "import an edition from the command line" on "programme", Audience::System, in [];
    /// Begin a mapping between two editions, or a new version of one.
    BeginMapping: "begin a mapping between editions" on "programme", EDITORS, in [];
    /// Change what a mapping says.
    EditMapping: "change a mapping between editions" on "mapping", EDITORS, in ["draft"];
    /// Put a mapping in force: returns started from then on follow it.
    PutMappingInForce: "put a mapping between editions in force" on "mapping", EDITORS, in ["draft"];
    /// Discard a version of a mapping that was never in force.
    DiscardMapping: "discard a draft of a mapping" on "mapping", EDITORS, in ["draft"];
    /// Import a mapping from the command line.
    ImportMappingBySystem: "import a mapping from the command line" on "programme", Audience::System, in [];
    /// Plan a collection.
    PlanCollection: "plan a collection" on "programme", Audience::Central(&[ProgrammeManager], ConflictRule::Ignored), in [];
    /// Open a planned collection now.
    OpenCollection: "open a collection" on "collection", Audience::Central(&[ProgrammeManager], ConflictRule::Ignored), in ["planned"];
    /// Grant an organisation more time.
    GrantExtension: "grant an extension" on "collection", Audience::Central(&[ProgrammeManager], ConflictRule::Ignored), in ["planned", "open", "closed"];
    /// Refuse an organisation more time.
    RefuseExtension: "refuse more time" on "collection", PROGRAMME, in ["planned", "open", "closed"];
    /// Ask for more time, for one's organisation.
    AskForTime: "ask for more time" on "collection", LEADS, in ["open", "closed"];
    /// Take back a request for more time that waits for its answer.
    WithdrawTimeRequest: "take back a request for more time" on "collection", LEADS, in [];
    /// Read what one's organisation asked for and what was answered.
    ReadTimeRequests: "read requests for more time" on "collection", EVERY_MEMBER, in [];
    /// Open and close collections when their times come.
    RunSchedule: "open and close collections on time" on "collection", Audience::System, in [];

    // Returns.
    /// Start the organisation's return.
    StartReturn: "start a return" on "organisation", LEADS, in [];
    /// Save one answer.
    SaveAnswer: "save an answer" on "return", Audience::Members(&[Contributor, IgLead, OrganisationAdministrator]), in ["draft"];
    /// Fill what a newer version of the mapping carries into a return that was started before it.
    TakeOverMapping: "take over what a newer mapping carries" on "return", LEADS, in ["draft"];
    /// Attach or detach evidence.
    AttachEvidence: "attach evidence" on "return", Audience::Members(&[Contributor, IgLead, OrganisationAdministrator]), in ["draft"];
    /// Say that the return is ready to be signed.
    MarkReady: "mark the return ready" on "return", Audience::Members(&[IgLead]), in ["draft"];
    /// Take a return back to draft.
    BackToDraft: "take the return back to draft" on "return", LEADS, in ["ready", "signed"];
    /// Sign the return in a role that must: the SIRO for all of it, others for their own items.
    SignReturn: "sign the return" on "return", Audience::Signers(&[Siro, CaldicottGuardian, Dpo]), in ["ready"];
    /// Submit the signed return.
    SubmitReturn: "submit the return" on "return", LEADS, in ["signed"];
    /// Send the interim return: how far the answers are by the interim date, signed by the IG lead.
    SubmitInterim: "submit the interim return" on "return", Audience::Members(&[IgLead]), in ["draft", "ready", "signed"];
    /// Reopen a submitted return, with a reason, to send it again before the close.
    ReopenReturn: "reopen the return" on "return", Audience::Members(&[IgLead]), in ["submitted"];
    /// Take a submission back before the close and before its review is decided, with a reason.
    WithdrawSubmission: "withdraw the submission" on "return", Audience::Members(&[IgLead]), in ["submitted", "under_review", "query"];
    /// Put a reopened return that was not sent again by the close back as it was sent before.
    StandAsSubmitted: "let a reopened return stand as submitted" on "return", Audience::System, in ["draft", "ready", "signed"];
    /// Read a whole return and all that belongs to it, as a member.
    ReadReturn: "read the whole return" on "return", WHOLE_RETURN, in [];
    /// Read of a return what one was given: everything for whoever reads the whole, the shared-out part for a contributor.
    ReadGiven: "read what you were given of the return" on "return", EVERY_MEMBER, in [];
    /// Give requirements to a colleague with a due date, change that, or take them back.
    ShareOut: "share out the work" on "return", LEADS, in ["draft"];
    /// Write into the discussion of a requirement.
    Discuss: "discuss a requirement" on "return", EVERY_MEMBER, in [];
    /// Withdraw one's own comment from a discussion.
    WithdrawComment: "withdraw a comment" on "return", EVERY_MEMBER, in [];

    // Who signs for whom.
    /// Delegate signing in a role that one holds to a colleague, until a day. Whoever stands in for somebody cannot.
    DelegateSigning: "delegate signing" on "organisation", Audience::Members(&[Siro, CaldicottGuardian, Dpo]), in [];
    /// End a delegation before its day: whoever gave it, whoever was given it, or an administrator.
    EndDelegation: "end a delegation of signing" on "organisation", WHOLE_RETURN, in [];
    /// Read who signs for whom.
    ReadDelegations: "read who signs for whom" on "organisation", WHOLE_RETURN, in [];

    // Certificates.
    /// Read an organisation's certificates and services.
    ReadCertificates: "read certificates" on "organisation", EVERY_MEMBER, in [];
    /// Record a certificate.
    AddCertificate: "add a certificate" on "organisation", LEADS, in [];
    /// Correct the record of a certificate.
    CorrectCertificate: "correct a certificate" on "certificate", LEADS, in ["standing"];
    /// Say that a certificate was withdrawn.
    WithdrawCertificate: "withdraw a certificate" on "certificate", LEADS, in ["standing"];
    /// List the services that scopes are held against.
    ListServices: "list the organisation's services" on "organisation", LEADS, in [];

    // Improvement plans.
    /// Make a line of the improvement plan for every gap that has none.
    PlanGaps: "plan the gaps of a return" on "return", LEADS, in ["draft", "ready", "signed", "submitted", "under_review", "query", "decided", "published"];
    /// Change or remove a line of the improvement plan.
    EditPlan: "change the improvement plan" on "plan", LEADS, in ["draft", "rejected"];
    /// Ask the SIRO by mail to sign the improvement plan.
    AskForPlanSignature: "ask for the signature under the improvement plan" on "plan", LEADS, in ["draft", "rejected"];
    /// Sign the improvement plan as SIRO.
    SignPlan: "sign the improvement plan" on "plan", Audience::Members(&[Siro]), in ["draft", "rejected"];
    /// Take a signed, sent or approved improvement plan back to change it.
    TakeBackPlan: "take the improvement plan back" on "plan", LEADS, in ["signed", "sent", "approved"];
    /// Send the signed improvement plan for central approval.
    SendPlan: "send the improvement plan" on "plan", LEADS, in ["signed"];
    /// Approve or reject an improvement plan.
    DecidePlan: "decide an improvement plan" on "plan", Audience::Central(&[ProgrammeManager, CentralReviewer], ConflictRule::Bars), in ["sent"];
    /// Read an improvement plan centrally.
    ReadPlan: "read an improvement plan" on "plan", Audience::Central(&[ProgrammeManager, CentralReviewer], ConflictRule::Bars), in [];
    /// Report progress on a line of an approved improvement plan.
    ReportProgress: "report progress on the improvement plan" on "plan", WHOLE_RETURN, in ["signed", "sent", "approved"];
    /// Give a line of a signed improvement plan to another colleague; nothing else of it changes.
    ReassignLine: "give a line of the improvement plan to somebody else" on "plan", LEADS, in ["signed", "sent", "approved"];

    // The evidence library.
    /// Read an organisation's evidence library and what is in it. A contributor sees what stands beside the answers
    /// they were given, and no more.
    ReadLibrary: "read the evidence library" on "organisation", WHOLE_RETURN, in [];
    /// Add a piece to the library.
    AddEvidence: "add to the evidence library" on "organisation", LEADS, in [];
    /// Change what is said about a piece.
    EditEvidence: "change a piece of evidence" on "piece of evidence", LEADS, in ["kept"];
    /// Replace a piece by a newer version.
    ReplaceEvidence: "replace a piece of evidence" on "piece of evidence", LEADS, in ["kept"];
    /// Take a piece out of the library.
    RemoveEvidence: "remove a piece of evidence" on "piece of evidence", LEADS, in ["kept"];
    /// Put a removed piece back.
    RestoreEvidence: "restore a piece of evidence" on "piece of evidence", LEADS, in ["removed"];
    /// Record what the malware scanner said of a file.
    RecordScan: "record a malware scan" on "version of evidence", Audience::System, in ["pending"];

    // Offline.
    /// Take a return out of the portal, as a workbook or an export.
    TakeOut: "take the return with you" on "return", Audience::Members(&[IgLead, OrganisationAdministrator, Siro, CaldicottGuardian, Dpo]), in [];
    /// Upload a workbook that was filled in offline, and apply its changes.
    FillInOffline: "fill in the return from a workbook" on "return", LEADS, in ["draft"];
    /// Bring an export into a return that holds nothing yet.
    RestoreReturn: "restore the return from an export" on "return", LEADS, in ["draft"];
    /// Bring an export into a return that holds nothing yet, from the command line.
    RestoreReturnBySystem: "restore the return from the command line" on "return", Audience::System, in ["draft"];

    // Where an organisation stands.
    /// Make a board paper: what the organisation's weak points are, for its board.
    MakeBoardPaper: "make a board paper" on "return", WHOLE_RETURN, in [];

    // A head office and its sites.
    /// Make a return cover the sites of its organisation, leave sites out and take them in again.
    CoverSites: "say which sites the return covers" on "return", LEADS, in ["draft"];
    /// Answer otherwise for a site.
    ExceptSites: "answer otherwise for a site" on "return", LEADS, in ["draft"];
    /// Try again what could not be submitted for a site.
    RetrySites: "try again to submit for sites" on "return", LEADS, in ["submitted", "under_review", "query"];
    /// Submit for one site of a fixed list, or give it its return back.
    FileSite: "submit for a site" on "site", Audience::System, in [];
    /// Apply the review of a head office to one of its sites.
    DecideSite: "apply a review to a site" on "site", Audience::System, in [];
    /// Ask the programme to correct the list of one's sites, and take that back.
    AskCorrection: "ask for a correction of your list of sites" on "organisation", LEADS, in [];
    /// Read what was asked about one's list of sites.
    ReadCorrections: "read requests about your list of sites" on "organisation", WHOLE_RETURN, in [];
    /// Read every request about a list of sites.
    ReadAllCorrections: "read requests about lists of sites" on "programme", PROGRAMME, in [];
    /// Accept or refuse a request about a list of sites; accepting changes the register.
    AnswerCorrection: "answer a request about a list of sites" on "correction", PROGRAMME, in ["open"];

    // Review.
    /// Take a review out of work whose submission the organisation withdrew.
    WithdrawReview: "take a withdrawn submission out of review" on "review", Audience::System, in ["queued", "claimed", "query", "second"];
    /// Put a submission into the reviewers' queue.
    QueueReview: "queue a submission for review" on "submission", Audience::System, in [];
    /// Read a submission, its evidence and its review.
    ReadReview: "read a review" on "review", Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Bars), in [];
    /// Claim a submission for review.
    ClaimReview: "claim a review" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["queued"];
    /// Give a claimed review back to the queue.
    ReleaseReview: "release a review" on "review", Audience::Central(&[CentralReviewer, ProgrammeManager], ConflictRule::Ignored), in ["claimed"];
    /// Decide one answer.
    DecideAnswer: "decide an answer" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed", "query"];
    /// Ask the organisation about one answer.
    AskQuery: "ask a query" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed", "query"];
    /// Send an answer to a reviewer's query. It is taken in whatever state the review is: what comes after it moved on is marked.
    ReplyToQuery: "reply to a query" on "review", LEADS, in [];
    /// Go on with a review whose questions were not answered in time.
    GoOnWithoutReply: "go on without a reply" on "review", Audience::Central(&[CentralReviewer, ProgrammeManager], ConflictRule::Bars), in ["query"];
    /// Finish a review.
    FinishReview: "finish a review" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed"];
    /// Confirm or return a review that changes the grade.
    ConfirmReview: "confirm a review" on "review", Audience::Central(&[SecondReviewer], ConflictRule::Bars), in ["second"];

    // Standards administration.
    /// Read drafts of editions, what changes in them, and proposals.
    ReadDrafts: "read drafts of editions" on "programme", CENTRAL_TEAM, in [];
    /// Begin a draft of an edition, from an edition or from a file.
    BeginDraft: "begin a draft of an edition" on "programme", EDITORS, in [];
    /// Change a draft of an edition.
    EditDraft: "change a draft of an edition" on "edition draft", EDITORS, in ["draft"];
    /// Say that a draft is done and may be frozen by somebody else.
    ProposeFreeze: "say that a draft of an edition is done" on "edition draft", EDITORS, in ["draft"];
    /// Freeze a draft that somebody else has said is done: it becomes an edition that never changes.
    FreezeEdition: "freeze an edition" on "edition draft", EDITORS, in ["draft"];
    /// Discard a draft of an edition.
    DiscardDraft: "discard a draft of an edition" on "edition draft", EDITORS, in ["draft"];
    /// Publish a note of guidance, at once or for a later day.
    PublishGuidance: "publish guidance" on "programme", EDITORS, in [];
    /// Take a note of guidance back before its day.
    WithdrawGuidance: "take guidance back" on "guidance note", EDITORS, in ["scheduled"];
    /// Announce that a requirement will be asked no more, or take that back.
    AnnounceRetirement: "announce the end of a requirement" on "programme", EDITORS, in [];
    /// Propose to change a requirement.
    ProposeChange: "propose a change of a standard" on "programme", CENTRAL_TEAM, in [];
    /// Take a proposal into a draft, or decline it.
    DecideProposal: "decide a proposal for a standard" on "proposal", EDITORS, in ["open"];

    // Corrections of the rules of an edition in use.
    /// Draft a correction of an edition's rules.
    DraftCorrection: "correct the rules of an edition" on "programme", EDITORS, in [];
    /// Change a draft of a correction; only its author does.
    EditRuleCorrection: "change a correction of rules" on "rule correction", EDITORS, in ["draft", "previewed"];
    /// Discard a correction that was never approved.
    DiscardRuleCorrection: "discard a correction of rules" on "rule correction", EDITORS, in ["draft", "previewed"];
    /// Compute what a correction would change.
    PreviewRuleCorrection: "preview a correction of rules" on "rule correction", EDITORS, in ["draft", "previewed"];
    /// Read what a correction changes, organisation by organisation.
    ReadRuleCorrection: "read what a correction of rules changes" on "rule correction", RULE_MAKERS, in [];
    /// Approve or refuse a correction; never its author.
    DecideRuleCorrection: "approve or refuse a correction of rules" on "rule correction", RULE_MAKERS, in ["previewed"];
    /// Put the results of an approved correction in force.
    PutRulesInForce: "put corrected rules in force" on "rule correction", Audience::System, in ["rescoring"];
    /// Tell organisations what a correction changed for them.
    TellOfRules: "tell of a correction of rules" on "rule correction", Audience::System, in ["in_force", "replaced"];

    // Consistency: a sample scored twice, moderation, gold cases, drift, calibration.
    /// Say which share of a collection's submissions is scored a second time.
    PlanSample: "plan the second scoring" on "collection", PROGRAMME, in [];
    /// Draw the sample now.
    DrawSample: "draw the sample" on "collection", PROGRAMME, in ["open", "closed"];
    /// Draw the sample when its time has come.
    DrawSampleBySystem: "draw the sample on time" on "collection", Audience::System, in ["open", "closed"];
    /// Read how far the second scoring is, and how far reviewers agree.
    ReadAgreement: "read the agreement of reviewers" on "programme", Audience::Central(&[ProgrammeManager, SecondReviewer], ConflictRule::Ignored), in [];
    /// Take a submission of the sample to score it without sight of the first reviewer's work.
    TakeBlindCase: "score a submission blind" on "blind case", Audience::Central(SCORERS, ConflictRule::Bars), in ["waiting"];
    /// Give a submission of the sample to somebody.
    GiveBlindCase: "give a submission to a second scorer" on "blind case", PROGRAMME, in ["waiting", "assigned"];
    /// Read what one was given to score, and score it.
    ScoreBlind: "score an answer blind" on "blind case", Audience::Central(SCORERS, ConflictRule::Bars), in ["assigned"];
    /// Give a submission of the sample back unscored.
    ReleaseBlindCase: "give a blind case back" on "blind case", Audience::Central(SCORERS, ConflictRule::Ignored), in ["assigned"];
    /// Lay both scores side by side when both are done.
    CompareScores: "compare two scores" on "blind case", Audience::System, in ["finished"];
    /// Read a disagreement between two scores.
    ReadDisagreement: "read a disagreement" on "disagreement", Audience::Central(&[SecondReviewer, ProgrammeManager], ConflictRule::Bars), in ["open", "settled"];
    /// Settle a disagreement between two scores.
    SettleDisagreement: "settle a disagreement" on "disagreement", Audience::Central(&[SecondReviewer, ProgrammeManager], ConflictRule::Bars), in ["open"];
    /// Keep a settled disagreement as an anonymous case for training.
    MakeGoldCase: "make a gold case" on "disagreement", Audience::Central(&[SecondReviewer, ProgrammeManager], ConflictRule::Bars), in ["settled"];
    /// Take a case out of training.
    RetireGoldCase: "retire a gold case" on "gold case", Audience::Central(&[SecondReviewer, ProgrammeManager], ConflictRule::Ignored), in ["in_use"];
    /// Read the cases for training.
    ReadGoldCases: "read gold cases" on "programme", REVIEWING, in [];
    /// Score a case for training.
    PractiseScoring: "practise on a gold case" on "gold case", REVIEWING, in ["in_use"];
    /// Raise, renew and end alerts that a reviewer differs from the team.
    WatchDrift: "watch reviewers for drift" on "programme", Audience::System, in [];
    /// Read alerts that a reviewer differs from the team.
    ReadDrift: "read alerts of drift" on "programme", PROGRAMME, in [];
    /// Say what was done about an alert.
    AcknowledgeDrift: "acknowledge an alert of drift" on "drift alert", PROGRAMME, in ["open"];
    /// Read how often claims survive review.
    ReadCalibration: "read how claims survive review" on "programme", CENTRAL_TEAM, in [];

    // Review: letters, challenges, and the end of a decision.
    /// Write the summary and the added paragraph of the letter before a review is finished.
    WriteLetter: "write the letter" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed", "query"];
    /// Challenge a decision, for one's organisation.
    ChallengeDecision: "challenge the decision" on "review", Audience::Members(&[Siro, IgLead]), in ["decided"];
    /// Take a challenge back before it is settled.
    WithdrawChallenge: "withdraw the challenge" on "review", Audience::Members(&[Siro, IgLead]), in ["decided"];
    /// Settle a challenge: somebody who had no part in the decision.
    SettleChallenge: "settle a challenge" on "review", Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Bars), in ["decided"];
    /// Read the list of challenges.
    ReadChallenges: "read the list of challenges" on "programme", Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Ignored), in [];
    /// Make a decision final by hand, once its period has passed.
    FinaliseReview: "make a decision final" on "review", Audience::Central(&[ProgrammeManager], ConflictRule::Bars), in ["decided"];
    /// Make decisions final when their period has passed.
    FinaliseBySystem: "make a decision final on time" on "review", Audience::System, in ["decided"];
    /// Take a decided review up again, with a reason.
    ReopenReview: "reopen a review" on "review", Audience::Central(&[ProgrammeManager], ConflictRule::Bars), in ["decided"];

    // Review: who reviews what.
    /// End an interest that one declared, with a reason.
    EndInterest: "end a declared interest" on "programme", CENTRAL_TEAM, in [];
    /// Record an organisation that one worked for, or take such a record back.
    RecordEmployer: "record a former employer" on "programme", CENTRAL_TEAM, in [];
    /// Say for how long a former employer bars.
    SetConflictRule: "set how long a former employer bars" on "programme", PROGRAMME, in [];
    /// Give back the reviews of somebody who has become a member of an organisation.
    GiveBackReviews: "give back the reviews of a new member" on "programme", Audience::System, in [];
    /// Read who has what, and what a run would give to whom.
    ReadAllocation: "read the allocation of reviews" on "programme", PROGRAMME, in [];
    /// Say what a reviewer knows and how much they can take.
    KeepReviewer: "keep what a reviewer can take" on "programme", PROGRAMME, in [];
    /// Record that one is away, or as programme manager that a colleague is; and end that.
    RecordAbsence: "record an absence" on "programme", CENTRAL_TEAM, in [];
    /// Give a review to a reviewer, or from one to another. Not of an organisation in which one has an interest oneself.
    AllocateReview: "allocate a review" on "review", Audience::Central(&[ProgrammeManager], ConflictRule::Bars), in ["queued", "claimed", "query"];
    /// Read the weights of the risk score, and what others would change.
    ReadRiskWeights: "read the weights of the risk score" on "programme", PROGRAMME, in [];
    /// Put other weights of the risk score in force.
    ChangeRiskWeights: "change the weights of the risk score" on "programme", PROGRAMME, in [];
    /// Compute the risk of open reviews again.
    ComputeRisk: "compute the risk of reviews" on "programme", Audience::System, in [];
    /// Read alerts, incidents and results of audits.
    ReadSignals: "read signals about organisations" on "programme", PROGRAMME, in [];
    /// Record alerts, incidents and results of audits, and take such a record back.
    RecordSignal: "record a signal about an organisation" on "programme", PROGRAMME, in [];

    // The reviewers' workspace.
    /// Write a private note beside a review or one of its answers; the organisation never sees it.
    WriteNote: "write a private note" on "review", Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Bars), in [];
    /// Take back a private note of one's own.
    WithdrawNote: "take back a private note" on "review", Audience::Central(&[CentralReviewer, SecondReviewer, ProgrammeManager], ConflictRule::Bars), in [];
    /// Flag an answer to come back to, or take the flag off.
    FlagAnswer: "flag an answer" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed", "query"];
    /// Read the team's library of reasons.
    ReadReasons: "read the library of reasons" on "programme", REVIEWING, in [];
    /// Add a reason to the library.
    AddReason: "add a reason" on "programme", REVIEWING, in [];
    /// Change a reason of the library, which makes a new version of it.
    ChangeReason: "change a reason" on "reason", REVIEWING, in ["kept"];
    /// Retire a reason, so that it is offered no more.
    RetireReason: "retire a reason" on "reason", REVIEWING, in ["kept"];
    /// Offer a retired reason again.
    RestoreReason: "offer a retired reason again" on "reason", REVIEWING, in ["retired"];

    // Queries as threads, and what becomes of improvement plans.
    /// Write an answer to a reviewer's query for an information governance lead to send, and attach evidence to it.
    DraftReply: "draft a reply to a query" on "review", Audience::Members(&[IgLead, OrganisationAdministrator, Contributor]), in [];
    /// Ask the reviewer for more time to answer a query.
    AskQueryTime: "ask for more time to answer a query" on "review", LEADS, in ["query"];
    /// Give the organisation more time to answer a query, asked or unasked, or refuse it.
    SetQueryTime: "decide on the time to answer a query" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["query"];
    /// Close a query with its outcome.
    CloseQuery: "close a query" on "review", Audience::Central(&[CentralReviewer], ConflictRule::Bars), in ["claimed", "query"];
    /// Tell of a line of an agreed improvement plan that is long overdue.
    EscalateLine: "escalate an overdue line of an improvement plan" on "plan", Audience::System, in ["approved"];
    /// Note that the evidence of completion of a line was looked at.
    SeeCompletion: "note that evidence of completion was seen" on "plan", Audience::Central(&[ProgrammeManager, CentralReviewer], ConflictRule::Bars), in ["approved"];
    /// Close an agreed improvement plan whose lines are all done with evidence.
    ClosePlan: "close an improvement plan" on "plan", Audience::Central(&[ProgrammeManager, CentralReviewer], ConflictRule::Bars), in ["approved"];
    /// Say after how many days overdue a line of a plan is escalated.
    SetEscalation: "set when overdue lines are escalated" on "programme", PROGRAMME, in [];

    // The queue and the programme's dashboard.
    /// Keep a filter of the queue under a name.
    SaveView: "save a view of the queue" on "programme", CENTRAL_TEAM, in [];
    /// Rename one's view of the queue, share it or keep it to oneself.
    ChangeView: "change a view of the queue" on "saved view", CENTRAL_TEAM, in [];
    /// Start with a view of the queue, or no longer.
    ChooseView: "start with a view of the queue" on "saved view", CENTRAL_TEAM, in [];
    /// Remove one's view of the queue.
    ForgetView: "remove a view of the queue" on "saved view", CENTRAL_TEAM, in [];
    /// Remind organisations that are at risk of missing the deadline.
    ChaseReturns: "remind organisations of the deadline" on "collection", PROGRAMME, in ["open"];
    /// Work through a round of reminders.
    WorkRound: "work through a round of reminders" on "collection", Audience::System, in ["open"];

    // Baselining: a stratified sample that speaks for everybody.
    /// Say how a collection's baselining sample is drawn.
    PlanBaseline: "plan a baselining sample" on "collection", STATISTICIANS, in [];
    /// Draw a collection's baselining sample.
    DrawBaseline: "draw a baselining sample" on "collection", STATISTICIANS, in ["planned", "open", "closed"];
    /// Read who is in a baselining sample, and what has come of it.
    ReadBaseline: "read a baselining sample" on "programme", STATISTICIANS, in [];
    /// Count answers by any breakdown, before disclosure control.
    ReadBreakdown: "count answers by any breakdown" on "programme", STATISTICIANS, in [];

    // Publication.
    /// Prepare a release.
    PrepareRelease: "prepare a release" on "programme", Audience::Central(&[Publisher], ConflictRule::Ignored), in [];
    /// Publish an announced release whose time has come.
    PublishRelease: "publish a release" on "release", Audience::Central(&[Publisher], ConflictRule::Ignored), in ["announced"];
    /// Prepare and publish from the command line.
    PublishBySystem: "publish from the command line" on "programme", Audience::System, in [];

    // The release pipeline.
    /// Change the text of a release that is being written, and explain what its checks found.
    WordRelease: "change the text of a release" on "release", Audience::Central(&[Publisher], ConflictRule::Ignored), in ["draft"];
    /// Submit a release for approval once its quality checks are passed or explained.
    SubmitRelease: "submit a release for approval" on "release", Audience::Central(&[Publisher], ConflictRule::Ignored), in ["draft"];
    /// Approve a release that somebody else composed.
    ApproveRelease: "approve a release" on "release", RELEASING, in ["checked"];
    /// Send a release back to be changed, with a reason.
    SendBackRelease: "send a release back" on "release", RELEASING, in ["checked", "approved"];
    /// Give a release up that was never public.
    DiscardRelease: "discard a release" on "release", Audience::Central(&[Publisher], ConflictRule::Ignored), in ["draft", "checked", "approved"];
    /// Announce a date on the calendar of releases.
    AnnounceRelease: "announce a release" on "programme", RELEASING, in [];
    /// Put an approved release on an announced date.
    ScheduleRelease: "put a release on its date" on "release", RELEASING, in ["approved"];
    /// Move an announced date, with a reason that is public.
    MoveReleaseDate: "move the date of a release" on "release date", RELEASING, in ["announced"];
    /// Cancel an announced date, with a reason that is public.
    CancelReleaseDate: "cancel the date of a release" on "release date", RELEASING, in ["announced"];
    /// List who may read a release before it is published, and take somebody off the list.
    ListEarlyReader: "say who reads a release early" on "release", RELEASING, in ["announced"];
    /// Publish an approved correction of a release that is public already, outside the calendar and with a reason.
    PublishCorrection: "publish a correction of a release" on "release", RELEASING, in ["approved"];
    /// Publish an announced release when its time comes.
    PublishAtTime: "publish a release at its time" on "release", Audience::System, in ["announced"];
    /// Send the links of those who read early, when their time begins.
    OpenEarlyReading: "open a release to its early readers" on "release", Audience::System, in ["announced"];
    /// Read a release before it is published, proved by the list or by one's own link.
    ReadEarly: "read a release before it is published" on "release", Audience::System, in ["announced"];
}
