//! What the pages of allocation read, each in one go and after its permit; and the plan of a run, which its preview shows and
//! its doing repeats.

use std::collections::BTreeMap;

use super::pages::OnOverview;
use super::plan::{Bars, Line, Reviewer, Waiting, choose};
use super::store::{self, Absence, InHand};
use crate::access::{Action as _, Actor, AllocateReview, Permit, ReadAllocation, Subject};
use crate::identity::{self, employer_months};
use crate::platform::clock::Day;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, PersonId, ReviewId};
use crate::review::interest::{Recusal, recusals_of};
use crate::review::reading::ForCentre;

/// Reviews that can be chosen from by hand at a time.
const OFFERED: i64 = 100;

/// Who has what.
pub(in crate::review) struct Overview {
    pub reviewers: Vec<Reviewer>,
    /// In hand of somebody who must not have them, with the reason.
    pub conflicted: Vec<(InHand, String)>,
    /// Given back while a question was open, and in nobody's hands.
    pub unheld: Vec<InHand>,
    /// What waits, by collection.
    pub counts: Vec<(CollectionId, String, i64)>,
    /// For how many months a former employer bars.
    pub months: i64,
}

impl Overview {
    /// The name of a reviewer; empty for somebody who reviews no more.
    pub fn name(&self, of: Option<PersonId>) -> &str {
        self.reviewers.iter().find(|one| Some(one.person) == of).map_or("", |one| one.name.as_str())
    }
}

/// Who has what, for whoever may read it.
pub(super) fn overview(conn: &mut Conn, actor: &Actor, day: Day) -> Result<Overview> {
    Permit::<ReadAllocation>::grant(actor, Some(Subject::programme()))?;
    let reviewers = store::reviewers(conn, day)?;
    let in_hand = store::in_hand(conn, None)?;
    let mut conflicts = BTreeMap::new();
    for person in in_hand.iter().filter_map(|one| one.reviewer) {
        if let std::collections::btree_map::Entry::Vacant(place) = conflicts.entry(person) {
            place.insert(identity::conflicts_of(conn, person, day)?);
        }
    }
    let why = |one: &InHand| {
        let conflict = conflicts.get(&one.reviewer?)?.get(&one.organisation)?;
        Some((one.clone(), conflict.words.clone()))
    };
    Ok(Overview {
        conflicted: in_hand.iter().filter_map(why).collect(),
        unheld: in_hand.iter().filter(|one| one.reviewer.is_none()).cloned().collect(),
        counts: store::counts(conn)?,
        months: employer_months(conn)?,
        reviewers,
    })
}

/// The plan of a run over the first so many of the queue. What the actor has an interest in themselves is for a colleague.
pub(super) fn plan(
    conn: &mut Conn,
    actor: &Actor,
    day: Day,
    (of, count): (Option<CollectionId>, i64),
    seed: &str,
) -> Result<Vec<Line>> {
    let reviewers = store::reviewers(conn, day)?;
    let bars: Bars = store::bars(conn, reviewers.iter().map(|one| one.person), day)?;
    let waiting = store::waiting(conn, of, &[], count)?;
    let (own, others): (Vec<Waiting>, Vec<Waiting>) =
        waiting.into_iter().partition(|one| actor.is_conflicted(one.organisation));
    let mut lines = choose(&reviewers, &bars, others, seed);
    lines.extend(own.into_iter().map(|waiting| Line {
        waiting,
        to: None,
        why: "You must not choose who reviews it, because of an interest of your own. Leave it to a colleague."
            .to_owned(),
    }));
    Ok(lines)
}

/// A preview: the plan with those it names.
pub(super) fn preview(
    conn: &mut Conn,
    actor: &Actor,
    day: Day,
    wanted: (Option<CollectionId>, i64),
    seed: &str,
) -> Result<(Vec<Line>, Vec<Reviewer>)> {
    Permit::<ReadAllocation>::grant(actor, Some(Subject::programme()))?;
    let lines = plan(conn, actor, day, wanted, seed)?;
    Ok((lines, store::reviewers(conn, day)?))
}

/// What can be given by hand: the top of the queue, and to whom.
pub(super) fn by_hand(conn: &mut Conn, actor: &Actor, day: Day) -> Result<(Vec<Waiting>, Vec<Reviewer>)> {
    Permit::<ReadAllocation>::grant(actor, Some(Subject::programme()))?;
    // Left out before they are counted, or the list would come short.
    let waiting = store::waiting(conn, None, &actor.conflicts(), OFFERED)?;
    Ok((waiting, store::reviewers(conn, day)?))
}

/// What was chosen in the queue and can be given to somebody now, and to whom.
pub(super) fn chosen(
    conn: &mut Conn,
    actor: &Actor,
    day: Day,
    ids: &[ReviewId],
) -> Result<(Vec<InHand>, Vec<Reviewer>)> {
    Permit::<ReadAllocation>::grant(actor, Some(Subject::programme()))?;
    let found = store::chosen(conn, ids, &actor.conflicts())?;
    Ok((found, store::reviewers(conn, day)?))
}

/// One reviewer with everything that is kept of them.
pub(in crate::review) struct OneReviewer {
    pub of: Reviewer,
    pub others: Vec<Reviewer>,
    pub absences: Vec<Absence>,
    pub in_hand: Vec<InHand>,
    /// Keys and names of the standards.
    pub standards: Vec<(String, String)>,
}

impl OneReviewer {
    /// The name of another reviewer.
    pub fn name(&self, of: PersonId) -> &str {
        self.others.iter().find(|other| other.person == of).map_or("somebody", |other| other.name.as_str())
    }
}

/// One reviewer, for whoever may read the allocation.
pub(super) fn one(conn: &mut Conn, actor: &Actor, day: Day, whose: PersonId) -> Result<OneReviewer> {
    Permit::<ReadAllocation>::grant(actor, Some(Subject::programme()))?;
    let (mut own, others): (Vec<Reviewer>, Vec<Reviewer>) =
        store::reviewers(conn, day)?.into_iter().partition(|one| one.person == whose);
    Ok(OneReviewer {
        of: own.pop().ok_or(Error::NotFound)?,
        others,
        absences: store::absences_of(conn, whose, day)?,
        in_hand: store::in_hand(conn, Some(whose))?,
        standards: store::standards(conn)?,
    })
}

/// One's own absences, and who could stand in.
pub(super) fn own_absences(conn: &mut Conn, me: PersonId, day: Day) -> Result<(Vec<Absence>, Vec<Reviewer>)> {
    let mut reviewers = store::reviewers(conn, day)?;
    reviewers.retain(|one| one.person != me);
    Ok((store::absences_of(conn, me, day)?, reviewers))
}

/// What a review's own page says of its allocation.
pub(in crate::review) struct OfReview {
    /// Who could be given it; empty for whoever may not give it.
    pub reviewers: Vec<Reviewer>,
    /// Who gave it back because of a conflict.
    pub recusals: Vec<Recusal>,
}

/// What a review's own page says of its allocation to this actor.
fn of_review(conn: &mut Conn, actor: &Actor, day: Day, of: &ForCentre) -> Result<OfReview> {
    let review = &of.case.found.review;
    let may = AllocateReview::ROW.allows(actor, &review.subject()).is_ok();
    let mut reviewers = if may { store::reviewers(conn, day)? } else { Vec::new() };
    reviewers.retain(|one| Some(one.person) != review.reviewer);
    let recusals = if of.was_given_back { recusals_of(conn, review.id)? } else { Vec::new() };
    Ok(OfReview { reviewers, recusals })
}

/// The same as it is shown there.
pub(in crate::review) fn on_overview(
    conn: &mut Conn,
    actor: &Actor,
    day: Day,
    of: &ForCentre,
) -> Result<OnOverview> {
    Ok(OnOverview::new(&of_review(conn, actor, day, of)?, of))
}
