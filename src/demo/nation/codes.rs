//! Codes and postcodes that cannot belong to anybody.
//!
//! An organisation code here is `ZZ`, the sector's letter and three digits (sectors of under a thousand members) or
//! five. Real codes cannot look like that: those issued now are five characters that alternate letter and digit
//! (so the second is always a digit), older trusts and boards are three characters, practices a letter and five
//! digits, sites start with their parent's code, and no code in the registers we hold starts with `ZZ`. The data
//! dictionary's own default codes with `ZZ` are `ZZ` and three digits, without a letter between. The test
//! `demo::nation::tests` compares every generated code with the real registers where they are present.
//!
//! Postcodes are in the area `ZZ`, districts 1 to 42. Royal Mail has no such area; the statistical pseudo-postcodes
//! are all `ZZ99`, which is not used here.

use super::chance::Chance;
use super::sector::Sector;

/// Letters that the last two places of a postcode may hold (C, I, K, M, O and V are never used there).
const INWARD: &[char] =
    &['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y', 'Z'];

/// The code of the `number`th organisation of a sector, counted from 1.
#[must_use]
pub fn organisation_code(sector: Sector, number: usize) -> String {
    let letter = sector.letter();
    if has_short_codes(sector) { format!("ZZ{letter}{number:03}") } else { format!("ZZ{letter}{number:05}") }
}

const fn has_short_codes(sector: Sector) -> bool {
    matches!(
        sector,
        Sector::NhsTrust
            | Sector::Icb
            | Sector::Csu
            | Sector::Alb
            | Sector::LocalAuthority
            | Sector::University
    )
}

/// A postcode in the district of a board's area, such as `ZZ7 4QT`.
pub fn postcode(chance: &mut Chance, district: usize) -> String {
    let sector = chance.between(1, 9);
    let first = chance.pick(INWARD);
    let second = chance.pick(INWARD);
    format!("ZZ{district} {sector}{first}{second}")
}

#[cfg(test)]
mod tests {
    use super::super::chance::Purpose;
    use super::super::sector::Scale;
    use super::*;

    #[test]
    fn codes_are_six_or_eight_characters_at_every_scale() {
        for sector in Sector::ALL {
            let most = Scale::National.organisations(sector);
            for number in [1, most] {
                let code = organisation_code(sector, number);
                assert!(code.len() == 6 || code.len() == 8, "{code}");
                assert!(code.starts_with("ZZ"));
            }
        }
        assert_eq!(organisation_code(Sector::NhsTrust, 7), "ZZT007");
        assert_eq!(organisation_code(Sector::Gp, 812), "ZZG00812");
    }

    #[test]
    fn postcodes_are_in_the_area_that_does_not_exist() {
        let mut chance = Chance::new(3, Purpose::Organisations, 0);
        for district in 1..=42 {
            let postcode = postcode(&mut chance, district);
            assert!(postcode.starts_with(&format!("ZZ{district} ")), "{postcode}");
            assert_eq!(postcode.chars().count(), format!("ZZ{district} 1AA").len());
        }
    }
}
