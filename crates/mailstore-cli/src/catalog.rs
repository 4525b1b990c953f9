//! The functions of an edition, with the facts that are known about them.

use mailstore_codegen::model::{Api, Argument, Field, Function, Type, TypeBody, TypeDef};
use mailstore_codegen::{Generator, known_overlays};
use mailstore_metadata::Dump;
pub(crate) use mailstore_metadata::INSTANCE_ARGUMENT as INSTANCE;
use mailstore_reach::{Edition, find};
use miette::{IntoDiagnostic as _, Report, miette};

use crate::exit::Failed;

/// The functions of one edition.
pub(crate) struct Catalog {
    pub(crate) edition: Edition,
    pub(crate) api: Api,
    /// Whether the functions are those of a server, and not those of the built-in list.
    is_live: bool,
}

/// The words that a value may be.
pub(crate) struct Words<'a> {
    /// The known words with their descriptions.
    pub(crate) words: Vec<(&'a str, &'a str)>,
    /// Whether other words are valid too.
    pub(crate) is_open: bool,
    /// Whether a value may be several words, separated by commas.
    pub(crate) is_set: bool,
}

impl Catalog {
    /// Returns the functions of the list that is built into this program.
    pub(crate) fn built_in(edition: Edition) -> Result<Self, Failed> {
        let dump = mailstore_sim::function_list(edition)
            .into_diagnostic()
            .map_err(Failed::work)?;
        Self::of(edition, &dump, false)
    }

    /// Returns the functions of a server's list. The built-in facts apply where they match.
    pub(crate) fn live(edition: Edition, dump: &Dump) -> Result<Self, Failed> {
        Self::of(edition, dump, true)
    }

    fn of(edition: Edition, dump: &Dump, is_live: bool) -> Result<Self, Failed> {
        let api = Generator::new("")
            .model(dump, edition.as_str(), &known_overlays(edition))
            .into_diagnostic()
            .map_err(Failed::work)?;
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
    pub(crate) fn function(&self, name: &str) -> Result<&Function, Report> {
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
    pub(crate) fn words(&self, ty: &Type) -> Option<Words<'_>> {
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
    pub(crate) fn fields(&self, function: &Function) -> &[Field] {
        match self.named(&function.result).map(|definition| &definition.body) {
            Some(TypeBody::Record { fields }) => fields,
            _ => &[],
        }
    }

    /// Returns the definition of a type, or of the items of a list.
    pub(crate) fn named(&self, ty: &Type) -> Option<&TypeDef> {
        let name = ty.named()?;
        self.api.types.iter().find(|definition| definition.name == name)
    }
}

/// Returns whether an argument is a secret.
pub(crate) fn is_secret(argument: &Argument) -> bool {
    argument.ty == Type::Secret
}

/// Returns whether an argument names an instance of the Service Provider Edition.
pub(crate) fn is_instance(argument: &Argument) -> bool {
    argument.wire == INSTANCE
}
