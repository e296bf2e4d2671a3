//! Two answers to one question made into one, as a proposal for a person to look over: what only one of them changed is
//! taken from them, and of texts that both changed both are kept. Pure.

use super::answer_form::AnswerForm;

/// The proposal, from the answer that both started from, a colleague's saved one, and one's own. It is made to be saved
/// over the colleague's.
pub(super) fn merged(base: &AnswerForm, theirs: &AnswerForm, mine: &AnswerForm) -> AnswerForm {
    let date = |form: &AnswerForm| [form.day.clone(), form.month.clone(), form.year.clone()];
    let [day, month, year] = pick(&date(base), &date(theirs), &date(mine));
    AnswerForm {
        version: theirs.version.clone(),
        later: mine.later,
        choice: pick(&base.choice, &theirs.choice, &mine.choice),
        reason: both(&base.reason, &theirs.reason, &mine.reason),
        text: both(&base.text, &theirs.text, &mine.text),
        day,
        month,
        year,
        indicators: ticked(&base.indicators, &theirs.indicators, &mine.indicators),
        claim: pick(&base.claim, &theirs.claim, &mine.claim),
        justification: both(&base.justification, &theirs.justification, &mine.justification),
        comment: both(&base.comment, &theirs.comment, &mine.comment),
    }
}

/// Of what cannot be both: one's own where one changed it, otherwise the colleague's.
fn pick<T: PartialEq + Clone>(base: &T, theirs: &T, mine: &T) -> T {
    if mine == base { theirs.clone() } else { mine.clone() }
}

/// Of texts: the changed one, and both, one below the other, where both were changed and neither holds the other.
fn both(base: &str, theirs: &str, mine: &str) -> String {
    if mine == base || theirs.contains(mine) {
        theirs.to_owned()
    } else if theirs == base || mine.contains(theirs) {
        mine.to_owned()
    } else {
        format!("{theirs}\n\n{mine}")
    }
}

/// Of ticks: the colleague's, with one's own added and without those one has taken away.
fn ticked(base: &[String], theirs: &[String], mine: &[String]) -> Vec<String> {
    let mut ticked: Vec<String> =
        theirs.iter().filter(|tick| mine.contains(tick) || !base.contains(tick)).cloned().collect();
    let added: Vec<String> =
        mine.iter().filter(|tick| !base.contains(tick) && !ticked.contains(tick)).cloned().collect();
    ticked.extend(added);
    ticked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(choice: &str, text: &str, ticks: &[&str]) -> AnswerForm {
        AnswerForm {
            choice: choice.to_owned(),
            text: text.to_owned(),
            indicators: ticks.iter().map(|tick| (*tick).to_owned()).collect(),
            ..AnswerForm::default()
        }
    }

    #[test]
    fn what_one_person_changed_is_taken_from_them() {
        let base = form("1", "Begun", &["a"]);
        let result = merged(&base, &form("2", "Begun", &["a"]), &form("1", "Begun and done", &["a"]));
        assert_eq!((result.choice.as_str(), result.text.as_str()), ("2", "Begun and done"));
        let result = merged(&base, &form("1", "Theirs", &["a"]), &form("3", "Begun", &["a"]));
        assert_eq!((result.choice.as_str(), result.text.as_str()), ("3", "Theirs"));
    }

    #[test]
    fn texts_that_both_changed_are_both_kept() {
        let base = form("1", "Begun", &[]);
        let result = merged(&base, &form("2", "Theirs", &[]), &form("3", "Mine", &[]));
        assert_eq!((result.choice.as_str(), result.text.as_str()), ("3", "Theirs\n\nMine"));
        let held = merged(&base, &form("", "All of it", &[]), &form("", "of it", &[]));
        assert_eq!(held.text, "All of it");
    }

    #[test]
    fn ticks_of_both_count_and_so_does_taking_one_away() {
        let base = form("", "", &["a", "b"]);
        let result = merged(&base, &form("", "", &["a", "b", "c"]), &form("", "", &["b", "d"]));
        assert_eq!(result.indicators, ["b", "c", "d"]);
        let result = merged(&base, &form("", "", &["b"]), &form("", "", &["a", "b"]));
        assert_eq!(result.indicators, ["b"], "what a colleague took away stays away");
    }

    #[test]
    fn the_proposal_is_made_over_the_newest_version() {
        let theirs = AnswerForm { version: "4".to_owned(), day: "3".to_owned(), ..AnswerForm::default() };
        let mine = AnswerForm { version: "2".to_owned(), later: true, ..AnswerForm::default() };
        let result = merged(&AnswerForm::default(), &theirs, &mine);
        assert_eq!((result.version.as_str(), result.later, result.day.as_str()), ("4", true, "3"));
    }
}
