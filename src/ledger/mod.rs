//! The append-only record of what happened. A verb's event is recorded in its own transaction; one sequencer puts
//! recorded events into an RFC 6962 tree within a second and signs a checkpoint; `portal verify` recomputes it all.

mod append;
mod key;
mod prove;
mod sequence;
mod told;
mod tree;
mod verify;

pub use append::{Event, Recorded, append, position};
pub use key::{LogKey, Verifier};
pub use prove::{Place, Proof, prove};
pub use sequence::{Head, anything_waits, head, sequence_once};
pub use told::told;
pub use verify::{Difference, verify};
