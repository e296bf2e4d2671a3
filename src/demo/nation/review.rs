//! The central review of a return: a sample of answers decided with reasons, queries and replies, and a second look.

use jiff::Timestamp;
use jiff::civil::Date;

use super::chance::{Chance, fixed};
use super::claims::Claim;
use super::organisations::OrganisationIx;
use super::people::{CentralRole, Interest, PersonIx, Staff};
use super::prose::reviews::{self, Verdict};
use super::timing::{Day, at_work, avoid_weekend, date_of};

/// A reviewer's decision on one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Position of the requirement in the edition.
    pub requirement: usize,
    /// What was decided.
    pub verdict: Verdict,
    /// The rank after review.
    pub assessed: u8,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The central team.
    Central,
    /// The organisation.
    Organisation,
}

/// One message of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which side wrote it.
    pub side: Side,
    /// Who.
    pub author: PersonIx,
    /// When.
    pub at: Timestamp,
    /// The text.
    pub text: String,
}

/// A question about one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Position of the requirement in the edition.
    pub requirement: usize,
    /// When an answer is due.
    pub due: Date,
    /// The thread; the first message is the question.
    pub messages: Vec<Message>,
    /// Whether it has been settled.
    pub closed: bool,
}

/// A second reviewer's scores, given without sight of the first ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondReview {
    /// Who.
    pub reviewer: PersonIx,
    /// When it was finished.
    pub finished_at: Timestamp,
    /// Requirement and rank, for the same sample.
    pub ranks: Vec<(usize, u8)>,
    /// Whether it was asked for because the grade changes (else the return was in the moderation sample).
    pub grade_changes: bool,
}

/// The review of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who reviews.
    pub reviewer: PersonIx,
    /// When it was claimed from the queue.
    pub claimed_at: Timestamp,
    /// When it should be done.
    pub due: Date,
    /// The requirements chosen for a look, in order.
    pub sample: Vec<usize>,
    /// Decisions so far; all of the sample when finished.
    pub decisions: Vec<Decision>,
    /// Queries.
    pub queries: Vec<Query>,
    /// The summary, when finished.
    pub summary: String,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// Whether every answer is decided and a second reviewer has still to confirm the changed grade.
    pub awaits_second: bool,
    /// The second look, where there was one.
    pub second: Option<SecondReview>,
}

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Some answers decided.
    Begun,
    /// An open query stands in the way.
    Waiting,
    /// Everything decided.
    Finished,
}

/// What the review works on.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The nation's seed.
    pub seed: u64,
    /// The organisation.
    pub organisation: OrganisationIx,
    /// The number of the year.
    pub year: usize,
    /// Its claims.
    pub claims: &'a [Claim],
    /// Highest rank of each requirement of the edition, by position.
    pub highest: &'a [u8],
    /// Who answers queries.
    pub respondent: PersonIx,
    /// The day of submission.
    pub submitted: Day,
    /// The last day of the review so far.
    pub until: Day,
    /// How far it has come.
    pub progress: Progress,
}

/// The reviewer of a case: shared out evenly, and never one with an interest in the organisation.
#[must_use]
pub fn reviewer(
    staff: &Staff,
    role: CentralRole,
    seed: u64,
    organisation: OrganisationIx,
    year: usize,
) -> PersonIx {
    let able: Vec<PersonIx> = staff
        .central
        .iter()
        .filter(|post| post.role == role && !is_conflicted(&staff.interests, post.person, organisation))
        .map(|post| post.person)
        .collect();
    let turn = fixed(seed, [u64::from(organisation.0), year as u64, 77]);
    let index = usize::try_from(turn % (able.len().max(1) as u64)).unwrap_or(0);
    able.get(index).copied().unwrap_or(PersonIx(0))
}

fn is_conflicted(interests: &[Interest], person: PersonIx, organisation: OrganisationIx) -> bool {
    interests.iter().any(|interest| interest.person == person && interest.organisation == organisation)
}

/// Carries out a review as far as the case says.
pub fn review(chance: &mut Chance, staff: &Staff, case: &Case<'_>) -> Review {
    let person = reviewer(staff, CentralRole::Reviewer, case.seed, case.organisation, case.year);
    let wait = chance.between(1, ((case.until - case.submitted) / 3).max(1));
    let claimed = (case.submitted + wait).min(case.until);
    let sample = sample(chance, case.claims);
    let chosen: Vec<&Claim> =
        case.claims.iter().filter(|claim| sample.contains(&claim.asked.requirement)).collect();
    let queries = queries(chance, case, person, claimed, &chosen);
    let open: Vec<usize> =
        queries.iter().filter(|query| !query.closed).map(|query| query.requirement).collect();
    let reached = match case.progress {
        Progress::Finished => chosen.len(),
        Progress::Begun | Progress::Waiting => 1 + chance.below(chosen.len()),
    };
    let mut decisions = Vec::with_capacity(reached);
    for claim in chosen.iter().take(reached).filter(|claim| !open.contains(&claim.asked.requirement)) {
        let day = chance.between(claimed, case.until);
        let day = avoid_weekend(chance, day).max(claimed);
        let at = at_work(chance, day);
        decisions.push(decide(chance, case, person, claim, at));
    }
    // People decide in the order of the form.
    let mut times: Vec<Timestamp> = decisions.iter().map(|decision| decision.at).collect();
    times.sort_unstable();
    for (decision, at) in decisions.iter_mut().zip(times) {
        decision.at = at;
    }
    let finished = case.progress == Progress::Finished;
    // After the last decision's working hours, so that finishing comes last.
    let finished_at =
        finished.then(|| super::timing::moment(case.until, 18 * 3600 + chance.between(60, 3_000)));
    let summary = if finished { reviews::overall(chance) } else { String::new() };
    let claimed_at = super::timing::moment(claimed, chance.between(7 * 3600, 8 * 3600 - 1));
    let due = date_of(case.submitted + 42);
    Review {
        reviewer: person,
        claimed_at,
        due,
        sample,
        decisions,
        queries,
        summary,
        finished_at,
        awaits_second: false,
        second: None,
    }
}

/// The requirements to look at: claims beyond what is so attract attention more often than chance (other sources
/// hint at them), the rest are drawn at random; about a quarter in all, never fewer than five.
/// What counts for nobody is left alone.
fn sample(chance: &mut Chance, claims: &[Claim]) -> Vec<usize> {
    let relevant: Vec<&Claim> =
        claims.iter().filter(|claim| claim.claimed.is_some() && claim.asked.expected > 0).collect();
    let wanted = (relevant.len() / 4).clamp(5, 16);
    let base = wanted as f64 / relevant.len().max(1) as f64;
    let mut chosen: Vec<usize> = Vec::with_capacity(wanted + 4);
    for claim in &relevant {
        let share = if claim.claimed > claim.actual { base * 2.2 } else { base };
        if chance.happens(share) {
            chosen.push(claim.asked.requirement);
        }
    }
    for claim in relevant.iter().take(5) {
        if chosen.len() < 5 && !chosen.contains(&claim.asked.requirement) {
            chosen.push(claim.asked.requirement);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// One decision. Reviewers differ in severity; most claims that are not so are seen through, and a few that are so
/// are marked down.
fn decide(chance: &mut Chance, case: &Case<'_>, person: PersonIx, claim: &Claim, at: Timestamp) -> Decision {
    let claimed = claim.claimed.unwrap_or(0);
    let (verdict, assessed) = judge(chance, case, person, claim);
    debug_assert!(verdict != Verdict::Downgrade || assessed < claimed);
    let reason = reviews::reason(chance, verdict);
    Decision { requirement: claim.asked.requirement, verdict, assessed, reason, at }
}

fn judge(chance: &mut Chance, case: &Case<'_>, person: PersonIx, claim: &Claim) -> (Verdict, u8) {
    let claimed = claim.claimed.unwrap_or(0);
    let actual = claim.actual.unwrap_or(0);
    let severity = 0.04 * super::chance::fixed_normal(case.seed, [u64::from(person.0), 0, 99]);
    let highest = case.highest.get(claim.asked.requirement).copied().unwrap_or(claimed);
    let draw = chance.unit();
    if actual < claimed && draw < 0.85 + severity {
        (Verdict::Downgrade, actual)
    } else if actual >= claimed && claimed > 0 && draw < 0.018 + severity.max(0.0) * 0.2 {
        (Verdict::Downgrade, claimed - 1)
    } else if actual >= claimed && claimed < highest && highest > 1 && draw > 0.985 {
        (Verdict::Upgrade, claimed + 1)
    } else {
        (Verdict::Agree, claimed)
    }
}

/// Queries on some of the sample. In a waiting case the last one is still unanswered.
fn queries(
    chance: &mut Chance,
    case: &Case<'_>,
    person: PersonIx,
    claimed: Day,
    chosen: &[&Claim],
) -> Vec<Query> {
    let mut asked = Vec::new();
    for claim in chosen {
        let doubtful = claim.claimed > claim.actual;
        if chance.happens(if doubtful { 0.3 } else { 0.06 }) {
            asked.push(claim.asked.requirement);
        }
    }
    if case.progress == Progress::Waiting && asked.is_empty() {
        asked.extend(chosen.last().map(|claim| claim.asked.requirement));
    }
    let last = asked.len().saturating_sub(1);
    let mut queries = Vec::with_capacity(asked.len());
    for (index, requirement) in asked.into_iter().enumerate() {
        let open = case.progress == Progress::Waiting && index == last;
        let day = chance.between(claimed, case.until);
        queries.push(query(chance, case, person, requirement, day, open));
    }
    queries
}

fn query(
    chance: &mut Chance,
    case: &Case<'_>,
    person: PersonIx,
    requirement: usize,
    day: Day,
    open: bool,
) -> Query {
    let (question, reply) = reviews::question_and_reply(chance);
    let day = avoid_weekend(chance, day).max(case.submitted);
    // All messages of one day keep their order: question before eight, reply in working hours, last word after.
    let asked_at = super::timing::moment(day, 8 * 3600 - chance.between(1, 1_800));
    let mut messages = vec![Message { side: Side::Central, author: person, at: asked_at, text: question }];
    if !open {
        let later = chance.between(0, 6);
        let reply_day = (day + later).min(case.until);
        let at = at_work(chance, reply_day);
        messages.push(Message { side: Side::Organisation, author: case.respondent, at, text: reply });
        if chance.happens(0.5) {
            let at = super::timing::moment(reply_day, 18 * 3600);
            messages.push(Message {
                side: Side::Central,
                author: person,
                at,
                text: reviews::follow_up(chance),
            });
        }
    }
    Query { requirement, due: date_of(day + 14), messages, closed: !open }
}

/// The second look at a finished review: independent of the first, by somebody else.
pub fn second_review(
    chance: &mut Chance,
    staff: &Staff,
    case: &Case<'_>,
    first: &Review,
    grade_changes: bool,
) -> SecondReview {
    let person = reviewer(staff, CentralRole::SecondReviewer, case.seed, case.organisation, case.year);
    let mut ranks = Vec::with_capacity(first.sample.len());
    for claim in case.claims.iter().filter(|claim| first.sample.contains(&claim.asked.requirement)) {
        let (_, rank) = judge(chance, case, person, claim);
        ranks.push((claim.asked.requirement, rank));
    }
    let finished_at = super::timing::moment(case.until, 19 * 3600 + chance.between(0, 3_000));
    SecondReview { reviewer: person, finished_at, ranks, grade_changes }
}
