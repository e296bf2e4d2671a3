//! Deciding about one requirement of a draft.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{Read, change, changed_meanwhile, read, revision};
use crate::access::{Actor, EditMapping};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page_with_status, see_other_with_news};
use crate::platform::ids::MappingId;
use crate::platform::pages::FormErrors;
use crate::standards::mapping::decide::{Decision, decide_requirement};
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::model::NOTE_LIMIT;
use crate::standards::mapping::pages::{ComesPage, ComingForm, EndsPage, Show};
use crate::standards::model::Requirement;

/// The mapping and the code that an address names.
type Place = Path<(String, String)>;

impl Read {
    fn coming(&self, code: &str) -> Result<&Requirement> {
        self.ends.to.requirement(code).ok_or(Error::NotFound)
    }

    fn ending(&self, code: &str) -> Result<&Requirement> {
        self.ends.from.requirement(code).ok_or(Error::NotFound)
    }

    fn is_of_one_standard(&self) -> bool {
        self.ends.from.standard_key() == self.ends.to.standard_key()
    }
}

/// `GET /standards/mappings/{mapping}/to/{code}`.
pub(super) async fn comes(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let read = read(&portal, &id).await?;
    read.must_be_editable(&central.by.actor)?;
    let form = ComingForm::of(&read.mapping, &read.coming(&code)?.code);
    shown_coming(&request, &read, &code, &form, (StatusCode::OK, &FormErrors::new()))
}

fn shown_coming(
    request: &HttpRequest,
    read: &Read,
    code: &str,
    form: &ComingForm,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let ends = (&*read.ends.from, &*read.ends.to);
    let content = ComesPage::new(&read.mapping, ends, read.coming(code)?, form, errors);
    page_with_status(request, status, &content)
}

/// `POST /standards/mappings/{mapping}/to/{code}`.
pub(super) async fn decide_coming(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (id, code) = place.into_inner();
    let found = read(&portal, &id).await?;
    found.must_be_editable(&central.by.actor)?;
    let form = ComingForm::read(&fields);
    let requirement = found.coming(&code)?;
    let parsed = form.parse(&requirement.code, &found.ends.from, found.is_of_one_standard());
    let decision = match parsed {
        Ok(decision) => decision,
        Err(errors) => {
            let refused = (StatusCode::UNPROCESSABLE_ENTITY, &errors);
            return shown_coming(&request, &found, &code, &form, refused);
        }
    };
    match save(&portal, &central.by.actor, (found.mapping.id, &fields), decision, &form.note).await {
        Ok(()) => Ok(back(found.mapping.id, &fields, &code)),
        Err(Error::Conflict(_)) => {
            let now = read(&portal, &id).await?;
            shown_coming(&request, &now, &code, &form, (StatusCode::CONFLICT, &changed_meanwhile()))
        }
        Err(error) => Err(error),
    }
}

/// `GET /standards/mappings/{mapping}/from/{code}`.
pub(super) async fn ends(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, code) = place.into_inner();
    let read = read(&portal, &id).await?;
    read.must_be_editable(&central.by.actor)?;
    shown_ending(&request, &read, &code, None, (StatusCode::OK, &FormErrors::new()))
}

fn shown_ending(
    request: &HttpRequest,
    read: &Read,
    code: &str,
    typed: Option<(&str, &str)>,
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let ends = (&*read.ends.from, &*read.ends.to);
    let content = EndsPage::new(&read.mapping, ends, read.ending(code)?, typed, errors);
    page_with_status(request, status, &content)
}

/// `POST /standards/mappings/{mapping}/from/{code}`.
pub(super) async fn decide_ending(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let (id, code) = place.into_inner();
    let found = read(&portal, &id).await?;
    found.must_be_editable(&central.by.actor)?;
    let (kind, note) = (fields.text("kind"), fields.text("note"));
    let typed = Some((kind.as_str(), note.as_str()));
    let mut errors = FormErrors::new();
    if !["retired", ""].contains(&kind.as_str()) {
        errors.add("kind", "Select what became of it");
    }
    if note.chars().count() > NOTE_LIMIT {
        errors.add("note", format!("The note must be {NOTE_LIMIT} characters or fewer"));
    }
    if !errors.is_empty() {
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, &errors);
        return shown_ending(&request, &found, &code, typed, refused);
    }
    let decision = Decision::Ends { from: found.ending(&code)?.code.clone(), retired: kind == "retired" };
    match save(&portal, &central.by.actor, (found.mapping.id, &fields), decision, &note).await {
        Ok(()) => Ok(back(found.mapping.id, &fields, &code)),
        Err(Error::Conflict(_)) => {
            let now = read(&portal, &id).await?;
            shown_ending(&request, &now, &code, typed, (StatusCode::CONFLICT, &changed_meanwhile()))
        }
        Err(error) => Err(error),
    }
}

async fn save(
    portal: &Portal,
    actor: &Actor,
    (mapping, fields): (MappingId, &Fields),
    decision: Decision,
    note: &str,
) -> Result<()> {
    let (revision, note) = (revision(fields)?, note.to_owned());
    change::<EditMapping, _>(portal, actor, mapping, move |tx, permit| {
        decide_requirement(tx, permit, revision, &decision, &note)
    })
    .await
    .map(|_| ())
}

/// Back to the rows that the person was looking at.
fn back(mapping: MappingId, fields: &Fields, code: &str) -> actix_web::HttpResponse {
    let show: Show = fields.one("show").parse().unwrap_or(Show::All);
    let to = format!("{}?show={show}", mapping_href(mapping));
    see_other_with_news(&to, "Saved", &format!("The draft says what became of {code}."))
}
