//! What several tests of reviews do: agree with everything that is left, answer by answer, as a reviewer would.

use super::Browser;

/// What leads to the next answer without a decision.
const NEXT: &str = "Go to the next undecided answer";

impl Browser {
    /// Agrees, one by one, with every answer of the review at this address that needs a decision and has none.
    pub async fn agree_with_rest(&mut self, review: &str) {
        loop {
            let page = self.get(review).await.expect(200).text();
            let Some((before, _)) = page.split_once(NEXT) else { return };
            let at = attribute(before, "href");
            let page = self.get(&at).await.expect(200);
            let text = page.text();
            let (before, _) = text.split_once("(as claimed)").expect("the claimed status can be chosen");
            let claimed = attribute(before, "value");
            let version = page.hidden("version");
            let fields = [("version", version.as_str()), ("assessed", claimed.as_str()), ("reason", "")];
            self.post(&at, &fields).await.expect(303);
        }
    }
}

/// The last value of an attribute in a piece of HTML.
fn attribute(html: &str, name: &str) -> String {
    let (_, after) = html.rsplit_once(&format!("{name}=\"")).expect("the attribute");
    after.split('"').next().unwrap_or_default().to_owned()
}
