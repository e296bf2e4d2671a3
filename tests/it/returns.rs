//! Returns, from start to receipt, through the pages.

mod carrying;
mod evidence;
mod interim;
mod path;
mod reminders;
mod rules;
mod saving;
mod trial;
