//! What a person is to the portal: an address, a state, and in the demo a persona.

crate::text_enum! {
    /// Whether a person may sign in.
    PersonState {
        /// Invited, has not yet set a password.
        Invited = "invited", "Invited";
        /// May sign in.
        Active = "active", "Active";
        /// May no longer sign in.
        Disabled = "disabled", "Disabled";
    }
}

/// A mail address in lower case; what people sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as typed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@')?;
        let shaped = !local.is_empty()
            && domain.contains('.')
            && text.len() <= 254
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
        let dotted =
            domain.split('.').all(|part| !part.is_empty()) && !local.contains('@') && !domain.contains('@');
        (shaped && dotted).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A fictional person of the demo, for one-click sign-in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Persona {
    /// Mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Who they are, such as "IG lead of Example Trust".
    pub persona: String,
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn addresses_are_lowered_and_nonsense_refused() {
        assert_eq!(EmailAddress::parse(" Ada@Trust.Example ").unwrap().as_str(), "ada@trust.example");
        for bad in ["", "ada", "ada@", "@x.y", "a b@x.y", "ada@trust", "a@b.c\nBcc: d@e.f", "<a@b.c>"] {
            assert!(EmailAddress::parse(bad).is_none(), "{bad}");
        }
    }
}
