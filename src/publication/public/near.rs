//! Searching by what people remember: the first half of a postcode, and names and codes with typing errors in them. A
//! search that finds nothing offers what comes near, the nearest first.

use super::directory::{Directory, Wanted};
use crate::organisations::search_form;

/// Longer words must be spelt as they are.
const LONGEST_WORD: usize = 32;
/// A search of more words offers nothing: what it is near to cannot be told.
const MOST_WORDS: usize = 8;

/// The first half of a postcode, in capital letters, of a whole postcode or of the half alone; none of anything else. A half
/// alone has no space in it, so that `no 2` stays two words.
pub(in crate::publication) fn district(text: &str) -> Option<String> {
    let spaced = text.trim().contains(char::is_whitespace);
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let second = plain.len().checked_sub(3).and_then(|at| plain.split_at_checked(at));
    match second {
        Some((first, rest)) if shape(rest) == "9AA" && is_district(first) => Some(first.to_owned()),
        _ if !spaced && is_district(&plain) => Some(plain),
        _ => None,
    }
}

fn is_district(text: &str) -> bool {
    matches!(shape(text).as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A")
}

/// Letters as `A`, digits as `9`, anything else as it is.
fn shape(text: &str) -> String {
    let of = |c: char| match c {
        'A'..='Z' => 'A',
        '0'..='9' => '9',
        other => other,
    };
    text.chars().map(of).collect()
}

impl Directory {
    /// Places of what comes nearest to the words, at most `many`: every word is in the name or the code, with few typing
    /// errors. One letter too many, too few, wrong, or swapped with its neighbour is one error.
    #[must_use]
    pub fn near(&self, wanted: &Wanted, many: usize) -> Vec<u32> {
        let folded = search_form(&wanted.words);
        let sought: Vec<Sought> = folded.split(' ').filter(|word| !word.is_empty()).map(Sought::of).collect();
        if sought.is_empty() || sought.len() > MOST_WORDS {
            return Vec::new();
        }
        let mut buffer = Vec::new();
        let mut found: Vec<(usize, usize, u32)> = self
            .places(wanted)
            .filter_map(|place| {
                let line = self.line_at(place);
                let errors = errors_in(&sought, line, &mut buffer)?;
                // Among equals the name with fewer other words is meant sooner.
                Some((errors, line.split(' ').count(), u32::try_from(place).ok()?))
            })
            .collect();
        found.sort_unstable();
        found.truncate(many);
        found.into_iter().map(|(_, _, place)| place).collect()
    }
}

/// A word that is looked for.
struct Sought<'a> {
    text: &'a str,
    letters: Vec<char>,
    mask: u64,
    most: usize,
}

impl<'a> Sought<'a> {
    fn of(text: &'a str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let most = match letters.len() {
            3..=5 => 1,
            6..=LONGEST_WORD => 2,
            _ => 0,
        };
        Self { text, mask: mask(&letters), letters, most }
    }

    /// The fewest errors between this and a word of the line; none where there are too many.
    fn errors_in(&self, line: &str, buffer: &mut Vec<char>) -> Option<usize> {
        if line.contains(self.text) {
            return Some(0);
        }
        if self.most == 0 {
            return None;
        }
        let mut least: Option<usize> = None;
        for word in line.split(' ') {
            buffer.clear();
            buffer.extend(word.chars());
            // A letter that the other word has not at all is an error of its own, and is found out quickly.
            let lacking = (self.mask & !mask(buffer)).count_ones() as usize;
            if lacking <= self.most && buffer.len() <= LONGEST_WORD {
                least = [least, distance(&self.letters, buffer, self.most)].into_iter().flatten().min();
            }
        }
        least
    }
}

/// Errors of all words together; none where any word is not there.
fn errors_in(sought: &[Sought<'_>], line: &str, buffer: &mut Vec<char>) -> Option<usize> {
    sought.iter().map(|word| word.errors_in(line, buffer)).sum()
}

/// Which letters occur: a bit for each, shared by those that leave the same remainder.
fn mask(letters: &[char]) -> u64 {
    letters.iter().fold(0, |mask, letter| mask | (1 << (u32::from(*letter) % 64)))
}

/// The fewest errors that lead from one word to the other, if they are at most `most`.
fn distance(from: &[char], to: &[char], most: usize) -> Option<usize> {
    if from.len().abs_diff(to.len()) > most {
        return None;
    }
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = Vec::with_capacity(to.len() + 1);
        row.push(i + 1);
        for (j, b) in to.iter().enumerate() {
            let changed = at(&above, j) + usize::from(a != b);
            let mut least = changed.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && from.get(i - 1) == Some(b) && to.get(j - 1) == Some(a);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        if row.iter().all(|errors| *errors > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|errors| *errors <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(from: &str, to: &str, most: usize) -> Option<usize> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        distance(&letters(from), &letters(to), most)
    }

    #[test]
    fn each_kind_of_error_is_one_and_too_many_are_none() {
        assert_eq!(errors("surgery", "surgery", 2), Some(0));
        assert_eq!(errors("surgry", "surgery", 2), Some(1));
        assert_eq!(errors("surrgery", "surgery", 2), Some(1));
        assert_eq!(errors("sergery", "surgery", 2), Some(1));
        assert_eq!(errors("sugrery", "surgery", 2), Some(1));
        assert_eq!(errors("sugreyr", "surgery", 2), Some(2));
        assert_eq!(errors("sugreyr", "surgery", 1), None);
        assert_eq!(errors("dentist", "surgery", 2), None);
        assert_eq!(errors("", "ab", 2), Some(2));
    }

    #[test]
    fn the_distance_is_the_same_both_ways_and_never_shorter_than_a_detour() {
        let words = ["leeds", "leesd", "leds", "lees", "sleeds", "deeds", "bees"];
        for a in words {
            for b in words {
                assert_eq!(errors(a, b, 9), errors(b, a, 9), "{a} {b}");
                assert_eq!(errors(a, b, 9) == Some(0), a == b);
                for most in 0..4 {
                    assert_eq!(errors(a, b, most), errors(a, b, 9).filter(|found| *found <= most), "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn a_line_is_near_when_every_word_is() {
        let line = "the brackenmoor hospital nhs trust rz9";
        let errors = |words: &str| {
            let sought: Vec<Sought> = words.split(' ').map(Sought::of).collect();
            errors_in(&sought, line, &mut Vec::new())
        };
        assert_eq!(errors("brackenmoor"), Some(0));
        assert_eq!(errors("brakenmoor hospitl"), Some(2));
        assert_eq!(errors("brakenmor"), Some(2));
        assert_eq!(errors("brakenmor surgery"), None);
        assert_eq!(errors("rz8"), Some(1));
        assert_eq!(errors("qz"), None);
    }

    #[test]
    fn the_first_half_of_a_postcode_is_told_from_words_and_codes() {
        for (text, wanted) in [
            ("ls1", Some("LS1")),
            ("LS1 4ab", Some("LS1")),
            ("m11ae", Some("M1")),
            ("EC1A", Some("EC1A")),
            ("ZZ42 1AA", Some("ZZ42")),
            ("surgery", None),
            ("no 2", None),
            ("A81001", None),
            ("", None),
            ("\u{e9}1", None),
        ] {
            assert_eq!(district(text).as_deref(), wanted, "{text}");
        }
    }
}
