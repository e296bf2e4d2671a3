//! The styles, scripts and icons the pages need: the design system's built files and our own few lines, embedded in
//! the binary and served under addresses that name their content, so that browsers may keep them for ever.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::OnceLock;

use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::pages::PagesError;

/// The design system's files, as `npm ci` leaves them; absent until `scripts/assets` has run.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates/node_modules/nhsuk-frontend/dist/nhsuk"]
#[include = "nhsuk-frontend.min.css"]
#[include = "nhsuk-frontend.min.js"]
#[include = "assets/images/nhsuk-icon-arrow-*.svg"]
#[include = "assets/images/nhsuk-icon-cross.svg"]
#[allow_missing = true]
struct DesignSystem;

/// Our own files.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates/assets"]
struct Own;

/// The `Cache-Control` of every asset: its address changes when its content does.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// One file to serve, with the three bodies a client may ask for.
#[derive(Debug)]
pub struct Asset {
    /// The value of `Content-Type`.
    pub media_type: &'static str,
    /// The strong entity tag of the plain body, quotes included. An encoded body needs its own: see [`Asset::etag_for`].
    pub etag: String,
    /// The body as it is.
    pub identity: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Asset {
    /// The gzip body, made at the first call.
    pub fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| gzip(&self.identity).unwrap_or_else(|| self.identity.clone())).clone()
    }

    /// The brotli body, made at the first call.
    pub fn brotli(&self) -> Bytes {
        self.brotli.get_or_init(|| brotli(&self.identity).unwrap_or_else(|| self.identity.clone())).clone()
    }

    /// The body in `encoding` (`gzip`, `br`, anything else for the plain one) if it is made already: making one takes long
    /// enough to be kept off the threads that answer.
    pub fn made(&self, encoding: &str) -> Option<Bytes> {
        match encoding {
            "br" => self.brotli.get().cloned(),
            "gzip" => self.gzip.get().cloned(),
            _ => Some(self.identity.clone()),
        }
    }

    /// The entity tag of the body in `encoding` (`gzip`, `br`, or empty for the plain one): a strong tag names bytes,
    /// so each encoding has another.
    pub fn etag_for(&self, encoding: &str) -> String {
        if encoding.is_empty() {
            self.etag.clone()
        } else {
            format!("\"{}-{encoding}\"", self.etag.trim_matches('"'))
        }
    }
}

/// Every asset by its public address.
#[derive(Debug)]
pub struct Assets {
    by_path: BTreeMap<String, Asset>,
    url_by_name: BTreeMap<String, String>,
}

impl Assets {
    /// Reads the embedded files, takes out the fonts of an outside host, and gives each its address.
    ///
    /// # Errors
    /// [`PagesError::AssetsMissing`] when the design system was not there when this was built (or, in a debug build,
    /// is not there now): run `scripts/assets` and build again.
    pub fn load() -> Result<Self, PagesError> {
        let mut assets = Self { by_path: BTreeMap::new(), url_by_name: BTreeMap::new() };
        for path in DesignSystem::iter().filter(|path| path.ends_with(".svg")) {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            assets.add(&name, read::<DesignSystem>(&path)?);
        }
        let css = text(read::<DesignSystem>("nhsuk-frontend.min.css")?)?;
        let css = assets.point_at_icons(&without_fonts_and_maps(&css));
        assets.add("nhsuk-frontend.min.css", css.into_bytes());
        let js = without_fonts_and_maps(&text(read::<DesignSystem>("nhsuk-frontend.min.js")?)?);
        assets.add("nhsuk-frontend.min.js", js.into_bytes());
        for path in Own::iter() {
            let mut body = read::<Own>(&path)?;
            if path.ends_with(".js") {
                body = assets.point_at_design_system(&text(body)?)?.into_bytes();
            }
            assets.add(&path, body);
        }
        Ok(assets)
    }

    /// The address of the asset of this name, such as `portal.css`.
    pub fn asset_url(&self, name: &str) -> Option<&str> {
        self.url_by_name.get(name).map(String::as_str)
    }

    /// The asset at this address (`/assets/<hash>/<name>`), if the hash is the present one.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }

    /// The names of all assets, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.url_by_name.keys().map(String::as_str)
    }

    fn add(&mut self, name: &str, body: Vec<u8>) {
        let digest = hex(&Sha256::digest(&body));
        let short = digest.get(..16).unwrap_or(&digest);
        let path = format!("/assets/{short}/{name}");
        let asset = Asset {
            media_type: media_type(name),
            etag: format!("\"{digest}\""),
            identity: Bytes::from(body),
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        };
        self.url_by_name.insert(name.to_owned(), path.clone());
        self.by_path.insert(path, asset);
    }

    /// The styles name their icons by fixed addresses; give them the addresses that name the content.
    fn point_at_icons(&self, css: &str) -> String {
        self.url_by_name
            .iter()
            .fold(css.to_owned(), |css, (name, url)| css.replace(&format!("/assets/images/{name}"), url))
    }

    fn point_at_design_system(&self, script: &str) -> Result<String, PagesError> {
        let name = "nhsuk-frontend.min.js";
        let url = self.asset_url(name).ok_or(PagesError::AssetsMissing)?;
        Ok(script.replace(&format!("\"{name}\""), &format!("\"{url}\"")))
    }
}

/// Takes out the `@font-face` rules, which would send every reader's address to a font host (the styles then fall back
/// to Arial), and the source map lines, whose maps are not served.
fn without_fonts_and_maps(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("@font-face{") {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let end = kept.find("/*# sourceMappingURL").or_else(|| kept.find("//# sourceMappingURL"));
    if let Some(end) = end {
        kept.truncate(end);
    }
    kept
}

fn read<E: RustEmbed>(path: &str) -> Result<Vec<u8>, PagesError> {
    E::get(path).map(|file| file.data.into_owned()).ok_or(PagesError::AssetsMissing)
}

fn text(body: Vec<u8>) -> Result<String, PagesError> {
    String::from_utf8(body).map_err(|_| PagesError::AssetsMissing)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(body: &[u8]) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn brotli(body: &[u8]) -> Option<Bytes> {
    let mut packed = Vec::new();
    // The best takes an unoptimised build many seconds, which every start of a debug build would wait for.
    let quality = if cfg!(debug_assertions) { 5 } else { 11 };
    let parameters = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
    brotli::BrotliCompress(&mut &*body, &mut packed, &parameters).ok()?;
    Some(Bytes::from(packed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_of_an_outside_host_and_source_maps_are_taken_out() {
        let css = "a{b:c}@font-face{src:url(https://x/y)}d{e:f}@font-face{g:h}i{}/*# sourceMappingURL=m */";
        assert_eq!(without_fonts_and_maps(css), "a{b:c}d{e:f}i{}");
    }

    #[test]
    fn every_asset_is_found_at_its_address_and_calls_nobody() {
        let assets = match Assets::load() {
            Ok(assets) => assets,
            Err(problem) => return eprintln!("skipped: {problem}"),
        };
        for name in assets.names() {
            let url = assets.asset_url(name).expect("a name has an address");
            let asset = assets.get(url).expect("an address has an asset");
            let body = String::from_utf8(asset.identity.to_vec()).expect("all assets are text");
            assert!(!body.contains("assets.nhs.uk"), "{name} calls an outside host");
            assert!(!body.contains("/assets/images/"), "{name} names an address that is not served");
            assert!(!body.contains("sourceMappingURL"), "{name} names a map that is not served");
        }
        assert!(assets.get("/assets/0000000000000000/portal.css").is_none());
        let script = assets.get(assets.asset_url("portal.js").expect("there")).expect("there");
        let design = assets.asset_url("nhsuk-frontend.min.js").expect("there");
        assert!(String::from_utf8_lossy(&script.identity).contains(design));
    }

    #[test]
    fn the_packed_bodies_unpack_to_the_plain_one() {
        let Ok(assets) = Assets::load() else { return eprintln!("skipped: run scripts/assets") };
        let css = assets.get(assets.asset_url("nhsuk-frontend.min.css").expect("there")).expect("there");
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut css.brotli().as_ref(), &mut plain).expect("brotli");
        assert_eq!(plain, css.identity);
        let mut plain = Vec::new();
        let packed = css.gzip();
        std::io::copy(&mut flate2::read::GzDecoder::new(packed.as_ref()), &mut plain).expect("gzip");
        assert_eq!(plain, css.identity);
        assert!(css.brotli().len() < css.gzip().len() && css.gzip().len() < css.identity.len() / 4);
        assert_ne!(css.etag_for("br"), css.etag_for("gzip"));
        assert_eq!(css.etag_for(""), css.etag);
    }
}
