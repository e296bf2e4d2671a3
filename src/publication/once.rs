//! Things of which many are alike, each kept once and known by its number.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use crate::platform::error::{Error, Result};

/// What was numbered so far, in the order in which it came.
#[derive(Debug)]
pub(super) struct Once<T> {
    numbers: HashMap<T, u32>,
    all: Vec<T>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), all: Vec::new() }
    }
}

impl<T: Eq + Hash> Once<T> {
    /// The number of a thing, new or not, from 0.
    ///
    /// # Errors
    /// When there are four thousand million of them.
    pub fn number<Q>(&mut self, one: &Q) -> Result<u32>
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(known) = self.numbers.get(one) {
            return Ok(*known);
        }
        let number = u32::try_from(self.all.len())
            .map_err(|_| Error::broken("there are more different things than can be numbered"))?;
        self.numbers.insert(one.to_owned(), number);
        self.all.push(one.to_owned());
        Ok(number)
    }

    /// All of them, by number.
    pub fn into_all(self) -> Vec<T> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_has_the_same_number_and_is_kept_once() {
        let mut once = Once::<String>::default();
        let numbers = ["b", "a", "b", "", "a"].map(|text| once.number(text).unwrap());
        assert_eq!(numbers, [0, 1, 0, 2, 1]);
        assert_eq!(once.into_all(), ["b", "a", ""]);
    }
}
