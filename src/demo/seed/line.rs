//! The production line of returns: threads make the rows of one stretch after another, one writer writes them in order.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::returns::{Document, Maker};
use super::rows::Rows;
use super::years::Written;
use super::{Seeding, seeding_permit};
use crate::access::Actor;
use crate::ledger::{self, Event};
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};

/// Organisations whose returns are made and written together.
const STRETCH: usize = 100;
/// Organisations after which a long year tells how far it is.
const TELL_EVERY: usize = 8_000;

type Made = Result<(Rows, usize)>;

/// Writes the returns of one year; how many there are.
pub(super) fn write(
    db: &Db,
    seeding: &Arc<Seeding>,
    year: usize,
    collection: &Written,
    documents: &[Document],
    tell: &dyn Fn(&str),
) -> Result<usize> {
    let total = seeding.organisations.len();
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(1, 8);
    let maker = Maker { seeding, collection, documents, year };
    std::thread::scope(|scope| {
        // Thread n makes stretches n, n + threads, ...; taking from each in turn keeps their order.
        let lines: Vec<Receiver<Made>> = (0..threads)
            .map(|thread| {
                let (send, receive) = sync_channel(1);
                let maker = &maker;
                scope.spawn(move || make(maker, thread, threads, total, &send));
                receive
            })
            .collect();
        let mut written = 0;
        for (begin, line) in (0..total).step_by(STRETCH).zip(lines.iter().cycle()) {
            let (rows, count) =
                line.recv().map_err(|_| Error::broken("a thread of the demo ended early"))??;
            store(db, collection, rows, count)?;
            written += count;
            let end = (begin + STRETCH).min(total);
            if total > TELL_EVERY && (end / TELL_EVERY > begin / TELL_EVERY || end == total) {
                tell(&format!("  {end} of {total} organisations"));
            }
        }
        Ok(written)
    })
}

fn make(maker: &Maker<'_>, thread: usize, threads: usize, total: usize, send: &SyncSender<Made>) {
    for begin in (thread * STRETCH..total).step_by(threads * STRETCH) {
        let made = maker.rows(begin..(begin + STRETCH).min(total));
        // Nobody takes them any more: the writer gave up and tells why.
        if send.send(made).is_err() {
            return;
        }
    }
}

fn store(db: &Db, collection: &Written, rows: Rows, count: usize) -> Result<()> {
    let (key, is_open) = (collection.key.clone(), collection.is_open);
    db.write_now(Actor::system_reach(), move |tx| {
        rows.write(tx, is_open)?;
        let data = serde_json::json!({"collection": key, "returns": count});
        ledger::append(tx, &Event::of(&seeding_permit()?, "demo_returns_made", "demo".to_owned(), data), ())
    })
}
