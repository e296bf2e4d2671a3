//! A browser for tests: keeps cookies, sends the form's token back, and remembers the page it is on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::App;
use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::web::{Bytes, Data};
use portal::ledger::LogKey;
use portal::platform::http::{Portal, front};
use portal::publication::{PublicSite, published};

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> String {
        self.headers.get(LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// Fails with the body unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "location: {}\n{}", self.location(), self.text());
        self
    }

    /// Fails with the body unless it contains the text.
    #[track_caller]
    pub fn shows(self, text: &str) -> Self {
        assert!(self.text().contains(text), "\"{text}\" is not in:\n{}", self.text());
        self
    }

    /// Fails with the body if it contains the text.
    #[track_caller]
    pub fn hides(self, text: &str) -> Self {
        assert!(!self.text().contains(text), "\"{text}\" is in:\n{}", self.text());
        self
    }

    /// The value of the page's hidden field of this name, such as a version.
    pub fn hidden(&self, name: &str) -> String {
        field_value(&self.text(), name)
    }
}

/// The portal as a browser reaches it.
type Served = Rc<dyn Fn(TestRequest) -> Pin<Box<dyn Future<Output = ServiceResponse<BoxBody>>>>>;

/// What all browsers of a world reach, made at the first request: putting all routes together takes longer than most
/// requests.
pub type Front = Rc<RefCell<Option<Served>>>;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    front: Front,
    portal: Data<Portal>,
    key: Data<LogKey>,
    site: PublicSite,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Browser {
    pub(super) fn new(front: &Front, portal: Data<Portal>, key: Data<LogKey>, site: PublicSite) -> Self {
        Self { front: Rc::clone(front), portal, key, site, cookies: BTreeMap::new(), csrf: String::new() }
    }

    async fn served(&self) -> Served {
        if let Some(served) = &*self.front.borrow() {
            return Rc::clone(served);
        }
        let service = init_service(
            App::new()
                .app_data(self.key.clone())
                .configure(portal::app::routes(&self.portal, &self.site))
                .wrap(from_fn(front))
                .wrap(from_fn(published)),
        )
        .await;
        let service = Rc::new(service);
        let served: Served = Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move { service.call(request.to_request()).await.unwrap().map_into_boxed_body() })
        });
        *self.front.borrow_mut() = Some(Rc::clone(&served));
        served
    }

    /// Loads a page; its form token is kept for the next post.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Posts a form with the token of the last page that had one.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.clone())];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.send(TestRequest::post().uri(path).set_form(all)).await
    }

    /// Posts a body of any type, with whatever headers the caller set, without adding a token.
    pub async fn send(&mut self, mut request: TestRequest) -> Answer {
        for (name, value) in &self.cookies {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        let response = self.served().await(request).await;
        for cookie in response.response().cookies() {
            if cookie.max_age().is_some_and(actix_web::cookie::time::SignedDuration::is_zero) {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_body(response).await;
        let answer = Answer { status, headers, body };
        let token = field_value(&answer.text(), "csrf");
        if !token.is_empty() {
            self.csrf = token;
        }
        answer
    }

    /// Posts a multipart form: fields first, then one file.
    pub async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        let boundary = "----portal-test-boundary";
        let mut body = Vec::new();
        let mut all = vec![("csrf", self.csrf.clone())];
        all.extend(fields.iter().map(|(n, v)| (*n, (*v).to_owned())));
        for (field, value) in all {
            body.extend_from_slice(
                format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        self.send(
            TestRequest::post()
                .uri(path)
                .insert_header((CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}")))
                .set_payload(body),
        )
        .await
    }

    /// The form token of the last page that had one.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The cookies held now.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Forgets a form token, as a page of another site would not know it.
    pub fn forget_token(&mut self) {
        self.csrf.clear();
    }
}

/// The value attribute of the input of this name.
fn field_value(html: &str, name: &str) -> String {
    html.split("<input")
        .filter(|tag| tag.split('>').next().is_some_and(|t| t.contains(&format!("name=\"{name}\""))))
        .find_map(|tag| tag.split('>').next()?.split("value=\"").nth(1)?.split('"').next().map(str::to_owned))
        .unwrap_or_default()
}
