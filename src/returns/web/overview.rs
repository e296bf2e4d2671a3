//! The overview of a return, and the moves between draft and ready.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::Year;
use crate::access::{Actor, BackToDraft, MarkReady, ReadGiven, SignReturn, SubmitReturn, TakeOut};
use crate::identity::{Member, PostedByMember};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page, see_other, see_other_with_news};
use crate::returns::blocking;
use crate::returns::editions::pages::Marks;
use crate::returns::letters::letters;
use crate::returns::model::{ReturnState, Standing};
use crate::returns::pages::{NextSteps, OverviewPage};
use crate::returns::presence::presence;
use crate::returns::questions::{WaitingQuestion, open_questions};
use crate::returns::readiness::{lines_at_a_glance, return_href, standing};
use crate::returns::ready::{back_to_draft, mark_ready};
use crate::returns::sharing::{self, Sight};
use crate::returns::sites::{self, head_that_filed};
use crate::returns::store::{self, Found, Which};

/// Which requirements are listed, as the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    show: String,
}

/// `GET …/returns/{year}`.
pub(super) async fn overview(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    wanted: Query<Wanted>,
) -> Result<HttpResponse> {
    let (organisation, year) = (member.organisation, path.into_inner().year);
    let (now, who) = (portal.clock.now(), member.by.actor.clone());
    let (found, answers, files, owned, change, sites, filed, (letters, questions)) = portal
        .db
        .read(member.reach, move |conn| {
            let found = store::find(conn, Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let there = presence(conn, found.id)?;
            let answers = store::answers(conn, found.id)?;
            let files = if there.evidence { store::held(conn, found.id)? } else { Vec::new() };
            let owned = if there.owners { sharing::owned(conn, found.id)? } else { Vec::new() };
            let change = found.change(conn)?;
            let sites = sites::note(conn, &found, &who, (now, there.sites))?;
            // What nobody ever submitted was not submitted by a head office either.
            let was_sent = found.submission.is_some() || found.reopened_reason.is_some();
            let filed = was_sent && head_that_filed(conn, found.id)?.is_some();
            // Nor does a reviewer ask about it.
            let questions = if was_sent { open_questions(conn, Some(found.id))? } else { Vec::new() };
            let beside = (letters(conn, &found)?, questions);
            Ok((found, answers, files, owned, change, sites, filed, beside))
        })
        .await?;
    let actor = &member.by.actor;
    found.permit::<ReadGiven>(actor)?;
    if filed && found.is_whole_to(actor) {
        return Ok(see_other(&format!("{}/filed", return_href(&found.code, &found.collection.key))));
    }
    if found.state == ReturnState::Ready {
        blocking::beside(&request, &portal, &member, &found).await?;
    }
    let whole = lines_at_a_glance(&found, &answers, &files, now)?;
    let sites = sites.finished(&found, &whole, now)?;
    let lines = Sight::among(&found, actor, &owned).keep(whole);
    let standing = standing(&found, &lines, now);
    let mut steps = steps(&found, &standing, actor);
    if found.is_whole_to(actor) {
        steps.letters = letters;
        steps.questions = questions.iter().map(|question| WaitingQuestion::of(question, now)).collect();
    }
    if sites.blocks > 0 {
        steps.ready.clear();
    }
    let marks = Marks { change: change.as_deref(), only_changed: wanted.show == "changed" };
    page(&request, &OverviewPage::new(&found, (&lines, &owned, marks), &standing, (steps, sites), actor))
}

/// What this person can do next; the verbs ask again.
fn steps(found: &Found, standing: &Standing, actor: &Actor) -> NextSteps {
    let href = |offered: bool, step: &str| {
        if offered {
            format!("{}/{step}", return_href(&found.code, &found.collection.key))
        } else {
            String::new()
        }
    };
    let open = standing.open;
    let reviewed = matches!(found.state, ReturnState::Decided | ReturnState::Published);
    let in_review = matches!(found.state, ReturnState::UnderReview | ReturnState::Query);
    NextSteps {
        ready: href(open && standing.blocks.is_empty() && found.offers::<MarkReady>(actor), "ready"),
        draft: href(open && found.offers::<BackToDraft>(actor), "draft"),
        sign: href(open && found.offers::<SignReturn>(actor), "sign"),
        submit: href(open && found.offers::<SubmitReturn>(actor), "submit"),
        receipt: href(found.submission.is_some() && found.is_whole_to(actor), "receipt"),
        review: href(reviewed && found.is_whole_to(actor), "review"),
        queries: href(reviewed || in_review, "queries"),
        offline: href(found.offers::<TakeOut>(actor), "offline"),
        questions: Vec::new(),
        letters: Vec::new(),
    }
}

/// `POST …/ready`.
pub(super) async fn ready(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let year = path.into_inner().year;
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    let public_url = portal.config.public_url().to_owned();
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<MarkReady>(&actor)?;
            mark_ready(tx, &permit, &found, &public_url)
        })
        .await?;
    Ok(see_other_with_news(&back, "Ready to be signed", "Whoever has to sign has been asked by email."))
}

/// `POST …/draft`.
pub(super) async fn draft(portal: Data<Portal>, posted: PostedByMember, path: Year) -> Result<HttpResponse> {
    let PostedByMember { member, .. } = posted;
    let year = path.into_inner().year;
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<BackToDraft>(&actor)?;
            back_to_draft(tx, &permit, &found)
        })
        .await?;
    Ok(see_other_with_news(
        &back,
        "Back to draft",
        "Answers can be changed again. A signature, if there was one, is withdrawn.",
    ))
}
