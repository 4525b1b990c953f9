//! A function of a function list, with its parameters.

use serde::{Deserialize, Serialize};

use crate::name;
use crate::unique::{self, Keyed};

/// One function of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Function {
    /// Name below the root object, such as `send.createManifest`.
    #[serde(deserialize_with = "name::path")]
    pub name: String,
    /// A name of its own, if several functions have the same name and differ in their parameters.
    #[serde(
        default,
        deserialize_with = "name::optional_path",
        skip_serializing_if = "Option::is_none"
    )]
    pub overload: Option<String>,
    /// The parameters in their order. `None` if they are not known.
    #[serde(deserialize_with = "unique::optional_list")]
    pub parameters: Option<Vec<Parameter>>,
    /// SHA-256 of the documentation of the function, if it was read from a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_sha: Option<String>,
    /// The first version with the function, if a page says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How the function is known, if it was not read from a module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

impl Function {
    /// Returns the name in overlays: the `overload` if there is one, or else the name.
    pub fn key(&self) -> &str {
        self.overload.as_deref().unwrap_or(&self.name)
    }

    /// Returns the parameters that callers pass, without those that take any number of values. `None` if they are not
    /// known: the list has none, or only parameters such as `*args` and `**kwargs`.
    pub fn signature(&self) -> Option<Vec<&Parameter>> {
        let parameters = self.parameters.as_ref()?;
        let named: Vec<&Parameter> = parameters
            .iter()
            .filter(|parameter| !parameter.kind.takes_many())
            .collect();
        let hidden = named.is_empty() && parameters.iter().any(|parameter| parameter.kind.takes_many());
        (!hidden).then(|| {
            named
                .into_iter()
                .filter(|parameter| parameter.out.is_none())
                .collect()
        })
    }
}

impl Keyed for Function {
    const WHAT: &'static str = "function";

    fn key(&self) -> &str {
        Self::key(self)
    }
}

impl Keyed for Parameter {
    const WHAT: &'static str = "parameter";

    fn key(&self) -> &str {
        &self.name
    }
}

/// One parameter of a [`Function`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    #[serde(deserialize_with = "name::single")]
    pub name: String,
    /// The default value as Python writes it. `None` if the parameter is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// How the value is passed.
    #[serde(default, skip_serializing_if = "ParameterKind::is_positional")]
    pub kind: ParameterKind,
    /// The class of the object that the function fills. Callers do not pass such a parameter.
    #[serde(
        default,
        deserialize_with = "name::optional_path",
        skip_serializing_if = "Option::is_none"
    )]
    pub out: Option<String>,
}

/// How the value of a parameter is passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// By its place. A parameter with a default value also accepts its name.
    #[default]
    Positional,
    /// Only by its name.
    Keyword,
    /// All other values without a name, as `*args`.
    VarPositional,
    /// All other values with a name, as `**kwargs`.
    VarKeyword,
}

impl ParameterKind {
    /// Returns whether the parameter takes any number of values.
    pub fn takes_many(self) -> bool {
        matches!(self, Self::VarPositional | Self::VarKeyword)
    }

    /// `serde` passes a reference.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
    fn is_positional(&self) -> bool {
        *self == Self::Positional
    }
}

/// How a function is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// A page of the vendor contains it.
    #[serde(rename = "documented")]
    Documented,
    /// Published programs use it.
    #[serde(rename = "seen in use")]
    SeenInUse,
}
