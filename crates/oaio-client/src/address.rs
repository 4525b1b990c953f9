//! Parses the address of a server.

use https_connect::is_this_machine;
use url::Url;

use crate::error::{Error, ErrorKind};

/// Returns the URL of the API. Without a scheme, it is `http` for this machine and `https` for others.
///
/// # Errors
/// The address is not a host, `host:port` or URL, contains credentials, or uses `http` for another machine.
pub(crate) fn parse(address: &str) -> Result<Url, Error> {
    let text = address.trim();
    if text.contains('@') {
        return Err(configuration(
            "the address contains credentials, which would appear in logs: pass them to `credentials` instead",
        ));
    }
    let invalid = |problem: &str| {
        configuration(&format!(
            "invalid server address `{}`: {problem}. Use a host name, `host:port`, or `https://host:port`",
            address.escape_debug()
        ))
    };
    // The URL parser removes or replaces these characters.
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(invalid("it contains a space, a control character or a backslash"));
    }
    let with_scheme = match text.contains("://") {
        true => text.to_owned(),
        false => format!("https://{text}"),
    };
    let mut url = Url::parse(&with_scheme).map_err(|error| invalid(&error.to_string()))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("it has no host"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it has a query or fragment"));
    }
    if !matches!(url.scheme(), "https" | "http") {
        return Err(invalid("its scheme is not `https`"));
    }
    let is_here = is_this_machine(&url);
    if url.scheme() == "http" && !is_here {
        return Err(invalid(
            "`http` is only accepted for this machine, because it would send the password in clear text",
        ));
    }
    if is_here && !text.contains("://") {
        url = Url::parse(&format!("http://{text}")).map_err(|error| invalid(&error.to_string()))?;
    }
    let path = url.path().trim_end_matches('/');
    let path = match path.ends_with("/api") {
        true => format!("{path}/"),
        false => format!("{path}/api/"),
    };
    url.set_path(&path);
    Ok(url)
}

fn configuration(problem: &str) -> Error {
    Error::new(ErrorKind::Configuration(problem.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_in_all_usual_forms() {
        for (address, expected) in [
            ("oaio.example.com", "https://oaio.example.com/api/"),
            ("oaio.example.com:8443", "https://oaio.example.com:8443/api/"),
            ("https://oaio.example.com/", "https://oaio.example.com/api/"),
            ("https://oaio.example.com/api/", "https://oaio.example.com/api/"),
            ("https://example.com/oaio", "https://example.com/oaio/api/"),
            ("localhost:8000", "http://localhost:8000/api/"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000/api/"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/"),
            ("https://127.0.0.1:8000", "https://127.0.0.1:8000/api/"),
            ("[::1]:8000", "http://[::1]:8000/api/"),
        ] {
            assert_eq!(parse(address).unwrap().as_str(), expected, "{address}");
        }
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for address in [
            "",
            "http://oaio.example.com",
            "ftp://oaio.example.com",
            "a b",
            "https://",
            "host:99999",
            "https://host/?q",
            "ho\\st",
        ] {
            let error = parse(address).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
    }

    #[test]
    fn credentials_in_an_address_are_not_shown() {
        let error = parse("https://alice:hunter2@host").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
