//! The board paper: where the organisation stands, made at one moment and kept as it was made, so that what a board read
//! can be read again. The page and the PDF file are two looks at the same content.

mod asked;
mod content;
mod make;
mod typeset;

pub use content::BoardPaper;
pub use make::{MEETING_LIMIT, PAPERS_LIMIT, make_board_paper};
pub(super) use typeset::typeset;
