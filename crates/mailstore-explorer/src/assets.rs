//! The files of the page, which contain no secrets.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

/// A file of the page.
#[derive(Debug)]
pub(crate) struct Asset {
    path: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    is_compressed: bool,
}

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The files of this crate, and those of Swagger UI, which `cargo xtask swagger-ui` downloaded.
static ASSETS: [Asset; 8] = [
    Asset::plain(
        "/",
        "text/html; charset=utf-8",
        include_bytes!("../page/index.html"),
    ),
    Asset::plain("/explorer.js", JAVASCRIPT, include_bytes!("../page/explorer.js")),
    Asset::plain("/explorer.css", CSS, include_bytes!("../page/explorer.css")),
    Asset::compressed(
        "/swagger-ui-bundle.js",
        JAVASCRIPT,
        include_bytes!("../assets/swagger-ui-bundle.js.gz"),
    ),
    Asset::compressed(
        "/swagger-ui.css",
        CSS,
        include_bytes!("../assets/swagger-ui.css.gz"),
    ),
    Asset::plain("/swagger-ui/LICENSE", TEXT, include_bytes!("../assets/LICENSE")),
    Asset::plain("/swagger-ui/NOTICE", TEXT, include_bytes!("../assets/NOTICE")),
    Asset::plain(
        "/swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
        TEXT,
        include_bytes!("../assets/swagger-ui-bundle.js.LICENSE.txt"),
    ),
];

impl Asset {
    const fn plain(path: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self {
            path,
            content_type,
            bytes,
            is_compressed: false,
        }
    }

    const fn compressed(path: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self {
            path,
            content_type,
            bytes,
            is_compressed: true,
        }
    }

    /// Returns the file with this path.
    pub(crate) fn of(path: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.path == path)
    }

    /// Returns the response with the file. All browsers support gzip.
    pub(crate) fn response(&self) -> Response {
        let mut response = ([(header::CONTENT_TYPE, self.content_type)], self.bytes).into_response();
        if self.is_compressed {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}
