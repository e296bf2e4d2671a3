//! Mails of identity.

use super::invite::{Invite, InvitedRole};
use crate::platform::clock::Timestamp;
use crate::platform::mail::{Letter, Mail};

/// The mail that carries an invitation's link.
pub(super) fn invited(new: &Invite, by: &str, link: &str, expires: Timestamp) -> Mail {
    let role = match new.role {
        InvitedRole::Member(_, role) => role.words(),
        InvitedRole::Central(role) => role.words(),
    };
    let place = &new.place;
    Letter {
        template: "identity.invited",
        to: new.email.as_str(),
        subject: format!("Invitation: {role}, {place}"),
        name: &new.name,
        paragraphs: vec![
            format!("{by} has invited you to be {role} of {place} in the data security assurance portal."),
            format!("The link below works once, until {}.", expires.london_words()),
            "If you did not expect this, do nothing.".to_owned(),
        ],
        link: ("Accept the invitation", link),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::OrganisationRole;
    use crate::identity::EmailAddress;
    use crate::platform::clock::parse_london;
    use crate::platform::ids::OrganisationId;

    #[test]
    fn the_invitation_reads_as_agreed() {
        let new = Invite {
            name: "Bea <Example>".to_owned(),
            email: EmailAddress::parse("bea@people.example").unwrap(),
            role: InvitedRole::Member(OrganisationId::new(1), OrganisationRole::Siro),
            place: "Example & Sons Trust".to_owned(),
        };
        let until = parse_london("2026-07-01 09:00").unwrap();
        let mail = invited(&new, "Ada Example", "https://portal.example/invitations/TOKEN", until);
        insta::assert_snapshot!(format!("{}\n{}\n\n{}\n{}", mail.to, mail.subject, mail.text, mail.html));
    }
}
