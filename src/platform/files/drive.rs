//! A thread with a runtime of its own. Work for a bucket runs there whoever asked for it, so that no worker's event loop
//! signs or encrypts for it; and jobs and commands, which do not wait as handlers do, wait for it.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::platform::error::{Error, Result};

/// The thread; it ends with the last that holds it.
#[derive(Debug, Clone)]
pub(super) struct Drive {
    handle: Handle,
    _end: Arc<oneshot::Sender<()>>,
}

impl Drive {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives neither.
    pub fn start() -> Result<Self> {
        let failed = |e| Error::io("failed to start the thread for files", e);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let run = move || {
            // Nobody ever sends: it is over when the other end is gone.
            drop(runtime.block_on(ended));
        };
        std::thread::Builder::new().name("files".to_owned()).spawn(run).map_err(failed)?;
        Ok(Self { handle, _end: Arc::new(end) })
    }

    /// Its runtime.
    #[cfg(feature = "s3")]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs work there to its end even if whoever asked goes away meanwhile.
    ///
    /// # Errors
    /// The work's own, or that it panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let done = self.handle.spawn(work).await;
        done.unwrap_or_else(|e| Err(Error::internal("failed to work on files", e)))
    }

    /// Runs work there and stands still until it is done.
    ///
    /// # Errors
    /// As [`Drive::run`].
    pub fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let (to, from) = sync_channel(1);
        self.handle.spawn(async move {
            // Whoever asked is waiting; there is nobody else to tell.
            drop(to.send(work.await));
        });
        from.recv().unwrap_or_else(|e| Err(Error::internal("failed to work on files", e)))
    }
}
