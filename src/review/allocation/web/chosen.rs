//! What was ticked in the queue: looked at once more, and given to a reviewer or taken back into the queue.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};

use super::by_hand::parsed;
use super::reviewer::moved;
use super::{chosen_person, posted_by_programme, reviews};
use crate::access::Actor;
use crate::identity::{Central, Posted};
use crate::platform::error::{Error, Result};
use crate::platform::http::{Fields, Once, Portal, page, page_with_status, see_other_with_news};
use crate::platform::ids::ReviewId;
use crate::platform::pages::FormErrors;
use crate::review::allocation::pages::ChosenPage;
use crate::review::allocation::reading;

/// Where the page is.
const HERE: &str = "/reviews/allocation/chosen";

/// The most reviews that are chosen at a time: those of one page of the queue.
const MOST: usize = 100;

/// `GET /reviews/allocation/chosen`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    central: Central,
    asked: Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let ids = asked.iter().filter(|(name, _)| name == "review").map(|(_, id)| id.parse::<ReviewId>().ok());
    let ids: Vec<ReviewId> = ids.flatten().take(MOST).collect();
    let content = offered(&portal, &central.by.actor, ids, &Fields::default(), &FormErrors::new()).await?;
    page(&request, &content)
}

async fn offered(
    portal: &Portal,
    actor: &Actor,
    ids: Vec<ReviewId>,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<ChosenPage> {
    let (who, day, asked) = (actor.clone(), portal.clock.now().london_day(), ids.len());
    let (found, reviewers) =
        portal.db.read(actor.central_reach()?, move |conn| reading::chosen(conn, &who, day, &ids)).await?;
    Ok(ChosenPage::new((&found, asked), &reviewers, typed, errors))
}

/// `POST /reviews/allocation/chosen`.
pub(super) async fn act(request: HttpRequest, portal: Data<Portal>, posted: Posted) -> Result<HttpResponse> {
    let (person, actor, fields) = posted_by_programme(posted)?;
    let ids = parsed(&fields.all("review"))?;
    let (to, takes) = (chosen_person(&fields, "person")?, fields.one("do") == "take");
    let mut errors = FormErrors::new();
    if ids.is_empty() {
        errors.add("review", "Choose at least one review");
    }
    if to.is_none() && !takes {
        errors.add("person", "Choose a reviewer");
    }
    let shown: Vec<ReviewId> =
        fields.all("shown").iter().filter_map(|id| id.parse().ok()).take(MOST).collect();
    if errors.is_empty() {
        let once = Once::of(person, HERE, &fields, "/reviews?state=open")?;
        match moved(&portal, &actor, (ids, to.filter(|_| !takes)), once).await {
            Ok(count) => {
                let heading = if takes { "Taken back" } else { "Given out" };
                return Ok(see_other_with_news(
                    "/reviews?state=open",
                    heading,
                    &format!("{}.", reviews(count)),
                ));
            }
            Err(Error::Refused(why)) => errors.add(if takes { "review" } else { "person" }, why),
            Err(error) => return Err(error),
        }
    }
    let content = offered(&portal, &actor, shown, &fields, &errors).await?;
    page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
}
