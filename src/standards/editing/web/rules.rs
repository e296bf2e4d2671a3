//! The rules of a draft: exemptions, scoring, improvement plans, signers and what they state.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::super::change::Change;
use super::super::pages::{RulePage, RulesPage};
use super::super::read::Read;
use super::super::rule_forms::{ExemptionForm, PlanForm, ScoringForm, SignerForm, StatementsForm};
use super::save::{Saving, saved};
use super::{NEW, posted_about, read, read_to_edit};
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Portal, page, page_with_status};
use crate::platform::pages::FormErrors;
use crate::standards::model::{Scheme, SignerRole};

type Place = Path<(String, String)>;

/// Where to go when something is saved.
const LIST: &str = "/rules";

/// `GET /standards/drafts/{draft}/rules`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let found = read(&portal, &central.by.actor, &id).await?;
    page(&request, &RulesPage::new(&found.draft, found.may_be_edited(&central.by.actor)))
}

/// Saves what a form says, or shows the form again with what is wrong.
async fn kept(
    request: &HttpRequest,
    portal: &Portal,
    (central, fields, read): (&Central, &Fields, &Read),
    (address, parsed): (&str, Result<Change, FormErrors>),
    again: impl Fn(&FormErrors) -> RulePage,
) -> Result<HttpResponse> {
    let refused =
        |errors: &FormErrors| page_with_status(request, StatusCode::UNPROCESSABLE_ENTITY, &again(errors));
    let change = match parsed {
        Ok(change) => change,
        Err(errors) => return refused(&errors),
    };
    let saving = Saving { fields, address, next: LIST, change };
    saved(request, portal, (central, read), saving, refused).await
}

/// `GET /standards/drafts/{draft}/exemptions/{place}`: the rule at this place of the list, or a new one.
pub(super) async fn exemption(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, place) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let none = FormErrors::new();
    if place == NEW {
        let form = ExemptionForm::default();
        return page(&request, &RulePage::exemption(&read.draft, (NEW, ""), &form, &none));
    }
    let at: usize = place.parse().map_err(|_| Error::NotFound)?;
    let rule = read.draft.content.parts.exemptions.get(at).ok_or(Error::NotFound)?;
    let form = ExemptionForm::of(rule);
    page(&request, &RulePage::exemption(&read.draft, (&place, &rule.code), &form, &none))
}

/// `POST /standards/drafts/{draft}/exemptions/{place}`. Which rule it is says the form: the list may have changed.
pub(super) async fn save_exemption(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, place) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let was = if place == NEW { String::new() } else { fields.text("was") };
    if place != NEW && (was.is_empty() || place.parse::<usize>().is_err()) {
        return Err(Error::NotFound);
    }
    let form = ExemptionForm::read(&fields);
    let parsed = form.parse(&read.draft.content).map(|rule| {
        let rule = Box::new(rule);
        if was.is_empty() { Change::AddExemption(rule) } else { Change::EditExemption(was.clone(), rule) }
    });
    let address = format!("/exemptions/{place}");
    kept(&request, &portal, (&central, &fields, &read), (&address, parsed), |errors| {
        RulePage::exemption(&read.draft, (&place, &was), &form, errors)
    })
    .await
}

/// `POST /standards/drafts/{draft}/exemptions/{place}/remove`.
pub(super) async fn remove_exemption(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, place) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let was = fields.text("was");
    let address = format!("/exemptions/{place}/remove");
    let form = read.draft.content.exemption(&was).map(ExemptionForm::of).unwrap_or_default();
    let change = Change::RemoveExemption(was.clone());
    kept(&request, &portal, (&central, &fields, &read), (&address, Ok(change)), |errors| {
        RulePage::exemption(&read.draft, (&place, &was), &form, errors)
    })
    .await
}

/// A standard whose scoring has data.
fn has_data(read: &Read) -> Result<()> {
    if matches!(read.draft.content.parts.scheme, Scheme::Outcomes {}) {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// `GET /standards/drafts/{draft}/scoring`.
pub(super) async fn scoring(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read_to_edit(&portal, &central, &id).await?;
    has_data(&read)?;
    let form = ScoringForm::of(&read.draft.content);
    page(&request, &RulePage::scoring(&read.draft, &form, &FormErrors::new()))
}

/// `POST /standards/drafts/{draft}/scoring`.
pub(super) async fn save_scoring(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    has_data(&read)?;
    let form = ScoringForm::read(&fields);
    let parsed = form.parse(&read.draft.content);
    kept(&request, &portal, (&central, &fields, &read), ("/scoring", parsed), |errors| {
        RulePage::scoring(&read.draft, &form, errors)
    })
    .await
}

/// `GET /standards/drafts/{draft}/plans`.
pub(super) async fn plans(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read_to_edit(&portal, &central, &id).await?;
    let form = PlanForm::of(&read.draft.content);
    page(&request, &RulePage::plans(&read.draft, &form, &FormErrors::new()))
}

/// `POST /standards/drafts/{draft}/plans`.
pub(super) async fn save_plans(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let form = PlanForm::read(&fields);
    kept(&request, &portal, (&central, &fields, &read), ("/plans", form.parse()), |errors| {
        RulePage::plans(&read.draft, &form, errors)
    })
    .await
}

fn role(key: &str) -> Result<SignerRole> {
    SignerRole::parse(key).ok_or(Error::NotFound)
}

/// `GET /standards/drafts/{draft}/signers/{role}`.
pub(super) async fn signer(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let read = read_to_edit(&portal, &central, &id).await?;
    let role = role(&key)?;
    let form = SignerForm::of(&read.draft.content, role);
    page(&request, &RulePage::signer(&read.draft, role, &form, &FormErrors::new()))
}

/// `POST /standards/drafts/{draft}/signers/{role}`.
pub(super) async fn save_signer(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    place: Place,
) -> Result<HttpResponse> {
    let (id, key) = place.into_inner();
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let role = role(&key)?;
    let form = SignerForm::read(&fields);
    let parsed = form.parse(&read.draft.content, role);
    let address = format!("/signers/{key}");
    kept(&request, &portal, (&central, &fields, &read), (&address, parsed), |errors| {
        RulePage::signer(&read.draft, role, &form, errors)
    })
    .await
}

/// `GET /standards/drafts/{draft}/statements`.
pub(super) async fn statements(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    id: Path<String>,
) -> Result<HttpResponse> {
    let read = read_to_edit(&portal, &central, &id).await?;
    let form = StatementsForm::of(&read.draft.content);
    page(&request, &RulePage::statements(&read.draft, &form, &FormErrors::new()))
}

/// `POST /standards/drafts/{draft}/statements`.
pub(super) async fn save_statements(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields, read) = posted_about(&portal, posted, &id).await?;
    let form = StatementsForm::read(&fields);
    kept(&request, &portal, (&central, &fields, &read), ("/statements", Ok(form.parse())), |errors| {
        RulePage::statements(&read.draft, &form, errors)
    })
    .await
}
