//! The project's own source, read and parsed, for the tests that hold its shape.

mod paths;
mod reading;
mod visitor;

use std::path::Path;

pub use reading::{lines_of, text_of, tracked_files};

/// Something the source says at a place: a path, a method, a string.
#[derive(Debug, Clone)]
pub struct At<T> {
    /// What is said.
    pub what: T,
    /// The line, from 1.
    pub line: usize,
    /// Whether it stands in code that is only built for tests.
    pub in_tests: bool,
}

/// A path that the source names, resolved as far as one file allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Segments from the crate's root for our own items, from the crate's name for others.
    pub segments: Vec<String>,
    /// Whether it is an item of ours.
    pub ours: bool,
}

/// A function: its name, its length and what its signature names.
#[derive(Debug, Clone)]
pub struct Function {
    /// The bare name.
    pub name: String,
    /// From the line of `fn` to the closing brace.
    pub lines: usize,
    /// Whether other files may call it.
    pub offered: bool,
    /// Every identifier in the types of the parameters.
    pub takes: Vec<String>,
    /// Every identifier in the return type.
    pub gives: Vec<String>,
}

/// One Rust file.
#[derive(Debug, Default)]
pub struct Source {
    /// From the project's root, with forward slashes.
    pub path: String,
    /// The module's path from the crate's root; empty for files outside `src`.
    pub module: Vec<String>,
    /// Every path named in code, `use`, attributes and macros.
    pub mentions: Vec<At<Mention>>,
    /// `pub use`: the public name, and the item behind it.
    pub re_exports: Vec<(String, Vec<String>)>,
    /// Names of methods called.
    pub methods: Vec<At<String>>,
    /// String literals.
    pub strings: Vec<At<String>>,
    /// Results thrown away: `let _ = ..` and `.ok();`.
    pub discards: Vec<At<String>>,
    /// `allow` attributes.
    pub allows: Vec<At<String>>,
    /// Functions and methods with a body.
    pub functions: Vec<At<Function>>,
    /// Modules declared as `#[cfg(test)] mod tests;`, whose code stands in files of their own.
    pub test_modules: Vec<Vec<String>>,
    /// Names of the types, traits and modules declared.
    pub names: Vec<At<String>>,
}

impl Source {
    /// Parses one file as it would stand at `path`, from the project's root.
    pub fn parse(path: &str, text: &str) -> Self {
        visitor::read(path, text).unwrap_or_else(|error| panic!("{path} does not parse: {error}"))
    }

    /// Parses files that belong together: what one declares as a module for tests counts as such in its own file.
    pub fn parse_together<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<Self> {
        let mut sources: Vec<Self> = files.into_iter().map(|(path, text)| Self::parse(path, text)).collect();
        let tests: Vec<Vec<String>> = sources.iter().flat_map(|source| source.test_modules.clone()).collect();
        for source in &mut sources {
            if tests.iter().any(|module| source.module.starts_with(module)) {
                source.only_for_tests();
            }
        }
        sources
    }

    /// Every Rust file below some of the project's folders.
    pub fn all_below(folders: &[&str]) -> Vec<Self> {
        let paths = folders.iter().flat_map(|folder| tracked_files(folder, &["rs"]));
        let files: Vec<(String, String)> =
            paths.map(|path| (path.clone(), reading::text_of(&path))).collect();
        Self::parse_together(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    fn only_for_tests(&mut self) {
        self.mentions.iter_mut().for_each(|at| at.in_tests = true);
        self.functions.iter_mut().for_each(|at| at.in_tests = true);
        for list in
            [&mut self.methods, &mut self.strings, &mut self.discards, &mut self.allows, &mut self.names]
        {
            list.iter_mut().for_each(|at| at.in_tests = true);
        }
    }

    /// The capability: the folder below `src`, if the file is in one.
    pub fn capability(&self) -> Option<&str> {
        let mut parts = self.path.strip_prefix("src/")?.split('/');
        let folder = parts.next()?;
        parts.next().map(|_| folder)
    }

    /// Whether the file is `NAME.rs` or stands in a folder `NAME` inside its capability.
    pub fn is_layer(&self, name: &str) -> bool {
        let Some(inside) = self.path.strip_prefix("src/") else { return false };
        inside.trim_end_matches(".rs").split('/').skip(1).any(|part| part == name)
    }

    /// `path:line`, as editors understand it.
    pub fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// The project's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
