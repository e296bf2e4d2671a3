//! Everything that one screen of the workspace shows, read in a handful of narrow statements whatever the number of
//! requirements: nothing is asked of the database once for each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{About, Before, Check, checks};
use super::facts::{FileFact, facts_of};
use super::place::Stop;
use super::store::{
    self, AtHand, DecidedBy, EarlierDecision, Happened, History, Submitted, YearGrade, at_hand, happened,
    history, versions,
};
use crate::access::Actor;
use crate::certificates::{self, Holdings};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, RequirementId, ReviewId};
use crate::returns::{self, SnapshotAnswer};
use crate::review::case::Case;
use crate::review::consistency::may_read;
use crate::review::notes::{Note, notes_about};
use crate::review::papers::{Paper, Papers};
use crate::review::reading::value_of;
use crate::review::reasons::{Offered, offered};
use crate::standards::guidance::{InForce, guidance_to};
use crate::standards::scoring::Status;

/// One requirement of a review with all that is beside it.
pub(in crate::review) struct Desk {
    /// The review.
    pub case: Case,
    /// The answer as submitted.
    pub answer: SnapshotAnswer,
    /// What the library says of its files.
    pub files: BTreeMap<EvidenceId, FileFact>,
    /// Last year's answer.
    pub earlier: Option<EarlierAnswer>,
    /// What the cross-checks find.
    pub checks: Vec<Check>,
    /// Codes of the requirements about which a cross-check has doubts; read only where the list asks for them.
    pub doubtful: BTreeSet<String>,
    /// The organisation's grades, the newest year first.
    pub grades: Vec<YearGrade>,
    /// Final decisions of other years about this requirement, the newest first.
    pub decisions: Vec<EarlierDecision>,
    /// Requirements that the reviewer flagged.
    pub flags: BTreeSet<RequirementId>,
    /// Private notes about this requirement, the oldest first.
    pub notes: Vec<Note>,
    /// Guidance to this requirement and its section: on the day of the submission, and now.
    pub guidance: [[Option<InForce>; 2]; 2],
    /// Reasons of the library that fit this requirement.
    pub reasons: Vec<Offered>,
    /// Every version of the decision, the newest first.
    pub versions: Vec<DecidedBy>,
    /// What became of the submission, if it is not to be reviewed any more.
    pub happened: Option<Happened>,
    /// Where its reviewer is now, and where they were; nothing for whoever only looks in.
    pub stop: Option<Stop>,
}

/// An answer of the year before.
pub(in crate::review) struct EarlierAnswer {
    /// The answer in words; empty when there was none.
    pub words: Vec<String>,
    /// What was claimed, where that can be said.
    pub claimed: Option<Status>,
}

/// Last year's submission with what was asked then.
pub(super) struct LastYear(Submitted);

impl LastYear {
    /// Last year's submission of the organisation under review.
    pub fn of(conn: &mut Conn, case: &Case) -> Result<Option<Self>> {
        let Some(previous) = case.found.previous else { return Ok(None) };
        let organisation = case.found.review.organisation;
        Ok(store::submission_in(conn, organisation, previous)?.map(Self))
    }

    /// Its answers.
    pub fn papers(&self) -> &Papers {
        &self.0.papers
    }

    /// What a requirement was claimed to be.
    pub fn claimed(&self, code: &str) -> Option<Status> {
        self.status(&self.0.levels, code)
    }

    /// What a requirement was after a review that is final.
    pub fn decided(&self, code: &str) -> Option<Status> {
        self.status(self.0.assessed.as_ref()?, code)
    }

    fn status(&self, bytes: &[u8], code: &str) -> Option<Status> {
        let byte = bytes.get(self.0.edition.position(code)?)?;
        Status::from_byte(self.0.edition.scheme().kind(), *byte)
    }

    fn words(&self, code: &str) -> Result<Vec<String>> {
        let (Some(requirement), Some(paper)) = (self.0.edition.requirement(code), self.papers().of(code))
        else {
            return Ok(Vec::new());
        };
        let value = value_of(requirement, &paper.answer()?)?;
        Ok(value.map(|value| returns::words(requirement, &value)).unwrap_or_default())
    }
}

/// What the rules look at, besides one answer.
pub(super) struct Ground<'a> {
    /// The review.
    pub case: &'a Case,
    /// This year's answers.
    pub papers: &'a Papers,
    /// Last year's submission.
    pub last: Option<&'a LastYear>,
    /// What the library says of files.
    pub files: &'a BTreeMap<EvidenceId, FileFact>,
    /// Certificates and services.
    pub holdings: &'a Holdings,
    /// The present day.
    pub today: Day,
}

impl Ground<'_> {
    /// What the rules find about the requirement of this code.
    pub fn checks(&self, code: &str) -> Vec<Check> {
        let (Some((requirement, line)), Some(paper)) = (self.case.requirement(code), self.papers.of(code))
        else {
            return Vec::new();
        };
        checks(&About {
            requirement,
            edition: self.case.edition(),
            claimed: line.claimed,
            paper,
            papers: self.papers,
            files: self.files,
            before: self.last.map(|year| Before { papers: year.papers(), claimed: year.claimed(code) }),
            holdings: self.holdings,
            today: self.today,
        })
    }
}

/// Certificates and services, read only where the edition asks for certificates.
pub(super) fn holdings_of(conn: &mut Conn, case: &Case) -> Result<Holdings> {
    if case.edition().asks_for_certificates() {
        certificates::holdings(conn, case.found.review.organisation)
    } else {
        Ok(Holdings::default())
    }
}

/// One requirement of a review with all that is beside it, if the actor may read the review and the organisation was
/// asked it. `all` asks for the cross-checks of every requirement.
pub(in crate::review) fn desk(
    conn: &mut Conn,
    actor: &Actor,
    id: ReviewId,
    code: &str,
    (today, all): (Day, bool),
) -> Result<Desk> {
    let case = Case::load(conn, id)?;
    may_read(conn, actor, &case.found)?;
    let (requirement, line) = case.requirement(code).ok_or(Error::NotFound)?;
    let row = case.found.edition.requirement_id(code).ok_or(Error::NotFound)?;
    let version = line.decision.as_ref().map_or(0, |decision| decision.version);
    let papers = Arc::clone(&case.papers);
    let paper = papers.of(code).ok_or_else(|| {
        Error::broken(format!("submission {} has no place for {code}", case.found.review.submission))
    })?;
    let answer = paper.answer()?;
    let last = LastYear::of(conn, &case)?;
    let files = facts_of(conn, &files_of(&papers, paper, all))?;
    let holdings = holdings_of(conn, &case)?;
    let ground = Ground {
        case: &case,
        papers: &papers,
        last: last.as_ref(),
        files: &files,
        holdings: &holdings,
        today,
    };
    let found = ground.checks(code);
    let doubtful = if all { doubtful(&ground) } else { BTreeSet::new() };
    let earlier = match &last {
        Some(year) => Some(EarlierAnswer { words: year.words(code)?, claimed: year.claimed(code) }),
        None => None,
    };
    let review = &case.found.review;
    let reasons = offered(conn, case.edition(), requirement)?;
    let edition = case.found.edition.id();
    let AtHand { flags, place, has_notes, has_guidance } = at_hand(conn, actor.id(), (id, row, edition))?;
    let guidance = if has_guidance {
        let places = (requirement.code.as_str(), requirement.section.as_str());
        guidance_to(conn, edition, places, [case.found.submitted_at.london_day(), today])?
    } else {
        <[[Option<InForce>; 2]; 2]>::default()
    };
    let stop =
        actor.id().filter(|me| review.reviewer == Some(*me)).map(|me| Stop { me, at: row, before: place });
    let History { grades, decisions } = history(conn, review.organisation, (id, code))?;
    Ok(Desk {
        answer,
        earlier,
        checks: found,
        doubtful,
        grades,
        decisions,
        flags,
        notes: if has_notes { notes_about(conn, id, Some(row))? } else { Vec::new() },
        guidance,
        reasons,
        versions: if version > 0 { versions(conn, id, row, version)? } else { Vec::new() },
        happened: happened(conn, &case)?,
        stop,
        files,
        case,
    })
}

/// The files that the rules ask about: those of one answer, or of all.
fn files_of(papers: &Papers, one: &Paper, all: bool) -> Vec<EvidenceId> {
    if all {
        papers.all().iter().flat_map(|paper| &paper.files).map(|file| file.id).collect()
    } else {
        one.files.iter().map(|file| file.id).collect()
    }
}

/// Codes of the requirements about which a cross-check has doubts.
pub(super) fn doubtful(ground: &Ground<'_>) -> BTreeSet<String> {
    let doubts = |code: &str| ground.checks(code).iter().any(|check| check.weight == super::Weight::Doubt);
    let codes = ground.case.requirements().map(|(requirement, _)| requirement.code.as_str());
    codes.filter(|code| doubts(code)).map(str::to_owned).collect()
}
