//! Queries: the lines of a register or a collection, and releases themselves.

mod answers;
mod boards;
mod collection;
mod counted;
mod files;
mod register;
mod releases;

pub(super) use answers::{answers_of, disclosure_of, insert_answers, insert_disclosure};
pub(super) use boards::{boards_of_trusts, codes, postcodes, successors};
pub(super) use collection::{
    Asked, CollectionLines, asked, collection_choices, collection_lines, frame_of, grades_before,
};
pub(super) use counted::{
    Counted, CountedMark, Print, counted_mark, each_counted, edition_of, kinds_in_scope, prints,
};
pub(super) use files::{inputs_of, insert_inputs, insert_paper, paper_of, replace_paper};
pub(super) use register::{region_names, register_lines, register_name, register_sources};
pub(super) use releases::{
    HistoryLine, Marks, all_releases, document_of, history, insert_release, insert_rows, insert_statuses,
    last_published, mark_published, next_key, release_by_id, release_by_key, report_of, rows_after, rows_of,
    rows_of_sectors, rules_changed_since, settle_series, site_mark,
};
