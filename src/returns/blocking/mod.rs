//! "What still blocks": a short list with links beside every page of a return. A page that has read all answers takes it
//! from them; the others ask one narrow question, because a question's page must stay cheap. Contributors get their own.

mod light;
mod of_year;
mod signatures;
mod store;

use actix_web::{HttpMessage as _, HttpRequest};

use crate::access::Actor;
use crate::identity::Member;
use crate::platform::clock::Timestamp;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::http::{Portal, Surroundings};
use crate::platform::pages::{Aside, Link};
use crate::returns::model::ReturnState;
use crate::returns::readiness::{question_href, return_href};
use crate::returns::sharing::{self, Sight};
use crate::returns::sites;
use crate::returns::store::Found;

pub use of_year::what_blocks_beside;
pub(in crate::returns) use store::{Glance, GlanceRow};

/// What is listed by name; the rest is behind one link.
const LISTED: usize = 5;

/// What still blocks, as a page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::returns) struct Blocking(Option<Aside>);

impl Blocking {
    /// What still blocks for somebody who sees so much of a return.
    ///
    /// # Errors
    /// When the database cannot be asked, or something stored cannot be read.
    pub fn of(conn: &mut Conn, found: &Found, sight: &Sight, now: Timestamp) -> Result<Self> {
        Self::after(conn, found, sight, now, None)
    }

    /// Whether [`Blocking::of`] takes a glance at the answers, so that a page which asks about one of them can take it with
    /// that and hand it to [`Blocking::after`].
    pub fn glances(found: &Found, now: Timestamp) -> bool {
        found.state == ReturnState::Draft && found.collection.takes_returns(now, found.extension)
    }

    /// As [`Blocking::of`], after a glance where one was taken.
    ///
    /// # Errors
    /// As [`Blocking::of`].
    pub fn after(
        conn: &mut Conn,
        found: &Found,
        sight: &Sight,
        now: Timestamp,
        glance: Option<Glance>,
    ) -> Result<Self> {
        if !found.collection.takes_returns(now, found.extension) {
            return Ok(Self(None));
        }
        match found.state {
            ReturnState::Draft => {
                let places = light::unsettled(conn, found, sight, now, glance)?;
                if places.is_empty() && sight.is_whole() {
                    return Ok(Self(sites::aside(conn, found, now)?));
                }
                Ok(Self(requirements(found, &places, sight.is_whole())))
            }
            ReturnState::Ready if sight.is_whole() => {
                Ok(Self(signatures::wanted(conn, found, now.london_day())?))
            }
            _ => Ok(Self(None)),
        }
    }

    /// Puts the list beside whatever page is shown in answer to this request.
    pub fn onto(self, request: &HttpRequest) {
        if let Some(surroundings) = request.extensions_mut().get_mut::<Surroundings>() {
            surroundings.aside = self.0;
        }
    }
}

fn requirements(found: &Found, places: &[usize], whole: bool) -> Option<Aside> {
    let (code, year) = (&found.code, &found.collection.key);
    let requirements = found.edition.edition().requirements();
    let links = places.iter().take(LISTED).filter_map(|place| requirements.get(*place)).map(|asked| {
        Link::new(format!("{} {}", asked.code, asked.title), question_href(code, year, asked.code.as_str()))
    });
    let page = if whole { "trial" } else { "mine" };
    let summary = match (places.len(), whole) {
        (0, _) => return None,
        (1, true) => "1 requirement still blocks the return".to_owned(),
        (many, true) => format!("{many} requirements still block the return"),
        (1, false) => "1 of your requirements still blocks the return".to_owned(),
        (many, false) => format!("{many} of your requirements still block the return"),
    };
    Some(Aside {
        summary,
        links: links.collect(),
        more: Link::new(
            format!("All {}, with what is missing", places.len()),
            format!("{}/{page}", return_href(code, year)),
        ),
    })
}

/// Reads what still blocks and puts it beside the page that answers this request. For pages that read no answers and whose
/// cost nobody measures; a question reads it with the rest.
///
/// # Errors
/// As [`Blocking::of`].
pub(in crate::returns) async fn beside(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    found: &Found,
) -> Result<()> {
    let (found, actor, now) = (found.clone(), member.by.actor.clone(), portal.clock.now());
    let blocking = portal.db.read(member.reach, move |conn| seen(conn, &found, &actor, now)).await?;
    blocking.onto(request);
    Ok(())
}

fn seen(conn: &mut Conn, found: &Found, actor: &Actor, now: Timestamp) -> Result<Blocking> {
    let sight = sharing::sight(conn, found, actor)?;
    Blocking::of(conn, found, &sight, now)
}
