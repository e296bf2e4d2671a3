//! A return outside of the portal: the workbook and its way back, exports and what they restore.

mod colliding;
mod exports;
mod filling;
mod refused;
mod sheets;

use serde_json::json;

use crate::support::year::{Trust, levels};
use crate::support::{Browser, World};

use sheets::Sheets;

/// A trust with a started return of the three-requirement levels edition, the first answered.
fn given_a_draft(world: &World) -> Trust {
    let trust = world.trust("ZZ001");
    world.usual_year(&levels("sample-2026", 3));
    world.started(&trust, "2026");
    world.answered(&trust, "2026", "1-1", &json!({"level": 1, "text": "Because"}), "First comment");
    trust
}

/// Downloads the workbook of a return.
async fn workbook(lead: &mut Browser, trust: &Trust, name: &str) -> Sheets {
    let answer = lead.get(&trust.at("2026", &format!("/workbook.{name}"))).await.expect(200);
    assert!(answer.header("content-disposition").contains(&format!("ZZ001-2026.{name}")));
    Sheets::read(name, &answer.body)
}

/// Uploads a workbook that is taken, and gives the address of its preview.
async fn uploaded(lead: &mut Browser, trust: &Trust, name: &str, content: &[u8]) -> String {
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    let to = trust.at("2026", "/offline/workbook");
    lead.upload(&to, &[], name, content).await.expect(303).location()
}

/// Presses the button of a preview.
async fn applied(lead: &mut Browser, preview: &str, take: &[&str]) -> crate::support::Answer {
    let fingerprint = lead.get(preview).await.expect(200).hidden("fingerprint");
    let mut fields = vec![("fingerprint", fingerprint.as_str())];
    fields.extend(take.iter().map(|code| ("take", *code)));
    lead.post(preview, &fields).await
}
