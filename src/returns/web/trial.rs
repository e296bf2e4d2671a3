//! A trial run of submitting, at any time: what still blocks, who must sign, and what the answers would give.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::Year;
use crate::access::OrganisationRole::{IgLead, OrganisationAdministrator};
use crate::access::ReadReturn;
use crate::identity::{self, Member};
use crate::platform::canonical::hex;
use crate::platform::error::Result;
use crate::platform::http::{Portal, page};
use crate::returns::content::{content, content_hash, snapshot};
use crate::returns::pages::{Signers, TrialPage};
use crate::returns::readiness::lines;
use crate::returns::sites::whole_standing;
use crate::returns::submission::score_of;
use crate::returns::{signing, store};

/// `GET …/trial`. Changes nothing, whatever the return's state.
pub(super) async fn trial(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
) -> Result<HttpResponse> {
    let (organisation, year) = (member.organisation, path.into_inner().year);
    let now = portal.clock.now();
    let (found, answers, files, signers, standing) = portal
        .db
        .read(member.reach, move |conn| {
            let (found, answers, files) = store::whole(conn, organisation, &year)?;
            let roles = signing::standing(conn, &found, now.london_day())?;
            let senders = identity::holders_of(conn, organisation, &[IgLead, OrganisationAdministrator])?;
            let senders = senders.into_iter().map(|(_, name, _)| name).collect();
            let lines = lines(&found, &answers, &files, now)?;
            let standing = whole_standing(conn, &found, &lines, now)?;
            drop(lines);
            Ok((found, answers, files, Signers { roles, senders }, standing))
        })
        .await?;
    found.permit::<ReadReturn>(&member.by.actor)?;
    let stated = content(&found, &answers, &files)?;
    let hash = hex(&content_hash(&stated)?);
    let score =
        score_of(&snapshot(&found, stated, &[], None, now)?, found.edition.edition(), now.london_day())?;
    let late = now > found.collection.due_at(found.extension);
    page(&request, &TrialPage::new(&found, &standing, &signers, &score, hash, late))
}
