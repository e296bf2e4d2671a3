//! Mails of identity.

use super::invite::{Invite, InvitedRole};
use crate::platform::clock::Timestamp;
use crate::platform::mail::{Mail, escaped};

/// The mail that carries an invitation's link.
pub(super) fn invited(new: &Invite, by: &str, link: &str, expires: Timestamp) -> Mail {
    let role = match new.role {
        InvitedRole::Member(_, role) => role.words(),
        InvitedRole::Central(role) => role.words(),
    };
    let until = expires.london_words();
    let (name, place) = (&new.name, &new.place);
    Mail {
        template: "identity.invited",
        to: new.email.as_str().to_owned(),
        subject: format!("Invitation: {role}, {place}"),
        text: format!(
            "Dear {name},\n\n{by} has invited you to be {role} of {place} in the data security assurance portal.\n\n\
             Accept here:\n{link}\n\nThe link works once, until {until}.\n\nIf you did not expect this, do nothing.\n"
        ),
        html: format!(
            "<p>Dear {name},</p><p>{by} has invited you to be {role} of {place} in the data security assurance \
             portal.</p><p><a href=\"{link}\">Accept the invitation</a></p><p>The link works once, until \
             {until}.</p><p>If you did not expect this, do nothing.</p>",
            name = escaped(name),
            by = escaped(by),
            place = escaped(place),
        ),
    }
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
