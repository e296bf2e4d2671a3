//! `portal serve`: migrate, listen, work in the background, stop cleanly.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer, middleware};

use super::check::warn_if_unbound;
use super::say::say;
use super::standby::{self, Opening};
use super::worker::Background;
use crate::app::{self, Parts};
use crate::platform::clock::SystemClock;
use crate::platform::config::Config;
use crate::platform::db;
use crate::platform::error::{Error, Result};
use crate::platform::http::front;
use crate::platform::random::SystemRandom;
use crate::publication::published;

/// What a listening server consists of.
pub struct Listening {
    /// The public listener's server.
    pub server: actix_web::dev::Server,
    /// Where it listens.
    pub address: std::net::SocketAddr,
}

/// Serves until told to stop. While the database is away, what was published is served as it was kept.
pub(super) fn serve(config: &Config, demo: bool) -> Result<()> {
    let target = config.target().map_err(Error::broken)?;
    let in_server = config.jobs.in_server;
    let socket = bind(config)?;
    let https = config.public_url().starts_with("https://");
    let opening: Opening = Arc::new({
        let config = config.clone();
        move || {
            db::migrate(&target)?;
            app::open(config.clone(), Arc::new(SystemClock), Arc::new(SystemRandom), demo)
        }
    });
    let parts = match opening() {
        Ok(parts) => parts,
        Err(Error::Unavailable(why)) => {
            let Some(kept) = standby::kept(config) else { return Err(Error::Unavailable(why)) };
            log::warn!(target: "portal::standby", "{why}");
            match standby::until_back(kept, &socket, https, opening)? {
                Some(parts) => parts,
                None => return Ok(()),
            }
        }
        Err(other) => return Err(other),
    };
    warn_if_unbound(&parts.portal.db);
    run_on(&parts, socket, in_server, |_| ())
}

/// Listens, works in the background when asked to, and calls back once requests are answered.
pub(crate) fn run(parts: &Parts, work: bool, ready: impl FnOnce(&Listening)) -> Result<()> {
    run_on(parts, bind(&parts.portal.config)?, work, ready)
}

fn run_on(parts: &Parts, socket: TcpListener, work: bool, ready: impl FnOnce(&Listening)) -> Result<()> {
    let background = work.then(|| Background::start(parts)).transpose()?;
    let tending = Background::tend(&parts.site)?;
    let served = actix_web::rt::System::new().block_on(async {
        let metrics = metrics_listener(parts)?;
        let listening = listen_on(parts, socket)?;
        say(&format!("ready: {}", parts.portal.config.public_url()));
        ready(&listening);
        if let Some(server) = metrics {
            actix_web::rt::spawn(server);
        }
        listening.server.await.map_err(|e| Error::internal("failed to serve", e))
    });
    tending.stop();
    if let Some(background) = background {
        background.stop();
    }
    served
}

/// Starts answering requests on the configured address.
///
/// # Errors
/// When the address cannot be listened on.
pub fn listen(parts: &Parts) -> Result<Listening> {
    listen_on(parts, bind(&parts.portal.config)?)
}

fn bind(config: &Config) -> Result<TcpListener> {
    let address = &config.http.listen;
    TcpListener::bind(address).map_err(|e| Error::Unavailable(format!("cannot listen on {address}: {e}")))
}

fn listen_on(parts: &Parts, socket: TcpListener) -> Result<Listening> {
    let config = &parts.portal.config.http;
    let address = socket.local_addr().map_err(|e| Error::io("failed to read the listening address", e))?;
    let portal = Data::new(parts.portal.clone());
    let key = Data::new(parts.key.clone());
    let site = parts.site.clone();
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(key.clone())
            .configure(app::routes(&portal, &site))
            .wrap(middleware::from_fn(front))
            .wrap(middleware::from_fn(published))
    })
    .shutdown_timeout(20)
    .backlog(1024);
    if config.workers > 0 {
        server = server.workers(config.workers);
    }
    let server = server.listen(socket).map_err(|e| Error::io("failed to listen", e))?.run();
    Ok(Listening { server, address })
}

/// The metrics on their own address, which the public never reaches.
fn metrics_listener(parts: &Parts) -> Result<Option<actix_web::dev::Server>> {
    let address = parts.portal.config.metrics.listen.clone();
    if address.is_empty() {
        return Ok(None);
    }
    let metrics = parts.portal.metrics.clone();
    let server = HttpServer::new(move || {
        let metrics = metrics.clone();
        App::new().route(
            "/metrics",
            web::get().to(move || {
                let text = metrics.text();
                async move {
                    text.map(|body| HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(body))
                }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .bind(&address)
    .map_err(|e| Error::Unavailable(format!("cannot listen on {address}: {e}")))?;
    Ok(Some(server.run()))
}
