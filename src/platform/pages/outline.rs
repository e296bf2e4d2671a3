//! What must be true of every page's HTML, whatever its words: balanced elements, one `h1`, unique ids, references that
//! lead somewhere, a label for every control, headings that skip no level downwards, and nothing inline for a script.

use std::collections::BTreeSet;

/// Elements without content; the last ones are the shapes of drawings.
const VOID: [&str; 10] = ["br", "hr", "img", "input", "link", "meta", "circle", "line", "path", "rect"];

/// One opening tag.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Tag<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// The problems of this page, one sentence each.
pub(super) fn problems(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let tags = match opening_tags(html, &mut found) {
        Ok(tags) => tags,
        Err(problem) => return vec![problem],
    };
    let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    for id in &known {
        if ids.iter().filter(|other| other == &id).count() > 1 {
            found.push(format!("the id {id} is used more than once"));
        }
    }
    let labelled: BTreeSet<&str> =
        tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.get("for")).collect();
    let mut level = 0;
    for tag in &tags {
        references(tag, &known, &mut found);
        inline_code(tag, &mut found);
        if is_control(tag)
            && tag.get("aria-label").is_none()
            && !tag.get("id").is_some_and(|id| labelled.contains(id))
        {
            found.push(format!("the control {} has no label", tag.get("name").unwrap_or("without a name")));
        }
        if tag.name == "img" && tag.get("alt").is_none() {
            found.push("an image has no alternative text".to_owned());
        }
        if let Some(next) =
            heading_level(tag.name).filter(|_| tag.get("class") != Some("nhsuk-u-visually-hidden"))
        {
            if next > level + 1 && level > 0 {
                found.push(format!("a heading of level {next} follows one of level {level}"));
            }
            level = next;
        }
    }
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    for name in ["h1", "main", "title"] {
        if count(name) != 1 {
            found.push(format!("there are {} {name} elements, not one", count(name)));
        }
    }
    found
}

/// Ids that other attributes name must be on the page.
fn references(tag: &Tag<'_>, known: &BTreeSet<&str>, found: &mut Vec<String>) {
    for name in ["for", "aria-describedby", "aria-labelledby"] {
        for id in tag.get(name).unwrap_or_default().split_ascii_whitespace().filter(|id| !known.contains(id))
        {
            found.push(format!("{name} of {} names {id}, which is not there", tag.name));
        }
    }
    match tag.get("href").and_then(|href| href.strip_prefix('#')) {
        Some(id) if !known.contains(id) => found.push(format!("a link leads to #{id}, which is not there")),
        _ => {}
    }
    if tag.name == "a" && tag.get("href").is_none_or(str::is_empty) {
        found.push("a link leads nowhere".to_owned());
    }
}

/// The content security policy forbids code and styles in the page. A block of data is no code: browsers never run it.
fn inline_code(tag: &Tag<'_>, found: &mut Vec<String>) {
    let is_data = tag.get("type") == Some("application/ld+json");
    if tag.name == "style" || (tag.name == "script" && tag.get("src").is_none() && !is_data) {
        found.push(format!("there is an inline {}", tag.name));
    }
    for (name, value) in &tag.attributes {
        let script =
            value.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"));
        if *name == "style" || name.starts_with("on") || script {
            found.push(format!("{} has the inline attribute {name}", tag.name));
        }
    }
}

fn is_control(tag: &Tag<'_>) -> bool {
    match tag.name {
        "select" | "textarea" => true,
        "input" => !matches!(tag.get("type"), Some("hidden" | "submit" | "button")),
        _ => false,
    }
}

fn heading_level(name: &str) -> Option<u8> {
    let mut bytes = name.bytes();
    match (bytes.next(), bytes.next(), bytes.next()) {
        (Some(b'h'), Some(level @ b'1'..=b'6'), None) => Some(level - b'0'),
        _ => None,
    }
}

/// Every opening tag in order, having checked that each is closed in turn.
fn opening_tags<'a>(html: &'a str, found: &mut Vec<String>) -> Result<Vec<Tag<'a>>, String> {
    let (mut tags, mut open): (Vec<Tag<'a>>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        if let Some(other) = tag.strip_prefix('!') {
            rest = other.split_once('>').map_or("", |(_, after)| after);
        } else if let Some(close) = tag.strip_prefix('/') {
            let (name, after) = close.split_once('>').ok_or("an end tag is not finished")?;
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {}", last.unwrap_or("nothing"))),
            }
            rest = after;
        } else {
            let (mut tag, after) = opening_tag(tag)?;
            let in_a_drawing = open.contains(&"svg");
            if !VOID.contains(&tag.name) {
                open.push(tag.name);
            }
            // A drawing has a title of its own, beside the page's.
            if in_a_drawing && tag.name == "title" {
                tag.name = "title of a drawing";
            }
            tags.push(tag);
            rest = after;
        }
    }
    if let Some(name) = open.last() {
        found.push(format!("<{name}> is not closed"));
    }
    Ok(tags)
}

fn opening_tag(tag: &str) -> Result<(Tag<'_>, &str), String> {
    let unfinished = || format!("a tag is not finished near {}", tag.chars().take(30).collect::<String>());
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').ok_or_else(unfinished)?;
    let (name, mut rest) = tag.split_at(end);
    if name.is_empty() {
        return Err(unfinished());
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return Ok((Tag { name, attributes }, after));
        }
        let end =
            rest.find(|c: char| c.is_ascii_whitespace() || "=>/\"".contains(c)).ok_or_else(unfinished)?;
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(value) => value.split_once('"').ok_or_else(unfinished)?,
            None => ("", after),
        };
        if key.is_empty() {
            return Err(unfinished());
        }
        attributes.push((key, value));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(main: &str) -> Vec<String> {
        problems(&format!("<!DOCTYPE html><title>t</title><main id=\"m\"><h1>h</h1>{main}</main>"))
    }

    #[test]
    fn a_good_page_has_no_problem() {
        let good = r##"<h2>a</h2><h3>b</h3><h2>c</h2><a href="#m">x</a><label for="i">l</label>
            <svg role="img" aria-labelledby="t"><title id="t">d</title><rect x="1"/><line x1="0"/><circle r="1"/></svg>
            <input id="i" name="i" disabled aria-describedby="m"><input type="hidden" name="k"><br><script src="/a"></script>
            <script type="application/ld+json">{"a": 1}</script>"##;
        assert_eq!(page(good), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_named() {
        for (fault, says) in [
            ("<p>", "</main> closes p"),
            ("<h1>again</h1>", "2 h1"),
            ("<h3>deep</h3>", "level 3 follows one of level 1"),
            ("<b id=\"x\"></b><b id=\"x\"></b>", "id x is used more than once"),
            ("<input name=\"age\">", "control age has no label"),
            ("<label for=\"gone\">l</label>", "names gone"),
            ("<b aria-describedby=\"m gone\"></b>", "names gone"),
            ("<a href=\"#gone\">x</a>", "leads to #gone"),
            ("<a>x</a>", "leads nowhere"),
            ("<b onclick=\"x()\"></b>", "inline attribute onclick"),
            ("<b style=\"x\"></b>", "inline attribute style"),
            ("<script>x</script>", "inline script"),
            ("<script type=\"module\">x</script>", "inline script"),
            ("<a href=\"javascript:x\">x</a>", "inline attribute href"),
            ("<img src=\"/a\">", "alternative text"),
            ("<b a=\"1></b>", "not finished"),
        ] {
            let found = page(fault);
            assert!(found.iter().any(|problem| problem.contains(says)), "{fault}: {found:?}");
        }
    }
}
