//! The workbook's sheets and columns, by the words that stand above them: columns may be moved, because they are found
//! by their headings.

use serde::{Deserialize, Serialize};

/// The sheet that says what the workbook is.
pub(super) const NOTES: &str = "Notes";
/// The sheet with a row for each requirement.
pub(super) const ANSWERS: &str = "Answers";
/// The sheet with a row for each statement of an outcome.
pub(super) const STATEMENTS: &str = "Statements";

/// The version of this layout, said in the notes.
pub(super) const LAYOUT: &str = "1";

macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $heading:literal, $width:literal, $part:ident;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub(super) enum $name { $($variant,)* }

        impl $name {
            /// Every column, in the order in which they are written.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The words above it.
            pub const fn heading(self) -> &'static str {
                match self { $(Self::$variant => $heading,)* }
            }

            /// Its width, in characters.
            pub const fn width(self) -> u16 {
                match self { $(Self::$variant => $width,)* }
            }

            /// What it is for.
            pub const fn part(self) -> Part {
                match self { $(Self::$variant => Part::$part,)* }
            }
        }
    };
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It is there to be read, and ignored when the workbook comes back.
    Shown,
    /// It says which row this is.
    Key,
    /// It is filled in.
    Entered,
}

columns! {
    /// The columns of the answers.
    Column {
        Code = "Code", 10, Key;
        Section = "Section", 24, Shown;
        Title = "Requirement", 30, Shown;
        Question = "Question", 50, Shown;
        Kind = "Kind of answer", 18, Shown;
        Allowed = "What may be entered", 44, Shown;
        Answer = "Answer", 30, Entered;
        Statement = "Reason or supporting statement", 40, Entered;
        Alternative = "Alternative control", 30, Entered;
        Comment = "Comment", 40, Entered;
        State = "State", 14, Entered;
        Evidence = "Evidence", 30, Shown;
        Version = "Version", 9, Key;
    }
}

columns! {
    /// The columns of the statements.
    Tick {
        Code = "Code", 10, Key;
        Column = "Speaks for", 18, Shown;
        Statement = "Statement code", 16, Key;
        Text = "Statement", 80, Shown;
        Ticked = "True?", 10, Entered;
    }
}

/// The notes by which a workbook is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    /// The organisation's code.
    Organisation,
    /// The collection's key.
    Collection,
    /// The edition's hash.
    Edition,
    /// The version of the layout.
    Layout,
}

impl Note {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Organisation, Self::Collection, Self::Edition, Self::Layout];

    /// The words beside it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation code",
            Self::Collection => "Collection key",
            Self::Edition => "Edition fingerprint",
            Self::Layout => "Layout of this workbook",
        }
    }
}

/// The letters of a column, as a spreadsheet shows them, from its place counted from 0.
pub(super) fn letters(place: u32) -> String {
    let mut left = place;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        if left < 26 {
            break;
        }
        left = left / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_letters_that_spreadsheets_show() {
        let shown = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(shown, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
