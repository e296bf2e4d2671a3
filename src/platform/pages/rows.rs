//! The body of a table whose cells are plain texts, numbers and links: nearly every table, and some have a thousand
//! cells, at each of which the engine would work for a microsecond. Anything else is left to the template, whose cells
//! these are in every byte (the design system's fixtures are held against both).

use tera::{Kwargs, State, Tera, TeraResult, Value, escape_html};

/// Registers `plain_rows`.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("plain_rows", |rows: &Value, kwargs: Kwargs, _: &State| {
        let head = kwargs.must_get::<&Value>("head")?;
        let options = Options {
            row_headers: kwargs.must_get::<bool>("row_headers")?,
            responsive: kwargs.must_get::<bool>("responsive")?,
        };
        plain_rows(rows, head, options)
    });
}

#[derive(Clone, Copy)]
struct Options {
    /// Whether the first cell of a row is its header.
    row_headers: bool,
    /// Whether each cell says its column again, for narrow screens.
    responsive: bool,
}

/// A column, as its head says.
struct Column<'a> {
    words: &'a str,
    numeric: bool,
}

/// A cell that is written here.
struct Plain<'a> {
    text: Text<'a>,
    href: &'a str,
    numeric: bool,
}

enum Text<'a> {
    Words(&'a str),
    Number(&'a Value),
}

/// The rows as markup, or none where anything about them is not plain.
fn plain_rows(rows: &Value, head: &Value, options: Options) -> TeraResult<Value> {
    let columns: Option<Vec<Column<'_>>> =
        head.as_array().and_then(|head| head.iter().map(Column::of).collect());
    let (Some(columns), Some(rows)) = (columns, rows.as_array()) else { return Ok(Value::none()) };
    let mut out = Vec::with_capacity(rows.len() * columns.len() * 100);
    for row in rows {
        let Some(cells) = row.as_array() else { return Ok(Value::none()) };
        out.extend_from_slice(if options.responsive {
            b"\n<tr class=\"nhsuk-table__row\" role=\"row\">".as_slice()
        } else {
            b"\n<tr class=\"nhsuk-table__row\">".as_slice()
        });
        for (at, cell) in cells.iter().enumerate() {
            let Some(cell) = Plain::of(cell) else { return Ok(Value::none()) };
            cell.write(&mut out, columns.get(at), at == 0 && options.row_headers, options.responsive)?;
        }
        out.extend_from_slice(b"\n</tr>");
    }
    let text = String::from_utf8(out)
        .map_err(|error| tera::Error::message(format!("a table is not UTF-8: {error}")))?;
    Ok(Value::safe_string(&text))
}

impl<'a> Column<'a> {
    /// None for a head that says more about its cells than its words and that they are numbers.
    fn of(head: &'a Value) -> Option<Self> {
        if let Some(words) = head.as_str() {
            return Some(Self { words, numeric: false });
        }
        head.as_map()?;
        let said = |name: &'static str| head.get_from_path(name).filter(|value| !value.is_none());
        if said("align").is_some() || said("visually_hidden_text").is_some() {
            return None;
        }
        Some(Self {
            words: said("text").map_or(Some(""), Value::as_str)?,
            numeric: said("format").and_then(Value::as_str) == Some("numeric"),
        })
    }
}

impl<'a> Plain<'a> {
    /// None for a cell with more about it than a text, an address and that it is a number. Markup is not plain either.
    fn of(cell: &'a Value) -> Option<Self> {
        if let Some(text) = Text::of(cell) {
            return Some(Self { text, href: "", numeric: false });
        }
        let mut plain = Self { text: Text::Words(""), href: "", numeric: false };
        for (name, value) in cell.as_map()? {
            match name.as_str()? {
                "text" => plain.text = Text::of(value)?,
                "href" => plain.href = value.as_str()?,
                "format" => match value.as_str()? {
                    "numeric" => plain.numeric = true,
                    "" => {}
                    _ => return None,
                },
                _ => return None,
            }
        }
        Some(plain)
    }

    fn write(
        &self,
        out: &mut Vec<u8>,
        column: Option<&Column<'_>>,
        header: bool,
        responsive: bool,
    ) -> std::io::Result<()> {
        let (tag, class): (&[u8], &[u8]) =
            if header { (b"th", b"nhsuk-table__header") } else { (b"td", b"nhsuk-table__cell") };
        push(out, &[b"\n<", tag, b" class=\"", class]);
        if self.numeric || column.is_some_and(|column| column.numeric) {
            push(out, &[b" ", class, b"--numeric"]);
        }
        push(
            out,
            match (header, responsive) {
                (true, true) => &[b"\" scope=\"row\" role=\"rowheader\">"],
                (true, false) => &[b"\" scope=\"row\">"],
                (false, true) => &[b"\" role=\"cell\">"],
                (false, false) => &[b"\">"],
            },
        );
        if let Some(column) = column.filter(|column| responsive && !column.words.is_empty()) {
            push(out, &[b"<span class=\"nhsuk-table__heading\" aria-hidden=\"true\">"]);
            escape_html(column.words, out)?;
            push(out, &[b" </span>"]);
        }
        if self.href.is_empty() {
            self.text.write(out)?;
        } else {
            push(out, &[b"<a class=\"nhsuk-link\" href=\""]);
            escape_html(self.href, out)?;
            push(out, &[b"\">"]);
            self.text.write(out)?;
            push(out, &[b"</a>"]);
        }
        push(out, &[b"</", tag, b">"]);
        Ok(())
    }
}

impl<'a> Text<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        if value.is_number() {
            return Some(Self::Number(value));
        }
        value.as_str().filter(|_| !value.is_safe()).map(Self::Words)
    }

    fn write(&self, out: &mut Vec<u8>) -> std::io::Result<()> {
        match self {
            Self::Words(words) => escape_html(words, out),
            Self::Number(number) => escape_html(&number.to_string(), out),
        }
    }
}

/// Appends one piece after the other.
pub(super) fn push(out: &mut Vec<u8>, pieces: &[&[u8]]) {
    for piece in pieces {
        out.extend_from_slice(piece);
    }
}
