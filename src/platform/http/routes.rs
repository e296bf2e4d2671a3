//! The addresses of the portal and who answers at them, found by their segments: the server's own router asks one pattern
//! after the other, hundreds of them, and compiles those with a name in braces for every thread that serves.

use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route, Scope};

/// So many addresses that begin alike are kept together below what they begin with; fewer are asked one by one.
const FEWEST: usize = 4;

/// One address, and what answers there.
pub struct Place {
    address: String,
    name: String,
    routes: Vec<Route>,
    otherwise: Option<Route>,
}

/// A place at an address, such as `/reviews/{id}/notes`.
pub fn resource(address: impl Into<String>) -> Place {
    Place { address: address.into(), name: String::new(), routes: Vec::new(), otherwise: None }
}

impl Place {
    /// Names it.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Adds who answers to a method.
    #[must_use]
    pub fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Who answers to every other method.
    #[must_use]
    pub fn default_service(self, route: Route) -> Self {
        Self { otherwise: Some(route), ..self }
    }

    fn into_resource(self) -> Resource {
        let mut made = web::resource(self.address).name(&self.name);
        for route in self.routes {
            made = made.route(route);
        }
        match self.otherwise {
            Some(route) => made.default_service(route),
            None => made,
        }
    }

    /// Of each segment whether it is named (0), partly in braces (1) or nothing else (2): what fits less comes first.
    fn breadth(&self) -> Vec<u8> {
        let of = |segment: &str| match segment.find('{') {
            None => 0,
            Some(0) if segment.find('}') == Some(segment.len() - 1) => 2,
            Some(_) => 1,
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
        let at = |address: &str| resource(address).name(address).route(web::get().to(say));
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
            resource("/cases/{id}/refused")
                .name("refused")
                .route(web::get().to(say))
                .default_service(web::to(HttpResponse::Conflict)),
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
        }
    }
}
