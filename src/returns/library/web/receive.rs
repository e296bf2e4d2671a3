//! The content that a form brings: a file or a web address, and what is said when it cannot be taken.

use actix_web::http::StatusCode;

use crate::access::OrganisationRole;
use crate::identity::{self, Member};
use crate::platform::error::{Error, Result};
use crate::platform::files::bare_name;
use crate::platform::http::{Portal, UploadedFile};
use crate::platform::ids::PersonId;
use crate::platform::pages::{FormErrors, words};
use crate::returns::library::details::DetailsForm;
use crate::returns::library::model::WebLink;
use crate::returns::library::version::Content;

/// What is said of a file when the store of files does not answer.
pub const NOT_KEPT: &str = "The place where files are kept does not answer, so nothing was saved. Wait a minute and \
                                   send the form again";

/// Why a form was not taken.
pub(super) enum Refused {
    /// Fields need correcting.
    Form(FormErrors),
    /// Something else.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The address that a form names; says at the fields when there is neither a file nor an address, or both.
pub(super) fn chosen(
    form: &DetailsForm,
    file: Option<&UploadedFile>,
    errors: &mut FormErrors,
) -> Option<WebLink> {
    let link = form.link(errors);
    match (file.is_some(), form.link.is_empty()) {
        (false, true) => errors.add("file", "Choose a file, or enter a web address"),
        (true, false) => errors.add("file", "Choose a file or enter a web address, not both"),
        _ => {}
    }
    link
}

/// Takes the content in: a file's is on the disk afterwards.
pub(super) async fn taken(
    portal: &Portal,
    file: Option<UploadedFile>,
    link: Option<WebLink>,
) -> Result<Content, Refused> {
    match (file, link) {
        (None, Some(link)) => Ok(Content::Link(link)),
        (Some(file), None) => {
            let name = bare_name(&file.name);
            let stored = portal.files.put(&*portal.random, file.content).await?;
            Ok(Content::File { name, stored, wait: !portal.config.files.scanner.is_empty() })
        }
        _ => Err(Error::broken("a form brings a file or an address").into()),
    }
}

/// What is said beside which field, with which status; what is no fault of the form goes on.
pub(super) fn told(refused: Refused) -> Result<(StatusCode, FormErrors)> {
    let error = match refused {
        Refused::Form(errors) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Refused::Error(error) => error,
    };
    let mut errors = FormErrors::new();
    let status = match error {
        Error::Invalid(list) => {
            for found in list {
                errors.add(found.field, found.message);
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Error::TooLarge(why) => {
            errors.add("file", words::capitalised(&why));
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Error::Unsupported(why) => {
            errors.add("file", words::capitalised(&why));
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        }
        Error::FilesUnreachable(why) => {
            log::error!(target: "portal::evidence", "an upload was not kept: {why}");
            errors.add("file", NOT_KEPT);
            StatusCode::SERVICE_UNAVAILABLE
        }
        other => return Err(other),
    };
    Ok((status, errors))
}

/// The organisation's members, by name.
pub(super) async fn people(portal: &Portal, member: &Member) -> Result<Vec<(PersonId, String)>> {
    let whose = member.organisation;
    let mut people: Vec<(PersonId, String)> = portal
        .db
        .read(member.reach, move |conn| identity::holders_of(conn, whose, &OrganisationRole::READERS))
        .await?
        .into_iter()
        .map(|(person, name, _)| (person, name))
        .collect();
    people.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(people)
}
