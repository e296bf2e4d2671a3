//! Extractors: a handler's parameters are its permissions. Nothing below them compares an organisation by hand.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use crate::access::{Actor, CentralRole};
use crate::identity::session::{self, Session};
use crate::identity::store::{self, Place};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Cookies, Fields, Portal, Surroundings, read_body, same_secret};
use crate::platform::ids::{OrganisationId, PersonId, SessionId};
use crate::platform::pages::{NavItem, SignedIn as Header};

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// How old the note of a session's last use may grow before it is written again, in microseconds.
const SEEN_EVERY: i64 = 60_000_000;

/// How long a request waits for that note.
const NOTE_WAIT: Duration = Duration::from_secs(1);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts, with every role.
    pub actor: Actor,
    /// Their number.
    pub person: PersonId,
    /// Their session.
    pub session: SessionId,
    /// The token their forms carry.
    pub csrf: String,
    /// Their organisations, by name.
    pub organisations: Rc<Vec<Place>>,
}

/// A posted form of somebody signed in, with the right token.
#[derive(Debug)]
pub struct Posted {
    /// Who sent it.
    pub by: SignedIn,
    /// What it says.
    pub fields: Fields,
}

/// A member of the organisation that the address names (`{organisation}`); everybody else is told that there is
/// nothing there.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who acts.
    pub by: SignedIn,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// This organisation's rows.
    pub reach: Reach,
}

/// A posted form of a member.
#[derive(Debug)]
pub struct PostedByMember {
    /// Who sent it, and for which organisation.
    pub member: Member,
    /// What it says.
    pub fields: Fields,
}

/// Somebody of the central team, whatever their role there.
#[derive(Debug, Clone)]
pub struct Central {
    /// Who acts.
    pub by: SignedIn,
    /// Every organisation's rows.
    pub reach: Reach,
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { signed_in(&request).await })
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let by = signed_in(&request).await?;
            let fields = checked_fields(&request, &mut payload, &by).await?;
            Ok(Self { by, fields })
        })
    }
}

impl FromRequest for Member {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { member(&request, signed_in(&request).await?) })
    }
}

impl FromRequest for PostedByMember {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let member = member(&request, signed_in(&request).await?)?;
            let fields = checked_fields(&request, &mut payload, &member.by).await?;
            Ok(Self { member, fields })
        })
    }
}

impl FromRequest for Central {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(signed_in(&request).await?) })
    }
}

impl Central {
    /// The central team's view of somebody signed in; nothing is there for others.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub fn of(by: SignedIn) -> Result<Self> {
        let reach = by.actor.central_reach()?;
        Ok(Self { by, reach })
    }
}

fn portal(request: &HttpRequest) -> Result<Data<Portal>> {
    request.app_data::<Data<Portal>>().cloned().ok_or_else(|| Error::broken("the shared state is missing"))
}

async fn signed_in(request: &HttpRequest) -> Result<SignedIn> {
    let portal = portal(request)?;
    let token = Cookies::session_token(request).ok_or(Error::SignInRequired)?;
    let (config, now) = (portal.config.clone(), portal.clock.now());
    let found = portal
        .db
        .glance(move |conn| {
            let Some((live, present)) = session::live(conn, &token, &config.http, now)? else {
                return Ok(None);
            };
            let (actor, organisations) = store::actor_present(conn, present, now.london_day())?;
            Ok(Some((live, actor, organisations)))
        })
        .await?;
    let (live, actor, organisations) = found.ok_or(Error::SignInRequired)?;
    note_use(&portal, &live, now.micros()).await;
    let by = SignedIn {
        person: live.person,
        session: live.id,
        csrf: live.csrf,
        actor,
        organisations: Rc::new(organisations),
    };
    request.extensions_mut().insert(surroundings(request.path(), &by));
    Ok(by)
}

/// Notes that the session is in use. A page to read does not wait for it longer than a moment, nor fail with it: while an
/// import holds SQLite's one writer, reading goes on. The note that is not waited for is written all the same.
async fn note_use(portal: &Portal, live: &Session, now: i64) {
    if now - live.last_seen_at.micros() < SEEN_EVERY {
        return;
    }
    let id = live.id;
    let noted = portal.db.housekeep(Reach::nobodys(), move |tx| session::seen(tx, id));
    match tokio::time::timeout(NOTE_WAIT, noted).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => log::warn!(target: "portal::identity", "a session's use was not noted: {error}"),
        Err(_) => log::info!(target: "portal::identity", "a session's use is noted later"),
    }
}

/// Whoever is no member learns nothing, not even whether there is such an organisation; so only their own are looked at.
fn member(request: &HttpRequest, by: SignedIn) -> Result<Member> {
    let code = request.match_info().get("organisation").ok_or(Error::NotFound)?;
    let place = by.organisations.iter().find(|place| place.code == code).ok_or(Error::NotFound)?.clone();
    if by.actor.is_member_of(place.id) {
        let reach = by.actor.reach_in(place.id)?;
        Ok(Member { by, organisation: place.id, code: place.code, name: place.name, reach })
    } else {
        Err(Error::NotFound)
    }
}

async fn checked_fields(request: &HttpRequest, payload: &mut Payload, by: &SignedIn) -> Result<Fields> {
    let fields = Fields::parse(&read_body(request, payload).await?)?;
    if same_secret(fields.one("csrf"), &by.csrf) {
        Ok(fields)
    } else {
        Err(Error::Forbidden(
            "This form has expired or was not made by this site. Go back, load the page again and send it once more."
                .to_owned(),
        ))
    }
}

/// Whether the address is one of the person's own organisations', which have entries of their own.
fn is_of_a_member(path: &str, by: &SignedIn) -> bool {
    by.organisations.iter().any(|place| {
        path.strip_prefix("/organisations/").is_some_and(|rest| rest.split('/').next() == Some(&place.code))
    })
}

/// Where the person can go, from their roles.
fn surroundings(path: &str, by: &SignedIn) -> Surroundings {
    let mut navigation = Vec::new();
    let mut add = |text: &str, href: String| {
        let active = path.starts_with(&href) && !(href == "/organisations" && is_of_a_member(path, by));
        navigation.push(NavItem { text: text.to_owned(), current: path == href, active, href });
    };
    for Place { code, name, .. } in by.organisations.iter().take(3) {
        let text = if by.organisations.len() == 1 { "Your return" } else { name.as_str() };
        add(text, format!("/organisations/{code}"));
    }
    if by.actor.is_central() {
        add("Reviews", "/reviews".to_owned());
        add("Collections", "/collections".to_owned());
        add("Organisations", "/organisations".to_owned());
        add("Standards", "/standards".to_owned());
        add("Releases", "/releases".to_owned());
    }
    if by.actor.central().contains(&CentralRole::ProgrammeManager) {
        add("Dashboard", "/programme/dashboard".to_owned());
        add("Imports", "/imports".to_owned());
        add("Central team", "/people/central".to_owned());
    }
    Surroundings {
        signed_in: Some(Header {
            name: by.actor.name().to_owned(),
            organisation: by.organisations.first().map(|place| place.name.clone()),
            account_href: "/account".to_owned(),
            sign_out_href: "/sign-out".to_owned(),
        }),
        navigation,
        csrf: by.csrf.clone(),
        aside: None,
    }
}
