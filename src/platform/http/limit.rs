//! A limit on failed tries per client address, in memory and bounded: it slows down whoever guesses from one place,
//! beside the limit that each account has of its own.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use actix_web::HttpRequest;

use crate::platform::clock::Timestamp;
use crate::platform::config::Http;
use crate::platform::error::{Error, Result};

/// Failed tries from one address before it waits. A whole trust may stand behind one address, so this is far above
/// what an account allows.
pub const TRIES: u32 = 30;
/// How long tries count, in seconds.
pub const WINDOW: i64 = 600;
/// Addresses remembered at most; the one whose window began first is forgotten for a new one.
const REMEMBERED: usize = 10_000;

/// Where a request came from, as far as limits go: an address, the /64 network of an IPv6 one, or nowhere known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Client(Option<IpAddr>);

/// Failed tries by address.
#[derive(Debug, Clone, Default)]
pub struct Tries(Arc<Mutex<HashMap<Client, Window>>>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: Timestamp,
    failed: u32,
}

impl Client {
    /// The client of a request: the peer, or, when the peer is a proxy named in the configuration, the last address of
    /// `X-Forwarded-For` that is not such a proxy. What others write into that header is not believed.
    #[must_use]
    pub fn of(request: &HttpRequest, config: &Http) -> Self {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        let trusted = config.proxies();
        let is_proxy = |address: &IpAddr| trusted.contains(address);
        if !peer.as_ref().is_some_and(is_proxy) {
            return Self::at(peer);
        }
        let mut forwarded: Vec<IpAddr> = Vec::new();
        for value in request.headers().get_all("x-forwarded-for") {
            let listed = value.to_str().unwrap_or_default().split(',');
            forwarded.extend(listed.filter_map(|part| part.trim().parse::<IpAddr>().ok()));
        }
        let client = forwarded.iter().rev().map(IpAddr::to_canonical).find(|address| !is_proxy(address));
        Self::at(client.or(peer))
    }

    fn at(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address {
            IpAddr::V4(_) => address,
            // One household or data centre has a whole /64 to choose from.
            IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
        }))
    }
}

impl Tries {
    /// Counts a try as failed until [`Tries::succeeded`] takes it back, so that many at once cannot slip through.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds to wait.
    pub fn begin(&self, client: Client, now: Timestamp) -> Result<()> {
        let mut windows = self.0.lock().map_err(|_| Error::broken("the counts of tries are poisoned"))?;
        let held = windows.get(&client).copied().filter(|held| left(held, now) > 0);
        if let Some(held) = held
            && held.failed >= TRIES
        {
            return Err(Error::TooMany(left(&held, now).unsigned_abs()));
        }
        if held.is_none() && windows.len() >= REMEMBERED && !windows.contains_key(&client) {
            forget_one(&mut windows, now);
        }
        let mut window = held.unwrap_or(Window { began: now, failed: 0 });
        window.failed += 1;
        windows.insert(client, window);
        Ok(())
    }

    /// Takes one try back: it did not fail.
    ///
    /// # Errors
    /// When another thread panicked while it counted.
    pub fn succeeded(&self, client: Client) -> Result<()> {
        let mut windows = self.0.lock().map_err(|_| Error::broken("the counts of tries are poisoned"))?;
        if let Some(window) = windows.get_mut(&client) {
            window.failed = window.failed.saturating_sub(1);
            if window.failed == 0 {
                windows.remove(&client);
            }
        }
        Ok(())
    }
}

/// Seconds until a window ends, at least 1 while it lasts.
fn left(window: &Window, now: Timestamp) -> i64 {
    let micros = window.began.plus_seconds(WINDOW).micros() - now.micros();
    if micros <= 0 { 0 } else { (micros + 999_999) / 1_000_000 }
}

/// Forgets every window that is over or, when none is, the one that began first.
fn forget_one(windows: &mut HashMap<Client, Window>, now: Timestamp) {
    windows.retain(|_, window| left(window, now) > 0);
    // Of those that began at the same moment the lowest address goes, so that chance has no part in it.
    if windows.len() >= REMEMBERED
        && let Some(oldest) =
            windows.iter().min_by_key(|(client, window)| (window.began, **client)).map(|(client, _)| *client)
    {
        windows.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(1_780_000_000_000_000).plus_seconds(second)
    }

    fn client(text: &str) -> Client {
        Client::at(Some(text.parse().unwrap()))
    }

    #[test]
    fn tries_are_limited_by_address_and_forgotten_in_time() {
        let (tries, one, other) = (Tries::default(), client("192.0.2.1"), client("192.0.2.2"));
        for second in 0..i64::from(TRIES) {
            tries.begin(one, at(second)).unwrap();
        }
        let Err(Error::TooMany(wait)) = tries.begin(one, at(60)) else { panic!("it should be refused") };
        assert_eq!(wait, 540);
        tries.begin(other, at(60)).unwrap();
        assert!(tries.begin(one, at(WINDOW - 1)).is_err());
        tries.begin(one, at(WINDOW)).unwrap();
    }

    #[test]
    fn what_succeeds_does_not_count() {
        let (tries, one) = (Tries::default(), client("192.0.2.1"));
        for _ in 0..10 * TRIES {
            tries.begin(one, at(0)).unwrap();
            tries.succeeded(one).unwrap();
        }
        assert!(tries.0.lock().unwrap().is_empty());
    }

    #[test]
    fn no_more_addresses_are_remembered_than_fit() {
        let tries = Tries::default();
        for n in 0..u32::try_from(REMEMBERED).unwrap() + 500 {
            let address = IpAddr::V4(std::net::Ipv4Addr::from_bits(n));
            tries.begin(Client::at(Some(address)), at(i64::from(n) / 1000)).unwrap();
        }
        let held = tries.0.lock().unwrap();
        assert_eq!(held.len(), REMEMBERED);
        assert!(!held.contains_key(&client("0.0.0.1")), "the oldest were forgotten");
    }

    #[test]
    fn a_network_of_the_new_kind_is_one_client() {
        assert_eq!(client("2001:db8::1"), client("2001:db8::ffff:1"));
        assert_ne!(client("2001:db8:0:1::1"), client("2001:db8:0:2::1"));
    }

    #[test]
    fn only_a_named_proxy_says_where_a_request_came_from() {
        let config = |proxies: &str| {
            let set = [("PORTAL_HTTP__TRUSTED_PROXIES".to_owned(), proxies.to_owned())];
            crate::platform::config::Config::from_sources(&set.into_iter().collect()).unwrap().http
        };
        let from = |peer: &str, forwarded: &str, proxies: &str| {
            let request = TestRequest::get()
                .peer_addr(format!("{peer}:9").parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            Client::of(&request, &config(proxies))
        };
        assert_eq!(from("192.0.2.9", "198.51.100.1", ""), client("192.0.2.9"));
        assert_eq!(from("192.0.2.9", "198.51.100.1", "192.0.2.8"), client("192.0.2.9"));
        assert_eq!(from("192.0.2.9", "198.51.100.1", "192.0.2.9"), client("198.51.100.1"));
        // What the client itself wrote stands before what the proxies added.
        let both = "192.0.2.9, 192.0.2.8";
        assert_eq!(from("192.0.2.9", "203.0.113.5, 198.51.100.1, 192.0.2.8", both), client("198.51.100.1"));
        assert_eq!(from("192.0.2.9", "nonsense", both), client("192.0.2.9"));
        let nowhere = TestRequest::get().to_http_request();
        assert_eq!(Client::of(&nowhere, &config("")), Client(None));
    }
}
