//! The addresses of the portal and who answers at them, found by their segments: the server's own router asks one pattern
//! after the other, hundreds of them, and compiles those with a name in braces for every thread that serves.

use std::rc::Rc;

use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Error, FromRequest, Handler, HttpResponse, Resource, Responder, Route, Scope, guard};
use futures_util::future::LocalBoxFuture;

/// So many addresses that begin alike are kept together below what they begin with; fewer are asked one by one.
const FEWEST: usize = 4;

/// Who answers. All of them are of one kind: as services of the framework each would be a kind of its own, five hundred of
/// them in the program.
type Answerer = Rc<dyn Fn(ServiceRequest) -> Answer>;

/// What becomes of a request.
type Answer = LocalBoxFuture<'static, Result<ServiceResponse, Error>>;

/// What a request to an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Get,
    /// GET or HEAD.
    Read,
    Post,
    Put,
}

impl Asks {
    fn methods(self) -> &'static [Method] {
        match self {
            Self::Get => &[Method::GET],
            Self::Read => &[Method::GET, Method::HEAD],
            Self::Post => &[Method::POST],
            Self::Put => &[Method::PUT],
        }
    }

    fn route(self) -> Route {
        // Guards of the framework's own for methods: what else an address takes is told from them (the header Allow).
        let none = guard::Any(guard::fn_guard(|_| false));
        let methods = self.methods().iter().cloned().map(guard::Method);
        web::route().guard(methods.fold(none, guard::AnyGuard::or))
    }
}

/// One address, and what answers there.
pub struct Place {
    address: String,
    name: String,
    answers: Vec<(Asks, Answerer)>,
    otherwise: Option<Answerer>,
}

/// A place at an address, such as `/reviews/{id}/notes`.
pub fn resource(address: impl Into<String>) -> Place {
    Place { address: address.into(), name: String::new(), answers: Vec::new(), otherwise: None }
}

/// Who answers by a handler, as the framework lets it answer.
fn answerer<F, Args>(handler: F) -> Answerer
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Rc::new(move |request| Box::pin(answer(handler.clone(), request)))
}

async fn answer<F, Args>(handler: F, request: ServiceRequest) -> Result<ServiceResponse, Error>
where
    F: Handler<Args>,
    Args: FromRequest,
    F::Output: Responder,
{
    let (request, mut body) = request.into_parts();
    let answer = match Args::from_request(&request, &mut body).await {
        Ok(args) => handler.call(args).await.respond_to(&request).map_into_boxed_body(),
        Err(refused) => HttpResponse::from_error(refused),
    };
    Ok(ServiceResponse::new(request, answer))
}

fn answered(route: Route, by: Answerer) -> Route {
    route.service(fn_service(move |request| by(request)))
}

/// How much fits a segment of an address; what fits less comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    /// One word.
    Named,
    /// Braces with something before or behind them.
    PartlyNamed,
    /// Braces alone.
    Anything,
}

impl Place {
    /// Names it.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Adds who answers to GET.
    #[must_use]
    pub fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with(Asks::Get, answerer(handler))
    }

    /// Adds who answers to GET and HEAD.
    #[must_use]
    pub fn read<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with(Asks::Read, answerer(handler))
    }

    /// Adds who answers to POST.
    #[must_use]
    pub fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with(Asks::Post, answerer(handler))
    }

    /// Adds who answers to PUT.
    #[must_use]
    pub fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with(Asks::Put, answerer(handler))
    }

    /// Who answers to every other method.
    #[must_use]
    pub fn otherwise<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { otherwise: Some(answerer(handler)), ..self }
    }

    fn with(mut self, asks: Asks, answerer: Answerer) -> Self {
        self.answers.push((asks, answerer));
        self
    }

    fn into_resource(self) -> Resource {
        let mut made = web::resource(self.address).name(&self.name);
        for (asks, answerer) in self.answers {
            made = made.route(answered(asks.route(), answerer));
        }
        match self.otherwise {
            Some(answerer) => made.default_service(answered(web::route(), answerer)),
            None => made,
        }
    }

    /// Of each segment how much fits it.
    fn breadth(&self) -> Vec<Breadth> {
        let of = |segment: &str| match segment.find('{') {
            None => Breadth::Named,
            Some(0) if segment.find('}') == Some(segment.len() - 1) => Breadth::Anything,
            Some(_) => Breadth::PartlyNamed,
        };
        self.address.split('/').map(of).collect()
    }

    /// The first segment with the slash before it; empty at the end of the address.
    fn first(&self) -> &str {
        let end = self.address.get(1..).and_then(|rest| rest.find('/'));
        end.and_then(|end| self.address.get(..=end)).unwrap_or(&self.address)
    }

    fn is_below(&self, beginning: &str) -> bool {
        self.address.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn without(self, beginning: &str) -> Self {
        let address = self.address.strip_prefix(beginning).unwrap_or(&self.address).to_owned();
        Self { address, ..self }
    }
}

/// The places of a server. What is named comes before what stands in braces, whatever the order in which they are added.
#[derive(Default)]
pub struct Routes {
    places: Vec<Place>,
}

impl Routes {
    /// Adds a place.
    pub fn service(&mut self, place: Place) -> &mut Self {
        self.places.push(place);
        self
    }

    /// Adds some places.
    pub fn configure(&mut self, more: impl FnOnce(&mut Self)) -> &mut Self {
        more(self);
        self
    }

    /// Every address with the methods that it takes, for the test that asks them all.
    pub fn listed(places: impl FnOnce(&mut Self)) -> Vec<(String, Method)> {
        let mut all = Self::default();
        places(&mut all);
        let of = |place: Place| {
            let methods = place.answers.iter().flat_map(|(asks, _)| asks.methods());
            methods.map(|method| (place.address.clone(), method.clone())).collect::<Vec<_>>()
        };
        all.places.into_iter().flat_map(of).collect()
    }

    /// What puts these places onto a server.
    pub fn of(places: impl FnOnce(&mut Self)) -> impl FnOnce(&mut ServiceConfig) {
        move |config| {
            let mut all = Self::default();
            places(&mut all);
            all.places.sort_by_cached_key(Place::breadth);
            for branch in branches(all.places) {
                match branch {
                    Branch::Place(place) => config.service(place),
                    Branch::Below(scope) => config.service(scope),
                };
            }
        }
    }
}

/// What stands side by side at one point of the addresses.
enum Branch {
    Place(Resource),
    Below(Scope),
}

fn branches(places: Vec<Place>) -> Vec<Branch> {
    let mut groups: Vec<(String, Vec<Place>)> = Vec::new();
    for place in places {
        match groups.iter_mut().find(|(first, _)| first == place.first()) {
            Some((_, group)) => group.push(place),
            None => groups.push((place.first().to_owned(), vec![place])),
        }
    }
    // Whoever goes below a beginning does not come back: names in braces fit everything, so they are asked last.
    groups.sort_by_key(|(first, group)| (first.contains('{'), group.len() >= FEWEST));
    let mut found = Vec::new();
    for (first, group) in groups {
        if group.len() < FEWEST {
            found.extend(group.into_iter().map(|place| Branch::Place(place.into_resource())));
        } else {
            let beginning = shared(first, &group);
            let below = group.into_iter().map(|place| place.without(&beginning)).collect();
            let scope =
                branches(below).into_iter().fold(web::scope(&beginning), |scope, branch| match branch {
                    Branch::Place(place) => scope.service(place),
                    Branch::Below(below) => scope.service(below),
                });
            found.push(Branch::Below(scope));
        }
    }
    found
}

/// The longest beginning, of whole segments, that all of a group have.
fn shared(first: String, group: &[Place]) -> String {
    let mut beginning = first;
    if let Some(one) = group.first() {
        let mut end = beginning.len();
        while let Some(rest) = one.address.get(end..).filter(|rest| !rest.is_empty()) {
            end += rest.get(1..).and_then(|more| more.find('/')).map_or(rest.len(), |length| length + 1);
            match one.address.get(..end) {
                Some(longer) if group.iter().all(|place| place.is_below(longer)) => {
                    longer.clone_into(&mut beginning);
                }
                _ => break,
            }
        }
    }
    beginning
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, HttpRequest, HttpResponse, test};

    use super::*;

    /// Says which address it was registered at and what stood in the braces.
    async fn say(request: HttpRequest) -> HttpResponse {
        let words: Vec<String> =
            request.match_info().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let name = request.match_name().unwrap_or_default().to_owned();
        let pattern = request.match_pattern().unwrap_or_default();
        HttpResponse::Ok().body(format!("{name} {pattern} {}", words.join(",")))
    }

    fn the_last_first(routes: &mut Routes) {
        places(routes);
        routes.places.reverse();
    }

    fn places(routes: &mut Routes) {
        let at = |address: &str| resource(address).name(address).get(say);
        for address in [
            "/",
            "/cases/{id}",
            "/cases/{id}/notes",
            "/cases/{id}/notes/{note}",
            "/cases/{id}/letters/{number}",
            "/cases/{id}/letters/{number}/letter.pdf",
            "/cases/new",
            "/cases",
            "/cases/registers/{key}.csv",
            "/cases/registers/{key}",
            "/trusts/{trust}/returns/{year}",
            "/trusts/{trust}/returns/{year}/sites",
            "/trusts/{trust}/returns/{year}/sites/of/{site}",
            "/trusts/{trust}/returns/{year}/plan",
            "/others/{code}",
            "/others/{trust}/returns",
            "/others/{trust}/returns/{year}",
            "/others/{trust}/returns/{year}/plan",
            "/others/{trust}/people",
            "/few/{id}",
            "/few/new",
        ] {
            routes.service(at(address));
        }
        routes.service(
            resource("/cases/{id}/refused").name("refused").get(say).otherwise(HttpResponse::Conflict),
        );
    }

    #[test]
    async fn every_address_is_found_with_what_stands_in_its_braces() {
        let cases = [
            ("/", "/", ""),
            ("/cases", "/cases", ""),
            ("/cases/new", "/cases/new", ""),
            ("/cases/12", "/cases/{id}", "id=12"),
            ("/cases/newest", "/cases/{id}", "id=newest"),
            ("/cases/12/notes", "/cases/{id}/notes", "id=12"),
            ("/cases/12/notes/a%20b", "/cases/{id}/notes/{note}", "id=12,note=a b"),
            ("/cases/12/letters/2", "/cases/{id}/letters/{number}", "id=12,number=2"),
            ("/cases/12/letters/2/letter.pdf", "/cases/{id}/letters/{number}/letter.pdf", "id=12,number=2"),
            ("/cases/registers/a.csv", "/cases/registers/{key}.csv", "key=a"),
            ("/cases/registers/a", "/cases/registers/{key}", "key=a"),
            ("/trusts/A/returns/25", "/trusts/{trust}/returns/{year}", "trust=A,year=25"),
            ("/trusts/A/returns/25/plan", "/trusts/{trust}/returns/{year}/plan", "trust=A,year=25"),
            (
                "/trusts/A/returns/25/sites/of/B",
                "/trusts/{trust}/returns/{year}/sites/of/{site}",
                "trust=A,year=25,site=B",
            ),
            ("/few/1", "/few/{id}", "id=1"),
            ("/few/new", "/few/new", ""),
            ("/others/A", "/others/{code}", "code=A"),
            ("/others/A/returns", "/others/{trust}/returns", "trust=A"),
            ("/others/A/returns/25/plan", "/others/{trust}/returns/{year}/plan", "trust=A,year=25"),
        ];
        for order in [places, the_last_first] {
            let app = init_service(App::new().configure(Routes::of(order))).await;
            for (asked, address, words) in cases {
                let answer = call_service(&app, TestRequest::get().uri(asked).to_request()).await;
                assert_eq!(answer.status(), 200, "{asked}");
                let said = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
                assert_eq!(said, format!("{address} {address} {words}"), "{asked}");
            }
        }
    }

    #[test]
    async fn what_no_place_is_at_is_not_found_and_other_methods_are_refused() {
        let app = init_service(App::new().configure(Routes::of(places))).await;
        for asked in ["/case", "/casesx", "/cases/", "/cases/12/note", "/cases/12/notes/1/2", "/trusts", "/x"]
        {
            let answer = call_service(&app, TestRequest::get().uri(asked).to_request()).await;
            assert_eq!(answer.status(), 404, "{asked}");
        }
        for (asked, status) in [("/cases/12", 405), ("/others/A/people", 405), ("/cases/12/refused", 409)] {
            let answer = call_service(&app, TestRequest::post().uri(asked).to_request()).await;
            assert_eq!(answer.status(), status, "{asked}");
            let takes = answer.headers().get("allow").map(|methods| methods.to_str().unwrap());
            assert_eq!(takes, (status == 405).then_some("GET"), "{asked}");
        }
    }
}
