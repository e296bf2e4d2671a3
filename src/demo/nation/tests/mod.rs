//! The nation as a whole: that it repeats, that it is plausible, and that nothing in it is real.
mod editions;
mod register;
mod returns;
