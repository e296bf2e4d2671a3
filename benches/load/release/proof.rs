//! What has to be there after a national release was built.

use std::path::Path;

use crate::driver::Result;
use crate::driver::process::Ended;

/// Files of a release, one of each kind at least: a table plain and described, the same in one spreadsheet, what programs
/// read first, the report, and what it can be checked with.
const FILES: [&str; 7] = [
    ANSWERS,
    "answers-by-requirement.json",
    "answers-by-requirement.csv-metadata.json",
    "all-tables.ods",
    "datapackage.json",
    "report.pdf",
    "bundle.zip",
];
/// The answers, the one table of which it is certain that some figures must be suppressed.
const ANSWERS: &str = "answers-by-requirement.csv";
/// A page as it is, and packed.
const PAGE: [&str; 3] = ["index.html", "index.html.gz", "index.html.br"];
/// How a data file says that a figure is suppressed.
const SUPPRESSED: &str = ",confidential,";

/// The key of the release that `portal publish` made.
pub fn key(published: &Ended) -> Result<String> {
    let said = published.lines.iter().find_map(|(_, line)| line.strip_prefix("Published: /public/releases/"));
    said.map(str::to_owned).ok_or_else(|| format!("nothing was published: {:?}", published.lines).into())
}

/// Looks for everything in an exported site. Gives how many of the figures of answers are suppressed, as words.
pub fn look(site: &Path, key: &str, organisations: usize) -> Result<String> {
    let release = site.join("public/releases").join(key);
    for name in FILES {
        if !release.join(name).is_file() {
            return Err(format!("the release has no {name}").into());
        }
    }
    let mut pages = 0;
    for entry in std::fs::read_dir(site.join("public/organisations"))? {
        let folder = entry?.path();
        // What stands beside the folders of organisations is the search.
        if !folder.is_dir() {
            continue;
        }
        if let Some(name) = PAGE.iter().find(|name| !folder.join(name).is_file()) {
            return Err(format!("{} has no {name}", folder.display()).into());
        }
        pages += 1;
    }
    if pages != organisations {
        return Err(format!("there are {organisations} organisations and {pages} pages of them").into());
    }
    let text = std::fs::read_to_string(release.join(ANSWERS))?;
    let all = text.lines().skip(1).count();
    let suppressed = text.lines().filter(|line| line.contains(SUPPRESSED)).count();
    if suppressed == 0 {
        return Err(format!("none of {all} figures is suppressed: that measures no suppression").into());
    }
    Ok(format!("{suppressed} of {all}"))
}
