//! Standing in line for a pool's connections. As many askers work at a time as it has connections, first come first
//! served: a thread that waits for a connection takes memory and is overtaken by whoever comes just when one is put back.

use std::sync::Arc;

use diesel::r2d2::Pool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Target;
use super::connect::{Opener, PATIENCE, Use, pool};
use crate::platform::error::{Error, Result};

/// A pool and the line before it.
pub(super) struct Line {
    pool: Pool<Opener>,
    turns: Arc<Semaphore>,
}

/// That it is one's turn, until it is dropped.
pub(super) struct Turn(#[expect(dead_code, reason = "held for what dropping it does")] OwnedSemaphorePermit);

impl Line {
    /// The line before a new [`pool`].
    ///
    /// # Errors
    /// As [`pool`].
    pub fn before(target: &Target, connections: u32, used: (Use, u32)) -> Result<Self> {
        let pool = pool(target, connections, used)?;
        let size = usize::try_from(pool.max_size()).unwrap_or(1);
        Ok(Self { pool, turns: Arc::new(Semaphore::new(size)) })
    }

    /// The pool itself, for whoever has a turn, and for threads that have nothing else to do than to wait for it.
    pub const fn pool(&self) -> &Pool<Opener> {
        &self.pool
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none came in five seconds.
    pub async fn turn(&self) -> Result<Turn> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let none = || Error::Unavailable("no database connection: timed out waiting for a turn".to_owned());
        turn.ok().and_then(std::result::Result::ok).map(Turn).ok_or_else(none)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn as_many_have_a_turn_as_there_are_connections_in_the_order_in_which_they_came() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("line.sqlite"));
        let line = Arc::new(Line::before(&target, 2, (Use::Make, 1)).unwrap());
        let first = line.turn().await.unwrap();
        let second = line.turn().await.unwrap();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for number in 0..5 {
            let (line, order) = (Arc::clone(&line), Arc::clone(&order));
            waiting.push(tokio::task::spawn_local(async move {
                let turn = line.turn().await.unwrap();
                order.lock().unwrap().push(number);
                drop(turn);
            }));
            tokio::task::yield_now().await;
        }
        assert!(order.lock().unwrap().is_empty());
        drop(second);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4]);
        drop(first);
    }
}
