//! Whether reviewers score alike: a drawn sample is scored a second time without sight of the first, both are compared,
//! disagreements are settled, settled cases train others, alerts tell of somebody who drifts, and calibration tells how
//! often claims survive.

mod barred;
mod blind;
mod calibration;
mod csv_out;
mod drift;
mod figures;
mod gold;
mod jobs;
mod letter;
mod model;
mod moderation;
mod pages;
mod reading;
mod sample;
mod web;

pub use blind::{BlindAnswer, BlindWork, Impartial, blind_work, give_blind_case, waiting_case};
pub use blind::{BlindFinding, finish_blind_case, release_blind_case, score_blind, take_blind_case};
pub use calibration::{CalibrationOf, calibration_of};
pub use drift::{WATCHED, Watched, acknowledge_alert, watch_drift};
pub use gold::{GoldDraft, make_gold_case, practise, retire_gold_case};
pub use jobs::{NIGHT, ensure_scheduled};
pub use model::{AlertState, BlindState, ComparisonState, Effect, GoldState, Measure, Moment};
pub use moderation::{Settlement, settle};
pub use sample::{MayDraw, SamplePlan, draw_sample, plan_sample, verify as verify_samples};

pub(super) use barred::{
    blind_scorers, end_with_review, may_read, scored_blind_by, scores_blind, stays_blind,
};
pub(super) use blind::first_is_done;
pub(super) use jobs::night;
pub(super) use pages::page_checks;
pub(super) use web::routes;
