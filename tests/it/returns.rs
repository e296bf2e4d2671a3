//! Returns, from start to receipt, through the pages.

mod carrying;
mod evidence;
mod path;
mod rules;
mod saving;
