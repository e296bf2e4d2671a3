//! A form with a file, as a browser sends it.

/// A form around its file.
pub struct Form {
    /// What comes before the file's content.
    pub before: Vec<u8>,
    /// What comes after it.
    pub after: Vec<u8>,
    /// The value of `content-type`.
    pub kind: String,
}

const BOUNDARY: &str = "----portal-bench-boundary";

/// The form of these fields with a file of this name in its field `file`.
pub fn form(fields: &[(&str, String)], file_name: &str) -> Form {
    let mut before = String::new();
    for (name, value) in fields {
        before.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    before.push_str(&format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    ));
    Form {
        before: before.into_bytes(),
        after: format!("\r\n--{BOUNDARY}--\r\n").into_bytes(),
        kind: format!("multipart/form-data; boundary={BOUNDARY}"),
    }
}
