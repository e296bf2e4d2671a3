//! Where do we stand: how far a return has got on its way to the deadline, this year against last year, what may be said
//! of organisations of the same kind, and the paper that a board is given of all that.
//!
//! Everything is read and computed when it is asked for, except the figures of other organisations: those a job computes
//! under the disclosure rules, and pages read nothing else of anybody else.

mod burn_up;
mod burn_up_chart;
mod comparison;
mod gather;
mod jobs;
mod pages;
mod paper;
mod parts;
mod peers;
mod store;
mod web;

pub use burn_up::{BurnUp, Change, Span, Step, burn_up};
pub use burn_up_chart::burn_up_chart;
pub use comparison::{Compared, Comparison, Movement, compare};
pub use gather::{Picture, gather};
pub use jobs::{PEERS, ensure_scheduled, peers};
pub use pages::page_checks;
pub use paper::{BoardPaper, MEETING_LIMIT, PAPERS_LIMIT, make_board_paper};
pub use parts::Part;
pub use peers::{Measure, PeerFigure, Refreshed, points, refresh_peers};
pub use web::routes;
