//! Reads a PDF file with another program's eyes: title, language, tags, pages and text. That is a check of structure by an
//! independent reader; a full PDF/UA checker cannot be installed where these tests run.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// A PDF file as it was read.
pub struct Pdf {
    document: Document,
}

impl Pdf {
    /// Reads it.
    #[track_caller]
    pub fn read(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-1.7"), "{:?}", &bytes[..bytes.len().min(20)]);
        Self { document: Document::load_mem(bytes).expect("another reader opens the file") }
    }

    fn catalog(&self) -> &Dictionary {
        self.document.catalog().expect("a catalogue")
    }

    fn entry<'a>(&'a self, of: &'a Dictionary, key: &str) -> &'a Object {
        of.get_deref(key.as_bytes(), &self.document).unwrap_or_else(|e| panic!("{key}: {e}"))
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.document.get_pages().len()
    }

    /// Its title, as a reader shows it.
    pub fn title(&self) -> String {
        let preferences = self.entry(self.catalog(), "ViewerPreferences").as_dict().unwrap();
        assert!(self.entry(preferences, "DisplayDocTitle").as_bool().unwrap(), "the title is shown");
        let info = self.document.trailer.get_deref(b"Info", &self.document).unwrap().as_dict().unwrap();
        words(self.entry(info, "Title"))
    }

    /// Its language.
    pub fn language(&self) -> String {
        words(self.entry(self.catalog(), "Lang"))
    }

    /// Whether it calls itself tagged, and PDF/UA-1.
    pub fn is_tagged_ua(&self) -> bool {
        let marked = self.entry(self.catalog(), "MarkInfo").as_dict().unwrap();
        let metadata = self.entry(self.catalog(), "Metadata").as_stream().unwrap();
        let text = metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone());
        let text = String::from_utf8_lossy(&text).into_owned();
        self.entry(marked, "Marked").as_bool().unwrap()
            && text.contains("<pdfuaid:part>1</pdfuaid:part>")
            && self.catalog().has(b"StructTreeRoot")
    }

    /// How often each tag stands in it.
    pub fn tags(&self) -> BTreeMap<String, usize> {
        let mut tags = BTreeMap::new();
        for dictionary in self.document.objects.values().filter_map(|object| object.as_dict().ok()) {
            let is_element = dictionary.has(b"P") && (dictionary.has(b"K") || dictionary.has(b"Alt"));
            if let (true, Ok(Object::Name(name))) = (is_element, dictionary.get(b"S")) {
                *tags.entry(String::from_utf8_lossy(name).into_owned()).or_default() += 1;
            }
        }
        tags
    }

    /// The descriptions of its drawings.
    pub fn drawings(&self) -> Vec<String> {
        let dictionaries = self.document.objects.values().filter_map(|object| object.as_dict().ok());
        dictionaries.filter_map(|dictionary| dictionary.get(b"Alt").ok()).map(words).collect()
    }

    /// Its text, without what lines and columns do to spaces.
    pub fn text(&self) -> String {
        let numbers: Vec<u32> = self.document.get_pages().into_keys().collect();
        let text = self.document.extract_text(&numbers).expect("text can be taken out");
        without_spaces(&text)
    }

    /// Fails with the text unless it holds this.
    #[track_caller]
    pub fn says(&self, wanted: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(&without_spaces(wanted)), "\"{wanted}\" is not in:\n{text}");
        self
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

/// A text string of a PDF.
fn words(object: &Object) -> String {
    let bytes = object.as_str().expect("a text");
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
