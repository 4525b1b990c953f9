//! Settings that all files of one run share.

use proc_macro2::TokenStream;

use super::prose::printable;
use crate::header;
use crate::target::Target;

/// Settings that all files of one run share.
pub(crate) struct Style<'a> {
    pub(crate) target: &'static Target,
    /// The command that writes the files, for their headers. May be empty.
    pub(crate) command: &'a str,
    /// Path of the module of the runtime crate that generated code uses.
    pub(crate) runtime: TokenStream,
    /// The crate that contains the files, for the examples in their docs. If it is `None`, no examples are written.
    pub(crate) krate: Option<&'a str>,
    /// Whether the files are a stand-alone client. Its crate is unknown.
    pub(crate) stand_alone: bool,
}

impl Style<'_> {
    /// A name as code, linked to `target`, or to the name itself if `target` is `None`. A stand-alone client gets no
    /// links: a program may re-export only parts of it, and rustdoc warns about links to private items.
    pub(super) fn link(&self, name: &str, target: Option<&str>) -> String {
        match target {
            _ if self.stand_alone => format!("`{name}`"),
            None => format!("[`{name}`]"),
            Some(target) => format!("[`{name}`]({target})"),
        }
    }

    /// The first lines of a file. Neither the name of the source nor the command can end the comment.
    pub(super) fn header(&self, source: &str, digest: Option<&str>) -> String {
        let header = header::rust(self.target.generator, self.command, source);
        let digest = digest.filter(|digest| !digest.is_empty());
        let digest = digest.map(|digest| format!("// SHA-256 of the canonical dump: {digest}\n"));
        format!("{}\n{}", printable(&header), digest.unwrap_or_default())
    }
}
