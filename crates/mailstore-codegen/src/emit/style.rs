//! What all files of one run have in common.

use proc_macro2::TokenStream;

use super::prose::printable;
use crate::header;

/// What all files of one run have in common.
pub(crate) struct Style<'a> {
    /// The command that writes the files, for their headers; may be empty.
    pub(crate) command: &'a str,
    /// The crate that generated code builds on.
    pub(crate) runtime: TokenStream,
    /// The crate that the files are a part of, for the examples in their docs; without it, there are none.
    pub(crate) krate: Option<&'a str>,
    /// Whether the files are a client by themselves, in a crate that is not known.
    pub(crate) stand_alone: bool,
}

impl Style<'_> {
    /// A name in code, as a link to `target` (by default to itself) if that is certain to be as visible as the docs that
    /// link to it. A stand-alone client may be re-exported in part only, and rustdoc warns of links to the rest.
    pub(super) fn link(&self, name: &str, target: Option<&str>) -> String {
        match target {
            _ if self.stand_alone => format!("`{name}`"),
            None => format!("[`{name}`]"),
            Some(target) => format!("[`{name}`]({target})"),
        }
    }

    /// The first lines of a file. Neither the name of a source nor the command can end the comment.
    pub(super) fn header(&self, source: &str, digest: Option<&str>) -> String {
        let header = header::rust(self.command, source);
        let digest = digest.map(|digest| format!("// SHA-256 of the canonical dump: {digest}\n"));
        format!("{}\n{}", printable(&header), digest.unwrap_or_default())
    }
}
