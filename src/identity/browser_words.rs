//! Which browser a session is in, in words that its owner knows it by. Browsers describe themselves in a string that names
//! half their rivals too, so the order of the marks matters; what is not recognised is left as it was said.

/// What a string of this browser holds, before those whose marks it carries as well.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("Trident/", "Internet Explorer"),
];

/// The same for systems: a phone's string also names the system that it descends from.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// "Firefox on Linux"; none when either is not recognised.
#[must_use]
pub fn browser_words(said: &str) -> Option<String> {
    let known = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| said.contains(mark)).map(|(_, words)| *words)
    };
    // Programs that fetch pages carry these marks too, and say who they are in brackets.
    if !said.starts_with("Mozilla/5.0 (") || said.contains("compatible;") {
        return None;
    }
    Some(format!("{} on {}", known(&BROWSERS)?, known(&SYSTEMS)?))
}

#[cfg(test)]
mod tests {
    use super::browser_words;

    #[test]
    fn the_common_browsers_are_known() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let apple = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (said, words) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                "Firefox on Linux",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/139.0.0.0 Safari/537.36"),
                "Chrome on Windows",
            ),
            (
                format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"
                ),
                "Edge on Windows",
            ),
            (
                format!(
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {apple} Version/18.5 Safari/605.1.15"
                ),
                "Safari on Mac",
            ),
            (
                format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {apple} Version/18.5 Mobile/15E148 Safari/604.1"
                ),
                "Safari on iPhone",
            ),
            (
                format!(
                    "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) {apple} CriOS/139.0.0.0 Mobile/15E148 Safari/604.1"
                ),
                "Chrome on iPad",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 10; K) {webkit} Chrome/139.0.0.0 Mobile Safari/537.36"),
                "Chrome on Android",
            ),
            (
                format!(
                    "Mozilla/5.0 (Linux; Android 10; K) {webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
                ),
                "Samsung Internet on Android",
            ),
            (
                format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {webkit} Chrome/139.0.0.0 Safari/537.36"),
                "Chrome on ChromeOS",
            ),
        ] {
            assert_eq!(browser_words(&said).as_deref(), Some(words), "{said}");
        }
    }

    #[test]
    fn what_is_not_recognised_is_not_guessed() {
        for said in [
            "",
            "curl/8.5.0",
            "Mozilla/5.0 (compatible; Somebot/2.1; Linux) Chrome/139.0.0.0",
            "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Otherfox/1.0",
            "Mozilla/5.0 (Haiku) Gecko/20100101 Firefox/140.0",
        ] {
            assert_eq!(browser_words(said), None, "{said}");
        }
    }
}
