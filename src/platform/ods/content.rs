//! The XML parts of a workbook.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::text::{write_line, written};
use super::{Cell, LineKind, Sheet, Table, Workbook};

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
     xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
     xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
     xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

pub(super) const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
     xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
     <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" \
     manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
     <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
     <manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>\
     <manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";

/// How numbers are written.
const NUMBERS: &str = "<number:number-style style:name=\"whole\"><number:number number:decimal-places=\"0\" \
     number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\
     <number:number-style style:name=\"tenths\"><number:number number:decimal-places=\"1\" \
     number:min-integer-digits=\"1\"/></number:number-style>\
     <number:number-style style:name=\"hundredths\"><number:number number:decimal-places=\"2\" \
     number:min-integer-digits=\"1\"/></number:number-style>\
     <number:text-style style:name=\"plain\"><number:text-content/></number:text-style>";

/// How cells look, under the names that spreadsheet programs have for titles and headings.
const LOOKS: &str = "<style:default-style style:family=\"table-cell\"><style:paragraph-properties/>\
     <style:text-properties fo:font-family=\"Arial\" fo:font-size=\"12pt\" fo:language=\"en\" fo:country=\"GB\"/>\
     </style:default-style>\
     <style:style style:name=\"Default\" style:family=\"table-cell\"/>\
     <style:style style:name=\"Heading_20_1\" style:display-name=\"Heading 1\" style:family=\"table-cell\" \
     style:parent-style-name=\"Default\" style:data-style-name=\"plain\">\
     <style:text-properties fo:font-size=\"16pt\" fo:font-weight=\"bold\"/></style:style>\
     <style:style style:name=\"Heading_20_2\" style:display-name=\"Heading 2\" style:family=\"table-cell\" \
     style:parent-style-name=\"Default\" style:data-style-name=\"plain\">\
     <style:text-properties fo:font-size=\"14pt\" fo:font-weight=\"bold\"/></style:style>\
     <style:style style:name=\"Sentence\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"plain\">\
     <style:table-cell-properties fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/></style:style>\
     <style:style style:name=\"Above\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"plain\"/>\
     <style:style style:name=\"Head\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"plain\">\
     <style:table-cell-properties fo:border-bottom=\"1pt solid #212b32\" fo:wrap-option=\"wrap\" \
     style:vertical-align=\"bottom\"/><style:text-properties fo:font-weight=\"bold\"/></style:style>\
     <style:style style:name=\"Whole\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"whole\"><style:table-cell-properties style:vertical-align=\"top\"/></style:style>\
     <style:style style:name=\"Tenths\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"tenths\"><style:table-cell-properties style:vertical-align=\"top\"/></style:style>\
     <style:style style:name=\"Hundredths\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"hundredths\"><style:table-cell-properties style:vertical-align=\"top\"/></style:style>\
     <style:style style:name=\"Mark\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
     style:data-style-name=\"plain\"><style:table-cell-properties style:text-align-source=\"fix\" \
     style:vertical-align=\"top\"/><style:paragraph-properties fo:text-align=\"end\"/></style:style>";

/// How a sheet as a whole looks: printed on the paper of that name.
const SHEET: &str = "<style:style style:name=\"sheet\" style:family=\"table\" style:master-page-name=\"Default\">\
     <style:table-properties table:display=\"true\"/></style:style>";

/// How sheets are printed: across, and as wide as a page, so that no table falls apart into pages side by side.
const PAPER: &str = "<office:automatic-styles><style:page-layout style:name=\"across\">\
     <style:page-layout-properties fo:page-width=\"297mm\" fo:page-height=\"210mm\" fo:margin=\"15mm\" \
     style:print-orientation=\"landscape\" style:scale-to-X=\"1\"/></style:page-layout></office:automatic-styles>\
     <office:master-styles><style:master-page style:name=\"Default\" style:page-layout-name=\"across\"/>\
     </office:master-styles>";

pub(super) fn styles() -> String {
    format!(
        "{DECLARATION}<office:document-styles {NAMESPACES}><office:styles>{NUMBERS}{LOOKS}</office:styles>{PAPER}\
         </office:document-styles>"
    )
}

pub(super) fn meta(book: &Workbook) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let made = book.made_at.rfc3339();
    write!(
        out,
        "{DECLARATION}<office:document-meta {NAMESPACES}><office:meta>\
         <meta:generator>Data security assurance portal</meta:generator><dc:title>{}</dc:title>\
         <dc:description>{}</dc:description><dc:subject>{}</dc:subject>\
         <meta:initial-creator>{}</meta:initial-creator><dc:creator>{}</dc:creator>\
         <meta:creation-date>{made}</meta:creation-date><dc:date>{made}</dc:date>\
         <dc:language>en-GB</dc:language></office:meta></office:document-meta>",
        written(&book.title),
        written(&book.subject),
        written(&book.subject),
        written(&book.creator),
        written(&book.creator),
    )?;
    Ok(out)
}

pub(super) fn content(book: &Workbook) -> Result<String, std::fmt::Error> {
    let mut out = String::with_capacity(64 * 1024);
    write!(out, "{DECLARATION}<office:document-content {NAMESPACES}><office:automatic-styles>{SHEET}")?;
    let widths: BTreeSet<u16> = book.sheets.iter().flat_map(|sheet| sheet.widths.iter().copied()).collect();
    for width in widths {
        write!(
            out,
            "<style:style style:name=\"w{width}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{width}mm\"/></style:style>"
        )?;
    }
    out.push_str("</office:automatic-styles><office:body><office:spreadsheet>");
    for sheet in &book.sheets {
        write_sheet(&mut out, sheet)?;
    }
    write_ranges(&mut out, book)?;
    out.push_str("</office:spreadsheet></office:body></office:document-content>");
    Ok(out)
}

fn write_sheet(out: &mut String, sheet: &Sheet) -> std::fmt::Result {
    write!(
        out,
        "<table:table table:name=\"{}\" table:style-name=\"sheet\"><table:title>{}</table:title>",
        written(&sheet.name),
        written(&sheet.title)
    )?;
    for width in &sheet.widths {
        write!(out, "<table:table-column table:style-name=\"w{width}\"/>")?;
    }
    for line in &sheet.lines {
        let look = match line.kind {
            LineKind::Title => "Heading_20_1",
            LineKind::Heading => "Heading_20_2",
            LineKind::Text => "Sentence",
            LineKind::Note => "Above",
        };
        out.push_str("<table:table-row>");
        write_text(out, &line.text, look)?;
        out.push_str("</table:table-row>");
    }
    if let Some(table) = &sheet.table {
        write_table(out, table)?;
    }
    out.push_str("</table:table>");
    Ok(())
}

fn write_table(out: &mut String, table: &Table) -> std::fmt::Result {
    out.push_str("<table:table-header-rows><table:table-row>");
    for head in &table.header {
        write_text(out, head, "Head")?;
    }
    out.push_str("</table:table-row></table:table-header-rows>");
    for row in &table.rows {
        out.push_str("<table:table-row>");
        for cell in row {
            write_cell(out, cell)?;
        }
        out.push_str("</table:table-row>");
    }
    Ok(())
}

fn write_cell(out: &mut String, cell: &Cell) -> std::fmt::Result {
    match cell {
        Cell::Text(text) => write_text(out, text, "Sentence"),
        Cell::Mark(mark) => write_text(out, mark, "Mark"),
        Cell::Link(text, sheet) => {
            write!(
                out,
                "<table:table-cell table:style-name=\"Sentence\" office:value-type=\"string\"><text:p>\
                 <text:a xlink:type=\"simple\" xlink:href=\"#{}.A1\">",
                written(sheet)
            )?;
            write_line(out, text);
            out.push_str("</text:a></text:p></table:table-cell>");
            Ok(())
        }
        Cell::Count(count) => write!(
            out,
            "<table:table-cell table:style-name=\"Whole\" office:value-type=\"float\" office:value=\"{count}\">\
             <text:p>{}</text:p></table:table-cell>",
            crate::platform::charts::layout::thousands(*count)
        ),
        Cell::Share(share) => write_number(out, share, "Tenths"),
        Cell::Hundredths(number) => write_number(out, number, "Hundredths"),
    }
}

fn write_number(out: &mut String, number: &str, look: &str) -> std::fmt::Result {
    let number = written(number);
    write!(
        out,
        "<table:table-cell table:style-name=\"{look}\" office:value-type=\"float\" office:value=\"{number}\">\
         <text:p>{number}</text:p></table:table-cell>"
    )
}

fn write_text(out: &mut String, text: &str, look: &str) -> std::fmt::Result {
    write!(out, "<table:table-cell table:style-name=\"{look}\" office:value-type=\"string\">")?;
    for line in text.split('\n') {
        out.push_str("<text:p>");
        write_line(out, line);
        out.push_str("</text:p>");
    }
    out.push_str("</table:table-cell>");
    Ok(())
}

/// Every table as a range with a name, so that programs and screen readers know where it begins and what heads it.
fn write_ranges(out: &mut String, book: &Workbook) -> std::fmt::Result {
    let tables = || book.sheets.iter().filter_map(|sheet| Some((sheet, sheet.table.as_ref()?)));
    if tables().next().is_none() {
        return Ok(());
    }
    out.push_str("<table:database-ranges>");
    for (sheet, table) in tables() {
        let (name, first) = (written(&sheet.name), sheet.lines.len() + 1);
        let (column, last) = (letters(table.header.len()), first + table.rows.len());
        write!(
            out,
            "<table:database-range table:name=\"{}\" \
             table:target-range-address=\"{name}.A{first}:{name}.{column}{last}\" table:contains-header=\"true\" \
             table:display-filter-buttons=\"false\"/>",
            written(&table.name)
        )?;
    }
    out.push_str("</table:database-ranges>");
    Ok(())
}

/// The letters of a column, from 1.
pub(super) fn letters(column: usize) -> String {
    let mut left = column.max(1);
    let mut letters = Vec::new();
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.into_iter().rev().collect()
}
