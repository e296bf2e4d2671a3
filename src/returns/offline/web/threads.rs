//! The two threads on which workbooks and exports are made and read. An allocator keeps what a thread once used, so work that
//! takes megabytes for a moment stays on the same few threads instead of leaving some with every one that serves requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, LazyLock, Mutex};

use tokio::sync::oneshot;

use crate::platform::error::{Error, Result};

/// One for each processor of the smallest machine.
const THREADS: usize = 2;
/// What may wait: a workbook takes milliseconds, so this is less than a second's work.
const WAITING: usize = 64;

type Work = Box<dyn FnOnce() + Send>;

static QUEUE: LazyLock<std::io::Result<SyncSender<Work>>> = LazyLock::new(start);

fn start() -> std::io::Result<SyncSender<Work>> {
    let (queue, waiting) = sync_channel::<Work>(WAITING);
    let waiting = Arc::new(Mutex::new(waiting));
    for number in 1..=THREADS {
        let waiting = Arc::clone(&waiting);
        let name = format!("workbooks-{number}");
        std::thread::Builder::new().name(name).spawn(move || work_off(&waiting))?;
    }
    Ok(queue)
}

fn work_off(waiting: &Mutex<Receiver<Work>>) {
    loop {
        let next = match waiting.lock() {
            Ok(waiting) => waiting.recv(),
            Err(_) => return,
        };
        match next {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}

/// Runs work that takes a while off the event loop, without a connection.
///
/// # Errors
/// [`Error::Unavailable`] when too much waits already; that the work panicked.
pub async fn aside<T, F>(doing: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    let job: Work = Box::new(move || {
        // A file can make its reader panic; the thread is there for the next one all the same. Whoever asked may be gone.
        drop(tell.send(catch_unwind(AssertUnwindSafe(work))));
    });
    let queue = QUEUE.as_ref().map_err(|e| Error::internal(doing, e.to_string()))?;
    queue.try_send(job).map_err(|e| match e {
        TrySendError::Full(_) => {
            Error::Unavailable("too many workbooks are being made and read just now".to_owned())
        }
        TrySendError::Disconnected(_) => Error::internal(doing, "the threads are gone"),
    })?;
    match told.await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Error::internal(doing, "the work panicked")),
        Err(e) => Err(Error::internal(doing, e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_takes_no_thread_with_it() {
        for _ in 0..=2 * THREADS {
            let failed = aside("failed to try", || assert_eq!(1, 2, "a damaged file")).await;
            assert!(failed.is_err());
        }
        assert_eq!(aside("failed to try", || 7).await.unwrap(), 7);
    }
}
