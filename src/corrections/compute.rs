//! Old and new result of one return. From the packed levels where they tell everything; where certificates must be judged
//! again, from the frozen snapshot of the submission.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::inputs::Input;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EditionId, OrganisationId, ReturnId, SubmissionId};
use crate::returns::{self, Basis, Snapshot};
use crate::standards::correcting::{edition_under, needs_answers};
use crate::standards::scoring::{
    GradeKey, PackedInput, PackedScore, PackedScorer, ReassessError, Score, ScoreInput, reassess, score,
};
use crate::standards::{Asked, Edition, RequirementCode, Scheme};

/// Old and new result of one return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub submission: SubmissionId,
    pub organisation: OrganisationId,
    pub return_id: ReturnId,
    pub mark: i64,
    pub sector: &'static str,
    pub claimed: (String, GradeKey),
    /// The grade after review, and whether it is final.
    pub assessed: Option<(String, GradeKey, bool)>,
    pub met: (u32, u32),
    pub asked: (u32, u32),
    pub band: (Option<String>, Option<String>),
    pub levels: Option<Vec<u8>>,
    pub assessed_levels: Option<Vec<u8>>,
}

impl Line {
    /// Whether the result that counts is another, or is told otherwise.
    pub fn changed(&self) -> bool {
        let grade = match &self.assessed {
            Some((old, new, _)) => old != new.as_str(),
            None => self.claimed.0 != self.claimed.1.as_str(),
        };
        grade || self.met.0 != self.met.1 || self.asked.0 != self.asked.1 || self.band.0 != self.band.1
    }
}

/// The rules before and after, and how submissions that were made under others are to be read.
#[derive(Debug)]
pub(super) struct Rules {
    pub edition: EditionId,
    pub before: Arc<Edition>,
    pub after: Arc<Edition>,
    /// By the rule set of the submission: whether its levels do not tell enough.
    native: HashMap<String, bool>,
}

impl Rules {
    pub fn new(edition: EditionId, before: Arc<Edition>, after: Arc<Edition>) -> Self {
        Self { edition, before, after, native: HashMap::new() }
    }

    /// Learns whether the levels of submissions that were made under this rule set tell enough.
    pub fn learn(&mut self, conn: &mut Conn, rule_set: &str) -> Result<()> {
        if !self.native.contains_key(rule_set) {
            let made_under = edition_under(conn, self.edition, rule_set)?;
            let needs = needs_answers(&made_under, &self.after) || needs_answers(&made_under, &self.before);
            self.native.insert(rule_set.to_owned(), needs);
        }
        Ok(())
    }

    /// Whether the snapshots of submissions that were made under this rule set must be read; of one that nobody has learnt
    /// of they must.
    pub fn needs_snapshot(&self, rule_set: &str) -> bool {
        self.native.get(rule_set).copied().unwrap_or(true)
    }

    /// Whether any snapshots must be read.
    pub fn any_needs_snapshot(&self) -> bool {
        self.native.values().any(|needs| *needs)
    }
}

/// Scores under both rule sets; made once for many returns.
pub(super) struct Computer<'a> {
    rules: &'a Rules,
    before: PackedScorer<'a>,
    after: PackedScorer<'a>,
}

impl<'a> Computer<'a> {
    pub fn new(rules: &'a Rules) -> Self {
        Self { rules, before: PackedScorer::new(&rules.before), after: PackedScorer::new(&rules.after) }
    }

    /// The line of a return, from its levels.
    pub fn by_levels(&mut self, input: &Input) -> Line {
        let basis = &input.basis;
        let claimed = self.after.score(&packed(basis, &input.levels));
        let of_review = input.assessed_levels.as_deref();
        let assessed = of_review.map(|levels| self.after.score(&packed(basis, levels)));
        let counted = of_review.unwrap_or(&input.levels);
        let before = self.before.score(&packed(basis, counted));
        line(self.rules, input, &before, claimed, assessed)
    }

    /// The line of a return, from its snapshot.
    pub fn by_snapshot(&self, input: &Input, snapshot: &Snapshot) -> Result<Line> {
        let day = input.submitted_at.london_day();
        let answers = returns::score_input(snapshot, &self.rules.after, day)?;
        let (claimed, assessed) = both(&self.rules.after, &answers, input)?;
        let (old_claimed, old_assessed) = both(&self.rules.before, &answers, input)?;
        let before = old_assessed.unwrap_or(old_claimed);
        Ok(line(self.rules, input, &before, claimed, assessed))
    }
}

fn packed<'a>(basis: &'a Basis, levels: &'a [u8]) -> PackedInput<'a> {
    PackedInput {
        sector: basis.sector,
        profile: basis.profile.as_ref(),
        levels,
        plan: basis.plan,
        approached_before: basis.approached_before,
        lifted: basis.lifted,
    }
}

fn line(
    rules: &Rules,
    input: &Input,
    before: &PackedScore,
    claimed: PackedScore,
    assessed: Option<PackedScore>,
) -> Line {
    let after = assessed.as_ref().unwrap_or(&claimed);
    Line {
        submission: input.submission,
        organisation: input.organisation,
        return_id: input.return_id,
        mark: input.mark(),
        sector: input.basis.sector.as_str(),
        met: (before.met, after.met),
        asked: (before.asked, after.asked),
        band: (band(&rules.before, before.percentage), band(&rules.after, after.percentage)),
        assessed: input.assessed.as_ref().map(|(old, is_final)| {
            let kept = GradeKey::parse(old).filter(|_| input.keeps_grade);
            let new = kept.unwrap_or_else(|| assessed.as_ref().map_or(claimed.grade, |new| new.grade));
            (old.clone(), new, *is_final)
        }),
        assessed_levels: assessed.and_then(|new| new.levels),
        claimed: (input.claimed.clone(), claimed.grade),
        levels: claimed.levels,
    }
}

/// The word for a percentage.
fn band(edition: &Edition, percentage: Option<u8>) -> Option<String> {
    let Scheme::Levels(scheme) = edition.scheme() else { return None };
    let percentage = percentage?;
    let found = scheme.bands.iter().find(|band| band.below.is_none_or(|below| percentage < below));
    found.map(|band| band.label.clone())
}

/// The claimed score under these rules, and the one that the review's changes give.
fn both(
    edition: &Edition,
    answers: &ScoreInput,
    input: &Input,
) -> Result<(PackedScore, Option<PackedScore>)> {
    let claimed = score(edition, answers).map_err(fault)?;
    let assessed = match &input.assessed_levels {
        Some(levels) => Some(reassessed(edition, answers, &input.levels, levels)?),
        None => None,
    };
    Ok((short(&claimed, &input.levels), assessed))
}

fn fault(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("failed to score a submission again", cause)
}

/// The score of answers with what a review changed of the levels claimed then; where the claim stood, what it gives under
/// these rules stands.
pub(super) fn reassessed(
    edition: &Edition,
    answers: &ScoreInput,
    claimed: &[u8],
    assessed: &[u8],
) -> Result<PackedScore> {
    let asked = |code: &RequirementCode, score: &Score| {
        score.requirement(code.as_str()).is_some_and(|score| score.asked != Asked::NotAsked)
    };
    let now = score(edition, answers).map_err(fault)?;
    let mut found: BTreeMap<RequirementCode, u8> = edition
        .requirements()
        .iter()
        .zip(claimed.iter().zip(assessed))
        .filter(|(requirement, (then, found))| then != found && asked(&requirement.code, &now))
        .map(|(requirement, (_, byte))| (requirement.code.clone(), *byte))
        .collect();
    loop {
        match reassess(edition, answers, &found) {
            Ok(both) => return Ok(short(&both.assessed, assessed)),
            // What a reviewer found optional can mean nothing where it must be answered.
            Err(ReassessError::BadStatus { code, .. }) if found.remove(&code).is_some() => {}
            Err(error) => return Err(fault(error)),
        }
    }
}

/// A full score in the short form; its levels only where they are not the ones kept.
fn short(score: &Score, kept: &[u8]) -> PackedScore {
    let levels = score.levels_vector();
    PackedScore {
        grade: score.grade,
        percentage: score.percentage,
        asked: score.totals.asked,
        met: score.totals.met,
        levels: (levels != kept).then_some(levels),
    }
}
