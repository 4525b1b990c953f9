//! Parses the address of a Dispatcher's web server.

use https_connect::is_this_machine;
use url::Url;

use super::error::Error;

/// The vendor's default port of Muster 9 without TLS.
const HTTP_PORT: u16 = 9890;

/// Returns the URL of the API, which ends with `/api/`. Without a scheme, it is `http` for this machine and `https` for
/// others. The default port of `http` is 9890.
///
/// # Errors
/// The address is not a host, `host:port` or URL, contains credentials, or uses `http` for another machine although
/// `allows_http` is false.
pub(super) fn parse(address: &str, allows_http: bool) -> Result<Url, Error> {
    let text = address.trim();
    if text.contains('@') {
        return Err(Error::configuration(
            "the address contains credentials, which would appear in logs: pass them to `credentials` instead",
        ));
    }
    let invalid = |problem: &str| {
        Error::configuration(format!(
            "invalid server address `{}`: {problem}. Use a host name, `host:port`, or `https://host:port`",
            shown(address).escape_debug()
        ))
    };
    // The URL parser removes or replaces these characters.
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(invalid("it contains a space, a control character or a backslash"));
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text),
    };
    if scheme
        .as_deref()
        .is_some_and(|scheme| scheme != "https" && scheme != "http")
    {
        return Err(invalid("its scheme is neither `https` nor `http`"));
    }
    let parse =
        |scheme: &str| Url::parse(&format!("{scheme}://{rest}")).map_err(|error| invalid(&error.to_string()));
    let is_here = is_this_machine(&parse("https")?);
    let scheme = scheme.unwrap_or_else(|| if is_here { "http" } else { "https" }.to_owned());
    let mut url = parse(&scheme)?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("it has no host"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it has a query or fragment"));
    }
    if scheme == "http" {
        if !is_here && !allows_http {
            return Err(invalid(
                "`http` is only accepted for this machine, because it would send the password in clear text. Use the \
                 port of the web server with TLS, or call `danger_allow_http`",
            ));
        }
        // The parser drops the port 80 of `http`, and it keeps the port of a scheme that it does not know.
        if parse("muster")?.port().is_none() && url.set_port(Some(HTTP_PORT)).is_err() {
            return Err(invalid("it cannot have a port"));
        }
    }
    let path = url.path().trim_end_matches('/');
    let path = match path.ends_with("/api") {
        true => format!("{path}/"),
        false => format!("{path}/api/"),
    };
    url.set_path(&path);
    Ok(url)
}

/// Returns the part of an address that contains no secret: neither credentials nor the query.
pub(super) fn shown(address: &str) -> &str {
    let address = address.rsplit('@').next().unwrap_or_default();
    address.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_parsed_in_all_usual_forms() {
        for (address, expected) in [
            ("localhost", "http://localhost:9890/api/"),
            ("127.0.0.1:80", "http://127.0.0.1/api/"),
            ("http://localhost:8000/", "http://localhost:8000/api/"),
            ("[::1]", "http://[::1]:9890/api/"),
            ("farm.example.com:9891", "https://farm.example.com:9891/api/"),
            ("https://farm.example.com", "https://farm.example.com/api/"),
            (
                "HTTPS://farm.example.com/muster/api",
                "https://farm.example.com/muster/api/",
            ),
        ] {
            assert_eq!(parse(address, false).unwrap().as_str(), expected, "{address}");
        }
    }

    #[test]
    fn clear_text_to_other_machines_must_be_allowed() {
        let error = parse("http://farm.example.com", false).unwrap_err().to_string();
        assert!(error.contains("danger_allow_http"), "{error}");
        let url = parse("http://farm.example.com", true).unwrap();
        assert_eq!(url.as_str(), "http://farm.example.com:9890/api/");
        let url = parse("farm.example.com", true).unwrap();
        assert_eq!(
            url.scheme(),
            "https",
            "the setting allows `http` but does not choose it"
        );
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for address in [
            "",
            "ftp://farm",
            "a b",
            "https://",
            "host:99999",
            "https://host/?q",
            "ho\\st",
        ] {
            let error = parse(address, true).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
        let error = parse("https://alice:hunter2@host", true).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
