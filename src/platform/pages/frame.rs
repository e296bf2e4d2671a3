//! The header and the foot of a page, which say the same on many pages in turn: each is written once by the components and
//! then found again by everything that it is made of.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tera::{Context, Tera, TeraResult, Value};

use super::Chrome;

/// Frames that are kept: those of some hundred people on their way through the portal, a few KiB each.
const KEPT: usize = 1000;

/// Stands for what the foot says of this request; no text of a page has it.
const HERE: &str = "\u{1}";

/// What stands around a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Frame {
    header: Value,
    /// The foot up to what it says of this request.
    foot: Value,
    /// The rest of it.
    end: Value,
}

/// The frames that were written lately.
#[derive(Debug, Default)]
pub(super) struct Frames(Mutex<HashMap<String, Frame>>);

impl Frames {
    /// The frame of these surroundings.
    pub(super) fn of(&self, tera: &Tera, chrome: &Chrome) -> TeraResult<Frame> {
        let key = serde_json::to_string(&(chrome.header(), &chrome.footer))
            .map_err(|error| tera::Error::message(format!("a frame cannot be named: {error}")))?;
        // Nothing is left half done in there: whoever died while holding it has only looked or inserted.
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(frame) = known {
            return Ok(frame);
        }
        let frame = written(tera, chrome)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, frame.clone());
        Ok(frame)
    }
}

fn written(tera: &Tera, chrome: &Chrome) -> TeraResult<Frame> {
    let header = tera.render_component("header", &Context::from_serialize(&chrome.header())?, None, true)?;
    let mut links = Context::new();
    links.insert("meta", &chrome.footer);
    let whole = tera.render_component("footer", &links, Some(HERE), true)?;
    let (foot, end) = whole
        .split_once(HERE)
        .ok_or_else(|| tera::Error::message("the foot has no place for what it says of a request"))?;
    Ok(Frame {
        header: Value::safe_string(&header),
        foot: Value::safe_string(foot),
        end: Value::safe_string(end),
    })
}
