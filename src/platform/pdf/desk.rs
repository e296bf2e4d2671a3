//! The typesetter's desk: typst with our templates, our fonts and one paper's data, and nothing else in reach; no files
//! of this machine, no network, no clock.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rust_embed::RustEmbed;
use tokio::sync::Semaphore;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp as Stamp};

use super::Paper;
use super::sift::sift;
use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

/// Every template, embedded in a release build; a debug build reads the folder each time.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/templates/pdf"]
#[include = "*.typ"]
struct Templates;

/// The most bytes of data and drawings that a paper may have.
const LIMIT: usize = 4 * 1024 * 1024;
/// Typesetting is deeply nested work; the usual stack of a thread is too small for it in an unoptimised build.
const STACK: usize = 32 * 1024 * 1024;
/// Papers that may wait for the desk.
const WAITING: usize = 32;

/// One paper at a time: each takes both processors and tens of megabytes for a moment.
static DESK: Semaphore = Semaphore::const_new(1);
static QUEUE: Semaphore = Semaphore::const_new(WAITING);

/// Waits for the desk, then typesets in a thread of its own.
pub(super) async fn typeset(paper: Paper) -> Result<Vec<u8>> {
    let full = || Error::Unavailable("too many papers are being typeset just now".to_owned());
    let gone = |e| Error::internal("failed to wait for the typesetter", e);
    let _queued = QUEUE.try_acquire().map_err(|_| full())?;
    let _turn = DESK.acquire().await.map_err(gone)?;
    tokio::task::spawn_blocking(move || in_a_deep_thread(paper))
        .await
        .map_err(|e| Error::internal("failed to typeset", e))?
}

/// Typesets at once, in a thread of its own.
pub(super) fn typeset_here(paper: Paper) -> Result<Vec<u8>> {
    in_a_deep_thread(paper)
}

fn in_a_deep_thread(paper: Paper) -> Result<Vec<u8>> {
    let thread = std::thread::Builder::new()
        .name("typesetter".to_owned())
        .stack_size(STACK)
        .spawn(move || set(&paper))
        .map_err(|e| Error::internal("failed to start the typesetter", e))?;
    thread.join().map_err(|_| Error::broken("the typesetter gave up"))?
}

fn set(paper: &Paper) -> Result<Vec<u8>> {
    let outcome = match Desk::of(paper.clone(), Letters::All).and_then(|desk| desk.pdf(paper)) {
        // Some writing cannot be mapped back to its letters, which PDF/UA-1 asks for. No name may keep anybody from a
        // receipt: then the same paper is set in letters that can.
        Err(Error::Internal { doing, cause }) => {
            log::warn!(target: "portal::pdf", "{doing}: {cause}; setting it again in plain letters");
            Desk::of(paper.clone(), Letters::Plain).and_then(|desk| desk.pdf(paper))
        }
        outcome => outcome,
    };
    // What was remembered between steps of this paper serves no other one.
    typst::comemo::evict(0);
    outcome
}

/// What never changes: the language's own library, and the fonts.
struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

fn shelf() -> &'static Shelf {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    SHELF.get_or_init(|| {
        let files = [dejavu::sans_condensed::regular(), dejavu::sans_condensed::bold()];
        let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Shelf { library: LazyHash::new(Library::default()), book, fonts }
    })
}

/// Which letters of people's texts are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    /// All that the fonts have.
    All,
    /// Those of scripts in which each letter is one shape: Latin, Greek, Cyrillic, with punctuation and symbols.
    Plain,
}

impl Letters {
    const fn admit(self, character: char) -> bool {
        match self {
            Self::All => true,
            Self::Plain => {
                matches!(character, '\0'..='\u{2ff}' | '\u{370}'..='\u{52f}' | '\u{2000}'..='\u{2bff}' | '\u{fffd}')
            }
        }
    }
}

impl Shelf {
    /// Whether every font can set the character.
    fn has_glyph(&self, character: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(u32::from(character)))
    }
}

/// One paper on the desk.
struct Desk {
    shelf: &'static Shelf,
    main: FileId,
    sources: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
    ident: String,
}

impl Desk {
    fn of(paper: Paper, letters: Letters) -> Result<Self> {
        let shelf = shelf();
        let data =
            sift(paper.data, &|character| letters.admit(character) && shelf.has_glyph(character)).to_string();
        let size = data.len() + paper.drawings.iter().map(|(_, svg)| svg.len()).sum::<usize>();
        if size > LIMIT {
            return Err(Error::TooLarge("There is too much in this paper to make a PDF of it.".to_owned()));
        }
        let ident = hex(&sha256(format!("{} {} {data}", paper.template, paper.made_at.micros()).as_bytes()));
        let mut sources = BTreeMap::new();
        for name in Templates::iter() {
            let file = Templates::get(&name).ok_or_else(|| Error::broken("a template is gone"))?;
            let text = String::from_utf8(file.data.into_owned())
                .map_err(|e| Error::internal(format!("failed to read the template {name}"), e))?;
            sources.insert(name.to_string(), Source::new(at(&name)?, text));
        }
        let mut files = BTreeMap::from([("data.json".to_owned(), Bytes::from_string(data))]);
        for (name, svg) in paper.drawings {
            // The page's fonts are not ours to embed; ours is condensed, which is as wide as theirs.
            let svg = svg.replace("Arial, Helvetica, sans-serif", "DejaVu Sans");
            files.insert(name.into_owned(), Bytes::from_string(svg));
        }
        Ok(Self { shelf, main: at(paper.template)?, sources, files, ident })
    }

    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        let failed = |found: &[SourceDiagnostic]| {
            let said: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
            Error::internal(format!("failed to typeset {}", paper.template), said.join("; "))
        };
        let document: PagedDocument = typst::compile(self).output.map_err(|found| failed(&found))?;
        let standards = PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|e| Error::internal("failed to choose PDF/UA-1", e.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Custom(self.ident.clone()),
            creator: Smart::Custom(Some("Data security assurance portal".to_owned())),
            timestamp: stamp(paper.made_at),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|found| failed(&found))
    }
}

/// The address of a file on the desk.
fn at(name: &str) -> Result<FileId> {
    let path = VirtualPath::new(name).map_err(|e| Error::internal("failed to name a file", e.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The moment as the file names it, in UTC.
fn stamp(at: Timestamp) -> Option<Stamp> {
    let text = at.rfc3339();
    let mut numbers = text.split(['-', 'T', ':', 'Z', '.']).map(|part| part.parse::<u16>().ok());
    let year = i32::from(numbers.next()??);
    let mut small = || numbers.next()?.and_then(|number| u8::try_from(number).ok());
    let moment = Datetime::from_ymd_hms(year, small()?, small()?, small()?, small()?, small()?)?;
    Some(Stamp::new_utc(moment))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = id.vpath().get_without_slash();
        self.sources.get(name).cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().get_without_slash();
        self.files.get(name).cloned().ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
