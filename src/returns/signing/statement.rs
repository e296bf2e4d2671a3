//! What each role signs. A change of wording is a new version; both are recorded with every signature, word for word.

use crate::access::OrganisationRole;

/// The version of the SIRO's statement.
const STATEMENT_VERSION: &str = "siro-2026.2";

/// What the SIRO signs, before the organisation's profile is named.
const STATEMENT: &str = "I have read this return. To the best of my knowledge its answers are true, the evidence \
    attached to them exists and supports them, and they describe the whole of my organisation. I accept responsibility \
    for the information risks that they show, and I agree to its submission to the central team.";

const CALDICOTT_VERSION: &str = "caldicott-2026.1";
const CALDICOTT: &str = "I have read the answers that are mine as Caldicott Guardian. To the best of my knowledge they are \
    true and describe how my organisation protects the confidentiality of people's health and care information and when it \
    shares it.";

const DPO_VERSION: &str = "dpo-2026.1";
const DPO: &str = "I have read the answers that are mine as data protection officer. To the best of my knowledge they are \
    true and describe how my organisation meets data protection law, and I have told it where I see it falling short.";

/// What somebody signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its version.
    pub version: &'static str,
    /// Word for word.
    pub text: String,
}

/// The statement of a role, in which the signer also confirms what the organisation is and what it is held to. The profile
/// is empty where the edition has none.
#[must_use]
pub fn statement_of(
    role: OrganisationRole,
    (name, code): (&str, &str),
    sector: &str,
    profile: &str,
) -> Statement {
    let (version, text) = match role {
        OrganisationRole::CaldicottGuardian => (CALDICOTT_VERSION, CALDICOTT),
        OrganisationRole::Dpo => (DPO_VERSION, DPO),
        _ => (STATEMENT_VERSION, STATEMENT),
    };
    let held =
        if profile.is_empty() { String::new() } else { format!(", held to the profile \"{profile}\"") };
    Statement {
        version,
        text: format!("{text} I confirm that it is the return of {name} ({code}), {sector}{held}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_statement_of_its_own_that_names_the_profile() {
        let of = |role| statement_of(role, ("Fenwick Trust", "ZZ1"), "NHS trust", "Acute");
        let all =
            [OrganisationRole::Siro, OrganisationRole::CaldicottGuardian, OrganisationRole::Dpo].map(of);
        let versions: Vec<&str> = all.iter().map(|one| one.version).collect();
        assert_eq!(versions, ["siro-2026.2", "caldicott-2026.1", "dpo-2026.1"]);
        for one in &all {
            let end = "the return of Fenwick Trust (ZZ1), NHS trust, held to the profile \"Acute\".";
            assert!(one.text.ends_with(end), "{}", one.text);
        }
        let bare = statement_of(OrganisationRole::Siro, ("Fenwick Trust", "ZZ1"), "NHS trust", "");
        assert!(bare.text.ends_with("(ZZ1), NHS trust."), "{}", bare.text);
    }
}
