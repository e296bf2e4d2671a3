//! Asking the portal's own routes for each address, within the process, and writing what they answer: what is exported is
//! what is served because the same code answered.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::App;
use actix_web::body::to_bytes;
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, LOCATION, SET_COOKIE,
};
use actix_web::middleware::from_fn;
// The one way that the framework offers to ask an application without a socket.
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{Bytes, Data};

use super::folder::{Folder, is_plain};
use crate::app::{self, Parts};
use crate::platform::canonical::{hex, sha256};
use crate::platform::error::{Error, Result};
use crate::platform::http::secure;
use crate::publication::published;

/// How the addresses begin that need no server behind them.
const PUBLIC: [&str; 6] = ["/public/", "/assets/", "/.well-known/", "/sitemap", "/robots.txt", "/favicon"];
/// Encodings beside the plain one, with the ends of their files' names.
const PACKED: [(&str, &str); 2] = [("gzip", "gz"), ("br", "br")];

/// A file that was written.
pub(super) struct Copied {
    /// Its name below the folder.
    pub file: String,
    /// The headers it is served with, whatever the encoding.
    pub headers: BTreeMap<String, String>,
    pub bytes: u64,
    pub sha256: String,
    /// Names of its packed forms by encoding.
    pub packed: BTreeMap<String, String>,
    /// Addresses on this site that it leads to.
    pub links: BTreeSet<String>,
}

/// What stands at an address.
pub(super) enum Found {
    File(Copied),
    Redirect(String),
    /// Nothing that a server of files could serve.
    Nothing,
}

type Answering = Pin<Box<dyn Future<Output = Result<ServiceResponse, actix_web::Error>>>>;
type Asking = Rc<dyn Fn(TestRequest) -> Answering>;

/// They ask the reader for something and answer to it, which a server of files cannot.
const ASKING: [&str; 2] = ["/public/compare", "/public/years"];

/// Whether an address needs no server behind it.
pub(super) fn is_public(address: &str) -> bool {
    address == "/" || (!ASKING.contains(&address) && PUBLIC.iter().any(|start| address.starts_with(start)))
}

/// Asks for every address, on all processors, and writes what there is.
pub(super) fn ask_all(parts: &Parts, folder: &Folder, addresses: &[String]) -> Result<Vec<(String, Found)>> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = addresses.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let working: Vec<_> = addresses
            .chunks(share)
            .map(|some| {
                let parts = parts.clone();
                scope.spawn(move || actix_web::rt::System::new().block_on(ask_some(&parts, folder, some)))
            })
            .collect();
        let mut all = Vec::with_capacity(addresses.len());
        for one in working {
            let found = one.join().map_err(|_| Error::broken("a thread that exports pages panicked"))?;
            all.extend(found?);
        }
        Ok(all)
    })
}

async fn ask_some(parts: &Parts, folder: &Folder, addresses: &[String]) -> Result<Vec<(String, Found)>> {
    let service = init_service(
        App::new()
            .app_data(Data::new(parts.key.clone()))
            .configure(app::routes(&Data::new(parts.portal.clone()), &parts.site))
            .wrap(from_fn(published)),
    )
    .await;
    let service = Rc::new(service);
    let asking: Asking = Rc::new(move |request: TestRequest| {
        let service = Rc::clone(&service);
        let answering: Answering =
            Box::pin(async move { Ok(service.call(request.to_request()).await?.map_into_boxed_body()) });
        answering
    });
    let https = parts.portal.config.public_url().starts_with("https://");
    let mut found = Vec::with_capacity(addresses.len());
    for address in addresses {
        found.push((address.clone(), copy(&asking, folder, address, https).await?));
    }
    Ok(found)
}

/// An answer's status, headers and body.
async fn answer(
    asking: &Asking,
    address: &str,
    encoding: Option<&str>,
) -> Result<(StatusCode, HeaderMap, Bytes)> {
    let mut request = TestRequest::get().uri(address);
    if let Some(encoding) = encoding {
        request = request.insert_header((ACCEPT_ENCODING, encoding));
    }
    let failed =
        |e: &dyn std::fmt::Display| Error::internal(format!("failed to make {address}"), e.to_string());
    let answer = asking(request).await.map_err(|e| failed(&e))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = to_bytes(answer.into_body()).await.map_err(|e| failed(&e))?;
    Ok((status, headers, body))
}

fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn copy(asking: &Asking, folder: &Folder, address: &str, https: bool) -> Result<Found> {
    let path = address.trim_start_matches('/');
    if !path.is_empty() && !is_plain(path) {
        return Ok(Found::Nothing);
    }
    let (status, mut headers, body) = answer(asking, address, None).await?;
    if status.is_redirection() {
        let to = text(&headers, &LOCATION);
        return Ok(if is_public(&to) { Found::Redirect(to) } else { Found::Nothing });
    }
    if status.is_server_error() {
        return Err(Error::Unavailable(format!("{address} could not be made: {status}. Try again.")));
    }
    // Only what is the same for everybody.
    let public = text(&headers, &CACHE_CONTROL).starts_with("public") && !headers.contains_key(SET_COOKIE);
    if status != StatusCode::OK || !public {
        return Ok(Found::Nothing);
    }
    let page = text(&headers, &CONTENT_TYPE).starts_with("text/html");
    let file = match (path.is_empty(), page) {
        (true, _) => "index.html".to_owned(),
        (false, true) => format!("{path}/index.html"),
        (false, false) => path.to_owned(),
    };
    folder.write(&file, &body)?;
    let mut packed = BTreeMap::new();
    for (encoding, suffix) in PACKED {
        let (_, headers, body) = answer(asking, address, Some(encoding)).await?;
        if text(&headers, &CONTENT_ENCODING) == encoding {
            let name = format!("{file}.{suffix}");
            folder.write(&name, &body)?;
            packed.insert(encoding.to_owned(), name);
        }
    }
    secure(&mut headers, https, "");
    let links = if page { links(&String::from_utf8_lossy(&body)) } else { BTreeSet::new() };
    Ok(Found::File(Copied {
        file,
        headers: kept(&headers),
        bytes: body.len() as u64,
        sha256: hex(&sha256(&body)),
        packed,
        links,
    }))
}

/// The headers that a server of files must be told; the others it makes itself.
fn kept(headers: &HeaderMap) -> BTreeMap<String, String> {
    let own = [ETAG, CONTENT_ENCODING, CONTENT_LENGTH];
    let named = headers.iter().filter(|(name, _)| !own.contains(name));
    named.map(|(name, _)| (name.to_string(), text(headers, name))).collect()
}

/// Addresses on this site that a page leads to or needs; those of a search only the portal can answer.
fn links(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in ["href=\"", "src=\""] {
        for rest in html.split(start).skip(1) {
            let address = rest.split(['"', '#']).next().unwrap_or_default().replace("&amp;", "&");
            if address.starts_with('/') && !address.starts_with("//") && !address.contains('?') {
                found.insert(address);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_within_the_site_are_followed_and_others_are_not() {
        let html = "<a href=\"/public/a#x\">a</a><a href=\"//else\"><img src=\"/assets/1/a.svg\">\
                    <a href=\"https://x\"><a href=\"/public/o?q=a&amp;page=2\"><a href=\"#here\">";
        let found: Vec<String> = links(html).into_iter().collect();
        assert_eq!(found, ["/assets/1/a.svg", "/public/a"]);
        assert!(is_public("/") && is_public("/public/a") && is_public("/sitemap.xml"));
        assert!(!is_public("/sign-in") && !is_public("/ledger") && !is_public("/public/compare"));
        assert!(!is_public("/public/years"));
    }
}
