//! A workbook as OpenDocument. Every cell is text, so a text that begins with `=` stays one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use quick_xml::escape::escape;

use super::book::{Book, Cell, Head, Sheet};
use super::columns::letters;
use crate::platform::error::{Error, Result};
use crate::platform::ods::{archived, write_line};

/// What the archive says of itself in its first entry.
pub(super) const MIMETYPE: &str = crate::platform::ods::MEDIA_TYPE;

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
     xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
     xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
     xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
     xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
     xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
     xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
     xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
     xmlns:ooo=\"http://openoffice.org/2004/office\" \
     xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" office:version=\"1.3\"";

const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
     xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
     <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" \
     manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
     <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
     <manifest:file-entry manifest:full-path=\"settings.xml\" manifest:media-type=\"text/xml\"/>\
     <manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";

/// How cells look: the header, what is read, what is filled in.
const LOOKS: &str = "<number:text-style style:name=\"N1\"><number:text-content/></number:text-style>\
     <style:style style:name=\"head\" style:family=\"table-cell\" style:data-style-name=\"N1\">\
     <style:table-cell-properties fo:background-color=\"#d8dde0\" fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/>\
     <style:text-properties fo:font-weight=\"bold\"/></style:style>\
     <style:style style:name=\"shown\" style:family=\"table-cell\" style:data-style-name=\"N1\">\
     <style:table-cell-properties fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/></style:style>\
     <style:style style:name=\"entered\" style:family=\"table-cell\" style:data-style-name=\"N1\">\
     <style:table-cell-properties fo:background-color=\"#fff9e1\" fo:border=\"0.5pt solid #aeb7bd\" \
     fo:wrap-option=\"wrap\" style:vertical-align=\"top\"/></style:style>";

/// The bytes of the workbook.
///
/// # Errors
/// When the archive cannot be put together, which is a fault.
pub(super) fn ods(book: &Book) -> Result<Vec<u8>> {
    let fault = |e: std::fmt::Error| Error::internal("failed to write a workbook", e);
    let parts = [
        ("META-INF/manifest.xml", MANIFEST.to_owned()),
        ("content.xml", content(book).map_err(fault)?),
        ("settings.xml", settings(book).map_err(fault)?),
        ("meta.xml", meta(book).map_err(fault)?),
    ];
    archived(&parts)
}

fn content(book: &Book) -> Result<String, std::fmt::Error> {
    let mut out = String::with_capacity(64 * 1024);
    write!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content {NAMESPACES}>")?;
    write!(out, "<office:automatic-styles>{LOOKS}")?;
    let widths: BTreeSet<u16> = book.sheets.iter().flat_map(|s| s.columns.iter().map(|c| c.width)).collect();
    for width in widths {
        write!(
            out,
            "<style:style style:name=\"w{width}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{}mm\"/></style:style>",
            u32::from(width) * 2
        )?;
    }
    out.push_str("</office:automatic-styles><office:body><office:spreadsheet>");
    let lists = Lists::of(book);
    lists.write(&mut out)?;
    for sheet in &book.sheets {
        write_sheet(&mut out, sheet, &lists)?;
    }
    out.push_str("</office:spreadsheet></office:body></office:document-content>");
    Ok(out)
}

/// Every list of allowed values, once, with the first cell that takes it.
struct Lists(Vec<(Rc<[&'static str]>, String)>);

impl Lists {
    fn of(book: &Book) -> Self {
        let mut lists: Vec<(Rc<[&'static str]>, String)> = Vec::new();
        for sheet in &book.sheets {
            for run in sheet.runs() {
                if !lists.iter().any(|(choices, _)| *choices == run.choices) {
                    let column = letters(u32::try_from(run.column).unwrap_or_default());
                    lists.push((run.choices, format!("{}.{column}{}", sheet.name, run.first + 2)));
                }
            }
        }
        Self(lists)
    }

    fn name(&self, choices: &Rc<[&'static str]>) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == choices)
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        out.push_str("<table:content-validations>");
        for (name, (choices, at)) in self.0.iter().enumerate() {
            let list: Vec<String> = choices.iter().map(|choice| format!("\"{choice}\"")).collect();
            let condition = format!("of:cell-content-is-in-list({})", list.join(";"));
            write!(
                out,
                "<table:content-validation table:name=\"v{name}\" table:condition=\"{}\" \
                 table:allow-empty-cell=\"true\" table:display-list=\"unsorted\" table:base-cell-address=\"{at}\">\
                 <table:error-message table:display=\"true\" table:message-type=\"stop\" \
                 table:title=\"Not one of the answers\"><text:p>{}</text:p></table:error-message>\
                 </table:content-validation>",
                escape(condition.as_str()),
                escape(format!("Choose one of: {}", choices.join(", ")).as_str())
            )?;
        }
        out.push_str("</table:content-validations>");
        Ok(())
    }
}

fn write_sheet(out: &mut String, sheet: &Sheet, lists: &Lists) -> std::fmt::Result {
    write!(out, "<table:table table:name=\"{}\">", sheet.name)?;
    for Head { width, .. } in &sheet.columns {
        write!(out, "<table:table-column table:style-name=\"w{width}\"/>")?;
    }
    out.push_str("<table:table-header-rows><table:table-row>");
    for head in &sheet.columns {
        write_cell(out, &Cell::new(head.words), "head", lists)?;
    }
    out.push_str("</table:table-row></table:table-header-rows>");
    for row in &sheet.rows {
        out.push_str("<table:table-row>");
        for (cell, head) in row.iter().zip(&sheet.columns) {
            write_cell(out, cell, if head.entered { "entered" } else { "shown" }, lists)?;
        }
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table>");
    Ok(())
}

fn write_cell(out: &mut String, cell: &Cell, look: &str, lists: &Lists) -> std::fmt::Result {
    write!(out, "<table:table-cell table:style-name=\"{look}\"")?;
    if let Some(list) = cell.choices.as_ref().and_then(|choices| lists.name(choices)) {
        write!(out, " table:content-validation-name=\"v{list}\"")?;
    }
    if cell.text.is_empty() {
        out.push_str("/>");
        return Ok(());
    }
    out.push_str(" office:value-type=\"string\">");
    for line in cell.text.split('\n') {
        out.push_str("<text:p>");
        write_line(out, line);
        out.push_str("</text:p>");
    }
    out.push_str("</table:table-cell>");
    Ok(())
}

/// The header row and the codes stay in sight.
fn settings(book: &Book) -> Result<String, std::fmt::Error> {
    let item = |name: &str, kind: &str, value: &str| {
        format!(
            "<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}</config:config-item>"
        )
    };
    let frozen = [
        item("HorizontalSplitMode", "short", "2"),
        item("VerticalSplitMode", "short", "2"),
        item("HorizontalSplitPosition", "int", "1"),
        item("VerticalSplitPosition", "int", "1"),
        item("ActiveSplitRange", "short", "3"),
        item("PositionRight", "int", "1"),
        item("PositionBottom", "int", "1"),
    ]
    .concat();
    let mut out = String::new();
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-settings {NAMESPACES}><office:settings>\
         <config:config-item-set config:name=\"ooo:view-settings\"><config:config-item-map-indexed \
         config:name=\"Views\"><config:config-item-map-entry>{}<config:config-item-map-named config:name=\"Tables\">",
        item("ViewId", "string", "view1")
    )?;
    for sheet in &book.sheets {
        write!(
            out,
            "<config:config-item-map-entry config:name=\"{}\">{frozen}</config:config-item-map-entry>",
            sheet.name
        )?;
    }
    out.push_str(
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>\
         </config:config-item-set></office:settings></office:document-settings>",
    );
    Ok(out)
}

fn meta(book: &Book) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let made = book.made.rfc3339();
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-meta {NAMESPACES}><office:meta>\
         <dc:title>{}</dc:title><meta:creation-date>{made}</meta:creation-date><dc:date>{made}</dc:date>\
         </office:meta></office:document-meta>",
        escape(book.title.as_str())
    )?;
    Ok(out)
}
