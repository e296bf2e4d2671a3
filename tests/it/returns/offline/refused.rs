//! Files that are not taken: each is told what is wrong with it, and nothing of it stays.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;

use super::sheets::{Sheets, archive};
use super::{given_a_draft, uploaded, workbook};
use crate::on_both;
use crate::support::year::{Trust, levels};
use crate::support::{Browser, World};

on_both!(
    what_is_no_workbook_is_told_so,
    a_workbook_that_was_spoilt_is_told_what_to_put_right,
    a_workbook_of_another_return_is_refused,
    formulas_are_refused_cell_by_cell,
    moved_columns_are_found_by_their_headings,
    a_workbook_that_grows_without_end_is_stopped,
    fifty_megabytes_of_rows_are_stopped_in_the_other_form_too,
);

async fn refused(lead: &mut Browser, trust: &Trust, content: &[u8], status: u16, words: &str) {
    lead.upload(&trust.at("2026", "/offline/workbook"), &[], "mine.xlsx", content)
        .await
        .expect(status)
        .shows("There is a problem")
        .shows(words);
}

fn incoming(world: &World) -> usize {
    std::fs::read_dir(world.portal().files.folder().join("incoming")).unwrap().count()
}

async fn what_is_no_workbook_is_told_so(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    let macros =
        [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<w/>"), ("xl/vbaProject.bin", "x")];
    let typed = [
        (
            "[Content_Types].xml",
            "<Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/>",
        ),
        ("xl/workbook.xml", "<w/>"),
    ];
    let ods = "application/vnd.oasis.opendocument.spreadsheet";
    let scripted = [("mimetype", ods), ("content.xml", "<c/>"), ("Basic/Standard/Module1.xml", "<m/>")];
    let locked = [
        ("mimetype", ods),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ("content.xml", "\u{1}\u{2}"),
    ];
    let text = [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<c/>")];
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (b"Code,Answer\n1-1,2\n".to_vec(), 415, "is no workbook, whatever its name says"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on".to_vec(), 415, "has a password"),
        (b"PK\x03\x04 and then nothing".to_vec(), 415, "damaged"),
        (archive(&macros), 415, "macros"),
        (archive(&typed), 415, "macros"),
        (archive(&scripted), 415, "macros"),
        (archive(&locked), 415, "has a password"),
        (archive(&text), 415, "no workbook"),
        (archive(&[("holiday.txt", "sun")]), 415, "no workbook"),
        (archive(&[("mimetype", ods), ("content.xml", "<a><b></a>")]), 415, "damaged"),
        (Vec::new(), 415, "empty"),
    ];
    for (content, status, words) in cases {
        refused(&mut lead, &trust, &content, status, words).await;
    }
    lead.upload(&trust.at("2026", "/offline/workbook"), &[], "", b"x")
        .await
        .expect(422)
        .shows("Choose the workbook");
    // Another site's form, and a form that breaks off.
    let mut stranger = lead.clone();
    stranger.forget_token();
    let sheets = workbook(&mut lead, &trust, "xlsx").await;
    stranger.upload(&trust.at("2026", "/offline/workbook"), &[], "a.xlsx", &sheets.xlsx()).await.expect(403);
    let whole = sheets.xlsx();
    refused(&mut lead, &trust, &whole[..whole.len() / 2], 415, "damaged").await;
    assert_eq!(incoming(&world), 0, "nothing stays on the disk");
    world.settle();
}

async fn a_workbook_that_was_spoilt_is_told_what_to_put_right(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    let sheets = workbook(&mut lead, &trust, "xlsx").await;
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    let without = |name: &str| {
        let mut sheets = sheets.clone();
        sheets.0.retain(|(known, _)| known != name);
        sheets
    };
    refused(&mut lead, &trust, &without("Answers").xlsx(), 422, "The sheet Answers is missing").await;
    refused(&mut lead, &trust, &without("Notes").ods(), 422, "The sheet Notes is missing").await;
    let mut renamed = sheets.clone();
    renamed.sheet("Answers")[0][6] = "My answer".to_owned();
    refused(&mut lead, &trust, &renamed.xlsx(), 422, "no column called &quot;Answer&quot;").await;
    let mut twice = sheets.clone();
    twice.sheet("Answers")[0][1] = "Answer".to_owned();
    refused(&mut lead, &trust, &twice.ods(), 422, "two columns called &quot;Answer&quot;").await;
    let mut bare = sheets.clone();
    bare.sheet("Answers").truncate(1);
    refused(&mut lead, &trust, &bare.xlsx(), 422, "has no rows below its headings").await;
    let mut noteless = sheets.clone();
    noteless.sheet("Notes").truncate(3);
    refused(&mut lead, &trust, &noteless.xlsx(), 422, "does not say &quot;Collection key&quot; any more")
        .await;
    world.settle();
}

async fn a_workbook_of_another_return_is_refused(world: World) {
    let trust = given_a_draft(&world);
    let other = world.trust("ZZ002");
    world.started(&other, "2026");
    let next = world.edition(&levels("sample-2027", 3));
    world.collection("2027", next, ["2026-01-05 09:00", "2026-06-30 12:00", "2026-07-14 12:00"]);
    world.started(&trust, "2027");
    let mut lead = world.signed_in("Lead ZZ001").await;
    let theirs = {
        let mut lead = world.signed_in("Lead ZZ002").await;
        lead.get(&other.at("2026", "/workbook.xlsx")).await.expect(200).body
    };
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    refused(&mut lead, &trust, &theirs, 422, "workbook of the organisation").await;
    let later = lead.get(&trust.at("2027", "/workbook.ods")).await.expect(200).body;
    lead.upload(&trust.at("2026", "/offline/workbook"), &[], "a.ods", &later)
        .await
        .expect(422)
        .shows("workbook of the collection")
        .shows("asks another edition");
    world.settle();
}

async fn formulas_are_refused_cell_by_cell(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    for name in ["xlsx", "ods"] {
        let sheets = workbook(&mut lead, &trust, name)
            .await
            .with("1-1", "Answer", "==1+1")
            .with("1-2", "Answer", "2")
            .with("1-3", "Question", "==A1");
        let preview = uploaded(&mut lead, &trust, "a.bin", &sheets.saved(name)).await;
        lead.get(&preview)
            .await
            .expect(200)
            .shows("Answers, row 2, column G (Answer)")
            .shows("The cell holds a formula")
            .shows("1 mistake")
            .shows("Apply the 1 change");
    }
    world.settle();
}

async fn moved_columns_are_found_by_their_headings(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    for name in ["xlsx", "ods"] {
        let mut sheets = workbook(&mut lead, &trust, name).await.with("1-2", "Answer", "2");
        for row in sheets.sheet("Answers") {
            row.resize(13, String::new());
            row.reverse();
            row.insert(0, "Our own column".to_owned());
        }
        let preview = uploaded(&mut lead, &trust, "a.bin", &sheets.saved(name)).await;
        lead.get(&preview).await.expect(200).shows("1 answer changes").shows("2 answers stay as they are");
    }
    world.settle();
}

/// An archive whose one sheet unpacks to far more than was uploaded.
fn bomb(rows: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut put = |name: &str, content: &str| {
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    };
    put("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    put(
        "content.xml",
        &format!(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Answers\">{rows}\
             </table:table></office:spreadsheet></office:body></office:document-content>"
        ),
    );
    archive.finish().unwrap().into_inner()
}

async fn a_workbook_that_grows_without_end_is_stopped(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    let cell = "<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
    let row = format!("<table:table-row>{cell}</table:table-row>");
    // Fifty megabytes of rows; rows and cells that are only said to be repeated; text that is.
    let many = row.repeat(50 * 1024 * 1024 / row.len());
    refused(&mut lead, &trust, &bomb(&many), 413, "more than 5000 rows").await;
    let repeated =
        format!("<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>");
    refused(&mut lead, &trust, &bomb(&repeated), 413, "more than 5000 rows").await;
    let wide = cell.replacen("table-cell ", "table-cell table:number-columns-repeated=\"4000000000\" ", 1);
    let wide = format!("<table:table-row table:number-rows-repeated=\"4000000000\">{wide}</table:table-row>");
    refused(&mut lead, &trust, &bomb(&wide), 413, "more than 5000 rows").await;
    let spaces = "<text:s text:c=\"4000000000\"/>".repeat(9);
    let long = format!(
        "<table:table-row><table:table-cell><text:p>{spaces}</text:p></table:table-cell></table:table-row>"
    );
    refused(&mut lead, &trust, &bomb(&long), 413, "more text than a cell can").await;
    // Far to the right and far below, of which a dense sheet would need the memory of a data centre.
    let mut far = Sheets(vec![("Notes".to_owned(), vec![vec!["a".to_owned()]])]);
    far.0.push(("Answers".to_owned(), vec![vec!["Code".to_owned()]]));
    let mut wide = vec![String::new(); 16_000];
    wide.push("there".to_owned());
    far.sheet("Answers").push(wide);
    refused(&mut lead, &trust, &far.xlsx(), 422, "no column called").await;
    // Larger than any workbook: not read at all.
    let noise: Vec<u8> = (0..11_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    refused(&mut lead, &trust, &noise, 413, "larger than 10 MB").await;
    assert_eq!(incoming(&world), 0, "nothing stays on the disk");
    world.settle();
}

/// An Office workbook of one sheet with these rows, as a program writes it that shares no texts.
fn office(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{links}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{links}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{links}\"><sheets><sheet name=\"Answers\" sheetId=\"1\" \
                 r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

async fn fifty_megabytes_of_rows_are_stopped_in_the_other_form_too(world: World) {
    let trust = given_a_draft(&world);
    let mut lead = world.signed_in("Lead ZZ001").await;
    lead.get(&trust.at("2026", "/offline")).await.expect(200);
    let row = |number: u32| {
        format!(
            "<row r=\"{number}\"><c r=\"A{number}\" t=\"inlineStr\"><is><t>row {number}</t></is></c></row>"
        )
    };
    // The same workbook with a few rows is read, and told what it lacks.
    let few: String = (1..=3).map(row).collect();
    refused(&mut lead, &trust, &office(&few), 422, "The sheet Notes is missing").await;
    let mut many = String::new();
    for number in 1.. {
        many.push_str(&row(number));
        if many.len() > 50 * 1024 * 1024 {
            break;
        }
    }
    refused(&mut lead, &trust, &office(&many), 413, "more than 5000 rows").await;
    assert_eq!(incoming(&world), 0, "nothing stays on the disk");
    world.settle();
}
