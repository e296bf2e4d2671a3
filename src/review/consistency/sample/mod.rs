//! The sample that is scored twice: planned with a seed that is recorded before anything is drawn, drawn in the order of
//! a hash, and verified by drawing it again.

mod draw;
mod plan;
mod store;
mod verify;

pub use draw::{MayDraw, draw_sample};
pub use plan::{SamplePlan, plan_sample};
pub use verify::verify;

pub(super) use draw::due;
pub(super) use store::{Drawn, Progress, draws, plan, progress};
