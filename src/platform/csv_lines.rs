//! Lists as CSV after RFC 4180: UTF-8, CRLF, one row of heads. A cell that a spreadsheet would take for a formula begins
//! with an apostrophe instead.

/// The media type of a CSV file.
pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// One line with its end.
#[must_use]
pub fn line<T: AsRef<str>>(cells: &[T]) -> String {
    let mut out = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push(&mut out, cell.as_ref());
    }
    out.push_str("\r\n");
    out
}

/// A whole file.
#[must_use]
pub fn file(head: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = line(head);
    for row in rows {
        out.push_str(&line(row));
    }
    out.into_bytes()
}

fn push(out: &mut String, cell: &str) {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = cell.contains(['"', ',', '\r', '\n']);
    if quoted {
        out.push('"');
    }
    if runs {
        out.push('\'');
    }
    for character in cell.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_run_nothing() {
        assert_eq!(line(&["a", "b"]), "a,b\r\n");
        assert_eq!(line(&["=1+1", "say \"no\", twice"]), "'=1+1,\"say \"\"no\"\", twice\"\r\n");
        assert_eq!(line(&["@x", "-3", "two\nlines"]), "'@x,'-3,\"two\nlines\"\r\n");
        let rows = vec![vec!["1".to_owned(), String::new()]];
        assert_eq!(file(&["n", "m"], &rows), b"n,m\r\n1,\r\n");
    }
}
