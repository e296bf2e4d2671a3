//! Returns, from start to receipt, through the pages.

mod autosave;
mod blocking;
mod carrying;
mod discussion;
mod editions;
mod evidence;
mod exemptions;
mod followed;
mod interim;
mod offline;
mod past;
mod path;
mod plan_lines;
mod plan_moves;
mod planned;
pub mod plans;
mod reminders;
mod rules;
mod saving;
mod sharing;
mod signing;
mod trial;
mod withdrawing;
mod withdrawn_before;
