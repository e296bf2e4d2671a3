//! Answering otherwise: for one site, or for many at once.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{OfAnswer, OfSite, Reader};
use crate::access::ExceptSites;
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, page, page_with_status, see_other, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::returns::answer_form::{AnswerForm, errors_of};
use crate::returns::blocking::what_blocks_beside;
use crate::returns::readiness::read_value;
use crate::returns::sites::arrangement::counted;
use crate::returns::sites::except::{For, remove_exception, save_exceptions};
use crate::returns::sites::form::codes_of;
use crate::returns::sites::pages::{ExceptPage, ExceptionsPage, Shown};
use crate::returns::sites::{exception_href, sites_href, store};
use crate::returns::store::{Which, answer_to, find};
use crate::returns::web::Year;
use crate::returns::words::words;

/// The requirement that is to be answered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    requirement: String,
}

/// What was typed, and what is wrong with it.
struct Typed {
    form: AnswerForm,
    codes: String,
    replace: bool,
    errors: FormErrors,
    /// Whether a colleague's answer in the meantime is to be shown beside it.
    conflict: bool,
}

/// `GET …/sites/of/{site}/requirements?requirement=CODE`: leads to the answer.
pub(super) async fn choose(
    portal: Data<Portal>,
    member: Member,
    path: Path<OfSite>,
    chosen: Query<Chosen>,
) -> Result<HttpResponse> {
    let (path, reader, now) = (path.into_inner(), Reader::of(&member), portal.clock.now());
    let (code, wanted) = (chosen.requirement.clone(), path.clone());
    portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &wanted.year, now)?;
            arrangement.entry(&wanted.site).ok_or(Error::NotFound)?;
            found.edition.requirement_id(&code).ok_or(Error::NotFound)
        })
        .await?;
    Ok(see_other(&exception_href(&member.code, &path.year, &path.site, &chosen.requirement)))
}

/// `GET …/sites/of/{site}/requirements/{code}`.
pub(super) async fn show_one(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Path<OfAnswer>,
) -> Result<HttpResponse> {
    one(&request, &portal, &member, path.into_inner(), StatusCode::OK, None).await
}

async fn one(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    path: OfAnswer,
    status: StatusCode,
    typed: Option<Typed>,
) -> Result<HttpResponse> {
    let (reader, now) = (Reader::of(member), portal.clock.now());
    let href = exception_href(&member.code, &path.year, &path.site, &path.code);
    let of_year = path.year.clone();
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &path.year, now)?;
            let entry = arrangement.entry(&path.site).ok_or(Error::NotFound)?;
            let requirement = found.edition.edition().requirement(&path.code).ok_or(Error::NotFound)?;
            let id = found.edition.requirement_id(&path.code).ok_or(Error::NotFound)?;
            let stored = store::exception(conn, found.id, entry.id, id)?;
            let ours = match answer_to(conn, found.id, id)? {
                Some(answer) => read_value(requirement, &answer.value)?,
                None => None,
            };
            let ours = ours.map(|value| words(requirement, &value)).unwrap_or_default();
            let value = match &stored {
                Some(exception) => read_value(requirement, &exception.value)?,
                None => None,
            };
            let (comment, version) =
                stored.as_ref().map_or(("", 0), |exception| (exception.comment.as_str(), exception.version));
            let said = value.as_ref().map(|value| words(requirement, value)).unwrap_or_default();
            let (form, errors, conflict) = match typed {
                // Saved again, what was typed takes the place of what is there now.
                Some(typed) if typed.conflict => {
                    (AnswerForm { version: version.to_string(), ..typed.form }, typed.errors, true)
                }
                Some(typed) => (typed.form, typed.errors, false),
                None => (AnswerForm::of(value.as_ref(), comment, version), FormErrors::new(), false),
            };
            let files =
                stored.as_ref().map(|exception| arrangement.files_of(exception.id)).unwrap_or_default();
            let shown = Shown {
                found: &found,
                requirement,
                entry: Some(entry),
                href,
                ours,
                theirs: if conflict { said.clone() } else { Vec::new() },
                said: (said, comment.to_owned()),
                stored: stored.is_some(),
                may_save: reader.may::<ExceptSites>(&found, now),
                files,
                pieces: reader.pieces(conn)?,
                many: (String::new(), false),
            };
            Ok(ExceptPage::new(shown, &form, &errors))
        })
        .await?;
    what_blocks_beside(request, portal, member, &of_year).await?;
    page_with_status(request, status, &content)
}

/// `POST …/sites/of/{site}/requirements/{code}`.
pub(super) async fn save_one(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfAnswer>,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let path = path.into_inner();
    let form = AnswerForm::read(&fields);
    let (reader, wanted, typed) = (Reader::of(&member), path.clone(), form.clone());
    let organisation = member.organisation;
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            let found = find(tx.conn(), Which::Of(organisation, &wanted.year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<ExceptSites>(&reader.actor)?;
            let requirement = found.edition.edition().requirement(&wanted.code).ok_or(Error::NotFound)?;
            let id = found.edition.requirement_id(&wanted.code).ok_or(Error::NotFound)?;
            let new = typed.parse(id, requirement).map_err(Error::Invalid)?;
            save_exceptions(tx, &permit, &found, &For::One(wanted.site.clone()), &new)
        })
        .await;
    let back = format!("{}/of/{}", sites_href(&member.code, &path.year), path.site);
    let again = |errors, conflict| Typed { form, codes: String::new(), replace: false, errors, conflict };
    match outcome {
        Ok(_) => {
            let text = format!("{} is answered otherwise for {}.", path.code, path.site);
            Ok(see_other_with_news(&back, "Answer saved", &text))
        }
        Err(Error::Invalid(mut wrong)) => {
            // On the page of one site nobody enters codes.
            wrong.iter_mut().filter(|e| e.field == "codes").for_each(|e| e.field.clear());
            let typed = again(errors_of(&wrong), false);
            one(&request, &portal, &member, path, StatusCode::UNPROCESSABLE_ENTITY, Some(typed)).await
        }
        Err(Error::Conflict(_)) => {
            let typed = again(FormErrors::new(), true);
            one(&request, &portal, &member, path, StatusCode::CONFLICT, Some(typed)).await
        }
        Err(error) => Err(error),
    }
}

/// `POST …/sites/of/{site}/requirements/{code}/remove`.
pub(super) async fn remove(
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Path<OfAnswer>,
) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let path = path.into_inner();
    let back = format!("{}/of/{}", sites_href(&member.code, &path.year), path.site);
    let (organisation, actor) = (member.organisation, member.by.actor.clone());
    portal
        .db
        .write(member.reach, move |tx| {
            let found = find(tx.conn(), Which::Of(organisation, &path.year))?.ok_or(Error::NotFound)?;
            let requirement = found.edition.requirement_id(&path.code).ok_or(Error::NotFound)?;
            let permit = found.permit::<ExceptSites>(&actor)?;
            remove_exception(tx, &permit, &found, &path.site, requirement)
        })
        .await?;
    Ok(see_other_with_news(&back, "Answer taken away", "Your own answer counts for the site again."))
}

/// `GET …/sites/except`: choosing the requirement, then the answer for many sites.
pub(super) async fn show_many(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    chosen: Query<Chosen>,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    if !chosen.requirement.is_empty() {
        let code = chosen.requirement.clone();
        return many(&request, &portal, &member, (year, code), StatusCode::OK, None).await;
    }
    let (reader, now, of_year) = (Reader::of(&member), portal.clock.now(), year.clone());
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, arrangement) = reader.arranged(conn, &year, now)?;
            let may = reader.may::<ExceptSites>(&found, now);
            Ok(ExceptionsPage::new(&found, &arrangement, true, may))
        })
        .await?;
    what_blocks_beside(&request, &portal, &member, &of_year).await?;
    page(&request, &content)
}

async fn many(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (year, code): (String, String),
    status: StatusCode,
    typed: Option<Typed>,
) -> Result<HttpResponse> {
    let (reader, now) = (Reader::of(member), portal.clock.now());
    let href = format!("{}/except", sites_href(&member.code, &year));
    let of_year = year.clone();
    let content = portal
        .db
        .read(member.reach, move |conn| {
            let (found, _) = reader.arranged(conn, &year, now)?;
            found.permit::<ExceptSites>(&reader.actor)?;
            found.must_be_taken(now)?;
            let requirement = found.edition.edition().requirement(&code).ok_or(Error::NotFound)?;
            let id = found.edition.requirement_id(&code).ok_or(Error::NotFound)?;
            let ours = match answer_to(conn, found.id, id)? {
                Some(answer) => read_value(requirement, &answer.value)?,
                None => None,
            };
            let typed = typed.unwrap_or_else(|| Typed {
                form: AnswerForm::of(None, "", 0),
                codes: String::new(),
                replace: false,
                errors: FormErrors::new(),
                conflict: false,
            });
            let shown = Shown {
                found: &found,
                requirement,
                entry: None,
                href,
                ours: ours.map(|value| words(requirement, &value)).unwrap_or_default(),
                theirs: Vec::new(),
                said: (Vec::new(), String::new()),
                stored: false,
                may_save: true,
                files: &[],
                pieces: Vec::new(),
                many: (typed.codes, typed.replace),
            };
            Ok(ExceptPage::new(shown, &typed.form, &typed.errors))
        })
        .await?;
    what_blocks_beside(request, portal, member, &of_year).await?;
    page_with_status(request, status, &content)
}

/// `POST …/sites/except`.
pub(super) async fn save_many(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let (year, code) = (path.into_inner().year, fields.text("requirement"));
    let (form, codes, replace) =
        (AnswerForm::read(&fields), fields.text("codes"), fields.one("replace") == "yes");
    let back = format!("{}/exceptions?by=requirement", sites_href(&member.code, &year));
    let once =
        Once::of(member.by.person, &format!("{}/except", sites_href(&member.code, &year)), &fields, &back)?;
    let whom = For::Many { codes: codes_of(&codes), replace };
    let (reader, typed, place) = (Reader::of(&member), form.clone(), (year.clone(), code.clone()));
    let organisation = member.organisation;
    let outcome = portal
        .db
        .write(member.reach, move |tx| {
            once.begin(tx)?;
            let found = find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<ExceptSites>(&reader.actor)?;
            let requirement = found.edition.edition().requirement(&code).ok_or(Error::NotFound)?;
            let id = found.edition.requirement_id(&code).ok_or(Error::NotFound)?;
            let new = typed.parse(id, requirement).map_err(Error::Invalid)?;
            save_exceptions(tx, &permit, &found, &whom, &new)
        })
        .await;
    match outcome {
        Ok(count) => {
            let text = format!("{} answered otherwise.", counted(count, "site is", "sites are"));
            Ok(see_other_with_news(&back, "Answers saved", &text))
        }
        Err(Error::Invalid(wrong)) => {
            let typed = Typed { form, codes, replace, errors: errors_of(&wrong), conflict: false };
            many(&request, &portal, &member, place, StatusCode::UNPROCESSABLE_ENTITY, Some(typed)).await
        }
        Err(error) => Err(error),
    }
}
