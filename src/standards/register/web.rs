//! The register of requirements and proposals in the browser: everybody signed in reads the register, the central team
//! proposes, standards editors announce and decide.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::announce::announce_retirement;
use super::decide::{Verdict, decide_proposal};
use super::model::Life;
use super::pages::{AnnounceForm, NewForm, ProposalsPage, RegisterPage};
use super::propose::propose_change;
use super::read::register_of;
use super::store;
use crate::access::{
    Action as _, Actor, AnnounceRetirement, DecideProposal, Permit, ProposeChange, ReadDrafts, Subject,
};
use crate::identity::{self, Central, Posted, SignedIn};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{
    Once, Portal, Routes, downloaded, page_with_status, resource, see_other_with_news,
};
use crate::platform::ids::ProposalId;
use crate::platform::pages::FormErrors;
use crate::standards::editing::{DraftState, drafts};
use crate::standards::store::editions;

const PROPOSALS: &str = "/standards/proposals";

/// The pages of the register and of proposals.
pub(in crate::standards) fn routes(routes: &mut Routes) {
    routes
        .service(resource("/standards/registers/{standard}.csv").name("standards-register-csv").get(as_file))
        .service(
            resource("/standards/registers/{standard}")
                .name("standards-register")
                .get(register)
                .post(announce),
        )
        .service(resource(PROPOSALS).name("standards-proposals").get(list).post(propose))
        .service(resource("/standards/proposals/{proposal}").name("standards-proposal").post(decide));
}

async fn register(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    standard: Path<String>,
) -> Result<HttpResponse> {
    let typed = (&AnnounceForm::default(), &FormErrors::new());
    register_page(&request, &portal, &by.actor, &standard, (StatusCode::OK, typed)).await
}

async fn register_page(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    standard: &str,
    (status, (form, errors)): (StatusCode, (&AnnounceForm, &FormErrors)),
) -> Result<HttpResponse> {
    let key = standard.to_owned();
    let (newest, lives) = portal.db.read(Reach::nobodys(), move |conn| register_of(conn, &key)).await?;
    let may = AnnounceRetirement::ROW.allows(actor, &Subject::programme()).is_ok();
    let content = RegisterPage::new((standard, &newest), &lives, may, form, errors);
    page_with_status(request, status, &content)
}

async fn as_file(portal: Data<Portal>, _by: SignedIn, standard: Path<String>) -> Result<HttpResponse> {
    let key = standard.into_inner();
    let name = format!("{key}-register.csv");
    let (_, lives) = portal.db.read(Reach::nobodys(), move |conn| register_of(conn, &key)).await?;
    Ok(downloaded("text/csv; charset=utf-8", &name, csv_of(&lives)?))
}

fn csv_of(lives: &[Life]) -> Result<Vec<u8>> {
    let failed = |e: csv::Error| Error::internal("failed to write the register as CSV", e);
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(["requirement", "stage", "what_it_means", "history"]).map_err(failed)?;
    // A cell that no spreadsheet runs.
    let guarded = |cell: &str| {
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
    };
    for life in lives {
        let history = life.events.join("; ");
        let cells = [life.name.as_str(), life.stage.as_str(), life.words.as_str(), history.as_str()];
        out.write_record(cells.map(guarded)).map_err(failed)?;
    }
    out.into_inner().map_err(|e| Error::internal("failed to write the register as CSV", e.to_string()))
}

async fn announce(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    standard: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<AnnounceRetirement>::grant(&actor, Some(Subject::programme()))?;
    let form = AnnounceForm::read(&fields);
    let here = format!("/standards/registers/{standard}");
    let once = Once::of(central.by.person, &here, &fields, &here)?;
    let (key, typed) = (standard.to_string(), form.clone());
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let (newest, _) = register_of(tx.conn(), &key)?;
            let permit = Permit::<AnnounceRetirement>::grant(&actor, Some(Subject::programme()))?;
            announce_retirement(tx, &permit, &typed.of(newest.key().as_str()))
        })
        .await;
    match outcome {
        Ok(()) => Ok(see_other_with_news(&here, "Announced", "Organisations read it in this register.")),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[]);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            register_page(&request, &portal, &central.by.actor, &standard, (status, (&form, &errors))).await
        }
        Err(error) => Err(error),
    }
}

async fn list(request: HttpRequest, portal: Data<Portal>, central: Central) -> Result<HttpResponse> {
    Permit::<ReadDrafts>::grant(&central.by.actor, Some(Subject::programme()))?;
    let typed = (&NewForm::default(), &FormErrors::new());
    proposals_page(&request, &portal, &central.by.actor, (StatusCode::OK, typed)).await
}

async fn proposals_page(
    request: &HttpRequest,
    portal: &Portal,
    actor: &Actor,
    (status, typed): (StatusCode, (&NewForm, &FormErrors)),
) -> Result<HttpResponse> {
    let may_decide = actor.central().contains(&crate::access::CentralRole::StandardsEditor);
    let (found, editions, drafts, names) = portal
        .db
        .read(Reach::nobodys(), |conn| {
            let found = store::proposals(conn)?;
            let mut who: Vec<_> = found.iter().filter_map(|one| one.proposed_by).collect();
            who.sort_unstable();
            who.dedup();
            let names = identity::names_of(conn, &who)?;
            let mut drafts = drafts(conn)?;
            drafts.retain(|head| head.state == DraftState::Draft);
            Ok((found, editions(conn)?, drafts, names))
        })
        .await?;
    let content = ProposalsPage::new(&found, (&editions, &drafts), &names, may_decide, typed);
    page_with_status(request, status, &content)
}

async fn propose(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    Permit::<ProposeChange>::grant(&actor, Some(Subject::programme()))?;
    let form = NewForm::read(&fields);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => {
            return proposals_page(&request, &portal, &central.by.actor, (refused, (&form, &errors))).await;
        }
    };
    let once = Once::of(central.by.person, PROPOSALS, &fields, PROPOSALS)?;
    let outcome = portal
        .db
        .write(Reach::nobodys(), move |tx| {
            once.begin(tx)?;
            let permit = Permit::<ProposeChange>::grant(&actor, Some(Subject::programme()))?;
            propose_change(tx, &permit, &new)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(
            PROPOSALS,
            "Proposed",
            "A standards editor decides about it, with a reason.",
        )),
        Err(Error::Invalid(list)) => {
            let errors = FormErrors::found(&list, &[]);
            proposals_page(&request, &portal, &central.by.actor, (refused, (&form, &errors))).await
        }
        Err(error) => Err(error),
    }
}

async fn decide(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    id: Path<String>,
) -> Result<HttpResponse> {
    let (central, fields) = (Central::of(posted.by)?, posted.fields);
    let actor = central.by.actor.clone();
    let id: ProposalId = id.parse().map_err(|_| Error::NotFound)?;
    let verdict = if fields.one("verdict") == "take" {
        fields.one("draft").parse().map(Verdict::Take).ok()
    } else {
        Some(Verdict::Decline(fields.text("answer")))
    };
    let outcome = match verdict {
        None => Err(Error::field("", "Select a draft")),
        Some(verdict) => {
            portal
                .db
                .write(Reach::nobodys(), move |tx| {
                    let subject = store::proposal(tx.conn(), id)?.subject();
                    decide_proposal(tx, &Permit::<DecideProposal>::grant(&actor, Some(subject))?, &verdict)
                })
                .await
        }
    };
    match outcome {
        Ok(()) => Ok(see_other_with_news(PROPOSALS, "Decided", "The list says what became of it.")),
        Err(Error::Invalid(list)) => {
            let mut errors = FormErrors::new();
            list.iter().for_each(|found| errors.add_whole(found.message.as_str()));
            let typed = (&NewForm::default(), &errors);
            proposals_page(&request, &portal, &central.by.actor, (StatusCode::UNPROCESSABLE_ENTITY, typed))
                .await
        }
        Err(error) => Err(error),
    }
}
