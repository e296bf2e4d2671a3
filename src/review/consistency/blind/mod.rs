//! Scoring a submission of the sample without sight of its first review: taken or given, scored answer by answer,
//! finished as a whole, and then compared.

mod assign;
mod case;
mod compare;
mod finish;
mod impartial;
mod next;
mod score;
mod sheet;
mod work;

pub use assign::{give_blind_case, release_blind_case, take_blind_case};
pub use finish::finish_blind_case;
pub use impartial::Impartial;
pub use next::waiting_case;
pub use score::{BlindFinding, score_blind};
pub use work::{BlindAnswer, BlindWork, blind_work};

pub(super) use case::{Mine, cases_of, find_case, waiting_cases};
pub(in crate::review) use finish::first_is_done;
pub(super) use next::scorers_for;
pub(super) use sheet::{BlindLine, BlindSheet};
