//! Mail: written as an outbox row in the caller's transaction, sent by a job through SMTP, into a folder or into
//! memory. A mail is never taken for certain: what could not be sent stays visible. A crash between the mail server's yes and
//! our note of it leaves the end unknown. A letter is then sent again under its old identity, because somebody waits for it;
//! a reminder is not, because nobody may get one twice.

mod letter;

use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use lettre::message::{Mailbox, MultiPart};
use lettre::{FileTransport, Message, SmtpTransport, Transport};

use super::clock::Timestamp;
use super::db::{Conn, Db, Reach, Tx};
use super::error::{Error, Result};
use super::ids::{JobId, MailId};
use super::jobs::{self, Job, Outcome};
use crate::schema::{job, outbound_mail};

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
    put(tx, mail, message_id, (not_before, false))
}

/// As [`queue_for`], a mail that nobody may get twice: where the end of a try is unknown it is given up, visibly.
///
/// # Errors
/// When the row cannot be written.
pub fn queue_at_most_once(
    tx: &mut Tx<'_>,
    mail: &Mail,
    message_id: &str,
    not_before: Timestamp,
) -> Result<()> {
    put(tx, mail, message_id, (not_before, true))
}

fn put(
    tx: &mut Tx<'_>,
    mail: &Mail,
    message_id: &str,
    (not_before, at_most_once): (Timestamp, bool),
) -> Result<()> {
    let id: MailId = diesel::insert_into(outbound_mail::table)
        .values((
            outbound_mail::template.eq(mail.template),
            outbound_mail::to_address.eq(&mail.to),
            outbound_mail::subject.eq(&mail.subject),
            outbound_mail::text_body.eq(&mail.text),
            outbound_mail::html_body.eq(&mail.html),
            outbound_mail::message_id.eq(message_id),
            outbound_mail::created_at.eq(tx.now()),
            outbound_mail::at_most_once.eq(at_most_once),
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

    /// Whether the way out is open now, before anything is sent.
    fn must_be_open(&self) -> Result<()> {
        let Self::Smtp(transport, _) = self else { return Ok(()) };
        match transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Unavailable("the mail server does not answer".to_owned())),
            Err(e) => Err(Error::Unavailable(format!("the mail server: {e}"))),
        }
    }

    /// Tries to send.
    fn send(&self, message: &Message) -> Result<Sending> {
        match self {
            Self::Smtp(transport, _) => Ok(match transport.send(message) {
                Ok(_) => Sending::Taken,
                Err(e) if e.is_permanent() => Sending::Refused(e.to_string()),
                Err(e) if e.is_transient() => Sending::NotNow(format!("the mail server: {e}")),
                Err(e) => Sending::Unknown(format!("the mail server: {e}")),
            }),
            Self::File(transport, _) => Ok(match transport.send(message) {
                Ok(_) => Sending::Taken,
                Err(e) => Sending::NotNow(format!("failed to write a mail to its folder: {e}")),
            }),
            Self::Memory(kept, _) => {
                let mut kept = kept.lock().map_err(|_| Error::broken("the kept mails are poisoned"))?;
                kept.push(String::from_utf8_lossy(&message.formatted()).into_owned());
                Ok(Sending::Taken)
            }
        }
    }
}

/// How one try ended.
#[derive(Debug)]
enum Sending {
    /// The server has it.
    Taken,
    /// It never will take it.
    Refused(String),
    /// It said that it did not take it, and may another time.
    NotNow(String),
    /// It was lost in the middle: nobody can say whether it was taken.
    Unknown(String),
}

/// Lets a job of [`SEND`] that was given up send once more, because a person says so; in the change that queues it again.
///
/// # Errors
/// When the row cannot be written.
pub fn allow_again(tx: &mut Tx<'_>, of: JobId) -> Result<()> {
    let payload: String =
        job::table.filter(job::id.eq(of)).filter(job::kind.eq(SEND)).select(job::payload).first(tx.conn())?;
    let Ok(id) = payload.parse::<MailId>() else { return Ok(()) };
    diesel::update(outbound_mail::table.filter(outbound_mail::id.eq(id)))
        .set(outbound_mail::attempted_at.eq(None::<Timestamp>))
        .execute(tx.conn())?;
    Ok(())
}

#[derive(Debug, Queryable)]
struct Row {
    to: String,
    subject: String,
    text: String,
    html: String,
    message_id: String,
    sent_at: Option<Timestamp>,
    at_most_once: bool,
    attempted_at: Option<Timestamp>,
}

impl Row {
    fn read(conn: &mut Conn, id: MailId) -> Result<Self> {
        Ok(outbound_mail::table
            .filter(outbound_mail::id.eq(id))
            .select((
                outbound_mail::to_address,
                outbound_mail::subject,
                outbound_mail::text_body,
                outbound_mail::html_body,
                outbound_mail::message_id,
                outbound_mail::sent_at,
                outbound_mail::at_most_once,
                outbound_mail::attempted_at,
            ))
            .first(conn)?)
    }

    /// The message, or why there can be none.
    fn message(self, mailer: &Mailer) -> Result<std::result::Result<Message, String>> {
        let to = match self.to.parse::<Mailbox>() {
            Err(e) => return Ok(Err(format!("\"{}\" is not a mail address: {e}", self.to))),
            Ok(to) => to,
        };
        Message::builder()
            .from(mailer.from().clone())
            .to(to)
            .subject(self.subject)
            .message_id(Some(format!("<{}@portal.invalid>", self.message_id)))
            .multipart(MultiPart::alternative_plain_html(self.text, self.html))
            .map(Ok)
            .map_err(|e| Error::internal("failed to write a mail", e))
    }
}

/// What is said of a mail that may have arrived.
const MAY_HAVE_ARRIVED: &str = "The portal stopped, or lost the mail server, while this mail was being sent. It may have \
    arrived, and nobody may get it twice: it is sent again only when somebody has it tried again.";

/// The handler of [`SEND`].
///
/// # Errors
/// When sending may work another time.
pub fn send(db: &Db, mailer: &Mailer, job: &Job) -> Result<Outcome> {
    let Ok(id) = job.payload.parse::<MailId>() else {
        return Ok(Outcome::GiveUp(format!("\"{}\" is no mail", job.payload)));
    };
    let row = db.read_now(Reach::nobodys(), move |conn| Row::read(conn, id))?;
    if row.sent_at.is_some() {
        return Ok(Outcome::Done);
    }
    let at_most_once = row.at_most_once;
    if at_most_once && row.attempted_at.is_some() {
        return given_up(db, id, MAY_HAVE_ARRIVED.to_owned());
    }
    let message = match row.message(mailer)? {
        Ok(message) => message,
        Err(why) => return given_up(db, id, why),
    };
    mailer.must_be_open()?;
    if at_most_once {
        attempt(db, id, true)?;
    }
    match mailer.send(&message)? {
        Sending::Taken => taken(db, id),
        Sending::Refused(why) => given_up(db, id, why),
        Sending::NotNow(why) => {
            if at_most_once {
                attempt(db, id, false)?;
            }
            Err(Error::Unavailable(why))
        }
        Sending::Unknown(why) if at_most_once => given_up(db, id, format!("{MAY_HAVE_ARRIVED} ({why})")),
        Sending::Unknown(why) => Err(Error::Unavailable(why)),
    }
}

/// Notes that a try begins, durably and before it does; or that it ended without the mail having gone.
fn attempt(db: &Db, id: MailId, begins: bool) -> Result<()> {
    db.housekeep_now(Reach::nobodys(), move |tx| {
        let at = begins.then(|| tx.now());
        diesel::update(outbound_mail::table.filter(outbound_mail::id.eq(id)))
            .set(outbound_mail::attempted_at.eq(at))
            .execute(tx.conn())?;
        Ok(())
    })
}

fn taken(db: &Db, id: MailId) -> Result<Outcome> {
    db.housekeep_now(Reach::nobodys(), move |tx| {
        let now = tx.now();
        diesel::update(outbound_mail::table.filter(outbound_mail::id.eq(id)))
            .set((
                outbound_mail::sent_at.eq(Some(now)),
                // It may have been given up before somebody had it tried again.
                outbound_mail::gave_up_at.eq(None::<Timestamp>),
            ))
            .execute(tx.conn())?;
        Ok(Outcome::Done)
    })
}

fn given_up(db: &Db, id: MailId, why: String) -> Result<Outcome> {
    db.housekeep_now(Reach::nobodys(), move |tx| {
        let now = tx.now();
        diesel::update(outbound_mail::table.filter(outbound_mail::id.eq(id)))
            .set((outbound_mail::gave_up_at.eq(Some(now)), outbound_mail::last_error.eq(Some(&why))))
            .execute(tx.conn())?;
        Ok(Outcome::GiveUp(why))
    })
}
