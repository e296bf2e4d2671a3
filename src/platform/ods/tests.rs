//! The workbook as another reader sees it, with texts that other formats would take for something else.

use super::content::letters;
use super::*;

const HOSTILE: [&str; 5] = [
    "=cmd|' /C calc'!A0",
    "<text:p>&amp;</text:p> ]]> \"'",
    "  two  spaces \t and a tab ",
    "\u{0}\u{1b}[31m\u{202e}",
    "\u{5d0}\u{5d1}\u{5d2}\nsecond line",
];

fn book() -> Workbook {
    let rows = HOSTILE.iter().map(|text| vec![Cell::Text((*text).to_owned()), Cell::Count(1_234_567)]);
    Workbook {
        title: "A & B <c>".to_owned(),
        subject: "About it".to_owned(),
        creator: "Programme".to_owned(),
        made_at: Timestamp::from_micros(0),
        sheets: vec![
            Sheet {
                name: "Cover".to_owned(),
                title: "Cover".to_owned(),
                widths: vec![120],
                lines: vec![Line::title("A"), Line::heading("B"), Line::text("C")],
                table: None,
            },
            Sheet {
                name: "Table_1".to_owned(),
                title: "Names".to_owned(),
                widths: vec![60, 30],
                lines: vec![Line::title("Names"), Line::note("This worksheet contains one table.")],
                table: Some(Table {
                    name: "names".to_owned(),
                    header: vec!["Name".to_owned(), "Count".to_owned()],
                    rows: rows.collect(),
                }),
            },
        ],
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[test]
fn the_archive_begins_with_what_it_is_and_is_the_same_each_time() {
    let bytes = ods(&book()).unwrap();
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..38 + MEDIA_TYPE.len()], MEDIA_TYPE.as_bytes());
    assert_eq!(bytes, ods(&book()).unwrap());
    let meta = part(&bytes, "meta.xml");
    assert!(meta.contains("<dc:title>A &amp; B &lt;c&gt;</dc:title>") && meta.contains("en-GB"), "{meta}");
}

#[test]
fn hostile_texts_stay_texts() {
    let content = part(&ods(&book()).unwrap(), "content.xml");
    let parsed = roxmltree::Document::parse(&content).unwrap();
    let table = parsed.descendants().filter(|node| node.has_tag_name((TABLE, "table"))).nth(1).unwrap();
    let rows: Vec<_> = table.descendants().filter(|node| node.has_tag_name((TABLE, "table-row"))).collect();
    assert_eq!(rows.len(), 2 + 1 + HOSTILE.len());
    for (row, expected) in rows.iter().skip(3).zip(HOSTILE) {
        let cell = row.first_element_child().unwrap();
        assert_eq!(cell.attribute((OFFICE, "value-type")), Some("string"));
        assert!(cell.attributes().all(|attribute| attribute.name() != "formula"));
        let fitting: String = expected
            .chars()
            .map(|c| if c < ' ' && c != '\t' && c != '\n' { '\u{fffd}' } else { c })
            .collect();
        assert_eq!(text_of(cell), fitting);
    }
    assert!(!content.contains("number-columns-spanned") && content.contains("Table_1.A3:Table_1.B8"));
}

const TABLE: &str = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

/// The text of a cell as a program reads it.
fn text_of(cell: roxmltree::Node<'_, '_>) -> String {
    let lines: Vec<String> = cell
        .children()
        .map(|line| {
            line.children()
                .map(|piece| match piece.tag_name().name() {
                    "s" => " ".to_owned(),
                    "tab" => "\t".to_owned(),
                    _ => piece.text().unwrap_or_default().to_owned(),
                })
                .collect()
        })
        .collect();
    lines.join("\n")
}

#[test]
fn columns_have_the_letters_of_spreadsheets() {
    assert_eq!([1, 26, 27, 52, 53, 702, 703].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}

proptest::proptest! {
    #[test]
    fn any_text_comes_back(text: String) {
        let mut book = book();
        book.sheets[1].table.as_mut().unwrap().rows = vec![vec![Cell::Text(text.clone()), Cell::Count(0)]];
        let content = part(&ods(&book).unwrap(), "content.xml");
        let parsed = roxmltree::Document::parse(&content).unwrap();
        let cell = parsed
            .descendants()
            .filter(|node| node.has_tag_name((TABLE, "table-cell")))
            .nth(3 + 2 + 2)
            .unwrap();
        let illegal = |c: char| (c < ' ' && c != '\t' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
        let expected: String = text
            .chars()
            .filter(|c| *c != '\r')
            .map(|c| if illegal(c) { '\u{fffd}' } else { c })
            .collect();
        proptest::prop_assert_eq!(text_of(cell), expected);
    }
}
