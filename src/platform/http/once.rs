//! A form that creates something, sent twice: after a lost answer, a double press or a reload the browser is led to where
//! the first one led, and nothing is made a second time. Every form carries the reference of the page that it stood on.

use super::fields::Fields;
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::idempotency::{self, Call, Kept};
use crate::platform::ids::PersonId;

/// One form as its repeat would look, and where both lead.
#[derive(Debug, Clone)]
pub struct Once {
    call: Option<Call>,
    then: String,
}

impl Once {
    /// A form of this person, posted to this route, which leads on to `then`. The same page filled in otherwise is
    /// another form, not a repeat.
    ///
    /// # Errors
    /// Never for a form of ours; a form without its page's reference is taken as it comes.
    pub fn of(person: PersonId, route: &str, fields: &Fields, then: &str) -> Result<Self> {
        let page = fields.one("once");
        if page.is_empty() {
            return Ok(Self { call: None, then: then.to_owned() });
        }
        let mut all = String::new();
        for (name, value) in fields.pairs().iter().filter(|(name, _)| name != "csrf") {
            // Lengths keep one field's end apart from the next one's beginning.
            all.push_str(&format!("{}:{name}{}:{value}", name.len(), value.len()));
        }
        let key = format!("form-{}", hex(&sha256(format!("{route}\n{all}").as_bytes())));
        let call = Call::new(person, &key, route.to_owned(), all.as_bytes())?;
        Ok(Self { call: Some(call), then: then.to_owned() })
    }

    /// Begins the change: said first in its transaction, so that there is never the one without the other.
    ///
    /// # Errors
    /// [`Error::Repeated`] when the form was sent before.
    pub fn begin(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(call) = &self.call else {
            return Ok(());
        };
        if let Some(first) = idempotency::earlier(tx.conn(), call)? {
            return Err(Error::Repeated(first.body));
        }
        match idempotency::keep(tx, call, &Kept { status: 303, body: self.then.clone() }) {
            // Two at the same moment: the other one was first.
            Err(Error::Conflict(_)) => Err(Error::Repeated(self.then.clone())),
            outcome => outcome,
        }
    }
}
