//! Reminders before a return is due, and a weekly digest. Each goes to a person once, whatever crashes: what was sent is
//! written down in the transaction that queues the mail. Days are those of London.

mod digest;
mod due;
mod escalate;
mod jobs;
mod leavers;
mod lines;
mod mail;
mod owners;
mod send;
mod signers;
mod store;

pub use due::DAYS_BEFORE;
pub use escalate::escalate_overdue;
pub use jobs::{REMIND, ensure_scheduled, remind};
pub use leavers::tell_of_leavers;
pub use lines::{LINE_DAYS_BEFORE, send_line_reminders};
pub use owners::{OWNER_DAYS_BEFORE, send_owner_reminders};
pub use send::{SentReminders, in_batches, send_due};
