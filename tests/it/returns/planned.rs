//! A year whose edition has exemption rules and plans: what the scenarios about them start from.

use std::collections::BTreeSet;

use portal::access::{Actor, AddCertificate, Permit, Subject};
use portal::certificates::{self, NewCertificate, Scope};
use portal::identity;
use portal::platform::ids::{CertificateId, ServiceId};
use portal::standards::CertificateKind;
use serde_json::json;

use crate::support::year::{Trust, assertions};
use crate::support::{World, everybodys};

/// The assertions edition in which ISO 27001 over everything exempts from the text, Cyber Essentials Plus from the
/// document, and lifts the grade.
pub fn with_rules(key: &str) -> String {
    let edition = assertions(key).replace(
        "[scoring]\n",
        "[scoring]\napproaching_sectors_large = [\"nhs_trust\"]\nexceeded_certificate = \"cyber_essentials_plus\"\n",
    );
    let rule = |code: &str, kind: &str, requirement: &str, whole: bool| {
        format!(
            "[[exemptions]]\ncode = \"{code}\"\ncertificate = \"{kind}\"\nrequirements = [\"{requirement}\"]\n\
             whole_scope = {whole}\nfrom = \"2025-09-01\"\nuntil = \"2027-08-31\"\nreason = \"The assessor looked at it.\"\n"
        )
    };
    edition + &rule("iso", "iso_27001", "1.1.1", true) + &rule("cep", "cyber_essentials_plus", "1.1.4", false)
}

impl World {
    /// Records a certificate of a kind, valid between these days, over everything or over these services.
    pub fn certified(
        &self,
        trust: &Trust,
        kind: &str,
        days: [&str; 2],
        over: Option<&[ServiceId]>,
    ) -> CertificateId {
        let (trust, kind) = (trust.clone(), CertificateKind::new(kind).unwrap());
        let [valid_from, valid_to] = days.map(|day| day.parse().unwrap());
        let new = NewCertificate {
            edition: if kind.as_str() == "iso_27001" { "2022".to_owned() } else { String::new() },
            kind,
            body: "Example Assurance".to_owned(),
            accreditation: "Example accreditor 0001".to_owned(),
            number: "123456".to_owned(),
            scope: over
                .map_or(Scope::Whole, |ids| Scope::Services(ids.iter().copied().collect::<BTreeSet<_>>())),
            issued_on: valid_from,
            valid_from,
            valid_to,
        };
        self.db()
            .write_now(everybodys(), move |tx| {
                let actor: Actor = identity::actor_of(tx.conn(), trust.lead)?;
                let subject = Subject::organisation(trust.id);
                let permit = Permit::<AddCertificate>::grant(&actor, Some(subject))?;
                certificates::add_certificate(tx, &permit, &new)
            })
            .unwrap()
    }

    /// Answers these items of the assertions edition.
    pub fn items(&self, trust: &Trust, codes: &[&str]) {
        for code in codes {
            let value = match *code {
                "1.1" => json!({"confirmed": true}),
                "1.1.1" => json!({"text": "We do."}),
                "1.1.2" => json!({"date": "2026-01-05"}),
                "1.1.3" => json!({"yes_no": true}),
                _ => json!({"documents": false, "text": "Not yet."}),
            };
            self.answered(trust, "2026", code, &value, "");
        }
    }
}
