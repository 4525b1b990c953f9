//! The address of a server's API, as users write it.

use url::Url;

use crate::settings_error::SettingsError;
use crate::this_machine::is_this_machine;

/// How the address of a server becomes the URL of its API, which ends with `/api/`.
///
/// An address is a host, `host:port`, or a URL. Without a scheme, it means `http` for this machine and `https` for
/// others.
#[derive(Clone, Copy, Debug)]
pub struct ApiAddress {
    /// The port of `http`, if the address has none.
    pub http_port: u16,
    /// Whether `http` to other machines is accepted: the setting `danger_allow_http` of the client. `None` if the client
    /// has no such setting.
    pub danger_allow_http: Option<bool>,
}

impl ApiAddress {
    /// Returns the URL of the API.
    ///
    /// # Errors
    /// The address is not a host, `host:port` or URL, contains credentials or a query, or uses `http` for another machine
    /// although this is not accepted. The error shows neither credentials nor the query.
    pub fn parse(&self, address: &str) -> Result<Url, SettingsError> {
        let text = address.trim();
        if text.contains('@') {
            return Err(SettingsError::new(
                "the address contains credentials, which would appear in logs: pass them to `credentials` instead",
            ));
        }
        self.url(text).map_err(|problem| {
            SettingsError::new(format!(
                "invalid server address `{}`: {problem}. Use a host name, `host:port`, or `https://host:port`",
                Self::shown(text)
            ))
        })
    }

    /// Returns the part of an address that contains no secret: neither credentials nor the query.
    pub fn shown(address: &str) -> &str {
        let address = address.rsplit('@').next().unwrap_or_default();
        address.split(['?', '#']).next().unwrap_or_default()
    }

    fn url(&self, text: &str) -> Result<Url, String> {
        // The URL parser removes or replaces these characters.
        if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err("it contains a space, a control character or a backslash".to_owned());
        }
        if text.contains(['?', '#']) {
            return Err("it has a query or fragment".to_owned());
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        if !matches!(scheme.as_deref(), None | Some("https" | "http")) {
            return Err("its scheme is neither `https` nor `http`".to_owned());
        }
        if rest.starts_with('/') || ["http:", "https:"].iter().any(|scheme| rest.starts_with(scheme)) {
            return Err("only `://` may follow a scheme".to_owned());
        }
        let parse = |scheme: &str| {
            let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|error| error.to_string())?;
            match url.host_str() {
                None | Some("") => Err("it has no host".to_owned()),
                Some(_) => Ok(url),
            }
        };
        let is_here = is_this_machine(&parse("https")?);
        let scheme = scheme.unwrap_or_else(|| if is_here { "http" } else { "https" }.to_owned());
        let mut url = parse(&scheme)?;
        if scheme == "http" {
            self.check_http(is_here)?;
            // The parser drops the port 80 of `http`, and it keeps the port of a scheme that it does not know.
            if parse("api")?.port().is_none() {
                // A URL with a host can have a port.
                _ = url.set_port(Some(self.http_port));
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

    fn check_http(&self, is_here: bool) -> Result<(), &'static str> {
        match self.danger_allow_http {
            _ if is_here => Ok(()),
            Some(true) => Ok(()),
            Some(false) => Err(
                "`http` is only accepted for this machine, because it would send the password in clear text. Use the \
                 port of the server with TLS, or call `danger_allow_http`",
            ),
            None => Err(
                "`http` is only accepted for this machine, because it would send the password in clear text",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: ApiAddress = ApiAddress {
        http_port: 80,
        danger_allow_http: None,
    };

    fn other_port(danger_allow_http: bool) -> ApiAddress {
        ApiAddress {
            http_port: 7000,
            danger_allow_http: Some(danger_allow_http),
        }
    }

    #[test]
    fn addresses_are_parsed_in_all_usual_forms() {
        for (address, expected) in [
            ("api.example.com", "https://api.example.com/api/"),
            (" api.example.com:8443\n", "https://api.example.com:8443/api/"),
            ("https://api.example.com/", "https://api.example.com/api/"),
            ("https://api.example.com/api/", "https://api.example.com/api/"),
            ("HTTPS://example.com/one/api", "https://example.com/one/api/"),
            ("localhost", "http://localhost/api/"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000/api/"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/"),
            ("https://127.0.0.1:8000", "https://127.0.0.1:8000/api/"),
            ("[::1]:8000", "http://[::1]:8000/api/"),
            ("https", "https://https/api/"),
        ] {
            assert_eq!(PLAIN.parse(address).unwrap().as_str(), expected, "{address}");
        }
    }

    #[test]
    fn http_has_the_usual_port_of_the_server() {
        for (address, expected) in [
            ("localhost", "http://localhost:7000/api/"),
            ("[::1]", "http://[::1]:7000/api/"),
            ("http://localhost/", "http://localhost:7000/api/"),
            ("127.0.0.1:80", "http://127.0.0.1/api/"),
            ("https://example.com", "https://example.com/api/"),
        ] {
            assert_eq!(other_port(false).parse(address).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn clear_text_to_other_machines_must_be_allowed() {
        let address = "http://farm.example.com";
        let error = PLAIN.parse(address).unwrap_err().to_string();
        assert!(!error.contains("danger_allow_http"), "{error}");
        let error = other_port(false).parse(address).unwrap_err().to_string();
        assert!(error.contains("danger_allow_http"), "{error}");
        let url = other_port(true).parse(address).unwrap();
        assert_eq!(url.as_str(), "http://farm.example.com:7000/api/");
        let url = other_port(true).parse("farm.example.com").unwrap();
        assert_eq!(
            url.scheme(),
            "https",
            "the setting accepts `http` but does not choose it"
        );
    }

    #[test]
    fn invalid_addresses_are_rejected() {
        for address in [
            "",
            "http://api.example.com",
            "ftp://api.example.com",
            "a b",
            "https://",
            "https:///x",
            "http:/host",
            "https:host",
            "http://http://host",
            "host:99999",
            "https://host/?q",
            "host#x",
            "ho\\st",
        ] {
            let error = PLAIN.parse(address).expect_err(address).to_string();
            assert!(error.contains("https://host:port"), "{address}: {error}");
        }
    }

    #[test]
    fn neither_credentials_nor_a_query_are_shown() {
        for address in [
            "https://alice:hunter2@host",
            "https://alice:hu?hunter2@host",
            "https://host/?authToken=hunter2",
            "ho st#hunter2",
        ] {
            let error = PLAIN.parse(address).unwrap_err();
            let shown = format!("{error} {error:?} {}", ApiAddress::shown(address));
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
