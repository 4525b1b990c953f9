//! The functions of an edition, with the facts that are known about them.

use mailstore_codegen::model::{Api, Argument, Field, Function, Type, TypeBody, TypeDef};
use mailstore_codegen::{Generator, known_overlays};
use mailstore_metadata::{Dump, Edition, INSTANCE_ARGUMENT};
use miette::{IntoDiagnostic as _, Report, miette};

use crate::lookup::find;

/// The functions of one edition.
pub struct Catalog {
    /// The edition.
    pub edition: Edition,
    /// The functions and types.
    pub api: Api,
    /// Whether the functions are those of a server, and not those of the built-in list.
    is_live: bool,
}

/// The words that a value may be.
pub struct Words<'a> {
    /// The known words with their descriptions.
    pub words: Vec<(&'a str, &'a str)>,
    /// Whether other words are valid too.
    pub is_open: bool,
    /// Whether a value may be several words, separated by commas.
    pub is_set: bool,
}

impl Catalog {
    /// Returns the functions of a list, with the facts that this program knows about them where they match. `is_live` is
    /// whether it is the list of a server, and not a built-in one: errors then do not suggest to ask the server.
    ///
    /// # Errors
    /// The facts contradict each other.
    pub fn new(edition: Edition, dump: &Dump, is_live: bool) -> miette::Result<Self> {
        let api = Generator::new("")
            .model(dump, edition.as_str(), &known_overlays(edition))
            .into_diagnostic()?;
        Ok(Self {
            edition,
            api,
            is_live,
        })
    }

    /// Returns the function with this name. Case, hyphens and underscores make no difference.
    ///
    /// # Errors
    /// No function has the name. The error suggests the most similar one.
    pub fn function(&self, name: &str) -> Result<&Function, Report> {
        let functions = self.api.functions();
        let found = find("function", &functions, |function| &function.wire, name);
        found.copied().map_err(|report| {
            if self.is_live || report.help().is_some() {
                return report;
            }
            miette!(
                help = "`mailstore functions` lists the functions. `--live` also finds those that only your server has.",
                "{report}"
            )
        })
    }

    /// Returns the words that a value of this type may be, or `None` if they are not known.
    pub fn words(&self, ty: &Type) -> Option<Words<'_>> {
        match &self.named(ty)?.body {
            TypeBody::Words { words, otherwise } => Some(Words {
                words: words
                    .iter()
                    .map(|word| (word.wire.as_str(), word.doc.as_str()))
                    .collect(),
                is_open: otherwise.is_some(),
                is_set: matches!(ty, Type::List(_)),
            }),
            TypeBody::Set { item, alone, .. } => {
                let alone = alone.iter().map(|word| (word.wire.as_str(), word.doc.as_str()));
                let item = self
                    .api
                    .types
                    .iter()
                    .find(|definition| definition.name == *item)?;
                let TypeBody::Words { words, otherwise } = &item.body else {
                    return None;
                };
                let words = words.iter().map(|word| (word.wire.as_str(), word.doc.as_str()));
                Some(Words {
                    words: alone.chain(words).collect(),
                    is_open: otherwise.is_some(),
                    is_set: true,
                })
            }
            _ => None,
        }
    }

    /// Returns the members of the result of a function, or of each item if the result is a list.
    pub fn fields(&self, function: &Function) -> &[Field] {
        match self.named(&function.result).map(|definition| &definition.body) {
            Some(TypeBody::Record { fields }) => fields,
            _ => &[],
        }
    }

    /// Returns the definition of a type, or of the items of a list.
    pub fn named(&self, ty: &Type) -> Option<&TypeDef> {
        let name = ty.named()?;
        self.api.types.iter().find(|definition| definition.name == name)
    }
}

/// Returns whether an argument is a secret.
pub fn is_secret(argument: &Argument) -> bool {
    argument.ty == Type::Secret
}

/// Returns whether an argument names an instance of the Service Provider Edition.
pub fn is_instance(argument: &Argument) -> bool {
    argument.wire == INSTANCE_ARGUMENT
}
