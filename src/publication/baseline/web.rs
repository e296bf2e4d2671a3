//! Baselining in the browser: the list, the plan and the draw of one collection, and its members as a list and a file.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::draw::draw_baseline;
use super::model::BaselinePlan;
use super::pages::{BaselinePage, BaselinesPage, MembersPage, SIZE, Scene, state};
use super::plan::plan_baseline;
use super::reading::{found, gathered};
use super::store;
use crate::access::{Actor, DrawBaseline, Permit, PlanBaseline, ReadBaseline, Subject};
use crate::collections::{self, Collection};
use crate::identity::{Central, Posted};
use crate::platform::canonical::hex;
use crate::platform::csv_lines;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Fields, Once, Portal, Routes, downloaded, page, page_with_status, resource, see_other_with_news,
};
use crate::platform::pages::FormErrors;

/// The addresses.
pub(in crate::publication) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/baselining").name("baselines").get(list))
        .service(resource("/baselining/{year}").name("baseline").get(show).post(plan))
        .service(resource("/baselining/{year}/draw").name("baseline-draw").post(draw))
        .service(resource("/baselining/{year}/organisations").name("baseline-members").get(members))
        .service(
            resource("/baselining/{year}/organisations.csv").name("baseline-members-file").get(members_file),
        );
}

fn may_read(actor: &Actor) -> Result<()> {
    Permit::<ReadBaseline>::grant(actor, Some(Subject::programme())).map(|_| ())
}

fn subject_of(of: &Collection) -> Subject {
    Subject { kind: "collection", id: of.id.get(), organisation: None, state: of.state.as_str() }
}

/// `GET /baselining`.
async fn list(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    may_read(&central.by.actor)?;
    let all = portal
        .db
        .read(central.reach, |conn| {
            let planned: std::collections::HashMap<_, _> = store::planned(conn)?.into_iter().collect();
            let mut all = collections::collections(conn)?;
            all.sort_by_key(|one| std::cmp::Reverse((one.opens_at, one.id)));
            Ok(all
                .into_iter()
                .map(|one| {
                    let state = planned.get(&one.id).copied();
                    (one, state)
                })
                .collect::<Vec<_>>())
        })
        .await?;
    page(&request, &BaselinesPage::new(&all))
}

/// `GET /baselining/{year}`.
async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
) -> Result<HttpResponse> {
    let scene = scene(&portal, &central.by.actor, year.into_inner()).await?;
    page(&request, &BaselinePage::new(&scene, &|_| None, &FormErrors::new()))
}

async fn scene(portal: &Portal, actor: &Actor, year: String) -> Result<Scene> {
    may_read(actor)?;
    portal.db.read(actor.central_reach()?, move |conn| gathered(conn, &year)).await
}

fn central(posted: Posted) -> Result<(Actor, Fields)> {
    let Posted { by, fields } = posted;
    Ok((Central::of(by)?.by.actor, fields))
}

/// `POST /baselining/{year}`.
async fn plan(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    year: Path<String>,
) -> Result<HttpResponse> {
    let (actor, fields) = central(posted)?;
    let year = year.into_inner();
    let mut seed = [0_u8; 32];
    portal.random.fill(&mut seed)?;
    let plan = match parsed(&fields) {
        Ok(plan) => plan,
        Err(errors) => {
            let scene = scene(&portal, &actor, year).await?;
            Permit::<PlanBaseline>::grant(&actor, Some(subject_of(&scene.collection)))?;
            let typed = |name: &str| Some(fields.one(name).to_owned());
            let content = BaselinePage::new(&scene, &typed, &errors);
            return page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content);
        }
    };
    let to = format!("/baselining/{year}");
    portal
        .db
        .write(actor.central_reach()?, move |tx| {
            let collection = found(tx.conn(), &year)?;
            let permit = Permit::<PlanBaseline>::grant(&actor, Some(subject_of(&collection)))?;
            plan_baseline(tx, &permit, &plan, &hex(&seed))
        })
        .await?;
    Ok(see_other_with_news(&to, "Plan saved", "Its seed is in the ledger."))
}

fn parsed(fields: &Fields) -> Result<BaselinePlan, FormErrors> {
    let mut errors = FormErrors::new();
    let mut counted = |name: &str, least: u64| {
        let typed = fields.text(name).replace(',', "").trim().parse::<u64>().ok();
        let most = crate::statistics::sampling::LARGEST_POPULATION;
        let found = typed.filter(|count| (least..=most).contains(count));
        if found.is_none() {
            errors.add(name, format!("Enter a whole number from {least} to {most}"));
        }
        found
    };
    let size = counted("size", 1);
    let minimum = counted("minimum", 1);
    let take_all_up_to = counted("take_all_up_to", 0);
    let method = fields.one("method").parse().ok();
    if method.is_none() {
        errors.add("method", "Choose how the size is given to the strata");
    }
    let version = fields.one("version").parse().ok();
    let by_region = fields.one("by_region") != "no";
    let plan = size.zip(minimum).zip(take_all_up_to).zip(method).zip(version);
    errors.into_result(plan.map(|((((size, minimum), take_all_up_to), method), version)| BaselinePlan {
        size,
        minimum,
        take_all_up_to,
        by_region,
        method,
        version,
    }))
}

/// `POST /baselining/{year}/draw`.
async fn draw(portal: Data<Portal>, posted: Posted, year: Path<String>) -> Result<HttpResponse> {
    let person = posted.by.person;
    let (actor, fields) = central(posted)?;
    let year = year.into_inner();
    let to = format!("/baselining/{year}");
    let once = Once::of(person, &format!("/baselining/{year}/draw"), &fields, &to)?;
    let taken = portal
        .db
        .write(actor.central_reach()?, move |tx| {
            once.begin(tx)?;
            let collection = found(tx.conn(), &year)?;
            let permit = Permit::<DrawBaseline>::grant(&actor, Some(subject_of(&collection)))?;
            draw_baseline(tx, &permit)
        })
        .await?;
    let words = if taken == 1 {
        "1 organisation was taken.".to_owned()
    } else {
        format!("{} organisations were taken.", crate::platform::pages::words::number(taken.into()))
    };
    Ok(see_other_with_news(&to, "Sample drawn", &words))
}

/// What an address says.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    page: String,
}

/// `GET /baselining/{year}/organisations`.
async fn members(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    year: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    may_read(&central.by.actor)?;
    let number = asked.page.parse::<u64>().unwrap_or(1).clamp(1, 100_000);
    let (collection, total, members) = portal
        .db
        .read(central.reach, move |conn| {
            let collection = found(conn, &year)?;
            let drawn = store::drawn(conn, collection.id)?.ok_or(Error::NotFound)?;
            let total: u64 = drawn.taken()?.values().map(|codes| codes.len() as u64).sum();
            let skip = i64::try_from((number - 1) * SIZE).unwrap_or(i64::MAX);
            let most = i64::try_from(SIZE).unwrap_or(i64::MAX);
            let members = store::members(conn, collection.id, skip, most)?;
            Ok((collection, total, members))
        })
        .await?;
    page(&request, &MembersPage::new(&collection, &members, number, total))
}

/// `GET /baselining/{year}/organisations.csv`.
async fn members_file(portal: Data<Portal>, central: Central, year: Path<String>) -> Result<HttpResponse> {
    may_read(&central.by.actor)?;
    let (key, members) = portal
        .db
        .read(central.reach, move |conn| {
            let collection = found(conn, &year)?;
            store::drawn(conn, collection.id)?.ok_or(Error::NotFound)?;
            let members = store::members(conn, collection.id, 0, i64::MAX)?;
            Ok((collection.key, members))
        })
        .await?;
    let rows: Vec<Vec<String>> = members
        .into_iter()
        .map(|one| {
            let at = one.submitted_at.map(|at| at.london_day().to_string()).unwrap_or_default();
            vec![one.code.clone(), one.name.clone(), one.stratum.clone(), state(&one).to_owned(), at]
        })
        .collect();
    let body = csv_lines::file(&["code", "organisation", "stratum", "response", "submitted_on"], &rows);
    Ok(downloaded(csv_lines::MEDIA_TYPE, &format!("baselining-{key}.csv"), body))
}
