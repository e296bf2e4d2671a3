//! Who is drawn: whoever knows the seed and the list can draw the same sample again with nothing but SHA-256.

/// The members of one stratum that are drawn, as places in `members`, in the order in which they were drawn.
///
/// The rule: the SHA-256 of the text `SEED:STRATUM:MEMBER` (UTF-8) is taken of every member; those with the smallest hashes,
/// compared byte by byte from the front, are drawn; equal hashes fall back on the member's own text. So the order of the list
/// does not matter, and a larger size keeps everybody that a smaller one drew. `hash` is SHA-256 over the text given to it.
#[must_use]
pub fn selected(
    seed: &str,
    stratum: &str,
    members: &[&str],
    size: u64,
    hash: impl Fn(&str) -> [u8; 32],
) -> Vec<usize> {
    let mut ordered: Vec<([u8; 32], &str, usize)> = members
        .iter()
        .enumerate()
        .map(|(place, member)| (hash(&format!("{seed}:{stratum}:{member}")), *member, place))
        .collect();
    ordered.sort_unstable();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    ordered.into_iter().take(size).map(|(_, _, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::canonical::sha256;

    fn drawn(seed: &str, members: &[&str], size: u64) -> Vec<String> {
        let places = selected(seed, "gp|Y56", members, size, |text| sha256(text.as_bytes()));
        places.into_iter().map(|place| members[place].to_owned()).collect()
    }

    const MEMBERS: [&str; 8] =
        ["A81001", "A81002", "A81004", "A81005", "A81006", "A81007", "A81009", "A81011"];

    // import hashlib
    // M = "A81001 A81002 A81004 A81005 A81006 A81007 A81009 A81011".split()
    // print(sorted(M, key=lambda m: hashlib.sha256(f"c0ffee:gp|Y56:{m}".encode()).hexdigest())[:3])
    #[test]
    fn others_draw_the_same() {
        assert_eq!(drawn("c0ffee", &MEMBERS, 3), ["A81006", "A81004", "A81009"]);
    }

    #[test]
    fn order_does_not_matter_and_larger_samples_keep_smaller_ones() {
        let mut turned = MEMBERS;
        turned.reverse();
        assert_eq!(drawn("c0ffee", &turned, 8), drawn("c0ffee", &MEMBERS, 8));
        for size in 0..8 {
            let (fewer, more) = (drawn("a", &MEMBERS, size), drawn("a", &MEMBERS, size + 1));
            assert_eq!(fewer.len() as u64, size);
            assert!(more.starts_with(&fewer));
        }
        assert_ne!(drawn("a", &MEMBERS, 8), drawn("b", &MEMBERS, 8));
        assert_eq!(drawn("a", &MEMBERS, 99).len(), 8);
    }
}
