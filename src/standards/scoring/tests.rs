//! What the three schemes must do, told as stories, and properties that hold for every input.

mod assertions;
mod levels;
mod outcomes;
mod properties;
mod review;
