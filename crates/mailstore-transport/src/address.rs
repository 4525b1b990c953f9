//! The address of a server, as users write it.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::error::Error;

/// Reads a host, a host and port, or a URL.
///
/// # Errors
/// The address names no host, is no URL, is not encrypted, or contains credentials.
pub(crate) fn parse(address: &str, default_port: u16) -> Result<Url, Error> {
    let text = address.trim();
    if text.contains('@') {
        return Err(Error::configuration(
            "the address contains credentials, which would end up in logs: give them to `credentials` instead",
        ));
    }
    let refuse = |problem: &dyn fmt::Display| {
        Error::configuration(format!(
            "`{address}` is no address of a server: {problem}. Write a host name, `host:port`, or `https://host:port`"
        ))
    };
    let (rest, is_url) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (rest, true),
        Some((scheme, _)) => {
            return Err(refuse(&format_args!(
                "the API is reached by https only, not by {scheme}"
            )));
        }
        None => (text, false),
    };
    // A bare IPv6 address has colons of its own.
    let is_bare_ipv6 = !is_url && rest.matches(':').count() > 1 && !rest.starts_with('[');
    let url = if is_bare_ipv6 {
        format!("https://[{rest}]")
    } else {
        format!("https://{rest}")
    };
    let mut url = Url::parse(&url).map_err(|error| refuse(&error))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(&"it has a query or fragment"));
    }
    if url.path() != "/" && !is_url {
        return Err(refuse(&"it has a path"));
    }
    // In a parsed URL the scheme's own port cannot be told from none, so 443 has to be found in the text.
    let authority = rest.split('/').next().unwrap_or_default();
    let names_port = url.port().is_some() || (!is_bare_ipv6 && authority.ends_with(":443"));
    if !names_port {
        url.set_port(Some(default_port))
            .map_err(|()| refuse(&"it has no host"))?;
    }
    Ok(url)
}

/// `https://host:port`, always with its port.
pub(crate) fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("https://{host}:{port}")
}

/// Whether the server is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// The address without what may be a password, to be shown.
pub(crate) fn without_credentials(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(address: &str) -> String {
        origin(&parse(address, 8463).expect(address))
    }

    #[test]
    fn addresses_are_read_as_users_write_them() {
        assert_eq!(
            origin_of("mailstore.example.com"),
            "https://mailstore.example.com:8463"
        );
        assert_eq!(origin_of("127.0.0.1:9000"), "https://127.0.0.1:9000");
        assert_eq!(
            origin_of("https://mailstore.example.com:443/"),
            "https://mailstore.example.com:443"
        );
        assert_eq!(
            origin_of("https://mailstore.example.com:443/proxy"),
            "https://mailstore.example.com:443"
        );
        assert_eq!(
            origin_of("HTTPS://mailstore.example.com"),
            "https://mailstore.example.com:8463"
        );
        assert_eq!(origin_of("::1"), "https://[::1]:8463");
        assert_eq!(origin_of("::443"), "https://[::443]:8463");
        assert_eq!(origin_of("[::1]:9000"), "https://[::1]:9000");
    }

    #[test]
    fn wrong_addresses_are_refused_with_advice() {
        for address in [
            "",
            "http://mailstore.example.com",
            "ftp://x",
            "host/path",
            "a b",
            "https://x/?q",
            "host:99999",
        ] {
            let error = parse(address, 8463).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
    }

    #[test]
    fn credentials_in_an_address_are_refused_and_not_shown() {
        let hosts = ["x", "bad host", "x:8463", "x:99999", "x/path"];
        for scheme in ["https://", "http://", ""] {
            for host in hosts {
                let address = format!("{scheme}admin:hunter2@{host}");
                let error = parse(&address, 8463).expect_err(&address);
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
                assert!(!without_credentials(&address).contains("hunter2"));
            }
        }
    }
}
