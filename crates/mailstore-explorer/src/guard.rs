//! Checks where a request comes from, before anything else is read.

use axum::http::{HeaderMap, HeaderName, header};

use crate::page_token::PageToken;
use crate::refusal::Refusal;

/// The header with the token of the page.
pub(crate) const TOKEN: &str = "x-explorer-token";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks where a request comes from.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The address of the server with its port: `127.0.0.1:8080`.
    pub(crate) host: String,
    pub(crate) token: PageToken,
}

impl Guard {
    /// Checks that a request is for this server, and not for a name that another page made point to this machine.
    pub(crate) fn check_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match one(headers, header::HOST) {
            Some(host) if host == self.host.as_bytes() => Ok(()),
            _ => Err(Refusal::Host),
        }
    }

    /// Checks that the page of this server sent the request.
    ///
    /// Programs that are not browsers send neither `Origin` nor `Sec-Fetch-Site`. They need the token, too.
    pub(crate) fn check_page(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let origin = format!("http://{}", self.host);
        let is_own = |name: HeaderName, expected: &str| {
            !headers.contains_key(&name) || one(headers, name) == Some(expected.as_bytes())
        };
        if !is_own(header::ORIGIN, &origin) || !is_own(FETCH_SITE, "same-origin") {
            return Err(Refusal::Origin);
        }
        match one(headers, HeaderName::from_static(TOKEN)) {
            None => Err(Refusal::NoToken),
            Some(given) if self.token.matches(given) => Ok(()),
            Some(_) => Err(Refusal::WrongToken),
        }
    }
}

/// Returns the value of a header that occurs once.
pub(crate) fn one(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.as_bytes())
}
