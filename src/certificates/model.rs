//! A certificate, and whether it counts on a day. Pure: the day is a parameter.

use super::scope::{Scope, ScopeTest, ServiceName};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{CertificateId, OrganisationId};
use crate::standards::CertificateKind;
use crate::standards::certificate_kinds::{KindEdition, kind, kind_name};
use crate::standards::scoring::{Certificate as ScoredCertificate, Coverage};

crate::text_enum! {
    /// Where a certificate stands.
    CertificateState {
        /// It is on record.
        Standing = "standing", "On record";
        /// Its body took it back, or it was given up.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

/// A certificate of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its row.
    pub id: CertificateId,
    /// Whose.
    pub organisation: OrganisationId,
    /// Of which kind.
    pub kind: CertificateKind,
    /// The key of the certified standard's edition; empty where the kind has none.
    pub edition: String,
    /// The certification body.
    pub body: String,
    /// Who accredited the body, and under which number; empty for none.
    pub accreditation: String,
    /// The certificate's own number.
    pub number: String,
    /// What it covers.
    pub scope: Scope,
    /// When it was issued.
    pub issued_on: Day,
    /// The first day on which it is valid.
    pub valid_from: Day,
    /// The last day on which it is valid.
    pub valid_to: Day,
    /// Since when it is withdrawn.
    pub withdrawn_on: Option<Day>,
    /// Why it was withdrawn.
    pub withdrawn_reason: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Why a certificate does not count on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// It was withdrawn on this day.
    Withdrawn(Day),
    /// Its kind counts only from an accredited body, and no accreditation is recorded.
    NotAccredited,
    /// It is valid only from this day.
    NotYet(Day),
    /// The edition that it certifies ended on this day, before the certificate itself.
    EditionEnded(String, Day),
    /// Its last day was this one.
    Lapsed(Day),
    /// These services are outside its scope; with how many there are.
    Scope(Vec<String>, usize),
}

impl Shortfall {
    /// The shortfall as a sentence about "it".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Withdrawn(on) => format!("it was withdrawn on {}", on.words()),
            Self::NotAccredited => "no accreditation of its certification body is recorded".to_owned(),
            Self::NotYet(from) => format!("it is valid only from {}", from.words()),
            Self::EditionEnded(edition, on) => {
                format!("certificates of the {edition} ended on {}", on.words())
            }
            Self::Lapsed(on) => format!("it lapsed after {}", on.words()),
            Self::Scope(_, 0) => {
                "your organisation lists no services that its scope could be held against".to_owned()
            }
            Self::Scope(left_out, services) => {
                format!("its scope leaves out {} of {services} services", left_out.len())
            }
        }
    }
}

impl Certificate {
    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> CertificateState {
        if self.withdrawn_on.is_some() { CertificateState::Withdrawn } else { CertificateState::Standing }
    }

    /// Its kind, and the edition where the kind has several, in words.
    #[must_use]
    pub fn name(&self) -> String {
        match self.certified_edition() {
            Some(edition) => format!("{} ({})", kind_name(&self.kind), edition.name),
            None => kind_name(&self.kind),
        }
    }

    /// The last day on which it can count: its own, or the last of the edition that it certifies.
    #[must_use]
    pub fn last_day(&self) -> Day {
        let ended = self.certified_edition().and_then(|edition| edition.ended);
        ended.map_or(self.valid_to, |ended| ended.min(self.valid_to))
    }

    /// Why it does not count on this day under this test of its scope; `None` when it counts.
    #[must_use]
    pub fn counts_on(&self, day: Day, test: ScopeTest, services: &[ServiceName]) -> Option<Shortfall> {
        if let Some(void) = self.void_on(day) {
            return Some(void);
        }
        if day < self.valid_from {
            return Some(Shortfall::NotYet(self.valid_from));
        }
        if day > self.last_day() {
            return Some(match self.certified_edition() {
                Some(KindEdition { name, ended: Some(ended), .. }) if day <= self.valid_to => {
                    Shortfall::EditionEnded(name.clone(), *ended)
                }
                _ => Shortfall::Lapsed(self.last_day()),
            });
        }
        let out_of_scope = test == ScopeTest::AllServices && !self.scope.is_everything(services);
        out_of_scope.then(|| Shortfall::Scope(self.scope.left_out(services), services.len()))
    }

    /// What scoring on this day needs to know of it.
    #[must_use]
    pub fn for_scoring(&self, day: Day, services: &[ServiceName]) -> ScoredCertificate {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let covered = services.len() - self.scope.left_out(services).len();
        let last = self.last_day();
        ScoredCertificate {
            id: Some(self.id.get()),
            kind: self.kind.clone(),
            valid_from: self.valid_from.date(),
            // An edition that ended before the certificate began leaves a certificate of no days.
            valid_to: last.date(),
            whole_scope: self.scope.is_everything(services),
            coverage: (!services.is_empty())
                .then(|| Coverage { covered: count(covered), services: count(services.len()) }),
            void: self.void_on(day).map(|why| format!("{}.", why.words())),
        }
    }

    /// Why it does not count whatever its dates say.
    fn void_on(&self, day: Day) -> Option<Shortfall> {
        if let Some(on) = self.withdrawn_on.filter(|on| *on <= day) {
            return Some(Shortfall::Withdrawn(on));
        }
        let wants = kind(self.kind.as_str()).is_some_and(|kind| kind.accredited);
        (wants && self.accreditation.is_empty()).then_some(Shortfall::NotAccredited)
    }

    fn certified_edition(&self) -> Option<&'static KindEdition> {
        kind(self.kind.as_str())?.editions.iter().find(|edition| edition.key == self.edition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::ServiceId;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn services(count: i64) -> Vec<ServiceName> {
        (1..=count).map(|n| ServiceName { id: ServiceId::new(n), name: format!("Service {n}") }).collect()
    }

    fn iso(scope: Scope) -> Certificate {
        Certificate {
            id: CertificateId::new(7),
            organisation: OrganisationId::new(1),
            kind: CertificateKind::new("iso_27001").unwrap(),
            edition: "2022".to_owned(),
            body: "A body".to_owned(),
            accreditation: "An accreditor 0001".to_owned(),
            number: "IS 1".to_owned(),
            scope,
            issued_on: day("2024-05-01"),
            valid_from: day("2024-05-04"),
            valid_to: day("2027-05-03"),
            withdrawn_on: None,
            withdrawn_reason: String::new(),
            version: 1,
            updated_at: Timestamp::from_micros(0),
        }
    }

    fn some(numbers: &[i64]) -> Scope {
        Scope::Services(numbers.iter().copied().map(ServiceId::new).collect())
    }

    #[test]
    fn it_counts_from_its_first_to_its_last_day() {
        let iso = iso(Scope::Whole);
        let on = |text: &str| iso.counts_on(day(text), ScopeTest::AllServices, &services(7));
        assert_eq!(on("2024-05-03"), Some(Shortfall::NotYet(day("2024-05-04"))));
        assert_eq!((on("2024-05-04"), on("2027-05-03")), (None, None));
        assert_eq!(on("2027-05-04").unwrap().words(), "it lapsed after 3 May 2027");
    }

    #[test]
    fn a_scope_that_leaves_services_out_fails_only_the_test_of_all() {
        let part = iso(some(&[1, 2, 3, 4, 5]));
        let on = |test| part.counts_on(day("2026-01-01"), test, &services(7));
        assert_eq!(on(ScopeTest::Any), None);
        let short = on(ScopeTest::AllServices).unwrap();
        assert_eq!(short.words(), "its scope leaves out 2 of 7 services");
        assert_eq!(short, Shortfall::Scope(vec!["Service 6".to_owned(), "Service 7".to_owned()], 7));
        // A service that is listed later is outside until the certificate names it.
        assert_eq!(part.counts_on(day("2026-01-01"), ScopeTest::AllServices, &services(5)), None);
        let nothing = part.counts_on(day("2026-01-01"), ScopeTest::AllServices, &[]);
        assert!(nothing.unwrap().words().contains("lists no services"));
    }

    #[test]
    fn withdrawal_and_want_of_accreditation_go_before_dates() {
        let withdrawn = Certificate { withdrawn_on: Some(day("2026-01-10")), ..iso(Scope::Whole) };
        let on = |text: &str| withdrawn.counts_on(day(text), ScopeTest::Any, &[]);
        assert_eq!(
            (on("2026-01-09"), on("2026-01-10")),
            (None, Some(Shortfall::Withdrawn(day("2026-01-10"))))
        );
        assert_eq!(withdrawn.for_scoring(day("2026-01-09"), &[]).void, None);
        assert!(withdrawn.for_scoring(day("2026-01-10"), &[]).void.is_some());
        let bare = Certificate { accreditation: String::new(), ..iso(Scope::Whole) };
        assert_eq!(bare.counts_on(day("2026-01-10"), ScopeTest::Any, &[]), Some(Shortfall::NotAccredited));
    }

    #[test]
    fn an_edition_that_ended_ends_its_certificates() {
        let old = Certificate { edition: "2013".to_owned(), ..iso(Scope::Whole) };
        assert_eq!(old.counts_on(day("2025-10-31"), ScopeTest::Any, &[]), None);
        let after = old.counts_on(day("2025-11-01"), ScopeTest::Any, &[]).unwrap();
        assert_eq!(after.words(), "certificates of the 2013 edition ended on 31 October 2025");
        assert_eq!(old.for_scoring(day("2026-01-01"), &[]).valid_to, day("2025-10-31").date());
    }

    #[test]
    fn what_counts_here_counts_for_the_score() {
        for scope in [Scope::Whole, some(&[1, 2]), some(&[]), some(&[1, 2, 3])] {
            for text in ["2024-05-03", "2024-05-04", "2026-01-01", "2027-05-03", "2027-05-04"] {
                let (iso, services) = (iso(scope.clone()), services(3));
                let scored = iso.for_scoring(day(text), &services);
                let counts = scored.current_on(day(text).date());
                assert_eq!(iso.counts_on(day(text), ScopeTest::Any, &services).is_none(), counts, "{text}");
                let all = iso.counts_on(day(text), ScopeTest::AllServices, &services).is_none();
                assert_eq!(all, counts && scored.whole_scope, "{text} {scope:?}");
            }
        }
    }
}
