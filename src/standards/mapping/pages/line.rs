//! Deciding about one requirement: where one of the newer edition comes from, or whether one of the older is retired.

use serde::Serialize;

use super::one::note_of;
use super::{Names, way_to};
use crate::platform::http::Fields;
use crate::platform::pages::{Choice, ErrorSummary, Fact, Field, FormErrors, Link, Page};
use crate::standards::keys::RequirementCode;
use crate::standards::mapping::decide::Decision;
use crate::standards::mapping::mapping_href;
use crate::standards::mapping::model::{Line, LineKind, NOTE_LIMIT};
use crate::standards::mapping::store::Mapping;
use crate::standards::mapping::suggest::Suggester;
use crate::standards::model::{Edition, Requirement};

/// The choice of a requirement that nobody decided about.
const UNDECIDED: &str = "";

/// What was typed about one requirement of the newer edition, as raw text.
#[derive(Debug, Clone, Default)]
pub(in crate::standards::mapping) struct ComingForm {
    pub kind: String,
    pub from: String,
    pub serves: String,
    pub note: String,
}

impl ComingForm {
    pub fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name);
        Self { kind: text("kind"), from: text("from"), serves: text("serves"), note: text("note") }
    }

    /// What a mapping says now.
    pub fn of(mapping: &Mapping, to: &RequirementCode) -> Self {
        let lines: Vec<&Line> = mapping.lines.iter().filter(|line| line.to.as_ref() == Some(to)).collect();
        let codes = |wanted: &dyn Fn(LineKind) -> bool| {
            let codes = lines.iter().filter(|line| wanted(line.kind)).filter_map(|line| line.from.as_ref());
            codes.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let first = lines.iter().find(|line| line.kind != LineKind::Serves);
        Self {
            kind: first.map_or(UNDECIDED, |line| line.kind.as_str()).to_owned(),
            from: codes(&LineKind::carries),
            serves: codes(&|kind| kind == LineKind::Serves),
            note: note_of(&lines),
        }
    }

    /// The decision about a requirement.
    ///
    /// # Errors
    /// The fields that need correcting.
    pub fn parse(
        &self,
        to: &RequirementCode,
        from: &Edition,
        one_standard: bool,
    ) -> Result<Decision, FormErrors> {
        let mut errors = FormErrors::new();
        let sources = codes("from", &self.from, from, &mut errors);
        let serves = codes("serves", &self.serves, from, &mut errors);
        let kind = self.kind.parse::<LineKind>().ok();
        if self.kind != UNDECIDED && !kind.is_some_and(|kind| choices(one_standard).contains(&Some(kind))) {
            errors.add("kind", "Select what became of it");
        }
        let said = match (kind, sources.len()) {
            (None | Some(LineKind::New), 1..) => {
                Some("Leave this empty, or select how the answer carries".to_owned())
            }
            (Some(LineKind::Merged), 0 | 1) => {
                Some("Enter at least two codes: what is merged comes from several".to_owned())
            }
            (Some(kind), count) if kind.carries() && kind != LineKind::Merged && count != 1 => {
                Some("Enter one code, or select \"Merged\"".to_owned())
            }
            _ => None,
        };
        if let Some(said) = said {
            errors.add("from", said);
        }
        if let Some(both) = serves.iter().find(|code| sources.contains(code)) {
            errors.add("serves", format!("The answer to {both} carries already, and its evidence with it"));
        }
        check_note(&self.note, &mut errors);
        errors.into_result(Some(Decision::Comes { to: to.clone(), kind, from: sources, serves }))
    }
}

/// Refuses a note that is too long.
pub(super) fn check_note(note: &str, errors: &mut FormErrors) {
    if note.chars().count() > NOTE_LIMIT {
        errors.add("note", format!("The note must be {NOTE_LIMIT} characters or fewer"));
    }
}

/// Codes of the older edition, with commas or spaces between them; each once.
fn codes(field: &str, typed: &str, from: &Edition, errors: &mut FormErrors) -> Vec<RequirementCode> {
    let mut found: Vec<RequirementCode> = Vec::new();
    for text in
        typed.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|text| !text.is_empty())
    {
        match RequirementCode::new(text) {
            Ok(code) if from.requirement(code.as_str()).is_none() => {
                errors.add(field, format!("{code} is no requirement of the older edition"));
            }
            Ok(code) if found.contains(&code) => {}
            Ok(code) => found.push(code),
            Err(why) => errors.add(field, why.to_string()),
        }
    }
    found
}

/// What can be chosen; between two standards only evidence serves.
fn choices(one_standard: bool) -> &'static [Option<LineKind>] {
    const WITHIN: &[Option<LineKind>] = &[
        Some(LineKind::Unchanged),
        Some(LineKind::Reworded),
        Some(LineKind::Merged),
        Some(LineKind::Split),
        Some(LineKind::New),
        None,
    ];
    const ACROSS: &[Option<LineKind>] = &[Some(LineKind::New), None];
    if one_standard { WITHIN } else { ACROSS }
}

/// Deciding where one requirement comes from.
#[derive(Debug, Serialize)]
pub(in crate::standards::mapping) struct ComesPage {
    code: String,
    heading: String,
    text: String,
    errors: ErrorSummary,
    href: String,
    mapping_href: String,
    revision: String,
    kind: Field,
    kinds: Vec<Choice>,
    from: Option<Field>,
    serves: Field,
    note: Field,
    limit: usize,
    suggestions: Vec<Fact>,
    all: Vec<Fact>,
    older: String,
    #[serde(skip)]
    way: Vec<Link>,
}

impl ComesPage {
    /// The page of a requirement of the newer edition, with what was typed or what the mapping says.
    pub fn new(
        mapping: &Mapping,
        (from, to): (&Edition, &Edition),
        now: &Requirement,
        form: &ComingForm,
        errors: &FormErrors,
    ) -> Self {
        let one_standard = from.standard_key() == to.standard_key();
        let names = Names::of(from, to);
        let href = mapping_href(mapping.id);
        let fact =
            |old: &Requirement| Fact::new(old.code.to_string(), format!("{}. {}", old.title, old.text));
        let suggestions = Suggester::new(from).suggest(now, one_standard);
        Self {
            code: now.code.to_string(),
            heading: now.title.clone(),
            text: now.text.clone(),
            errors: errors.summary(),
            href: format!("{href}/to/{}", now.code),
            revision: mapping.revision.to_string(),
            kind: Field::new("kind", "What became of it?").value(&form.kind).errors(errors),
            kinds: choices(one_standard).iter().map(|kind| kind_choice(*kind, &form.kind)).collect(),
            from: one_standard.then(|| {
                Field::new("from", "Codes that its answer comes from")
                    .hint("As in the older edition, with commas between them")
                    .value(&form.from)
                    .errors(errors)
            }),
            serves: Field::new("serves", "Codes whose evidence serves it, without the answer")
                .hint("As in the older edition, with commas between them")
                .value(&form.serves)
                .errors(errors),
            note: Field::new("note", "Note for those who answer (optional)").value(&form.note).errors(errors),
            limit: NOTE_LIMIT,
            suggestions: suggestions
                .iter()
                .filter_map(|found| from.requirements().get(found.old))
                .map(fact)
                .collect(),
            all: from.requirements().iter().map(|old| Fact::new(old.code.to_string(), &old.title)).collect(),
            way: way_to(&names, &href),
            older: names.from,
            mapping_href: href,
        }
    }
}

fn kind_choice(kind: Option<LineKind>, chosen: &str) -> Choice {
    let (words, hint) = match kind {
        Some(LineKind::Unchanged) => ("Unchanged", "It asks the same in the same words, or nearly so"),
        Some(LineKind::Reworded) => {
            ("Reworded", "It asks the same in other words: answers are to be read again")
        }
        Some(LineKind::Merged) => ("Merged", "Several requirements became this one"),
        Some(LineKind::Split) => ("Split", "It was part of a requirement that became several"),
        Some(LineKind::New) => ("New", "No answer of the older edition answers it"),
        _ => ("Undecided", "Counts as new once the mapping is in force"),
    };
    let value = kind.map_or(UNDECIDED, LineKind::as_str);
    Choice::new(value, words).hint(hint).checked(value == chosen)
}

impl Page for ComesPage {
    const TEMPLATE: &'static str = "standards/mapping/comes.html";

    fn title(&self) -> String {
        format!("Where {} {} comes from", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |one_standard: bool, errors: &FormErrors| Self {
            code: "1.1".to_owned(),
            heading: "Ownership".to_owned(),
            text: "Who answers for it?".to_owned(),
            errors: errors.summary(),
            href: "/standards/mappings/2/to/1.1".to_owned(),
            mapping_href: "/standards/mappings/2".to_owned(),
            revision: "3".to_owned(),
            kind: Field::new("kind", "What became of it?").value("reworded").errors(errors),
            kinds: choices(one_standard).iter().map(|kind| kind_choice(*kind, "reworded")).collect(),
            from: one_standard.then(|| Field::new("from", "Codes that its answer comes from").errors(errors)),
            serves: Field::new("serves", "Codes whose evidence serves it").errors(errors),
            note: Field::new("note", "Note for those who answer (optional)").errors(errors),
            limit: NOTE_LIMIT,
            suggestions: if one_standard { vec![Fact::new("1.1", "Ownership. Who?")] } else { Vec::new() },
            all: vec![Fact::new("1.1", "Ownership")],
            older: "Example standard 2025/26".to_owned(),
            way: way_to(&Names::sample(), "/standards/mappings/2"),
        };
        let mut errors = FormErrors::new();
        errors.add("kind", "Select what became of it");
        errors.add("from", "Enter one code");
        errors.add("serves", "9-9 is no requirement of the older edition");
        errors.add("note", "The note must be 500 characters or fewer");
        vec![
            ("typical", page(true, &FormErrors::new())),
            ("across", page(false, &FormErrors::new())),
            ("error", page(true, &errors)),
        ]
    }
}

/// Deciding whether a requirement of the older edition is asked no more.
#[derive(Debug, Serialize)]
pub(in crate::standards::mapping) struct EndsPage {
    code: String,
    heading: String,
    text: String,
    errors: ErrorSummary,
    href: String,
    mapping_href: String,
    revision: String,
    kind: Field,
    kinds: Vec<Choice>,
    note: Field,
    limit: usize,
    serves: Vec<String>,
    #[serde(skip)]
    way: Vec<Link>,
}

impl EndsPage {
    /// The page of a requirement of the older edition; `typed` is what was chosen and noted.
    pub fn new(
        mapping: &Mapping,
        (from, to): (&Edition, &Edition),
        old: &Requirement,
        typed: Option<(&str, &str)>,
        errors: &FormErrors,
    ) -> Self {
        let own: Vec<&Line> =
            mapping.lines.iter().filter(|line| line.from.as_ref() == Some(&old.code)).collect();
        let retired: Vec<&Line> = own.iter().copied().filter(|line| line.kind == LineKind::Retired).collect();
        let stored = retired.first().map_or(UNDECIDED, |line| line.kind.as_str());
        let note = note_of(&retired);
        let (kind, note) = typed.unwrap_or((stored, &note));
        let href = mapping_href(mapping.id);
        let serving = own.iter().filter(|line| line.kind == LineKind::Serves);
        Self {
            code: old.code.to_string(),
            heading: old.title.clone(),
            text: old.text.clone(),
            errors: errors.summary(),
            href: format!("{href}/from/{}", old.code),
            revision: mapping.revision.to_string(),
            kind: Field::new("kind", "What became of it?").value(kind).errors(errors),
            kinds: ending_choices(kind),
            note: Field::new("note", "Note for those who answered it (optional)").value(note).errors(errors),
            limit: NOTE_LIMIT,
            serves: serving.filter_map(|line| line.to.as_ref()).map(ToString::to_string).collect(),
            way: way_to(&Names::of(from, to), &href),
            mapping_href: href,
        }
    }
}

fn ending_choices(chosen: &str) -> Vec<Choice> {
    vec![
        Choice::new("retired", "Retired")
            .hint("It is asked no more; last year's answers stay readable")
            .checked(chosen == "retired"),
        Choice::new(UNDECIDED, "Undecided")
            .hint("Counts as retired once the mapping is in force")
            .checked(chosen == UNDECIDED),
    ]
}

impl Page for EndsPage {
    const TEMPLATE: &'static str = "standards/mapping/ends.html";

    fn title(&self) -> String {
        format!("What became of {} {}", self.code, self.heading)
    }

    fn breadcrumbs(&self) -> Vec<Link> {
        self.way.clone()
    }

    fn has_errors(&self) -> bool {
        !self.errors.items.is_empty()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |serves: Vec<String>, errors: &FormErrors| Self {
            code: "1.1".to_owned(),
            heading: "Ownership".to_owned(),
            text: "Who answers for it?".to_owned(),
            errors: errors.summary(),
            href: "/standards/mappings/2/from/1.1".to_owned(),
            mapping_href: "/standards/mappings/2".to_owned(),
            revision: "3".to_owned(),
            kind: Field::new("kind", "What became of it?").value("retired").errors(errors),
            kinds: ending_choices("retired"),
            note: Field::new("note", "Note for those who answered it (optional)").errors(errors),
            limit: NOTE_LIMIT,
            serves,
            way: way_to(&Names::sample(), "/standards/mappings/2"),
        };
        let mut errors = FormErrors::new();
        errors.add("kind", "Select what became of it");
        errors.add("note", "The note must be 500 characters or fewer");
        vec![
            ("empty", page(Vec::new(), &FormErrors::new())),
            ("typical", page(vec!["2.1".to_owned()], &FormErrors::new())),
            ("error", page(Vec::new(), &errors)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::testing::{code, edition, levels_document};

    fn parsed(kind: &str, from: &str, serves: &str) -> Result<Decision, FormErrors> {
        let form = ComingForm {
            kind: kind.to_owned(),
            from: from.to_owned(),
            serves: serves.to_owned(),
            note: String::new(),
        };
        form.parse(&code("1-1"), &edition(&levels_document(4)), true)
    }

    #[test]
    fn a_decision_is_read_or_refused_by_its_field() {
        let good = parsed("merged", "1-1, 1-2;1-2", "1-3").unwrap();
        let Decision::Comes { from, serves, kind, .. } = good else { panic!("a requirement comes") };
        assert_eq!((from.len(), serves.len(), kind), (2, 1, Some(LineKind::Merged)));
        assert!(parsed("", "", "").is_ok() && parsed("new", "", "1-1").is_ok());
        for (kind, from, serves, field) in [
            ("renamed", "1-1", "", "kind"),
            ("serves", "1-1", "", "kind"),
            ("reworded", "", "", "from"),
            ("reworded", "1-1 1-2", "", "from"),
            ("merged", "1-1", "", "from"),
            ("new", "1-1", "", "from"),
            ("", "1-1", "", "from"),
            ("reworded", "9-9", "", "from"),
            ("reworded", "=1", "", "from"),
            ("reworded", "1-1", "1-1", "serves"),
            ("new", "", "9-9", "serves"),
        ] {
            let errors = parsed(kind, from, serves).unwrap_err();
            assert!(errors.message(field).is_some(), "{kind} {from} {serves}");
        }
    }
}
