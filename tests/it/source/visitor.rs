//! Walks one parsed file and notes what the rules look at.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Ident, ItemUse, Pat, Stmt, Visibility};

use super::paths::{Known, leaves, module_of, resolve};
use super::{At, Function, Mention, Source};

/// Reads a file. Fails where it is no Rust.
pub fn read(path: &str, text: &str) -> syn::Result<Source> {
    let file = syn::parse_file(text)?;
    let module = module_of(path);
    let source = Source { path: path.to_owned(), module: module.clone(), ..Source::default() };
    // What a name stands for is needed before the first path that starts with it.
    let mut children = Children { module: module.clone(), known: Known::new() };
    children.visit_file(&file);
    let children = children.known;
    let mut imports = Imports { module: module.clone(), children: children.clone(), known: children.clone() };
    imports.visit_file(&file);
    let mut walk = Walk { source, module, children, known: imports.known, in_tests: 0 };
    walk.visit_file(&file);
    Ok(walk.source)
}

/// First pass: the modules a file declares, which `use` may name without `self`.
struct Children {
    module: Vec<String>,
    known: Known,
}

impl<'ast> Visit<'ast> for Children {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        self.module.push(name.clone());
        self.known.entry(name).or_insert(Mention { segments: self.module.clone(), ours: true });
        visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

/// Second pass: what each name that `use` brings in stands for.
struct Imports {
    module: Vec<String>,
    children: Known,
    known: Known,
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        for (name, segments, _) in found {
            let mention = resolve(&self.module, &self.children, &segments);
            self.known.entry(name).or_insert(mention);
        }
    }
}

/// Third pass: everything that is noted.
struct Walk {
    source: Source,
    module: Vec<String>,
    children: Known,
    known: Known,
    in_tests: usize,
}

impl Walk {
    fn at<T>(&self, what: T, span: Span) -> At<T> {
        At { what, line: span.start().line, in_tests: self.in_tests > 0 }
    }

    fn mention(&mut self, segments: &[String], span: Span) {
        let mention = resolve(&self.module, &self.known, segments);
        let at = self.at(mention, span);
        self.source.mentions.push(at);
    }

    /// Paths inside a macro's or an attribute's tokens: `a::b::c`, wherever they stand.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut start = Span::call_site();
        for tree in tokens {
            match tree {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.flush(&mut path, start);
                        start = ident.span();
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.flush(&mut path, start);
                    colons = 0;
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.flush(&mut path, start);
                    colons = 0;
                }
            }
        }
        self.flush(&mut path, start);
    }

    fn flush(&mut self, path: &mut Vec<String>, start: Span) {
        if path.len() > 1 {
            self.mention(path, start);
        }
        path.clear();
    }

    fn function(&mut self, visibility: &Visibility, signature: &syn::Signature, block: &syn::Block) {
        let lines = block.span().end().line - signature.fn_token.span().start().line + 1;
        let (mut takes, mut gives) = (Idents::default(), Idents::default());
        signature.inputs.iter().for_each(|input| takes.visit_fn_arg(input));
        gives.visit_return_type(&signature.output);
        let function = Function {
            name: signature.ident.to_string(),
            lines,
            offered: !matches!(visibility, Visibility::Inherited),
            takes: takes.0,
            gives: gives.0,
        };
        let at = self.at(function, signature.fn_token.span());
        self.source.functions.push(at);
    }

    fn name(&mut self, ident: &Ident) {
        let at = self.at(ident.to_string(), ident.span());
        self.source.names.push(at);
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        attributes.iter().for_each(|attribute| self.visit_attribute(attribute));
    }

    fn inside(&mut self, attributes: &[Attribute], walk: impl FnOnce(&mut Self)) {
        let tests = usize::from(attributes.iter().any(is_for_tests));
        self.in_tests += tests;
        walk(self);
        self.in_tests -= tests;
    }
}

/// `#[test]`, `#[cfg(test)]`, `#[actix_web::test]`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last().map(|segment| segment.ident.to_string());
    match last.as_deref() {
        Some("test") => true,
        Some("cfg") => attribute.parse_args::<Ident>().is_ok_and(|ident| ident == "test"),
        _ => false,
    }
}

/// Every identifier in a piece of syntax.
#[derive(Default)]
struct Idents(Vec<String>);

impl<'ast> Visit<'ast> for Idents {
    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.0.push(ident.to_string());
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let (attributes, name): (&[Attribute], Option<&Ident>) = match item {
            syn::Item::Enum(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Fn(item) => (&item.attrs, None),
            syn::Item::Impl(item) => (&item.attrs, None),
            syn::Item::Mod(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Struct(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Trait(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Type(item) => (&item.attrs, Some(&item.ident)),
            syn::Item::Use(item) => (&item.attrs, None),
            _ => (&[], None),
        };
        self.inside(attributes, |walk| {
            if let Some(name) = name {
                walk.name(name);
            }
            visit::visit_item(walk, item);
        });
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        if item.content.is_none() && self.in_tests > 0 {
            self.source.test_modules.push(self.module.clone());
        }
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        for (name, segments, span) in found {
            let mention = resolve(&self.module, &self.children, &segments);
            if !matches!(item.vis, Visibility::Inherited) {
                self.source.re_exports.push((name, mention.segments.clone()));
            }
            let at = self.at(mention, span);
            self.source.mentions.push(at);
        }
        self.attributes(&item.attrs);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.vis, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.inside(&item.attrs, |walk| {
            walk.function(&item.vis, &item.sig, &item.block);
            visit::visit_impl_item_fn(walk, item);
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&Visibility::Inherited, &item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.mention(&segments, path.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("allow") {
            let at = self.at("allow".to_owned(), attribute.span());
            self.source.allows.push(at);
        }
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let at = self.at(call.method.to_string(), call.method.span());
        self.source.methods.push(at);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let at = self.at(literal.value(), literal.span());
        self.source.strings.push(at);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::Local(local) if is_wild(&local.pat) => {
                let at = self.at("let _ =".to_owned(), local.span());
                self.source.discards.push(at);
            }
            Stmt::Expr(Expr::MethodCall(call), Some(_)) if call.method == "ok" => {
                let at = self.at(".ok();".to_owned(), call.method.span());
                self.source.discards.push(at);
            }
            _ => {}
        }
        visit::visit_stmt(self, statement);
    }
}

/// `_` and `_: Type`.
fn is_wild(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Type(typed) => is_wild(&typed.pat),
        _ => false,
    }
}
