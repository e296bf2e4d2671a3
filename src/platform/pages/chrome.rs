//! What surrounds every page: who is signed in, where one may go, the message left by the last action.

use serde::{Serialize, Serializer};

/// The surroundings of a page, made once per request.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// The name of the service, in the header and at the end of every title.
    pub service_name: String,
    /// Where the service's name leads.
    pub home_href: String,
    /// Who is signed in; `None` shows a link to sign in.
    pub signed_in: Option<SignedIn>,
    /// The header's navigation.
    pub navigation: Vec<NavItem>,
    /// The token every form that changes something carries; empty when nobody is signed in and no form needs one.
    pub csrf: String,
    /// The reference shown at the foot, which the logs carry too.
    pub request_id: String,
    /// A message of the last action, shown once.
    pub flash: Option<Flash>,
    /// A short list beside the page.
    pub aside: Option<Aside>,
    /// The links at the foot.
    pub footer: Vec<Link>,
    /// The page's permanent address in full, for search machines; empty on pages that are not for everybody.
    pub canonical: String,
    /// What the page is about, in a sentence, beside its permanent address.
    pub description: String,
    /// The address in full of the picture that goes with the page where it is shared; empty where there is none.
    pub share: String,
}

/// The person signed in, as the header names them.
#[derive(Clone, Debug, Default)]
pub struct SignedIn {
    /// The person's name.
    pub name: String,
    /// The organisation they act for, when there is one.
    pub organisation: Option<String>,
    /// Where their account page is.
    pub account_href: String,
    /// Where the sign-out form posts to.
    pub sign_out_href: String,
}

/// One entry of the navigation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NavItem {
    /// The words.
    pub text: String,
    /// The address.
    pub href: String,
    /// True on the page itself.
    pub current: bool,
    /// True on a page below it.
    pub active: bool,
}

/// Words that lead somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The words.
    pub text: String,
    /// The address.
    pub href: String,
}

impl Link {
    /// A link of these words to this address.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// A short list beside a page, folded until somebody opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// What it is, in a line.
    pub summary: String,
    /// The first few things.
    pub links: Vec<Link>,
    /// Where all of them are.
    pub more: Link,
}

/// A message left by the last action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Flash {
    /// Green when true; otherwise the blue of plain news.
    pub success: bool,
    /// The line in large type.
    pub heading: String,
    /// A sentence below it, or empty.
    pub text: String,
}

/// One entry of the header's account list, as the header component takes it.
#[derive(Serialize)]
struct AccountItem<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    href: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    action: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    csrf: &'a str,
    icon: bool,
}

/// What the layout reads; the account list is worked out here so that the template has no rule of its own.
#[derive(Serialize)]
struct View<'a> {
    service_name: &'a str,
    home_href: &'a str,
    signed_in: bool,
    account: Vec<AccountItem<'a>>,
    navigation: &'a [NavItem],
    csrf: &'a str,
    request_id: &'a str,
    flash: Option<&'a Flash>,
    aside: Option<&'a Aside>,
    footer: &'a [Link],
    canonical: &'a str,
    description: &'a str,
    share: &'a str,
}

/// The header, as its component takes it.
#[derive(Serialize)]
pub(super) struct Header<'a> {
    service_name: &'a str,
    service_href: &'a str,
    account: Vec<AccountItem<'a>>,
    navigation: &'a [NavItem],
}

impl Chrome {
    /// What the header says.
    pub(super) fn header(&self) -> Header<'_> {
        Header {
            service_name: &self.service_name,
            service_href: &self.home_href,
            account: self.account(),
            navigation: &self.navigation,
        }
    }

    /// The account list of the header.
    fn account(&self) -> Vec<AccountItem<'_>> {
        let plain = AccountItem { text: "", href: "", action: "", csrf: "", icon: false };
        let Some(person) = &self.signed_in else {
            return vec![AccountItem { text: "Sign in", href: "/sign-in", ..plain }];
        };
        let mut items =
            vec![AccountItem { text: &person.name, href: &person.account_href, icon: true, ..plain }];
        if let Some(organisation) = &person.organisation {
            items.push(AccountItem { text: organisation, href: "", action: "", csrf: "", icon: false });
        }
        items.push(AccountItem {
            text: "Sign out",
            href: "",
            action: &person.sign_out_href,
            csrf: &self.csrf,
            icon: false,
        });
        items
    }

    fn view<'a>(
        &'a self,
        account: Vec<AccountItem<'a>>,
        (navigation, footer): (&'a [NavItem], &'a [Link]),
    ) -> View<'a> {
        View {
            service_name: &self.service_name,
            home_href: &self.home_href,
            signed_in: self.signed_in.is_some(),
            account,
            navigation,
            csrf: &self.csrf,
            request_id: &self.request_id,
            flash: self.flash.as_ref(),
            aside: self.aside.as_ref(),
            footer,
            canonical: &self.canonical,
            description: &self.description,
            share: &self.share,
        }
    }
}

impl Serialize for Chrome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.view(self.account(), (self.navigation.as_slice(), self.footer.as_slice())).serialize(serializer)
    }
}

/// The surroundings within a frame that is written already: without what only the header and the foot say.
pub(super) struct Framed<'a>(pub &'a Chrome);

impl Serialize for Framed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.view(Vec::new(), (&[], &[])).serialize(serializer)
    }
}
