//! Addresses: where a redirection leads, and which of them are of one host.

/// Scheme, host and port of an address: what may see the same secrets.
pub(super) fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let origin = url.get(..scheme.len() + 3 + end)?;
    (matches!(scheme, "http" | "https") && end > 0).then_some(origin)
}

/// The host of an address, for messages.
pub(super) fn host(url: &str) -> String {
    let origin = origin(url).unwrap_or_default();
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    crate::core::text::scrub(host, false)
}

/// Where `location` leads from `url` (RFC 3986, 5.2, without the dots that no service uses).
pub(super) fn resolved(url: &str, location: &str) -> Option<String> {
    let location = location.trim();
    let location = location.split('#').next().unwrap_or_default();
    if location.is_empty() || location.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let lower = location.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        let scheme = lower.split("://").next()?;
        let rest = location.get(scheme.len()..)?;
        let resolved = format!("{scheme}{rest}");
        origin(&resolved)?;
        return Some(resolved);
    }
    let origin = origin(url)?;
    if let Some(rest) = location.strip_prefix("//") {
        let scheme = url.split("://").next()?;
        return Some(format!("{scheme}://{rest}")).filter(|url| self::origin(url).is_some());
    }
    // Another scheme is none of ours.
    let colon = location.find(':');
    let slash = location.find(['/', '?']);
    if colon.is_some() && slash.is_none_or(|slash| colon < Some(slash)) {
        return None;
    }
    if location.starts_with('/') {
        return Some(format!("{origin}{location}"));
    }
    let path = url
        .get(origin.len()..)?
        .split(['?', '#'])
        .next()
        .unwrap_or_default();
    if location.starts_with('?') {
        return Some(format!("{origin}{path}{location}"));
    }
    let folder = path
        .rfind('/')
        .and_then(|at| path.get(..=at))
        .unwrap_or("/");
    Some(format!("{origin}{folder}{location}"))
}

/// Whether a redirection gives up the encryption.
pub(super) fn is_downgrade(from: &str, to: &str) -> bool {
    from.starts_with("https://") && !to.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirections_are_resolved() {
        let url = "https://doi.org/10.1/a?x=1";
        for (location, wanted) in [
            (
                "https://api.example.org/b#c",
                Some("https://api.example.org/b"),
            ),
            (
                "HTTPS://Api.example.org/b",
                Some("https://Api.example.org/b"),
            ),
            ("/c", Some("https://doi.org/c")),
            ("d", Some("https://doi.org/10.1/d")),
            ("?y=2", Some("https://doi.org/10.1/a?y=2")),
            ("//other.org/x", Some("https://other.org/x")),
            ("ftp://other.org/x", None),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("", None),
            ("https://a b", None),
        ] {
            assert_eq!(resolved(url, location).as_deref(), wanted, "{location}");
        }
        assert_eq!(origin("http://127.0.0.1:80?x"), Some("http://127.0.0.1:80"));
        assert_eq!(host("https://user:secret@h.org/x"), "h.org");
        assert!(is_downgrade("https://a", "http://a") && !is_downgrade("http://a", "http://b"));
    }
}
