//! The one shape of every mail that tells somebody something: a greeting, paragraphs, one link, said alike as text and
//! as HTML.

use super::{Mail, escaped};

/// The end of every letter.
const CLOSE: &str = "You cannot reply to this message.";

/// A short letter with one link.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// The template's name, for the record.
    pub template: &'static str,
    /// The address.
    pub to: &'a str,
    /// The subject line.
    pub subject: String,
    /// Whom it greets.
    pub name: &'a str,
    /// What it says.
    pub paragraphs: Vec<String>,
    /// The link's words and where it leads.
    pub link: (&'static str, &'a str),
}

impl Letter<'_> {
    /// The mail, in both its forms.
    #[must_use]
    pub fn into_mail(self) -> Mail {
        let (words, href) = self.link;
        let greeting = format!("Dear {},", self.name);
        let mut text = format!("{greeting}\n\n{}\n\n{words}:\n{href}\n\n", self.paragraphs.join("\n\n"));
        text.push_str(CLOSE);
        text.push('\n');
        let mut html =
            String::from("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head><meta charset=\"utf-8\"><title>");
        html.push_str(&escaped(&self.subject));
        html.push_str("</title></head>\n<body>\n");
        for paragraph in std::iter::once(&greeting).chain(&self.paragraphs) {
            html.push_str(&format!("<p>{}</p>\n", escaped(paragraph).replace('\n', "<br>\n")));
        }
        html.push_str(&format!("<p><a href=\"{}\">{}</a></p>\n", escaped(href), escaped(words)));
        html.push_str(&format!("<p>{CLOSE}</p>\n</body>\n</html>\n"));
        // A line break in a subject would begin another header.
        let subject = self.subject.replace(['\r', '\n'], " ");
        Mail { template: self.template, to: self.to.to_owned(), subject, text, html }
    }
}

#[cfg(test)]
mod tests {
    use super::Letter;

    #[test]
    fn what_people_typed_is_text_in_both_forms() {
        let mail = Letter {
            template: "test",
            to: "ida@trust.example",
            subject: "Fenwick\r\nBcc: all@trust.example".to_owned(),
            name: "Ida <Lead>",
            paragraphs: vec!["One & two".to_owned(), "First line\nsecond line".to_owned()],
            link: ("Go on", "https://portal.example/?a=1&b=2"),
        }
        .into_mail();
        assert_eq!(mail.subject, "Fenwick  Bcc: all@trust.example");
        assert!(mail.text.contains("Dear Ida <Lead>,\n\nOne & two\n\nFirst line\nsecond line\n\nGo on:\n"));
        assert!(mail.html.contains("<p>Dear Ida &lt;Lead&gt;,</p>\n<p>One &amp; two</p>"));
        assert!(mail.html.contains("First line<br>\nsecond line"));
        assert!(mail.html.contains("href=\"https://portal.example/?a=1&amp;b=2\""));
    }
}
