//! Collections in the browser: the central team reads them, a programme manager plans, opens and extends.

pub(super) mod forms;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use forms::{ExtensionForm, PlanForm};

use super::extend::grant_extension;
use super::open::open_collection;
use super::pages::{ChooseEditionPage, CollectionPage, CollectionsPage, PlanPage};
use super::plan::plan_collection;
use super::{Collection, requests, store};
use crate::access::{Action, Actor, GrantExtension, OpenCollection, Permit, PlanCollection, Subject};
use crate::identity::{Central, Posted};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, Routes, page, page_with_status, resource, see_other_with_news};
use crate::platform::pages::FormErrors;
use crate::standards::{self, EditionState};

/// The pages of collections.
pub fn routes(routes: &mut Routes) {
    requests::routes(routes);
    routes
        .service(resource("/collections").name("collections").get(list))
        .service(resource("/collections/new").name("collections-new").get(new).post(plan))
        .service(resource("/collections/{key}").name("collections-one").get(show))
        .service(resource("/collections/{key}/open").name("collections-open").post(open))
        .service(resource("/collections/{key}/extensions").name("collections-extensions").post(extend));
}

pub(super) fn subject(collection: &Collection) -> Subject {
    Subject {
        kind: "collection",
        id: collection.id.get(),
        organisation: None,
        state: collection.state.as_str(),
    }
}

/// Whether the page offers an action; the verb asks again.
fn may<A: Action>(actor: &Actor, subject: &Subject) -> bool {
    A::ROW.allows(actor, subject).is_ok()
}

async fn list(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    let may_plan = may::<PlanCollection>(&central.by.actor, &Subject::programme());
    let rows = portal.db.read(Reach::nobodys(), store::collections).await?;
    page(&request, &CollectionsPage::new(rows, may_plan))
}

#[derive(serde::Deserialize)]
struct Chosen {
    #[serde(default)]
    edition: String,
}

async fn new(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    chosen: Query<Chosen>,
) -> Result<HttpResponse> {
    Permit::<PlanCollection>::grant(&central.by.actor, Some(Subject::programme()))?;
    let key = chosen.into_inner().edition;
    let wanted = key.clone();
    let (editions, found) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let found = standards::edition_by_key(conn, &wanted)?;
            Ok((standards::editions(conn)?, found))
        })
        .await?;
    let usable: Vec<_> = editions.into_iter().filter(|e| e.state != EditionState::Closed).collect();
    let unfrozen = key.clone();
    let draft = portal
        .db
        .read(Reach::nobodys(), move |conn| standards::editing::draft_by_key(conn, &unfrozen))
        .await?;
    if found.is_none() && draft.is_some() {
        return Err(unfrozen_edition(&key));
    }
    match found {
        Some((stored, state)) if state != EditionState::Closed => {
            let form = PlanForm::fresh(stored.edition());
            page(&request, &PlanPage::new(stored.edition(), &form, &FormErrors::new()))
        }
        _ => page(&request, &ChooseEditionPage::new(usable, &key)),
    }
}

/// A draft is no edition: somebody has to freeze it before anything can be planned with it.
fn unfrozen_edition(key: &str) -> Error {
    Error::Refused(format!(
        "The edition {key} is still a draft. It can be asked in a collection once one standards editor has said that it \
         is done and another one has frozen it."
    ))
}

async fn plan(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    Permit::<PlanCollection>::grant(&central.by.actor, Some(Subject::programme()))?;
    let key = fields.text("edition");
    let wanted = key.clone();
    let (found, draft) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let found = standards::edition_by_key(conn, &wanted)?;
            Ok((found, standards::editing::draft_by_key(conn, &wanted)?))
        })
        .await?;
    if found.is_none() && draft.is_some() {
        return Err(unfrozen_edition(&key));
    }
    let (stored, state) = found.ok_or(Error::NotFound)?;
    if state == EditionState::Closed {
        return Err(Error::Refused("The edition is closed.".to_owned()));
    }
    let form = PlanForm::read(&fields);
    let refused = |errors: &FormErrors| {
        let content = PlanPage::new(stored.edition(), &form, errors);
        page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
    };
    let plan = match form.parse(stored.id(), stored.edition()) {
        Ok(plan) => plan,
        Err(errors) => return refused(&errors),
    };
    let key = plan.key.as_str().to_owned();
    let once = Once::of(central.by.person, "/collections/new", &fields, &format!("/collections/{key}"))?;
    let actor = central.by.actor;
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            plan_collection(tx, &Permit::<PlanCollection>::grant(&actor, Some(Subject::programme()))?, &plan)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            &format!("/collections/{key}"),
            "Collection planned",
            "It opens by itself at the time you set.",
        )),
        Err(Error::Invalid(list)) => refused(&forms::errors_of(&list)),
        Err(error) => Err(error),
    }
}

async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    let form = ExtensionForm::default();
    one(&request, &portal, &central, key.into_inner(), StatusCode::OK, (&form, &FormErrors::new())).await
}

async fn one(
    request: &HttpRequest,
    portal: &Portal,
    central: &Central,
    key: String,
    status: StatusCode,
    form: (&ExtensionForm, &FormErrors),
) -> Result<HttpResponse> {
    let today = portal.clock.now().london_day();
    let (collection, edition, scope, progress, requests) = portal
        .db
        .read(central.reach, move |conn| {
            let collection = store::collection_by_key(conn, &key)?.ok_or(Error::NotFound)?;
            let edition = standards::edition(conn, collection.edition_id)?;
            let scope = store::scope_of(conn, collection.id)?;
            let progress = store::progress(conn, collection.id, today)?;
            let requests = requests::requests_of(conn, collection.id)?;
            Ok((collection, edition, scope, progress, requests))
        })
        .await?;
    let actor = &central.by.actor;
    let may_open = may::<OpenCollection>(actor, &subject(&collection));
    let may_extend = may::<GrantExtension>(actor, &subject(&collection));
    let content = CollectionPage::new(&collection, &edition, &scope, progress)
        .with_requests(&requests)
        .offering(may_open, may_extend)
        .with_form(form.0, form.1);
    page_with_status(request, status, &content)
}

async fn open(portal: Data<Portal>, posted: Posted, key: Path<String>) -> Result<HttpResponse> {
    let actor = Central::of(posted.by)?.by.actor;
    let key = key.into_inner();
    let back = format!("/collections/{key}");
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let found = store::collection_by_key(tx.conn(), &key)?;
            let permit = Permit::<OpenCollection>::grant(&actor, found.as_ref().map(subject))?;
            open_collection(tx, &permit)
        })
        .await?;
    Ok(see_other_with_news(&back, "Collection opened", "Organisations in scope can start their returns."))
}

async fn extend(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let Posted { by, fields } = posted;
    let central = Central::of(by)?;
    let key = key.into_inner();
    let back = format!("/collections/{key}");
    let wanted = key.clone();
    let found = portal.db.read(Reach::nobodys(), move |conn| store::collection_by_key(conn, &wanted)).await?;
    Permit::<GrantExtension>::grant(&central.by.actor, found.as_ref().map(subject))?;
    let form = ExtensionForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return one(&request, &portal, &central, key, refused, (&form, &errors)).await,
    };
    let once = Once::of(central.by.person, &format!("{back}/extensions"), &fields, &back)?;
    let (actor, wanted) = (central.by.actor.clone(), key.clone());
    let outcome = portal
        .db
        .write(central.reach, move |tx| {
            once.begin(tx)?;
            let found = store::collection_by_key(tx.conn(), &wanted)?;
            let permit = Permit::<GrantExtension>::grant(&actor, found.as_ref().map(subject))?;
            grant_extension(tx, &permit, &new)
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(&back, "Extension granted", "It is listed below.")),
        Err(Error::Invalid(list)) => {
            one(&request, &portal, &central, key, refused, (&form, &forms::errors_of(&list))).await
        }
        Err(error) => Err(error),
    }
}
