//! Who asks: the person whose token a request carries. Session cookies count for nothing here, so no other site can
//! make a browser call the API.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::problem::Refusal;
use crate::access::Actor;
use crate::identity;
use crate::organisations::OdsCode;
use crate::platform::db::Reach;
use crate::platform::error::Error;
use crate::platform::http::Portal;
use crate::platform::ids::{OrganisationId, PersonId};

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>>>>;

/// The person whose token came with the request.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Who acts, with every role.
    pub actor: Actor,
    /// Their number.
    pub person: PersonId,
}

/// A person with a token who is a member of the organisation that the address names (`{organisation}`); everybody else
/// with a token is told that there is nothing there.
#[derive(Debug, Clone)]
pub struct MemberBearer {
    /// Who asks.
    pub by: Bearer,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its code.
    pub code: String,
    /// This organisation's rows.
    pub reach: Reach,
}

impl FromRequest for Bearer {
    type Error = Refusal;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { bearer(&request).await })
    }
}

impl FromRequest for MemberBearer {
    type Error = Refusal;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let by = bearer(&request).await?;
            let code = request.match_info().get("organisation").and_then(OdsCode::strict);
            let code = code.ok_or(Error::NotFound)?.as_str().to_owned();
            let asked = code.clone();
            let found = portal(&request)?
                .db
                .read(Reach::nobodys(), move |conn| identity::organisation_named(conn, &asked))
                .await?;
            match found.filter(|organisation| by.actor.is_member_of(*organisation)) {
                Some(organisation) => {
                    let reach = by.actor.reach_in(organisation)?;
                    Ok(Self { by, organisation, code, reach })
                }
                None => Err(Error::NotFound.into()),
            }
        })
    }
}

fn portal(request: &HttpRequest) -> Result<Data<Portal>, Error> {
    request.app_data::<Data<Portal>>().cloned().ok_or_else(|| Error::broken("the shared state is missing"))
}

async fn bearer(request: &HttpRequest) -> Result<Bearer, Refusal> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or_else(|| {
            Refusal::unauthorised(request, "Send a token in the header Authorization, as Bearer TOKEN.")
        })?;
    let portal = portal(request)?;
    let now = portal.clock.now();
    let actor = portal.db.read(Reach::nobodys(), move |conn| identity::bearer_of(conn, &token, now)).await?;
    let known = actor.and_then(|actor| actor.id().map(|person| Bearer { actor, person }));
    known.ok_or_else(|| Refusal::unauthorised(request, "The token is unknown, revoked or past its end."))
}
