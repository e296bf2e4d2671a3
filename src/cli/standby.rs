//! Serving what was kept while the database is away: the public pages as they were, and for everything else a page that
//! says so. Ends by itself as soon as the database is back, or when the process is told to stop.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER, VARY,
};
use actix_web::middleware::{self, Next};
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use super::say::say;
use crate::app::Parts;
use crate::platform::assets::{self, Assets};
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Routes, secure};
use crate::platform::pages::Pages;
use crate::publication::{self, KEPT, PublicSite};

/// How long between two tries to reach the database.
const PAUSE: Duration = Duration::from_secs(2);
/// When a browser may ask again.
const AGAIN: &str = "30";

/// What is told where only the database could answer.
const AWAY: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width\"><title>Not available just now</title></head>\n\
    <body><h1>This part of the portal is not available just now</h1>\n\
    <p>Nothing was saved or sent. Please try again in a few minutes.</p>\n\
    <p>The <a href=\"/\">published results</a> can be read meanwhile.</p></body></html>\n";

/// Opens the portal; tried again and again.
pub(super) type Opening = Arc<dyn Fn() -> Result<Parts> + Send + Sync>;

/// What was kept by an earlier run, if anything was. What cannot be read is told and left alone.
pub(super) fn kept(config: &Config) -> Option<(PublicSite, Arc<Assets>)> {
    let folder = config.files.dir.join(KEPT);
    match opened(&folder, config.public_url()) {
        Ok(found) => found,
        Err(error) => {
            log::warn!(target: "portal::standby", "the public pages that were kept cannot be served: {error}");
            None
        }
    }
}

fn opened(folder: &Path, address: &str) -> Result<Option<(PublicSite, Arc<Assets>)>> {
    let assets = Assets::load().map_err(|e| Error::internal("failed to load the page assets", e))?;
    let pages = Pages::new(&assets).map_err(|e| Error::internal("failed to load the page templates", e))?;
    let site = PublicSite::kept(folder, &Arc::new(pages), address)?;
    Ok(site.map(|site| (site, Arc::new(assets))))
}

/// Serves what was kept until the portal opens; none when the process was told to stop before.
pub(super) fn until_back(
    (site, assets): (PublicSite, Arc<Assets>),
    socket: &TcpListener,
    https: bool,
    opening: Opening,
) -> Result<Option<Parts>> {
    let socket = socket.try_clone().map_err(|e| Error::io("failed to listen", e))?;
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::new(site.clone()))
                .app_data(Data::new(Https(https)))
                .app_data(Data::from(Arc::clone(&assets)))
                .configure(Routes::of(publication::public_routes))
                .route("/assets/{hash}/{name}", web::get().to(asset))
                .route("/health/live", web::get().to(live))
                .default_service(web::to(away))
                .wrap(middleware::from_fn(told))
                .wrap(middleware::from_fn(publication::published))
        })
        .workers(2)
        .shutdown_timeout(5)
        .listen(socket)
        .map_err(|e| Error::io("failed to listen", e))?
        .run();
        let handle = server.handle();
        let mut serving = actix_web::rt::spawn(server);
        say("serving the published pages as they were kept: the database is away");
        loop {
            let tried = Arc::clone(&opening);
            let trying = async move {
                tokio::time::sleep(PAUSE).await;
                tokio::task::spawn_blocking(move || tried()).await
            };
            // Told to stop, it does not wait for an answer of the database.
            let tried = tokio::select! {
                ended = &mut serving => {
                    ended
                        .map_err(|e| Error::internal("failed to serve", e))?
                        .map_err(|e| Error::internal("failed to serve", e))?;
                    return Ok(None);
                }
                tried = trying => tried.map_err(|e| Error::internal("failed to try the database", e))?,
            };
            match tried {
                Ok(parts) => {
                    handle.stop(true).await;
                    return Ok(Some(parts));
                }
                Err(Error::Unavailable(why)) => {
                    log::debug!(target: "portal::standby", "the database is still away: {why}");
                }
                Err(other) => {
                    handle.stop(true).await;
                    return Err(other);
                }
            }
        }
    })
}

/// Where only the database could answer.
async fn away() -> HttpResponse {
    unavailable(StatusCode::SERVICE_UNAVAILABLE)
}

fn unavailable(status: StatusCode) -> HttpResponse {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    if status == StatusCode::NOT_FOUND {
        return answer.body("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Page not found</title></head>\n<body><h1>Page not found</h1></body></html>\n");
    }
    answer.insert_header((RETRY_AFTER, AGAIN));
    answer.body(AWAY)
}

/// Whether the portal's address is one of HTTPS.
struct Https(bool);

/// Puts the security headers on every answer, and words on those that have none.
async fn told<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, actix_web::Error> {
    let https = request.app_data::<Data<Https>>().is_some_and(|https| https.0);
    let answer = next.call(request).await?;
    let status = answer.status();
    let mut answer = if status.is_server_error() || status == StatusCode::NOT_FOUND {
        let request = answer.request().clone();
        ServiceResponse::new(request, unavailable(status))
    } else {
        answer.map_into_boxed_body()
    };
    secure(answer.headers_mut(), https, "");
    Ok(answer)
}

/// The process is there.
async fn live() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A style sheet or script; of a page from before an update the present one of the same name.
async fn asset(request: HttpRequest, assets: Data<Assets>) -> Result<HttpResponse> {
    let by_name = || assets.get(assets.asset_url(request.path().rsplit('/').next()?)?);
    let asset = assets.get(request.path()).or_else(by_name).ok_or(Error::NotFound)?;
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packs = accepted.is_some_and(|list| list.contains("gzip"));
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, asset.media_type))
        .insert_header((CACHE_CONTROL, assets::CACHE_CONTROL))
        .insert_header((VARY, "accept-encoding"));
    if packs {
        answer.insert_header((CONTENT_ENCODING, "gzip"));
        return Ok(answer.body(asset.gzip()));
    }
    let plain = asset.made("identity").ok_or(Error::NotFound)?;
    Ok(answer.body(plain))
}
