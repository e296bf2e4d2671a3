//! Returns, from start to receipt, through the pages.

mod autosave;
mod carrying;
mod discussion;
mod evidence;
mod interim;
mod past;
mod path;
mod reminders;
mod rules;
mod saving;
mod sharing;
mod trial;
