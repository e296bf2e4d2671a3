//! Who is invited: the two fields that every form of an invitation has.

use crate::identity::model::EmailAddress;
use crate::platform::http::Fields;
use crate::platform::pages::FormErrors;

/// Longest name, in characters.
const LONGEST_NAME: usize = 200;

/// Reads the invited person's name and address; what is wrong with them is added to the errors.
pub fn invited_person(fields: &Fields, errors: &mut FormErrors) -> Option<(String, EmailAddress)> {
    let name = fields.text("name");
    let named = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    if !named {
        errors.add("name", format!("Enter a name of at most {LONGEST_NAME} characters"));
    }
    let email = EmailAddress::parse(fields.one("email"));
    if email.is_none() {
        errors.add("email", "Enter an email address in the correct format, like name@example.com");
    }
    named.then_some(name).zip(email)
}
