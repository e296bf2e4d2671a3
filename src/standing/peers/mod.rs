//! What may be said of organisations of the same kind: quartiles of whole sectors, computed at night under the disclosure
//! rules and renewed only when enough of a sector has changed. Why so: `docs/decisions/0018-peers.md`.

mod measure;
mod refresh;
mod store;

pub use measure::{Measure, points, share};
pub use refresh::{Refreshed, refresh_peers};
pub use store::{PeerFigure, figure};
