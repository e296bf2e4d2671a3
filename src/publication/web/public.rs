//! The public pages. None of these asks who is there, and only files of earlier releases ask the database.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::middleware::Next;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};

use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, secure, see_other};
use crate::platform::pages::{Choice, Page as _, Pagination};
use crate::publication::bundle::BUNDLE;
use crate::publication::classes::sector_words;
use crate::publication::pages::{SearchPage, SearchRow};
use crate::publication::public::{ASK_AGAIN, Directory, PublicSite, Site, Wanted, revised_row};
use crate::publication::years::Over;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// Organisations on one page of the search.
const PAGE: u64 = 50;
/// Organisations offered where a search finds none.
const NEAR: usize = 10;
/// Most characters of a search.
const LONGEST: usize = 200;

/// A page or file that was made at publication.
pub(super) async fn fixed(request: HttpRequest, site: Data<PublicSite>) -> Result<HttpResponse> {
    site.answer(request.method(), request.path(), request.headers()).ok_or(Error::NotFound)
}

/// Middleware that answers published pages before anything else looks at the request: no session, no visit, no
/// reference, none of which a page that is the same for everybody has a use for. To be put outside the front.
///
/// # Errors
/// The inner service's own.
pub async fn published<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<BoxBody, B>>, actix_web::Error> {
    let ready = request
        .app_data::<Data<PublicSite>>()
        .and_then(|site| site.answer(request.method(), request.path(), request.headers()));
    match ready {
        Some(mut answer) => {
            let portal = request.app_data::<Data<Portal>>();
            let https = portal.is_some_and(|portal| portal.config.http.public_url.starts_with("https://"));
            secure(answer.headers_mut(), https, "");
            if let Some(portal) = portal {
                portal.metrics.public_page();
            }
            Ok(request.into_response(answer).map_into_left_body())
        }
        None => next.call(request).await.map(ServiceResponse::map_into_right_body),
    }
}

/// `GET /public/organisations/{code}`.
pub(super) async fn organisation(
    request: HttpRequest,
    site: Data<PublicSite>,
    code: Path<String>,
) -> Result<HttpResponse> {
    Ok(site.organisation(&code)?.answer(&request))
}

/// `GET /public/organisations/{code}/mark.svg`.
pub(super) async fn mark(
    request: HttpRequest,
    site: Data<PublicSite>,
    code: Path<String>,
) -> Result<HttpResponse> {
    Ok(site.mark(&code)?.answer(&request))
}

/// `GET /sitemap.xml`.
pub(super) async fn sitemap(request: HttpRequest, site: Data<PublicSite>) -> Result<HttpResponse> {
    let body = off_loop(move || site.sitemap(None)).await?;
    Ok(body.answer(&request))
}

/// `GET /public/sitemaps/{part}`: a number and `.xml`.
pub(super) async fn sitemap_part(
    request: HttpRequest,
    site: Data<PublicSite>,
    part: Path<String>,
) -> Result<HttpResponse> {
    let number = part.strip_suffix(".xml").and_then(|number| number.parse::<usize>().ok());
    let part = number.ok_or(Error::NotFound)?;
    let body = off_loop(move || site.sitemap(Some(part))).await?;
    Ok(body.answer(&request))
}

/// `GET /public/data/{file}`.
pub(super) async fn data_file(
    request: HttpRequest,
    site: Data<PublicSite>,
    file: Path<String>,
) -> Result<HttpResponse> {
    if let Some(ready) = site.answer(request.method(), request.path(), request.headers()) {
        return Ok(ready);
    }
    let csv = wanted_list(&file)?;
    let large = off_loop(move || site.organisations_file(csv)).await?;
    Ok(large.answer(&request))
}

/// `GET /public/releases/{key}/{file}`.
pub(super) async fn release_file(
    request: HttpRequest,
    site: Data<PublicSite>,
    path: Path<(String, String)>,
) -> Result<HttpResponse> {
    if let Some(ready) = site.answer(request.method(), request.path(), request.headers()) {
        return Ok(ready);
    }
    let (key, file) = path.into_inner();
    if let Some(address) = site.version(&key, &file) {
        return Ok(see_other(&address));
    }
    if file == BUNDLE {
        return Ok(off_loop(move || site.bundle(&key)).await?.answer(&request));
    }
    let csv = wanted_list(&file)?;
    let large = off_loop(move || site.list_of(&key, csv)).await?;
    Ok(large.answer(&request))
}

/// Whether a file name is that of the list of organisations, and which form of it.
fn wanted_list(file: &str) -> Result<bool> {
    match file {
        "organisations.csv" => Ok(true),
        "organisations.json" => Ok(false),
        _ => Err(Error::NotFound),
    }
}

async fn off_loop<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    actix_web::web::block(work)
        .await
        .map_err(|e| Error::internal("failed to finish work off the event loop", e))?
}

/// What the search form sends.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    sector: String,
    region: String,
    grade: String,
    page: String,
}

/// `GET /public/organisations`.
pub(super) async fn search(site: Data<PublicSite>, asked: Query<Asked>) -> Result<HttpResponse> {
    let words: String = asked.q.chars().take(LONGEST).collect();
    let state = site.now();
    let directory = site.directory(&state)?;
    let wanted = Wanted {
        words: words.clone(),
        sector: SectorKey::new(&asked.sector).ok(),
        region: Some(asked.region.clone()).filter(|code| !code.is_empty()),
        standing: GradeKey::parse(&asked.grade),
    };
    let places = directory.search(&wanted);
    let found = places.len() as u64;
    let last_page = found.div_ceil(PAGE).max(1);
    let number = asked.page.parse::<u64>().unwrap_or(1).clamp(1, last_page);
    let edition = state.current.as_ref().map_or("", |current| current.1.edition.as_str());
    let postcodes = directory.knows_postcodes();
    let mut page = SearchPage::form(&words, &asked.sector, &asked.region, &asked.grade, postcodes);
    page.sectors = std::iter::once(Choice::new("", "Every sector"))
        .chain(SectorKey::all().map(|sector| Choice::new(sector.as_str(), sector_words(sector))))
        .collect();
    page.regions = std::iter::once(Choice::new("", "Every region"))
        .chain(directory.regions().into_iter().map(|(code, name)| Choice::new(code, name)))
        .collect();
    page.grades = std::iter::once(Choice::new("", "Every status"))
        .chain(GradeKey::ALL.into_iter().map(|grade| Choice::new(grade.as_str(), grade.label())))
        .collect();
    page.found = found;
    let skipped = (number - 1) * PAGE;
    let shown = places.iter().skip(usize::try_from(skipped).unwrap_or(usize::MAX)).take(PAGE as usize);
    page.rows = rows(&state, &directory, edition, shown);
    if found == 0 && !words.trim().is_empty() {
        page.near = rows(&state, &directory, edition, directory.near(&wanted, NEAR).iter());
    }
    page.first = skipped + 1;
    page.last = skipped + page.rows.len() as u64;
    page.pages = Pagination::new(number, found, PAGE, |n| address(&asked, &words, n));
    let html = site
        .pages()
        .render(&site.surroundings("/public/organisations", &page.title()), &page)
        .map_err(|e| Error::internal("failed to render the search", e))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, ASK_AGAIN))
        .body(html))
}

/// `GET /public/compare`: codes in one field, or one field for each.
pub(super) async fn compare(
    site: Data<PublicSite>,
    asked: Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let codes: Vec<&str> = asked
        .iter()
        .filter(|(name, _)| name == "codes" || name == "code")
        .map(|(_, value)| value.as_str())
        .collect();
    let codes: String = codes.join(" ").chars().take(LONGEST).collect();
    let page = site.compared(&codes)?;
    let html = site
        .pages()
        .render(&site.surroundings("/public/compare", &page.title()), &page)
        .map_err(|e| Error::internal("failed to render the comparison", e))?;
    // Any set of codes has an address of its own; search engines need none of them.
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, ASK_AGAIN))
        .insert_header(("x-robots-tag", "noindex"))
        .body(html))
}

/// What the form of a table over the years sends.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct AskedOver {
    table: String,
    row: String,
    from: String,
    to: String,
}

/// `GET /public/years`: one row of a table over the years.
pub(super) async fn years(site: Data<PublicSite>, asked: Query<AskedOver>) -> Result<HttpResponse> {
    let AskedOver { table, row, from, to } = &*asked;
    let page = site.over_years(&Over { table, row, from, to })?;
    let status = if page.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let html = site
        .pages()
        .render(&site.surroundings("/public/years", &page.title()), &page)
        .map_err(|e| Error::internal("failed to render a table over the years", e))?;
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, ASK_AGAIN))
        .insert_header(("x-robots-tag", "noindex"))
        .body(html))
}

/// Organisations of the list as rows.
fn rows<'a>(
    state: &Site,
    directory: &Directory,
    edition: &str,
    places: impl Iterator<Item = &'a u32>,
) -> Vec<SearchRow> {
    let entries = places.filter_map(|place| directory.entry(*place as usize));
    entries.map(|entry| revised_row(&entry.record, edition, &state.revised)).collect()
}

/// The address of another page of the same search.
fn address(asked: &Asked, words: &str, page: u64) -> String {
    let pairs = [
        ("q", words),
        ("sector", asked.sector.as_str()),
        ("region", asked.region.as_str()),
        ("grade", asked.grade.as_str()),
    ];
    let kept: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(&kept).unwrap_or_default();
    let joined = if query.is_empty() { "" } else { "&" };
    format!("/public/organisations?{query}{joined}page={page}")
}
