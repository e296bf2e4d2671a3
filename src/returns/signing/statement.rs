//! What each role signs: the edition's own words, or else the portal's. A change of wording is a new version; both are
//! recorded with every signature, word for word.

use crate::access::OrganisationRole;
use crate::standards::Edition;

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
    pub version: String,
    /// Word for word.
    pub text: String,
}

/// The version and the words of what a role states: the edition's own, which never change under its key, or the portal's.
#[must_use]
pub fn wording(role: OrganisationRole, edition: &Edition) -> (String, &str) {
    let own = edition.statements();
    let (version, words, theirs) = match role {
        OrganisationRole::CaldicottGuardian => {
            (CALDICOTT_VERSION, CALDICOTT, own.caldicott_guardian.as_deref())
        }
        OrganisationRole::Dpo => (DPO_VERSION, DPO, own.dpo.as_deref()),
        _ => (STATEMENT_VERSION, STATEMENT, own.siro.as_deref()),
    };
    match theirs {
        Some(text) => (format!("{}-{role}", edition.key()), text),
        None => (version.to_owned(), words),
    }
}

/// The statement of a role, in which the signer also confirms what the organisation is and what it is held to. The profile
/// is empty where the edition has none.
#[must_use]
pub fn statement_of(
    (version, text): (String, &str),
    (name, code): (&str, &str),
    sector: &str,
    profile: &str,
) -> Statement {
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

    const DOCUMENT: &str = r#"{"format":1,"standard":{"key":"sample","name":"Sample","scheme":"levels"},
        "edition":{"key":"sample-2026","label":"2026/27","rule_set":"sample-2026.1"},
        "profiles":[{"key":"acute","name":"Acute","sectors":["nhs_trust"]}],
        "scoring":{"max_level":1,"satisfactory_level":1},"sections":[{"code":"1","title":"One"}],
        "requirements":[{"code":"1-1","section":"1","title":"t","text":"q","levels":["no","yes"],
        "may_be_not_relevant":false,"expected":{"acute":1}}]STATEMENTS}"#;

    const ROLES: [OrganisationRole; 3] =
        [OrganisationRole::Siro, OrganisationRole::CaldicottGuardian, OrganisationRole::Dpo];

    fn edition(statements: &str) -> Edition {
        Edition::from_canonical_json(&DOCUMENT.replace("STATEMENTS", statements)).unwrap()
    }

    #[test]
    fn every_role_has_a_statement_of_its_own_that_names_the_profile() {
        let edition = edition("");
        let place = ("Fenwick Trust", "ZZ1");
        let all = ROLES.map(|role| statement_of(wording(role, &edition), place, "NHS trust", "Acute"));
        let versions: Vec<&str> = all.iter().map(|one| one.version.as_str()).collect();
        assert_eq!(versions, ["siro-2026.2", "caldicott-2026.1", "dpo-2026.1"]);
        for one in &all {
            let end = "the return of Fenwick Trust (ZZ1), NHS trust, held to the profile \"Acute\".";
            assert!(one.text.ends_with(end), "{}", one.text);
        }
        let bare = statement_of(wording(OrganisationRole::Siro, &edition), place, "NHS trust", "");
        assert!(bare.text.ends_with("(ZZ1), NHS trust."), "{}", bare.text);
    }

    #[test]
    fn an_edition_s_own_words_take_the_place_of_the_portal_s() {
        let edition = edition(r#","statements":{"dpo":"I have looked."}"#);
        let [siro, caldicott, dpo] = ROLES.map(|role| wording(role, &edition));
        assert_eq!((siro.0.as_str(), caldicott.0.as_str()), ("siro-2026.2", "caldicott-2026.1"));
        assert_eq!((dpo.0.as_str(), dpo.1), ("sample-2026-dpo", "I have looked."));
    }
}
