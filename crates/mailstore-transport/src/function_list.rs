//! The function list of a server.

use mailstore_metadata::{Dump, Known};

use crate::error::{Error, ErrorKind};
use crate::excerpt::excerpt;

/// Parses the response to get-metadata. The server may be newer than this program.
pub(crate) fn parse(metadata: &[u8]) -> Result<Known, Error> {
    const NAME: &str = "get-metadata";
    Dump::parse_known(NAME, metadata).map_err(|error| {
        let (line, column, problem) = (error.line(), error.column(), error.problem());
        let kind = ErrorKind::Envelope {
            problem: format!("{problem} (line {line}, column {column}); {}", problem.advice()),
            excerpt: excerpt(metadata),
        };
        Error::new(kind).of(NAME)
    })
}
