//! The kinds of organisation in the demo nation and how many of each there are at both scales.

/// What an organisation is; the keys are those that standards use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sector {
    /// NHS trusts and foundation trusts.
    NhsTrust,
    /// Integrated care boards and the commissioning groups before them.
    Icb,
    /// Commissioning support units.
    Csu,
    /// Arm's length bodies.
    Alb,
    /// Local authorities.
    LocalAuthority,
    /// General practices.
    Gp,
    /// Community pharmacies and their head offices.
    Pharmacy,
    /// Dental practices.
    Dentist,
    /// Opticians.
    Optician,
    /// Care homes and home care.
    SocialCare,
    /// Companies that process health data.
    Company,
    /// Universities and their departments.
    University,
    /// Charities, hospices and everyone else.
    Other,
}

impl Sector {
    /// Every sector, in the order in which organisations are generated.
    pub const ALL: [Self; 13] = [
        Self::NhsTrust,
        Self::Icb,
        Self::Csu,
        Self::Alb,
        Self::LocalAuthority,
        Self::Gp,
        Self::Pharmacy,
        Self::Dentist,
        Self::Optician,
        Self::SocialCare,
        Self::Company,
        Self::University,
        Self::Other,
    ];

    /// The stable key that standards and the database use.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NhsTrust => "nhs_trust",
            Self::Icb => "icb",
            Self::Csu => "csu",
            Self::Alb => "alb",
            Self::LocalAuthority => "local_authority",
            Self::Gp => "gp",
            Self::Pharmacy => "pharmacy",
            Self::Dentist => "dentist",
            Self::Optician => "optician",
            Self::SocialCare => "social_care",
            Self::Company => "company",
            Self::University => "university",
            Self::Other => "other",
        }
    }

    /// The sector of a key, if it is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sector| sector.key() == key)
    }

    /// Whether the central team reviews every return of the sector, and plans need its approval.
    #[must_use]
    pub const fn is_large(self) -> bool {
        matches!(self, Self::NhsTrust | Self::Icb | Self::Csu | Self::Alb)
    }

    /// The letter of the sector in the nation's organisation codes (no I or O, which people misread).
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::NhsTrust => 'T',
            Self::Icb => 'B',
            Self::Csu => 'C',
            Self::Alb => 'A',
            Self::LocalAuthority => 'L',
            Self::Gp => 'G',
            Self::Pharmacy => 'P',
            Self::Dentist => 'D',
            Self::Optician => 'E',
            Self::SocialCare => 'S',
            Self::Company => 'K',
            Self::University => 'U',
            Self::Other => 'X',
        }
    }
}

/// What a trust mainly does. It decides its name and which profile it is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrustKind {
    /// General and teaching hospitals.
    Acute,
    /// Mental health and learning disability.
    MentalHealth,
    /// Community services.
    Community,
    /// Ambulance services.
    Ambulance,
    /// Hospitals of one specialty.
    Specialist,
}

impl TrustKind {
    /// How many open trusts there are of each kind: 220 in all, at either scale, as in the real country.
    pub const OPEN: [(Self, u32); 5] = [
        (Self::Acute, 118),
        (Self::MentalHealth, 48),
        (Self::Community, 18),
        (Self::Ambulance, 10),
        (Self::Specialist, 26),
    ];

    /// The stable key of the kind.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Acute => "acute",
            Self::MentalHealth => "mental_health",
            Self::Community => "community",
            Self::Ambulance => "ambulance",
            Self::Specialist => "specialist",
        }
    }
}

/// How large a nation to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// About a thousand organisations, made in a fraction of a second.
    Small,
    /// 64,000 organisations with the real register's proportions.
    National,
    /// A few of everything, for tests of what is made of a nation.
    Sample,
}

impl Scale {
    /// How many organisations of the sector there are, open and closed, without chain sites being counted apart.
    /// The national numbers are those of the register of September 2022; its organisations without a sector are
    /// counted under other.
    #[must_use]
    pub const fn organisations(self, sector: Sector) -> usize {
        match (self, sector) {
            (Self::Small, Sector::NhsTrust) => 234,
            (Self::Small, Sector::Icb) => 50,
            (Self::Small, Sector::Csu) => 5,
            (Self::Small, Sector::Alb) => 12,
            (Self::Small, Sector::LocalAuthority) => 60,
            (Self::Small, Sector::Gp) => 150,
            (Self::Small, Sector::Pharmacy) => 121,
            (Self::Small, Sector::Dentist) => 80,
            (Self::Small, Sector::Optician) => 50,
            (Self::Small, Sector::SocialCare) => 190,
            (Self::Small, Sector::Company) => 45,
            (Self::Small, Sector::University) => 20,
            (Self::Small, Sector::Other) => 60,
            (Self::Sample, Sector::NhsTrust) => 12,
            (Self::Sample, _) => 2,
            (Self::National, Sector::NhsTrust) => 411,
            (Self::National, Sector::Icb) => 169,
            (Self::National, Sector::Csu) => 9,
            (Self::National, Sector::Alb) => 23,
            (Self::National, Sector::LocalAuthority) => 896,
            (Self::National, Sector::Gp) => 6_913,
            (Self::National, Sector::Pharmacy) => 12_723,
            (Self::National, Sector::Dentist) => 7_450,
            (Self::National, Sector::Optician) => 4_571,
            (Self::National, Sector::SocialCare) => 21_064,
            (Self::National, Sector::Company) => 3_329,
            (Self::National, Sector::University) => 312,
            (Self::National, Sector::Other) => 6_130,
        }
    }

    /// How many organisations there are in all.
    #[must_use]
    pub fn total(self) -> usize {
        Sector::ALL.into_iter().map(|sector| self.organisations(sector)).sum()
    }

    /// Sites per head office in the sector, one number for each chain. Head offices and sites are counted in
    /// [`Scale::organisations`].
    #[must_use]
    pub const fn chains(self, sector: Sector) -> &'static [usize] {
        match (self, sector) {
            (Self::Small, Sector::Pharmacy) => &[40],
            (Self::Small, Sector::SocialCare) => &[12],
            (Self::National, Sector::Pharmacy) => {
                &[1_430, 760, 410, 220, 120, 90, 64, 48, 40, 32, 25, 20, 15]
            }
            (Self::National, Sector::Optician) => &[620, 310, 90, 40, 22],
            (Self::National, Sector::Dentist) => &[340, 150, 60, 30],
            (Self::National, Sector::SocialCare) => &[
                240, 180, 140, 110, 95, 80, 72, 64, 56, 48, 44, 40, 36, 32, 28, 24, 20, 18, 16, 14, 12, 12,
                10, 10,
            ],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_national_scale_is_64_000() {
        assert_eq!(Scale::National.total(), 64_000);
        assert!((950..=1_150).contains(&Scale::Small.total()), "{}", Scale::Small.total());
    }

    #[test]
    fn keys_lead_back_to_sectors() {
        for sector in Sector::ALL {
            assert_eq!(Sector::from_key(sector.key()), Some(sector));
        }
        assert_eq!(Sector::from_key("hospital"), None);
    }

    #[test]
    fn chains_fit_into_their_sector() {
        for scale in [Scale::Small, Scale::National] {
            for sector in Sector::ALL {
                let chained: usize = scale.chains(sector).iter().map(|sites| sites + 1).sum();
                assert!(chained * 2 < scale.organisations(sector) || chained == 0, "{sector:?}");
            }
        }
    }
}
