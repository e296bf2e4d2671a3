//! Whether a certificate exempts an organisation from a requirement on a day, with the reason in its own words. The rules
//! are the edition's; the engine that scores applies the same ones to what a snapshot fixed.

use crate::certificates::{Certificate, Holdings, ScopeTest, kind_name};
use crate::platform::clock::Day;
use crate::platform::ids::CertificateId;
use crate::standards::{Edition, Exemption};

/// A requirement that needs no answer because of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempted {
    /// The rule's code in the edition.
    pub rule: String,
    /// The certificate.
    pub certificate: CertificateId,
    /// The last day of the exemption, as things stand.
    pub until: Day,
    /// Why, as a sentence.
    pub words: String,
    /// The rule's own reason.
    pub reason: String,
}

/// What was found about one requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub exempted: Option<Exempted>,
    /// Where nothing exempts: why each certificate that could, does not.
    pub misses: Vec<String>,
}

/// Tries every rule that names the requirement with every certificate of the rule's kind.
pub(super) fn judge(edition: &Edition, held: &Holdings, code: &str, on: Day) -> Verdict {
    if held.certificates.is_empty() {
        return Verdict::default();
    }
    let mut misses = Vec::new();
    for rule in edition.exemptions().iter().filter(|rule| rule.requirements.contains(code)) {
        for certificate in held.certificates.iter().filter(|c| c.kind == rule.certificate) {
            match shortfall(rule, certificate, held, on) {
                None => {
                    let exempted = Some(exempting(rule, certificate, held));
                    return Verdict { exempted, misses: Vec::new() };
                }
                Some(words) => misses.push(words),
            }
        }
    }
    Verdict { exempted: None, misses }
}

fn shortfall(rule: &Exemption, certificate: &Certificate, held: &Holdings, on: Day) -> Option<String> {
    let name = kind_name(&certificate.kind);
    let (from, until) = (Day::from(rule.from), rule.until.map(Day::from));
    if on < from {
        return Some(format!("Your {name} certificate will exempt you only from {}.", from.words()));
    }
    if let Some(until) = until.filter(|until| on > *until) {
        return Some(format!("A {name} certificate exempted from this until {}.", until.words()));
    }
    let test = if rule.whole_scope { ScopeTest::AllServices } else { ScopeTest::Any };
    let why = certificate.counts_on(on, test, &held.services)?;
    Some(format!("Your {name} certificate does not exempt you: {}.", why.words()))
}

fn exempting(rule: &Exemption, certificate: &Certificate, held: &Holdings) -> Exempted {
    let last = certificate.last_day();
    let until = rule.until.map_or(last, |until| Day::from(until).min(last));
    let name = kind_name(&certificate.kind);
    let covers = certificate.scope.words(&held.services);
    Exempted {
        rule: rule.code.clone(),
        certificate: certificate.id,
        until,
        words: format!("Your {name} certificate covers {covers} until {}.", until.words()),
        reason: rule.reason.clone(),
    }
}
