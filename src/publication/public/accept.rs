//! Which encoding of a body a client gets, after RFC 9110: brotli before gzip before plain among those it accepts
//! equally, never one it refuses.

/// An encoding that bodies are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// The value of `Content-Encoding`; none for the plain body.
    #[must_use]
    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The best encoding for an `Accept-Encoding` value; without one the plain body. A client that refuses everything
/// gets the plain body too: an answer it may discard is better than none.
#[must_use]
pub fn negotiate(accepted: Option<&str>) -> Encoding {
    let Some(accepted) = accepted else { return Encoding::Identity };
    let (mut brotli, mut gzip, mut identity, mut others) = (None, None, None, None);
    for part in accepted.split(',') {
        let (name, quality) = weighed(part);
        let place = match name {
            _ if name.eq_ignore_ascii_case("br") => &mut brotli,
            _ if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => &mut gzip,
            _ if name.eq_ignore_ascii_case("identity") => &mut identity,
            "*" => &mut others,
            _ => continue,
        };
        *place = Some(quality);
    }
    let brotli = brotli.or(others).unwrap_or(0);
    let gzip = gzip.or(others).unwrap_or(0);
    // Without a word about it the plain body is acceptable, but less than anything named.
    let identity = identity.unwrap_or(if others == Some(0) { 0 } else { 1 });
    if brotli > 0 && brotli >= gzip && brotli >= identity {
        Encoding::Brotli
    } else if gzip > 0 && gzip >= identity {
        Encoding::Gzip
    } else {
        Encoding::Identity
    }
}

/// A coding's name and its quality in thousandths; what cannot be read counts in full, as if it were not there.
fn weighed(part: &str) -> (&str, u16) {
    let mut pieces = part.split(';');
    let name = pieces.next().unwrap_or_default().trim();
    let quality = pieces.find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then_some(value.trim())
    });
    (name, quality.map_or(1000, thousandths))
}

fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole != "0" {
        return 1000;
    }
    let mut value = 0;
    for place in 0..3 {
        let digit = part.as_bytes().get(place).copied().filter(u8::is_ascii_digit).map_or(0, |d| d - b'0');
        value = value * 10 + u16::from(digit);
    }
    value
}

/// Whether an `If-None-Match` value names this tag. Compared weakly, as the rule asks for this header.
#[must_use]
pub fn names_tag(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_encoding_is_chosen() {
        use Encoding::{Brotli, Gzip, Identity};
        for (accepted, expected) in [
            (None, Identity),
            (Some(""), Identity),
            (Some("gzip, deflate, br, zstd"), Brotli),
            (Some("gzip, deflate"), Gzip),
            (Some("GZIP"), Gzip),
            (Some("br;q=0.5, gzip;q=0.9"), Gzip),
            (Some("br;q=0, gzip;q=0"), Identity),
            (Some("*"), Brotli),
            (Some("*;q=0.1, br;q=0"), Gzip),
            (Some("identity, gzip;q=0.5"), Identity),
            (Some("identity;q=0, gzip;q=0.001"), Gzip),
            (Some("identity;q=0.5, br ; q = 0.5"), Brotli),
            (Some("deflate"), Identity),
            (Some("br;q=1.000"), Brotli),
            (Some("*;q=0"), Identity),
        ] {
            assert_eq!(negotiate(accepted), expected, "{accepted:?}");
        }
    }

    #[test]
    fn tags_are_found_in_lists_and_behind_a_weak_mark() {
        assert!(names_tag("\"a\"", "\"a\""));
        assert!(names_tag("\"b\", W/\"a\"", "\"a\""));
        assert!(names_tag("*", "\"a\""));
        assert!(!names_tag("\"a-br\"", "\"a\"") && !names_tag("", "\"a\""));
    }
}
