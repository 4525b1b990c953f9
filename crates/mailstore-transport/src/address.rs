//! Parses the address of a server.

use std::net::Ipv6Addr;

use url::{Host, Url};

use crate::error::Error;

/// Parses a host, a host with a port, or a URL.
///
/// Returns equal URLs for equal addresses: a trailing dot of the host and a trailing slash of the path are removed, and
/// an IPv4 address in IPv6 form becomes an IPv4 address.
///
/// # Errors
/// The address has no host, is not a valid URL, has another scheme than `https`, or contains credentials.
pub(crate) fn parse(address: &str, default_port: u16) -> Result<Url, Error> {
    let text = address.trim();
    if text.contains('@') {
        return Err(Error::configuration(
            "the address contains credentials, which would appear in logs: pass them to `credentials` instead",
        ));
    }
    split(text, default_port).map_err(|problem| {
        Error::configuration(format!(
            "invalid server address `{}`: {problem}. Use a host name, `host:port`, or `https://host:port`",
            address.escape_debug()
        ))
    })
}

fn split(text: &str, default_port: u16) -> Result<Url, String> {
    // The URL parser removes some of these characters and treats others as slashes.
    if let Some(odd) = text
        .chars()
        .find(|c| c.is_whitespace() || c.is_control() || *c == '\\')
    {
        return Err(format!("it contains {odd:?}"));
    }
    let (rest, is_url) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (rest, true),
        Some((scheme, _)) => return Err(format!("the API requires https, but the scheme is {scheme}")),
        None => (text, false),
    };
    if rest.contains(['?', '#']) {
        return Err("it has a query or fragment".to_owned());
    }
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) => (authority, path.trim_end_matches('/')),
        None => (rest, ""),
    };
    if !is_url && !path.is_empty() {
        return Err("it has a path, which only a URL may have".to_owned());
    }
    if path == "api/invoke" || path.ends_with("/api/invoke") || path.contains("api/invoke/") {
        return Err(
            "its path is the path of a function: remove `api/invoke` and everything after it".to_owned(),
        );
    }
    let (host, port) = host_and_port(authority)?;
    let mut url = Url::parse(&format!("https://{}", canonical(host)?)).map_err(|error| error.to_string())?;
    if let Some(Host::Ipv4(ip)) = url.host()
        && host.trim_end_matches('.') != ip.to_string()
        && !host.contains(':')
    {
        return Err(format!("an IPv4 address is four decimal numbers, such as {ip}"));
    }
    url.set_path(path);
    let port = port.unwrap_or(default_port);
    url.set_port(Some(port))
        .map_err(|()| "it has no host".to_owned())?;
    Ok(url)
}

/// Returns the host, without the brackets of an IPv6 address, and the port if there is one.
fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("its `[` is not closed")?;
        let port = match after.strip_prefix(':') {
            Some(port) => Some(port),
            None if after.is_empty() => None,
            None => return Err("only a port may follow the `]`".to_owned()),
        };
        if !host.contains(':') {
            return Err("only an IPv6 address may be in brackets".to_owned());
        }
        (host, port)
    } else if authority.matches(':').count() > 1 {
        // A bare IPv6 address contains colons.
        (authority, None)
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    if host.is_empty() {
        return Err("it has no host".to_owned());
    }
    Ok((host, port.map(read_port).transpose()?))
}

fn read_port(text: &str) -> Result<u16, String> {
    if text.is_empty() {
        return Err("the port after its colon is missing".to_owned());
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim_start_matches('0').parse() {
        Ok(port) if digits => Ok(port),
        _ => Err("its port is not a number from 1 to 65535".to_owned()),
    }
}

/// Returns the host in the form of a URL.
fn canonical(host: &str) -> Result<String, String> {
    if !host.contains(':') {
        let name = host.strip_suffix('.').unwrap_or(host);
        if name.split('.').any(str::is_empty) {
            return Err("its host name has an empty part".to_owned());
        }
        if name.contains('%') {
            return Err("its host name contains `%`".to_owned());
        }
        return Ok(name.to_owned());
    }
    if host.contains('%') {
        return Err(
            "an IPv6 address with a zone (`%`) is not supported: use the server's name or another address of it"
                .to_owned(),
        );
    }
    let ip: Ipv6Addr = host
        .parse()
        .map_err(|_| "it has several colons, but is not an IPv6 address".to_owned())?;
    Ok(match ip.to_ipv4_mapped() {
        Some(ip) => ip.to_string(),
        None => format!("[{ip}]"),
    })
}

/// Returns the name of the server in tokens and errors: `https://host:port`, always with its port, and with the path if
/// the address has one. Equal for equal addresses.
pub(crate) fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("https://{host}:{port}{}", url.path().trim_end_matches('/'))
}

/// Returns the address without a possible password, so that it can be shown.
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
    fn addresses_are_parsed_in_all_usual_forms() {
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
            "https://mailstore.example.com:443/proxy"
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
    fn every_spelling_of_an_address_has_one_origin() {
        let spellings: [(&str, &[&str]); 6] = [
            (
                "https://mailstore.example.com:443",
                &[
                    "mailstore.example.com:443",
                    "mailstore.example.com:0443",
                    "mailstore.example.com:443/",
                    "https://mailstore.example.com:443",
                    "HTTPS://MailStore.Example.COM.:00443//",
                    " mailstore.example.com.:443\n",
                ],
            ),
            (
                "https://xn--mller-kva.example:8463",
                &["müller.example", "MÜLLER.example.", "xn--mller-kva.example:8463"],
            ),
            (
                "https://127.0.0.1:8463",
                &[
                    "127.0.0.1",
                    "::ffff:127.0.0.1",
                    "[::ffff:7f00:1]:8463",
                    "127.0.0.1.",
                ],
            ),
            ("https://[::1]:8463", &["::1", "[0:0::1]", "https://[::1]/"]),
            (
                "https://gateway:8463/archive",
                &["https://gateway/archive", "https://gateway:8463/archive/"],
            ),
            (
                "https://localhost:8463",
                &["localhost", "LOCALHOST.", "localhost:08463"],
            ),
        ];
        for (origin, spellings) in spellings {
            for spelling in spellings {
                assert_eq!(origin_of(spelling), origin, "{spelling}");
            }
        }
    }

    #[test]
    fn invalid_addresses_are_rejected_with_advice() {
        for address in [
            "",
            "http://mailstore.example.com",
            "ftp://x",
            "host/path",
            "a b",
            "https://x/?q",
            "host:99999",
            "host:65536",
            "host:0",
            "host:000",
            "host:",
            "host:/",
            "host:+1",
            "host:٣",
            "host:8463:8463",
            ":8463",
            "https://",
            "https://:8463",
            "host\\path",
            "https:\\\\host",
            "ho\tst",
            "ho\nst",
            "host\u{0}",
            "ho\u{a0}st",
            "ex%61mple.com",
            "fe80::1%eth0",
            "[fe80::1%25eth0]",
            "[fe80::1",
            "[host]",
            "[::1]8463",
            "1:2:3",
            "host..name",
            ".",
            "8463",
            "127.1",
            "0x7f000001",
            "010.0.0.1",
            "https://host/api/invoke",
            "https://host/api/invoke/GetUsers",
        ] {
            let error = parse(address, 8463).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
    }

    #[test]
    fn credentials_in_an_address_are_rejected_and_not_shown() {
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

    proptest::proptest! {
        #[test]
        fn the_origin_of_a_valid_address_is_a_valid_address(text in "\\PC{0,30}|[a-zA-Z0-9.:/%@\\[\\]-]{0,30}") {
            if let Ok(url) = parse(&text, 8463) {
                let origin = origin(&url);
                proptest::prop_assert_eq!(&origin_of(&origin), &origin);
            }
        }
    }
}
