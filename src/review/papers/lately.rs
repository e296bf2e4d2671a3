//! Submissions that were taken apart lately. What was submitted never changes, and a reviewer opens the same two submissions
//! for every one of their requirements: so each is found again by the hash of its text, also across databases of one process,
//! and kept only where the text has that hash. Whether somebody may read it is asked elsewhere, each time.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::Papers;
use crate::platform::canonical::sha256;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::ids::SubmissionId;
use crate::review::store::snapshot_of;

/// Room for the submissions of about a hundred reviews that are worked on at the same time, in bytes of their texts.
const ROOM: usize = 4 * 1024 * 1024;

#[derive(Default)]
struct Lately {
    known: HashMap<Vec<u8>, Kept>,
    bytes: usize,
    turn: u64,
}

struct Kept {
    papers: Arc<Papers>,
    bytes: usize,
    used: u64,
}

static LATELY: LazyLock<Mutex<Lately>> = LazyLock::new(Mutex::default);

/// The papers of a submission whose text has this hash: no statement where they were read lately.
///
/// # Errors
/// When the snapshot cannot be read, which is a fault of what is stored, or the database cannot be asked.
pub(in crate::review) fn papers(conn: &mut Conn, of: SubmissionId, hash: &[u8]) -> Result<Arc<Papers>> {
    // Nothing is left half done in there: whoever died while holding it has only looked or inserted.
    let known = LATELY.lock().unwrap_or_else(PoisonError::into_inner).find(hash);
    if let Some(papers) = known {
        return Ok(papers);
    }
    let text = snapshot_of(conn, of)?;
    let papers = Arc::new(Papers::read(&text)?);
    if sha256(text.as_bytes())[..] == *hash {
        LATELY.lock().unwrap_or_else(PoisonError::into_inner).keep(hash, text.len(), &papers);
    }
    Ok(papers)
}

impl Lately {
    fn find(&mut self, hash: &[u8]) -> Option<Arc<Papers>> {
        self.turn += 1;
        let kept = self.known.get_mut(hash)?;
        kept.used = self.turn;
        Some(Arc::clone(&kept.papers))
    }

    fn keep(&mut self, hash: &[u8], bytes: usize, papers: &Arc<Papers>) {
        let kept = Kept { papers: Arc::clone(papers), bytes, used: self.turn };
        self.bytes += bytes;
        if let Some(twice) = self.known.insert(hash.to_vec(), kept) {
            self.bytes -= twice.bytes;
        }
        while self.bytes > ROOM {
            let oldest = self.known.iter().min_by_key(|(_, kept)| kept.used).map(|(hash, _)| hash.clone());
            let Some(gone) = oldest.and_then(|hash| self.known.remove(&hash)) else { return };
            self.bytes -= gone.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let papers = Arc::new(Papers::read(r#"{"answers":[]}"#).unwrap());
        let mut lately = Lately::default();
        lately.keep(b"a", ROOM / 2, &papers);
        assert!(lately.find(b"a").is_some());
        lately.keep(b"b", ROOM / 2, &papers);
        lately.keep(b"b", ROOM / 2, &papers);
        assert!(lately.find(b"a").is_some() && lately.find(b"b").is_some());
        assert!(lately.find(b"a").is_some());
        lately.keep(b"c", 1, &papers);
        assert!(lately.find(b"b").is_none());
        assert!(lately.find(b"a").is_some() && lately.find(b"c").is_some());
        lately.keep(b"d", ROOM + 1, &papers);
        assert!(lately.find(b"d").is_none(), "what is larger than all the room is not kept");
        assert!(lately.bytes <= 1);
    }
}
