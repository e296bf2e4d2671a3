//! What a certificate covers of the services that its organisation lists.

use std::collections::BTreeSet;

use crate::platform::ids::ServiceId;

/// A service of the organisation, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName {
    /// Its row.
    pub id: ServiceId,
    /// As the organisation names it.
    pub name: String,
}

/// A certificate's scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything the organisation does, now and later.
    Whole,
    /// These services.
    Services(BTreeSet<ServiceId>),
}

/// How much of the organisation must be inside the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeTest {
    /// Any part will do.
    Any,
    /// All of it.
    AllServices,
}

impl Scope {
    /// Names of the listed services that it leaves out.
    #[must_use]
    pub fn left_out(&self, services: &[ServiceName]) -> Vec<String> {
        match self {
            Self::Whole => Vec::new(),
            Self::Services(covered) => services
                .iter()
                .filter(|service| !covered.contains(&service.id))
                .map(|service| service.name.clone())
                .collect(),
        }
    }

    /// Whether it covers everything. Named services are everything only while services are listed at all and none of
    /// them is left out.
    #[must_use]
    pub fn is_everything(&self, services: &[ServiceName]) -> bool {
        match self {
            Self::Whole => true,
            Self::Services(_) => !services.is_empty() && self.left_out(services).is_empty(),
        }
    }

    /// The scope in words, as it is after "covers".
    #[must_use]
    pub fn words(&self, services: &[ServiceName]) -> String {
        let all = services.len();
        let covered = all - self.left_out(services).len();
        match self {
            Self::Whole if all > 1 => format!("all {all} services"),
            Self::Whole => "the whole organisation".to_owned(),
            Self::Services(_) if all == 0 => {
                "none of the services you list, because you list none".to_owned()
            }
            Self::Services(_) if covered == all => format!("all {all} services"),
            Self::Services(_) => format!("{covered} of {all} services"),
        }
    }
}
