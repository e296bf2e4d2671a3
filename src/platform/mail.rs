//! Mail: written as an outbox row in the caller's transaction, sent by a job through SMTP, into a folder or into
//! memory. A mail is never taken for certain: what could not be sent stays visible.

mod letter;

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use lettre::message::{Mailbox, MultiPart};
use lettre::{FileTransport, Message, SmtpTransport, Transport};

use super::clock::Timestamp;
use super::db::{Db, Reach, Tx};
use super::error::{Error, Result};
use super::ids::MailId;
use super::jobs::{self, Job, Outcome};
use crate::schema::outbound_mail;

pub use letter::Letter;

/// The kind of the job that sends one mail.
pub const SEND: &str = "mail.send";

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The template's name, for the record.
    pub template: &'static str,
    /// The address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body, saying the same.
    pub html: String,
}

/// Puts a mail into the outbox, in the caller's transaction.
///
/// # Errors
/// When the row cannot be written.
pub fn queue(tx: &mut Tx<'_>, mail: &Mail, message_id: &str) -> Result<()> {
    let now = tx.now();
    queue_for(tx, mail, message_id, now)
}

/// As [`queue`], unless a mail with this identity was put there before; gives whether this one was. Two at the same moment
/// must be kept apart by the caller.
///
/// # Errors
/// When the outbox cannot be read or written.
pub fn queue_once(tx: &mut Tx<'_>, mail: &Mail, message_id: &str) -> Result<bool> {
    let before: i64 = outbound_mail::table
        .filter(outbound_mail::message_id.eq(message_id))
        .count()
        .get_result(tx.conn())?;
    if before > 0 {
        return Ok(false);
    }
    queue(tx, mail, message_id)?;
    Ok(true)
}

/// As [`queue`], to be sent not before this moment: thousands at once would keep every other job waiting.
///
/// # Errors
/// When the row cannot be written.
pub fn queue_for(tx: &mut Tx<'_>, mail: &Mail, message_id: &str, not_before: Timestamp) -> Result<()> {
    let id: MailId = diesel::insert_into(outbound_mail::table)
        .values((
            outbound_mail::template.eq(mail.template),
            outbound_mail::to_address.eq(&mail.to),
            outbound_mail::subject.eq(&mail.subject),
            outbound_mail::text_body.eq(&mail.text),
            outbound_mail::html_body.eq(&mail.html),
            outbound_mail::message_id.eq(message_id),
            outbound_mail::created_at.eq(tx.now()),
        ))
        .returning(outbound_mail::id)
        .get_result(tx.conn())?;
    jobs::enqueue(tx, SEND, &id.to_string(), not_before, None)
}

/// Text made safe for the HTML part of a mail.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Mails kept in memory, for tests.
pub type Kept = Arc<Mutex<Vec<String>>>;

/// The way out.
#[derive(Clone)]
pub enum Mailer {
    /// A mail server.
    Smtp(Box<SmtpTransport>, Box<Mailbox>),
    /// One `.eml` file each.
    File(FileTransport, Box<Mailbox>),
    /// A list, for tests.
    Memory(Kept, Box<Mailbox>),
}

impl Mailer {
    /// Reads `smtp://`, `smtps://`, `file://DIR` or `memory://`.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn open(url: &str, from: &str) -> Result<Self> {
        let from: Mailbox =
            from.parse().map_err(|e| Error::internal(format!("failed to read the sender \"{from}\""), e))?;
        let from = Box::new(from);
        if let Some(folder) = url.strip_prefix("file://") {
            std::fs::create_dir_all(folder)
                .map_err(|e| Error::io(format!("failed to make the mail folder {folder}"), e))?;
            return Ok(Self::File(FileTransport::new(folder), from));
        }
        if url.starts_with("memory://") {
            return Ok(Self::Memory(Arc::default(), from));
        }
        let transport = SmtpTransport::from_url(url)
            .map_err(|e| Error::internal("failed to read the mail server's address", e))?
            .timeout(Some(std::time::Duration::from_secs(20)))
            .build();
        Ok(Self::Smtp(Box::new(transport), from))
    }

    /// Mails kept so far, when this mailer keeps them.
    #[must_use]
    pub fn kept(&self) -> Vec<String> {
        match self {
            Self::Memory(kept, _) => kept.lock().map(|k| k.clone()).unwrap_or_default(),
            Self::Smtp(..) | Self::File(..) => Vec::new(),
        }
    }

    fn from(&self) -> &Mailbox {
        match self {
            Self::Smtp(_, from) | Self::File(_, from) | Self::Memory(_, from) => from,
        }
    }

    /// Sends; the outer error is worth another try, the inner `Err` never will work.
    fn send(&self, message: &Message) -> Result<Result<(), String>> {
        match self {
            Self::Smtp(transport, _) => match transport.send(message) {
                Ok(_) => Ok(Ok(())),
                Err(e) if e.is_permanent() => Ok(Err(e.to_string())),
                Err(e) => Err(Error::Unavailable(format!("the mail server: {e}"))),
            },
            Self::File(transport, _) => transport
                .send(message)
                .map(|_| Ok(()))
                .map_err(|e| Error::internal("failed to write a mail to its folder", e)),
            Self::Memory(kept, _) => {
                let mut kept = kept.lock().map_err(|_| Error::broken("the kept mails are poisoned"))?;
                kept.push(String::from_utf8_lossy(&message.formatted()).into_owned());
                Ok(Ok(()))
            }
        }
    }
}

type Row = (String, String, String, String, String, Option<Timestamp>);

/// The handler of [`SEND`].
///
/// # Errors
/// When sending may work another time.
pub fn send(db: &Db, mailer: &Mailer, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<MailId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" is no mail", job.payload)));
    };
    let row: Row = db.read_now(Reach::nobodys(), move |conn| {
        Ok(outbound_mail::table
            .filter(outbound_mail::id.eq(id))
            .select((
                outbound_mail::to_address,
                outbound_mail::subject,
                outbound_mail::text_body,
                outbound_mail::html_body,
                outbound_mail::message_id,
                outbound_mail::sent_at,
            ))
            .first(conn)?)
    })?;
    let (to, subject, text, html, message_id, sent) = row;
    if sent.is_some() {
        return Ok(Outcome::Done);
    }
    let refused = match to.parse::<Mailbox>() {
        Err(e) => Some(format!("\"{to}\" is not a mail address: {e}")),
        Ok(to) => {
            let message = Message::builder()
                .from(mailer.from().clone())
                .to(to)
                .subject(subject)
                .message_id(Some(format!("<{message_id}@portal.invalid>")))
                .multipart(MultiPart::alternative_plain_html(text, html))
                .map_err(|e| Error::internal("failed to write a mail", e))?;
            mailer.send(&message)?.err()
        }
    };
    db.housekeep_now(Reach::nobodys(), move |tx| {
        let now = tx.now();
        let row = outbound_mail::table.filter(outbound_mail::id.eq(id));
        match refused {
            None => {
                diesel::update(row)
                    .set((
                        outbound_mail::sent_at.eq(Some(now)),
                        // It may have been given up before somebody had it tried again.
                        outbound_mail::gave_up_at.eq(None::<Timestamp>),
                    ))
                    .execute(tx.conn())?;
                Ok(Outcome::Done)
            }
            Some(why) => {
                diesel::update(row)
                    .set((outbound_mail::gave_up_at.eq(Some(now)), outbound_mail::last_error.eq(Some(&why))))
                    .execute(tx.conn())?;
                Ok(Outcome::GiveUp(why))
            }
        }
    })
}
