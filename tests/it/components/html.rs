//! HTML brought to one form for comparison: one token a line, attributes and classes in order, entities resolved, and
//! white space kept only where a browser would show it. Strict: an unclosed or crossed element is an error.

use std::collections::BTreeMap;

/// Elements that stand in a line of words; white space next to any other element is not shown.
const INLINE: [&str; 8] = ["a", "abbr", "b", "code", "em", "i", "span", "strong"];
const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "path"];
const VERBATIM: [&str; 2] = ["textarea", "pre"];

/// One piece of HTML.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Open { name: String, attributes: BTreeMap<String, String>, closed: bool },
    Close(String),
    Text(String),
}

/// The canonical lines of this HTML.
pub fn canonical(html: &str) -> Result<Vec<String>, String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let (mut line_start, mut space) = (true, false);
    for token in tokens(html)? {
        match token {
            Token::Text(text) if open.last().is_some_and(|name| VERBATIM.contains(&name.as_str())) => {
                lines.push(format!("{text:?}"));
            }
            Token::Text(text) => {
                let words: Vec<&str> = text.split_ascii_whitespace().collect();
                if words.is_empty() {
                    space |= !text.is_empty();
                    continue;
                }
                space |= text.starts_with(|c: char| c.is_ascii_whitespace());
                let gap = if space && !line_start { " " } else { "" };
                match lines.last_mut().filter(|line| line.starts_with('"')) {
                    Some(line) => line.push_str(&format!("{gap}{}", words.join(" "))),
                    None => lines.push(format!("\"{gap}{}", words.join(" "))),
                }
                space = text.ends_with(|c: char| c.is_ascii_whitespace());
                line_start = false;
            }
            Token::Open { name, attributes, closed } => {
                if !INLINE.contains(&name.as_str()) {
                    (line_start, space) = (true, false);
                }
                let shown: String =
                    attributes.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
                lines.push(format!("<{name}{shown}>"));
                if !closed && !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::Close(name) if VOID.contains(&name.as_str()) => {}
            Token::Close(name) => {
                if open.pop().as_deref() != Some(&name) {
                    return Err(format!("</{name}> closes nothing in {html}"));
                }
                if !INLINE.contains(&name.as_str()) {
                    (line_start, space) = (true, false);
                }
                lines.push(format!("</{name}>"));
            }
        }
    }
    if let Some(name) = open.pop() {
        return Err(format!("<{name}> is not closed in {html}"));
    }
    Ok(lines)
}

/// The canonical lines without every element whose opening line `is` true of, and without what it holds.
pub fn without(lines: Vec<String>, is: impl Fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    let mut depth = 0_usize;
    for line in lines {
        let name = line.trim_start_matches('<').split([' ', '>']).next().unwrap_or_default().to_owned();
        let opens = line.starts_with('<') && !line.starts_with("</") && !VOID.contains(&name.as_str());
        if depth > 0 || (opens && is(&line)) {
            if opens {
                depth += 1;
            } else if line.starts_with("</") {
                depth -= 1;
            }
        } else {
            kept.push(line);
        }
    }
    kept
}

fn tokens(html: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (text, tag) = match rest.split_once('<') {
            Some((text, tag)) => (text, Some(tag)),
            None => (rest, None),
        };
        if !text.is_empty() {
            found.push(Token::Text(decode(text)));
        }
        let Some(tag) = tag else { break };
        rest = if let Some(comment) = tag.strip_prefix("!--") {
            comment.split_once("-->").ok_or("an open comment")?.1
        } else if let Some(close) = tag.strip_prefix('/') {
            let (name, after) = close.split_once('>').ok_or("an open end tag")?;
            found.push(Token::Close(name.trim().to_owned()));
            after
        } else {
            let (token, after) = element(tag)?;
            found.push(token);
            after
        };
    }
    Ok(found)
}

/// An opening tag after its `<`, and what follows it.
fn element(tag: &str) -> Result<(Token, &str), String> {
    let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').ok_or("an open tag")?;
    let (name, mut rest) = tag.split_at(end);
    if name.is_empty() {
        return Err(format!("a stray < before {}", tag.chars().take(20).collect::<String>()));
    }
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((Token::Open { name: name.to_owned(), attributes, closed: false }, after));
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((Token::Open { name: name.to_owned(), attributes, closed: true }, after));
        }
        let end =
            rest.find(|c: char| c.is_ascii_whitespace() || "=>/".contains(c)).ok_or("an open attribute")?;
        let (key, after) = rest.split_at(end);
        if key.is_empty() {
            return Err(format!("a stray character in <{name}"));
        }
        let value = if let Some(quoted) = after.strip_prefix('=') {
            let quote =
                quoted.chars().next().filter(|c| "'\"".contains(*c)).ok_or(format!("{key} is unquoted"))?;
            let (value, after) = quoted[1..].split_once(quote).ok_or(format!("{key} has an open quote"))?;
            rest = after;
            value
        } else {
            rest = after;
            ""
        };
        if attributes.insert(key.to_owned(), attribute(key, value)).is_some() {
            return Err(format!("<{name} has {key} twice"));
        }
    }
}

/// A list of classes is a set; other lists of words lose only their extra spaces.
fn attribute(key: &str, value: &str) -> String {
    let value = decode(value);
    match key {
        "class" => {
            let mut classes: Vec<&str> = value.split_ascii_whitespace().collect();
            classes.sort_unstable();
            classes.dedup();
            classes.join(" ")
        }
        "aria-describedby" => value.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
        _ => value,
    }
}

fn decode(text: &str) -> String {
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2F;", "/")];
    let text = named.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain));
    text.replace("&amp;", "&")
}

#[test]
fn white_space_counts_only_where_it_shows() {
    let same = |a: &str, b: &str| assert_eq!(canonical(a), canonical(b));
    same("<p>\n  a <b> c</b>\n</p>", "<p>a<b> c</b></p>");
    same("<p class=\"x  y\" id='1'></p>", "<p id=\"1\" class=\"y x x\"></p>");
    assert_ne!(canonical("<p>a<b>c</b></p>"), canonical("<p>a <b>c</b></p>"));
    assert_ne!(canonical("<textarea> a</textarea>"), canonical("<textarea>a</textarea>"));
    assert_ne!(canonical("<p>a b</p>"), canonical("<p>ab</p>"));
}

#[test]
fn broken_html_is_an_error() {
    for broken in ["<p>", "</p>", "<p><b></p></b>", "<p a=b>", "<p a=\"1\" a=\"2\"></p>", "a < b"] {
        assert!(canonical(broken).is_err(), "{broken} passed");
    }
}
