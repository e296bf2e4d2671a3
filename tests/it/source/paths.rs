//! What a path in a file stands for, as far as that file alone can tell.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Ident, UseTree};

use super::Mention;

/// Names that `use` brings into a file.
pub type Known = HashMap<String, Mention>;

/// `src/returns/web/mod.rs` -> returns, web.
pub fn module_of(path: &str) -> Vec<String> {
    let Some(inside) = path.strip_prefix("src/") else { return Vec::new() };
    let mut parts: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// Resolves what stands at the head of a path: `crate`, `self`, `super`, or a name brought in by `use`.
pub fn resolve(module: &[String], known: &Known, segments: &[String]) -> Mention {
    let ours = |segments: Vec<String>| Mention { segments, ours: true };
    match segments.split_first() {
        Some((head, rest)) if head == "crate" || head == "portal" => ours(rest.to_vec()),
        Some((head, rest)) if head == "self" => ours([module, rest].concat()),
        Some((head, _)) if head == "super" => {
            let ups = segments.iter().take_while(|segment| *segment == "super").count();
            let kept = module.len().saturating_sub(ups);
            ours([&module[..kept], &segments[ups..]].concat())
        }
        Some((head, rest)) => match known.get(head) {
            Some(import) => Mention { segments: [&import.segments, rest].concat(), ours: import.ours },
            None => Mention { segments: segments.to_vec(), ours: false },
        },
        None => Mention { segments: Vec::new(), ours: false },
    }
}

/// The leaves of a `use`: the name each brings in, and the path behind it.
pub fn leaves(tree: &UseTree, before: &[String], found: &mut Vec<(String, Vec<String>, Span)>) {
    let with = |ident: &Ident| [before, &[ident.to_string()]].concat();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(&path.ident), found),
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.last().cloned().unwrap_or_default(), before.to_vec(), name.span()));
        }
        UseTree::Name(name) => found.push((name.ident.to_string(), with(&name.ident), name.span())),
        UseTree::Rename(rename) if rename.ident == "self" => {
            found.push((rename.rename.to_string(), before.to_vec(), rename.span()));
        }
        UseTree::Rename(rename) => {
            found.push((rename.rename.to_string(), with(&rename.ident), rename.span()));
        }
        UseTree::Glob(glob) => {
            found.push(("*".to_owned(), [before, &["*".to_owned()]].concat(), glob.span()));
        }
        UseTree::Group(group) => group.items.iter().for_each(|item| leaves(item, before, found)),
    }
}
