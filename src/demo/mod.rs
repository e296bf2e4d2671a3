//! The fictional nation that `portal demo` shows, made from a seed.
//!
//! [`nation`] makes it and knows nothing of the rest of the portal; [`editions`] are the sample standards that it
//! answers, [`shapes`] tells it what they ask, and [`inputs`] puts its answers into the form that scoring takes.

pub mod editions;
pub mod inputs;
pub mod nation;
pub mod seed;
pub mod shapes;
