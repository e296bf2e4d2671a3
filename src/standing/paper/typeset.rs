//! A board paper as a PDF file.

use serde_json::json;

use super::content::BoardPaper;
use crate::platform::charts::Canvas;
use crate::platform::pdf::Paper;
use crate::standing::burn_up_chart::{burn_up_chart, describe};

/// Width of the drawing in the file, in pixels of its own.
const WIDTH: u32 = 640;

/// What the typesetter is given. The same paper gives the same file, whenever it is asked for.
pub(in crate::standing) fn typeset(paper: &BoardPaper) -> Paper {
    let chart = burn_up_chart(&paper.burn_up, Canvas::Fixed(WIDTH));
    let rows: Vec<[String; 2]> =
        paper.burn_up.steps.iter().map(|step| [step.day.words(), step.confirmed.to_string()]).collect();
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
            "note": chart.table.notes,
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
        drawings: vec![("burn-up.svg", chart.svg)],
        made_at: paper.made_at,
    }
}
