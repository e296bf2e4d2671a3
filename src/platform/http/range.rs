//! The part of a body that a request asks for: one range of bytes, as browsers and download programs send them when
//! they go on with what broke off.

use actix_web::HttpRequest;
use actix_web::http::header::{IF_RANGE, RANGE};

/// What of a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// So many bytes from this one on.
    From(u64, u64),
    /// What was asked for lies outside.
    Outside,
}

/// The part of a body of so many bytes that a request asks for. Several ranges at once, and what cannot be read, get
/// the whole, as they may; so does who has another content than the one of this entity tag.
#[must_use]
pub fn part_of(request: &HttpRequest, size: u64, tag: &str) -> Part {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    match (header(RANGE), header(IF_RANGE)) {
        (None, _) => Part::Whole,
        (Some(_), Some(had)) if had.trim() != tag => Part::Whole,
        (Some(range), _) => read(range, size),
    }
}

fn read(range: &str, size: u64) -> Part {
    let Some(asked) = range.trim().strip_prefix("bytes=") else { return Part::Whole };
    let Some((first, last)) = asked.split_once('-') else { return Part::Whole };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u64>().ok()).flatten()
    };
    match (first, number(first), last, number(last)) {
        ("", _, _, Some(0)) => Part::Outside,
        ("", _, _, Some(tail)) => Part::From(size.saturating_sub(tail), tail.min(size)),
        (_, Some(first), "", _) if first < size => Part::From(first, size - first),
        (_, Some(first), _, Some(last)) if last < first => Part::Whole,
        (_, Some(first), _, Some(last)) if first < size => Part::From(first, last.min(size - 1) - first + 1),
        (_, Some(_), "", _) | (_, Some(_), _, Some(_)) => Part::Outside,
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        for (range, expected) in [
            ("bytes=0-0", Part::From(0, 1)),
            ("bytes=2-4", Part::From(2, 3)),
            ("bytes=2-", Part::From(2, 8)),
            ("bytes=9-", Part::From(9, 1)),
            ("bytes=5-500", Part::From(5, 5)),
            ("bytes=-3", Part::From(7, 3)),
            ("bytes=-300", Part::From(0, 10)),
            ("bytes=10-", Part::Outside),
            ("bytes=10-20", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=99999999999999999999-", Part::Whole),
            ("items=0-1", Part::Whole),
        ] {
            assert_eq!(read(range, 10), expected, "{range}");
        }
    }
}
