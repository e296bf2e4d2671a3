//! What crawlers are told: which addresses there are (sitemaps.org's protocol, in parts where there are many) and which are
//! not for them.

use std::sync::Arc;

use super::body::Body;
use super::{ORGANISATIONS, PublicSite, Site, a_to_z};
use crate::platform::charts::markup::Markup;
use crate::platform::error::{Error, Result};

/// Most addresses of one file, by the protocol.
const MOST: usize = 50_000;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// The start of the addresses of parts.
const PARTS: &str = "/public/sitemaps/";
const XML: &str = "application/xml; charset=utf-8";

/// The map of one state of the site.
#[derive(Debug)]
pub(super) struct Sitemaps {
    /// What stands at `/sitemap.xml`.
    root: Arc<Body>,
    /// The parts that it leads to; none where it holds everything itself.
    parts: Vec<Arc<Body>>,
}

/// What crawlers may read. Pages for those who sign in are refused to them, and so are links with tokens in them.
pub(super) fn robots(portal: &str) -> Body {
    let mut text = "User-agent: *\n".to_owned();
    for open in [
        "/$",
        "/public/",
        "/.well-known/",
        "/assets/",
        "/standards",
        "/ledger",
        "/help",
        "/accessibility",
        "/api$",
        "/sitemap.xml",
    ] {
        text.push_str(&format!("Allow: {open}\n"));
    }
    text.push_str(&format!("Disallow: /\n\nSitemap: {portal}/sitemap.xml\n"));
    Body::text("text/plain; charset=utf-8", text)
}

impl PublicSite {
    /// The map of the site, or a part of it, counted from 1. It is made at the first request: with it stand all
    /// organisations.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a part that there is not, or when the list of organisations cannot be read.
    pub(in crate::publication) fn sitemap(&self, part: Option<usize>) -> Result<Arc<Body>> {
        let site = self.now();
        let maps = if let Some(ready) = site.sitemaps.get() {
            ready
        } else {
            let made = self.mapped(&site)?;
            site.sitemaps.get_or_init(|| made)
        };
        match part {
            None => Ok(Arc::clone(&maps.root)),
            Some(number) => {
                let place = number.checked_sub(1).ok_or(Error::NotFound)?;
                maps.parts.get(place).map(Arc::clone).ok_or(Error::NotFound)
            }
        }
    }

    /// The addresses of the map and of its parts.
    ///
    /// # Errors
    /// As [`PublicSite::sitemap`].
    pub fn sitemap_addresses(&self) -> Result<Vec<String>> {
        self.sitemap(None)?;
        let parts = self.now().sitemaps.get().map_or(0, |maps| maps.parts.len());
        let parts = (1..=parts).map(|number| format!("{PARTS}{number}.xml"));
        Ok(std::iter::once("/sitemap.xml".to_owned()).chain(parts).collect())
    }

    fn mapped(&self, site: &Site) -> Result<Sitemaps> {
        let mut paths: Vec<String> =
            site.fixed.iter().filter(|(_, body)| body.is_page()).map(|(path, _)| path.clone()).collect();
        paths.push("/public/organisations".to_owned());
        let directory = self.directory(site)?;
        paths.extend(a_to_z::addresses(&directory));
        paths.sort();
        paths.extend(directory.records().map(|record| format!("{ORGANISATIONS}{}", record.code)));
        let address = self.shared.address.as_str();
        Ok(maps(address, &paths, MOST))
    }
}

/// One file of everything, or an index of files of at most so many.
fn maps(portal: &str, paths: &[String], most: usize) -> Sitemaps {
    if paths.len() <= most {
        return Sitemaps {
            root: file("urlset", "url", paths.iter().map(|path| format!("{portal}{path}"))),
            parts: Vec::new(),
        };
    }
    let parts: Vec<Arc<Body>> = paths
        .chunks(most)
        .map(|some| file("urlset", "url", some.iter().map(|path| format!("{portal}{path}"))))
        .collect();
    let addresses = (1..=parts.len()).map(|number| format!("{portal}{PARTS}{number}.xml"));
    Sitemaps { root: file("sitemapindex", "sitemap", addresses), parts }
}

fn file(whole: &'static str, each: &'static str, addresses: impl Iterator<Item = String>) -> Arc<Body> {
    let mut out = Markup::default();
    out.open(whole, &[("xmlns", NAMESPACE)]);
    for address in addresses {
        out.open(each, &[]);
        out.text("loc", &[], &address);
        out.close();
    }
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", out.finish());
    Arc::new(Body::text(XML, text))
}

#[cfg(test)]
mod tests {
    use super::super::accept::Encoding;
    use super::*;

    fn text(body: &Body) -> String {
        String::from_utf8(body.bytes(Encoding::Identity).to_vec()).unwrap()
    }

    #[test]
    fn many_addresses_stand_in_parts_and_each_in_one() {
        let paths: Vec<String> = (0..7).map(|n| format!("/public/organisations/X{n}&")).collect();
        let whole = maps("https://portal.example", &paths, 7);
        assert!(whole.parts.is_empty() && text(&whole.root).matches("<loc>").count() == 7);
        let split = maps("https://portal.example", &paths, 3);
        assert_eq!(split.parts.len(), 3);
        let index = text(&split.root);
        assert!(
            index.contains("<sitemapindex") && index.contains("https://portal.example/public/sitemaps/3.xml")
        );
        let all: String = split.parts.iter().map(|part| text(part)).collect();
        for path in &paths {
            let escaped = path.replace('&', "&amp;");
            assert_eq!(all.matches(&format!("<loc>https://portal.example{escaped}</loc>")).count(), 1);
        }
    }
}
