//! Reading before publication: the list for the centre; and for whoever is on it a page that says what that means, and
//! the release itself, which is shown only by a press of a button, so that a scanner of mails that follows links reads
//! nothing and is not recorded as a reader.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::change::change;
use crate::access::{Actor, ListEarlyReader, Permit, ReadEarly};
use crate::identity::{Central, Posted, SignedIn};
use crate::platform::db::Reach;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Once, Portal, PostedAnonymously, page, page_with_status, see_other_with_news};
use crate::platform::ids::{EarlyReaderId, PersonId};
use crate::platform::pages::FormErrors;
use crate::publication::document::Document;
use crate::publication::pages::{EarlyNoticePage, EarlyReadersPage, EarlyReleasePage, figure_of_measures};
use crate::publication::pipeline::{self, EarlyReader, NewReader, Overview, ReleaseDate};
use crate::publication::public::{facts, figures_of};
use crate::publication::publish_release::subject_of;
use crate::publication::release::{ReleaseState, ReleaseSummary};
use crate::publication::store;

async fn overview(portal: &Portal, by: &Central, key: &str) -> Result<Overview> {
    let (key, now) = (key.to_owned(), portal.clock.now());
    let found = portal.db.read(by.reach, move |conn| pipeline::overview(conn, &key, now)).await?;
    Permit::<ListEarlyReader>::grant(&by.by.actor, Some(subject_of(&found.release)))?;
    Ok(found)
}

/// `GET /releases/{key}/early-readers`.
pub(super) async fn list(
    request: HttpRequest,
    portal: Data<Portal>,
    by: Central,
    key: Path<String>,
) -> Result<HttpResponse> {
    let found = overview(&portal, &by, &key).await?;
    let lists = (found.readers.as_slice(), found.views.as_slice());
    page(&request, &EarlyReadersPage::new(&found.release, lists, &NewReader::default(), &FormErrors::new()))
}

/// `POST /releases/{key}/early-readers`.
pub(super) async fn add(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    let (by, fields) = (Central::of(posted.by)?, posted.fields);
    let found = overview(&portal, &by, &key).await?;
    let form = NewReader {
        name: fields.text("name"),
        role: fields.text("role"),
        body: fields.text("body"),
        reason: fields.text("reason"),
        email: fields.text("email"),
    };
    let here = format!("/releases/{key}/early-readers");
    let once = Once::of(by.by.person, &here, &fields, &here)?;
    let (actor, of, seen) = (by.by.actor.clone(), key.clone(), fields.one("version").to_owned());
    let new = form.clone();
    let outcome = portal
        .db
        .write(by.reach, move |tx| {
            once.begin(tx)?;
            let (permit, release) = pipeline::permitted::<ListEarlyReader>(tx, &actor, &of, &seen)?;
            let date = pipeline::date_of_release(tx.conn(), release.id)?.ok_or(Error::NotFound)?;
            pipeline::list_reader(tx, &permit, &release, &date, &new)
        })
        .await;
    match outcome {
        Ok(_) => Ok(see_other_with_news(&here, "On the list", "They are told when their time begins.")),
        Err(Error::Invalid(list)) => {
            let lists = (found.readers.as_slice(), found.views.as_slice());
            let content = EarlyReadersPage::new(&found.release, lists, &form, &FormErrors::found(&list, &[]));
            page_with_status(&request, StatusCode::UNPROCESSABLE_ENTITY, &content)
        }
        Err(error) => Err(error),
    }
}

/// `POST /releases/{key}/early-readers/{reader}/remove`.
pub(super) async fn remove(
    portal: Data<Portal>,
    posted: Posted,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    let (key, reader) = path.into_inner();
    let here = format!("/releases/{key}/early-readers");
    let reader: EarlyReaderId = reader.parse().map_err(|_| Error::NotFound)?;
    let at = (key.as_str(), posted.fields.one("version"));
    change::<ListEarlyReader, _, _>(&portal, &posted.by.actor, at, move |tx, permit, release| {
        pipeline::unlist_reader(tx, permit, release, reader)
    })
    .await?;
    Ok(see_other_with_news(&here, "Off the list", "Their link does not work any more."))
}

/// How somebody proves that they are on the list.
#[derive(Debug, Clone)]
enum Proof {
    /// By their own link.
    Link(String),
    /// Signed in, for the release of this key.
    Account(PersonId, String),
}

impl Proof {
    fn action(&self) -> String {
        match self {
            Self::Link(token) => format!("/early/{token}"),
            Self::Account(_, key) => format!("/releases/{key}/early"),
        }
    }
}

/// What somebody on the list reads.
struct Early {
    reader: EarlyReader,
    release: ReleaseSummary,
    date: ReleaseDate,
}

/// The release that a proof opens. What is public already is nothing to be read early.
async fn proved(portal: &Portal, proof: Proof) -> Result<Early> {
    portal
        .db
        .read(Reach::nobodys(), move |conn| {
            let reader = match &proof {
                Proof::Link(token) => pipeline::reader_by_token(conn, token)?,
                Proof::Account(person, key) => match store::release_by_key(conn, key)? {
                    Some(release) => pipeline::reader_signed_in(conn, release.id, *person)?,
                    None => None,
                },
            };
            let reader = reader.ok_or(Error::NotFound)?;
            let release = store::release_by_id(conn, reader.release)?.ok_or(Error::NotFound)?;
            if release.state != ReleaseState::Announced {
                return Err(Error::NotFound);
            }
            let date = pipeline::date_of_release(conn, release.id)?.ok_or(Error::NotFound)?;
            Ok(Early { reader, release, date })
        })
        .await
}

async fn notice(request: &HttpRequest, portal: &Portal, proof: Proof) -> Result<HttpResponse> {
    let action = proof.action();
    let found = proved(portal, proof).await?;
    let content = EarlyNoticePage {
        heading: found.release.title,
        name: found.reader.name,
        open: pipeline::is_open(&found.date, portal.clock.now()),
        from: pipeline::early_from(found.date.due_at).micros(),
        due: found.date.due_at.micros(),
        action,
    };
    page(request, &content)
}

async fn read(request: &HttpRequest, portal: &Portal, proof: Proof) -> Result<HttpResponse> {
    let again = proof.clone();
    let found = proved(portal, proof).await?;
    let id = found.release.id;
    // Recorded first: whoever reads is in the log, whatever happens to the answer.
    portal
        .db
        .write(Reach::nobodys(), move |tx| {
            let release = store::release_by_id(tx.conn(), id)?.ok_or(Error::NotFound)?;
            let permit = Permit::<ReadEarly>::grant(&Actor::system(), Some(subject_of(&release)))?;
            let date = pipeline::date_of_release(tx.conn(), id)?.ok_or(Error::NotFound)?;
            let reader = match &again {
                Proof::Link(token) => pipeline::reader_by_token(tx.conn(), token)?,
                Proof::Account(person, _) => pipeline::reader_signed_in(tx.conn(), id, *person)?,
            };
            pipeline::read_early(tx, &permit, &release, &date, &reader.ok_or(Error::NotFound)?)
        })
        .await?;
    let (text, commentary) = portal
        .db
        .read(Reach::nobodys(), move |conn| {
            Ok((store::document_of(conn, id)?, pipeline::course(conn, id)?.commentary))
        })
        .await?;
    let document = Document::read(&text)?;
    let mut figures = Vec::new();
    for entry in &document.tables {
        figures.extend(figures_of(&document, entry, "")?);
    }
    figures.extend(document.measures.iter().map(|entry| figure_of_measures(entry, "")));
    for figure in &mut figures {
        // Files have no log of who reads them.
        (figure.csv, figure.json) = (String::new(), String::new());
    }
    let content = EarlyReleasePage {
        heading: document.title.clone(),
        name: found.reader.name,
        due: found.date.due_at.micros(),
        commentary,
        facts: facts(&document),
        notes: document.notes.clone(),
        figures,
    };
    page(request, &content)
}

/// `GET /early/{token}`.
pub(super) async fn by_link(
    request: HttpRequest,
    portal: Data<Portal>,
    token: Path<String>,
) -> Result<HttpResponse> {
    notice(&request, &portal, Proof::Link(token.into_inner())).await
}

/// `POST /early/{token}`.
pub(super) async fn read_by_link(
    request: HttpRequest,
    portal: Data<Portal>,
    token: Path<String>,
    _checked: PostedAnonymously,
) -> Result<HttpResponse> {
    read(&request, &portal, Proof::Link(token.into_inner())).await
}

/// `GET /releases/{key}/early`.
pub(super) async fn signed_in(
    request: HttpRequest,
    portal: Data<Portal>,
    by: SignedIn,
    key: Path<String>,
) -> Result<HttpResponse> {
    notice(&request, &portal, Proof::Account(by.person, key.into_inner())).await
}

/// `POST /releases/{key}/early`.
pub(super) async fn read_signed_in(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: Posted,
    key: Path<String>,
) -> Result<HttpResponse> {
    read(&request, &portal, Proof::Account(posted.by.person, key.into_inner())).await
}
