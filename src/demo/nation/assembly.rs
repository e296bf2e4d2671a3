//! Puts a return together: claims, answers, signatures, submission, review, plan and published status.

use jiff::Timestamp;

use super::Nation;
use super::answers::{self, Answer, AnswerState, Occasion};
use super::calendar::Year;
use super::chance::{Chance, Purpose};
use super::claims::{self, Claim};
use super::filing::{self, Course, Filer};
use super::grades::{self, Certificate, Circumstances, Grade, PlanStanding, Published, Status};
use super::organisations::{Chain, Organisation, OrganisationIx};
use super::people::{CentralRole, PersonIx, Role};
use super::prose::comments;
use super::quality::Quality;
use super::returns::{Gap, ImprovementPlan, ReturnRecord, ReturnState, SignOff, Submission};
use super::review::{self, Case, Progress, Review};
use super::shape::Asked;
use super::timing::{at_work, date_of, day_of, last_day_second, moment};

/// The people of one organisation by what they do in a return.
struct Team {
    lead: PersonIx,
    sender: PersonIx,
    siro: PersonIx,
    guardian: Option<PersonIx>,
    authors: Vec<PersonIx>,
}

/// One return in the making.
struct Desk<'a> {
    nation: &'a Nation,
    here: OrganisationIx,
    organisation: &'a Organisation,
    number: usize,
    year: &'a Year,
    asked: Vec<Asked>,
    team: Team,
    course: Course,
}

/// The return of an organisation in a year, or `None` when it did not exist then or the edition asks nothing of it.
pub(super) fn assemble(nation: &Nation, here: OrganisationIx, number: usize) -> Option<ReturnRecord> {
    let organisation = nation.organisations.get(here.index())?;
    let year = nation.years.get(number)?;
    let running = year.released.is_none();
    let existed = organisation.is_open_on(if running { nation.as_of } else { year.deadline });
    let mut asked = year.shape.asked(organisation.sector, organisation.trust_kind);
    if !existed || day_of(organisation.opened) + 60 > day_of(year.deadline) || asked.is_empty() {
        return None;
    }
    // A chain's head office answers for its sites: all draw from its stream and share its quality.
    let source = if let Chain::SiteOf(head) = organisation.chain { head } else { here };
    let stream = |who: OrganisationIx| (u64::from(who.0) << 4) | number as u64;
    let mut shared = Chance::new(nation.seed, Purpose::Returns, stream(source));
    let mut own = Chance::new(nation.seed, Purpose::Returns, stream(here) | 1 << 40);
    let region = nation.organisations.get(source.index()).map_or(0, |office| office.region as u64);
    let quality = Quality::new(nation.seed, u64::from(source.0), organisation.sector, region);
    let chained = organisation.chain != Chain::None;
    let filer = Filer { organisation: here, sector: organisation.sector, quality, chained };
    let course = if running {
        filing::current(&mut shared, &mut own, &filer, year, day_of(nation.as_of))
    } else {
        filing::past(&mut shared, &mut own, &filer, number, year)
    };
    let team = team(nation, here)?;
    let certificates =
        grades::certificates(&mut shared, &quality, organisation.sector.is_large(), number, year.deadline);
    for one in &mut asked {
        if one.expected > 0 && year.shape.rules().exempts(one.requirement, &certificates, year.deadline) {
            *one = Asked { expected: 0, exempt: true, ..*one };
        }
    }
    let made = claims::claims(&mut shared, &quality, number, &year.shape, &asked);
    let desk = Desk { nation, here, organisation, number, year, asked, team, course };
    Some(desk.file(&mut shared, &mut own, &made, certificates))
}

fn team(nation: &Nation, here: OrganisationIx) -> Option<Team> {
    let members = nation.members(here);
    let find = |role: Role| members.iter().find(|member| member.role == role).map(|member| member.person);
    let lead = find(Role::IgLead)?;
    let siro = find(Role::Siro)?;
    let mut authors = vec![lead, lead];
    authors
        .extend(members.iter().filter(|member| member.role == Role::Contributor).map(|member| member.person));
    let sender = find(Role::OrganisationAdministrator).unwrap_or(lead);
    Some(Team { lead, sender, siro, guardian: find(Role::CaldicottGuardian), authors })
}

impl Desk<'_> {
    fn file(
        &self,
        shared: &mut Chance,
        own: &mut Chance,
        made: &[Claim],
        certificates: Vec<Certificate>,
    ) -> ReturnRecord {
        let answers = self.answers(shared, own, made);
        let course = &self.course;
        let submission = course.submitted.map(|day| self.submission(own, day));
        let ranks: Vec<Option<u8>> = made.iter().map(|claim| claim.claimed).collect();
        let review = submission.and_then(|_| self.review(made, &certificates));
        let finished = review.as_ref().is_some_and(|review| review.finished_at.is_some());
        let after = review.as_ref().filter(|_| finished).map(|review| assessed_ranks(made, review));
        let plan = self.plan(own, &ranks, after.as_deref());
        // A return with gaps leaves only with a plan, so the claim already counts on one.
        let admitted = made.iter().any(Claim::admits_gap);
        let handed_in = if admitted { PlanStanding::Submitted } else { PlanStanding::None };
        let claimed = submission.map(|_| self.status(&ranks, &certificates, handed_in));
        let reached = match &plan {
            Some(plan) if plan.agreed.is_some() => PlanStanding::Agreed,
            Some(_) => PlanStanding::Submitted,
            None => PlanStanding::None,
        };
        let final_status = self.status(after.as_deref().unwrap_or(&ranks), &certificates, reached);
        let assessed = finished.then_some(final_status);
        let published = self.published(submission.as_ref(), final_status);
        ReturnRecord {
            organisation: self.here,
            year: self.number,
            profile: self.year.shape.profile(self.organisation.sector, self.organisation.trust_kind),
            state: self.state(review.as_ref(), assessed, reached),
            baseline_at: self.baseline(own),
            answers,
            ready_at: course.ready.map(|day| moment(day, 18 * 3600 + own.between(0, 600))),
            sign_offs: self.sign_offs(own),
            submission,
            certificates,
            gaps_admitted: admitted,
            claimed,
            assessed,
            review,
            plan,
            published,
        }
    }

    /// Reviewed returns that fall short go on to a plan; the rest stand where their course left them.
    fn state(&self, review: Option<&Review>, assessed: Option<Status>, plan: PlanStanding) -> ReturnState {
        if review.is_some_and(|review| review.awaits_second) {
            return ReturnState::UnderReview;
        }
        match (self.course.state, assessed) {
            (ReturnState::Decided, Some(status)) if !status.grade.is_met() => {
                if plan == PlanStanding::Agreed { ReturnState::PlanAgreed } else { ReturnState::PlanRequired }
            }
            (state, _) => state,
        }
    }

    fn status(&self, ranks: &[Option<u8>], certificates: &[Certificate], plan: PlanStanding) -> Status {
        let shape = &self.year.shape;
        let under = |approached_before| Circumstances {
            sector: self.organisation.sector,
            certificates,
            plan,
            approached_before,
        };
        let first = grades::status(shape, &self.asked, ranks, &under(false));
        // Only small organisations are bound by their past, so it is looked up for them alone.
        let bound =
            first.grade == Grade::ApproachingStandards && !shape.rules().is_large(self.organisation.sector);
        if bound && self.nation.approached_before(self.here, self.number) {
            return grades::status(shape, &self.asked, ranks, &under(true));
        }
        first
    }

    fn baseline(&self, own: &mut Chance) -> Option<Timestamp> {
        let last = day_of(self.year.baseline);
        let share = if self.organisation.sector.is_large() { 0.96 } else { 0.35 };
        let day = last - own.between(0, 30).min(own.between(0, 30));
        own.happens(share).then(|| at_work(own, day))
    }

    /// Everything answered this year and, in a running collection, what was carried forward and still waits.
    fn answers(&self, shared: &mut Chance, own: &mut Chance, made: &[Claim]) -> Vec<Answer> {
        let earlier = if self.year.released.is_none() && self.number > 0 {
            assemble(self.nation, self.here, self.number - 1)
        } else {
            None
        };
        let share = if self.organisation.sector.is_large() { 0.7 } else { 0.16 };
        let (first, last) = self.course.answering;
        let mut answers = Vec::with_capacity(made.len());
        for claim in made {
            let Some((requirement, traits)) = self.year.shape.requirement(claim.asked.requirement) else {
                continue;
            };
            let before = earlier.as_ref().and_then(|record| self.carried(record, &requirement.code, first));
            if self.course.answered < 1.0 && !own.happens(self.course.answered) {
                answers.extend(before);
                continue;
            }
            let day = answers::answering_day(own, first, last);
            let answered_at = at_work(own, day);
            let occasion = Occasion {
                requirement,
                theme: traits.theme,
                rank: claim.claimed,
                expected: claim.asked.expected,
                organisation: &self.organisation.name,
                year: &self.year.label,
                answered_at,
            };
            let Some((value, attachments)) = answers::value(shared, &occasion) else { continue };
            let comment = answers::comment(shared, &occasion, share);
            let same = before.as_ref().is_some_and(|before| before.value == value);
            answers.push(Answer {
                requirement: claim.asked.requirement,
                value,
                rank: claim.claimed,
                comment,
                author: own.pick_one(&self.team.authors).unwrap_or(self.team.lead),
                answered_at,
                state: AnswerState::Confirmed,
                carried_from: same.then(|| self.number.saturating_sub(1)),
                attachments,
            });
        }
        answers
    }

    /// Last year's answer to the requirement of that code, as it lies in this year's form.
    fn carried(&self, record: &ReturnRecord, code: &str, first: i64) -> Option<Answer> {
        let shape = &self.nation.years.get(record.year)?.shape;
        let position = shape.position(code)?;
        let index = record.answers.binary_search_by_key(&position, |answer| answer.requirement).ok()?;
        let answer = record.answers.get(index)?;
        let here = self.year.shape.position(code)?;
        let same_kind =
            shape.requirements().get(position)?.kind == self.year.shape.requirements().get(here)?.kind;
        same_kind.then(|| Answer {
            requirement: here,
            state: AnswerState::ToConfirm,
            carried_from: Some(record.year),
            // Carried over by the system on the night before answering began; files stay with last year's return.
            answered_at: moment(first - 1, 3 * 3600),
            attachments: Vec::new(),
            ..answer.clone()
        })
    }

    fn sign_offs(&self, own: &mut Chance) -> Vec<SignOff> {
        let Some(day) = self.course.signed else { return Vec::new() };
        let mut signed = Vec::with_capacity(2);
        // After the return was ready, which is shortly after 18:00, and before it was sent, after 20:00.
        if let Some(guardian) = self.team.guardian {
            let at = moment(day, 18 * 3600 + own.between(700, 3_000));
            signed.push(SignOff { role: Role::CaldicottGuardian, person: guardian, at });
        }
        let at = moment(day, 19 * 3600 + own.between(0, 3_000));
        signed.push(SignOff { role: Role::Siro, person: self.team.siro, at });
        signed
    }

    fn submission(&self, own: &mut Chance, day: i64) -> Submission {
        let deadline = day_of(self.year.deadline);
        let signed_same_day = self.course.signed == Some(day);
        let second = match (signed_same_day, day == deadline) {
            (true, _) => own.between(20 * 3600, 22 * 3600 - 1),
            (false, true) => last_day_second(own),
            (false, false) => own.between(8 * 3600, 18 * 3600),
        };
        let allowed = self.course.extended_until.unwrap_or(deadline);
        Submission {
            by: self.team.sender,
            at: moment(day, second),
            late: day > allowed,
            extended_until: self.course.extended_until.map(date_of),
        }
    }

    fn review(&self, made: &[Claim], certificates: &[Certificate]) -> Option<Review> {
        let until = self.course.reviewed?;
        let nation = self.nation;
        let stream = (u64::from(self.here.0) << 4) | self.number as u64;
        let mut chance = Chance::new(nation.seed, Purpose::Reviews, stream);
        let highest: Vec<u8> = self.year.shape.requirements().iter().map(|r| r.kind.highest()).collect();
        let progress = match self.course.state {
            ReturnState::UnderReview => Progress::Begun,
            ReturnState::Query => Progress::Waiting,
            _ => Progress::Finished,
        };
        let case = Case {
            seed: nation.seed,
            organisation: self.here,
            year: self.number,
            claims: made,
            highest: &highest,
            respondent: self.team.lead,
            submitted: self.course.submitted?,
            until,
            progress,
        };
        let mut review = review::review(&mut chance, &nation.staff, &case);
        if progress == Progress::Finished {
            let grade = |ranks: &[Option<u8>]| self.status(ranks, certificates, PlanStanding::None).grade;
            let claimed: Vec<Option<u8>> = made.iter().map(|claim| claim.claimed).collect();
            let changes = grade(&claimed) != grade(&assessed_ranks(made, &review));
            if changes && self.year.released.is_none() && chance.happens(0.4) {
                review.awaits_second = true;
                review.finished_at = None;
            } else if changes || chance.happens(0.12) {
                review.second =
                    Some(review::second_review(&mut chance, &nation.staff, &case, &review, changes));
            }
        }
        Some(review)
    }

    /// A plan is made where gaps are admitted, for only with it may the return be sent, and made anew for the gaps
    /// that a review found. `found` are the ranks after review.
    fn plan(
        &self,
        own: &mut Chance,
        claimed: &[Option<u8>],
        found: Option<&[Option<u8>]>,
    ) -> Option<ImprovementPlan> {
        let running = self.year.released.is_none();
        let before = self.course.signed.or(self.course.ready)?;
        // Half of those found short this year have not revised theirs yet; in past years a fifth never did.
        let revised = found.filter(|_| !own.happens(if running { 0.45 } else { 0.18 }));
        let ranks = revised.unwrap_or(claimed);
        let short = |(asked, rank): (&Asked, &Option<u8>)| {
            rank.is_some_and(|rank| rank < asked.expected).then_some(asked.requirement)
        };
        let mut gaps = Vec::new();
        for requirement in self.asked.iter().zip(ranks).filter_map(short) {
            let owner = own.pick_one(&self.team.authors).unwrap_or(self.team.lead);
            let due = date_of(day_of(self.year.deadline) + own.between(25, 178));
            gaps.push(Gap { requirement, action: comments::plan_action(own), owner, due });
        }
        if gaps.is_empty() {
            return None;
        }
        let large = self.organisation.sector.is_large();
        let approves = match (found, revised) {
            (_, Some(_)) => true,
            (Some(_), None) => false,
            // Nobody reviews these; the plan itself is looked at when the year is over.
            (None, None) => !running && own.happens(if large { 0.9 } else { 0.5 }),
        };
        let after = if revised.is_some() { self.course.reviewed.unwrap_or(before) } else { before };
        let approver =
            self.nation.staff.central.iter().find(|post| post.role == CentralRole::ProgrammeManager);
        // Agreement follows a review's second look, which ends before 20:00, or else the end of the collection.
        let agreed_on = if revised.is_some() { after } else { after.max(day_of(self.year.deadline) + 7) };
        let agreed = approver.filter(|_| approves).map(|post| (post.person, moment(agreed_on, 21 * 3600)));
        let signed_at = moment(after, 19 * 3600 + 3_100);
        Some(ImprovementPlan { gaps, signed_by: self.team.siro, signed_at, agreed })
    }

    fn published(&self, submission: Option<&Submission>, status: Status) -> Option<Published> {
        self.year.released?;
        let (status, on, late) = match submission {
            Some(submission) => (status, date_of(submission.at.as_second() / 86_400), submission.late),
            None => {
                let silent = Status { grade: Grade::NotPublished, percentage: None };
                (silent, date_of(day_of(self.year.deadline) + 1), false)
            }
        };
        Some(Published { status, label: status.grade.label(self.number), on, late })
    }
}

/// Ranks after review: the reviewer's where there is a decision, the claim's elsewhere.
fn assessed_ranks(made: &[Claim], review: &Review) -> Vec<Option<u8>> {
    let decided = |claim: &Claim| {
        review
            .decisions
            .iter()
            .find(|decision| decision.requirement == claim.asked.requirement)
            .map(|d| d.assessed)
    };
    made.iter().map(|claim| decided(claim).or(claim.claimed)).collect()
}
