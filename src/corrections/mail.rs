//! The mail that tells an organisation that its result has changed because the rules were wrong.

use crate::platform::mail::{Letter, Mail};

/// What the mail says.
pub(super) struct Told<'a> {
    pub to: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
    pub year: &'a str,
    pub old: &'a str,
    pub new: &'a str,
    pub href: &'a str,
}

/// The rules were corrected.
pub(super) fn told(about: &Told<'_>) -> Mail {
    let grade = if about.old == about.new {
        format!("The grade stays as it is: {}. Which requirements you meet has changed.", about.new)
    } else {
        format!("The grade was {}. It is {} now.", about.old, about.new)
    };
    Letter {
        template: "corrections.told",
        to: about.to,
        subject: format!("The result of the {} return of {} was corrected", about.year, about.organisation),
        name: about.name,
        paragraphs: vec![
            format!(
                "The rules by which the {} return of {} was scored were wrong, and have been corrected. Nothing that \
                 you answered has changed.",
                about.year, about.organisation
            ),
            grade,
            "The page says what was wrong, what changed for you, and what that means for your improvement plan. The \
             old result stays readable beside the new one."
                .to_owned(),
        ],
        link: ("See the old and the new result", about.href),
    }
    .into_mail()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_the_old_and_the_new_grade() {
        let about = |new| Told {
            to: "ida@trust.example",
            name: "Ida Lead",
            organisation: "Fenwick & Marsh <Trust>",
            year: "2026/27",
            old: "Satisfactory",
            new,
            href: "https://portal.example/organisations/ZZ001/returns/2026/corrected",
        };
        let mail = told(&about("Not satisfactory"));
        assert!(mail.text.contains("The grade was Satisfactory. It is Not satisfactory now."));
        assert!(mail.html.contains("Fenwick &amp; Marsh &lt;Trust&gt;"));
        assert!(told(&about("Satisfactory")).text.contains("The grade stays as it is: Satisfactory."));
    }
}
