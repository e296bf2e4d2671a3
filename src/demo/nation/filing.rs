//! How far a return has come and on which days: who files, when, late or never, and where this year's returns stand.

use super::calendar::Year;
use super::chance::Chance;
use super::organisations::OrganisationIx;
use super::people::FULLY_STAFFED_TRUSTS;
use super::quality::Quality;
use super::returns::ReturnState;
use super::sector::Sector;
use super::timing::{Day, avoid_weekend, day_of, days_late, submission_day};

/// The days of one return. Steps that have not been reached have no day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Where it ends up before the outcome of a review is known; [`ReturnState::Published`] for past years.
    pub state: ReturnState,
    /// First and last day of answering.
    pub answering: (Day, Day),
    /// Share of the requirements answered by hand this year.
    pub answered: f64,
    /// Day on which it was complete.
    pub ready: Option<Day>,
    /// Day of the signatures.
    pub signed: Option<Day>,
    /// Day of submission.
    pub submitted: Option<Day>,
    /// Last day of a granted extension.
    pub extended_until: Option<Day>,
    /// Last day of the review so far; `None` where it is not reviewed.
    pub reviewed: Option<Day>,
}

/// Where this year's returns of the fully staffed trusts stand, so that the demo's personas find one of each.
const SHOWCASE: [ReturnState; FULLY_STAFFED_TRUSTS] = [
    ReturnState::Draft,
    ReturnState::Ready,
    ReturnState::Signed,
    ReturnState::Submitted,
    ReturnState::UnderReview,
    ReturnState::Query,
    ReturnState::Decided,
    ReturnState::Decided,
    ReturnState::Draft,
    ReturnState::Submitted,
    ReturnState::Query,
    ReturnState::Decided,
];

const STATES: [ReturnState; 7] = [
    ReturnState::Draft,
    ReturnState::Ready,
    ReturnState::Signed,
    ReturnState::Submitted,
    ReturnState::UnderReview,
    ReturnState::Query,
    ReturnState::Decided,
];

/// Shares of [`STATES`] in percent, for organisations whose returns are always reviewed and for the others.
const LARGE: [u32; 7] = [34, 8, 7, 17, 12, 7, 15];
const SMALL: [u32; 7] = [46, 5, 4, 41, 2, 1, 1];

/// Share of returns of small organisations that are drawn for review in past years.
const SMALL_REVIEWED: f64 = 0.05;

/// Share of organisations that file nothing at all in the first year; it falls a little every year.
const fn silent_share(sector: Sector) -> f64 {
    match sector {
        Sector::Icb | Sector::Csu | Sector::Alb => 0.005,
        Sector::NhsTrust => 0.012,
        Sector::Gp => 0.03,
        Sector::Pharmacy => 0.045,
        Sector::LocalAuthority => 0.06,
        Sector::University => 0.09,
        Sector::Dentist => 0.11,
        Sector::Company | Sector::SocialCare => 0.13,
        Sector::Optician => 0.16,
        Sector::Other => 0.19,
    }
}

/// Who files: the organisation's sector, its (or its head office's) quality, and whether it is a site of a chain.
#[derive(Debug, Clone, Copy)]
pub struct Filer {
    /// The organisation.
    pub organisation: OrganisationIx,
    /// Its sector.
    pub sector: Sector,
    /// Its quality, shared within a chain.
    pub quality: Quality,
    /// Whether it belongs to a chain, whose returns are sent on one day.
    pub chained: bool,
}

/// The course of a return of a past year. `shared` is the same stream for all of a chain, `own` the organisation's.
pub fn past(shared: &mut Chance, own: &mut Chance, filer: &Filer, number: usize, year: &Year) -> Course {
    let opens = day_of(year.opens);
    let deadline = day_of(year.deadline);
    let large = filer.sector.is_large();
    let first = opens + 21;
    // Silence is mostly a habit: the larger part of it hits the same organisations every year.
    let share = silent_share(filer.sector) * (1.0 - 0.12 * (number as f64));
    let silent = filer.quality.ambition(3) < share * 0.65 || own.happens(share * 0.35);
    if silent && !filer.chained {
        let answered = if own.happens(0.5) { 0.0 } else { 0.6 * own.unit() };
        return Course { answered, ..unfinished(ReturnState::NotPublishedAtClose, first, deadline) };
    }
    let rank = filer.quality.punctuality(number);
    let mut extended_until = None;
    let submitted = if filer.chained {
        deadline - 12 - i64::try_from(shared.below(26)).unwrap_or(0)
    } else if rank < 0.6 && own.happens(if large { 0.05 } else { 0.08 }) {
        let late = deadline + days_late(own);
        if large && own.happens(0.5) {
            extended_until = Some(late.max(deadline + 14));
        }
        late
    } else {
        submission_day(own, deadline, rank)
    };
    let (ready, signed) = before_submission(own, submitted, first);
    let reviewed = (large || (!filer.chained && own.happens(SMALL_REVIEWED))).then(|| {
        let latest = year.released.map_or(submitted + 60, |release| day_of(release) - 14);
        let wanted = submitted + own.between(8, 70);
        avoid_weekend(own, wanted.min(latest).max(submitted + 3))
    });
    Course {
        state: ReturnState::Published,
        answering: (first.min(ready), ready),
        answered: 1.0,
        ready: Some(ready),
        signed: Some(signed),
        submitted: Some(submitted),
        extended_until,
        reviewed,
    }
}

/// Days of completion and signature before a submission.
fn before_submission(chance: &mut Chance, submitted: Day, first: Day) -> (Day, Day) {
    let signed = (submitted - chance.between(0, 6)).max(first);
    let ready = (signed - chance.between(0, 5)).max(first);
    (ready, signed)
}

const fn unfinished(state: ReturnState, first: Day, last: Day) -> Course {
    Course {
        state,
        answering: (first, last),
        answered: 0.0,
        ready: None,
        signed: None,
        submitted: None,
        extended_until: None,
        reviewed: None,
    }
}

/// The course of a return of the collection that is open on day `today`. Nothing in it is later than the day before.
pub fn current(shared: &mut Chance, own: &mut Chance, filer: &Filer, year: &Year, today: Day) -> Course {
    let first = day_of(year.opens) + 21;
    let last = today - 1;
    let large = filer.sector.is_large();
    let drawn = if filer.chained { &mut *shared } else { &mut *own };
    let index = drawn.weighted(if large { &LARGE } else { &SMALL });
    let mut state = STATES.get(index).copied().unwrap_or(ReturnState::Draft);
    if filer.sector == Sector::NhsTrust
        && let Some(shown) = SHOWCASE.get(filer.organisation.index())
    {
        state = *shown;
    }
    if filer.chained && matches!(state, ReturnState::UnderReview | ReturnState::Query | ReturnState::Decided)
    {
        state = ReturnState::Submitted;
    }
    let course = unfinished(state, first, last);
    match state {
        ReturnState::Draft => {
            let untouched = own.happens(if large { 0.1 } else { 0.45 });
            let shown = filer.sector == Sector::NhsTrust && filer.organisation.index() < FULLY_STAFFED_TRUSTS;
            let answered = if shown {
                0.72
            } else if untouched {
                0.0
            } else {
                0.08 + 0.87 * own.unit()
            };
            Course { answered, ..course }
        }
        ReturnState::Ready => {
            let ready = last - own.between(0, 12);
            Course { answered: 1.0, answering: (first, ready), ready: Some(ready), ..course }
        }
        ReturnState::Signed => {
            let signed = last - own.between(0, 6);
            let ready = signed - own.between(0, 9);
            Course {
                answered: 1.0,
                answering: (first, ready),
                ready: Some(ready),
                signed: Some(signed),
                ..course
            }
        }
        _ => {
            // How long ago it was sent: the further it has come, the longer.
            let (least, most) = match state {
                ReturnState::Submitted => (0, 24),
                ReturnState::UnderReview => (8, 45),
                ReturnState::Query => (12, 50),
                _ => (24, 100),
            };
            let sent = if filer.chained { &mut *shared } else { &mut *own };
            let ago = sent.between(least, most).min(sent.between(least, most));
            let submitted = avoid_weekend(sent, last - ago);
            let (ready, signed) = before_submission(own, submitted, first);
            let reviewed = match state {
                ReturnState::Submitted => None,
                ReturnState::Decided => Some((submitted + own.between(7, 60)).min(last)),
                _ => Some(last),
            };
            Course {
                answered: 1.0,
                answering: (first, ready),
                ready: Some(ready),
                signed: Some(signed),
                submitted: Some(submitted),
                reviewed,
                ..course
            }
        }
    }
}
