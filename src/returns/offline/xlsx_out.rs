//! A workbook as Office Open XML. Every cell is text, so a text that begins with `=` stays one.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::book::{Book, Sheet};
use crate::platform::error::{Error, Result};

/// The bytes of the workbook.
///
/// # Errors
/// When the library refuses what was put together, which is a fault.
pub(super) fn xlsx(book: &Book) -> Result<Vec<u8>> {
    written(book).map_err(|e| Error::internal("failed to write a workbook", e))
}

fn written(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(book.made.micros().div_euclid(1_000_000))?;
    workbook.set_properties(&DocProperties::new().set_title(&book.title).set_creation_datetime(&made));
    let looks = Looks::new();
    for sheet in &book.sheets {
        write_sheet(workbook.add_worksheet(), sheet, &looks)?;
    }
    workbook.save_to_buffer()
}

/// How cells look.
struct Looks {
    head: Format,
    shown: Format,
    entered: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
        Self {
            head: text.clone().set_bold().set_background_color(0x00D8_DDE0),
            entered: text
                .clone()
                .set_background_color(0x00FF_F9E1)
                .set_border(FormatBorder::Thin)
                .set_border_color(0x00AE_B7BD),
            shown: text,
        }
    }
}

fn write_sheet(to: &mut Worksheet, sheet: &Sheet, looks: &Looks) -> Result<(), XlsxError> {
    to.set_name(sheet.name)?;
    for (column, head) in (0..).zip(&sheet.columns) {
        to.set_column_width(column, head.width)?;
        to.write_string_with_format(0, column, head.words, &looks.head)?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for ((column, cell), head) in (0..).zip(cells).zip(&sheet.columns) {
            let look = if head.entered { &looks.entered } else { &looks.shown };
            if cell.text.is_empty() {
                to.write_blank(row, column, look)?;
            } else {
                to.write_string_with_format(row, column, &cell.text, look)?;
            }
        }
    }
    for run in sheet.runs() {
        let list = DataValidation::new()
            .allow_list_strings(&run.choices)?
            .set_error_title("Not one of the answers")?
            .set_error_message(format!("Choose one of: {}", run.choices.join(", ")))?;
        to.add_data_validation(
            below(run.first),
            column(run.column),
            below(run.last),
            column(run.column),
            &list,
        )?;
    }
    to.set_freeze_panes(1, 1)?;
    to.set_landscape();
    to.set_print_fit_to_pages(1, 0);
    to.set_repeat_rows(0, 0)?;
    Ok(())
}

/// The row of a sheet, which has its header above; a sheet has far fewer rows than fit.
fn below(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
