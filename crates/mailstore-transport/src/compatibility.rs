//! Compares the functions that a program was compiled for with those of a server.

mod check;
mod compare;
mod report;

use mailstore_metadata::Known;

pub use check::CheckFuture;

use crate::change::{Change, Impact};
use crate::error::{Error, ErrorKind};
use crate::function::{Function, Surface};
use crate::function_list;

/// The differences between the functions that a program was compiled for and those of a server, with their effect on
/// calls.
///
/// The `compatibility` method of a client returns it. `Display` writes a report for people.
///
/// Names, arguments and types are compared, because function lists contain nothing else. Functions without a difference
/// may still behave differently or return other results. The order of arguments is not compared, because arguments are
/// sent by name.
#[derive(Clone, Debug)]
pub struct Compatibility {
    surface: &'static Surface,
    server_digest: String,
    changes: Vec<Change>,
    added: Vec<String>,
}

impl Compatibility {
    /// Compares with a response to get-metadata, such as a saved one. Sends nothing.
    ///
    /// ```
    /// # use mailstore_transport::{Effect, Function};
    /// use mailstore_transport::{Compatibility, Impact, Surface};
    ///
    /// # static GET_USERS: Function = Function::new("GetUsers").path("api/invoke/").effect(Effect::Read);
    /// # static SURFACE: Surface =
    /// #     Surface::new("server", "MailStore Server").version("24").port(8463).functions(&[&GET_USERS]);
    /// let saved = br#"[{"name": "GetUsers", "args": [{"name": "domain", "type": "string", "nullable": false}]}]"#;
    /// let report = Compatibility::with_metadata(&SURFACE, saved)?;
    ///
    /// assert!(!report.is_compatible());
    /// let change = &report.of(&GET_USERS)?[0];
    /// assert_eq!(change.impact, Impact::EveryCall);
    /// assert_eq!(
    ///     change.to_string(),
    ///     "the server requires `domain` (string), which this program does not send: every call fails"
    /// );
    /// # Ok::<(), mailstore_transport::Error>(())
    /// ```
    ///
    /// # Errors
    /// The bytes are not a function list. An unknown type is not an error: see
    /// [`ChangeKind::UnknownType`](crate::ChangeKind::UnknownType).
    pub fn with_metadata(surface: &'static Surface, metadata: &[u8]) -> Result<Self, Error> {
        Self::with_list(surface, &function_list::parse(metadata)?)
    }

    pub(crate) fn with_list(surface: &'static Surface, server: &Known) -> Result<Self, Error> {
        let server_digest = server.dump.digest().to_string();
        // A catalog may contain only some functions, but have the digest of all.
        let as_many = surface.functions.len() == server.dump.functions().len();
        if server_digest == surface.digest && as_many && server.left_out.is_empty() {
            return Ok(Self {
                surface,
                server_digest,
                changes: Vec::new(),
                added: Vec::new(),
            });
        }
        let (changes, added) = compare::compare(surface, server)?;
        Ok(Self {
            surface,
            server_digest,
            changes,
            added,
        })
    }

    /// Whether the server accepts every call of every function that the program was compiled for.
    ///
    /// It is false if, for example, a function is missing, even if the program never calls it. To check only some
    /// functions, use [`of`](Self::of) or the client's `require_compatible`.
    pub fn is_compatible(&self) -> bool {
        self.changes.iter().all(|change| change.impact == Impact::None)
    }

    /// Wire names of the functions that the program was compiled for and the server does not have, sorted.
    pub fn missing(&self) -> Vec<&'static str> {
        let missing = self.changes.iter().filter(|change| change.is_missing());
        missing.map(|change| change.function).collect()
    }

    /// All differences of the functions that the program was compiled for, including missing functions. They are sorted
    /// by function, then by impact with the most severe first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// All differences of one function, which is an entry of the catalog.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`]: the function is not in the compared catalog. A function of another edition with
    /// the same name is not in it.
    pub fn of(&self, function: &Function) -> Result<&[Change], Error> {
        own(self.surface, function)?;
        let changes = &self.changes;
        let start = changes.partition_point(|change| change.function < function.name);
        let rest = &changes[start..];
        Ok(&rest[..rest.partition_point(|change| change.function == function.name)])
    }

    /// Wire names of the functions that only the server has, sorted. Call them with the client's `call`.
    pub fn added(&self) -> &[String] {
        &self.added
    }

    /// What the program was compiled for, with its [version](Surface::version) and [digest](Surface::digest).
    pub fn surface(&self) -> &'static Surface {
        self.surface
    }

    /// SHA-256 of the server's function list in canonical form, as 64 lower-case hexadecimal digits. It equals the
    /// digest of the [surface](Self::surface) if the client was generated from an equal list.
    ///
    /// Functions with an argument of an unknown type are not included.
    pub fn server_digest(&self) -> &str {
        &self.server_digest
    }

    /// # Errors
    /// Calls of one of these functions may fail.
    fn require(&self, functions: &[&'static Function]) -> Result<(), Error> {
        let is_needed = |change: &&Change| functions.iter().any(|function| function.name == change.function);
        let needed = self.changes.iter().filter(is_needed);
        let changes: Vec<Change> = needed
            .filter(|change| change.impact > Impact::None)
            .cloned()
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Incompatible {
            compiled_for: self.surface.compiled_for(),
            changes,
        }))
    }
}

/// # Errors
/// The function is not in the catalog of the client.
fn own(surface: &Surface, function: &Function) -> Result<(), Error> {
    if surface.has(function) {
        return Ok(());
    }
    let name = function.name;
    let (title, module) = (surface.title, surface.name);
    Err(Error::configuration(match surface.function(name) {
        Some(_) => format!(
            "this {name} is in the catalog of another client: take the one in `catalog` of the module `{module}`, which is the client of the {title}"
        ),
        None => format!(
            "{name} is not a function of this client, which is the client of the {title}: take entries of its module `catalog`"
        ),
    }))
}

#[cfg(test)]
mod tests;
