//! One question: showing it and saving its answer.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::conflict::{conflict, side};
use super::{OfQuestion, autosave};
use crate::access::{Actor, AttachEvidence, ReadGiven, SaveAnswer};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, FieldError, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::ids::{PieceId, RequirementId};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::{AnswerForm, errors_of};
use crate::returns::blocking::Blocking;
use crate::returns::editions::Since;
use crate::returns::model::StoredAnswer;
use crate::returns::pages::{Circumstance, NotSavedPage, Question, QuestionPage, Side};
use crate::returns::readiness::{question_href, read_value, return_href};
use crate::returns::save_answer::{NewAnswer, save_answer};
use crate::returns::sharing::pages::BesideQuestion;
use crate::returns::sharing::{self, Beside, Sight};
use crate::returns::sites::head_that_filed;
use crate::returns::store::{self, Attached, Found, Which};
use crate::returns::words::computed_outcome;
use crate::standards::guidance::{InForce, guidance_to};
use crate::standards::register::{StageRow, announced_end};
use crate::standards::{AnswerValue, Asked, OutcomeLevel, Requirement};

/// What a question page is made of, as read in one go.
pub(super) struct Read {
    pub found: Found,
    pub id: RequirementId,
    asked: Asked,
    pub answer: Option<StoredAnswer>,
    files: Vec<Attached>,
    pub saved_by: String,
    code: String,
    pub beside: Beside,
    blocking: Blocking,
    since: Since,
    /// Whether a head office has submitted the return, whose answers stand in the submission alone.
    filed: bool,
    guidance: [Option<InForce>; 2],
    /// That it will be asked no more.
    retiring: Option<StageRow>,
}

impl Read {
    /// Reads a question of a member's return; what is not put to the organisation, or not given to a contributor, is
    /// not there.
    pub(super) async fn of(portal: &Portal, member: &Member, path: &OfQuestion) -> Result<Self> {
        let (organisation, path, actor) = (member.organisation, path.clone(), member.by.actor.clone());
        let now = portal.clock.now();
        let read = portal
            .db
            .read(member.reach, move |conn| {
                let found = store::find(conn, Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
                let (id, asked) = put(&found, &path.code)?;
                let mut beside = sharing::beside(conn, &found, &actor, id, now)?;
                let (answer, saved_by) = match beside.answer.take() {
                    Some((answer, by)) => (Some(answer), by),
                    None => (None, String::new()),
                };
                let files =
                    if beside.has_files { store::attached(conn, found.id, Some(id))? } else { Vec::new() };
                let at = found.edition.position_of(id).ok_or(Error::NotFound)?;
                // Who may see the library is offered what serves here too.
                let attaches =
                    beside.is_served && beside.sight.is_whole() && found.offers::<AttachEvidence>(&actor);
                let there: Vec<PieceId> = files.iter().map(|file| file.piece).collect();
                let since = Since::read(conn, &found, (at, answer.as_ref()), attaches.then_some(&*there))?;
                let asked_of = found.edition.edition().requirements().get(at).ok_or(Error::NotFound)?;
                let places = (asked_of.code.as_str(), asked_of.section.as_str());
                let (guidance, retiring) = if beside.has_notes {
                    let [guidance] = guidance_to(conn, found.edition.id(), places, [now.london_day()])?;
                    (guidance, announced_end(conn, found.edition.id(), places.0)?)
                } else {
                    ([None, None], None)
                };
                let glance = beside.glance.take();
                let blocking = Blocking::after(conn, &found, &beside.sight, now, glance)?;
                let code = path.code;
                // Asked only where it can be: such a return is submitted and has no answers of its own.
                let filed = answer.is_none()
                    && found.state.is_sent()
                    && found.is_whole_to(&actor)
                    && head_that_filed(conn, found.id)?.is_some();
                Ok(Self {
                    found,
                    id,
                    asked,
                    answer,
                    files,
                    saved_by,
                    code,
                    beside,
                    blocking,
                    since,
                    guidance,
                    retiring,
                    filed,
                })
            })
            .await?;
        read.found.permit::<ReadGiven>(&member.by.actor)?;
        Ok(read)
    }

    pub(super) fn requirement(&self) -> Result<&Requirement> {
        self.found.edition.edition().requirement(&self.code).ok_or(Error::NotFound)
    }

    pub(super) fn value(&self) -> Result<Option<AnswerValue>> {
        let requirement = self.requirement()?;
        self.answer.as_ref().map_or(Ok(None), |answer| read_value(requirement, &answer.value))
    }

    /// The page with what is stored, or with what was typed and what is wrong with it.
    pub(super) fn page(
        &self,
        portal: &Portal,
        actor: &Actor,
        typed: Option<&AnswerForm>,
        errors: &FormErrors,
    ) -> Result<QuestionPage> {
        let requirement = self.requirement()?;
        let value = self.value()?;
        let stored = AnswerForm::of(
            value.as_ref(),
            self.answer.as_ref().map_or("", |answer| answer.comment.as_str()),
            self.answer.as_ref().map_or(0, |answer| answer.version),
        );
        let open = self.found.collection.takes_returns(portal.clock.now(), self.found.extension);
        let question = Question {
            found: &self.found,
            requirement,
            asked: self.asked,
            answer: self.answer.as_ref(),
            value: value.as_ref(),
            files: &self.files,
            saved_by: self.saved_by.clone(),
            may_save: open && self.found.offers::<SaveAnswer>(actor),
            largest: portal.config.files.upload_limit_mib,
            sight: &self.beside.sight,
            sharing: BesideQuestion::new(&self.found, actor, &self.code, &self.beside, open),
            circumstance: Circumstance::of(
                &self.found,
                requirement,
                self.asked,
                portal.clock.now().london_day(),
            ),
            today: portal.clock.now().london_day(),
            since: &self.since,
            guidance: &self.guidance,
            retiring: self.retiring.as_ref(),
        };
        Ok(QuestionPage::new(question, typed.unwrap_or(&stored), errors))
    }
}

/// A requirement that is put to the organisation.
pub(in crate::returns) fn put(found: &Found, code: &str) -> Result<(RequirementId, Asked)> {
    let requirement = found.edition.edition().requirement(code).ok_or(Error::NotFound)?;
    let id = found.edition.requirement_id(code).ok_or(Error::NotFound)?;
    match found.asks(requirement)? {
        Asked::NotAsked => Err(Error::NotFound),
        asked => Ok((id, asked)),
    }
}

/// `GET …/requirements/{code}`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let read = Read::of(&portal, &member, &path).await?;
    if read.filed {
        let of = &read.found;
        return Ok(see_other(&format!("{}/filed", return_href(&of.code, &of.collection.key))));
    }
    read.blocking.clone().onto(&request);
    page(&request, &read.page(&portal, &member.by.actor, None, &FormErrors::new())?)
}

/// Where to go after a save, and what to say.
pub(super) struct Saved {
    pub next: String,
    pub words: String,
}

/// `POST …/requirements/{code}`.
pub(super) async fn save(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfQuestion>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let form = AnswerForm::read(&fields);
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    let (typed, wanted) = (form.clone(), path.clone());
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found =
                store::find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let (id, _) = put(&found, &wanted.code)?;
            let sight = sharing::sight(tx.conn(), &found, &actor)?;
            sight.must_show(id)?;
            let permit = found.permit::<SaveAnswer>(&actor)?;
            let requirement = found.edition.edition().requirement(&wanted.code).ok_or(Error::NotFound)?;
            let new = typed.parse(id, requirement).map_err(Error::Invalid)?;
            let said = saved(&found, &sight, requirement, &new);
            Ok(save_answer(tx, &permit, &found, &new)?.map(|_| said))
        })
        .await;
    if autosave::is_wanted(&request) {
        return autosave::told(&portal, &member, &path, &form, outcome).await;
    }
    match outcome {
        Ok(saved) => Ok(see_other_with_news(&saved.next, "Answer saved", &saved.words)),
        Err(Error::Invalid(list)) => refused(&request, &portal, &member, &path, (&form, &list)).await,
        Err(Error::Conflict(_)) => conflict(&request, &portal, &member, &path, (&form, &fields)).await,
        Err(Error::Refused(why)) => {
            let read = Read::of(&portal, &member, &path).await?;
            let side = typed_side(&read, &form, &fields)?;
            let content = NotSavedPage::new(&read.found, read.requirement()?, why, side);
            page_with_status(&request, StatusCode::CONFLICT, &content)
        }
        Err(error) => Err(error),
    }
}

/// What was typed, in words where it is an answer, and word for word where it is none.
fn typed_side(read: &Read, form: &AnswerForm, fields: &Fields) -> Result<Side> {
    let requirement = read.requirement()?;
    if let Ok(new) = form.parse(read.id, requirement) {
        return Ok(side(requirement, new.value.as_ref(), &new.comment));
    }
    let ours = ["csrf", "once", "version", "intent", "comment"];
    let typed =
        fields.pairs().iter().filter(|(name, value)| !ours.contains(&name.as_str()) && !value.is_empty());
    Ok(Side { lines: typed.map(|(_, value)| value.clone()).collect(), comment: fields.text("comment") })
}

pub(super) fn saved(found: &Found, sight: &Sight, requirement: &Requirement, new: &NewAnswer) -> Saved {
    let code = &requirement.code;
    let words = match &new.value {
        Some(AnswerValue::Outcome { indicators, level_override: None, .. }) => {
            let result = computed_outcome(requirement, indicators).map_or("", OutcomeLevel::label);
            format!("{code}: the statements you ticked give \"{result}\".")
        }
        _ if new.finished => format!("{code} is completed."),
        _ => format!("{code} is saved for later."),
    };
    let overview = return_href(&found.code, &found.collection.key);
    let next = if new.finished { following(found, sight, requirement) } else { None };
    Saved { next: next.unwrap_or(overview), words }
}

/// The next question that is put to the organisation and that this person sees.
fn following(found: &Found, sight: &Sight, requirement: &Requirement) -> Option<String> {
    let edition = found.edition.edition();
    let after = edition.position(requirement.code.as_str())? + 1;
    let profile = found.profile_key().ok()?;
    let ids = found.edition.requirement_ids().get(after..)?;
    edition
        .requirements()
        .get(after..)?
        .iter()
        .zip(ids)
        .find(|(next, id)| {
            sight.shows(**id) && edition.asked(next, found.sector, profile.as_ref()) != Asked::NotAsked
        })
        .map(|(next, _)| question_href(&found.code, &found.collection.key, next.code.as_str()))
}

async fn refused(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: &OfQuestion,
    (form, list): (&AnswerForm, &[FieldError]),
) -> Result<HttpResponse> {
    let read = Read::of(portal, member, path).await?;
    read.blocking.clone().onto(request);
    let content = read.page(portal, &member.by.actor, Some(form), &errors_of(list))?;
    page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}
