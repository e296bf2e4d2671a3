//! A board paper as a PDF file.

use serde_json::json;

use super::content::BoardPaper;
use crate::platform::charts::Canvas;
use crate::platform::pdf::Paper;
use crate::standing::burn_up::Step;
use crate::standing::burn_up_chart::{burn_up_chart, describe};

/// Width of the drawing in the file, in pixels of its own.
const WIDTH: u32 = 640;

/// What the table of the file leaves out.
const NOTE: &str = "The table has the first day, the last change of each month, and the day of the paper; its page in the \
     portal has every day on which the number changed.";

/// The first step and the last of every calendar month: a meeting needs no more rows than months.
fn of_each_month(steps: &[Step]) -> Vec<Step> {
    let month = |step: &Step| (step.day.year(), step.day.date().month());
    let mut kept: Vec<Step> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        if place > 1 && kept.last().is_some_and(|last| month(last) == month(step)) {
            kept.pop();
        }
        kept.push(*step);
    }
    kept
}

/// What the typesetter is given. The same paper gives the same file, whenever it is asked for.
pub(in crate::standing) fn typeset(paper: &BoardPaper) -> Paper {
    let chart = burn_up_chart(&paper.burn_up, Canvas::Fixed(WIDTH));
    let steps = of_each_month(&paper.burn_up.steps);
    let rows: Vec<[String; 2]> =
        steps.iter().map(|step| [step.day.words(), step.confirmed.to_string()]).collect();
    let data = json!({
        "title": paper.title(),
        "author": paper.organisation,
        "subject": format!("{}, {}", paper.organisation, paper.collection),
        "running": format!("{}, {}, board paper {}", paper.code, paper.collection, paper.number),
        "marking": paper.marking,
        "organisation": paper.organisation,
        "collection": paper.collection,
        "made": paper.made,
        "asked": paper.asked,
        "summary": paper.summary,
        "sections": paper.sections,
        "progress": {
            "said": paper.pace,
            "title": chart.table.caption,
            "drawing": describe(&paper.burn_up),
            "head": chart.table.headers,
            "rows": rows,
            "note": [NOTE],
        },
        "blocks": paper.blocks,
        "plan": paper.plan,
        "certificates": paper.certificates,
        "comparison": paper.comparison,
        "changed": paper.changed,
        "peers": paper.peers,
    });
    Paper {
        template: "board_paper.typ",
        data,
        drawings: vec![("burn-up.svg".into(), chart.svg)],
        made_at: paper.made_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_first_day_and_the_last_change_of_each_month() {
        let days = ["2026-01-05", "2026-01-06", "2026-01-30", "2026-02-01", "2026-04-02", "2026-04-09"];
        let steps: Vec<Step> = days
            .iter()
            .enumerate()
            .map(|(confirmed, day)| Step { day: day.parse().unwrap(), confirmed })
            .collect();
        let kept: Vec<usize> = of_each_month(&steps).iter().map(|step| step.confirmed).collect();
        assert_eq!(kept, [0, 2, 3, 5]);
        assert_eq!(of_each_month(&steps[..1]).len(), 1);
        assert!(of_each_month(&[]).is_empty());
    }
}
