//! Reading and signing a return, in a role of one's own or for somebody who is away.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::Year;
use crate::access::{OrganisationRole, SignReturn};
use crate::identity::{self, Member, PostedByMember};
use crate::platform::canonical::hex;
use crate::platform::error::{Error, Result};
use crate::platform::http::{Portal, page_with_status, see_other_with_news};
use crate::platform::ids::PersonId;
use crate::platform::pages::FormErrors;
use crate::returns::content::{content, current, snapshot};
use crate::returns::model::ReturnState;
use crate::returns::pages::{SignForm, SignPage, SignatureRow, answer_sections, answer_sections_of};
use crate::returns::readiness::{lines, return_href};
use crate::returns::sign::{sign_as, sign_return};
use crate::returns::signing::{Standing, standing};
use crate::returns::sites;
use crate::returns::store::{self, Which};
use crate::returns::submission::score_of;

/// In which role somebody wants to sign; the first that is left when they do not say.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct As {
    #[serde(default)]
    role: String,
}

/// `GET …/sign`.
pub(super) async fn show(
    request: HttpRequest,
    portal: Data<Portal>,
    member: Member,
    path: Year,
    role: Query<As>,
) -> Result<HttpResponse> {
    let year = path.into_inner().year;
    let none = FormErrors::new();
    shown(&request, &portal, &member, (year, &role.role), (StatusCode::OK, &none)).await
}

/// Names of everybody who has signed, and for whom.
fn people(all: &[Standing]) -> Vec<PersonId> {
    let signed = all.iter().filter_map(|one| one.signed.as_ref());
    signed
        .flat_map(|one| {
            std::iter::once(one.person).chain(one.delegation.as_ref().map(|given| given.delegator))
        })
        .collect()
}

async fn shown(
    request: &HttpRequest,
    portal: &Portal,
    member: &Member,
    (year, wanted): (String, &str),
    (status, errors): (StatusCode, &FormErrors),
) -> Result<HttpResponse> {
    let (organisation, now) = (member.organisation, portal.clock.now());
    let (found, answers, files, stated, hash, for_sites, all, names) = portal
        .db
        .read(member.reach, move |conn| {
            let (found, answers, files) = store::whole(conn, organisation, &year)?;
            let stated = content(&found, &answers, &files)?;
            let hash = hex(&sites::signed_hash(conn, &found, &stated, now)?);
            let for_sites = sites::statement_for_sites(conn, &found, now)?;
            let all = standing(conn, &found, now.london_day())?;
            let names: BTreeMap<PersonId, String> = match people(&all).as_slice() {
                [] => BTreeMap::new(),
                some => identity::names_of(conn, some)?,
            };
            Ok((found, answers, files, stated, hash, for_sites, all, names))
        })
        .await?;
    found.permit::<SignReturn>(&member.by.actor)?;
    let me = member.by.person;
    let left: Vec<&Standing> = all.iter().filter(|one| one.right_of(me).is_some()).collect();
    let own = left.iter().find(|one| one.role().as_str() == wanted).or_else(|| left.first()).copied();
    let snapshot = snapshot(&found, stated, &[], None, now)?;
    let score = score_of(&snapshot, found.edition.edition(), now.london_day())?;
    let lines = lines(&found, &answers, &files, now)?;
    let sections = match own.map(|one| one.wanted.items.as_slice()) {
        None | Some([]) => (answer_sections(&found, &lines, &files), Vec::new()),
        Some(items) => (
            answer_sections_of(&found, &lines, &files, &|place| items.contains(&place)),
            answer_sections_of(&found, &lines, &files, &|place| !items.contains(&place)),
        ),
    };
    let form = own.and_then(|one| {
        let right = one.right_of(me)?;
        let delegator = right.delegation().map(|given| given.delegator_name.as_str());
        let statement = sites::with_sites(found.statement(one.role()), &for_sites);
        Some(SignForm::new((one.role(), delegator), statement, (found.version, &hash), errors))
    });
    let others: Vec<OrganisationRole> =
        left.iter().map(|one| one.role()).filter(|role| own.is_some_and(|own| own.role() != *role)).collect();
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let signatures = all.iter().map(|one| SignatureRow::of(one, &name)).collect();
    page_with_status(
        request,
        status,
        &SignPage::new(&found, signatures, sections, &score, (form, &others), errors),
    )
}

/// `POST …/sign`. What is signed is what was shown: the page's hash comes back with the form.
pub(super) async fn sign(
    request: HttpRequest,
    portal: Data<Portal>,
    posted: PostedByMember,
    path: Year,
) -> Result<HttpResponse> {
    let PostedByMember { member, fields } = posted;
    let year = path.into_inner().year;
    if fields.one("agree") != "yes" {
        let mut errors = FormErrors::new();
        errors.add("agree", "Tick the box to sign");
        let refused = (StatusCode::UNPROCESSABLE_ENTITY, &errors);
        return shown(&request, &portal, &member, (year, fields.one("role")), refused).await;
    }
    let (seen, version) = (fields.text("hash"), fields.text("version"));
    let role = fields.one("role").parse::<OrganisationRole>().ok();
    let back = return_href(&member.code, &year);
    let (organisation, actor) = (member.organisation, member.by.actor);
    let state = portal
        .db
        .write(member.reach, move |tx| {
            let found = store::find(tx.conn(), Which::Of(organisation, &year))?.ok_or(Error::NotFound)?;
            let permit = found.permit::<SignReturn>(&actor)?;
            let (answers, now) = (current(tx.conn(), &found)?, tx.now());
            let hash = hex(&sites::signed_hash(tx.conn(), &found, &answers, now)?);
            if hash != seen || found.version.to_string() != version {
                return Err(Error::Conflict("The answers changed after the page was shown.".to_owned()));
            }
            match role {
                Some(role) => sign_as(tx, &permit, &found, role),
                None => sign_return(tx, &permit, &found),
            }
        })
        .await?;
    let (heading, words) = match state {
        ReturnState::Signed => {
            ("Return signed", "An information governance lead or administrator can now submit it.")
        }
        _ => ("Your signature is recorded", "The return is signed when everybody who must has signed."),
    };
    Ok(see_other_with_news(&back, heading, words))
}
