//! What the pages of the second scoring read, each in one go and after the permit to read it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::blind::{self, BlindSheet, Mine};
use super::calibration::{CalibrationOf, calibration_of};
use super::drift::{self, Alert};
use super::figures::{Agreement, Measured, agreement, categories};
use super::gold::{self, Attempt, GoldCase};
use super::model::{ComparisonState, Effect};
use super::moderation::{self, Listed};
use super::pages::{Practised, SampleScene, Scene};
use super::sample;
use crate::access::{
    Action as _, Actor, CentralRole, Permit, PlanSample, ReadAgreement, ReadCalibration, ReadDisagreement,
    ReadDrift, ReadGoldCases, Subject,
};
use crate::collections::{self, Collection};
use crate::identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{BlindCaseId, ComparisonId, EvidenceId, GoldId, PersonId};
use crate::returns::{self, EvidenceFile};
use crate::standards::{self, Edition};

/// The collection of this key.
pub(super) fn collection(conn: &mut Conn, key: &str) -> Result<Collection> {
    collections::collection_by_key(conn, key)?.ok_or(Error::NotFound)
}

/// Every collection, newest first, for whoever may read how claims survive.
pub(super) fn all_collections(conn: &mut Conn, actor: &Actor) -> Result<Vec<Collection>> {
    Permit::<ReadCalibration>::grant(actor, Some(Subject::programme()))?;
    let mut all = collections::collections(conn)?;
    all.sort_by_key(|one| std::cmp::Reverse((one.opens_at, one.id)));
    Ok(all)
}

/// Cases whose scorers are looked up for one page.
const GIVEABLE: i64 = 20;

/// The sample of a collection.
pub(super) fn sample_of(conn: &mut Conn, actor: &Actor, key: &str) -> Result<SampleScene> {
    Permit::<ReadAgreement>::grant(actor, Some(Subject::programme()))?;
    let collection = collection(conn, key)?;
    let may_plan = PlanSample::ROW.allows(actor, &subject_of(&collection)).is_ok();
    let mut waiting = Vec::new();
    if may_plan {
        for case in blind::waiting_cases(conn, Some(collection.id), GIVEABLE)? {
            let people = blind::scorers_for(conn, &case)?;
            waiting.push((case.id, people));
        }
    }
    Ok(SampleScene {
        plan: sample::plan(conn, collection.id)?,
        draws: sample::draws(conn, Some(collection.id))?,
        progress: sample::progress(conn, collection.id)?,
        waiting,
        may_plan,
        collection,
    })
}

/// A collection as the access table needs it.
pub(super) fn subject_of(of: &Collection) -> Subject {
    Subject { kind: "collection", id: of.id.get(), organisation: None, state: of.state.as_str() }
}

/// How far reviewers agree in a collection.
pub(super) fn agreement_of(conn: &mut Conn, actor: &Actor, key: &str) -> Result<(Collection, Agreement)> {
    Permit::<ReadAgreement>::grant(actor, Some(Subject::programme()))?;
    let collection = collection(conn, key)?;
    let found = agreement(conn, &collection)?;
    Ok((collection, found))
}

/// How claims survived review in a collection.
pub(super) fn calibration(conn: &mut Conn, actor: &Actor, key: &str) -> Result<(Collection, CalibrationOf)> {
    Permit::<ReadCalibration>::grant(actor, Some(Subject::programme()))?;
    let collection = collection(conn, key)?;
    let found = calibration_of(conn, collection.id)?;
    Ok((collection, found))
}

/// What a person was given to score.
pub(super) fn mine(conn: &mut Conn, person: PersonId) -> Result<Vec<Mine>> {
    blind::cases_of(conn, person)
}

/// A file of a submission that the actor scores.
pub(super) fn evidence(
    conn: &mut Conn,
    actor: &Actor,
    id: BlindCaseId,
    file: EvidenceId,
) -> Result<EvidenceFile> {
    let sheet = BlindSheet::for_scorer(conn, actor, id)?;
    if !sheet.has_evidence(file)? {
        return Err(Error::NotFound);
    }
    let stored = returns::evidence_file(conn, file)?;
    stored.filter(|stored| stored.organisation == sheet.case.organisation).ok_or(Error::NotFound)
}

/// Lines of one page of the list of disagreements.
pub(super) const PAGE: i64 = 100;

/// Disagreements of a list, without those of organisations that the actor has an interest in.
pub(super) fn disagreements(
    conn: &mut Conn,
    actor: &Actor,
    word: &str,
    (from, most): (i64, i64),
) -> Result<(Vec<Listed>, BTreeMap<PersonId, String>, bool)> {
    may_moderate(actor)?;
    let (states, effect) = match word {
        "settled" => (vec![ComparisonState::Settled], None),
        "reopen" => (vec![ComparisonState::Settled], Some(Effect::Reopen)),
        _ => (vec![ComparisonState::Open], None),
    };
    let mut found = moderation::listed(conn, &states, effect, (from, most.saturating_add(1)))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    found.retain(|one| !actor.is_conflicted(one.organisation));
    let people: Vec<PersonId> = found.iter().flat_map(|one| [one.first_by, one.second_by]).collect();
    let names = identity::names_of(conn, &people)?;
    Ok((found, names, more))
}

/// That the actor is of those who settle disagreements, whoever's they are.
fn may_moderate(actor: &Actor) -> Result<()> {
    Permit::<ReadAgreement>::grant(actor, Some(Subject::programme())).map(|_| ())
}

/// One disagreement, if the actor may read it.
pub(super) fn scene(conn: &mut Conn, actor: &Actor, id: ComparisonId) -> Result<Scene> {
    let of = moderation::disagreement(conn, id)?;
    Permit::<ReadDisagreement>::grant(actor, Some(of.subject()))?;
    let case = blind::find_case(conn, of.case)?;
    let sheet = BlindSheet::load(conn, case)?;
    let answer = gold::answer_words(&sheet, &of)?;
    let people: Vec<PersonId> =
        [Some(of.first.by), Some(of.second.by), of.settled_by].into_iter().flatten().collect();
    let names = identity::names_of(conn, &people)?;
    let name = |of: PersonId| names.get(&of).cloned().unwrap_or_default();
    Ok(Scene {
        first_by: name(of.first.by),
        second_by: name(of.second.by),
        settled_by: of.settled_by.map(name).unwrap_or_default(),
        answer,
        sheet,
        of,
    })
}

/// Gold cases with one's own attempts and results; everybody's for the programme manager.
pub(super) struct Practice {
    pub cases: Vec<GoldCase>,
    pub own: Vec<Attempt>,
    pub mine: Option<Practised>,
    pub everybody: Vec<Practised>,
}

/// What somebody can practise on, and how it went.
pub(super) fn practice(conn: &mut Conn, actor: &Actor) -> Result<Practice> {
    Permit::<ReadGoldCases>::grant(actor, Some(Subject::programme()))?;
    let me = actor.id().ok_or(Error::NotFound)?;
    let cases = gold::gold_cases(conn)?;
    let own = gold::attempts(conn, Some(me))?;
    let width = width(conn)?;
    let mine = (!own.is_empty()).then(|| practised("You", &own, width));
    let mut everybody = Vec::new();
    if actor.central().contains(&CentralRole::ProgrammeManager) {
        let mut people: BTreeMap<PersonId, Vec<Attempt>> = BTreeMap::new();
        for attempt in gold::attempts(conn, None)? {
            people.entry(attempt.person).or_default().push(attempt);
        }
        let names = identity::names_of(conn, &people.keys().copied().collect::<Vec<_>>())?;
        let name = |of: &PersonId| names.get(of).map_or("", String::as_str);
        everybody = people.iter().map(|(who, tries)| practised(name(who), tries, width)).collect();
        everybody.sort_by(|a, b| a.measured.label.cmp(&b.measured.label));
    }
    Ok(Practice { cases, own, mine, everybody })
}

/// The widest order of statuses among the editions that cases are of, retired ones too, whose attempts still count: bytes
/// mean the same place in each.
fn width(conn: &mut Conn) -> Result<usize> {
    let mut widest = 2;
    for id in gold::editions(conn)? {
        let edition = standards::edition(conn, id)?;
        widest = widest.max(categories(&edition));
    }
    Ok(widest)
}

fn practised(name: &str, tries: &[Attempt], width: usize) -> Practised {
    let mut measured = Measured::new(name, width);
    for attempt in tries {
        measured.add(attempt.assessed, attempt.agreed);
    }
    Practised { measured }
}

/// One gold case with its edition and one's own attempt.
pub(super) fn find_gold(
    conn: &mut Conn,
    actor: &Actor,
    id: GoldId,
) -> Result<(GoldCase, Arc<Edition>, Option<Attempt>)> {
    Permit::<ReadGoldCases>::grant(actor, Some(Subject::programme()))?;
    let me = actor.id().ok_or(Error::NotFound)?;
    let case = gold::find_gold(conn, id)?;
    let edition = standards::edition(conn, case.edition)?;
    let own = gold::attempts(conn, Some(me))?.into_iter().find(|attempt| attempt.gold == id);
    Ok((case, edition, own))
}

/// Alerts that are over on the page; the file has all of them.
pub(super) const ENDED: i64 = 100;

/// Alerts that stand and so many that are over, with the names of those they are about.
pub(super) fn alerts(
    conn: &mut Conn,
    actor: &Actor,
    over: i64,
) -> Result<(Vec<Alert>, BTreeMap<PersonId, String>)> {
    Permit::<ReadDrift>::grant(actor, Some(Subject::programme()))?;
    let alerts = drift::alerts(conn, over)?;
    let people: Vec<PersonId> = alerts.iter().map(|alert| alert.person).collect();
    let names = identity::names_of(conn, &people)?;
    Ok((alerts, names))
}
