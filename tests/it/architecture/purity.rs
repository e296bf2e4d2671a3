//! Rule 2 for models: they know the clock, ids, and whatever is as pure as they are themselves.

use std::collections::{HashMap, HashSet};

use super::layers::{broken_by, is_database, is_web};
use crate::source::{Mention, Source};

/// Public names of a module, and the items behind them: how `crate::standards::Edition` is known to be a model.
struct Exports(HashMap<(Vec<String>, String), Vec<String>>);

impl Exports {
    fn of(sources: &[Source]) -> Self {
        let exports = sources.iter().flat_map(|source| {
            source.re_exports.iter().map(|(name, path)| ((source.module.clone(), name.clone()), path.clone()))
        });
        Self(exports.collect())
    }

    /// Follows re-exports until a path stands for itself.
    fn behind(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        // Each step replaces a re-export by what it stands for; a circle of them would not compile.
        for _ in 0..8 {
            let step = (1..path.len()).find_map(|at| {
                let (module, rest) = path.split_at(at);
                let (name, rest) = rest.split_first()?;
                let target = self.0.get(&(module.to_vec(), name.clone()))?;
                Some([target.as_slice(), rest].concat())
            });
            match step {
                Some(next) if next != path => path = next,
                _ => break,
            }
        }
        path
    }
}

/// The file that an item of ours stands in, if one is known.
fn home_of<'a>(sources: &'a [Source], path: &[String]) -> Option<&'a Source> {
    let holds = |source: &&Source| source.path.starts_with("src/") && path.starts_with(&source.module);
    sources.iter().filter(holds).max_by_key(|source| source.module.len())
}

/// Crates that do something rather than say something. An e-mail address is only text that was looked at.
fn acts(mention: &Mention) -> bool {
    let segments: Vec<&str> = mention.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["lettre", "Address" | "address", ..] => false,
        // With what follows, because one word alone is usually a variable.
        ["tera" | "lettre" | "tokio" | "config" | "env_logger", _, ..] => true,
        ["std", "fs" | "net" | "env" | "process" | "thread", ..] => true,
        _ => is_database(mention) || is_web(mention),
    }
}

/// Whether a mention is harmless in a pure file, given the files that are known to be impure.
fn is_harmless(sources: &[Source], exports: &Exports, impure: &HashSet<&str>, mention: &Mention) -> bool {
    if !mention.ours {
        return !acts(mention);
    }
    let path = exports.behind(&mention.segments);
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // A bare capability is only a way to what follows, which is looked at by itself.
        [] | [_] => true,
        ["platform", "clock" | "ids", ..] => true,
        ["schema", ..] => false,
        _ => home_of(sources, &path).is_some_and(|home| !impure.contains(home.path.as_str())),
    }
}

/// Rule 2: `model.rs`. A file is impure that names a crate which acts, or an impure file, by whatever way round.
pub fn models_are_pure(sources: &[Source]) -> Vec<String> {
    let exports = Exports::of(sources);
    let mut impure: HashSet<&str> = HashSet::new();
    loop {
        let more: Vec<&str> = sources
            .iter()
            .filter(|source| !impure.contains(source.path.as_str()))
            .filter(|source| {
                let mut mentions = source.mentions.iter().filter(|at| !at.in_tests);
                !mentions.all(|at| is_harmless(sources, &exports, &impure, &at.what))
            })
            .map(|source| source.path.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        impure.extend(more);
    }
    // A model that is impure through another model is not named: the other one is.
    let is_model = |mention: &Mention| {
        mention.ours
            && home_of(sources, &exports.behind(&mention.segments)).is_some_and(|home| home.is_layer("model"))
    };
    let models = sources.iter().filter(|source| source.is_layer("model"));
    models
        .flat_map(|source| {
            broken_by(source, "rule 2", "a model knows the clock, ids and what is pure", |mention| {
                !is_model(mention) && !is_harmless(sources, &exports, &impure, mention)
            })
        })
        .collect()
}
