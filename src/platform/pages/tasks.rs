//! A task list whose items are plain: a link, a line below it, and a tag or a word. A return has a hundred and more of
//! them. Anything else is left to the template, whose items these are in every byte (the design system's fixtures are
//! held against both).

use tera::{Kwargs, State, Tera, TeraResult, Value, escape_html};

use super::rows::push;

/// Registers `plain_tasks`.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("plain_tasks", |items: &Value, kwargs: Kwargs, _: &State| {
        plain_tasks(items, kwargs.must_get::<&str>("id_prefix")?)
    });
}

/// A task that is plain: with an address, and with a tag (its text and colour) or a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainTask<'a> {
    /// What it is.
    pub heading: &'a str,
    /// Where it is done.
    pub href: &'a str,
    /// A line below it; empty for none.
    pub hint: &'a str,
    /// How far it is, as a coloured word.
    pub tag: Option<(&'a str, &'a str)>,
    /// How far it is, as a plain word where there is no tag.
    pub status: &'a str,
}

/// The items of a task list as markup, for the page that would otherwise hand the engine a hundred of them to be taken apart
/// again.
///
/// # Errors
/// None in practice: writing into memory does not fail.
pub fn task_items<'a>(
    id_prefix: &str,
    tasks: impl ExactSizeIterator<Item = PlainTask<'a>>,
) -> std::io::Result<String> {
    let mut prefix = Vec::new();
    escape_html(id_prefix, &mut prefix)?;
    let mut out = Vec::with_capacity(tasks.len() * 600);
    for (at, task) in tasks.enumerate() {
        task.write(&mut out, &prefix, (at + 1).to_string().as_bytes())?;
    }
    String::from_utf8(out).map_err(std::io::Error::other)
}

/// The items as markup, or none where anything about them is not plain.
fn plain_tasks(items: &Value, id_prefix: &str) -> TeraResult<Value> {
    let plain: Option<Vec<PlainTask<'_>>> =
        items.as_array().and_then(|items| items.iter().map(PlainTask::of).collect());
    let Some(plain) = plain else { return Ok(Value::none()) };
    Ok(Value::safe_string(&task_items(id_prefix, plain.into_iter())?))
}

impl<'a> PlainTask<'a> {
    /// None for an item without an address, or with more about it than is written here. Markup is not plain either.
    fn of(item: &'a Value) -> Option<Self> {
        let mut plain = Self::default();
        for (name, value) in item.as_map()? {
            match name.as_str()? {
                "heading" => plain.heading = words(value)?,
                "href" => plain.href = words(value)?,
                "hint" => plain.hint = words(value)?,
                "status" => plain.status = words(value)?,
                "tag" if value.is_none() => {}
                "tag" => plain.tag = Some(tag(value)?),
                _ => return None,
            }
        }
        (!plain.href.is_empty()).then_some(plain)
    }

    fn write(&self, out: &mut Vec<u8>, prefix: &[u8], number: &[u8]) -> std::io::Result<()> {
        out.extend_from_slice(
            b"\n<li class=\"nhsuk-task-list__item nhsuk-task-list__item--with-link\">\n\
              <div class=\"nhsuk-task-list__name-and-hint\">\n\
              <a class=\"nhsuk-task-list__link nhsuk-link\" href=\"",
        );
        escape_html(self.href, out)?;
        push(out, &[b"\" aria-describedby=\""]);
        if !self.hint.is_empty() {
            push(out, &[prefix, b"-", number, b"-hint "]);
        }
        push(out, &[prefix, b"-", number, b"-status\">"]);
        escape_html(self.heading, out)?;
        push(out, &[b"</a>"]);
        if !self.hint.is_empty() {
            push(out, &[b"\n<div class=\"nhsuk-task-list__hint\" id=\"", prefix, b"-", number, b"-hint\">"]);
            escape_html(self.hint, out)?;
            push(out, &[b"</div>"]);
        }
        push(
            out,
            &[b"\n</div>\n<div class=\"nhsuk-task-list__status\" id=\"", prefix, b"-", number, b"-status\">"],
        );
        if let Some((text, colour)) = self.tag {
            push(out, &[b"<strong class=\"nhsuk-tag nhsuk-tag--"]);
            escape_html(colour, out)?;
            push(out, &[b"\">"]);
            escape_html(text, out)?;
            push(out, &[b"</strong>"]);
        } else {
            escape_html(self.status, out)?;
        }
        push(out, &[b"</div>\n</li>"]);
        Ok(())
    }
}

/// A text, also none at all; None for markup and everything else.
fn words(value: &Value) -> Option<&str> {
    if value.is_none() {
        return Some("");
    }
    value.as_str().filter(|_| !value.is_safe())
}

/// The text and colour of a tag that has both and nothing else.
fn tag(value: &Value) -> Option<(&str, &str)> {
    let (mut text, mut colour) = ("", "");
    for (name, value) in value.as_map()? {
        match name.as_str()? {
            "text" => text = words(value)?,
            "colour" => colour = words(value)?,
            _ => return None,
        }
    }
    (!text.is_empty() && !colour.is_empty()).then_some((text, colour))
}
